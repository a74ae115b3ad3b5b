// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * The 30 faults of the published sample's widget (sap-cti 4.1), each with the proof that this connector has it not. What
 * only a browser can show is in the browser tests besides; the tests here are the ones that name the faults.
 */

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { parsePhoneNumberFromString } from "libphonenumber-js/min";

import { ccpOptions, startCcp } from "../../../files/cti_connector/src/ccp.js";
import { Dialler, requestedCall } from "../../../files/cti_connector/src/dial.js";
import { connectHost, identifyHost } from "../../../files/cti_connector/src/host.js";
import { buildMessage } from "../../../files/cti_connector/src/message.js";
import { contactPage, openPage, requestedRecording } from "../../../files/cti_connector/src/pages.js";
import { PhoneNumbers } from "../../../files/cti_connector/src/phone.js";
import { FakeStatus, FakeStreams } from "./fakes/panel.js";
import { CONTACT_ID, CUSTOMER, FIRST_ID, FakeContact } from "./fakes/streams.js";
import { newBrowser, openTab, settingsWith } from "./fakes/tab.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SOURCE = join(ROOT, "files", "cti_connector", "src");
const SAP = "https://my1000000.de1.crm.cloud.sap";
const EVIL = "https://evil.example";
const ANSWERED = "Connecting Connected ACW Ended Destroy";
const ACTIVITY = "0a1b2c3d-0000-4111-8222-333344445555";

const named = new Set();

/** Declare the test of a fault by its number in the reference. */
function fault(number, words, proof) {
  named.add(number);
  test(`fault ${number}: ${words}`, proof);
}

/** What SAP is told in the course of a contact. */
async function tell(contact, { events = ANSWERED, ...options } = {}) {
  const tab = openTab(options);
  const one = new FakeContact(contact);
  tab.follow(one);
  await tab.play(one, events);
  return tab.payloads();
}

async function readSources() {
  const names = (await readdir(SOURCE, { recursive: true })).filter((name) => name.endsWith(".js"));
  return Promise.all(names.map((name) => readFile(join(SOURCE, name), "utf8")));
}

function newDialler(agent, shown = [], settings = {}) {
  const dialler = new Dialler({
    phone: new PhoneNumbers(["GB"], async () => parsePhoneNumberFromString),
    endpointOf: (number) => number,
    queueArn: null,
    showWaiting: () => shown.push("waiting"),
    showRefusal: (_number, name) => shown.push(name),
    clear: () => {},
    log: () => {},
    later: () => {},
    expectCall: () => {},
    ...settings,
  });
  dialler.agent = agent;
  return dialler;
}

function newAgent() {
  const calls = [];
  const agent = {
    calls,
    getPermissions: () => ["outboundCall"],
    getDialableCountries: () => [],
    getContacts: () => [],
    connect: (number, options) => calls.push({ number, options }),
  };
  return agent;
}

function startPage(streams, status = new FakeStatus()) {
  startCcp(streams, {
    container: {},
    settings: settingsWith(),
    status,
    softphoneElsewhere: false,
    origin: "https://connector.example",
    network: new EventTarget(),
    log: () => {},
    reload: () => {},
    reachable: async () => true,
    onAgent: () => {},
  });
  return status;
}

fault(1, "messages go to any page that frames the widget", () => {
  const targets = [];
  const parent = { postMessage: (_message, target) => targets.push(target) };
  connectHost(Object.assign(new EventTarget(), { parent }), SAP, () => {})({ payload: {} });
  assert.deepEqual(targets, [SAP]);
  const view = { top: {}, self: {}, location: { ancestorOrigins: [EVIL] }, document: { referrer: "" } };
  assert.equal(identifyHost(view, [SAP]).kind, "refused");
});

fault(2, "any frame or opener can dial and open pages", () => {
  const view = Object.assign(new EventTarget(), { parent: {} });
  const heard = [];
  connectHost(view, SAP, (request) => heard.push(request));
  const deliver = (source, origin) =>
    view.dispatchEvent(Object.assign(new Event("message"), { data: { Direction: "OUT" }, source, origin }));
  deliver({}, SAP);
  deliver(view.parent, EVIL);
  deliver({}, EVIL);
  assert.equal(heard.length, 0);
  deliver(view.parent, SAP);
  assert.equal(heard.length, 1);
});

