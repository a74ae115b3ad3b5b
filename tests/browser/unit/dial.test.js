// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { parsePhoneNumberFromString } from "libphonenumber-js/min";

import { Dialler, PATIENCE, requestedCall } from "../../../files/cti_connector/src/dial.js";
import { PhoneNumbers } from "../../../files/cti_connector/src/phone.js";
import { FakeContact } from "./fakes/streams.js";

const ACTIVITY = "0a1b2c3d-0000-4111-8222-333344445555";
const CLICK = { number: "+44 20 7183 8750", activity: ACTIVITY };

class FakeAgent {
  constructor({ permissions = ["outboundCall"], countries = ["gb", "de"], contacts = [] } = {}) {
    Object.assign(this, { permissions, countries, contacts, calls: [] });
  }
  getPermissions() {
    return this.permissions;
  }
  getDialableCountries() {
    return this.countries;
  }
  getContacts() {
    return this.contacts;
  }
  connect(endpoint, options) {
    this.calls.push({ endpoint, options });
  }
}

function newDialler({ agent = new FakeAgent(), load = async () => parsePhoneNumberFromString, queueArn = null } = {}) {
  const seen = { shown: [], timers: [], logged: [], expected: [] };
  const dialler = new Dialler({
    phone: new PhoneNumbers(["GB"], load),
    endpointOf: (number) => `endpoint ${number}`,
    queueArn,
    showWaiting: (number) => seen.shown.push(["waiting", number]),
    showRefusal: (number, name, reason) => seen.shown.push([name, number, reason].filter(Boolean)),
    clear: () => seen.shown.push(["clear"]),
    log: (event, details) => seen.logged.push([event, details]),
    later: (work, milliseconds) => seen.timers.push({ work, milliseconds }),
    expectCall: (placing) => seen.expected.push(placing),
  });
  dialler.agent = agent;
  return { dialler, agent, ...seen };
}

test("a click calls the number in E.164, with the default queue", async () => {
  const { dialler, agent } = newDialler();
  await dialler.dial(CLICK);
  assert.equal(agent.calls.length, 1);
  assert.equal(agent.calls[0].endpoint, "endpoint +442071838750");
  assert.ok(!("queueARN" in agent.calls[0].options));
  assert.ok(agent.calls[0].options.timeout > 0);
});

test("the settings may name the queue", async () => {
  const { dialler, agent } = newDialler({ queueArn: "arn:queue" });
  await dialler.dial(CLICK);
  assert.equal(agent.calls[0].options.queueARN, "arn:queue");
});

test("further clicks do nothing until the call has come up", async () => {
  const { dialler, agent } = newDialler();
  await Promise.all([dialler.dial(CLICK), dialler.dial(CLICK), dialler.dial({ ...CLICK, number: "+49 30 901820" })]);
  await dialler.dial(CLICK);
  assert.equal(agent.calls.length, 1);
  agent.calls[0].options.success();
  await dialler.dial(CLICK);
  assert.equal(agent.calls.length, 1);
  assert.equal(dialler.takeActivity("+442071838750"), ACTIVITY);
  await dialler.dial(CLICK);
  assert.equal(agent.calls.length, 2);
});

test("a call that never comes up does not block the next one for ever", async () => {
  const { dialler, agent, timers } = newDialler();
  await dialler.dial(CLICK);
  agent.calls[0].options.success();
  timers.forEach(({ work }) => work());
  await dialler.dial(CLICK);
  assert.equal(agent.calls.length, 2);
});

test("other tabs leave the call to this one from the click until it has come up or failed", async () => {
  const { dialler, agent, expected } = newDialler();
  await dialler.dial(CLICK);
  assert.deepEqual(expected, [true]);
  dialler.takeActivity("+442071838750");
  assert.deepEqual(expected, [true, false]);
  await dialler.dial(CLICK);
  agent.calls[1].options.failure("{}");
  assert.deepEqual(expected, [true, false, true, false]);
});

test("the activity belongs to the call that was asked for, once", async () => {
  const { dialler } = newDialler();
  await dialler.dial(CLICK);
  assert.equal(dialler.takeActivity("+4930901820"), null);
  assert.equal(dialler.takeActivity("+442071838750"), ACTIVITY);
  assert.equal(dialler.takeActivity("+442071838750"), null);
});

const REFUSED = {
  "a text that is no number": ["number", { number: "call me" }, {}],
  "an extension only": ["number", { number: "4711" }, {}],
  "a country that the instance does not call": ["country", { number: "+1 650 305 4000" }, {}],
  "an agent without the permission": ["permission", {}, { permissions: ["voiceId"] }],
  "an agent in a call": ["busy", {}, { contacts: [new FakeContact({ state: "connected" })] }],
  "an agent whose telephone rings": ["busy", {}, { contacts: [new FakeContact({ type: "queue_callback", state: "incoming" })] }],
};

for (const [name, [reason, click, agent]] of Object.entries(REFUSED)) {
  test(`${name} is refused and told`, async () => {
    const { dialler, agent: one, shown } = newDialler({ agent: new FakeAgent(agent) });
    const request = { ...CLICK, ...click };
    await dialler.dial(request);
    assert.deepEqual(one.calls, []);
    assert.deepEqual(shown.at(-1), [reason, request.number]);
    assert.equal(dialler.current, null);
  });
}

