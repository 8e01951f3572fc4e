/**
 * Contract facts: everything that happened to a contract and changes money, each with its day (COM-04: Asia/Tokyo). The same
 * shapes are the file of `yagura charges preview`, the payload of `commerce.contract_fact` and the door of the services.
 * A fact is never changed: a correction voids it and writes another, and the difference comes on the next bill.
 */
import { Type, type Static, type TSchema } from "typebox";

const closed = { additionalProperties: false } as const;
const Day = Type.String({ format: "date", description: "calendar day in Asia/Tokyo, YYYY-MM-DD" });
const Moment = Type.String({ format: "date-time", description: "RFC 3339 with offset" });
const Yen = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "whole yen without tax" });
const Code = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
const Line = Type.String({ minLength: 1, maxLength: 200 });
const Quantity = Type.Integer({ minimum: 0, maximum: 1_000_000 });
const literals = <const T extends readonly string[]>(...values: T) =>
  Type.Unsafe<T[number]>(Type.String({ enum: [...values] }));
const fact = <const K extends string, P extends Record<string, TSchema>>(kind: K, properties: P, description: string) =>
  Type.Object(
    {
      kind: Type.Literal(kind),
      on: Day,
      /** Id of the stored fact; absent in files. */
      id: Type.Optional(Type.String({ maxLength: 64 })),
      /** When Yagura learnt of it; a day after the bill of its month makes an adjustment. */
      recordedOn: Type.Optional(Day),
      ...properties,
    },
    { ...closed, description },
  );

export const factShapes = {
  applied: fact("applied", {}, "the application was received"),
  accepted: fact("accepted", {}, "the application was accepted: initial fees become due (SEC-31)"),
  started: fact("started", {}, "S: the provision start date; the order's items are in use from here"),
  inspected: fact("inspected", {}, "acceptance day (検収日): visit or setting work ended (RNS-03)"),
  "cancellation-requested": fact(
    "cancellation-requested",
    { desiredOn: Day, checkedOn: Type.Optional(Day), by: Type.Optional(literals("customer", "provider")) },
    "somebody asked for the end; C may move (UTM-27)",
  ),
  cancelled: fact(
    "cancelled",
    {
      by: literals("customer", "provider", "withdrawal", "longest-use", "line-ended"),
      ground: Type.Optional(Line),
      fault: Type.Optional(literals("customer", "provider", "none")),
    },
    "C: the cancellation date",
  ),
  suspended: fact(
    "suspended",
    { measure: literals("suspension", "discontinuance"), ground: Line, until: Type.Optional(Day) },
    "stopped for a cause; charges stay due (COM-14)",
  ),
  resumed: fact("resumed", {}, "service goes on"),
  quantity: fact(
    "quantity",
    { item: Code, quantity: Quantity, by: Type.Optional(literals("customer", "provider")) },
    "first day of a new quantity of an item; for parts that the customer removes their end day (SEC-35)",
  ),
  "option-started": fact("option-started", { item: Code, quantity: Type.Optional(Quantity) }, "first day of an option"),
  "option-ended": fact("option-ended", { item: Code }, "abolition day of an option"),
  "ancillary-started": fact(
    "ancillary-started",
    {
      item: Code,
      months: Type.Integer({ minimum: 1, maximum: 120 }),
      fee: Yen,
      payment: literals("prepaid", "monthly"),
      orderedOn: Type.Optional(Day),
    },
    "an ancillary service with its own contract period; fee is for the whole period (OST-03)",
  ),
  "ancillary-ended": fact(
    "ancillary-ended",
    { item: Code, fault: Type.Optional(literals("customer", "provider", "none")), approver: Type.Optional(Line) },
    "an ancillary service ended (OST-04, 05)",
  ),
  anchor: fact(
    "anchor",
    { day: Type.Integer({ minimum: 1, maximum: 31 }) },
    "the fee month's anchor day moves (COM-05)",
  ),
  attribute: fact(
    "attribute",
    { name: Code, value: Type.String({ maxLength: 100 }) },
    "something about the contract that rules look at changed",
  ),
  "price-agreed": fact(
    "price-agreed",
    { item: Code, amount: Yen, until: Type.Optional(Day), reference: Line, approver: Type.Optional(Line) },
    "a price of this contract alone: a frozen quote (RNS-66) or a special agreement (COM-21); until: last day",
  ),
  "parameter-agreed": fact(
    "parameter-agreed",
    {
      parameter: Type.String({ maxLength: 120 }),
      value: Type.Unknown(),
      until: Type.Optional(Day),
      reference: Line,
      approver: Line,
    },
    "a written special agreement sets one parameter of the plan's terms, named by JSON pointer (COM-21); until: last day",
  ),
  discount: fact(
    "discount",
    { item: Code, amount: Yen, until: Type.Optional(Day), reference: Line },
    "the discounted unit price of an item (UTM-45); until: last day",
  ),
  waiver: fact(
    "waiver",
    { item: Type.Optional(Code), percent: Type.Integer({ minimum: 1, maximum: 100 }), until: Day, reference: Line },
    "temporary reduction or waiver for a disaster, shown on the bill (COM-29); until: last day",
  ),
  outage: fact(
    "outage",
    {
      knownAt: Moment,
      restoredAt: Moment,
      complete: Type.Boolean(),
      cause: literals("customer", "not-customer", "gross-negligence"),
      group: Type.Optional(Line),
    },
    "service could not be used (UTM-35 to 38); group: one cause (A-UTM-5)",
  ),
  purchase: fact("purchase", { item: Code, quantity: Quantity }, "one-off items or tickets bought"),
  "ticket-used": fact(
    "ticket-used",
    {
      item: Code,
      quantity: Quantity,
      ticket: Line,
      ofIncluded: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 1_000_000,
          description: "how many of them came out of the month's allowance",
        }),
      ),
    },
    "tickets used on a support ticket",
  ),
  visit: fact(
    "visit",
    {
      kilometres: Type.Number({ minimum: 0, maximum: 5000 }),
      hours: Type.Number({ minimum: 0, maximum: 100 }),
      outlyingIsland: Type.Boolean({ description: "an island other than the four main ones and Okinawa main island" }),
    },
    "an engineer went to the site (RNS-62)",
  ),
  opening: fact("opening", {}, "opening date told to the customer (OST-15, 16)"),
  installed: fact("installed", {}, "the customer's installation was finished"),
  "replacement-accepted": fact("replacement-accepted", { at: Moment }, "a replacement was decided on (UTM-65)"),
  dispatched: fact("dispatched", { unit: Line }, "a replacement was sent; the return clock runs (RNS-74)"),
  "pickup-offered": fact("pickup-offered", { unit: Line }, "the courier offered to collect the faulty unit (A-RNS-12)"),
  returned: fact("returned", { unit: Line, damaged: Type.Optional(Type.Boolean()) }, "the faulty unit came back"),
  alarm: fact("alarm", { at: Moment, activity: Code }, "something came in: from when is it handled (UTM-61)"),
  hours: fact("hours", { at: Moment, activity: Code }, "asks whether an activity is open (matrix 7.4)"),
  claim: fact(
    "claim",
    {
      description: Line,
      amount: Yen,
      taxClass: Type.Optional(literals("taxable", "out-of-scope", "exempt")),
      dueOn: Type.Optional(Day),
      rule: Type.Optional(Line),
      approver: Type.Optional(Line),
      beforeEnd: Type.Optional(Type.Boolean({ description: "the end waits for its payment (RNS-11)" })),
    },
    "a sum entered by hand with evidence: damages, repair, costs (SEC-08, SEC-21, RNS-11, RNS-13)",
  ),
  evasion: fact("evasion", { amount: Yen, taxable: Type.Boolean() }, "charges evaded by wrongful acts (UTM-40)"),
  underbilled: fact("underbilled", { item: Code, amount: Yen }, "too little was billed before (UTM-39)"),
  "bill-issued": fact("bill-issued", { form: literals("paper", "debit-notice") }, "a bill was issued (UTM-54)"),
  "document-issued": fact(
    "document-issued",
    { item: Code, postage: Yen },
    "a document that bears a fee was issued: qualified invoice, payment certificate, disclosure (UTM-56, 57, SEC-25)",
  ),
  damage: fact(
    "damage",
    { until: Day, cause: literals("base", "ancillary"), item: Type.Optional(Code) },
    "a damage arose from this day to `until`: how much is paid at most (OST-17 to 19)",
  ),
  accelerated: fact("accelerated", { ground: Line }, "all debts fall due at once (RNS-17)"),
  transferred: fact(
    "transferred",
    { how: literals("succession", "assignment", "representative"), to: Line },
    "somebody else holds the contract from this day (COM-23, 24)",
  ),
} as const;

