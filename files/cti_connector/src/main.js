// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import { startCcp, ccpUrl } from "./ccp.js";
import { Courses } from "./course.js";
import { Dialler, requestedCall } from "./dial.js";
import { connectHost, identifyHost } from "./host.js";
import { SupportLog } from "./log.js";
import { isMicrophoneDelegated, watchMicrophone } from "./microphone.js";
import { contactPage, openPage, requestedRecording } from "./pages.js";
import { PhoneNumbers } from "./phone.js";
import { Records } from "./records.js";
import { readSettings } from "./settings.js";
import { needsOwnWindow, openSoftphone } from "./softphone.js";
import { Status } from "./status.js";
import { chooseLanguage, loadTexts } from "./texts.js";
import { participantService, readTranscript } from "./transcript.js";

/**
 * @typedef {import("./settings.js").Settings} Settings
 * @typedef {(event: string, details?: Record<string, unknown>) => void} Log
 */

// This module runs right after the Streams library: measured from here, the page's own share of the start is seen.
performance.mark("streams-loaded");

const status = new Status(document);
const supportLog = new SupportLog();
/** @type {Log} */
const log = (event, details) => supportLog.add(event, details);
const connect = /** @type {any} */ (window).connect;

/** @returns {Promise<Settings | null>} null when a problem is on the page */
async function loadSettings() {
  let raw;
  try {
    raw = (await import(new URL("config.js", document.baseURI).href)).default;
  } catch {
    status.show("start", { name: "config_missing", fatal: true });
    return null;
  }
  const { settings, problems } = readSettings(raw);
  if (settings === null) {
    status.show("start", { name: "config_wrong", fatal: true, items: problems });
  }
  return settings;
}

/**
 * @param {Settings} settings
 * @returns {string | null} origin of the SAP page around this one; null when a problem is on the page
 */
function checkHost({ sapOrigins }) {
  const host = identifyHost(window, sapOrigins);
  if (host.kind === "sap") {
    return host.origin;
  }
  if (host.kind === "none") {
    status.show("start", { name: "host_none", fatal: true });
  } else if (host.origin === null) {
    status.show("start", { name: "host_unknown", fatal: true });
  } else {
    status.show("start", { name: "host_refused", fatal: true, values: { origin: host.origin } });
  }
  return null;
}

/** Browsers that block third-party cookies throw as soon as a framed page names its storage, and Streams does. */
function storageAllowed() {
  try {
    return Boolean(window.localStorage);
  } catch {
    return false;
  }
}

/** @param {() => void} goOn */
function askForStorage(goOn) {
  let asking = true;
  const allow = async () => {
    try {
      await document.requestStorageAccess();
    } catch {
      log("storage refused");
    }
    if (asking && storageAllowed()) {
      asking = false;
      status.clear("storage");
      goOn();
    }
  };
  const values = { origin: location.origin };
  status.show("storage", { name: "storage_blocked", values, actions: [{ name: "allow", run: allow }] });
}

/** @param {Settings} settings */
async function translate({ language }) {
  const chosen = language ?? chooseLanguage(navigator.languages);
  try {
    status.speak(chosen, await loadTexts(chosen));
  } catch {
    log("language missing", { language: chosen });
  }
}

/** @returns {Promise<import("./phone.js").ParseNumber>} */
async function loadPhoneLibrary() {
  const { phone, integrity } = document.body.dataset;
  await preload(String(phone), String(integrity));
  return (await import(new URL(String(phone), document.baseURI).href)).parsePhoneNumber;
}

/**
 * Fetch a module and compare it with its hash, which import() cannot do by itself.
 *
 * @param {string} path
 * @param {string} integrity
 */
function preload(path, integrity) {
  const link = Object.assign(document.createElement("link"), { rel: "modulepreload", href: path, integrity });
  return new Promise((loaded, failed) => {
    link.addEventListener("load", loaded);
    link.addEventListener("error", failed);
    document.head.append(link);
  });
}

/**
 * Whether the instance answers at all. Without a session it leads to its own sign-in page, which is an answer too.
 *
 * @param {string} url
 */
