// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import { readContact } from "./contact.js";
import { buildMessage } from "./message.js";
import { referenceOf } from "./reference.js";

/**
 * @typedef {import("./contact.js").ContactFacts} ContactFacts
 * @typedef {import("./message.js").Fields} Fields
 * @typedef {import("./records.js").ContactRecord} ContactRecord
 *
 * @typedef {object} Tools
 * @property {import("./settings.js").Settings} settings
 * @property {import("./records.js").Records} records
 * @property {{toE164: (written: string) => Promise<string | null>}} phone
 * @property {(message: ReturnType<typeof buildMessage>) => void} post
 * @property {(event: string, details?: Record<string, unknown>) => void} log
 * @property {(number: string | null) => string | null} takeActivity of the call that SAP asked this page for
 * @property {(connection: any) => Promise<string | null>} transcript of a chat, by the agent's connection
 */

/** The course of messages of every contact (MESSAGES.md): what Streams reports becomes what SAP is told. */
export class Courses {
  /** @param {Tools} tools */
  constructor(tools) {
    this.tools = tools;
    /** @type {Map<string, Promise<void>>} what is still to be done for a contact, in order */
    this.lines = new Map();
    /** @type {Map<string, Fields>} fields of the NOTIFY that this page sent; they are personal, so never stored */
    this.rings = new Map();
  }

  /** @param {any} contact of Streams */
  follow(contact) {
    const id = contact.getContactId();
    const { settings, records } = this.tools;
    const when = (/** @type {(facts: ContactFacts, at: number) => Promise<void>} */ tell) => () => {
      const facts = readContact(contact, settings);
      const at = records.now();
      if (facts?.own) {
        this.#queue(id, () => tell(facts, at));
      }
    };
    const ring = when((facts, at) => this.#notify(facts, at));
    const answer = when((facts) => this.#accept(facts));
    const end = () => {
      const at = records.now();
      this.#queue(id, () => this.#finish(id, at));
    };
    contact.onIncoming(ring);
    contact.onConnecting(ring);
    contact.onConnected(answer);
    contact.onRefresh(() => this.#lookAgain(contact, { ring, answer }));
    contact.onACW(() => this.#queue(id, () => this.#finish(id, records.now(), contact)));
    contact.onMissed(end);
    contact.onEnded(end);
    contact.onDestroy(end);
  }

  /**
   * A consultation becomes the agent's own call without an event of its own, once the others have left.
   *
   * @param {any} contact
   * @param {{ring: () => void, answer: () => void}} tell
   */
  #lookAgain(contact, { ring, answer }) {
    const id = contact.getContactId();
    const original = contact.getOriginalContactId();
    const { notified, accepted } = this.tools.records.read(id);
    if (!original || original === id || accepted) {
      return;
    }
    const state = contact.getState().type;
    if (state === "connected") {
      answer();
    } else if (state === "connecting" && !notified) {
      ring();
    }
  }

  /**
   * End what ended while no page was open.
   *
   * @param {string[]} present ids of the contacts that the agent has
   */
  async reconcile(present) {
    const { records } = this.tools;
    const at = records.now();
    const gone = records.ids().filter((id) => !present.includes(id) && isOpen(records.read(id)));
    await Promise.all(gone.map((id) => this.#queue(id, () => this.#finish(id, at))));
  }

  /** Resolves when all that was reported so far is told. */
  async settled() {
    await Promise.all(this.lines.values());
  }

  /**
   * @param {string} id
   * @param {() => Promise<void>} work
   */
  #queue(id, work) {
    const line = (this.lines.get(id) ?? Promise.resolve())
      .then(work)
      .catch((error) => this.tools.log("message failed", { id, reason: String(error?.message ?? error) }))
      .finally(() => this.lines.get(id) === line && this.lines.delete(id));
    this.lines.set(id, line);
    return line;
  }

  /**
   * A missed contact waits on in its queue and may ring here again, with the same id.
   *
   * @param {ContactFacts} facts
   * @param {number} at when it rang: a tab that had to wait may be late
   */
  async #notify(facts, at) {
    const { settings, records } = this.tools;
    const number = await this.#identify(facts);
    const desktop = settings.ctiType === "agentDesktop";
    if (facts.direction === "OUTBOUND" && !desktop) {
      return;
    }
    await records.step(facts.id, (record) => {
      if (record.notified || record.accepted || record.done || at <= (record.turnedAwayAt ?? 0)) {
        return null;
      }
      const fields = {
        Type: facts.type,
        EventType: facts.direction,
        Action: "NOTIFY",
        ANI: number,
        ...(desktop && this.#references(facts)),
        ActivityUUID: record.activity,
        ...facts.attributes,
      };
      this.rings.set(facts.id, fields);
      this.#send(facts.id, fields);
      return { notified: true, rungAt: at, type: facts.type, direction: facts.direction };
    });
  }

  /** @param {ContactFacts} facts */
  async #accept(facts) {
    const { settings, records } = this.tools;
    this.rings.delete(facts.id);
    const number = await this.#identify(facts);
    await records.step(facts.id, (record) => {
      if (record.accepted || record.done) {
        return null;
      }
      // Live Activity waits with the activity that it made before the call (sap-cti 1.3).
      const updates = settings.ctiType === "liveActivity" && record.activity;
      this.#send(facts.id, {
        Type: facts.type,
        EventType: updates ? "UPDATEACTIVITY" : facts.direction,
        Action: !updates && settings.acceptAction ? "ACCEPT" : null,
        ANI: number,
        ...this.#references(facts),
        ActivityUUID: record.activity,
        ...facts.attributes,
      });
      return { accepted: true, type: facts.type };
    });
  }

  /**
   * @param {string} id
   * @param {number} at when it ended or was turned away
   * @param {any} [contact] of Streams, as long as it is there
   */
  async #finish(id, at, contact) {
    const { settings, records } = this.tools;
    await records.step(id, async (record) => {
      if (record.accepted && !record.done) {
        const Transcript = record.type === "CALL" ? null : await this.#transcriptOf(contact);
        this.#send(id, { ...this.#endFields(id, record), Transcript });
        return { done: true };
      }
      if (!isOpen(record) || at < (record.rungAt ?? 0)) {
        return null;
      }
      if (record.direction === "INBOUND" && settings.declineMissed) {
        this.#send(id, { ...this.#ringFields(id, record), Action: "DECLINE" });
      }
      this.rings.delete(id);
      return { notified: false, activity: undefined, turnedAwayAt: at };
    });
  }

