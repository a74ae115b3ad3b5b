// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import { LANGUAGES } from "./texts.js";

/**
 * What `config.js` may say. The hosting role renders that file; this module refuses what it does not understand, so
 * that a mistake shows up as a sentence on the page and not as a call without a record.
 *
 * @typedef {object} Settings
 * @property {string} instanceUrl access URL of the Amazon Connect instance, without a slash at the end
 * @property {string} region
 * @property {string[]} sapOrigins origins that may frame the page, such as `https://my1000000.de1.crm.cloud.sap`
 * @property {"json" | "xml"} payloadFormat
 * @property {"contact_id" | "compact"} referenceFormat
 * @property {string[]} countries upper-case ISO 3166 codes, the first one for numbers without a country code
 * @property {string | null} loginUrl where single sign-on starts
 * @property {boolean} ringtoneEnabled
 * @property {string | null} ringtoneUrl
 * @property {"agentDesktop" | "liveActivity"} ctiType which part of SAP frames the page
 * @property {boolean} acceptAction whether an ACCEPT says so in `Action`
 * @property {boolean} declineMissed whether SAP is told of missed contacts
 * @property {boolean} recordings whether SAP gets a `RecordingId`
 * @property {Record<string, string>} attributeFields contact attribute by field of SAP
 * @property {string | null} outboundQueueArn queue of calls that SAP asks for
 * @property {string | null} vdiPlatform virtual desktop that the softphone runs on
 * @property {"auto" | "always" | "never"} softphoneWindow whether the softphone gets a window of its own
 * @property {boolean} storageAccess whether Streams asks the browser for third-party storage
 * @property {string | null} language of the page; the browser's without it
 */

/** Fields of SAP that a contact attribute may fill (sap-cti 1.2). */
const ATTRIBUTE_FIELDS =
  /^(Type|ANI|DNIS|BP|TicketID|Serial|Custom_[1-4]|Email|Name|Subject|Text|ChannelId)$/;

const INSTANCE_ALIAS = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const INSTANCE_URLS = [
  new RegExp(`^https://${INSTANCE_ALIAS}\\.my\\.connect\\.aws$`, "i"),
  new RegExp(`^https://${INSTANCE_ALIAS}\\.awsapps\\.com(/connect)?$`, "i"),
  new RegExp(`^http://${INSTANCE_ALIAS}\\.my\\.connect\\.localhost(:\\d+)?$`, "i"),
];

/** @typedef {{default?: unknown, expected: string, read: (value: unknown) => unknown}} Rule */

/** @type {Record<string, Rule>} */
const RULES = {
  instanceUrl: {
    expected: "the access URL of the instance, such as https://example.my.connect.aws",
    read: (value) => {
      const url = text(value)?.replace(/\/$/, "");
      return INSTANCE_URLS.some((form) => form.test(url ?? "")) ? url : undefined;
    },
  },
  region: {
    expected: "an AWS Region, such as eu-west-2",
    read: (value) => matching(value, /^[a-z]{2}(-[a-z]+)+-\d$/),
  },
  sapOrigins: {
    expected: "a list of origins, such as https://my1000000.de1.crm.cloud.sap, with nothing after the host or port",
    read: (value) => listOf(value, exactOrigin, 1),
  },
  payloadFormat: oneOf("json", "xml"),
  referenceFormat: oneOf("contact_id", "compact"),
  countries: {
    default: [],
    expected: "a list of two-letter country codes, such as GB",
    read: (value) => listOf(value, (country) => matching(country, /^[A-Z]{2}$/), 0),
  },
  loginUrl: {
    default: null,
    expected: "the https address where single sign-on starts, or null",
    read: secureUrl,
  },
  ringtoneEnabled: yesOrNo(true),
  ringtoneUrl: {
    default: null,
    expected: "the complete https address of a sound file, or null",
    read: secureUrl,
  },
  ctiType: oneOf("agentDesktop", "liveActivity"),
  acceptAction: yesOrNo(true),
  declineMissed: yesOrNo(false),
  recordings: yesOrNo(true),
  attributeFields: {
    // The five attributes of the guide, and the one that chats are identified by.
    default: {
      Type: "Channel",
      ANI: "ANI",
      Custom_1: "CustomerUUID",
      Custom_2: "TicketID",
      Custom_3: "Serial",
      Email: "Email",
    },
    expected: "an object with names of contact attributes by fields of SAP, such as {Custom_1: \"CustomerUUID\"}",
    read: attributeFields,
  },
  outboundQueueArn: {
    default: null,
    expected: "the ARN of a queue, or null",
    read: (value) => matching(value, /^arn:aws[a-z-]*:connect:[a-z0-9-]+:\d{12}:instance\/[0-9a-f-]{36}\/queue\/[\w/-]+$/),
  },
  vdiPlatform: { ...oneOf("CITRIX", "CITRIX_413", "AWS_WORKSPACE", "OMNISSA", "AZURE"), default: null },
  softphoneWindow: oneOf("auto", "always", "never"),
  storageAccess: yesOrNo(false),
  language: { ...oneOf(...LANGUAGES), default: null },
};

