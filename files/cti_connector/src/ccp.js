// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** @typedef {import("./settings.js").Settings} Settings */
/** @typedef {import("./status.js").Status} Status */

/**
 * Address of the contact control panel for either form of access URL (sap-cti 3.2).
 *
 * @param {string} instanceUrl
 */
export function ccpUrl(instanceUrl) {
  const { origin, hostname } = new URL(instanceUrl);
  return hostname.endsWith(".awsapps.com") ? `${origin}/connect/ccp-v2/` : `${origin}/ccp-v2/`;
}

/**
 * Options for `connect.core.initCCP`.
 *
 * @param {Settings} settings
 */
export function ccpOptions({ instanceUrl, region, loginUrl, ringtoneEnabled, ringtoneUrl }) {
  return {
    ccpUrl: ccpUrl(instanceUrl),
    region,
    ...(loginUrl && { loginUrl }),
    loginPopup: true,
    loginPopupAutoClose: true,
    iframeTitle: "Amazon Connect contact control panel",
    softphone: {
      allowFramedSoftphone: true,
      disableRingtone: !ringtoneEnabled,
      ...(ringtoneUrl && { ringtoneUrl }),
    },
    pageOptions: { enableAudioDeviceSettings: true, enablePhoneTypeSettings: true },
  };
}

/**
 * Frame the contact control panel and keep the status up to date.
 *
 * @param {any} connect the amazon-connect-streams library
 * @param {{container: HTMLElement, settings: Settings, status: Status, pageOrigin: string, reload: () => void}} page
 */
export function startCcp(connect, { container, settings, status, pageOrigin, reload }) {
  const options = ccpOptions(settings);
  const signInUrl = settings.loginUrl ?? options.ccpUrl;
  const askToSignIn = (/** @type {import("./status.js").ProblemName} */ name) => {
    status.say("signIn");
    status.show("session", name, { signInUrl });
  };

  // What Streams logs below this level has customers' numbers and attributes in it.
  connect.getLog().setEchoLevel(connect.LogLevel.ERROR);
  watchBlockedPopups(connect.core.getPopupManager(), () => askToSignIn("popup_blocked"));

  status.say("connecting");
  connect.core.initCCP(container, options);

  const events = connect.core.getEventBus();
  events.subscribe(connect.EventType.ACK_TIMEOUT, () => askToSignIn("sign_in"));
  events.subscribe(connect.EventType.AUTH_FAIL, () => askToSignIn("auth_failed"));
  events.subscribe(connect.EventType.TERMINATED, () => askToSignIn("signed_out"));
  connect.core.onAccessDenied(() => {
    status.say("stopped");
    status.show("session", "access_denied", { retry: reload });
  });
  connect.core.onIframeRetriesExhausted(() => {
    status.show("session", "retries_exhausted", {
      fatal: true,
      values: { origin: pageOrigin, instance: settings.instanceUrl },
      signInUrl,
      retry: reload,
    });
  });
  const refusedForGood = () => {
    status.say("stopped");
    status.show("session", "authorize_exhausted", { signInUrl, retry: reload });
  };
  connect.core.onAuthorizeRetriesExhausted(refusedForGood);
  connect.core.onCTIAuthorizeRetriesExhausted(refusedForGood);

  connect.agent((/** @type {any} */ agent) => {
    const showReady = () => {
      status.clear("session");
      status.say("ready", { agent: agent.getName() });
    };
    showReady();
    agent.onRefresh(showReady);
    agent.onSoftphoneError((/** @type {any} */ error) => {
      if (error.errorType === connect.SoftphoneErrorTypes.MICROPHONE_NOT_SHARED) {
        status.show("microphone", "microphone_denied");
      } else {
        status.show("softphone", "softphone_failed", { values: { reason: error.errorType } });
      }
    });
  });
}

/**
 * Streams opens the sign-in window by itself, without a click before it, and tells nobody when the browser refuses
 * (sap-cti 3.2).
 *
 * @param {{open: (...details: any[]) => Window | null}} popups
 * @param {() => void} reportBlocked
 */
function watchBlockedPopups(popups, reportBlocked) {
  const open = popups.open.bind(popups);
  popups.open = (...details) => {
    const opened = open(...details);
    if (opened === null) {
      reportBlocked();
    }
    return opened;
  };
}
