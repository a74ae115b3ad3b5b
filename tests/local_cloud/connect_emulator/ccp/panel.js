// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The panel itself: keeps in step with the service, talks to the page around it as the Streams library expects
// (sap-cti 3.5), and runs the softphone as far as it goes here: asking for the microphone.

"use strict";

const PAUSE_AFTER_FAILURE = 1000;
const CONNECTION_EVENTS = {
  lost: ["webSocket::connection_lost", "agent::websocket_connection_lost"],
  gained: ["webSocket::connection_gain", "agent::websocket_connection_gained"],
};
const framed = window.parent !== window;
// All panels of one browser: what one learns it tells the others, so that one alone asks the service.
const others = new BroadcastChannel("panels");

let latest = null;
let connected = true;
let stopped = false;
let softphoneAllowed = !framed;
const checkedContacts = new Set();

/** Send an event of the library's to the page around the panel. */
function send(event, data = {}) {
  if (framed) {
    window.parent.postMessage({ event, data }, "*");
  }
}

function acknowledge() {
  send("acknowledge", { id: "port-1" });
}

function differs(one, other) {
  return JSON.stringify(one) !== JSON.stringify(other);
}

/** Times come as text; the library wants dates. */
function revive(key, value) {
  return /timestamp$/i.test(key) && value !== null ? new Date(value) : value;
}

async function request(path, options) {
  const response = await fetch(`/ccp-v2/api/${path}`, options);
  const document = JSON.parse(await response.text(), revive);
  if (response.status === 401) {
    tell({ kind: "ended", reason: document.type });
  } else if (response.status === 403 && path.startsWith("updates")) {
    tell({ kind: "denied" });
  }
  return response.ok ? { data: document, err: null } : { data: {}, err: document };
}

/** Ask the service for something; resolves to `{data, err}`. */
async function call(method, params = {}) {
  try {
    const body = JSON.stringify(params);
    return await request(method, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  } catch (error) {
    return { data: {}, err: { type: "NetworkError", message: String(error.message) } };
  }
}

/** Ask for something for the agent: a voice contact is accepted only with a softphone to carry it. */
function ask(method, params) {
  const contact = latest?.snapshot.contacts.find(({ contactId }) => contactId === params.contactId);
  const needsSoftphone = method === "acceptContact" && Boolean(contact && ownConnection(contact)?.softphoneMediaInfo);
  return call(method, needsSoftphone ? { ...params, needsSoftphone } : params);
}

// Keeping in step

const HANDLERS = {
  update(message) {
    if (latest !== null && message.update.version < latest.version) {
      return;
    }
    const before = latest;
    latest = message.update;
    if (before?.version !== latest.version || differs(before.configuration, latest.configuration)) {
      show();
    }
    latest.events.forEach(({ event, data }) => send(event, data ?? {}));
  },
  broadcast: ({ event, data }) => send(event, data),
  connection({ name }) {
    connected = name === "gained";
    CONNECTION_EVENTS[name].forEach((event) => send(event));
    window.controls.showConnection(connected);
  },
  denied() {
    stopped = true;
    send("access_denied");
    window.controls.showProblem("You may not use the panel");
  },
  ended({ reason }) {
    if (stopped) {
      return;
    }
    stopped = true;
    send(reason === "terminated" ? "terminated" : "auth_fail");
    window.controls.showProblem("You are signed out");
    if (!framed) {
      location.reload();
    }
  },
};

/** Let this panel and all others of the browser know something. */
function tell(message) {
  HANDLERS[message.kind](message);
  others.postMessage(message);
}

others.addEventListener("message", ({ data }) => HANDLERS[data.kind](data));

function show() {
  const { snapshot, configuration } = latest;
  send("agent::update", { snapshot, configuration });
  window.controls.show(snapshot, configuration);
  snapshot.contacts.forEach(checkMicrophone);
}

async function poll(since) {
  try {
    const { data, err } = await request(`updates?since=${since ?? ""}`);
    if (err === null) {
      if (!connected) {
        tell({ kind: "connection", name: "gained" });
      }
      if (since === null) {
        // Without the events before it; the others have those from the panel that keeps in step for all.
        HANDLERS.update({ update: data });
      } else {
        tell({ kind: "update", update: data });
      }
      return;
    }
  } catch {
    // No answer at all is treated as one that says so.
  }
  if (!stopped) {
    if (connected) {
      tell({ kind: "connection", name: "lost" });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE));
  }
}

async function keepInStep() {
  await poll(null);
  await navigator.locks.request("panels", async () => {
    while (!stopped) {
      await poll(latest?.version ?? null);
    }
  });
}

// The page around the panel

async function answer({ event, requestId, method, params }) {
  const { data, err } = await ask(method, params ?? {});
  send("api_response", { event, requestId, data, err });
}

const LISTENERS = {
  synchronize() {
    if (!stopped) {
      acknowledge();
    }
  },
  configure({ softphone }) {
    softphoneAllowed = softphone?.allowFramedSoftphone === true;
    latest?.snapshot.contacts.forEach(checkMicrophone);
  },
  api_request: answer,
  // What one page of the library says to all goes back to all.
  broadcast({ event, data }) {
    if (event === "mute") {
      setMute(data.mute === true);
    } else if (!/log|metric/.test(event)) {
      tell({ kind: "broadcast", event, data });
    }
  },
  terminate: () => call("signOut"),
};

if (framed) {
  window.addEventListener("message", ({ source, data }) => {
    if (source === window.parent && Object.hasOwn(LISTENERS, data?.event ?? "")) {
      LISTENERS[data.event](data.data ?? {});
    }
  });
}

// The softphone

function ownConnection(contact) {
  return contact.connections.find(({ type }) => ["agent", "monitoring"].includes(type));
}

function setMute(mute) {
  const contact = latest?.snapshot.contacts.find(({ type, state }) => type !== "chat" && state.type === "connected");
  if (contact) {
    const { contactId } = contact;
    const { connectionId } = ownConnection(contact);
    call(mute ? "muteParticipant" : "unmuteParticipant", { contactId, connectionId });
  }
}

/** Like the real panel, ask for the microphone as soon as a voice contact comes; one panel of the browser does. */
function checkMicrophone(contact) {
  const { contactId } = contact;
  const rings = ["incoming", "connecting"].includes(contact.state.type);
  if (!rings || !softphoneAllowed || !ownConnection(contact).softphoneMediaInfo || checkedContacts.has(contactId)) {
    return;
  }
  checkedContacts.add(contactId);
  navigator.locks.request(`softphone-${contactId}`, { ifAvailable: true }, async (lock) => {
    if (lock === null) {
      return;
    }
    if (await hasMicrophone()) {
      await call("softphoneReady", { contactId });
    } else {
      await call("softphoneFailed", { contactId, errorType: "microphone_not_shared" });
    }
  });
}

async function hasMicrophone() {
  try {
    const permission = await navigator.permissions.query({ name: "microphone" });
    if (permission.state === "denied") {
      return false;
    }
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    stream.getTracks().forEach((track) => track.stop());
    return true;
  } catch (error) {
    // Unlike the real panel this one needs no sound device: it carries no sound.
    return error.name !== "NotAllowedError";
  }
}

window.controls.start(ask);
acknowledge();
keepInStep();
