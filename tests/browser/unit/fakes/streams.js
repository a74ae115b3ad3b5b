// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/** Contacts as Streams gives them, with its events in the order that the real library was seen to fire (sap-cti 3.4). */

export const CONTACT_ID = "0f6e3b1a-2c4d-4e5f-8a9b-0123456789ab";
export const FIRST_ID = "11111111-2222-4333-8444-555555555555";
export const CUSTOMER = "+442071838750";

const ACTIVE = ["connected", "hold", "connecting"];

export function connection({ id, type, state = "connected", endpoint = {}, initial = false }) {
  return {
    getConnectionId: () => id,
    getType: () => type,
    getStatus: () => ({ type: state }),
    getEndpoint: () => endpoint,
    isInitialConnection: () => initial,
    isActive: () => ACTIVE.includes(state),
  };
}

export class FakeContact {
  constructor({
    id = CONTACT_ID,
    original = null,
    type = "voice",
    direction = "inbound",
    number = CUSTOMER,
    attributes = {},
    subtype = null,
    agentType = "agent",
    method = direction.toUpperCase(),
    state = "connecting",
    customerEndpoint,
    customerState = "connected",
    others = [],
  } = {}) {
    Object.assign(this, { id, original, type, attributes, subtype, method, state, customerEndpoint, others });
    this.agentConnection = connection({ id: "agent", type: agentType, endpoint: { type: "agent" } });
    this.direction = direction;
    this.number = number;
    this.customerState = customerState;
    this.callbacks = new Map();
    this.gone = false;
    for (const name of ["Incoming", "Connecting", "Accepted", "Connected", "ACW", "Ended", "Missed", "Error", "Destroy", "Refresh", "Pending"]) {
      this[`on${name}`] = (callback) => this.callbacks.set(name, [...(this.callbacks.get(name) ?? []), callback]);
    }
  }

  /** Fire events as `Connecting Connected`; the real ones tell of a new state after it has come. */
  fire(events) {
    const states = { Incoming: "incoming", Connecting: "connecting", Connected: "connected", ACW: "ended", Ended: "ended", Missed: "missed", Error: "error" };
    for (const name of events.split(" ")) {
      this.state = states[name] ?? this.state;
      this.gone ||= name === "Destroy";
      this.callbacks.get(name)?.forEach((callback) => callback(this));
    }
  }

  getContactId() {
    return this.id;
  }
  getOriginalContactId() {
    return this.#alive(this.original);
  }
  getType() {
    return this.#alive(this.type);
  }
  getState() {
    return this.#alive({ type: this.state });
  }
  getAttributes() {
    const entries = this.attributes && Object.entries(this.attributes);
    return this.#alive(entries && Object.fromEntries(entries.map(([name, value]) => [name, { name, value }])));
  }
  getContactSubtype() {
    return this.#alive(this.subtype);
  }
  getInitiationMethod() {
    return this.#alive(this.method);
  }
  getCustomerEndpoint() {
    return this.#alive(this.customerEndpoint);
  }
  getAgentConnection() {
    return this.#alive(this.agentConnection);
  }
  getInitialConnection() {
    const endpoint = this.number && { type: "phone_number", phoneNumber: this.number };
    return this.#alive(
      this.direction && connection({ id: "customer", type: this.direction, state: this.customerState, endpoint, initial: true }),
    );
  }
  getConnections() {
    return [this.getInitialConnection(), this.agentConnection, ...this.others].filter(Boolean);
  }

  /** Streams throws when one asks a contact that is no longer there. */
  #alive(value) {
    if (this.gone) {
      throw new Error("There is no contact with this id");
    }
    return value;
  }
}
