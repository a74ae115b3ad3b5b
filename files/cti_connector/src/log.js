// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * The last things that happened, for support. A person saves it as a file and can read it before sending it on: it
 * holds contact ids and names of events, and masks whatever may tell who somebody is.
 */

const LINES = 500;
// What is longer is no reason that somebody reads, and the search for numbers in it would hold up the page.
const LONGEST = 500;
const UUID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;
const EMAIL = /[^\s@"'<>()]+@[^\s@"'<>()]+/g;
const DIGITS = /\+?\d[\d\s()./-]{3,}\d/g;

export class SupportLog {
  /** @param {() => Date} now */
  constructor(now = () => new Date()) {
    this.now = now;
    /** @type {string[]} */
    this.lines = [];
  }

  /**
   * @param {string} event
   * @param {Record<string, unknown>} [details]
   */
  add(event, details = {}) {
    const words = Object.entries(details)
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => `${name}=${mask(String(value).slice(0, LONGEST))}`);
    this.lines.push([this.now().toISOString(), event, ...words].join(" "));
    this.lines.splice(0, this.lines.length - LINES);
  }

  /** @param {string[]} heading */
  text(heading) {
    return [...heading, ...this.lines, ""].join("\n");
  }
}

/**
 * Replace what looks like an address or a number of a person. Contact ids stay: support cannot do without them.
 *
 * @param {string} text
 */
export function mask(text) {
  /** @type {string[]} */
  const ids = [];
  return text
    .replace(/[\r\n]+/g, " ")
    .replace(UUID, (id) => `\u0000${ids.push(id) - 1};`)
    .replace(EMAIL, "***")
    .replace(DIGITS, "***")
    .replace(/\u0000(\d+);/g, (_, index) => ids[Number(index)]);
}
