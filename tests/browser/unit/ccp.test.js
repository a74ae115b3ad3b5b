// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { DOUBT, ccpOptions, ccpUrl, startCcp } from "../../../files/cti_connector/src/ccp.js";
import { FakeStatus, FakeStreams } from "./fakes/panel.js";

const SETTINGS = {
  instanceUrl: "https://example.my.connect.aws",
  region: "eu-west-2",
  loginUrl: null,
  ringtoneEnabled: true,
  ringtoneUrl: null,
  vdiPlatform: null,
  storageAccess: false,
};
const PAGE = { softphoneElsewhere: false, title: "Contact control panel" };

const ADDRESSES = [
  ["https://example.my.connect.aws", "https://example.my.connect.aws/ccp-v2/"],
  ["https://example.awsapps.com", "https://example.awsapps.com/connect/ccp-v2/"],
  ["https://example.awsapps.com/connect", "https://example.awsapps.com/connect/ccp-v2/"],
  ["http://example.my.connect.localhost:8080", "http://example.my.connect.localhost:8080/ccp-v2/"],
];

for (const [instanceUrl, address] of ADDRESSES) {
  test(`the panel of ${instanceUrl} is ${address}`, () => {
    assert.equal(ccpUrl(instanceUrl), address);
  });
}

test("calls ring in the frame, and nothing is set that the settings leave out", () => {
  const options = ccpOptions(SETTINGS, PAGE);
  assert.equal(options.softphone.allowFramedSoftphone, true);
  assert.equal(options.softphone.disableRingtone, false);
  assert.ok(!("loginUrl" in options));
  assert.ok(!("ringtoneUrl" in options.softphone));
  assert.ok(!("VDIPlatform" in options.softphone));
  assert.ok(!("storageAccess" in options));
});

test("single sign-on and the ringtone come from the settings", () => {
  const options = ccpOptions({
    ...SETTINGS,
    loginUrl: "https://idp.example.com/",
    ringtoneEnabled: false,
    ringtoneUrl: "https://example.com/ring.mp3",
  }, PAGE);
  assert.equal(options.loginUrl, "https://idp.example.com/");
  assert.deepEqual(
    [options.softphone.disableRingtone, options.softphone.ringtoneUrl],
    [true, "https://example.com/ring.mp3"],
  );
});

test("virtual desktops and third-party storage are asked for where the settings say so", () => {
  const options = ccpOptions({ ...SETTINGS, vdiPlatform: "CITRIX", storageAccess: true }, PAGE);
  assert.equal(options.softphone.VDIPlatform, "CITRIX");
  assert.deepEqual(options.storageAccess, { canRequest: true, instanceUrl: SETTINGS.instanceUrl });
});

test("the framed softphone is silent where calls are heard in a window of their own", () => {
  assert.equal(ccpOptions(SETTINGS, { ...PAGE, softphoneElsewhere: true }).softphone.allowFramedSoftphone, false);
});

test("nothing is asked for that calls do not need", () => {
  const { softphone } = ccpOptions(SETTINGS, PAGE);
  assert.ok(!("allowFramedVideoCall" in softphone) && !("allowFramedScreenSharing" in softphone));
});

/** A page that has just framed the panel. */
function startPage({ settings = {}, reachable = true } = {}) {
  const page = {
    container: {},
    settings: { ...SETTINGS, ...settings },
    status: new FakeStatus(),
    softphoneElsewhere: false,
    origin: "https://connector.example",
    logged: [],
    agents: [],
    network: new EventTarget(),
    reachable: async () => reachable,
    reload: () => {},
  };
  const streams = new FakeStreams();
  startCcp(streams, { ...page, log: (event) => page.logged.push(event), onAgent: (agent) => page.agents.push(agent) });
  return { page, streams, status: page.status };
}

test("the library echoes nothing but errors, as the rest is about people", () => {
  assert.equal(startPage().streams.echoed, "error");
});

const REPORTS = {
  ack_timeout: ["sign_in", "signIn"],
  auth_fail: ["auth_failed", "signIn"],
  terminated: ["signed_out", "signIn"],
  access_denied: ["access_denied", "stopped"],
  retries_exhausted: ["retries_exhausted", "stopped"],
  authorize_exhausted: ["authorize_exhausted", "stopped"],
  cti_authorize_exhausted: ["authorize_exhausted", "stopped"],
};

