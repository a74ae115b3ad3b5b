// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Every row of MESSAGES.md, in both formats and both flavours, with the events as real Streams fires them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DOMParser } from "@xmldom/xmldom";

import { CONTACT_ID, CUSTOMER, FIRST_ID, FakeContact, connection } from "./fakes/streams.js";
import { newBrowser, openTab } from "./fakes/tab.js";

const ACTIVITY = "0a1b2c3d-0000-4111-8222-333344445555";
const RECORDING = { RecordingId: CONTACT_ID };
const END = { Type: "CALL", EventType: "UPDATEACTIVITY", Action: "END", ExternalReferenceID: CONTACT_ID, ...RECORDING };
const ANSWERED = "Connecting Connected ACW Ended Destroy";

function readXml(text) {
  const root = new DOMParser().parseFromString(text, "text/xml").documentElement;
  const elements = Array.from(root.childNodes).filter((node) => node.nodeType === 1);
  return Object.fromEntries(elements.map((element) => [element.tagName, element.textContent]));
}

/** The fields of NOTIFY and ACCEPT for a call, as the flavour has them. */
function call(action, direction = "INBOUND", { ctiType, fields = {} }) {
  const bare = action === "NOTIFY" && ctiType === "liveActivity";
  const { ExternalReferenceID = CONTACT_ID, ExternalOriginalReferenceID, ...others } = fields;
  return {
    Type: "CALL",
    EventType: direction,
    Action: action,
    ANI: CUSTOMER,
    ...(!bare && { ExternalReferenceID, ...(ExternalOriginalReferenceID && { ExternalOriginalReferenceID }) }),
    ...others,
  };
}

const desktopOnly = (ctiType, ...messages) => (ctiType === "agentDesktop" ? messages : []);

