// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** What the page shows. Texts become text nodes, never markup. */

const KINDS = { CALL: "call", CHAT: "chat", MESSAGE: "message" };

/**
 * @param {string} tag
 * @param {Record<string, any>} [properties] `data` becomes data attributes, `click` a listener
 * @param {...(Node | string | null)} children
 */
function element(tag, { data = {}, click, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  Object.assign(made.dataset, data);
  if (click) {
    made.addEventListener("click", click);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

const button = (text, click) => element("button", { type: "button", click }, text);

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {{flavour: string, format: string}} settings */
export function showMode({ flavour, format }) {
  at("mode").textContent = `${flavour === "agentDesktop" ? "Agent Desktop" : "Live Activity"}, ${format.toUpperCase()}`;
}

/** @param {string} text */
export function showNoConnector(text) {
  at("widget").replaceChildren(element("p", {}, text));
}

/**
 * @param {Record<string, string>} message
 * @param {object[]} customers that it fits
 */
export function showRinging(message, customers) {
  stopRinging(message);
  const who = customers.length === 1 ? customers[0].name : customers.length ? `${customers.length} customers fit` : "Unknown caller";
  const kind = KINDS[message.Type];
  const banner = element(
    "div",
    { className: "ring", data: { caller: callerOf(message) } },
    element(
      "div",
      {},
      element("strong", {}, `${message.EventType === "OUTBOUND" ? "Outgoing" : "Incoming"} ${kind}: ${who}`),
      element("span", {}, message.ANI ?? message.Email ?? "No number"),
    ),
    button("Dismiss", () => banner.remove()),
  );
  at("ringing").append(banner);
}

/** @param {Record<string, string>} message about a contact that rings no longer */
export function stopRinging(message) {
  for (const banner of at("ringing").querySelectorAll(".ring")) {
    if (banner instanceof HTMLElement && banner.dataset.caller === callerOf(message)) {
      banner.remove();
    }
  }
}

/** Live Activity's announcements have no reference: the customer tells what rings. */
const callerOf = ({ ANI, Email }) => ANI ?? Email ?? "";

/**
 * @param {object[]} customers one, several to choose from, or none
 * @param {Record<string, string>} [message] whose caller it is
 */
export function showCustomer(customers, message = {}) {
  const place = at("customer");
  place.dataset.found = String(customers.length);
  if (customers.length > 1) {
    const choices = customers.map((customer) => button(customer.name, () => showCustomer([customer], message)));
    place.replaceChildren(element("p", {}, "Several customers have this number. Choose one:"), element("div", { className: "line" }, ...choices));
    return;
  }
  const [customer] = customers;
  const rows = customer
    ? [["Contact", customer.contact], ["Account", customer.id], ["Phone", customer.phone], ["E-mail", customer.email]]
    : [["Number", message.ANI ?? "Withheld"]];
  const title = customer ? customer.name : Object.keys(message).length ? "Unknown caller" : "Nobody is on the line";
  place.replaceChildren(
    element("h3", {}, title),
    ...(customer || Object.keys(message).length ? [list(rows)] : []),
  );
}

/**
 * @param {object[]} customers
 * @param {(number: string, customer: string) => void} dial
 */
export function showDirectory(customers, dial) {
  at("directory").replaceChildren(
    ...customers.map((customer) =>
      element(
        "div",
        { className: "person" },
        element("strong", {}, customer.name),
        element("span", {}, customer.contact),
        Object.assign(button(`Call ${customer.phone}`, () => dial(customer.phone, customer.id)), {
          ariaLabel: `Call ${customer.phone}, ${customer.name}`,
        }),
      ),
    ),
  );
}

/**
 * @param {object[]} activities the newest first
 * @param {(recording: string) => void} play
 */
export function showTimeline(activities, play) {
  const items = activities.map((activity) => {
    const { externalId, type = "CALL", direction = "INBOUND", status = "", customer, phoneNumber } = activity;
    const started = new Date(activity.startedOn ?? activity.adminData.createdOn);
    const who = customer?.name ?? phoneNumber ?? "Unknown caller";
    const facts = Object.entries(activity.attributes ?? {}).filter(([name]) => name !== "DNIS");
    return element(
      "li",
      { data: { reference: externalId.displayId, status, type, direction } },
      element(
        "div",
        { className: "line" },
        element("strong", {}, `${direction === "OUTBOUND" ? "Outgoing" : "Incoming"} ${KINDS[type] ?? "call"}: ${who}`),
        element("span", { className: "status" }, { OPEN: "Open", COMPLETED: "Completed" }[status] ?? ""),
        element("time", { dateTime: started.toISOString() }, started.toLocaleTimeString()),
        activity.recordingId ? button("Play recording", () => play(activity.recordingId)) : null,
      ),
      element("p", { className: "reference" }, `Reference ${externalId.displayId}`),
      activity.originalReference ? element("p", { className: "reference" }, `Follows ${activity.originalReference}`) : null,
      facts.length ? list(facts) : null,
      activity.transcript ? element("div", { className: "transcript" }, activity.transcript) : null,
    );
  });
  at("timeline").replaceChildren(...(items.length ? items : [element("li", {}, "No activities yet.")]));
}

/**
 * @param {unknown} data as it came
 * @param {Record<string, string> | null} fields
 * @param {string[]} violations
 */
export function showMessage(data, fields, violations) {
  const title = fields ? [fields.Type, fields.EventType, fields.Action].filter(Boolean).join(" ") : "Not readable";
  at("messages").prepend(
    element(
      "li",
      { className: violations.length ? "wrong" : "", data: { title } },
      element("strong", {}, title),
      element("code", {}, typeof data === "string" ? data : JSON.stringify(data)),
    ),
  );
  for (const violation of violations) {
    at("violations").append(element("li", {}, violation));
  }
  const count = at("violations").childElementCount;
  const verdict = at("verdict");
  verdict.dataset.violations = String(count);
  verdict.classList.toggle("wrong", count > 0);
  verdict.textContent = count ? `${count} ${count === 1 ? "violation" : "violations"} of the contract.` : "No violation of the contract.";
}

/** @param {[string, string][]} rows */
function list(rows) {
  return element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}
