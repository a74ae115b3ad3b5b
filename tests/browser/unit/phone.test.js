// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { parsePhoneNumberFromString } from "libphonenumber-js/min";

import { PhoneNumbers } from "../../../files/cti_connector/src/phone.js";

function numbers(countries = ["GB", "DE"]) {
  return new PhoneNumbers(countries, async () => parsePhoneNumberFromString);
}

const DIALLED = [
  ["+1 6503054000", "+16503054000"],
  ["+44 (0)20 7183 8750", "+442071838750"],
  ["0044 20 7183 8750", "+442071838750"],
  ["+49-30/901820", "+4930901820"],
  ["+49.30.901820", "+4930901820"],
  ["tel:+44-20-7183-8750", "+442071838750"],
  ["tel:+442071838750;ext=12", "+442071838750"],
  ["+44 20 7183 8750 ext. 12", "+442071838750"],
  ["sip:+442071838750@carrier.example;user=phone", "+442071838750"],
  ["020 7183 8750", "+442071838750"],
  ["\u00a0+44\u00a020\u20117183\u20118750 ", "+442071838750"],
];

for (const [written, number] of DIALLED) {
  test(`${JSON.stringify(written)} is ${number}`, async () => {
    assert.equal((await numbers().read(written)).number, number);
    assert.equal(await numbers().toE164(written), number);
  });
}

const NO_NUMBERS = ["", "anonymous", "sip:anonymous@anonymous.invalid", "Restricted", "12345", "+", "call me", "+44", null, 7, {}, "+4".padEnd(80, "4")];

for (const written of NO_NUMBERS) {
  test(`${JSON.stringify(written)} is no number`, async () => {
    assert.equal(await numbers().read(written), null);
    assert.equal(await numbers().toE164(written), null);
  });
}

test("the number that networks write for anonymous callers is none", async () => {
  assert.equal(await numbers().toE164("+266696687"), null);
});

test("the countries are tried in their order", async () => {
  assert.deepEqual(await numbers(["DE", "GB"]).read("030 901820"), { number: "+4930901820", country: "DE" });
  assert.deepEqual(await numbers(["GB", "DE"]).read("07400 123456"), { number: "+447400123456", country: "GB" });
});

test("without countries a number needs its country code", async () => {
  assert.equal(await numbers([]).read("020 7183 8750"), null);
});

test("a complete number does not wait for the library", async () => {
  const waiting = new PhoneNumbers([], () => new Promise(() => {}));
  assert.equal(await waiting.toE164("+442071838750"), "+442071838750");
});

test("the library is asked for once, and again after it could not be loaded", async () => {
  let asked = 0;
  const phone = new PhoneNumbers(["GB"], async () => {
    asked += 1;
    if (asked === 1) {
      throw new Error("offline");
    }
    return parsePhoneNumberFromString;
  });
  await assert.rejects(phone.read("020 7183 8750"), /offline/);
  await phone.read("020 7183 8750");
  await phone.read("020 7183 8750");
  assert.equal(asked, 2);
});
