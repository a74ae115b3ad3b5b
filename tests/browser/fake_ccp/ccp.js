// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The least panel that the Streams library talks to (sap-cti 3.5). The first label of the host name says how it
// behaves: see BEHAVIOURS.

const AGENT = {
  snapshot: {
    state: { name: "Available", type: "routable", startTimestamp: new Date() },
    nextState: null,
    contacts: [],
    skew: 0,
    snapshotTimestamp: new Date(),
  },
  configuration: {
    name: "Ann Agent",
    username: "ann",
    softphoneEnabled: true,
    agentStates: [],
    permissions: [],
    routingProfile: {
      name: "Basic Routing Profile",
      routingProfileId: "arn:aws:connect:eu-west-2:111122223333:instance/i/routing-profile/r",
      queues: [],
      defaultOutboundQueue: { queueARN: "arn:aws:connect:eu-west-2:111122223333:instance/i/queue/q", name: "BasicQueue" },
      channelConcurrencyMap: { VOICE: 1 },
    },
    dialableCountries: ["gb"],
  },
};

const BEHAVIOURS = {
  example: signIn,
  silent: () => {},
  "signed-out": async () => {
    const { status } = await fetch("/session");
    if (status === 200) {
      signIn();
    }
  },
  "auth-fail": () => {
    acknowledge();
    send("auth_fail");
  },
  "access-denied": () => {
    acknowledge();
    send("access_denied");
  },
  "signs-out": () => {
    signIn();
    setTimeout(() => send("terminated"), 500);
  },
  "no-microphone": () => {
    signIn();
    setTimeout(() => send("agent::softphone_error", softphoneError("microphone_not_shared")), 200);
  },
  "bad-softphone": () => {
    signIn();
    setTimeout(() => send("agent::softphone_error", softphoneError("webrtc_error")), 200);
  },
};

function send(event, data = {}) {
  window.parent.postMessage({ event, data }, "*");
}

function acknowledge() {
  send("acknowledge", { id: "port-1" });
}

function signIn() {
  acknowledge();
  send("agent::update", AGENT);
}

function softphoneError(errorType) {
  return { errorType, errorMessage: "for a test", endPointUrl: "" };
}

if (window.parent !== window) {
  window.addEventListener("message", ({ data }) => {
    if (data.event === "synchronize") {
      acknowledge();
    }
  });
  BEHAVIOURS[location.hostname.split(".")[0]]();
}