async function reachable(url) {
  try {
    await fetch(url, { mode: "no-cors", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

function saveLog() {
  const heading = [`connector ${location.origin}`, `streams ${connect?.version}`, navigator.userAgent];
  const url = URL.createObjectURL(new Blob([supportLog.text(heading)], { type: "text/plain" }));
  Object.assign(document.createElement("a"), { href: url, download: "cti-support-log.txt" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/**
 * @param {Settings} settings
 * @param {string} origin of SAP
 */
function run(settings, origin) {
  const phone = new PhoneNumbers(settings.countries, loadPhoneLibrary);
  const records = new Records({
    store: localStorage,
    locks: navigator.locks,
    document,
    sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    now: Date.now,
  });
  const dialler = new Dialler({
    phone,
    log,
    queueArn: settings.outboundQueueArn,
    endpointOf: (number) => connect.Endpoint.byPhoneNumber(number),
    later: (work, milliseconds) => setTimeout(work, milliseconds),
    expectCall: (placing) => records.expectCall(placing),
    clear: () => status.clear("dial"),
    showWaiting: (number) => status.show("dial", { name: "dial_waiting", severity: "info", values: { number } }),
    showRefusal: (number, reason, detail) =>
      status.show("dial", { name: "dial_refused", severity: "info", values: { number, reason: detail }, reason }),
  });
  const post = connectHost(window, origin, (request) => {
    const call = requestedCall(request);
    const recording = requestedRecording(request);
    if (call) {
      dialler.dial(call);
    } else if (recording) {
      showRecording(settings, recording);
    }
  });
  const courses = new Courses({
    settings,
    phone,
    post,
    log,
    records,
    takeActivity: (number) => dialler.takeActivity(number),
    transcript: (connection) => readTranscript(connection, participantService(settings), (...request) => fetch(...request)),
  });
  const softphoneElsewhere = needsOwnWindow(settings.softphoneWindow, isMicrophoneDelegated(document));
  startCcp(connect, {
    container: /** @type {HTMLElement} */ (document.getElementById("ccp")),
    settings,
    status,
    softphoneElsewhere,
    origin: location.origin,
    log,
    reload: () => location.reload(),
    reachable,
    network: window,
    onAgent: (agent) => {
      dialler.setAgent(agent);
      if (agent) {
        courses.reconcile(agent.getContacts().map((/** @type {any} */ contact) => contact.getContactId()));
      }
    },
  });
  connect.contact((/** @type {any} */ contact) => courses.follow(contact));
  showMicrophone(settings, softphoneElsewhere);
}

/**
 * @param {Settings} settings
 * @param {string} contactId
 */
function showRecording({ instanceUrl }, contactId) {
  const url = contactPage(instanceUrl, contactId, Intl.DateTimeFormat().resolvedOptions().timeZone);
  status.clear("recording");
  if (!openPage(window, url)) {
    status.show("recording", { name: "recording_blocked", severity: "info", actions: [{ name: "open", href: url }] });
  }
}

/**
 * @param {Settings} settings
 * @param {boolean} softphoneElsewhere
 */
function showMicrophone({ instanceUrl }, softphoneElsewhere) {
  if (softphoneElsewhere) {
    const run = () => openSoftphone(window, ccpUrl(instanceUrl));
    status.show("microphone", { name: "softphone_window", severity: "info", actions: [{ name: "open", run }] });
    return;
  }
  watchMicrophone(window, (microphone) => {
    if (microphone === "usable") {
      status.clear("microphone");
    } else {
      status.show("microphone", { name: `microphone_${microphone}`, severity: "warning" });
    }
  });
}

async function start() {
  document.getElementById("save-log")?.addEventListener("click", saveLog);
  const settings = await loadSettings();
  if (settings === null) {
    return;
  }
  translate(settings);
  const origin = checkHost(settings);
  if (origin === null) {
    return;
  }
  if (!connect?.core) {
    status.show("start", { name: "streams_missing", fatal: true });
    return;
  }
  if (storageAllowed()) {
    run(settings, origin);
  } else {
    askForStorage(() => run(settings, origin));
  }
}

start().catch((error) => {
  const reason = String(error?.message ?? error);
  log("start failed", { reason });
  status.show("start", { name: "start_failed", fatal: true, values: { reason } });
});
