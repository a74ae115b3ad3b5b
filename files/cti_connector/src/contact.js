// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * What is read from a contact of Streams. Its methods throw once the contact is gone, so all of it is read at once.
 *
 * @typedef {import("./settings.js").Settings} Settings
 *
 * @typedef {object} ContactFacts
 * @property {string} id
 * @property {string | null} original id of the first contact, when this one came out of a transfer
 * @property {string} type `Type` of the messages
 * @property {"INBOUND" | "OUTBOUND"} direction
 * @property {string[]} numbers of the customer, the best one first, as they are written in Amazon Connect
 * @property {Record<string, string>} attributes by field of SAP
 * @property {boolean} own false while another agent has the call or the customer is on hold: a consultation
 */

const CALLS = ["voice", "queue_callback"];
const MESSAGES = /^connect:(SMS|WhatsApp|Apple)$/i;
// What an attribute may say of a chat whose subtype does not tell. A flow's own word for all of them is CHAT.
const MESSAGE_WORDS = /^(sms|whatsapp|message|messaging)$/i;
// Customers type it themselves; SAP finds nobody by what is none.
const EMAIL = /^[^\s@]+@[^\s@]+$/;

/**
 * @param {any} contact of Streams
 * @param {Settings} settings
 * @returns {ContactFacts | null} null for what SAP is not told: tasks, e-mails, calls that a supervisor listens to
 */
export function readContact(contact, settings) {
  const attributes = readAttributes(contact, settings.attributeFields);
  const type = typeOf(contact, attributes, settings);
  if (type === null || isMonitored(contact)) {
    return null;
  }
  const direction = directionOf(contact);
  const { Type, ANI, Email = "", ...others } = attributes;
  const id = contact.getContactId();
  const original = contact.getOriginalContactId() || null;
  const endpoints = [contact.getCustomerEndpoint?.(), contact.getInitialConnection()?.getEndpoint()];
  return {
    id,
    original: original === id ? null : original,
    type,
    direction,
    // The flow's attribute knows the customer where the endpoint is another agent's. Nobody else was dialled, though.
    numbers: [direction === "INBOUND" && ANI, ...endpoints.map((endpoint) => endpoint?.phoneNumber)].filter(Boolean),
    attributes: { ...others, ...(EMAIL.test(Email) && { Email }) },
    own: original === null || original === id || isOwn(contact),
  };
}

/**
 * @param {any} contact
 * @param {Record<string, string>} fields
 * @returns {Record<string, string>}
 */
function readAttributes(contact, fields) {
  // Streams gives null to supervisors.
  const given = new Map(Object.entries(contact.getAttributes() ?? {}));
  return Object.fromEntries(
    Object.entries(fields)
      .map(([field, name]) => [field, given.get(name)?.value])
      .filter(([, value]) => typeof value === "string" && value !== ""),
  );
}

/**
 * @param {any} contact
 * @param {Record<string, string>} attributes
 * @param {Settings} settings
 */
function typeOf(contact, { Type = "" }, { ctiType }) {
  const type = contact.getType();
  if (CALLS.includes(type)) {
    return "CALL";
  }
  if (type !== "chat") {
    return null;
  }
  const subtype = contact.getContactSubtype?.() ?? "";
  const isMessage = MESSAGES.test(subtype) || MESSAGE_WORDS.test(Type);
  // Live Activity knows no messages (sap-cti 1.2).
  return isMessage && ctiType === "agentDesktop" ? "MESSAGE" : "CHAT";
}

/** @param {any} contact */
function isMonitored(contact) {
  return contact.getAgentConnection()?.getType() === "monitoring" || /^monitor$/i.test(contact.getInitiationMethod?.());
}

/**
 * Queue callbacks are inbound, though Amazon Connect dials: the customer asked for the call (inferred).
 *
 * @param {any} contact
 */
function directionOf(contact) {
  // Streams' own isInbound() throws where there is no first connection (sap-cti 3.3).
  const dialled = contact.getInitialConnection()?.getType() === "outbound";
  return dialled && contact.getType() !== "queue_callback" ? "OUTBOUND" : "INBOUND";
}

/**
 * Inferred: an agent who is asked for advice sees the asking agent as a connection of its own, or the customer on hold.
 *
 * @param {any} contact
 */
function isOwn(contact) {
  const mine = contact.getAgentConnection()?.getConnectionId();
  const customer = contact.getInitialConnection();
  const others = contact
    .getConnections()
    .filter((/** @type {any} */ one) => !one.isInitialConnection() && one.getConnectionId() !== mine && one.isActive());
  return (
    customer?.getStatus().type !== "hold" &&
    !others.some((/** @type {any} */ one) => one.getEndpoint()?.type === "agent" || one.getType() === "agent")
  );
}
