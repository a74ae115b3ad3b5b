// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import { fill, texts } from "./texts.js";

/**
 * @typedef {keyof typeof texts.problems} ProblemName
 * @typedef {object} ProblemDetails
 * @property {boolean} [fatal] the panel is put away: there is nothing to use
 * @property {"warning" | "error"} [severity]
 * @property {Record<string, string>} [values] for the placeholders of the text
 * @property {string[]} [items] shown as a list
 * @property {string} [signInUrl] adds a link that opens the sign-in page
 * @property {() => void} [retry] adds a button
 */

/** @type {Record<string, string>} */
const PHASES = { ready: "ready", stopped: "problem" };

/** The status line and the list of problems. Each topic shows one problem at most: a new one replaces the old. */
export class Status {
  /** @param {Document} document */
  constructor(document) {
    this.document = document;
    this.line = /** @type {HTMLElement} */ (document.getElementById("status"));
    this.list = /** @type {HTMLElement} */ (document.getElementById("problems"));
    this.panel = /** @type {HTMLElement} */ (document.getElementById("ccp"));
    /** @type {Map<string, HTMLElement>} */
    this.shown = new Map();
    this.stopped = false;
  }

  /**
   * @param {keyof typeof texts.status} name
   * @param {Record<string, string>} [values]
   */
  say(name, values = {}) {
    const sentence = fill(texts.status[name], values);
    // Screen readers read the line again whenever it is written, even with the same text.
    if (this.stopped || this.line.textContent === sentence) {
      return;
    }
    this.line.textContent = sentence;
    this.document.body.dataset.phase = PHASES[name] ?? "starting";
  }

  /**
   * @param {string} topic
   * @param {ProblemName} name
   * @param {ProblemDetails} [details]
   */
  show(topic, name, details = {}) {
    const { severity = "error", fatal = false } = details;
    const element = this.document.createElement("section");
    element.className = `problem ${severity}`;
    element.dataset.problem = name;
    element.append(...this.#content(name, details));
    const previous = this.shown.get(topic);
    if (previous) {
      previous.replaceWith(element);
    } else {
      this.list.append(element);
    }
    this.shown.set(topic, element);
    if (fatal) {
      this.say("stopped");
      this.stopped = true;
      this.panel.hidden = true;
    }
  }

  /** @param {string} topic */
  clear(topic) {
    this.shown.get(topic)?.remove();
    this.shown.delete(topic);
  }

  /**
   * @param {ProblemName} name
   * @param {ProblemDetails} details
   */
  *#content(name, { values = {}, items = [], signInUrl, retry }) {
    const { title, text } = texts.problems[name];
    yield this.#element("h2", fill(title, values));
    yield this.#element("p", fill(text, values));
    if (items.length) {
      const list = this.#element("ul");
      list.append(...items.map((item) => this.#element("li", item)));
      yield list;
    }
    const actions = this.#element("div");
    actions.className = "actions";
    if (signInUrl) {
      const link = this.document.createElement("a");
      link.className = "action main";
      link.href = signInUrl;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = texts.actions.signIn;
      actions.append(link);
    }
    if (retry) {
      const button = this.document.createElement("button");
      button.className = "action";
      button.type = "button";
      button.textContent = texts.actions.retry;
      button.addEventListener("click", retry);
      actions.append(button);
    }
    yield actions;
  }

  /**
   * @param {string} tag
   * @param {string} [content]
   */
  #element(tag, content = "") {
    const element = this.document.createElement(tag);
    element.textContent = content;
    return element;
  }
}
