// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { DOMParser } from "@xmldom/xmldom";

import { Contract } from "../../local_cloud/sap_standin/page/contract.js";

const REFERENCE = "11111111-2222-4333-8444-555555555555";
const OTHER = "99999999-2222-4333-8444-555555555555";
const ACTIVITY = "aaaaaaaa-2222-4333-8444-555555555555";
const NOTIFY = { Type: "CALL", EventType: "INBOUND", Action: "NOTIFY", ANI: "+442079460123", ExternalReferenceID: REFERENCE };
const ACCEPT = { ...NOTIFY, Action: "ACCEPT" };
const END = { Type: "CALL", EventType: "UPDATEACTIVITY", Action: "END", ExternalReferenceID: REFERENCE };
const OUTBOUND = { ...ACCEPT, EventType: "OUTBOUND" };
const UPDATE = without({ ...OUTBOUND, EventType: "UPDATEACTIVITY", ActivityUUID: ACTIVITY }, "Action");
const CHAT = { ...without(NOTIFY, "ANI"), Type: "CHAT", Email: "ann@customer.example" };
const MESSAGE = { ...NOTIFY, Type: "MESSAGE", Text: "Hello", ExternalOriginalReferenceID: REFERENCE };

function contract(expected = {}, courses = new Map()) {
  const usual = { format: "json", flavour: "agentDesktop", acceptAction: true, referenceFormat: "contact_id" };
  return new Contract({ ...usual, ...expected }, (text) => new DOMParser({ onError: refuse }).parseFromString(text, "text/xml"), courses);
}

/** Browsers accept nothing that is not well-formed. */
function refuse(level, reason) {
  throw new Error(`${level}: ${reason}`);
}

