// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Who frames this page.
 *
 * @typedef {{kind: "none"}} NoHost the page is opened by itself
 * @typedef {{kind: "sap", origin: string}} SapHost
 * @typedef {{kind: "refused", origin: string | null}} RefusedHost origin is null when the browser does not tell
 *
 * @param {{top: unknown, self: unknown, location: {ancestorOrigins?: ArrayLike<string>}, document: {referrer: string}}} view
 * @param {string[]} sapOrigins
 * @returns {NoHost | SapHost | RefusedHost}
 */
export function identifyHost(view, sapOrigins) {
  if (view.top === view.self) {
    return { kind: "none" };
  }
  const ancestors = ancestorOrigins(view);
  const stranger = ancestors.find((origin) => !sapOrigins.includes(origin));
  if (ancestors.length === 0 || stranger !== undefined) {
    return { kind: "refused", origin: stranger ?? null };
  }
  return { kind: "sap", origin: ancestors[0] };
}

/**
 * Origins of the frames around the page, the parent first. Where `ancestorOrigins` is missing (Firefox) only the
 * parent is known, from the referrer; `frame-ancestors` in the response headers covers the frames above it.
 *
 * @param {{location: {ancestorOrigins?: ArrayLike<string>}, document: {referrer: string}}} view
 * @returns {string[]}
 */
function ancestorOrigins({ location, document }) {
  if (location.ancestorOrigins) {
    return Array.from(location.ancestorOrigins);
  }
  return document.referrer ? [new URL(document.referrer).origin] : [];
}

/**
 * Messages to and from the page of SAP around this one, and nobody else: not the panel's frame, whose messages come to
 * the same listener, not a page that opened this one, not a frame inside SAP.
 *
 * @param {any} view the window
 * @param {string} origin of the parent
 * @param {(request: Record<string, unknown>) => void} receive gets objects only
 */
export function connectHost(view, origin, receive) {
  view.addEventListener("message", (/** @type {MessageEvent} */ event) => {
    if (event.source !== view.parent || event.origin !== origin) {
      return;
    }
    if (typeof event.data === "object" && event.data !== null && !Array.isArray(event.data)) {
      receive(event.data);
    }
  });
  return (/** @type {unknown} */ message) => view.parent.postMessage(message, origin);
}
