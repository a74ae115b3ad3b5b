// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** The frame with the connector: what comes from it and what goes to it. */
export class Connector {
  /**
   * @param {HTMLElement} place
   * @param {{connector: string, allow: string}} settings
   * @param {(data: unknown) => void} receive called with everything that the connector itself posts
   */
  constructor(place, { connector, allow }, receive) {
    this.origin = new URL(connector).origin;
    this.frame = document.createElement("iframe");
    this.frame.title = "Connector";
    this.frame.allow = allow;
    window.addEventListener("message", ({ source, origin, data }) => {
      if (source === this.frame.contentWindow && origin === this.origin) {
        receive(data);
      }
    });
    this.frame.src = connector;
    place.replaceChildren(this.frame);
  }

  /** @param {object} message */
  send(message) {
    this.frame.contentWindow.postMessage(message, this.origin);
  }
}

/**
 * What a click on a number posts (sap-cti 1.4).
 *
 * @param {{id: string, customer: {id: string} | null}} activity made before the call
 * @param {string} number as people write it
 * @param {"ActivityUUID" | "ObjectUUID"} key the member that names the activity
 */
export function dialMessage(activity, number, key) {
  const customer = activity.customer ? { BusinessPartnerID: activity.customer.id } : {};
  return { Direction: "OUT", PhoneNumber: number, [key]: activity.id, ObjectTypeCode: "72", IsBTDRef: "", ...customer };
}

/**
 * What a click on a recording posts: Genesys's connector knows another name for it, and no dashes (sap-cti 1.4).
 *
 * @param {string} recording
 * @param {"RecordingId" | "InteractionId"} key
 */
export function recordingMessage(recording, key) {
  return { [key]: key === "InteractionId" ? recording.replaceAll("-", "") : recording };
}