function without(fields, ...names) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function xml(fields, prologue = "<?xml version='1.0' encoding='utf-8' ?> ") {
  return `${prologue}<payload>${Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`).join("")}</payload>`;
}

/** Violations of messages that come one after another. */
function judge(messages, expected = {}) {
  const judged = contract(expected);
  return messages.map((payload) => judged.receive(expected.format === "xml" ? xml(payload) : { payload }).violations);
}

const CLEAN_COURSES = {
  "an inbound call": [NOTIFY, ACCEPT, { ...END, RecordingId: REFERENCE }],
  "a missed call": [NOTIFY, { ...NOTIFY, Action: "DECLINE" }],
  "a missed call that rings again": [NOTIFY, NOTIFY, { ...NOTIFY, Action: "DECLINE" }, NOTIFY, ACCEPT, END],
  "an anonymous call": [without(NOTIFY, "ANI"), without(ACCEPT, "ANI"), END],
  "a call that rang before the page was there": [ACCEPT, END],
  "an outbound call": [{ ...OUTBOUND, Action: "NOTIFY" }, OUTBOUND, END],
  "a call that SAP dialled": [{ ...OUTBOUND, ActivityUUID: ACTIVITY }, END],
  "a transferred call": [NOTIFY, { ...ACCEPT, ExternalOriginalReferenceID: OTHER }, END],
  "a chat": [CHAT, { ...CHAT, Action: "ACCEPT" }, { ...END, Type: "CHAT", Transcript: "Ann : Hello\nBob : Hi" }],
  "a text message": [MESSAGE, { ...MESSAGE, Action: "ACCEPT" }, { ...END, Type: "MESSAGE" }],
};

for (const [name, messages] of Object.entries(CLEAN_COURSES)) {
  for (const format of ["json", "xml"]) {
    test(`${name} keeps to the contract in ${format}`, () => {
      assert.deepEqual(judge(messages, { format }).flat(), []);
    });
  }
}

test("accepting without Action is a setting", () => {
  const course = [NOTIFY, without(ACCEPT, "Action"), END];

  assert.deepEqual(judge(course, { acceptAction: false }).flat(), []);
  assert.match(judge(course)[1].join(), /expected with the Action ACCEPT/);
  assert.match(judge([ACCEPT], { acceptAction: false })[0].join(), /expected without Action/);
});

test("Live Activity announces without a reference and binds what SAP dialled by an update", () => {
  const expected = { flavour: "liveActivity" };

  assert.deepEqual(judge([without(NOTIFY, "ExternalReferenceID"), ACCEPT, END], expected).flat(), []);
  assert.deepEqual(judge([UPDATE, END], expected).flat(), []);
  assert.match(judge([NOTIFY], expected).join(), /has no ExternalReferenceID/);
  assert.match(judge([{ ...OUTBOUND, ActivityUUID: ACTIVITY }], expected).join(), /has no ActivityUUID/);
  assert.match(judge([{ ...OUTBOUND, Action: "NOTIFY" }], expected).join(), /is not for liveActivity/);
  assert.match(judge([MESSAGE], expected).join(), /is not for liveActivity/);
  assert.match(judge([UPDATE]).join(), /is not for agentDesktop/);
});

test("references have the form of the setting", () => {
  const compact = "1111111122224333844455555555ABCD";

  assert.deepEqual(judge([{ ...ACCEPT, ExternalReferenceID: compact }], { referenceFormat: "compact" }).flat(), []);
  assert.match(judge([{ ...ACCEPT, ExternalReferenceID: compact }]).join(), /ExternalReferenceID has the wrong form/);
  assert.match(judge([ACCEPT], { referenceFormat: "compact" }).join(), /ExternalReferenceID has the wrong form/);
});

const WRONG_COURSES = {
  "an end first": [[END], /cannot come first/],
  "accepting twice": [[ACCEPT, ACCEPT], /came before/],
  "ringing after accepting": [[NOTIFY, ACCEPT, NOTIFY], /cannot come after "accept"/],
  "ringing after the end": [[ACCEPT, END, NOTIFY], /cannot come after "end"/],
  "ending twice": [[ACCEPT, END, END], /came before/],
  "an end of a call that nobody accepted": [[NOTIFY, END], /cannot come after "ring"/],
  "accepting after the end": [[ACCEPT, END, ACCEPT], /cannot come after "end"/],
  "another type in the middle": [[ACCEPT, { ...END, Type: "CHAT" }], /was a CALL before/],
};

for (const [name, [messages, reason]] of Object.entries(WRONG_COURSES)) {
  test(`${name} is a violation`, () => {
    const violations = judge(messages);

    assert.deepEqual(violations.slice(0, -1).flat(), []);
    assert.match(violations.at(-1).join(), reason);
  });
}

const WRONG_FIELDS = {
  "an unknown field": [{ ...ACCEPT, ActionTemp: "ACCEPT" }, /has no ActionTemp/],
  "a field of another message": [{ ...ACCEPT, Transcript: "Hello" }, /has no Transcript/],
  "a recording before the end": [{ ...ACCEPT, RecordingId: REFERENCE }, /has no RecordingId/],
  "an empty field": [{ ...ACCEPT, Custom_1: " " }, /Custom_1 is empty/],
  "an undefined value in words": [{ ...ACCEPT, ANI: "undefined" }, /ANI says "undefined"/],
  "a number without +": [{ ...ACCEPT, ANI: "02079460123" }, /ANI has the wrong form/],
  "a control character": [{ ...ACCEPT, Custom_1: "a\u0000b" }, /control characters/],
  "no reference": [without(ACCEPT, "ExternalReferenceID"), /needs ExternalReferenceID/],
  "no number of an outbound call": [without(OUTBOUND, "ANI"), /needs ANI/],
  "an invented event": [{ ...ACCEPT, EventType: "CallEnded" }, /is no message/],
  "an inherited name": [{ ...ACCEPT, EventType: "constructor" }, /is no message/],
  "a transfer to itself": [{ ...ACCEPT, ExternalOriginalReferenceID: REFERENCE }, /does not follow itself/],
  "a foreign activity": [{ ...OUTBOUND, ActivityUUID: "1 or 1" }, /ActivityUUID has the wrong form/],
};

for (const [name, [fields, reason]] of Object.entries(WRONG_FIELDS)) {
  test(`${name} is a violation`, () => {
    assert.match(judge([fields]).join(), reason);
  });
}

test("a recording is that of its contact", () => {
  assert.match(judge([ACCEPT, { ...END, RecordingId: OTHER }])[1].join(), /not the recording of this contact/);
});

test("a course goes on in a page that was loaded again", () => {
  const courses = new Map();
  const first = contract({}, courses);
  first.receive({ payload: NOTIFY });
  first.receive({ payload: ACCEPT });
  const second = contract({}, courses);

  assert.match(second.receive({ payload: ACCEPT }).violations.join(), /came before/);
  assert.deepEqual(second.receive({ payload: END }).violations, []);
});

const NO_JSON_MESSAGES = [null, "text", 4, [], {}, { payload: null }, { payload: "text" }, { payload: [] }, ACCEPT,
  { payload: ACCEPT, more: 1 }, { payload: { ...ACCEPT, ANI: 442079460123 } }, xml(ACCEPT)];

for (const data of NO_JSON_MESSAGES) {
  test(`${JSON.stringify(data)?.slice(0, 60)} is no message in json`, () => {
    const { fields, violations } = contract().receive(data);

    assert.equal(fields, null);
    assert.equal(violations.length, 1);
  });
}

const NO_XML_MESSAGES = {
  "an object": { payload: ACCEPT },
  "no prologue": xml(ACCEPT, ""),
  "another prologue": xml(ACCEPT, '<?xml version="1.1"?>'),
  "another root": xml(ACCEPT).replaceAll("payload>", "message>"),
  "broken markup": xml({ ...ACCEPT, Custom_1: "a < b" }),
  "an element in a field": xml({ ...ACCEPT, Custom_1: "a<BP>1</BP>b" }),
  "a field twice": xml(ACCEPT).replace("</payload>", "<ANI>+1</ANI></payload>"),
  "an attribute": xml(ACCEPT).replace("<ANI>", "<ANI kind='x'>"),
  "text between the fields": xml(ACCEPT).replace("<ANI>", "text<ANI>"),
};

for (const [name, data] of Object.entries(NO_XML_MESSAGES)) {
  test(`${name} is no message in xml`, () => {
    const { fields, violations } = contract({ format: "xml" }).receive(data);

    assert.equal(fields, null);
    assert.notEqual(violations.length, 0);
  });
}

test("escaped markup arrives as the text that it was", () => {
  const { fields, violations } = contract({ format: "xml" }).receive(
    xml({ ...ACCEPT, Custom_1: "&lt;/Custom_1&gt;&lt;BP&gt;1&lt;/BP&gt; &amp;amp; &quot;x&quot;" }),
  );

  assert.deepEqual(violations, []);
  assert.equal(fields.Custom_1, '</Custom_1><BP>1</BP> &amp; "x"');
});
