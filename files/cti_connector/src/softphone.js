// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Whether calls must be heard in a window of their own: a frame has no microphone unless every page around it passes
 * it on.
 *
 * @param {"auto" | "always" | "never"} setting
 * @param {boolean} delegated
 */
export function needsOwnWindow(setting, delegated) {
  return setting === "always" || (setting === "auto" && !delegated);
}

/**
 * Open the panel by itself. A second click brings the same window to the front.
 *
 * @param {Pick<Window, "open">} view
 * @param {string} url
 */
export function openSoftphone(view, url) {
  view.open(url, "amazon-connect-softphone", "popup,width=433,height=578")?.focus();
}
