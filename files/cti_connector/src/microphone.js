// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Whether the browser can give the page and the panel inside it a microphone. A frame gets it only when every page
 * around it delegates it.
 *
 * @typedef {"usable" | "not_delegated" | "denied"} Microphone
 */

/** @param {any} document */
export function isMicrophoneDelegated(document) {
  const policy = document.permissionsPolicy ?? document.featurePolicy;
  return !policy || policy.allowsFeature("microphone");
}

/**
 * @param {{document: any, navigator: any}} view
 * @param {(microphone: Microphone) => void} report called now and whenever the agent changes the permission
 */
export async function watchMicrophone({ document, navigator }, report) {
  if (!isMicrophoneDelegated(document)) {
    report("not_delegated");
    return;
  }
  const permission = await queryPermission(navigator);
  const reportPermission = () => report(permission?.state === "denied" ? "denied" : "usable");
  reportPermission();
  permission?.addEventListener("change", reportPermission);
}

/** @param {any} navigator */
async function queryPermission(navigator) {
  try {
    return await navigator.permissions.query({ name: "microphone" });
  } catch {
    // Some browsers know no permission of this name: a refusal then shows only as a softphone error.
    return null;
  }
}