/**
 * @param {boolean} preset
 * @returns {Rule}
 */
function yesOrNo(preset) {
  return { default: preset, expected: "true or false", read: (value) => (typeof value === "boolean" ? value : undefined) };
}

/**
 * @param {string[]} words the first one is the default
 * @returns {Rule}
 */
function oneOf(...words) {
  return { default: words[0], expected: words.join(" or "), read: (value) => words.find((word) => word === value) };
}

/** @param {unknown} value */
function attributeFields(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  const entries = Object.entries(value);
  const right = (/** @type {[string, unknown]} */ [field, name]) =>
    ATTRIBUTE_FIELDS.test(field) && typeof name === "string" && /^.{1,127}$/s.test(name);
  return entries.every(right) ? Object.fromEntries(entries) : undefined;
}

/**
 * Check the content of `config.js`.
 *
 * @param {unknown} raw
 * @returns {{settings: Settings | null, problems: string[]}} settings are null when there is a problem
 */
export function readSettings(raw) {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return { settings: null, problems: ["config.js must export one object with the settings."] };
  }
  const given = new Map(Object.entries(raw));
  /** @type {Record<string, unknown>} */
  const settings = {};
  const problems = [...given.keys()]
    .filter((name) => !Object.hasOwn(RULES, name))
    .map((name) => `${name} is not a setting of this page.`);
  for (const [name, rule] of Object.entries(RULES)) {
    if (!given.has(name) && Object.hasOwn(rule, "default")) {
      settings[name] = rule.default;
      continue;
    }
    const value = given.get(name);
    const unset = rule.default === null && (value === null || value === "");
    const read = unset ? null : rule.read(value);
    if (read === undefined) {
      problems.push(`${name} must be ${rule.expected}.`);
    }
    settings[name] = read;
  }
  return { settings: problems.length ? null : /** @type {any} */ (settings), problems };
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value : undefined;
}

/**
 * @param {unknown} value
 * @param {RegExp} form
 */
function matching(value, form) {
  return form.test(text(value) ?? "") ? value : undefined;
}

/**
 * @param {unknown} value
 * @param {(item: unknown) => unknown} read
 * @param {number} minimum
 */
function listOf(value, read, minimum) {
  if (!Array.isArray(value) || value.length < minimum) {
    return undefined;
  }
  const items = value.map(read);
  return items.includes(undefined) ? undefined : items;
}

/** @param {unknown} value */
function secureUrl(value) {
  const url = parse(value);
  return url && isSecure(url) ? url.href : undefined;
}

/** @param {unknown} value */
function exactOrigin(value) {
  const url = parse(value);
  return url && isSecure(url) && url.origin === value && !/[*]/.test(value) ? url.origin : undefined;
}

/** @param {unknown} value */
function parse(value) {
  return typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
}

/**
 * https, or a loopback name: browsers treat those as secure contexts.
 *
 * @param {URL} url
 */
function isSecure(url) {
  return url.protocol === "https:" || (url.protocol === "http:" && /^(.+\.)?localhost$/.test(url.hostname));
}
