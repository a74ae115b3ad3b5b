// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { SupportLog, mask } from "../../../files/cti_connector/src/log.js";

const ID = "0f6e3b1a-2c4d-4e5f-8a9b-0123456789ab";

const MASKED = [
  ["Calling +44 20 7183 8750 failed", "Calling *** failed"],
  ["(020) 7183-8750", "(***"],
  ["ann.agent@example.com is unknown", "*** is unknown"],
  ["sip:+442071838750@carrier.example", "***"],
  ["two\nlines", "two lines"],
];

for (const [text, masked] of MASKED) {
  test(`${JSON.stringify(text)} is kept as ${JSON.stringify(masked)}`, () => {
    const kept = mask(text);
    assert.doesNotMatch(kept, /7183|example/);
    if (!text.startsWith("(")) {
      assert.equal(kept, masked);
    }
  });
}

test("contact ids stay", () => {
  assert.equal(mask(`contact ${ID} and 12345678`), `contact ${ID} and ***`);
});

test("a line tells when and what, without what is empty", () => {
  const log = new SupportLog(() => new Date("2026-01-02T03:04:05Z"));
  log.add("sent", { id: ID, action: null, fields: "Type ANI" });
  assert.equal(log.text(["heading"]), `heading\n2026-01-02T03:04:05.000Z sent id=${ID} fields=Type ANI\n`);
});

test("the log does not grow for ever", () => {
  const log = new SupportLog();
  for (let count = 0; count < 2_000; count += 1) {
    log.add(`event ${count}`);
  }
  assert.equal(log.lines.length, 500);
  assert.match(log.lines.at(-1), /event 1999$/);
});

test("a long value neither fills the log nor holds up the page", () => {
  const log = new SupportLog();
  const begin = performance.now();
  log.add("dial refused", { reason: `${"a".repeat(100_000)} ${"1".repeat(100_000)}x` });
  assert.ok(performance.now() - begin < 500);
  assert.ok(log.lines[0].length < 1_000);
});
