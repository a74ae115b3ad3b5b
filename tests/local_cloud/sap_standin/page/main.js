// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** The desktop: what the connector says becomes activities, what the agent clicks on becomes messages to it. */

import { Connector, dialMessage, recordingMessage } from "./connector.js";
import { Contract } from "./contract.js";
import { planCall, readActivities, readSettings, sendMessage } from "./service.js";
import * as view from "./view.js";

const REFRESH = 1000; // milliseconds

const settings = await readSettings();
// All tabs know what became of a contact, and so does one that is loaded again, as those of the connector do.
const courses = {
  get: (reference) => JSON.parse(localStorage.getItem(`course ${reference}`) ?? "null") ?? undefined,
  set: (reference, course) => localStorage.setItem(`course ${reference}`, JSON.stringify(course)),
};
const contract = new Contract(settings, parseXml, courses);
let shown = "";
let work = Promise.resolve();

/** @param {unknown} data */
async function receive(data) {
  const { fields, violations } = contract.receive(data);
  if (fields && !violations.length) {
    try {
      act(fields, await sendMessage(fields));
    } catch (error) {
      violations.push(error.message);
    }
  }
  view.showMessage(data, fields, violations);
  await refresh();
}

function act(message, { customers, activity }) {
  if (activity) {
    view.stopRinging(message);
  }
  if (message.Action === "NOTIFY") {
    view.showRinging(message, customers);
  } else if (message.Action === "DECLINE") {
    view.stopRinging(message);
  }
  if (message.Action !== "END" && message.Action !== "DECLINE") {
    view.showCustomer(customers, message);
  }
}

async function refresh() {
  const activities = await readActivities();
  const text = JSON.stringify(activities);
  if (text !== shown) {
    shown = text;
    view.showTimeline(activities, play);
  }
}

async function dial(number, customer = null) {
  connector?.send(dialMessage(await planCall(number, customer), number, settings.objectKey));
}

function play(recording) {
  connector?.send(recordingMessage(recording, settings.recordingKey));
}

function parseXml(text) {
  return new DOMParser().parseFromString(text, "application/xml");
}

view.showMode(settings);
view.showCustomer([]);
view.showDirectory(settings.customers, dial);
const number = /** @type {HTMLInputElement} */ (document.getElementById("number"));
document.getElementById("dial").addEventListener("click", () => dial(number.value));
// One after another: each message meets what the one before left.
const connector = settings.connector
  ? new Connector(document.getElementById("widget"), settings, (data) => {
      work = work.then(() => receive(data));
    })
  : null;
if (!connector) {
  view.showNoConnector("No connector is set up. Deploy the site with make local.");
}
await refresh();
setInterval(refresh, REFRESH);
