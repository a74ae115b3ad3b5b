// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Calls that SAP asks for (sap-cti 1.4): one for a click, with a number that is one, by an agent who can call.
 *
 * @typedef {{number: string, activity: string | null}} DialRequest
 * @typedef {"number" | "country" | "permission" | "busy" | "late" | "library" | "failed"} RefusalName
 *
 * @typedef {object} DialTools
 * @property {{read: (written: unknown) => Promise<import("./phone.js").PhoneNumber | null>}} phone
 * @property {(number: string) => unknown} endpointOf an endpoint of Streams
 * @property {string | null} queueArn
 * @property {(number: string) => void} showWaiting
 * @property {(number: string, name: RefusalName, reason: string) => void} showRefusal
 * @property {() => void} clear takes away what was shown
 * @property {(event: string, details?: Record<string, unknown>) => void} log
 * @property {(work: () => void, milliseconds: number) => unknown} later
 * @property {(placing: boolean) => void} expectCall tells the other tabs whose call comes up next
 */

const LONGEST = 64;
const ACTIVITY = /^[A-Za-z0-9-]{1,64}$/;
/** Milliseconds that a click is kept for an agent who signs in. */
export const PATIENCE = 60_000;
// Until the call shows up among the agent's contacts, another click is the same one.
const ANSWER_TIME = 10_000;
const ENDED = ["ended", "missed", "rejected", "error"];

/**
 * @param {Record<string, unknown>} request from SAP
 * @returns {DialRequest | null} null when it is no request to dial
 */
export function requestedCall(request) {
  const own = (/** @type {string} */ name) => (Object.hasOwn(request, name) ? request[name] : undefined);
  const number = own("PhoneNumber");
  if (own("Direction") !== "OUT" || typeof number !== "string" || number.length > LONGEST) {
    return null;
  }
  const activity = own("ActivityUUID") || own("ObjectUUID");
  return { number, activity: typeof activity === "string" && ACTIVITY.test(activity) ? activity : null };
}

export class Dialler {
  /** @param {DialTools} tools */
  constructor(tools) {
    this.tools = tools;
    /** @type {any} the agent of Streams */
    this.agent = null;
    /** @type {{number: string, activity: string | null} | null} the call that is being placed */
    this.current = null;
    /** @type {DialRequest | null} */
    this.waiting = null;
  }

  /** @param {DialRequest} request */
  async dial(request) {
    if (this.current || this.waiting) {
      this.tools.log("dial ignored", { because: "another one is under way" });
      return;
    }
    this.tools.clear();
    if (!this.agent) {
      this.waiting = request;
      this.tools.showWaiting(request.number);
      this.tools.later(() => this.#giveUp(request), PATIENCE);
      return;
    }
    await this.#place(request);
  }

  /** @param {any} agent of Streams, who is signed in now; null: no longer */
  async setAgent(agent) {
    this.agent = agent;
    const request = this.waiting;
    if (agent && request) {
      this.waiting = null;
      this.tools.clear();
      await this.#place(request);
    }
  }

  /**
   * The activity of the call that this page placed last, once.
   *
   * @param {string | null} number of the contact that has come up; null when Amazon Connect does not tell it
   */
  takeActivity(number) {
    const call = this.current;
    if (!call || (number !== null && number !== call.number)) {
      return null;
    }
    this.#expect(null);
    return call.activity;
  }

  /** @param {DialRequest} request */
  async #place({ number: written, activity }) {
    const { phone, endpointOf, queueArn, log } = this.tools;
    const call = { number: "", activity };
    this.#expect(call);
    let found;
    try {
      found = await phone.read(written);
    } catch {
      this.#refuse(call, written, "library");
      return;
    }
    if (!this.agent) {
      // Signed out while the number was read: the click waits like any other.
      this.#expect(null);
      await this.dial({ number: written, activity });
      return;
    }
    const refusal = found ? this.#obstacle(found) : "number";
    if (!found || refusal) {
      this.#refuse(call, written, refusal ?? "number");
      return;
    }
    call.number = found.number;
    this.agent.connect(endpointOf(found.number), {
      ...(queueArn && { queueARN: queueArn }),
      timeout: ANSWER_TIME,
      success: () => {
        log("dialled");
        this.tools.later(() => this.#settle(call), ANSWER_TIME);
      },
      failure: (/** @type {unknown} */ error) => this.#refuse(call, written, "failed", reasonOf(error)),
    });
  }

  /**
   * @param {import("./phone.js").PhoneNumber} found
   * @returns {RefusalName | null}
   */
  #obstacle({ country }) {
    const permissions = this.agent.getPermissions();
    const countries = this.agent.getDialableCountries();
    const inCall = this.agent
      .getContacts()
      .filter((/** @type {any} */ contact) => ["voice", "queue_callback"].includes(contact.getType()))
      .some((/** @type {any} */ contact) => !ENDED.includes(contact.getState().type));
    if (permissions && !permissions.includes("outboundCall")) {
      return "permission";
    }
    if (country && countries?.length && !countries.some((/** @type {string} */ one) => one.toUpperCase() === country)) {
      return "country";
    }
    return inCall ? "busy" : null;
  }

  /** @param {DialRequest} request */
  #giveUp(request) {
    if (this.waiting === request) {
      this.waiting = null;
      this.tools.showRefusal(request.number, "late", "");
    }
  }

  /**
   * @param {object} call
   * @param {string} number
   * @param {RefusalName} name
   * @param {string} [reason]
   */
  #refuse(call, number, name, reason = "") {
    this.#settle(call);
    this.tools.log("dial refused", { because: name, reason });
    this.tools.showRefusal(number, name, reason);
  }

  /** @param {object} call */
  #settle(call) {
    if (this.current === call) {
      this.#expect(null);
    }
  }

  /** @param {{number: string, activity: string | null} | null} call that is being placed */
  #expect(call) {
    this.current = call;
    this.tools.expectCall(call !== null);
  }
}

/**
 * What Streams gives to `failure`: an error, an object of the API, or either as a JSON text.
 *
 * @param {unknown} error
 */
function reasonOf(error) {
  let read = error;
  try {
    read = typeof error === "string" ? JSON.parse(error) : error;
  } catch {
    return String(error);
  }
  const { message, type } = /** @type {any} */ (read) ?? {};
  return String(message || type || "unknown");
}