fault(3, "a message without data or number throws", () => {
  const view = Object.assign(new EventTarget(), { parent: {} });
  const requests = [];
  connectHost(view, SAP, (request) => requests.push(requestedCall(request) ?? requestedRecording(request)));
  for (const data of [null, undefined, 7, "text", [], { Direction: "OUT" }, { Direction: "OUT", PhoneNumber: null }]) {
    view.dispatchEvent(Object.assign(new Event("message"), { data, source: view.parent, origin: SAP }));
  }
  assert.deepEqual(requests, [null, null]);
});

fault(4, "the recording's page is opened unencoded, in New York's time, with an opener, or silently blocked", () => {
  const url = contactPage("https://example.my.connect.aws", CONTACT_ID, "Europe/Berlin");
  assert.equal(new URL(url).searchParams.get("tz"), "Europe/Berlin");
  assert.equal(requestedRecording({ RecordingId: `${CONTACT_ID}&tz=America/New_York` }), null);
  const opened = { opener: {} };
  assert.equal(openPage({ open: () => opened }, url), true);
  assert.equal(opened.opener, null);
  assert.equal(openPage({ open: () => null }, url), false);
});

fault(5, "numbers as people write them are not understood", async () => {
  const phone = new PhoneNumbers(["GB"], async () => parsePhoneNumberFromString);
  for (const written of ["+44 (0)20 7183 8750", "0044 20/7183.8750", "tel:020-7183-8750", "+44 20 7183 8750 ext. 4"]) {
    assert.equal((await phone.read(written))?.number, "+442071838750", written);
  }
});

fault(6, "dialling before the sign-in fails without a word, as do refusals", async () => {
  const shown = [];
  const waiting = newDialler(null, shown);
  await waiting.dial({ number: CUSTOMER, activity: null });
  const agent = newAgent();
  await waiting.setAgent(agent);
  assert.deepEqual([shown, agent.calls.length], [["waiting"], 1]);
  assert.ok(agent.calls[0].options.timeout > 0);
  agent.calls[0].options.failure("{}");
  assert.deepEqual(shown, ["waiting", "failed"]);
  await newDialler(agent, shown, { queueArn: "arn:queue" }).dial({ number: CUSTOMER, activity: null });
  assert.equal(agent.calls[1].options.queueARN, "arn:queue");
});

fault(7, "the activity that SAP made for a call is never linked", async () => {
  const agent = newAgent();
  const dialler = newDialler(agent);
  await dialler.dial(requestedCall({ Direction: "OUT", PhoneNumber: CUSTOMER, ActivityUUID: ACTIVITY }));
  const takeActivity = (number) => dialler.takeActivity(number);
  const [, accept] = await tell({ direction: "outbound" }, { takeActivity });
  assert.equal(accept.ActivityUUID, ACTIVITY);
});

fault(8, "outbound calls are reported as inbound", async () => {
  const told = await tell({ direction: "outbound" });
  assert.deepEqual(
    told.map(({ EventType }) => EventType),
    ["OUTBOUND", "OUTBOUND", "UPDATEACTIVITY"],
  );
});

fault(9, "type and number come from attributes that most flows do not set", async () => {
  const [notify] = await tell({ attributes: {} });
  assert.deepEqual([notify.Type, notify.ANI], ["CALL", CUSTOMER]);
  assert.ok(!JSON.stringify(await tell({ attributes: {}, number: null })).includes("undefined"));
});

fault(10, "a call counts as accepted only when this page's button was pressed", async () => {
  const told = await tell({}, { events: "Connected" });
  assert.deepEqual(told.map(({ Action }) => Action), ["ACCEPT"]);
});

fault(11, "a queue callback rings in SAP only after it was accepted", async () => {
  const told = await tell({ type: "queue_callback", direction: "outbound" }, { events: "Incoming" });
  assert.deepEqual(told.map(({ Action, EventType }) => [Action, EventType]), [["NOTIFY", "INBOUND"]]);
});

fault(12, "missed calls end activities that never were", async () => {
  const events = "Connecting Ended Missed Destroy";
  assert.deepEqual((await tell({}, { events })).map(({ Action }) => Action), ["NOTIFY"]);
  const declined = await tell({}, { events, settings: { declineMissed: true } });
  assert.deepEqual(declined.map(({ Action }) => Action), ["NOTIFY", "DECLINE"]);
});