/** name: [contact, events, messages by flavour, more] */
const ROWS = {
  "an inbound call is answered": [
    {},
    "Connecting Accepted Connected ACW Ended Destroy",
    (ctiType) => [call("NOTIFY", "INBOUND", { ctiType }), call("ACCEPT", "INBOUND", { ctiType }), END],
  ],
  "an inbound call is answered on a desk phone": [
    {},
    ANSWERED,
    (ctiType) => [call("NOTIFY", "INBOUND", { ctiType }), call("ACCEPT", "INBOUND", { ctiType }), END],
  ],
  "an inbound call is missed": [{}, "Connecting Ended Missed Destroy", (ctiType) => [call("NOTIFY", "INBOUND", { ctiType })]],
  "an inbound call is rejected": [
    {},
    "Connecting Error Missed Ended Destroy",
    (ctiType) => [call("NOTIFY", "INBOUND", { ctiType })],
  ],
  "an outbound call dialled in the panel": [
    { direction: "outbound" },
    ANSWERED,
    (ctiType) => [
      ...desktopOnly(ctiType, call("NOTIFY", "OUTBOUND", { ctiType })),
      call("ACCEPT", "OUTBOUND", { ctiType }),
      END,
    ],
  ],
  "an outbound call that nobody answers": [
    { direction: "outbound" },
    "Connecting Ended Missed Destroy",
    (ctiType) => desktopOnly(ctiType, call("NOTIFY", "OUTBOUND", { ctiType })),
  ],
  "an outbound call dialled from SAP": [
    { direction: "outbound" },
    ANSWERED,
    (ctiType) => [
      ...desktopOnly(
        ctiType,
        call("NOTIFY", "OUTBOUND", { ctiType, fields: { ActivityUUID: ACTIVITY } }),
        call("ACCEPT", "OUTBOUND", { ctiType, fields: { ActivityUUID: ACTIVITY } }),
      ),
      ...(ctiType === "liveActivity"
        ? [
            {
              Type: "CALL",
              EventType: "UPDATEACTIVITY",
              ANI: CUSTOMER,
              ExternalReferenceID: CONTACT_ID,
              ActivityUUID: ACTIVITY,
            },
          ]
        : []),
      END,
    ],
    { activity: ACTIVITY },
  ],
  "a queue callback": [
    { type: "queue_callback", direction: "outbound", method: "CALLBACK" },
    "Incoming Connecting Connected ACW Ended Destroy",
    (ctiType) => [call("NOTIFY", "INBOUND", { ctiType }), call("ACCEPT", "INBOUND", { ctiType }), END],
  ],
  "a transferred call that this agent takes over": [
    { original: FIRST_ID, method: "TRANSFER" },
    ANSWERED,
    (ctiType) => {
      const fields = { ExternalOriginalReferenceID: FIRST_ID };
      return [call("NOTIFY", "INBOUND", { ctiType, fields }), call("ACCEPT", "INBOUND", { ctiType, fields }), END];
    },
  ],
  "a chat": [
    { type: "chat", number: null, attributes: { Email: "ann@example.com", Channel: "CHAT" } },
    ANSWERED,
    (ctiType) => [
      {
        Type: "CHAT",
        EventType: "INBOUND",
        Action: "NOTIFY",
        ...(ctiType === "agentDesktop" && { ExternalReferenceID: CONTACT_ID }),
        Email: "ann@example.com",
      },
      { Type: "CHAT", EventType: "INBOUND", Action: "ACCEPT", ExternalReferenceID: CONTACT_ID, Email: "ann@example.com" },
      { Type: "CHAT", EventType: "UPDATEACTIVITY", Action: "END", ExternalReferenceID: CONTACT_ID },
    ],
  ],
  "a text message": [
    { type: "chat", subtype: "connect:SMS" },
    ANSWERED,
    (ctiType) => {
      const Type = ctiType === "agentDesktop" ? "MESSAGE" : "CHAT";
      const references = { ExternalReferenceID: CONTACT_ID };
      const original = ctiType === "agentDesktop" ? { ExternalOriginalReferenceID: CONTACT_ID } : {};
      return [
        {
          Type,
          EventType: "INBOUND",
          Action: "NOTIFY",
          ANI: CUSTOMER,
          ...(ctiType === "agentDesktop" && { ...references, ...original }),
        },
        { Type, EventType: "INBOUND", Action: "ACCEPT", ANI: CUSTOMER, ...references, ...original },
        { Type, EventType: "UPDATEACTIVITY", Action: "END", ...references },
      ];
    },
  ],
  "a call that vanishes while it lasts": [
    {},
    "Connecting Connected Ended Destroy",
    (ctiType) => [call("NOTIFY", "INBOUND", { ctiType }), call("ACCEPT", "INBOUND", { ctiType }), END],
  ],
  "a paused and resumed contact": [
    {},
    "Connecting Connected Connected ACW Ended Destroy",
    (ctiType) => [call("NOTIFY", "INBOUND", { ctiType }), call("ACCEPT", "INBOUND", { ctiType }), END],
  ],
  "a task": [{ type: "task" }, ANSWERED, () => []],
  "an e-mail": [{ type: "email" }, ANSWERED, () => []],
  "a call that a supervisor listens to": [{ agentType: "monitoring", attributes: null }, ANSWERED, () => []],
  "the page comes in the middle of a call": [
    {},
    "Connected ACW Ended Destroy",
    (ctiType) => [call("ACCEPT", "INBOUND", { ctiType }), END],
  ],
  "the page comes in after-contact work": [{}, "ACW Destroy", () => []],
};

for (const [name, [contact, events, expected, { activity = null } = {}]] of Object.entries(ROWS)) {
  for (const ctiType of ["agentDesktop", "liveActivity"]) {
    for (const payloadFormat of ["json", "xml"]) {
      test(`${name}: ${ctiType}, ${payloadFormat}`, async () => {
        const activities = [activity];
        const takeActivity = () => activities.shift() ?? null;
        const tab = openTab({ settings: { ctiType, payloadFormat }, takeActivity });
        const one = new FakeContact(contact);
        tab.follow(one);
        await tab.play(one, events);

        const told = tab.posted.map((message) => (payloadFormat === "xml" ? readXml(message) : message.payload));
        assert.deepEqual(told, expected(ctiType));
      });
    }
  }
}

