// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

const CONTACT_ID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/**
 * How a contact is called in SAP. The summary function writes its references in the same two formats.
 *
 * @param {string} contactId
 * @param {"contact_id" | "compact"} format
 */
export function referenceOf(contactId, format) {
  return format === "compact" ? contactId.replaceAll("-", "").toUpperCase() : contactId;
}

/**
 * The contact behind a reference of either format, or null for anything else.
 *
 * @param {unknown} reference
 */
export function contactIdOf(reference) {
  const parts = typeof reference === "string" ? CONTACT_ID.exec(reference) : null;
  return parts && parts.slice(1).join("-").toLowerCase();
}
