// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Several tabs of SAP, each with a connector of its own: every message is sent once, by one of them (MESSAGES.md). */

import assert from "node:assert/strict";
import { test } from "node:test";

import { Records } from "../../../files/cti_connector/src/records.js";
import { FakeDocument, FakeLocks, FakeStore } from "./fakes/browser.js";
import { CONTACT_ID, FakeContact } from "./fakes/streams.js";
import { endPatience, newBrowser, openTab } from "./fakes/tab.js";

const actions = (tab) => tab.payloads().map(({ Action }) => Action);

/** Each tab sees the contact in an object of its own. */
function follow(...tabs) {
  const contacts = tabs.map((tab) => {
    const contact = new FakeContact();
    tab.follow(contact);
    return contact;
  });
  return async (browser, events) => {
    for (const event of events.split(" ")) {
      contacts.forEach((contact) => contact.fire(event));
      for (let round = 0; round < 6; round += 1) {
        await new Promise((next) => setTimeout(next));
        await endPatience(browser);
      }
      await Promise.all(tabs.map((tab) => tab.courses.settled()));
    }
  };
}

test("two tabs that are both looked at: one tells the whole course", async () => {
  const browser = newBrowser();
  const tabs = [openTab({ browser }), openTab({ browser })];
  const play = follow(...tabs);
  await play(browser, "Connecting Connected ACW Ended Destroy");
  assert.deepEqual(tabs.map(actions).sort(), [[], ["NOTIFY", "ACCEPT", "END"]]);
});

test("the tab that is looked at tells a new contact", async () => {
  const browser = newBrowser();
  const hidden = openTab({ browser, visibility: "hidden" });
  const visible = openTab({ browser });
  const play = follow(hidden, visible);
  await play(browser, "Connecting Connected ACW Ended Destroy");
  assert.deepEqual([actions(hidden), actions(visible)], [[], ["NOTIFY", "ACCEPT", "END"]]);
});

test("a single tab that nobody looks at tells at once", async () => {
  const browser = newBrowser();
  const tab = openTab({ browser, visibility: "hidden" });
  const contact = new FakeContact();
  tab.follow(contact);
  await tab.play(contact, "Connecting Connected ACW Ended Destroy");
  assert.deepEqual(actions(tab), ["NOTIFY", "ACCEPT", "END"]);
  assert.deepEqual(browser.waits, []);
});

test("a call stays with its tab when the agent looks at another one", async () => {
  const browser = newBrowser();
  const first = openTab({ browser });
  const second = openTab({ browser, visibility: "hidden" });
  const play = follow(first, second);
  await play(browser, "Connecting Connected");
  first.document.turn("hidden");
  second.document.turn("visible");
  await play(browser, "ACW Ended Destroy");
  assert.deepEqual([actions(first), actions(second)], [["NOTIFY", "ACCEPT", "END"], []]);
});

test("another tab ends the call of a closed one", async () => {
  const browser = newBrowser();
  const first = openTab({ browser });
  const second = openTab({ browser });
  const play = follow(first, second);
  await play(browser, "Connecting Connected");
  const [owner, other] = actions(first).length ? [first, second] : [second, first];
  owner.close();
  const contact = new FakeContact();
  other.follow(contact);
  await other.play(contact, "ACW Ended Destroy");
  assert.deepEqual(actions(other), ["END"]);
});

test("a call that SAP dials belongs to the tab that dialled, though another one hears of it first", async () => {
  const browser = newBrowser();
  const other = openTab({ browser });
  const activities = ["0a1b2c3d-0000-4111-8222-333344445555"];
  const dialling = openTab({ browser, takeActivity: () => activities.shift() ?? null });
  dialling.records.expectCall(true);
  const [early, late] = [other, dialling].map((tab) => {
    const contact = new FakeContact({ direction: "outbound" });
    tab.follow(contact);
    return contact;
  });
  early.fire("Connecting");
  await new Promise((next) => setTimeout(next));
  late.fire("Connecting");
  await dialling.courses.settled();
  dialling.records.expectCall(false);
  await endPatience(browser);
  await other.courses.settled();
  assert.deepEqual([actions(dialling), actions(other)], [["NOTIFY"], []]);
  assert.equal(dialling.payloads()[0].ActivityUUID, "0a1b2c3d-0000-4111-8222-333344445555");
});

test("a tab that the owner leaves waiting steps in", async () => {
  const browser = newBrowser();
  const [broken, healthy] = [openTab({ browser }), openTab({ browser })];
  const contact = new FakeContact();
  broken.records.own(CONTACT_ID);
  await new Promise((next) => setTimeout(next));
  healthy.follow(contact);
  contact.fire("Connecting");
  await new Promise((next) => setTimeout(next));
  assert.equal(browser.waits.length, 1);
  await endPatience(browser);
  await healthy.courses.settled();
  assert.deepEqual(actions(healthy), ["NOTIFY"]);
});

test("a tab that is late with a missed call does not touch the one that rings again", async () => {
  const browser = newBrowser();
  const settings = { declineMissed: true };
  const visible = openTab({ browser, settings });
  const hidden = openTab({ browser, settings, visibility: "hidden" });
  const late = new FakeContact();
  hidden.follow(late);
  late.fire("Connecting");
  late.fire("Missed");
  for (const events of ["Connecting Missed", "Connecting"]) {
    const contact = new FakeContact();
    visible.follow(contact);
    await visible.play(contact, events);
  }
  for (let round = 0; round < 6; round += 1) {
    await endPatience(browser);
  }
  await hidden.courses.settled();
  assert.deepEqual([actions(visible), actions(hidden)], [["NOTIFY", "DECLINE", "NOTIFY"], []]);
});

test("old records are forgotten, fresh ones are not", () => {
  const store = new FakeStore();
  const open = (now) => new Records({ store, locks: new FakeLocks().forTab(), document: new FakeDocument(), sleep: async () => {}, now: () => now });
  open(0).update("old", { accepted: true });
  const day = 24 * 3600 * 1000;
  open(day * 7).update("fresh", { accepted: true });
  store.setItem("somebody else's", "{}");
  assert.deepEqual(open(day * 9).ids(), ["fresh"]);
  assert.equal(store.getItem("somebody else's"), "{}");
});

test("a record that is no record is none", () => {
  const store = new FakeStore();
  const records = new Records({ store, locks: new FakeLocks().forTab(), document: new FakeDocument(), sleep: async () => {}, now: () => 1 });
  for (const text of ["", "null", "not JSON"]) {
    store.setItem("cti:x", text);
    assert.deepEqual(records.read("x"), { at: 0 });
  }
});

test("a full storage costs the memory of a reload, and no message", async () => {
  const browser = newBrowser();
  const tab = openTab({ browser });
  browser.store.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const contact = new FakeContact();
  tab.follow(contact);
  await tab.play(contact, "Connecting Connected ACW Ended Destroy");
  assert.deepEqual(actions(tab), ["NOTIFY", "ACCEPT", "END"]);
});
