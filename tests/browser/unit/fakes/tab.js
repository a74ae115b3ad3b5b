// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** A page of the connector in one tab, without its looks: what it posts to the page of SAP around it. */

import { parsePhoneNumberFromString } from "libphonenumber-js/min";

import { Courses } from "../../../../files/cti_connector/src/course.js";
import { PhoneNumbers } from "../../../../files/cti_connector/src/phone.js";
import { PATIENCE, Records } from "../../../../files/cti_connector/src/records.js";
import { readSettings } from "../../../../files/cti_connector/src/settings.js";
import { FakeDocument, FakeLocks, FakeStore } from "./browser.js";

export const SETTINGS = {
  instanceUrl: "https://example.my.connect.aws",
  region: "eu-west-2",
  sapOrigins: ["https://my1000000.de1.crm.cloud.sap"],
  countries: ["GB", "DE"],
};

export function settingsWith(changes = {}) {
  const { settings, problems } = readSettings({ ...SETTINGS, ...changes });
  if (problems.length) {
    throw new Error(problems.join(" "));
  }
  return settings;
}

/** What the tabs of one browser share. */
export function newBrowser() {
  let time = 0;
  const now = () => (time += 1);
  return { store: new FakeStore(), locks: new FakeLocks(), waits: [], now };
}

export function openTab({ browser = newBrowser(), settings = {}, visibility = "visible", takeActivity = () => null, transcript = async () => null, load = async () => parsePhoneNumberFromString } = {}) {
  const tab = { posted: [], logged: [], locks: browser.locks.forTab(), document: new FakeDocument(visibility) };
  const read = settingsWith(settings);
  // Waiting tabs wait until the test lets them go on.
  const sleep = (milliseconds) => new Promise((done) => browser.waits.push({ milliseconds, done }));
  const phone = new PhoneNumbers(read.countries, load);
  tab.records = new Records({ store: browser.store, locks: tab.locks, document: tab.document, sleep, now: browser.now });
  tab.courses = new Courses({
    settings: read,
    phone,
    records: tab.records,
    post: (message) => tab.posted.push(message),
    log: (event, details) => tab.logged.push([event, details]),
    takeActivity,
    transcript,
  });
  tab.follow = (contact) => tab.courses.follow(contact);
  /** Fire events and wait until what they mean is told. */
  tab.play = async (contact, events) => {
    for (const event of events.split(" ")) {
      contact.fire(event);
      await tab.courses.settled();
    }
  };
  tab.payloads = () => tab.posted.map((message) => message.payload);
  tab.close = () => tab.locks.close();
  return tab;
}

/** Let the tabs that wait for a better placed one go on. */
export async function endPatience(browser) {
  for (const { milliseconds, done } of browser.waits.splice(0)) {
    if (milliseconds !== PATIENCE) {
      throw new Error(`A tab waits for ${milliseconds} ms`);
    }
    done();
  }
  await new Promise((next) => setTimeout(next));
}
