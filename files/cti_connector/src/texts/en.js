// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Every sentence that the page shows. `{name}` is filled in by `fill`. */
export default {
  title: "Amazon Connect for SAP",
  panel: "Contact control panel",
  status: {
    starting: "Starting",
    connecting: "Connecting",
    signIn: "Sign-in needed",
    ready: "Signed in as {agent}",
    lost: "Connection lost",
    stopped: "Not connected",
  },
  actions: {
    signIn: "Sign in",
    retry: "Try again",
    dismiss: "Close",
    open: "Open",
    allow: "Allow",
    saveLog: "Save support log",
  },
  problems: {
    config_missing: [
      "The settings are missing",
      "config.js could not be loaded from this site. Ask an administrator to deploy the connector again.",
    ],
    config_wrong: ["The settings are wrong", "Ask an administrator to correct config.js:"],
    host_none: ["This page works inside SAP", "Open SAP and use the connector there. Its address belongs into SAP's settings."],
    host_refused: [
      "This page may not be used here",
      "It is embedded by {origin}, which is not one of the SAP addresses in its settings (sapOrigins).",
    ],
    host_unknown: [
      "This page may not be used here",
      "The browser does not say which page embeds it, so it cannot be compared with sapOrigins.",
    ],
    streams_missing: [
      "The Amazon Connect library is missing",
      "It could not be loaded from this site. Reload the page; if that does not help, ask an administrator to deploy the connector again.",
    ],
    storage_blocked: [
      "The browser keeps no data for this page",
      "Amazon Connect needs it to sign you in. Allow it here. If that does not help, allow third-party cookies for {origin} in the browser's settings, or leave its private mode, and reload the page.",
    ],
    storage_denied: [
      "The browser keeps no data for Amazon Connect",
      "Allow it in the panel, or allow third-party cookies for {instance} in the browser's settings and reload the page.",
    ],
    start_failed: ["The page could not start", "Reload the page; if that does not help, tell an administrator: {reason}"],
    sign_in: ["Sign in to Amazon Connect", "Use the window that opened. If there is none, open it here."],
    popup_blocked: ["The browser blocked the sign-in window", "Open it here, and allow pop-ups for this page."],
    auth_failed: ["Amazon Connect did not accept the sign-in", "The session has ended or was refused. Sign in again."],
    signed_out: ["You are signed out", "Sign in again to take calls."],
    access_denied: [
      "No access to the contact control panel",
      "Your Amazon Connect user is not allowed to use it. Ask an administrator for a security profile with that permission.",
    ],
    not_answering: [
      "Amazon Connect does not answer yet",
      "Sign in, if you have not. If you have, ask an administrator whether {origin} is an approved origin of {instance}.",
    ],
    unreachable: [
      "Amazon Connect cannot be reached",
      "Check the network. If other pages work, ask an administrator whether {instance} is blocked here. The page keeps trying.",
    ],
    retries_exhausted: [
      "Amazon Connect does not answer",
      "Nobody signed in in time, or the instance does not let this page embed it. Sign in, then try again. If it stays like this, ask an administrator whether {origin} is an approved origin of {instance}.",
    ],
    authorize_exhausted: ["Amazon Connect keeps refusing the session", "Sign in again, then try again."],
    connection_lost: [
      "The connection to Amazon Connect is lost",
      "No calls reach you until it is back. Check the network; the page connects again by itself.",
    ],
    microphone_not_delegated: [
      "No microphone in this window",
      "The page around this one does not pass the microphone on, so calls have no sound from you. Ask an administrator, or use a desk phone.",
    ],
    microphone_denied: ["The microphone is blocked", "Allow the microphone for this site in the browser's address bar."],
    softphone_window: [
      "Calls are heard in a window of their own",
      "Open it, sign in there if it asks, and leave it open while you take calls.",
    ],
    softphone_failed: ["The softphone has a problem", "Amazon Connect reports: {reason}"],
    dial_waiting: ["The call waits", "{number} is called as soon as you are signed in."],
    dial_refused: ["{number} is not called", ""],
    recording_blocked: ["The browser blocked the recording", "Open it here, and allow pop-ups for this page."],
  },
  reasons: {
    number: "This is not a telephone number that can be called.",
    country: "Your instance does not call this country.",
    permission: "You may not place calls. Ask an administrator for that permission.",
    busy: "End your current call first.",
    late: "You were not signed in within a minute. Click again.",
    library: "The number could not be checked. Reload the page.",
    failed: "Amazon Connect reports: {reason}",
  },
};
