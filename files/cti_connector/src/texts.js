// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import en from "./texts/en.js";

/** @typedef {typeof en} Texts */

/** Languages of the page. English comes with it, the others are loaded by those who read them. */
export const LANGUAGES = ["en", "de", "es", "fr", "it"];

export const english = en;

/**
 * The first of the wanted languages that the page speaks.
 *
 * @param {readonly string[]} wanted as browsers tell them, such as `de-AT`
 */
export function chooseLanguage(wanted) {
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => LANGUAGES.includes(tag)) ?? "en";
}

/**
 * @param {string} language
 * @returns {Promise<Texts>}
 */
export async function loadTexts(language) {
  return language === "en" ? en : (await import(new URL("translations.js", import.meta.url).href))[language];
}

/**
 * @param {string} sentence
 * @param {Record<string, string>} values
 */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}
