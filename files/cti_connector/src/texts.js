// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Every sentence that the page shows. `{name}` is filled in by `fill`. */
export const texts = {
  status: {
    connecting: "Connecting",
    signIn: "Sign-in needed",
    ready: "Signed in as {agent}",
    stopped: "Not connected",
  },
  actions: {
    signIn: "Sign in",
    retry: "Try again",
  },
  problems: {
    config_missing: {
      title: "The settings are missing",
      text: "config.js could not be loaded from this site. Ask an administrator to deploy the connector again.",
    },
    config_wrong: {
      title: "The settings are wrong",
      text: "Ask an administrator to correct config.js:",
    },
    host_refused: {
      title: "This page may not be used here",
      text: "It is embedded by {origin}, which is not one of the SAP addresses in its settings (sapOrigins).",
    },
    host_unknown: {
      title: "This page may not be used here",
      text: "The browser does not say which page embeds it, so it cannot be compared with sapOrigins.",
    },
    streams_missing: {
      title: "The Amazon Connect library is missing",
      text: "It could not be loaded from this site. Reload the page; if that does not help, ask an administrator to deploy the connector again.",
    },
    storage_blocked: {
      title: "The browser keeps no data for this page",
      text: "Amazon Connect needs it to sign you in. Allow third-party cookies for {origin} in the browser's settings, or leave its private mode, and reload the page.",
    },
    start_failed: {
      title: "The page could not start",
      text: "Reload the page; if that does not help, tell an administrator: {reason}",
    },
    sign_in: {
      title: "Sign in to Amazon Connect",
      text: "Use the window that opened. If there is none, open it here.",
    },
    popup_blocked: {
      title: "The browser blocked the sign-in window",
      text: "Open it here, and allow pop-ups for this page.",
    },
    auth_failed: {
      title: "Amazon Connect did not accept the sign-in",
      text: "The session has ended or was refused. Sign in again.",
    },
    signed_out: {
      title: "You are signed out",
      text: "Sign in again to take calls.",
    },
    access_denied: {
      title: "No access to the contact control panel",
      text: "Your Amazon Connect user is not allowed to use it. Ask an administrator for a security profile with that permission.",
    },
    retries_exhausted: {
      title: "Amazon Connect does not answer",
      text: "Nobody signed in in time, or the instance does not let this page embed it. Sign in, then try again. If it stays like this, ask an administrator whether {origin} is an approved origin of {instance}.",
    },
    authorize_exhausted: {
      title: "Amazon Connect keeps refusing the session",
      text: "Sign in again, then try again.",
    },
    microphone_not_delegated: {
      title: "No microphone in this window",
      text: "The page around this one does not pass the microphone on, so calls have no sound from you. Ask an administrator, or use a desk phone.",
    },
    microphone_denied: {
      title: "The microphone is blocked",
      text: "Allow the microphone for this site in the browser's address bar.",
    },
    softphone_failed: {
      title: "The softphone has a problem",
      text: "Amazon Connect reports: {reason}",
    },
  },
};

/**
 * @param {string} sentence
 * @param {Record<string, string>} values
 */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}
