// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// What an agent sees and presses in the panel.

"use strict";

window.controls = (() => {
  const byId = (id) => document.getElementById(id);
  const sections = new Map();
  let call = null;

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function showProblem(text) {
    byId("problem").textContent = text;
    byId("problem").hidden = !text;
  }

  async function press(method, params) {
    const { err } = await call(method, params);
    showProblem(err === null ? "" : err.message);
  }

  function start(caller) {
    call = caller;
    byId("agent-status").addEventListener("change", ({ target }) => press("putAgentState", { state: { name: target.value } }));
    byId("dial").addEventListener("submit", (event) => {
      event.preventDefault();
      const phoneNumber = byId("number").value.replace(/[^\d+]/g, "");
      press("createOutboundContact", { endpoint: { type: "phone_number", phoneNumber } });
    });
    byId("sign-out").addEventListener("click", () => press("signOut"));
  }

  function showConnection(connected) {
    showProblem(connected ? "" : "The connection is lost");
  }

  function show(snapshot, configuration) {
    byId("status").textContent = `${configuration.name} is signed in: ${snapshot.state.name}`;
    showStatuses(snapshot.state, configuration.agentStates);
    byId("dial").hidden = !configuration.permissions.includes("outboundCall");
    const present = new Set(snapshot.contacts.map(({ contactId }) => contactId));
    for (const [contactId, section] of sections) {
      if (!present.has(contactId)) {
        section.node.remove();
        sections.delete(contactId);
      }
    }
    snapshot.contacts.forEach((contact) => showContact(contact, configuration));
  }

  function showStatuses(state, statuses) {
    const select = byId("agent-status");
    const names = statuses.map(({ name }) => name);
    const shown = names.includes(state.name) ? names : [state.name, ...names];
    if (shown.join("\n") !== [...select.options].map(({ value }) => value).join("\n")) {
      const options = shown.map((name) => element("option", { value: name, disabled: !names.includes(name) }, name));
      select.replaceChildren(...options);
    }
    if (document.activeElement !== select || select.value !== state.name) {
      select.value = state.name;
    }
  }

  function newSection(contact) {
    const title = element("h2");
    const state = element("p");
    const buttons = element("div");
    const extra = element("div");
    const node = element("section", {}, title, state, buttons, extra);
    title.id = `customer-${contact.contactId}`;
    node.setAttribute("aria-labelledby", title.id);
    node.dataset.contact = contact.contactId;
    byId("contacts").append(node);
    const section = { node, title, state, buttons, extra, shown: "", log: null, transfer: null };
    sections.set(contact.contactId, section);
    return section;
  }

  function showContact(contact, configuration) {
    const section = sections.get(contact.contactId) ?? newSection(contact);
    const customer = contact.connections.find(({ initial }) => initial);
    const own = contact.connections.find(({ type }) => ["agent", "monitoring"].includes(type));
    section.title.textContent = customer.endpoint.phoneNumber ?? customer.chatMediaInfo?.customerName ?? contact.type;
    section.state.textContent = contact.connections
      .map((connection) => `${connection === own ? "agent" : connection.initial ? "customer" : "third party"} ${connection.state.type}`)
      .concat(contact.state.type)
      .reverse()
      .join(", ");
    section.node.dataset.state = contact.state.type;
    const actions = actionsOf(contact, customer, own);
    const shown = JSON.stringify(actions);
    if (shown !== section.shown) {
      section.shown = shown;
      section.buttons.replaceChildren(...actions.map(({ label, method, params }) =>
        element("button", { type: "button", onclick: () => press(method, params) }, label)));
    }
    const talking = contact.state.type === "connected";
    if (contact.type === "chat") {
      showMessages(section, contact, talking);
    }
    showTransfer(section, contact, configuration, talking);
  }

  function actionsOf({ contactId, state, connections }, customer, own) {
    const third = connections.find((item) => item !== own && !item.initial && ["connecting", "connected", "hold"].includes(item.state.type));
    const action = (label, method, connection) =>
      ({ label, method, params: { contactId, ...(connection && { connectionId: connection.connectionId }) } });
    if (["missed", "rejected", "error", "ended"].includes(state.type)) {
      return [action("Close contact", "clearContact")];
    }
    if (own.state.type === "connecting") {
      return [action("Accept", "acceptContact"), action("Reject", "rejectContact")];
    }
    if (state.type !== "connected") {
      return [action("Hang up", "destroyConnection", own)];
    }
    const actions = [action("Hang up", "destroyConnection", own)];
    if (own.type === "monitoring") {
      return actions;
    }
    if (customer.softphoneMediaInfo === undefined && customer.chatMediaInfo) {
      return actions;
    }
    if (customer.state.type === "connected") {
      actions.push(action("Hold", "holdConnection", customer));
    } else if (customer.state.type === "hold") {
      actions.push(action("Resume", "resumeConnection", customer));
    }
    actions.push(own.mute ? action("Unmute", "unmuteParticipant", own) : action("Mute", "muteParticipant", own));
    if (third) {
      if (third.state.type !== "connecting") {
        actions.push(action("Swap", "toggleActiveConnections", third), action("Conference", "conferenceConnections"));
      }
      actions.push(action("Hang up third party", "destroyConnection", third));
    }
    return actions;
  }

  function showMessages(section, contact, talking) {
    if (section.log === null) {
      section.log = element("ol");
      section.log.setAttribute("aria-label", "Messages");
      const text = element("input", { required: true, maxLength: 1024 });
      section.form = element("form", {}, element("label", {}, "Message ", text), element("button", {}, "Send"));
      section.form.addEventListener("submit", async (event) => {
        event.preventDefault();
        await press("sendMessage", { contactId: contact.contactId, text: text.value });
        text.value = "";
      });
      section.extra.append(section.log, section.form);
    }
    section.log.replaceChildren(...contact.messages.map(({ role, text }) => element("li", {}, `${role}: ${text}`)));
    section.form.hidden = !talking;
  }

  function showTransfer(section, contact, configuration, talking) {
    if (!talking) {
      section.transfer?.remove();
      section.transfer = null;
      return;
    }
    if (section.transfer !== null) {
      return;
    }
    const select = element("select", { id: `quick-connect-${contact.contactId}` });
    const label = element("label", { htmlFor: select.id }, "Quick connect");
    const form = element("form", { hidden: true }, label, select, element("button", {}, "Transfer"));
    section.transfer = form;
    section.extra.append(form);
    const queueARNs = configuration.routingProfile.queues.map(({ queueARN }) => queueARN);
    call("getEndpoints", { queueARNs }).then(({ data }) => {
      const endpoints = data.endpoints ?? [];
      select.append(...endpoints.map(({ name }, position) => element("option", { value: position }, name)));
      form.hidden = endpoints.length === 0;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        press("createAdditionalConnection", { contactId: contact.contactId, endpoint: endpoints[select.value] });
      });
    });
  }

  return { start, show, showConnection, showProblem };
})();
