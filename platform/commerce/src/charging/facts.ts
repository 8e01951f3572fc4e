/**
 * Contract facts: everything that happened to a contract and changes money, each with its day (COM-04: Asia/Tokyo). The same
 * shapes are the file of `yagura charges preview`, the payload of `commerce.contract_fact` and the door of the services.
 * A fact is never changed: a correction voids it and writes another, and the difference comes on the next bill.
 */
import { Type, type Static, type TSchema } from "typebox";
import { closed } from "@yagura/server/shapes.ts";

const Day = Type.String({ format: "date", description: "calendar day in Asia/Tokyo, YYYY-MM-DD" });
const Moment = Type.String({ format: "date-time", description: "RFC 3339 with offset" });
const Yen = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "whole yen without tax" });
const Code = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
const Item = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$", description: "item code of the plan, e.g. base" });
const Activity = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$", description: "row of the hours, e.g. desk" });
const Reference = Type.String({
  minLength: 1,
  maxLength: 200,
  description: "where the agreement or publication stands",
});
const Ground = Type.String({ minLength: 1, maxLength: 200, description: "ground of the terms" });
const Name = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$", description: "name of the attribute, e.g. model" });
const Approver = Type.String({ minLength: 1, maxLength: 200, description: "who approved it" });
const Unit = Type.String({ minLength: 1, maxLength: 200, description: "serial number or name of the unit" });
const Last = Type.String({
  format: "date",
  description: "last day, YYYY-MM-DD; absent where allowed: until further notice",
});
const Quantity = Type.Integer({ minimum: 0, maximum: 1_000_000, description: "how many" });
/** One of some words, with what it means. */
const oneOf = <const T extends readonly string[]>(description: string, ...values: T) =>
  Type.Unsafe<T[number]>(Type.String({ enum: [...values], description }));
const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description });
/** RNS-08: work may be delegated to affiliates, and who did it is recorded with each job. */
const Delegate = Type.Optional(text(120, "the affiliate to whom the work was delegated (RNS-08)"));
const fact = <const K extends string, P extends Record<string, TSchema>>(kind: K, properties: P, description: string) =>
  Type.Object(
    {
      kind: Type.Literal(kind),
      on: Type.String({
        format: "date",
        description: "the day on which it happened or holds from (Asia/Tokyo), YYYY-MM-DD",
      }),
      id: Type.Optional(Type.String({ maxLength: 64, description: "id of the stored fact; absent in files" })),
      recordedOn: Type.Optional(
        Type.String({
          format: "date",
          description: "when it was learnt; what is learnt after the bill of its month makes an adjustment",
        }),
      ),
      ...properties,
    },
    { ...closed, description },
  );

