/** Which fields each kind of contract fact has, with the limits of the API's schema; the form of the staff is drawn from it. Pure. */
import type { Rule } from "../../form-rules.ts";

/** Kinds of items that a field may name. */
type ItemKind = "base" | "pack" | "option" | "ancillary" | "initial" | "ticket" | "one-off" | "document" | "surcharge";
export type FactField = { readonly name: string; readonly optional?: true } & (
  | { readonly type: "day" | "moment" | "yen" | "yes-no" | "attribute" | "attribute-value" | "activity" | "value" }
  | { readonly type: "count" | "number"; readonly least: number; readonly most: number; readonly unit: FactUnit }
  | { readonly type: "text"; readonly most: number }
  | { readonly type: "item"; readonly of?: readonly ItemKind[] }
  | { readonly type: "choice"; readonly values: readonly string[] }
);
export type FactUnit = "pieces" | "months" | "percent" | "dayOfMonth" | "kilometres" | "hours" | "yen";

const MOST_YEN = 1_000_000_000_000;
const MANY = 1_000_000;
const item = (...of: readonly ItemKind[]): FactField => ({
  name: "item",
  type: "item",
  ...(of.length === 0 ? {} : { of }),
});
const quantity: FactField = { name: "quantity", type: "count", least: 0, most: MANY, unit: "pieces" };
const amount: FactField = { name: "amount", type: "yen" };
const at: FactField = { name: "at", type: "moment" };
const until: FactField = { name: "until", type: "day" };
const activity: FactField = { name: "activity", type: "activity" };
const text = (name: string, most = 200): FactField => ({ name, type: "text", most });
const choice = (name: string, ...values: readonly string[]): FactField => ({ name, type: "choice", values });
const maybe = (field: FactField): FactField => ({ ...field, optional: true });

const reference = text("reference");
const approver = text("approver");
const ground = text("ground");
const delegate = maybe(text("delegate", 120));
const unit = text("unit");
const fault = maybe(choice("fault", "customer", "provider", "none"));
const by = maybe(choice("by", "customer", "provider"));

/** Kinds that the staff record, as they are offered. */
export const factGroups = {
  outage: ["outage", "waiver", "damage"],
  visit: ["visit", "inspected", "opening", "installed"],
  purchase: ["purchase", "ticket-used"],
  order: ["quantity", "option-started", "option-ended", "ancillary-started", "ancillary-ended", "attribute", "anchor"],
  agreed: ["price-agreed", "discount", "parameter-agreed"],
  claim: ["claim", "underbilled", "evasion", "accelerated"],
  document: ["bill-issued", "document-issued"],
  equipment: ["replacement-accepted", "dispatched", "pickup-offered", "returned"],
  asked: ["alarm", "hours"],
} as const;
export type FactGroup = keyof typeof factGroups;

/** Kinds that those may record who see to the field but not to agreed money. */
export const ofTheField: ReadonlySet<string> = new Set([
  "inspected",
  "outage",
  "ticket-used",
  "visit",
  "opening",
  "installed",
  "replacement-accepted",
  "dispatched",
  "pickup-offered",
  "returned",
  "alarm",
  "hours",
  "damage",
]);
/** Kinds that only a step of the contract writes: they are corrected, never recorded or voided by themselves. */
export const ofTheState: ReadonlySet<string> = new Set([
  "applied",
  "accepted",
  "started",
  "cancelled",
  "cancellation-requested",
  "suspended",
  "resumed",
  "transferred",
]);

