// Copyright: the amazon_connect.sap contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * What a connector may send to SAP (sap-cti 1.1 to 1.3), as strictly as the sources allow. It shares no code with the
 * connector: a fault that both had would go unseen.
 *
 * Where sources differ, the page's settings say which of the two is expected: the format, the flavour, and whether
 * accepting has the Action ACCEPT or none.
 */

const DATA = ["Email", "BP", "TicketID", "Serial", "Custom_1", "Custom_2", "Custom_3", "Custom_4"];
const TEXTS = ["Name", "Subject", "Text", "ChannelId"];
const CALLED = ["DNIS", ...DATA, ...TEXTS];
const ORIGINAL = "ExternalOriginalReferenceID";

/**
 * Messages by Type, EventType and Action; "ACCEPT" stands for either form of it. `step` is what happens to the
 * contact; `needs` and `may` are fields besides Type, EventType, Action and ExternalReferenceID. A message with a
 * `flavour` is for that one only; fields in `not` do not go to the flavour that they stand under.
 */
const MESSAGES = [
  { is: "CALL INBOUND NOTIFY", step: "ring", may: ["ANI", ORIGINAL, ...CALLED] },
  { is: "CALL INBOUND ACCEPT", step: "accept", may: ["ANI", ORIGINAL, ...CALLED] },
  { is: "CALL INBOUND DECLINE", step: "decline", may: ["ANI", ORIGINAL, ...CALLED] },
  { is: "CALL OUTBOUND NOTIFY", step: "ring", needs: ["ANI"], may: ["ActivityUUID", ...CALLED], flavour: "agentDesktop" },
  { is: "CALL OUTBOUND ACCEPT", step: "accept", needs: ["ANI"], may: ["ActivityUUID", ...CALLED], not: { liveActivity: ["ActivityUUID"] } },
  { is: "CALL UPDATEACTIVITY", step: "accept", needs: ["ANI", "ActivityUUID"], may: CALLED, flavour: "liveActivity" },
  { is: "CALL UPDATEACTIVITY END", step: "end", may: ["RecordingId"] },
  { is: "CHAT INBOUND NOTIFY", step: "ring", may: ["ANI", "ChatType", ORIGINAL, ...CALLED] },
  { is: "CHAT INBOUND ACCEPT", step: "accept", may: ["ANI", "ChatType", ORIGINAL, ...CALLED] },
  { is: "CHAT INBOUND DECLINE", step: "decline", may: ["ANI", "ChatType", ORIGINAL, ...CALLED] },
  { is: "CHAT UPDATEACTIVITY END", step: "end", may: ["Transcript"] },
  { is: "MESSAGE INBOUND NOTIFY", step: "ring", needs: ["ANI", ORIGINAL], may: CALLED, flavour: "agentDesktop" },
  { is: "MESSAGE INBOUND ACCEPT", step: "accept", needs: ["ANI", ORIGINAL], may: CALLED, flavour: "agentDesktop" },
  { is: "MESSAGE INBOUND DECLINE", step: "decline", needs: ["ANI", ORIGINAL], may: CALLED, flavour: "agentDesktop" },
  { is: "MESSAGE UPDATEACTIVITY END", step: "end", may: ["Transcript"], flavour: "agentDesktop" },
];
/** What announces has no reference yet where there is no activity to find: Live Activity. */
const REFERENCES_OF_LIVE_ACTIVITY = ["accept", "end"];

