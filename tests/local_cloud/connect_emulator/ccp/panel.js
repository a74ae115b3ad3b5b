// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What the Streams library needs of the panel in its frame (sap-cti 3.5): the handshake, the agent, short answers.

"use strict";

const { agent } = JSON.parse(document.getElementById("data").textContent);

function send(event, data = {}) {
  window.parent.postMessage({ event, data }, "*");
}

function acknowledge() {
  send("acknowledge", { id: "port-1" });
}

function setState(state) {
  agent.snapshot.state = { ...state, startTimestamp: new Date() };
}

function updateAgent() {
  document.getElementById("status").textContent =
    `${agent.configuration.name} is signed in: ${agent.snapshot.state.name}`;
  send("agent::update", { ...agent, snapshot: { ...agent.snapshot, snapshotTimestamp: new Date() } });
}

const METHODS = {
  putAgentState: ({ state }) => {
    setState(state);
    updateAgent();
    return {};
  },
  getEndpoints: () => ({ endpoints: [], addresses: [] }),
  getAgentSnapshot: () => ({ snapshot: agent.snapshot }),
  getAgentConfiguration: () => ({ configuration: agent.configuration }),
};

function answer({ event, requestId, method, params }) {
  const known = Object.hasOwn(METHODS, method);
  const err = known ? null : { type: "NotImplemented", message: `The panel does not implement ${method}` };
  send("api_response", { event, requestId, data: known ? METHODS[method](params ?? {}) : {}, err });
}

const LISTENERS = {
  synchronize: acknowledge,
  configure: acknowledge,
  api_request: answer,
  // What one page of the library says to all goes back to all.
  broadcast: ({ event, data }) => {
    if (!/log|metric/.test(event)) {
      send(event, data);
    }
  },
};

// Without a user nobody is signed in: the panel keeps silent, and the library asks for a sign-in.
if (agent !== null) {
  setState(agent.snapshot.state);
  if (window.parent === window) {
    updateAgent();
  } else {
    window.addEventListener("message", ({ source, data }) => {
      if (source === window.parent && Object.hasOwn(LISTENERS, data?.event ?? "")) {
        LISTENERS[data.event](data.data ?? {});
      }
    });
    acknowledge();
    updateAgent();
  }
}
