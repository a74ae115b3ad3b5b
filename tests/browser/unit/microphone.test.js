// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { watchMicrophone } from "../../../files/cti_connector/src/microphone.js";

/** A window with a permission of the given state. */
function view({ delegated = true, state = "prompt" } = {}) {
  const permission = Object.assign(new EventTarget(), { state });
  return {
    permission,
    document: { featurePolicy: { allowsFeature: (name) => name === "microphone" && delegated } },
    navigator: { permissions: { query: async () => permission } },
  };
}

async function watch(window) {
  const reports = [];
  await watchMicrophone(window, (microphone) => reports.push(microphone));
  return reports;
}

test("a delegated microphone that was not refused is usable", async () => {
  assert.deepEqual(await watch(view()), ["usable"]);
});

test("a microphone that the host page keeps is reported", async () => {
  assert.deepEqual(await watch(view({ delegated: false })), ["not_delegated"]);
});

test("a refusal is reported, and so is its end", async () => {
  const window = view({ state: "denied" });
  const reports = await watch(window);
  window.permission.state = "granted";
  window.permission.dispatchEvent(new Event("change"));
  assert.deepEqual(reports, ["denied", "usable"]);
});

test("a browser without these interfaces is taken as usable", async () => {
  const navigator = { permissions: { query: () => Promise.reject(new TypeError("unknown name")) } };
  assert.deepEqual(await watch({ document: {}, navigator }), ["usable"]);
});
