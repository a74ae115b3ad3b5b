// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Parts of a browser that several tabs share: storage and locks. */

export class FakeStore {
  constructor() {
    this.items = new Map();
  }
  get length() {
    return this.items.size;
  }
  key(index) {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(name) {
    return this.items.get(name) ?? null;
  }
  setItem(name, text) {
    this.items.set(name, String(text));
  }
  removeItem(name) {
    this.items.delete(name);
  }
}

/** `navigator.locks` of all tabs of one site. */
export class FakeLocks {
  constructor() {
    this.held = [];
    this.queue = [];
  }

  /** The locks as one tab sees them; `close` gives back what it holds, as the browser does when a tab goes. */
  forTab() {
    const tab = {
      closed: false,
      query: async () => ({ held: this.held.map(({ name, mode }) => ({ name, mode })) }),
      request: (name, options, work) => this.#request(tab, name, options, work),
      close: () => {
        tab.closed = true;
        this.held = this.held.filter((lock) => lock.tab !== tab);
        this.#grant();
      },
    };
    return tab;
  }

  #request(tab, name, { mode = "exclusive", ifAvailable = false }, work) {
    return new Promise((resolve, reject) => {
      const lock = { tab, name, mode };
      const run = async (granted) => {
        try {
          resolve(await work(granted));
        } catch (error) {
          reject(error);
        } finally {
          this.held = this.held.filter((other) => other !== lock);
          this.#grant();
        }
      };
      if (ifAvailable && !this.#isFree(lock)) {
        run(null);
        return;
      }
      this.queue.push({ lock, run });
      this.#grant();
    });
  }

  #isFree({ name, mode }) {
    const others = this.held.filter((lock) => lock.name === name);
    return others.length === 0 || (mode === "shared" && others.every((lock) => lock.mode === "shared"));
  }

  #grant() {
    for (const entry of [...this.queue]) {
      if (!entry.lock.tab.closed && this.#isFree(entry.lock)) {
        this.queue.splice(this.queue.indexOf(entry), 1);
        this.held.push(entry.lock);
        queueMicrotask(() => entry.run(entry.lock));
      }
    }
  }
}

/** A document that can be looked at or not. */
export class FakeDocument extends EventTarget {
  constructor(visibilityState = "visible") {
    super();
    this.visibilityState = visibilityState;
  }
  turn(visibilityState) {
    this.visibilityState = visibilityState;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}
