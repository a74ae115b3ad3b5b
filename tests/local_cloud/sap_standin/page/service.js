// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** The server's side of the desktop, with the records. */

/** The page's settings: those of the server, with the address bar's on top. */
export async function readSettings() {
  const settings = await ask("desktop");
  for (const [name, value] of new URLSearchParams(location.search)) {
    if (Object.hasOwn(settings, name) && name !== "customers") {
      settings[name] = name === "acceptAction" ? value === "true" : value;
    }
  }
  return settings;
}

export const readActivities = () => ask("activities");

/** Carry a message out. Throws an Error with the reason when it contradicts the records. */
export const sendMessage = (message) => ask("desktop-messages", { message });

/** Make the activity of a call that is about to be dialled. */
export const planCall = (number, customer) => ask("desktop-dials", { number, customer });

async function ask(name, body) {
  const options = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  // A refusal is an answer here: with an error status the browser would write an error to its console as well.
  const answer = await fetch(`/_standin/${name}`, options);
  const document = await answer.json();
  if (document?.refused) {
    throw new Error(document.refused);
  }
  return document;
}