test("an accepted contact may say so without an Action", async () => {
  const tab = openTab({ settings: { acceptAction: false } });
  const contact = new FakeContact();
  tab.follow(contact);
  await tab.play(contact, ANSWERED);
  assert.deepEqual(
    tab.payloads().map(({ Action }) => Action),
    ["NOTIFY", undefined, "END"],
  );
});

test("references are compact where the settings say so, in every field", async () => {
  const tab = openTab({ settings: { referenceFormat: "compact" } });
  const contact = new FakeContact({ original: FIRST_ID });
  tab.follow(contact);
  await tab.play(contact, ANSWERED);
  const [, accept, end] = tab.payloads();
  const compact = CONTACT_ID.replaceAll("-", "").toUpperCase();
  assert.equal(accept.ExternalReferenceID, compact);
  assert.equal(accept.ExternalOriginalReferenceID, FIRST_ID.replaceAll("-", ""));
  assert.deepEqual([end.ExternalReferenceID, end.RecordingId], [compact, compact]);
});

test("no recording is offered where calls are not recorded", async () => {
  const tab = openTab({ settings: { recordings: false } });
  const contact = new FakeContact();
  tab.follow(contact);
  await tab.play(contact, ANSWERED);
  assert.ok(!("RecordingId" in tab.payloads()[2]));
});

for (const [ctiType, events] of [
  ["agentDesktop", "Connecting Ended Missed Destroy"],
  ["agentDesktop", "Connecting Error Missed Ended Destroy"],
  ["liveActivity", "Connecting Ended Missed Destroy"],
]) {
  test(`a missed contact is declined where the settings say so: ${ctiType}, ${events}`, async () => {
    const tab = openTab({ settings: { declineMissed: true, ctiType } });
    const contact = new FakeContact();
    tab.follow(contact);
    await tab.play(contact, events);
    const [notify, decline, ...more] = tab.payloads();
    assert.deepEqual(decline, { ...notify, Action: "DECLINE" });
    assert.deepEqual(more, []);
  });
}

for (const [declineMissed, told] of [
  [false, ["NOTIFY", "NOTIFY", "ACCEPT", "END"]],
  [true, ["NOTIFY", "DECLINE", "NOTIFY", "ACCEPT", "END"]],
]) {
  test(`a missed contact that rings again is told again: ${told.join(" ")}`, async () => {
    const tab = openTab({ settings: { declineMissed } });
    const contact = new FakeContact();
    tab.follow(contact);
    await tab.play(contact, "Connecting Ended Missed Destroy");
    const again = new FakeContact();
    tab.follow(again);
    await tab.play(again, ANSWERED);
    assert.deepEqual(tab.payloads().map(({ Action }) => Action), told);
  });
}

test("an outbound call that nobody answers is not declined", async () => {
  const tab = openTab({ settings: { declineMissed: true } });
  const contact = new FakeContact({ direction: "outbound" });
  tab.follow(contact);
  await tab.play(contact, "Connecting Ended Missed Destroy");
  assert.deepEqual(tab.payloads().map(({ Action }) => Action), ["NOTIFY"]);
});

const ASKING_AGENT = () => connection({ id: "other", type: "outbound", endpoint: { type: "agent" } });

test("a consulted agent tells nothing", async () => {
  const tab = openTab();
  const contact = new FakeContact({ original: FIRST_ID, others: [ASKING_AGENT()], customerState: "hold" });
  tab.follow(contact);
  await tab.play(contact, "Connecting Connected Refresh ACW Ended Destroy");
  assert.deepEqual(tab.posted, []);
});

test("a conference that becomes the consulted agent's own call is told then, once", async () => {
  const tab = openTab();
  const contact = new FakeContact({ original: FIRST_ID, others: [ASKING_AGENT()], customerState: "hold" });
  tab.follow(contact);
  await tab.play(contact, "Connecting Connected Refresh");
  contact.customerState = "connected";
  await tab.play(contact, "Refresh");
  assert.deepEqual(tab.posted, []);
  contact.others = [];
  await tab.play(contact, "Refresh Refresh ACW Ended Destroy");
  assert.deepEqual(
    tab.payloads().map(({ Action, ExternalOriginalReferenceID }) => [Action, ExternalOriginalReferenceID]),
    [
      ["ACCEPT", FIRST_ID],
      ["END", undefined],
    ],
  );
});

