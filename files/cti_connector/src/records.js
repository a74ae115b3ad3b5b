// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * What SAP was told about each contact. All tabs of SAP share it, and it outlives a reload: that is how every message
 * is sent once, by one tab (MESSAGES.md). It holds ids and flags, nothing about people.
 *
 * @typedef {object} ContactRecord
 * @property {string} [type] `Type` of the messages
 * @property {string} [direction] `EventType` of the NOTIFY
 * @property {boolean} [notified] it rings, as far as SAP knows
 * @property {number} [rungAt] when it rang last
 * @property {number} [turnedAwayAt] when the agent missed it last
 * @property {boolean} [accepted]
 * @property {boolean} [done]
 * @property {string} [activity] the activity that SAP made for the call
 * @property {number} at when it was changed last, in milliseconds
 *
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Store
 * @typedef {object} Locks what is used of `navigator.locks`
 * @property {(name: string, options: any, work: (lock: any) => any) => Promise<any>} request
 * @property {() => Promise<{held?: {name?: string}[]}>} query
 */

const PREFIX = "cti:";
const VISIBLE = "cti-visible";
const DIALLING = "cti-dialling";
// Chats may last for a week.
const KEPT = 8 * 24 * 3600 * 1000;
/** Milliseconds that a better placed tab gets before another one steps in. */
export const PATIENCE = 1500;

export class Records {
  /**
   * @param {object} view
   * @param {Store} view.store
   * @param {Locks} view.locks
   * @param {EventTarget & {visibilityState: string}} view.document
   * @param {(milliseconds: number) => Promise<void>} view.sleep
   * @param {() => number} view.now
   */
  constructor({ store, locks, document, sleep, now }) {
    this.store = store;
    this.locks = locks;
    this.document = document;
    this.sleep = sleep;
    this.now = now;
    /** @type {Map<string, () => void>} */
    this.held = new Map();
    /** @type {Map<string, ContactRecord>} what the browser had no room for */
    this.unstored = new Map();
    this.#forgetOld();
    this.#showWhetherVisible();
    document.addEventListener("visibilitychange", () => this.#showWhetherVisible());
  }

  /**
   * @param {string} id
   * @returns {ContactRecord}
   */
  read(id) {
    const unstored = this.unstored.get(id);
    if (unstored) {
      return unstored;
    }
    try {
      return JSON.parse(this.store.getItem(PREFIX + id) ?? "") ?? { at: 0 };
    } catch {
      return { at: 0 };
    }
  }

  /**
   * @param {string} id
   * @param {Partial<ContactRecord>} changes
   */
  update(id, changes) {
    const record = { ...this.read(id), ...changes, at: this.now() };
    try {
      this.store.setItem(PREFIX + id, JSON.stringify(record));
      this.unstored.delete(id);
    } catch {
      this.unstored.set(id, record);
    }
  }

  /** Ids of the contacts that have a record. */
  ids() {
    return Array.from({ length: this.store.length }, (_, index) => this.store.key(index) ?? "")
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
  }

  /**
   * Let one tab do a step for a contact.
   *
   * @param {string} id
   * @param {(record: ContactRecord) => Partial<ContactRecord> | null | Promise<Partial<ContactRecord> | null>} decide
   *   does the step and returns what to note, or null when there is nothing left to do
   */
  async step(id, decide) {
    await this.#waitForTurn(id);
    await this.locks.request(`${PREFIX}${id}`, {}, async () => {
      const changes = await decide(this.read(id));
      if (changes) {
        this.update(id, changes);
        if (changes.done || changes.turnedAwayAt) {
          this.#release(`cti-owner:${id}`);
        } else {
          this.own(id);
        }
      }
    });
  }

  /**
   * Leave the contact's messages to this tab as long as it is open.
   *
   * @param {string} id
   */
  own(id) {
    this.#hold(`cti-owner:${id}`, { ifAvailable: true });
  }

  /**
   * Let other tabs leave the call that this one is placing to it: nobody knows its contact yet.
   *
   * @param {boolean} placing
   */
  expectCall(placing) {
    if (placing) {
      this.#hold(DIALLING, { mode: "shared" });
    } else {
      this.#release(DIALLING);
    }
  }

  /** @param {string} id */
  async #waitForTurn(id) {
    const owner = `cti-owner:${id}`;
    if (this.held.has(owner)) {
      return;
    }
    const names = new Set(((await this.locks.query()).held ?? []).map(({ name }) => name));
    const dialledElsewhere = names.has(DIALLING) && !this.held.has(DIALLING);
    const seenElsewhere = names.has(VISIBLE) && this.document.visibilityState !== "visible";
    if (names.has(owner) || dialledElsewhere || seenElsewhere) {
      await this.sleep(PATIENCE);
    }
  }

  #showWhetherVisible() {
    if (this.document.visibilityState === "visible") {
      this.#hold(VISIBLE, { mode: "shared" });
    } else {
      this.#release(VISIBLE);
    }
  }

  /**
   * Hold a lock until it is released or the tab is closed.
   *
   * @param {string} name
   * @param {object} options
   */
  #hold(name, options) {
    if (this.held.has(name)) {
      return;
    }
    const kept = new Promise((/** @type {(value?: unknown) => void} */ release) => this.held.set(name, release));
    this.locks.request(name, options, (lock) => (lock ? kept : this.held.delete(name)));
  }

  /** @param {string} name */
  #release(name) {
    this.held.get(name)?.();
    this.held.delete(name);
  }

  #forgetOld() {
    for (const id of this.ids()) {
      if (this.now() - this.read(id).at > KEPT) {
        this.store.removeItem(PREFIX + id);
      }
    }
  }
}