export const factShapes = {
  applied: fact("applied", {}, "the application was received"),
  accepted: fact("accepted", {}, "the application was accepted: initial fees become due (SEC-31)"),
  started: fact(
    "started",
    { delegate: Delegate },
    "S: the provision start date; the order's items are in use from here",
  ),
  inspected: fact("inspected", { delegate: Delegate }, "acceptance day (検収日): visit or setting work ended (RNS-03)"),
  "cancellation-requested": fact(
    "cancellation-requested",
    {
      desiredOn: Type.String({ format: "date", description: "the cancellation date that is wished for" }),
      checkedOn: Type.Optional(
        Type.String({ format: "date", description: "the day on which the provider finished checking the request" }),
      ),
      by: Type.Optional(oneOf("who asks; absent: the customer", "customer", "provider")),
    },
    "somebody asked for the end; C may move (UTM-27)",
  ),
  cancelled: fact(
    "cancelled",
    {
      by: oneOf("who or what ends it", "customer", "provider", "withdrawal", "longest-use", "line-ended"),
      ground: Type.Optional(Ground),
      fault: Type.Optional(oneOf("whose fault the end is; absent: none", "customer", "provider", "none")),
    },
    "C: the cancellation date",
  ),
  suspended: fact(
    "suspended",
    {
      measure: oneOf("for a cause of the customer, or for works and the like", "suspension", "discontinuance"),
      ground: Ground,
      until: Type.Optional(Last),
    },
    "stopped for a cause; charges stay due (COM-14)",
  ),
  resumed: fact("resumed", {}, "service goes on"),
  quantity: fact(
    "quantity",
    {
      item: Item,
      quantity: Quantity,
      by: Type.Optional(oneOf("who changes it; absent: the customer", "customer", "provider")),
    },
    "first day of a new quantity of an item; for parts that the customer removes their end day (SEC-35)",
  ),
  "option-started": fact("option-started", { item: Item, quantity: Type.Optional(Quantity) }, "first day of an option"),
  "option-ended": fact("option-ended", { item: Item }, "abolition day of an option"),
  "ancillary-started": fact(
    "ancillary-started",
    {
      item: Item,
      months: Type.Integer({ minimum: 1, maximum: 120, description: "length of its contract period" }),
      fee: Type.Integer({
        minimum: 0,
        maximum: 1_000_000_000_000,
        description: "fee of the whole period, whole yen without tax",
      }),
      payment: oneOf("in one sum at its start, or in monthly instalments", "prepaid", "monthly"),
      orderedOn: Type.Optional(Type.String({ format: "date", description: "the day of the order; absent: the start" })),
    },
    "an ancillary service with its own contract period; fee is for the whole period (OST-03)",
  ),
  "ancillary-ended": fact(
    "ancillary-ended",
    {
      item: Item,
      fault: Type.Optional(oneOf("whose fault the end is; absent: none", "customer", "provider", "none")),
      approver: Type.Optional(Approver),
    },
    "an ancillary service ended (OST-04, 05)",
  ),
  anchor: fact(
    "anchor",
    { day: Type.Integer({ minimum: 1, maximum: 31, description: "the new first day of fee months" }) },
    "the fee month's anchor day moves (COM-05)",
  ),
  attribute: fact(
    "attribute",
    { name: Name, value: Type.String({ maxLength: 100, description: "its value from this day" }) },
    "something about the contract that rules look at changed",
  ),
  "price-agreed": fact(
    "price-agreed",
    { item: Item, amount: Yen, until: Type.Optional(Last), reference: Reference, approver: Type.Optional(Approver) },
    "a price of this contract alone: a frozen quote (RNS-66) or a special agreement (COM-21); until: last day",
  ),
  "parameter-agreed": fact(
    "parameter-agreed",
    {
      parameter: Type.String({
        maxLength: 120,
        description: "JSON pointer into the plan's terms, e.g. /items/base/recurring/endMonth",
      }),
      value: Type.Unknown({ description: "the agreed value, of the kind that the terms have there" }),
      until: Type.Optional(Last),
      reference: Reference,
      approver: Approver,
    },
    "a written special agreement sets one parameter of the plan's terms, named by JSON pointer (COM-21); until: last day",
  ),
  discount: fact(
    "discount",
    { item: Item, amount: Yen, until: Type.Optional(Last), reference: Reference },
    "the discounted unit price of an item (UTM-45); until: last day",
  ),
  waiver: fact(
    "waiver",
    {
      item: Type.Optional(Item),
      percent: Type.Integer({ minimum: 1, maximum: 100, description: "how much of the charge is waived" }),
      until: Last,
      reference: Reference,
    },
    "temporary reduction or waiver for a disaster, shown on the bill (COM-29); until: last day",
  ),
  outage: fact(
    "outage",
    {
      knownAt: Type.String({ format: "date-time", description: "when the provider knew, with offset" }),
      restoredAt: Type.String({ format: "date-time", description: "when it could be used again, with offset" }),
      complete: Type.Boolean({ description: "could not be used at all; false gives nothing" }),
      cause: oneOf(
        "whose doing it is; gross-negligence: intent or gross negligence of the provider",
        "customer",
        "not-customer",
        "gross-negligence",
      ),
      group: Type.Optional(text(200, "name of the cause: outages of one cause are added up (A-UTM-5)")),
    },
    "service could not be used (UTM-35 to 38); group: one cause (A-UTM-5)",
  ),
  purchase: fact("purchase", { item: Item, quantity: Quantity }, "one-off items or tickets bought"),
  "ticket-used": fact(
    "ticket-used",
    {
      item: Item,
      quantity: Quantity,
      ticket: text(200, "the support ticket"),
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
      kilometres: Type.Number({ minimum: 0, maximum: 5000, description: "one way" }),
      hours: Type.Number({ minimum: 0, maximum: 100, description: "one way" }),
      delegate: Delegate,
      outlyingIsland: Type.Boolean({ description: "an island other than the four main ones and Okinawa main island" }),
    },
    "an engineer went to the site (RNS-62)",
  ),
  opening: fact("opening", {}, "opening date told to the customer (OST-15, 16)"),
  installed: fact("installed", { delegate: Delegate }, "the customer's installation was finished"),
  "replacement-accepted": fact(
    "replacement-accepted",
    { at: Moment, delegate: Delegate },
    "a replacement was decided on (UTM-65)",
  ),
  dispatched: fact(
    "dispatched",
    { unit: Unit, delegate: Delegate },
    "a replacement was sent; the return clock runs (RNS-74)",
  ),
  "pickup-offered": fact("pickup-offered", { unit: Unit }, "the courier offered to collect the faulty unit (A-RNS-12)"),
  returned: fact(
    "returned",
    { unit: Unit, damaged: Type.Optional(Type.Boolean({ description: "by intent or negligence, beyond wear" })) },
    "the faulty unit came back",
  ),
  alarm: fact("alarm", { at: Moment, activity: Activity }, "something came in: from when is it handled (UTM-61)"),
  hours: fact("hours", { at: Moment, activity: Activity }, "asks whether an activity is open (matrix 7.4)"),
  claim: fact(
    "claim",
    {
      description: text(200, "what it is for, in the words of the bill"),
      amount: Yen,
      taxClass: Type.Optional(oneOf("absent: as reading A-COM-3 says", "taxable", "out-of-scope", "exempt")),
      dueOn: Type.Optional(Day),
      rule: Type.Optional(text(200, "rule that it rests on")),
      approver: Type.Optional(Approver),
      beforeEnd: Type.Optional(Type.Boolean({ description: "the end waits for its payment (RNS-11)" })),
    },
    "a sum entered by hand with evidence: damages, repair, costs (SEC-08, SEC-21, RNS-11, RNS-13)",
  ),
  evasion: fact(
    "evasion",
    { amount: Yen, taxable: Type.Boolean({ description: "whether the evaded item bears tax" }) },
    "charges evaded by wrongful acts (UTM-40)",
  ),
  underbilled: fact("underbilled", { item: Item, amount: Yen }, "too little was billed before (UTM-39)"),
  "bill-issued": fact(
    "bill-issued",
    { form: oneOf("how it was issued", "paper", "debit-notice") },
    "a bill was issued (UTM-54)",
  ),
  "document-issued": fact(
    "document-issued",
    {
      item: Item,
      postage: Type.Integer({ minimum: 0, maximum: 1_000_000, description: "postage as paid, whole yen" }),
    },
    "a document that bears a fee was issued: qualified invoice, payment certificate, disclosure (UTM-56, 57, SEC-25)",
  ),
  damage: fact(
    "damage",
    { until: Last, cause: oneOf("where its cause lies", "base", "ancillary"), item: Type.Optional(Item) },
    "a damage arose from this day to `until`: how much is paid at most (OST-17 to 19)",
  ),
  accelerated: fact("accelerated", { ground: Ground }, "all debts fall due at once (RNS-17)"),
  transferred: fact(
    "transferred",
    { how: oneOf("on which ground", "succession", "assignment", "representative"), to: text(200, "who holds it now") },
    "somebody else holds the contract from this day (COM-23, 24)",
  ),
} as const;

