// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** The Streams library as far as the page talks to it, and a status line that remembers what it was told. */

const EVENTS = { ACK_TIMEOUT: "ack_timeout", AUTH_FAIL: "auth_fail", TERMINATED: "terminated" };

export class FakeStreams {
  constructor() {
    this.EventType = EVENTS;
    this.LogLevel = { ERROR: "error" };
    this.SoftphoneErrorTypes = { MICROPHONE_NOT_SHARED: "microphone_not_shared" };
    this.subscriptions = new Map();
    this.echoed = null;
    this.initialised = null;
    this.opened = { closed: false };
    const hook = (name) => (callback) => this.subscriptions.set(name, callback);
    this.core = {
      initCCP: (container, options) => (this.initialised = { container, options }),
      getPopupManager: () => (this.popups ??= { open: () => this.opened }),
      getEventBus: () => ({ subscribe: (name, callback) => this.subscriptions.set(name, callback) }),
      onAccessDenied: hook("access_denied"),
      onIframeRetriesExhausted: hook("retries_exhausted"),
      onAuthorizeRetriesExhausted: hook("authorize_exhausted"),
      onCTIAuthorizeRetriesExhausted: hook("cti_authorize_exhausted"),
    };
    this.storageAccess = { onRequest: (handlers) => (this.storage = handlers) };
  }

  getLog() {
    return { setEchoLevel: (level) => (this.echoed = level) };
  }

  agent(callback) {
    this.subscriptions.set("agent", callback);
  }

  fire(name, ...details) {
    this.subscriptions.get(name)(...details);
  }

  /** Let an agent be there. */
  signIn() {
    const hook = (name) => (callback) => this.subscriptions.set(name, callback);
    const agent = {
      getName: () => "Ann Agent",
      onRefresh: hook("refresh"),
      onWebSocketConnectionLost: hook("lost"),
      onWebSocketConnectionGained: hook("gained"),
      onSoftphoneError: hook("softphone"),
    };
    this.fire("agent", agent);
    return agent;
  }
}

export class FakeStatus {
  constructor() {
    this.texts = { panel: "Contact control panel" };
    this.stopped = false;
    this.line = null;
    this.problems = new Map();
  }
  say(name, values = {}) {
    this.line = [name, ...Object.values(values)].join(" ");
  }
  show(topic, problem) {
    this.problems.set(topic, problem);
  }
  clear(topic) {
    this.problems.delete(topic);
  }
  names() {
    return [...this.problems.values()].map(({ name }) => name);
  }
}
