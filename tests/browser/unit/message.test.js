// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { DOMParser } from "@xmldom/xmldom";
import fc from "fast-check";

import { buildMessage } from "../../../files/cti_connector/src/message.js";

const CASES = 10_000;
const NAMES = ["Type", "EventType", "Action", "ANI", "ExternalReferenceID", "Custom_1", "Custom_4", "Email", "Transcript"];
const NASTY = ["</Custom_1><BP>4711</BP><Custom_1>", "]]>", "<!--", "<![CDATA[", "&amp;", "&#0;", "\r\n", "\u0000", "\ud800", "\ufffe"];

/** Any text, more often than by chance one that a careless builder would stumble over. */
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ maxLength: 8 })), { maxLength: 6 }).map((parts) => parts.join("")),
  // Lone surrogates, which no string of whole characters has.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
);
const values = fc.oneof({ weight: 9, arbitrary: texts }, { weight: 1, arbitrary: fc.constantFrom(null, undefined, "") });
const fields = fc.dictionary(fc.constantFrom(...NAMES), values);

/** What may be in a text, written down independently of the builder. */
function allowed(text) {
  return Array.from(text)
    .filter((character) => {
      const code = character.codePointAt(0);
      const control = (code < 0x20 && ![0x9, 0xa, 0xd].includes(code)) || (code >= 0x7f && code < 0xa0);
      return !(control || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff);
    })
    .join("");
}

function expected(given) {
  const entries = Object.entries(given).map(([name, value]) => [name, allowed(value ?? "")]);
  return Object.fromEntries(entries.filter(([, value]) => value.trim() !== ""));
}

function parse(xml) {
  const complaints = [];
  // It warns of the replacement character, which is a character like any other.
  const onError = (level, message) => level === "warning" || complaints.push(`${level}: ${message}`);
  const document = new DOMParser({ onError }).parseFromString(xml, "text/xml");
  assert.deepEqual(complaints, []);
  const root = document.documentElement;
  assert.equal(root.tagName, "payload");
  const elements = Array.from(root.childNodes).filter((node) => node.nodeType === 1);
  assert.ok(elements.every((element) => Array.from(element.childNodes).every((node) => node.nodeType === 3)));
  return elements.map((element) => [element.tagName, element.textContent]);
}

test(`a parser reads what was written, in ${CASES} cases`, () => {
  fc.assert(
    fc.property(fields, (given) => {
      const read = parse(buildMessage(given, "xml"));
      assert.deepEqual(read, Object.entries(expected(given)));
    }),
    { numRuns: CASES },
  );
});

test(`both formats say the same, in ${CASES} cases`, () => {
  fc.assert(
    fc.property(fields, (given) => {
      const { payload, ...others } = buildMessage(given, "json");
      assert.deepEqual(others, {});
      assert.deepEqual({ ...payload }, expected(given));
      assert.deepEqual(Object.entries(payload), parse(buildMessage(given, "xml")));
    }),
    { numRuns: CASES },
  );
});

test("ten thousand characters of markup arrive as they are", () => {
  const value = "<b a=\"1\">&'</b>\n".repeat(625);
  assert.equal(value.length, 10_000);
  assert.deepEqual(parse(buildMessage({ Custom_1: value }, "xml")), [["Custom_1", value]]);
  assert.equal(buildMessage({ Custom_1: value }, "json").payload.Custom_1, value);
});

test("the XML is the text that SAP documents", () => {
  assert.equal(
    buildMessage({ Type: "CALL", EventType: "INBOUND", Action: null, ANI: "+442071838750" }, "xml"),
    "<?xml version='1.0' encoding='utf-8' ?> <payload> <Type>CALL</Type><EventType>INBOUND</EventType><ANI>+442071838750</ANI></payload>",
  );
});

test("members of Object's prototype are names like any other", () => {
  const message = buildMessage(JSON.parse('{"Custom_1": "a", "__proto__": {"polluted": "yes"}}'), "json");
  assert.equal({}.polluted, undefined);
  assert.equal(message.payload.Custom_1, "a");
});
