// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import { contactIdOf } from "./reference.js";

/**
 * Address of a contact's page with its recording. Both forms of access URL have it (sap-cti 4.1 no. 4, inferred).
 *
 * @param {string} instanceUrl
 * @param {string} contactId
 * @param {string} timeZone of the browser: the page shows times in it
 */
export function contactPage(instanceUrl, contactId, timeZone) {
  const { origin, hostname } = new URL(instanceUrl);
  const prefix = hostname.endsWith(".awsapps.com") ? "/connect" : "";
  const query = new URLSearchParams({ tz: timeZone });
  return `${origin}${prefix}/contact-trace-records/details/${encodeURIComponent(contactId)}?${query}`;
}

/**
 * The contact whose recording SAP asks for, or null. The key is `RecordingId` or `InteractionId` (sap-cti 1.4).
 *
 * @param {Record<string, unknown>} request
 */
export function requestedRecording(request) {
  const key = ["RecordingId", "InteractionId"].find((name) => Object.hasOwn(request, name));
  return key ? contactIdOf(request[key]) : null;
}

/**
 * Open a page in a tab that cannot reach back into this one.
 *
 * @param {Pick<Window, "open">} view
 * @param {string} url
 * @returns {boolean} false when the browser blocked it
 */
export function openPage(view, url) {
  // With the feature "noopener" the browser would not tell whether it opened anything.
  const opened = view.open(url, "_blank");
  if (opened) {
    opened.opener = null;
  }
  return opened !== null;
}