  /** @param {any} contact */
  async #transcriptOf(contact) {
    try {
      return contact ? await this.tools.transcript(contact.getAgentConnection()) : null;
    } catch {
      return null;
    }
  }

  /**
   * @param {string} id
   * @param {ContactRecord} record
   * @returns {Fields}
   */
  #endFields(id, { type }) {
    const { referenceFormat, recordings } = this.tools.settings;
    const reference = referenceOf(id, referenceFormat);
    return {
      Type: type,
      EventType: "UPDATEACTIVITY",
      Action: "END",
      ExternalReferenceID: reference,
      RecordingId: type === "CALL" && recordings ? reference : null,
    };
  }

  /**
   * What the NOTIFY said, as far as this page knows.
   *
   * @param {string} id
   * @param {ContactRecord} record
   * @returns {Fields}
   */
  #ringFields(id, { type, direction }) {
    const { ctiType, referenceFormat } = this.tools.settings;
    const reference = ctiType === "agentDesktop" ? referenceOf(id, referenceFormat) : null;
    return this.rings.get(id) ?? { Type: type, EventType: direction, Action: null, ExternalReferenceID: reference };
  }

  /**
   * @param {ContactFacts} facts
   * @returns {Fields}
   */
  #references({ id, original, type }) {
    const { referenceFormat } = this.tools.settings;
    const first = original ?? (type === "MESSAGE" ? id : null);
    return {
      ExternalReferenceID: referenceOf(id, referenceFormat),
      ExternalOriginalReferenceID: first && referenceOf(first, referenceFormat),
    };
  }

  /**
   * Find the customer's number, and note the activity of a call that SAP asked this page for.
   *
   * @param {ContactFacts} facts
   */
  async #identify({ id, direction, numbers }) {
    const { phone, records, takeActivity, log } = this.tools;
    let number = null;
    for (const written of numbers) {
      try {
        number ??= await phone.toE164(written);
      } catch {
        log("number unread", { id });
      }
    }
    const activity = direction === "OUTBOUND" && takeActivity(number);
    if (activity) {
      records.update(id, { activity });
      records.own(id);
    }
    return number;
  }

  /**
   * @param {string} id
   * @param {Fields} fields
   */
  #send(id, fields) {
    this.tools.post(buildMessage(fields, this.tools.settings.payloadFormat));
    const names = Object.keys(fields).filter((name) => fields[name]);
    this.tools.log("sent", { id, event: fields.EventType, action: fields.Action, fields: names.join(" ") });
  }
}

/**
 * Whether something is left to be told or let go when the contact is over.
 *
 * @param {ContactRecord} record
 */
function isOpen({ notified, activity, accepted, done }) {
  return accepted ? !done : notified || activity;
}