/** What may come after what, for one reference; "" is the beginning. A contact that was missed rings again. */
const NEXT = {
  "": ["ring", "accept"],
  ring: ["ring", "accept", "decline"],
  accept: ["end"],
  decline: ["ring"],
  end: [],
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FORMS = {
  // International, else SAP finds nobody (KBA 3705829).
  ANI: /^\+[1-9]\d{1,14}$/,
  DNIS: /^\+[1-9]\d{1,14}$/,
  Email: /^[^\s@]+@[^\s@]+$/,
  ChatType: /^text$/,
  ActivityUUID: UUID,
};
const REFERENCES = {
  contact_id: UUID,
  // At most 35 letters and digits (KBA 3481409).
  compact: /^[0-9A-Z]{32,35}$/,
};
// Line breaks and tabs are text; other control characters have no place in XML.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/;
const PROLOGUE = /^<\?xml version='1\.0' encoding='utf-8' \?>\s*</;

/**
 * @typedef {object} Expected
 * @property {"json" | "xml"} format
 * @property {"agentDesktop" | "liveActivity"} flavour
 * @property {boolean} acceptAction
 * @property {"contact_id" | "compact"} referenceFormat
 */

/** Reads what arrives and remembers the course of every contact. */
export class Contract {
  /**
   * @param {Expected} expected
   * @param {(text: string) => Document} parseXml throws, or returns a document with an element parsererror
   * @param {Pick<Map<string, {step: string, kind: string}>, "get" | "set">} courses what became of each reference
   */
  constructor(expected, parseXml, courses) {
    this.expected = expected;
    this.parseXml = parseXml;
    this.courses = courses;
  }

  /**
   * @param {unknown} data what the connector posted
   * @returns {{fields: Record<string, string> | null, violations: string[]}}
   */
  receive(data) {
    const { fields, violations } = read(data, this.expected.format, this.parseXml);
    if (fields) {
      violations.push(...this.#judge(fields));
    }
    return { fields, violations };
  }

  /** @param {Record<string, string>} fields */
  *#judge(fields) {
    yield* forms(fields, this.expected);
    const { flavour, acceptAction } = this.expected;
    const rule = this.#rule(fields);
    if (!rule) {
      yield `${describe(fields)} is no message of this contract.`;
      return;
    }
    if ((rule.flavour ?? flavour) !== flavour) {
      yield `${describe(fields)} is not for ${flavour}.`;
    }
    if (rule.is.endsWith("ACCEPT") && (fields.Action === "ACCEPT") !== acceptAction) {
      yield `Accepting is expected ${acceptAction ? "with the Action ACCEPT" : "without Action"}.`;
    }
    const refers = flavour === "agentDesktop" || REFERENCES_OF_LIVE_ACTIVITY.includes(rule.step);
    const needed = [...(refers ? ["ExternalReferenceID"] : []), ...(rule.needs ?? [])];
    const denied = [...(refers ? [] : [ORIGINAL]), ...(rule.not?.[flavour] ?? [])];
    const known = ["Type", "EventType", "Action", ...needed, ...rule.may].filter((name) => !denied.includes(name));
    yield* needed.filter((name) => !Object.hasOwn(fields, name)).map((name) => `${rule.is} needs ${name}.`);
    yield* Object.keys(fields).filter((name) => !known.includes(name)).map((name) => `${rule.is} has no ${name}.`);
    yield* this.#follow(rule, fields);
  }

  /** @param {Record<string, string>} fields */
  #rule({ Type, EventType, Action }) {
    const whole = [Type, EventType, ...(Action ? [Action] : [])].join(" ");
    return MESSAGES.find(({ is }) => is === whole) ?? (Action ? undefined : MESSAGES.find(({ is }) => is === `${whole} ACCEPT`));
  }

  /**
   * @param {{step: string, is: string}} rule
   * @param {Record<string, string>} fields
   */
  *#follow(rule, fields) {
    const reference = fields.ExternalReferenceID;
    if (!reference) {
      return;
    }
    const before = this.courses.get(reference);
    const step = before?.step ?? "";
    if (!NEXT[step].includes(rule.step)) {
      yield step === rule.step
        ? `${rule.is} came before for this reference.`
        : `${rule.is} cannot come ${step ? `after "${step}"` : "first"} for this reference.`;
      return;
    }
    if (before && before.kind !== fields.Type) {
      yield `This reference was a ${before.kind} before.`;
    }
    if (rule.is.endsWith("ACCEPT") && fields.Type !== "MESSAGE" && fields[ORIGINAL] === reference) {
      yield "A contact does not follow itself.";
    }
    if ((fields.RecordingId ?? reference) !== reference) {
      yield "RecordingId is not the recording of this contact.";
    }
    this.courses.set(reference, { step: rule.step, kind: fields.Type });
  }
}

/**
 * Read the fields out of either format.
 *
 * @param {unknown} data
 * @param {"json" | "xml"} format
 * @param {(text: string) => Document} parseXml
 * @returns {{fields: Record<string, string> | null, violations: string[]}}
 */
function read(data, format, parseXml) {
  if (format === "xml") {
    return typeof data === "string" ? readXml(data, parseXml) : broken("The message is not a text with XML.");
  }
  if (!isPlain(data) || Reflect.ownKeys(data).join() !== "payload" || !isPlain(data.payload)) {
    return broken("The message is not an object with nothing but an object named payload.");
  }
  const wrong = Object.entries(data.payload).filter(([, value]) => typeof value !== "string");
  return wrong.length
    ? broken(...wrong.map(([name]) => `${name} is not a text.`))
    : { fields: { ...data.payload }, violations: [] };
}

/**
 * @param {string} text
 * @param {(text: string) => Document} parseXml
 */
function readXml(text, parseXml) {
  if (!PROLOGUE.test(text)) {
    return broken("The XML does not begin with <?xml version='1.0' encoding='utf-8' ?>.");
  }
  let root;
  try {
    root = parseXml(text).documentElement;
  } catch {
    root = null;
  }
  if (!root || root.getElementsByTagName("parsererror").length || root.nodeName !== "payload") {
    return broken("The message is not well-formed XML with the root payload.");
  }
  const fields = {};
  const violations = [];
  for (const node of Array.from(root.childNodes)) {
    if (node.nodeType === 3 && !node.nodeValue.trim()) {
      continue;
    }
    const simple = node.nodeType === 1 && !node.attributes.length && Array.from(node.childNodes).every(({ nodeType }) => nodeType === 3);
    if (!simple) {
      violations.push(`${node.nodeName} is not a plain element with text.`);
    } else if (Object.hasOwn(fields, node.nodeName)) {
      violations.push(`${node.nodeName} is there twice.`);
    } else {
      Object.defineProperty(fields, node.nodeName, { value: node.textContent, enumerable: true });
    }
  }
  return violations.length ? broken(...violations) : { fields, violations };
}

/**
 * @param {Record<string, string>} fields
 * @param {Expected} expected
 */
function* forms(fields, { referenceFormat }) {
  for (const [name, value] of Object.entries(fields)) {
    const form = /^External(Original)?ReferenceID$/.test(name) ? REFERENCES[referenceFormat] : FORMS[name];
    if (value.trim() === "") {
      yield `${name} is empty.`;
    } else if (/^(undefined|null|NaN|\[object .*\])$/.test(value)) {
      yield `${name} says "${value}".`;
    } else if (CONTROL.test(value)) {
      yield `${name} has control characters.`;
    } else if (form && !form.test(value)) {
      yield `${name} has the wrong form.`;
    }
  }
}

function describe({ Type = "?", EventType = "?", Action = "" }) {
  return [Type, EventType, Action].join(" ").trim();
}

function broken(...violations) {
  return { fields: null, violations };
}

/** @param {unknown} value */
function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