test("a consultation that becomes the agent's own call while it rings is told from there", async () => {
  const tab = openTab();
  const contact = new FakeContact({ original: FIRST_ID, others: [ASKING_AGENT()], customerState: "hold" });
  tab.follow(contact);
  await tab.play(contact, "Connecting Refresh");
  assert.deepEqual(tab.posted, []);
  contact.others = [];
  contact.customerState = "connected";
  await tab.play(contact, "Refresh Refresh Connected ACW");
  assert.deepEqual(tab.payloads().map(({ Action }) => Action), ["NOTIFY", "ACCEPT", "END"]);
});

test("the end of a chat has its transcript, the end of a call has none", async () => {
  const transcript = async (connection) => `Ann : ${connection.getType()}`;
  for (const [type, text] of [
    ["chat", "Ann : agent"],
    ["voice", undefined],
  ]) {
    const tab = openTab({ transcript });
    const contact = new FakeContact({ type });
    tab.follow(contact);
    await tab.play(contact, ANSWERED);
    assert.equal(tab.payloads().at(-1).Action, "END");
    assert.equal(tab.payloads().at(-1).Transcript, text);
  }
});

for (const [subtype, Channel, Type] of [
  ["connect:SMS", "CHAT", "MESSAGE"],
  [null, "SMS", "MESSAGE"],
  [null, "VOICE", "CHAT"],
  ["connect:Chat", undefined, "CHAT"],
]) {
  test(`a chat of subtype ${subtype} whose flow says ${Channel} is a ${Type}`, async () => {
    const tab = openTab();
    const contact = new FakeContact({ type: "chat", subtype, attributes: Channel ? { Channel } : {} });
    tab.follow(contact);
    await tab.play(contact, "Connecting");
    assert.equal(tab.payloads()[0].Type, Type);
  });
}

test("a call stays a call, whatever its flow says", async () => {
  const tab = openTab();
  const contact = new FakeContact({ attributes: { Channel: "CHAT" } });
  tab.follow(contact);
  await tab.play(contact, "Connecting");
  assert.equal(tab.payloads()[0].Type, "CALL");
});

test("without the telephone library SAP is told without a number that it cannot use", async () => {
  const load = async () => Promise.reject(new TypeError("offline"));
  const tab = openTab({ load });
  const contact = new FakeContact({ number: "020 7183 8750" });
  tab.follow(contact);
  await tab.play(contact, ANSWERED);
  assert.deepEqual(
    tab.payloads().map(({ Action, ANI }) => [Action, ANI]),
    [
      ["NOTIFY", undefined],
      ["ACCEPT", undefined],
      ["END", undefined],
    ],
  );
});

test("an e-mail address that is none identifies nobody", async () => {
  const tab = openTab();
  const contact = new FakeContact({ type: "chat", number: null, attributes: { Email: "unknown" } });
  tab.follow(contact);
  await tab.play(contact, "Connecting");
  assert.ok(!("Email" in tab.payloads()[0]));
});

test("a chat that vanishes ends without a transcript", async () => {
  const tab = openTab({ transcript: async () => "Ann : Hi" });
  const contact = new FakeContact({ type: "chat" });
  tab.follow(contact);
  await tab.play(contact, "Connecting Connected Ended Destroy");
  assert.deepEqual(Object.keys(tab.payloads().at(-1)), ["Type", "EventType", "Action", "ExternalReferenceID"]);
});

test("the agent who asks another one tells nothing more", async () => {
  const tab = openTab();
  const contact = new FakeContact();
  tab.follow(contact);
  await tab.play(contact, "Connecting Connected");
  contact.others = [ASKING_AGENT()];
  contact.customerState = "hold";
  await tab.play(contact, "Refresh Refresh");
  assert.equal(tab.posted.length, 2);
});

