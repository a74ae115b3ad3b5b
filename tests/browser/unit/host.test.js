// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { identifyHost } from "../../../files/cti_connector/src/host.js";

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
