// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * What was said in a chat. Streams has no transcript, so it is read from the participant service with the agent's own
 * token, as amazon-connect-chatjs does.
 *
 * @typedef {{Type?: string, ContentType?: string, Content?: string, DisplayName?: string, ParticipantRole?: string}} Item
 */

/** Milliseconds: SAP is told of the end of a chat with or without the text. */
const LIMIT = 5000;
const PAGE = 100;

/**
 * Address of the participant service. A local cloud has it under the instance's own name.
 *
 * @param {{instanceUrl: string, region: string}} settings
 */
export function participantService({ instanceUrl, region }) {
  const { origin, protocol } = new URL(instanceUrl);
  return protocol === "http:" ? origin : `https://participant.connect.${region}.amazonaws.com`;
}

/**
 * @param {any} connection the agent's, of Streams
 * @param {string} service
 * @param {typeof fetch} fetch
 * @param {number} [limit] milliseconds
 * @returns {Promise<string | null>} lines of `Name : text`, or null when it cannot be read
 */
export async function readTranscript(connection, service, fetch, limit = LIMIT) {
  const signal = AbortSignal.timeout(limit);
  // Streams waits for ever for a token when the panel has lost its connection.
  const late = new Promise((_, fail) => signal.addEventListener("abort", fail));
  const post = async (/** @type {string} */ path, /** @type {string} */ token, /** @type {object} */ body) => {
    const response = await fetch(`${service}/participant/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Amz-Bearer": token },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) {
      throw new Error(`participant service: ${response.status}`);
    }
    return response.json();
  };
  try {
    const token = await Promise.race([findToken(connection, post), late]);
    /** @type {Item[]} */
    let items = [];
    let NextToken;
    do {
      const page = { MaxResults: PAGE, ScanDirection: "BACKWARD", SortOrder: "ASCENDING", NextToken };
      const answer = await post("transcript", token, page);
      items = [...answer.Transcript, ...items];
      ({ NextToken } = answer);
    } while (NextToken);
    return linesOf(items);
  } catch {
    return null;
  }
}

/**
 * @param {any} connection
 * @param {(path: string, token: string, body: object) => Promise<any>} post
 */
async function findToken(connection, post) {
  try {
    return (await connection.getConnectionToken()).chatTokenTransport.participantToken;
  } catch {
    const participant = connection.getMediaInfo().participantToken;
    const { ConnectionCredentials } = await post("connection", participant, { Type: ["CONNECTION_CREDENTIALS"] });
    return ConnectionCredentials.ConnectionToken;
  }
}

/** @param {Item[]} items */
function linesOf(items) {
  return items
    .filter(({ Type, ContentType }) => Type === "MESSAGE" && /^text\/(plain|markdown)/.test(ContentType ?? ""))
    .map(({ DisplayName, ParticipantRole, Content }) => `${DisplayName || ParticipantRole} : ${Content}`)
    .join("\n");
}
