// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Messages to SAP in the two forms it takes (sap-cti 1.1): an object with the member `payload`, or the same as an XML
 * text.
 *
 * @typedef {Record<string, unknown>} Fields
 */

// Control characters, and what XML 1.0 has no way to write. With the flag u a surrogate matches only when it has no
// partner.
const NO_TEXT = /[^\t\n\r\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
// Parsers read other line ends as a line feed, some also the last two; references keep them.
const ESCAPED = /[&<>"'\r\u2028\u2029]/g;

/**
 * @param {Fields} fields in the order in which they are written; those without a value are left out
 * @param {"json" | "xml"} format
 * @returns {{payload: Record<string, string>} | string}
 */
export function buildMessage(fields, format) {
  const texts = Object.entries(fields)
    .map(([name, value]) => [name, clean(value)])
    .filter(([, text]) => text !== "");
  if (format === "json") {
    return { payload: Object.fromEntries(texts) };
  }
  const elements = texts.map(([name, text]) => `<${name}>${escape(text)}</${name}>`).join("");
  return `<?xml version='1.0' encoding='utf-8' ?> <payload> ${elements}</payload>`;
}

/** @param {unknown} value */
function clean(value) {
  const text = value === null || value === undefined ? "" : String(value).replace(NO_TEXT, "");
  return text.trim() === "" ? "" : text;
}

/** @param {string} text */
function escape(text) {
  return text.replace(ESCAPED, (character) => `&#${character.charCodeAt(0)};`);
}
