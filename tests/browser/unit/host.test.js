// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { connectHost, identifyHost } from "../../../files/cti_connector/src/host.js";

const SAP = "https://my1000000.de1.crm.cloud.sap";
const EVIL = "https://evil.example";

/** A window inside another one. */
function framed({ ancestors, referrer = "" }) {
  return { top: {}, self: {}, location: { ancestorOrigins: ancestors }, document: { referrer } };
}

test("a page opened by itself has no host, whoever linked to it", () => {
  const view = { location: { ancestorOrigins: [] }, document: { referrer: `${EVIL}/` } };
  assert.deepEqual(identifyHost({ ...view, top: view, self: view }, [SAP]), { kind: "none" });
});

test("SAP is recognised as the parent", () => {
  assert.deepEqual(identifyHost(framed({ ancestors: [SAP] }), [EVIL, SAP]), { kind: "sap", origin: SAP });
});

test("another parent is refused and named", () => {
  assert.deepEqual(identifyHost(framed({ ancestors: [EVIL] }), [SAP]), { kind: "refused", origin: EVIL });
});

test("SAP inside another page is refused", () => {
  assert.deepEqual(identifyHost(framed({ ancestors: [SAP, EVIL] }), [SAP]), { kind: "refused", origin: EVIL });
});

test("a host whose name only begins like SAP's is refused", () => {
  const origin = `${SAP}.evil.example`;
  assert.deepEqual(identifyHost(framed({ ancestors: [origin] }), [SAP]), { kind: "refused", origin });
});

test("without ancestorOrigins the referrer tells the parent", () => {
  assert.deepEqual(identifyHost(framed({ referrer: `${SAP}/ui` }), [SAP]), { kind: "sap", origin: SAP });
  assert.deepEqual(identifyHost(framed({ referrer: `${EVIL}/${SAP}` }), [SAP]), { kind: "refused", origin: EVIL });
});

test("a parent that the browser does not tell is refused", () => {
  assert.deepEqual(identifyHost(framed({}), [SAP]), { kind: "refused", origin: null });
});

/** The window of the connector inside SAP, and what it was told and told others. */
function connected() {
  const parent = { sent: [], postMessage: (message, target) => parent.sent.push([message, target]) };
  const view = Object.assign(new EventTarget(), { parent });
  const received = [];
  const post = connectHost(view, SAP, (request) => received.push(request));
  const deliver = (data, { source = parent, origin = SAP } = {}) =>
    view.dispatchEvent(Object.assign(new Event("message"), { data, source, origin }));
  return { parent, received, post, deliver };
}

test("a message goes to the parent, for its origin only", () => {
  const { parent, post } = connected();
  post({ payload: { Type: "CALL" } });
  assert.deepEqual(parent.sent, [[{ payload: { Type: "CALL" } }, SAP]]);
});

test("a request of the parent is heard", () => {
  const { received, deliver } = connected();
  deliver({ Direction: "OUT" });
  assert.deepEqual(received, [{ Direction: "OUT" }]);
});

const STRANGERS = {
  "another frame of SAP": { source: {} },
  "the panel's frame": { source: {}, origin: "https://example.my.connect.aws" },
  "the page that opened this one": { source: {}, origin: EVIL },
  "the parent after it went to another site": { origin: EVIL },
  "an origin that only begins like SAP's": { origin: `${SAP}.evil.example` },
  "a page without an origin": { origin: "null" },
  "nobody": { source: null, origin: "" },
};

for (const [name, from] of Object.entries(STRANGERS)) {
  test(`a request of ${name} does nothing`, () => {
    const { received, deliver } = connected();
    deliver({ Direction: "OUT", PhoneNumber: "+442071838750" }, from);
    assert.deepEqual(received, []);
  });
}

for (const data of [null, undefined, "", "<payload/>", 7, true, ["OUT"]]) {
  test(`${JSON.stringify(data)} is no request and does no harm`, () => {
    const { received, deliver } = connected();
    deliver(data);
    assert.deepEqual(received, []);
  });
}
