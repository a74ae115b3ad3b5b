// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import assert from "node:assert/strict";
import { test } from "node:test";

import { participantService, readTranscript } from "../../../files/cti_connector/src/transcript.js";

const SERVICE = "https://participant.connect.eu-west-2.amazonaws.com";
const message = (Content, DisplayName, ContentType = "text/plain") => ({ Type: "MESSAGE", ContentType, Content, DisplayName });

/** The service with its pages, the newest first, and what it was asked. */
function newService(pages, { status = 200 } = {}) {
  const asked = [];
  const fetch = async (url, { headers, body, method }) => {
    const request = JSON.parse(body);
    asked.push([method, url, headers["X-Amz-Bearer"], request]);
    const number = Number(request.NextToken ?? 0);
    const answers = {
      connection: { ConnectionCredentials: { ConnectionToken: "connection token" } },
      transcript: { Transcript: pages[number], NextToken: number + 1 < pages.length ? String(number + 1) : undefined },
    };
    return { ok: status === 200, status, json: async () => answers[url.split("/").at(-1)] };
  };
  return { fetch, asked };
}

const AGENT = { getConnectionToken: async () => ({ chatTokenTransport: { participantToken: "token" } }) };

test("all pages are read and put in order", async () => {
  const { fetch, asked } = newService([[message("Bye", "Ann")], [message("Hello", "Ann"), message("Hi", "Bob")]]);
  assert.equal(await readTranscript(AGENT, SERVICE, fetch), "Ann : Hello\nBob : Hi\nAnn : Bye");
  assert.deepEqual(
    asked.map(([method, url, token]) => [method, url, token]),
    Array(2).fill(["POST", `${SERVICE}/participant/transcript`, "token"]),
  );
});

test("only what people wrote is part of it", async () => {
  const { fetch } = newService([
    [
      { Type: "EVENT", ContentType: "application/vnd.amazonaws.connect.event.participant.joined" },
      message("{}", "Bot", "application/vnd.amazonaws.connect.message.interactive"),
      { ...message("Hi"), ParticipantRole: "CUSTOMER" },
      message("**Hi**", "Ann", "text/markdown"),
    ],
  ]);
  assert.equal(await readTranscript(AGENT, SERVICE, fetch), "CUSTOMER : Hi\nAnn : **Hi**");
});

test("without a transport the participant's own token makes a connection", async () => {
  const agent = {
    getConnectionToken: async () => Promise.reject(new Error("getConnectionToken failed")),
    getMediaInfo: () => ({ participantToken: "participant token" }),
  };
  const { fetch, asked } = newService([[message("Hi", "Ann")]]);
  assert.equal(await readTranscript(agent, SERVICE, fetch), "Ann : Hi");
  assert.deepEqual(
    asked.map(([, url, token]) => [url.split("/").at(-1), token]),
    [
      ["connection", "participant token"],
      ["transcript", "connection token"],
    ],
  );
});

test("a transcript that cannot be read is none", async () => {
  const { fetch } = newService([[]], { status: 403 });
  assert.equal(await readTranscript(AGENT, SERVICE, fetch), null);
  assert.equal(await readTranscript({}, SERVICE, fetch), null);
  assert.equal(await readTranscript(AGENT, SERVICE, async () => Promise.reject(new TypeError("offline"))), null);
});

test("a token that never comes holds up the end of a chat no longer than the limit", async (context) => {
  // The signal's own timer does not keep the process alive.
  const alive = setInterval(() => {}, 1_000);
  context.after(() => clearInterval(alive));
  const agent = { getConnectionToken: () => new Promise(() => {}) };
  assert.equal(await readTranscript(agent, SERVICE, newService([[]]).fetch, 20), null);
});

test("the service is the Region's, or the local cloud's own", () => {
  assert.equal(participantService({ instanceUrl: "https://example.my.connect.aws", region: "eu-west-2" }), SERVICE);
  const local = "http://example.my.connect.localhost:8080";
  assert.equal(participantService({ instanceUrl: local, region: "eu-west-2" }), local);
});