export const Fact = Type.Union(Object.values(factShapes));
export type Fact = { [K in keyof typeof factShapes]: Static<(typeof factShapes)[K]> }[keyof typeof factShapes];
export type FactKind = Fact["kind"];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;

export const ContractFacts = Type.Object(
  {
    /** Number or any name: stands in the answer. */
    contract: Type.String({ minLength: 1, maxLength: 64 }),
    service: Type.String({ pattern: "^[a-z]{2,20}$" }),
    plan: Code,
    /** Fee month anchor from the start; `anchor` facts move it. */
    anchor: Type.Optional(Type.Integer({ minimum: 1, maximum: 31, default: 1 })),
    /** Items of the order and how many: in use from S. */
    items: Type.Record(Code, Quantity),
    /** What rules look at: model, licence, line model, kind of holder. */
    attributes: Type.Optional(Type.Record(Code, Type.String({ maxLength: 100 }))),
    facts: Type.Array(Fact, { maxItems: 10_000 }),
  },
  closed,
);
export type ContractFacts = Omit<Static<typeof ContractFacts>, "facts"> & { facts: Fact[] };

/** A claim that became due, with what was paid on it. */
export const ClaimFacts = Type.Object(
  {
    claim: Line,
    service: Type.String({ pattern: "^[a-z]{2,20}$" }),
    plan: Code,
    /** With tax. */
    amount: Yen,
    dueOn: Day,
    /** False: late interest itself, which bears none (COM-12). */
    bearsInterest: Type.Optional(Type.Boolean({ default: true })),
  },
  closed,
);
export type ClaimFacts = Static<typeof ClaimFacts>;

export const PaymentFacts = Type.Object(
  {
    on: Day,
    amount: Yen,
    /** The payer's remittance names a claim and the provider accepts it (COM-13); else oldest due date first. */
    claim: Type.Optional(Line),
  },
  closed,
);
export type PaymentFacts = Static<typeof PaymentFacts>;
