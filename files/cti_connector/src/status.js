// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

import { english, fill } from "./texts.js";

/**
 * @typedef {import("./texts.js").Texts} Texts
 * @typedef {keyof Texts["problems"]} ProblemName
 * @typedef {object} Action
 * @property {keyof Texts["actions"]} name
 * @property {string} [href] makes a link to a page in a new tab
 * @property {() => void} [run] makes a button
 *
 * @typedef {object} Problem
 * @property {ProblemName} name
 * @property {boolean} [fatal] the panel is put away: there is nothing to use
 * @property {"info" | "warning" | "error"} [severity]
 * @property {Record<string, string>} [values] for the placeholders of the text
 * @property {keyof Texts["reasons"]} [reason] a sentence behind the text
 * @property {string[]} [items] shown as a list
 * @property {Action[]} [actions] the first one is the likely one
 */

/** @type {Record<string, string>} */
const PHASES = { ready: "ready", stopped: "problem", lost: "problem" };

/**
 * The status line and the list of problems, in the language of the agent. Each topic shows one problem at most: a new
 * one replaces the old.
 */
export class Status {
  /** @param {Document} document */
  constructor(document) {
    this.document = document;
    this.texts = english;
    this.line = this.#find("status");
    this.list = this.#find("problems");
    this.panel = this.#find("ccp");
    /** @type {Map<string, {problem: Problem, element: HTMLElement}>} */
    this.shown = new Map();
    /** @type {{name: keyof Texts["status"], values: Record<string, string>}} */
    this.said = { name: "starting", values: {} };
    this.stopped = false;
  }

  /**
   * Say everything again in another language.
   *
   * @param {string} language
   * @param {Texts} texts
   */
  speak(language, texts) {
    this.texts = texts;
    this.document.documentElement.lang = language;
    this.document.title = texts.title;
    this.panel.setAttribute("aria-label", texts.panel);
    this.panel.querySelector("iframe")?.setAttribute("title", texts.panel);
    this.#find("save-log").textContent = texts.actions.saveLog;
    this.#write();
    for (const [topic, { problem }] of this.shown) {
      this.show(topic, problem);
    }
  }

  /**
   * @param {keyof Texts["status"]} name
   * @param {Record<string, string>} [values]
   */
  say(name, values = {}) {
    if (!this.stopped) {
      this.said = { name, values };
      this.#write();
    }
  }

  /**
   * @param {string} topic
   * @param {Problem} problem
   */
  show(topic, problem) {
    const element = this.document.createElement("section");
    element.className = `problem ${problem.severity ?? "error"}`;
    element.dataset.problem = problem.name;
    element.append(...this.#content(topic, problem));
    const previous = this.shown.get(topic)?.element;
    if (previous) {
      previous.replaceWith(element);
    } else {
      this.list.append(element);
    }
    this.shown.set(topic, { problem, element });
    if (problem.fatal) {
      this.say("stopped");
      this.stopped = true;
      this.panel.hidden = true;
    }
  }

  /** @param {string} topic */
  clear(topic) {
    this.shown.get(topic)?.element.remove();
    this.shown.delete(topic);
  }

  #write() {
    const { name, values } = this.said;
    const sentence = fill(this.texts.status[name], values);
    this.document.body.dataset.phase = PHASES[name] ?? "starting";
    // Screen readers read the line again whenever it is written, even with the same text.
    if (this.line.textContent !== sentence) {
      this.line.textContent = sentence;
    }
  }

  /**
   * @param {string} topic
   * @param {Problem} problem
   */
  *#content(topic, { name, values = {}, reason, items = [], severity, actions = [] }) {
    const [title, text] = this.texts.problems[name];
    yield this.#element("h2", fill(title, values));
    const sentence = fill([text, reason && this.texts.reasons[reason]].filter(Boolean).join(" "), values);
    yield this.#element("p", sentence);
    if (items.length) {
      const list = this.#element("ul");
      list.append(...items.map((item) => this.#element("li", item)));
      yield list;
    }
    /** @type {Action[]} */
    const closing = severity === "info" ? [{ name: "dismiss", run: () => this.clear(topic) }] : [];
    const row = this.#element("div");
    row.className = "actions";
    row.append(...[...actions, ...closing].map((action) => this.#action(action)));
    yield row;
  }

  /** @param {Action} action */
  #action({ name, href, run }) {
    const element = this.#element(href ? "a" : "button", this.texts.actions[name]);
    element.className = "action";
    if (element instanceof HTMLAnchorElement && href) {
      element.href = href;
      element.target = "_blank";
      element.rel = "noopener";
    }
    element.addEventListener("click", () => run?.());
    return element;
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

  /** @param {string} id */
  #find(id) {
    return /** @type {HTMLElement} */ (this.document.getElementById(id));
  }
}