export const factFields: Readonly<Record<string, readonly FactField[]>> = {
  outage: [
    { name: "knownAt", type: "moment" },
    { name: "restoredAt", type: "moment" },
    { name: "complete", type: "yes-no" },
    choice("cause", "not-customer", "customer", "gross-negligence"),
    maybe(text("group")),
  ],
  waiver: [maybe(item()), { name: "percent", type: "count", least: 1, most: 100, unit: "percent" }, until, reference],
  damage: [until, choice("cause", "base", "ancillary"), maybe(item("ancillary"))],
  visit: [
    { name: "kilometres", type: "number", least: 0, most: 5000, unit: "kilometres" },
    { name: "hours", type: "number", least: 0, most: 100, unit: "hours" },
    { name: "outlyingIsland", type: "yes-no" },
    delegate,
  ],
  inspected: [delegate],
  opening: [],
  installed: [delegate],
  purchase: [item("ticket", "one-off"), quantity],
  "ticket-used": [
    item("ticket"),
    quantity,
    text("ticket"),
    maybe({ name: "ofIncluded", type: "count", least: 0, most: MANY, unit: "pieces" }),
  ],
  quantity: [item(), quantity, by],
  "option-started": [item("option"), maybe(quantity)],
  "option-ended": [item("option")],
  "ancillary-started": [
    item("ancillary"),
    { name: "months", type: "count", least: 1, most: 120, unit: "months" },
    { name: "fee", type: "yen" },
    choice("payment", "monthly", "prepaid"),
    maybe({ name: "orderedOn", type: "day" }),
  ],
  "ancillary-ended": [item("ancillary"), fault, maybe(approver)],
  attribute: [
    { name: "name", type: "attribute" },
    { name: "value", type: "attribute-value" },
  ],
  anchor: [{ name: "day", type: "count", least: 1, most: 31, unit: "dayOfMonth" }],
  "price-agreed": [item(), amount, maybe(until), reference, maybe(approver)],
  discount: [item(), amount, maybe(until), reference],
  "parameter-agreed": [text("parameter", 120), { name: "value", type: "value" }, maybe(until), reference, approver],
  claim: [
    text("description"),
    amount,
    maybe(choice("taxClass", "taxable", "out-of-scope", "exempt")),
    maybe({ name: "dueOn", type: "day" }),
    maybe(text("rule")),
    maybe(approver),
    maybe({ name: "beforeEnd", type: "yes-no" }),
  ],
  underbilled: [item(), amount],
  evasion: [amount, { name: "taxable", type: "yes-no" }],
  accelerated: [ground],
  "bill-issued": [choice("form", "paper", "debit-notice")],
  "document-issued": [item("document"), { name: "postage", type: "count", least: 0, most: MANY, unit: "yen" }],
  "replacement-accepted": [at, delegate],
  dispatched: [unit, delegate],
  "pickup-offered": [unit],
  returned: [unit, maybe({ name: "damaged", type: "yes-no" })],
  alarm: [at, activity],
  hours: [at, activity],
  applied: [],
  accepted: [],
  started: [delegate],
  "cancellation-requested": [{ name: "desiredOn", type: "day" }, maybe({ name: "checkedOn", type: "day" }), by],
  cancelled: [choice("by", "customer", "provider", "withdrawal", "longest-use", "line-ended"), maybe(ground), fault],
  suspended: [choice("measure", "suspension", "discontinuance"), ground, maybe(until)],
  resumed: [],
  transferred: [choice("how", "succession", "assignment", "representative"), text("to")],
};
export const fieldsOfFact = (kind: string): readonly FactField[] => factFields[kind] ?? [];

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

/** What a field's text may be, as the schema says. */
export function ruleOfField(field: FactField): Rule {
  const optional = field.optional === undefined ? {} : { optional: true };
  switch (field.type) {
    case "day":
      return { pattern: DAY, ...optional };
    case "moment":
      return { pattern: MOMENT, ...optional };
    case "yen":
      return { type: "integer", minimum: 0, maximum: MOST_YEN, ...optional };
    case "count":
      return { type: "integer", minimum: field.least, maximum: field.most, ...optional };
    case "number":
      return { type: "number", minimum: field.least, maximum: field.most, ...optional };
    case "text":
      return { maxLength: field.most, ...optional };
    case "attribute-value":
      return { maxLength: 100, ...optional };
    case "value":
      return { maxLength: 1000, ...optional };
    default:
      return optional;
  }
}

export type FactValues = Readonly<Record<string, string>>;

/** What the fields hold at first: of a fact that is corrected, or empty; choices that must be made begin with the first. */
export function valuesOfFact(kind: string, fact: Readonly<Record<string, unknown>> | null): Record<string, string> {
  return Object.fromEntries(fieldsOfFact(kind).map((field) => [field.name, toText(field, fact?.[field.name])]));
}

function toText(field: FactField, value: unknown): string {
  if (value === undefined || value === null) {
    if (field.optional === true) return "";
    return field.type === "choice" ? (field.values[0] ?? "") : "";
  }
  if (field.type === "moment" && typeof value === "string") return tokyoClock(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Fields of the fact without kind and day, as the API takes them. */
export function payloadOfFact(kind: string, values: FactValues): Record<string, unknown> {
  const filled = fieldsOfFact(kind).filter(({ name }) => (values[name] ?? "").trim() !== "");
  return Object.fromEntries(filled.map((field) => [field.name, fromText(field, (values[field.name] ?? "").trim())]));
}

function fromText(field: FactField, text: string): unknown {
  switch (field.type) {
    case "yen":
    case "count":
    case "number":
      return Number(text);
    case "yes-no":
      return text === "true";
    case "moment":
      return `${text.length === 16 ? `${text}:00` : text}+09:00`;
    case "value":
      return valueIn(text);
    default:
      return text;
  }
}

/** Numbers, true and false as what they are; everything else as text. */
function valueIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const TOKYO = 9 * 3_600_000;
/** A moment as the clock in Tokyo shows it, `2026-10-05T09:30`; seconds where there are any. */
function tokyoClock(moment: string): string {
  const time = Date.parse(moment);
  if (Number.isNaN(time)) return "";
  const text = new Date(time + TOKYO).toISOString();
  return text.slice(17, 19) === "00" ? text.slice(0, 16) : text.slice(0, 19);
}
