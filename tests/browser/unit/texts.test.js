// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { LANGUAGES, chooseLanguage, english, fill, loadTexts } from "../../../files/cti_connector/src/texts.js";

/** Sentences by path, such as problems.sign_in.0. */
function flatten(texts, path = "") {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === "string" ? [[`${path}${name}`, value]] : flatten(value, `${path}${name}.`),
  );
}

const placeholders = (sentence) => (sentence.match(/\{\w+\}/g) ?? []).sort();

test("English, German and at least three more", () => {
  assert.ok(LANGUAGES.includes("en") && LANGUAGES.includes("de") && LANGUAGES.length >= 5);
});

for (const language of LANGUAGES) {
  test(`${language} says everything, with the same values`, async () => {
    const texts = new Map(flatten(await loadTexts(language)));
    const wanted = flatten(english);
    assert.deepEqual([...texts.keys()].sort(), wanted.map(([path]) => path).sort());
    for (const [path, sentence] of wanted) {
      assert.deepEqual(placeholders(texts.get(path)), placeholders(sentence), path);
      assert.equal(texts.get(path) === "", sentence === "", path);
    }
  });
}

test("a translation is not the English sentence", async () => {
  for (const language of LANGUAGES.filter((one) => one !== "en")) {
    const texts = await loadTexts(language);
    for (const [name, [title]] of Object.entries(texts.problems)) {
      if (name !== "dial_refused") {
        assert.notEqual(title, english.problems[name][0], `${language} ${name}`);
      }
    }
  }
});

for (const [wanted, chosen] of [
  [["de-AT", "en"], "de"],
  [["nl", "fr-CA"], "fr"],
  [["nl"], "en"],
  [[], "en"],
  [["EN-us"], "en"],
]) {
  test(`a browser for ${wanted.join(", ") || "nothing"} gets ${chosen}`, () => {
    assert.equal(chooseLanguage(wanted), chosen);
  });
}

test("values are filled in as they are", () => {
  assert.equal(fill("{a} and {b} and {constructor}", { a: "{b}", b: "<b>" }), "{b} and <b> and {constructor}");
});