for (const [event, [problem, line]] of Object.entries(REPORTS)) {
  test(`${event} is told with what to do, and its end too`, (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const { page, streams, status } = startPage();
    streams.fire(event);
    assert.deepEqual([status.names(), status.line], [[problem], line]);
    assert.ok(status.problems.get("session").actions.length > 0);
    assert.equal(page.agents.at(-1), null);
    const agent = streams.signIn();
    assert.deepEqual([status.names(), status.line], [[], "ready Ann Agent"]);
    assert.equal(page.agents.at(-1), agent);
  });
}

test("a panel that never comes is given up with the likely causes", () => {
  const { streams, status } = startPage();
  streams.fire("retries_exhausted");
  const { values } = status.problems.get("session");
  assert.deepEqual(values, { origin: "https://connector.example", instance: SETTINGS.instanceUrl });
});

for (const [reachable, problem] of [
  [true, "not_answering"],
  [false, "unreachable"],
]) {
  test(`a panel that stays silent is ${problem}`, async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const { streams, status } = startPage({ reachable });
    streams.fire("ack_timeout");
    context.mock.timers.tick(DOUBT);
    await new Promise((next) => setImmediate(next));
    assert.ok(status.names().includes(problem));
    streams.signIn();
    assert.deepEqual(status.names(), []);
  });
}

test("who has signed in is not doubted any more", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { streams, status } = startPage();
  streams.fire("ack_timeout");
  streams.signIn();
  context.mock.timers.tick(DOUBT);
  await new Promise((next) => setImmediate(next));
  assert.deepEqual(status.names(), []);
});

test("what was given up is not doubted any more", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { streams, status } = startPage();
  streams.fire("ack_timeout");
  streams.fire("retries_exhausted");
  context.mock.timers.tick(DOUBT);
  await new Promise((next) => setImmediate(next));
  assert.deepEqual(status.names(), ["retries_exhausted"]);
});

test("a blocked sign-in window is noticed", () => {
  const { streams, status } = startPage();
  streams.core.getPopupManager().open("https://example.com/", "sign-in");
  assert.deepEqual(status.names(), []);
  streams.opened = null;
  streams.core.getPopupManager().open("https://example.com/", "sign-in");
  assert.deepEqual(status.names(), ["popup_blocked"]);
});

for (const [lost, gained] of [
  [(streams) => streams.fire("lost"), (streams) => streams.fire("gained")],
  [(_, page) => page.network.dispatchEvent(new Event("offline")), (_, page) => page.network.dispatchEvent(new Event("online"))],
]) {
  test("a lost connection is told until it is back", () => {
    const { page, streams, status } = startPage();
    streams.signIn();
    lost(streams, page);
    streams.fire("refresh");
    assert.deepEqual([status.names(), status.line], [["connection_lost"], "lost"]);
    gained(streams, page);
    assert.deepEqual([status.names(), status.line], [[], "ready Ann Agent"]);
  });
}

test("signing in again ends a lost connection too", () => {
  const { streams, status } = startPage();
  streams.signIn();
  streams.fire("lost");
  streams.fire("auth_fail");
  streams.fire("refresh");
  assert.deepEqual([status.names(), status.line], [[], "ready Ann Agent"]);
});

for (const [event, problem] of [
  ["terminated", "signed_out"],
  ["access_denied", "access_denied"],
]) {
  for (const order of [[event, "offline", "online"], ["offline", event, "online"]]) {
    test(`a network that goes and comes signs nobody in: ${order.join(" ")}`, () => {
      const { page, streams, status } = startPage();
      streams.signIn();
      for (const one of order) {
        if (one === event) {
          streams.fire(event);
        } else {
          page.network.dispatchEvent(new Event(one));
        }
      }
      assert.deepEqual(status.names(), [problem]);
      assert.equal(page.agents.at(-1), null);
    });
  }
}

test("softphone errors are told", () => {
  const { streams, status } = startPage();
  streams.signIn();
  streams.fire("softphone", { errorType: "microphone_not_shared" });
  streams.fire("softphone", { errorType: "webrtc_error" });
  assert.deepEqual(status.names(), ["microphone_denied", "softphone_failed"]);
  assert.deepEqual(status.problems.get("softphone").values, { reason: "webrtc_error" });
  for (const { actions } of [...status.problems.values()]) {
    actions.find(({ name }) => name === "dismiss").run();
  }
  assert.deepEqual(status.names(), []);
});

test("refused storage is told until it is granted", () => {
  const { streams, status } = startPage({ settings: { storageAccess: true } });
  streams.storage.onDeny();
  assert.deepEqual(status.names(), ["storage_denied"]);
  streams.storage.onGrant();
  assert.deepEqual(status.names(), []);
});