fault(13, "tasks, e-mails and monitored calls send messages without a type, or throw", async () => {
  for (const contact of [{ type: "task" }, { type: "email" }, { agentType: "monitoring", attributes: null }]) {
    assert.deepEqual(await tell(contact), []);
  }
});

fault(14, "a reload loses the end of the call", async () => {
  const browser = newBrowser();
  await tell({}, { browser, events: "Connecting Connected" });
  browser.locks.held = [];
  const told = await tell({}, { browser, events: "ACW Destroy" });
  assert.deepEqual(told.map(({ Action }) => Action), ["END"]);
});

fault(15, "the receiving agent's part of a transferred call is not linked", async () => {
  const [notify, accept] = await tell({ original: FIRST_ID });
  assert.equal(notify.ExternalOriginalReferenceID, FIRST_ID);
  assert.equal(accept.ExternalOriginalReferenceID, FIRST_ID);
});

fault(16, "every chat identifies the same made-up customer", async () => {
  const chat = { type: "chat", number: null };
  assert.ok((await tell(chat)).every((message) => !("Email" in message)));
  const [notify] = await tell({ ...chat, attributes: { Email: "bob@example.com" } });
  assert.equal(notify.Email, "bob@example.com");
  assert.ok((await readSources()).every((source) => !/@example\.com/.test(source)));
});

fault(17, "the text of a chat is blanked, and text messages count as chats", async () => {
  const chat = { type: "chat", number: null };
  assert.ok(!("Transcript" in (await tell(chat)).at(-1)));
  assert.equal((await tell(chat, { transcript: async () => "Ann : Hi" })).at(-1).Transcript, "Ann : Hi");
  for (const subtype of ["connect:SMS", "connect:WhatsApp"]) {
    const types = (await tell({ type: "chat", subtype })).map(({ Type }) => Type);
    assert.deepEqual(types, ["MESSAGE", "MESSAGE", "MESSAGE"]);
  }
});

fault(18, "attribute values break or extend the XML", () => {
  const xml = buildMessage({ Custom_1: "a</Custom_1><BP>4711</BP>&\u0000", Custom_2: undefined, Custom_3: "" }, "xml");
  assert.deepEqual(xml.match(/<[/\w]+/g), ["<payload", "<Custom_1", "</Custom_1", "</payload"]);
  assert.ok(!xml.includes("<BP>") && !xml.includes("undefined") && !xml.includes("\u0000"));
});

fault(19, "an internal key leaks into SAP", async () => {
  const known = /^(Type|EventType|Action|ANI|ExternalReferenceID|RecordingId|Custom_[1-3])$/;
  const attributes = { CustomerUUID: "1", TicketID: "2", Serial: "3", ActionTemp: "4" };
  const names = (await tell({ attributes })).flatMap((message) => Object.keys(message));
  assert.ok(names.length > 10 && names.every((name) => known.test(name)), names.join());
});

fault(20, "the reference breaks SAP's rule of at most 35 letters and digits", async () => {
  const told = await tell({}, { settings: { referenceFormat: "compact" } });
  assert.ok(told.every(({ ExternalReferenceID }) => /^[0-9A-Z]{1,35}$/.test(ExternalReferenceID)));
});

fault(21, "numbers have no plus sign, and anonymous callers get a made-up one", async () => {
  for (const [number, ANI] of [
    ["sip:+442071838750@carrier.example", CUSTOMER],
    ["020 7183 8750", CUSTOMER],
    ["anonymous", undefined],
    ["sip:anonymous@anonymous.invalid", undefined],
    ["12345", undefined],
  ]) {
    assert.equal((await tell({ number }))[0].ANI, ANI, number);
  }
});

fault(22, "a recording is offered before there is one, and not when there is", async () => {
  const told = await tell({});
  assert.deepEqual(told.map((message) => "RecordingId" in message), [false, false, true]);
  const unrecorded = await tell({}, { settings: { recordings: false } });
  assert.ok(unrecorded.every((message) => !("RecordingId" in message)));
});

fault(23, "only three of the fields can be filled, from attributes of fixed names", async () => {
  const attributeFields = { Custom_4: "tier", DNIS: "dialled", BP: "partner", Subject: "queue" };
  const attributes = { tier: "gold", dialled: "+443301234567", partner: "4711", queue: "Sales" };
  const [, accept] = await tell({ attributes }, { settings: { attributeFields } });
  const { Custom_4, DNIS, BP, Subject } = accept;
  assert.deepEqual([Custom_4, DNIS, BP, Subject], ["gold", "+443301234567", "4711", "Sales"]);
});

