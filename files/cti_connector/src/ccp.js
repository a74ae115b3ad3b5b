// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * @typedef {import("./settings.js").Settings} Settings
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./status.js").ProblemName} ProblemName
 * @typedef {import("./status.js").Action} Action
 */

/** Milliseconds after which an agent who was asked to sign in is told what else may be wrong. */
export const DOUBT = 20_000;

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
 * @param {{softphoneElsewhere: boolean, title: string}} page
 */
export function ccpOptions(settings, { softphoneElsewhere, title }) {
  const { instanceUrl, region, loginUrl, ringtoneEnabled, ringtoneUrl, vdiPlatform, storageAccess } = settings;
  return {
    ccpUrl: ccpUrl(instanceUrl),
    region,
    ...(loginUrl && { loginUrl }),
    loginPopup: true,
    loginPopupAutoClose: true,
    iframeTitle: title,
    softphone: {
      allowFramedSoftphone: !softphoneElsewhere,
      disableRingtone: !ringtoneEnabled,
      ...(ringtoneUrl && { ringtoneUrl }),
      ...(vdiPlatform && { VDIPlatform: vdiPlatform }),
    },
    pageOptions: { enableAudioDeviceSettings: true, enablePhoneTypeSettings: true },
    ...(storageAccess && { storageAccess: { canRequest: true, instanceUrl } }),
  };
}

/**
 * Frame the contact control panel and keep the status up to date.
 *
 * @param {any} connect the amazon-connect-streams library
 * @param {object} page
 * @param {HTMLElement} page.container
 * @param {Settings} page.settings
 * @param {Status} page.status
 * @param {boolean} page.softphoneElsewhere
 * @param {string} page.origin of this page
 * @param {(event: string, details?: Record<string, unknown>) => void} page.log
 * @param {() => void} page.reload
 * @param {(url: string) => Promise<boolean>} page.reachable
 * @param {EventTarget} page.network tells when the computer goes offline and online: the window
 * @param {(agent: any) => void} page.onAgent called when an agent has signed in, and with null when nobody is any more
 */
export function startCcp(connect, page) {
  const { container, settings, status, softphoneElsewhere, origin, log, reload, reachable, network, onAgent } = page;
  const options = ccpOptions(settings, { softphoneElsewhere, title: status.texts.panel });
  const values = { origin, instance: settings.instanceUrl };
  /** @type {Action} */
  const signIn = { name: "signIn", href: settings.loginUrl ?? options.ccpUrl };
  /** @type {Action} */
  const retry = { name: "retry", run: reload };
  let ready = false;
  let lost = false;
  let stopped = false;

  /** @param {ProblemName} name */
  function askToSignIn(name) {
    ready = false;
    stopped = false;
    // Whoever signs in again has a new connection, which nobody reports as regained.
    lost = false;
    status.clear("network");
    log(name);
    onAgent(null);
    status.say("signIn");
    status.show("session", { name, actions: [signIn] });
  }

  /**
   * @param {ProblemName} name
   * @param {Action[]} actions
   */
  function stop(name, actions) {
    ready = false;
    lost = false;
    stopped = true;
    log(name);
    onAgent(null);
    status.clear("network");
    status.say("stopped");
    status.show("session", { name, values, actions });
  }

  /** What else than a missing sign-in keeps the panel silent: Streams cannot tell, it only waits. */
  async function doubt() {
    // With single sign-on the instance would lead to another site, where the policy of this page lets nothing ask.
    const answers = Boolean(settings.loginUrl) || (await reachable(options.ccpUrl));
    if (ready || stopped) {
      return;
    }
    if (answers) {
      status.show("session", { name: "not_answering", values, actions: [signIn, retry] });
    } else {
      status.show("network", { name: "unreachable", values, actions: [retry] });
    }
  }

  // What Streams logs below this level has customers' numbers and attributes in it.
  connect.getLog().setEchoLevel(connect.LogLevel.ERROR);
  watchBlockedPopups(connect.core.getPopupManager(), () => askToSignIn("popup_blocked"));

  status.say("connecting");
  performance.mark("init-ccp");
  connect.core.initCCP(container, options);

  const events = connect.core.getEventBus();
  events.subscribe(connect.EventType.ACK_TIMEOUT, () => {
    askToSignIn("sign_in");
    setTimeout(doubt, DOUBT);
  });
  events.subscribe(connect.EventType.AUTH_FAIL, () => askToSignIn("auth_failed"));
  events.subscribe(connect.EventType.TERMINATED, () => askToSignIn("signed_out"));
  if (settings.storageAccess) {
    connect.storageAccess.onRequest({
      onDeny: () => status.show("storage", { name: "storage_denied", values }),
      onGrant: () => status.clear("storage"),
    });
  }
  connect.core.onAccessDenied(() => stop("access_denied", [retry]));
  connect.core.onIframeRetriesExhausted(() => stop("retries_exhausted", [signIn, retry]));
  const refusedForGood = () => stop("authorize_exhausted", [signIn, retry]);
  connect.core.onAuthorizeRetriesExhausted(refusedForGood);
  connect.core.onCTIAuthorizeRetriesExhausted(refusedForGood);

  connect.agent((/** @type {any} */ agent) => {
    const showReady = () => {
      if (lost) {
        return;
      }
      if (!ready) {
        ready = true;
        log("signed in");
        onAgent(agent);
      }
      status.clear("session");
      status.clear("network");
      status.say("ready", { agent: agent.getName() });
    };
    const lose = () => {
      if (!ready) {
        return;
      }
      lost = true;
      log("connection lost");
      status.say("lost");
      status.show("network", { name: "connection_lost" });
    };
    const regain = () => {
      // The network's return is no sign-in: the session may have ended in the meantime.
      if (!lost) {
        return;
      }
      lost = false;
      log("connection is back");
      showReady();
    };
    showReady();
    agent.onRefresh(showReady);
    agent.onWebSocketConnectionLost(lose);
    agent.onWebSocketConnectionGained(regain);
    network.addEventListener("offline", lose);
    network.addEventListener("online", regain);
    agent.onSoftphoneError((/** @type {any} */ { errorType }) => {
      log("softphone error", { reason: errorType });
      const denied = errorType === connect.SoftphoneErrorTypes.MICROPHONE_NOT_SHARED;
      const topic = denied ? "microphone" : "softphone";
      // Streams does not tell when the softphone works again.
      /** @type {Action[]} */
      const actions = [{ name: "dismiss", run: () => status.clear(topic) }];
      status.show(topic, { name: denied ? "microphone_denied" : "softphone_failed", values: { reason: errorType }, actions });
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