test("chats and after-contact work do not keep an agent from calling", async () => {
  const contacts = [new FakeContact({ type: "chat", state: "connected" }), new FakeContact({ state: "ended" })];
  const { dialler, agent } = newDialler({ agent: new FakeAgent({ contacts }) });
  await dialler.dial(CLICK);
  assert.equal(agent.calls.length, 1);
});

test("what Amazon Connect does not tell about the agent refuses nothing", async () => {
  const { dialler, agent } = newDialler({ agent: Object.assign(new FakeAgent(), { permissions: undefined, countries: [] }) });
  await dialler.dial({ ...CLICK, number: "+1 650 305 4000" });
  assert.equal(agent.calls.length, 1);
});

for (const [error, reason] of [
  [new Error("Agent.connect timed out after 10000 ms"), "Agent.connect timed out after 10000 ms"],
  ['{"type":"BadEndpointException","message":""}', "BadEndpointException"],
  [{ type: "LimitExceededException", message: "Too many calls" }, "Too many calls"],
  ["not JSON", "not JSON"],
  [undefined, "unknown"],
]) {
  test(`a call that Amazon Connect refuses is told: ${reason}`, async () => {
    const { dialler, agent, shown } = newDialler();
    await dialler.dial(CLICK);
    agent.calls[0].options.failure(error);
    assert.deepEqual(shown.at(-1), ["failed", CLICK.number, reason]);
    await dialler.dial(CLICK);
    assert.equal(agent.calls.length, 2);
  });
}

test("a click before the sign-in waits, visibly, and calls once the agent is there", async () => {
  const { dialler, shown } = newDialler({ agent: null });
  await dialler.dial(CLICK);
  await dialler.dial(CLICK);
  assert.deepEqual(shown, [["clear"], ["waiting", CLICK.number]]);
  const agent = new FakeAgent();
  await dialler.setAgent(agent);
  await dialler.setAgent(agent);
  assert.equal(agent.calls.length, 1);
});

test("a click whose agent signs out before it is dialled waits for the next sign-in", async () => {
  const { dialler, agent, shown } = newDialler();
  const click = dialler.dial(CLICK);
  await dialler.setAgent(null);
  await click;
  assert.deepEqual(shown.at(-1), ["waiting", CLICK.number]);
  await dialler.setAgent(agent);
  assert.deepEqual(agent.calls.map(({ endpoint }) => endpoint), ["endpoint +442071838750"]);
});

test("a click is not kept for more than a minute", async () => {
  const { dialler, shown, timers } = newDialler({ agent: null });
  await dialler.dial(CLICK);
  assert.equal(timers[0].milliseconds, PATIENCE);
  timers[0].work();
  assert.deepEqual(shown.at(-1), ["late", CLICK.number]);
  const agent = new FakeAgent();
  await dialler.setAgent(agent);
  assert.deepEqual(agent.calls, []);
});

test("a number that cannot be checked is not called", async () => {
  const load = async () => {
    throw new Error("offline");
  };
  const { dialler, agent, shown } = newDialler({ load });
  await dialler.dial(CLICK);
  assert.deepEqual(shown.at(-1), ["library", CLICK.number]);
  assert.deepEqual(agent.calls, []);
});

test("a request is the object that SAP sends, with either name of the activity", () => {
  const request = { Direction: "OUT", PhoneNumber: "+1 6503054000", BusinessPartnerID: "10", LoggedInUserID: "me" };
  assert.deepEqual(requestedCall(request), { number: "+1 6503054000", activity: null });
  assert.equal(requestedCall({ ...request, ActivityUUID: ACTIVITY, ObjectUUID: "other" }).activity, ACTIVITY);
  assert.equal(requestedCall({ ...request, ObjectUUID: ACTIVITY }).activity, ACTIVITY);
});

const NO_REQUESTS = [
  {},
  { Direction: "IN", PhoneNumber: "+16503054000" },
  { Direction: "OUT" },
  { Direction: "OUT", PhoneNumber: null },
  { Direction: "OUT", PhoneNumber: 16503054000 },
  { Direction: "OUT", PhoneNumber: { toString: () => "+16503054000" } },
  { Direction: ["OUT"], PhoneNumber: "+16503054000" },
  { Direction: "OUT", PhoneNumber: "1".repeat(1_000_000) },
  Object.create({ Direction: "OUT", PhoneNumber: "+16503054000" }),
  JSON.parse('{"__proto__": {"Direction": "OUT", "PhoneNumber": "+16503054000"}}'),
];

for (const [index, request] of NO_REQUESTS.entries()) {
  test(`no request to dial: ${index} ${JSON.stringify(request).slice(0, 60)}`, () => {
    assert.equal(requestedCall(request), null);
  });
}

for (const activity of [7, {}, "", "</ActivityUUID><BP>", "a".repeat(65)]) {
  test(`${JSON.stringify(activity).slice(0, 40)} is no activity`, () => {
    assert.equal(requestedCall({ Direction: "OUT", PhoneNumber: "1", ActivityUUID: activity }).activity, null);
  });
}
