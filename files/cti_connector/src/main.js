// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import { startCcp } from "./ccp.js";
import { identifyHost } from "./host.js";
import { watchMicrophone } from "./microphone.js";
import { readSettings } from "./settings.js";
import { Status } from "./status.js";

/** @typedef {import("./settings.js").Settings} Settings */

const status = new Status(document);

/** @returns {Promise<Settings | null>} null when a problem is on the page */
async function loadSettings() {
  let raw;
  try {
    raw = (await import(new URL("config.js", document.baseURI).href)).default;
  } catch {
    status.show("start", "config_missing", { fatal: true });
    return null;
  }
  const { settings, problems } = readSettings(raw);
  if (settings === null) {
    status.show("start", "config_wrong", { fatal: true, items: problems });
  }
  return settings;
}

/**
 * @param {Settings} settings
 * @returns {boolean} false when a problem is on the page
 */
function checkHost({ sapOrigins }) {
  const host = identifyHost(window, sapOrigins);
  if (host.kind !== "refused") {
    return true;
  }
  if (host.origin === null) {
    status.show("start", "host_unknown", { fatal: true });
  } else {
    status.show("start", "host_refused", { fatal: true, values: { origin: host.origin } });
  }
  return false;
}

/** Browsers that block third-party cookies throw as soon as a framed page names its storage, and Streams does. */
function storageAllowed() {
  try {
    return Boolean(window.localStorage);
  } catch {
    return false;
  }
}

async function start() {
  const settings = await loadSettings();
  if (settings === null || !checkHost(settings)) {
    return;
  }
  const { connect } = /** @type {any} */ (window);
  if (!connect?.core) {
    status.show("start", "streams_missing", { fatal: true });
    return;
  }
  if (!storageAllowed()) {
    status.show("start", "storage_blocked", { fatal: true, values: { origin: location.origin } });
    return;
  }
  const container = /** @type {HTMLElement} */ (document.getElementById("ccp"));
  startCcp(connect, {
    container,
    settings,
    status,
    pageOrigin: location.origin,
    reload: () => location.reload(),
  });
  await watchMicrophone(window, (microphone) => {
    if (microphone === "usable") {
      status.clear("microphone");
    } else {
      status.show("microphone", `microphone_${microphone}`, { severity: "warning" });
    }
  });
}

start().catch((error) => {
  status.show("start", "start_failed", { fatal: true, values: { reason: String(error?.message ?? error) } });
});