/** [events before the reload, events that the new page sees, whether the contact is there, all actions in order] */
const RELOADS = {
  "while it rings": ["Connecting", "Connecting Connected ACW Ended Destroy", ["NOTIFY", "ACCEPT", "END"]],
  "in the call": ["Connecting Connected", "Connected ACW Ended Destroy", ["NOTIFY", "ACCEPT", "END"]],
  "in after-contact work": ["Connecting Connected ACW", "ACW Destroy", ["NOTIFY", "ACCEPT", "END"]],
  "between call and after-contact work": ["Connecting Connected", "ACW Destroy", ["NOTIFY", "ACCEPT", "END"]],
  "after a missed call": ["Connecting Ended Missed", "Missed Destroy", ["NOTIFY"]],
};

for (const [name, [before, after, actions]] of Object.entries(RELOADS)) {
  test(`a reload ${name}`, async () => {
    const browser = newBrowser();
    const first = openTab({ browser });
    const contact = new FakeContact();
    first.follow(contact);
    await first.play(contact, before);
    first.close();
    const second = openTab({ browser });
    const again = new FakeContact();
    await second.courses.reconcile([CONTACT_ID]);
    second.follow(again);
    await second.play(again, after);
    const told = [...first.payloads(), ...second.payloads()].map(({ Action }) => Action);
    assert.deepEqual(told, actions);
  });
}

test("a call that ended while no page was open is ended by the next one", async () => {
  const browser = newBrowser();
  const first = openTab({ browser });
  const contact = new FakeContact();
  first.follow(contact);
  await first.play(contact, "Connecting Connected");
  first.close();
  const second = openTab({ browser });
  await second.courses.reconcile([]);
  await second.courses.reconcile([]);
  assert.deepEqual(second.payloads(), [END]);
});

/** One contact that is answered, and one that is not. */
async function takeAndMiss(tab) {
  for (const [id, events] of [
    [CONTACT_ID, ANSWERED],
    [FIRST_ID, "Connecting Ended Missed Destroy"],
  ]) {
    const contact = new FakeContact({ id });
    tab.follow(contact);
    await tab.play(contact, events);
  }
}

test("a page that stays open keeps nothing of contacts that are over", async () => {
  const browser = newBrowser();
  const tab = openTab({ browser });
  await takeAndMiss(tab);
  assert.deepEqual([tab.courses.rings.size, tab.courses.lines.size], [0, 0]);
  assert.deepEqual(browser.locks.held.map(({ name }) => name), ["cti-visible"]);
});

test("a call that SAP dialled and nobody answers is let go where SAP was told nothing of it", async () => {
  const browser = newBrowser();
  const tab = openTab({ browser, settings: { ctiType: "liveActivity" }, takeActivity: () => ACTIVITY });
  const contact = new FakeContact({ direction: "outbound" });
  tab.follow(contact);
  await tab.play(contact, "Connecting Ended Missed Destroy");
  assert.deepEqual(tab.posted, []);
  assert.deepEqual(browser.locks.held.map(({ name }) => name), ["cti-visible"]);
});

test("a new page does not go through the contacts that are over", async () => {
  const browser = newBrowser();
  const first = openTab({ browser });
  await takeAndMiss(first);
  first.close();
  const second = openTab({ browser });
  second.records.step = async (id) => assert.fail(id);
  await second.courses.reconcile([]);
  assert.deepEqual(second.logged, []);
});

test("nothing about a person is kept in the browser", async () => {
  const browser = newBrowser();
  const tab = openTab({ browser });
  const contact = new FakeContact({ attributes: { CustomerUUID: "secret-1", Email: "ann@example.com" } });
  tab.follow(contact);
  await tab.play(contact, "Connecting Connected");
  const kept = [...browser.store.items.values()].join();
  assert.ok(kept.includes("accepted"));
  assert.doesNotMatch(kept, /207183|secret|example\.com/);
});
