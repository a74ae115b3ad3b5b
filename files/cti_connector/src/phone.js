// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Numbers as SAP wants them: E.164 with a plus sign, or it finds no customer (sap-cti 1.2).
 *
 * @typedef {{isValid(): boolean, number: string, country?: string}} ParsedNumber
 * @typedef {(text: string, country?: any) => ParsedNumber | undefined} ParseNumber
 * @typedef {{number: string, country: string | null}} PhoneNumber
 */

const LONGEST = 64;
const SHORTEST_NATIONAL = 7;
const E164 = /^\+[1-9]\d{6,14}$/;
// "anonymous" on the keys of a telephone: networks write it where a number is expected.
const ANONYMOUS = "+266696687";

export class PhoneNumbers {
  /**
   * @param {string[]} countries of numbers without a country code, tried in this order
   * @param {() => Promise<ParseNumber>} load the library: big, so it must not delay the start of the page
   */
  constructor(countries, load) {
    this.countries = countries;
    this.load = load;
    /** @type {Promise<ParseNumber> | null} */
    this.parser = null;
  }

  /**
   * The number of a customer, as far as it is one. What is complete already does not wait for the library.
   *
   * @param {string} written
   * @returns {Promise<string | null>}
   */
  async toE164(written) {
    const plain = tidy(written).replace(/[\s().-]/g, "");
    if (plain === ANONYMOUS) {
      return null;
    }
    return E164.test(plain) ? plain : ((await this.read(written))?.number ?? null);
  }

  /**
   * The number that a person wrote in one of the usual ways, or null when it is none.
   *
   * @param {unknown} written
   * @returns {Promise<PhoneNumber | null>}
   */
  async read(written) {
    const text = tidy(written);
    const international = text.startsWith("+");
    // Short codes of networks would become somebody's number: some countries have such short ones.
    if (text.replace(/\D/g, "").length < (international ? 1 : SHORTEST_NATIONAL)) {
      return null;
    }
    const parse = await this.#parser();
    for (const country of international ? [undefined] : this.countries) {
      const parsed = parse(text, country);
      if (parsed?.isValid()) {
        return { number: parsed.number, country: parsed.country ?? null };
      }
    }
    return null;
  }

  /** @returns {Promise<ParseNumber>} */
  #parser() {
    this.parser ??= this.load();
    // The next number tries again after a failed download.
    this.parser.catch(() => (this.parser = null));
    return this.parser;
  }
}

/**
 * Without what stands around a number in addresses. People write a trunk zero in brackets behind the country code; it is
 * not dialled.
 *
 * @param {unknown} written
 */
function tidy(written) {
  if (typeof written !== "string" || written.length > LONGEST) {
    return "";
  }
  return written
    .trim()
    .replace(/^(tel|sips?):/i, "")
    .replace(/[@;].*$/s, "")
    .trim()
    .replace(/^00(?=[1-9])/, "+")
    .replace(/^(\+.*?)\(0\)/, "$1");
}