fault(24, "whatever goes wrong at the start or the sign-in leaves an empty frame", () => {
  for (const event of ["auth_fail", "access_denied", "retries_exhausted", "authorize_exhausted", "terminated"]) {
    const streams = new FakeStreams();
    const status = startPage(streams);
    streams.fire(event);
    assert.equal(status.names().length, 1, event);
  }
  const streams = new FakeStreams();
  const status = startPage(streams);
  streams.opened = null;
  streams.core.getPopupManager().open("https://example.com/");
  assert.deepEqual(status.names(), ["popup_blocked"]);
});

fault(25, "calls ring with a sound that does not exist, and video is asked for", () => {
  const page = { softphoneElsewhere: false, title: "" };
  const { softphone } = ccpOptions(settingsWith(), page);
  assert.deepEqual(softphone, { allowFramedSoftphone: true, disableRingtone: false });
  const options = ccpOptions(settingsWith({ loginUrl: "https://idp.example.com/", storageAccess: true }), page);
  assert.equal(options.loginUrl, "https://idp.example.com/");
  assert.equal(options.storageAccess.canRequest, true);
});

fault(26, "the library is an old copy without an integrity value", async () => {
  const { dependencies } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  assert.match(dependencies["amazon-connect-streams"], /^2\.\d+\.\d+$/);
  assert.match(await readFile(join(SOURCE, "index.html"), "utf8"), /src="\{\{streams\}\}" integrity="\{\{streams_integrity\}\}"/);
});

fault(27, "errors of the softphone are swallowed", () => {
  const streams = new FakeStreams();
  const status = startPage(streams);
  streams.signIn();
  streams.fire("softphone", { errorType: "webrtc_error" });
  assert.deepEqual(status.names(), ["softphone_failed"]);
});

fault(28, "customers' data is written to the browser's console", async () => {
  assert.ok((await readSources()).every((source) => !/\bconsole\b\./.test(source)));
  const streams = new FakeStreams();
  startPage(streams);
  assert.equal(streams.echoed, "error");
  const browser = newBrowser();
  const tab = openTab({ browser });
  const contact = new FakeContact({ attributes: { CustomerUUID: "secret" } });
  tab.follow(contact);
  await tab.play(contact, ANSWERED);
  assert.doesNotMatch(JSON.stringify(tab.logged), /secret|7183/);
  // Nor is it kept: the browser's storage outlives the call, and others use the same computer.
  const kept = JSON.stringify([...browser.store.items]);
  assert.match(kept, new RegExp(CONTACT_ID));
  assert.doesNotMatch(kept, /secret|7183/);
});

fault(29, "the page has no policy, no language and no words for screen readers", async () => {
  const page = await readFile(join(SOURCE, "index.html"), "utf8");
  for (const part of [/<html lang="en">/, /<title>/, /role="status"/, /role="alert"/, /<main>/, /id="ccp" aria-label/]) {
    assert.match(page, part);
  }
  const headers = await readFile(join(ROOT, "files", "cti_connector", "headers.json.j2"), "utf8");
  for (const part of [/default-src 'none'/, /frame-ancestors ' ~ hosts/, /Strict-Transport-Security/, /nosniff/]) {
    assert.match(headers, part);
  }
  assert.doesNotMatch(headers, /unsafe/);
});

fault(30, "every tab sends every message", async () => {
  const browser = newBrowser();
  const tabs = [openTab({ browser }), openTab({ browser })];
  const contacts = tabs.map(() => new FakeContact());
  tabs.forEach((tab, index) => tab.follow(contacts[index]));
  for (const event of ANSWERED.split(" ")) {
    contacts.forEach((contact) => contact.fire(event));
    await new Promise((next) => setTimeout(next, 5));
    browser.waits.splice(0).forEach(({ done }) => done());
    await Promise.all(tabs.map((tab) => tab.courses.settled()));
  }
  const actions = tabs.flatMap((tab) => tab.payloads().map(({ Action }) => Action));
  assert.deepEqual(actions.sort(), ["ACCEPT", "END", "NOTIFY"]);
});

test("every fault of the reference is named", () => {
  assert.deepEqual([...named].sort((one, other) => one - other), Array.from({ length: 30 }, (_, index) => index + 1));
});