export const Fact = Type.Union(Object.values(factShapes));
export type Fact = { [K in keyof typeof factShapes]: Static<(typeof factShapes)[K]> }[keyof typeof factShapes];
export type FactKind = Fact["kind"];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;

const Service = Type.String({
  pattern: "^[a-z]{2,20}$",
  description: "the service's name, e.g. experience, security, remote, ot, utm",
});
const Plan = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$", description: "plan of the service, e.g. endpoint" });

export const ContractFacts = Type.Object(
  {
    contract: text(64, "its number, or any name: stands in the answer"),
    service: Service,
    plan: Plan,
    anchor: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 31,
        description: "first day of its fee months; absent: the provider's setting, else 1; `anchor` facts move it",
      }),
    ),
    items: Type.Record(Code, Quantity, { description: "items of the order and how many: in use from the start" }),
    attributes: Type.Optional(
      Type.Record(Code, Type.String({ maxLength: 100 }), {
        description: "what rules look at, e.g. model, licence, line-model, holder, sensor-type",
      }),
    ),
    facts: Type.Array(Fact, { maxItems: 10_000, description: "everything that happened to it, in any order" }),
  },
  { ...closed, description: "a contract: service, plan, order and everything that happened" },
);
export type ContractFacts = Omit<Static<typeof ContractFacts>, "facts"> & { facts: Fact[] };

/** A claim that became due, with what was paid on it. */
export const ClaimFacts = Type.Object(
  {
    claim: text(200, "its name"),
    service: Service,
    plan: Plan,
    amount: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "whole yen with tax" }),
    dueOn: Type.String({ format: "date", description: "due date, YYYY-MM-DD" }),
    bearsInterest: Type.Optional(
      Type.Boolean({ default: true, description: "false: late interest itself, which bears none (COM-12)" }),
    ),
  },
  { ...closed, description: "a sum that became due" },
);
export type ClaimFacts = Static<typeof ClaimFacts>;

export const PaymentFacts = Type.Object(
  {
    on: Type.String({ format: "date", description: "the day on which the money came in" }),
    amount: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "whole yen" }),
    claim: Type.Optional(
      text(
        200,
        "the payer's remittance names this claim and the provider accepts it (COM-13); absent: oldest due date first",
      ),
    ),
  },
  { ...closed, description: "a payment" },
);
export type PaymentFacts = Static<typeof PaymentFacts>;
