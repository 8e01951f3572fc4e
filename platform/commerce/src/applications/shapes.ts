/** Shapes of customers, applications, quotes and evidence in the API. Pure: the portal sees them. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, literals, Mail, Name, orNull } from "@yagura/server/shapes.ts";
import { Line, Totals } from "../contracts/shapes.ts";

const Code = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
const Service = Type.String({ pattern: "^[a-z]{2,20}$" });
const Text = Type.Object({ ja: Type.String(), en: Type.String() });
const Note = Type.String({ minLength: 1, maxLength: 2000 });
const Yen = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000 });
const Items = Type.Record(Code, Type.Integer({ minimum: 0, maximum: 1_000_000 }), { maxProperties: 40 });
const CorporateNumber = Type.String({
  pattern: "^[1-9][0-9]{12}$",
  description: "13 digits; the first is the check digit",
});

/** Registered details (COM-32): who holds, where to write, who is billed. */
export const CustomerDetails = Type.Object(
  {
    holder: Name,
    address: Type.String({ minLength: 1, maxLength: 300 }),
    country: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$", description: "ISO 3166; JP unless told" })),
    contact: Name,
    phone: Type.Optional(Type.String({ minLength: 1, maxLength: 30 })),
    mail: Mail,
    billingAddressee: Name,
    billingAddress: Type.String({ minLength: 1, maxLength: 300 }),
    billingContact: Name,
    billingMail: Type.Optional(Mail),
  },
  closed,
);
export type CustomerDetails = Static<typeof CustomerDetails>;

export const CustomerInput = Type.Object(
  {
    kind: literals("corporation", "sole-trader"),
    corporateNumber: Type.Optional(CorporateNumber),
    details: CustomerDetails,
    /** Files that prove the change (UTM-20). */
    evidence: Type.Optional(Type.Array(Id, { maxItems: 20 })),
  },
  closed,
);
export type CustomerInput = Static<typeof CustomerInput>;

export const Bounce = Type.Object(
  { channel: literals("mail", "post", "billing-mail"), on: CivilDate, note: Type.Optional(Note) },
  closed,
);
export type Bounce = Static<typeof Bounce>;

export const Customer = Type.Object(
  {
    kind: literals("corporation", "sole-trader"),
    corporateNumber: orNull(Type.String()),
    details: CustomerDetails,
    /** COM-26: the declaration about anti-social forces. */
    declaration: orNull(Type.Object({ textVersion: Type.String(), at: Instant, by: Type.String() }, closed)),
    /** Addresses from which something came back (COM-32). */
    bounced: Type.Array(Bounce),
    updatedAt: Instant,
  },
  closed,
);
export type Customer = Static<typeof Customer>;
export const CustomerChange = Type.Object(
  {
    at: Instant,
    actor: Type.String(),
    /** `registered`, `changed`, `declared`, `bounced`, `bounce-cleared`. */
    kind: Type.String(),
    before: orNull(Type.Record(Type.String(), Type.Unknown())),
    after: Type.Record(Type.String(), Type.Unknown()),
    evidence: Type.Array(Id),
  },
  closed,
);
export type CustomerChange = Static<typeof CustomerChange>;
export const Declare = Type.Object({ textVersion: Name, accepted: Type.Literal(true) }, closed);
export type Declare = Static<typeof Declare>;

export const Evidence = Type.Object(
  {
    id: Id,
    name: Type.String(),
    mediaType: Type.String(),
    sha256: Type.String(),
    size: Type.Integer(),
    uploadedBy: Type.String(),
    uploadedAt: Instant,
  },
  closed,
);
export type Evidence = Static<typeof Evidence>;

/** Where an application stands. `incomplete`: fields are missing, so nothing was formed (RNS-04) and it has no place in the queue. */
const applicationStates = [
  "incomplete",
  "received",
  "accepted",
  "refused",
  "withdrawn",
  "revoked",
  "rescinded",
] as const;
export const ApplicationState = literals(...applicationStates);
export type ApplicationState = Static<typeof ApplicationState>;

export const FieldValue = Type.Union([
  Type.String({ maxLength: 2000 }),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 }),
]);
export type FieldValue = Static<typeof FieldValue>;

/** One contract of an order. */
export const OrderLine = Type.Object(
  {
    service: Service,
    plan: Code,
    items: Type.Optional(Items),
    /** Values of the order form's fields, by name. */
    fields: Type.Record(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9-]{0,59}$" }), FieldValue, {
      maxProperties: 100,
    }),
    desiredStartOn: Type.Optional(CivilDate),
    /** A quote whose prices stay this contract's (RNS-66). */
    quoteId: Type.Optional(Id),
  },
  closed,
);
export type OrderLine = Static<typeof OrderLine>;
export const NewOrder = Type.Object(
  {
    channel: literals("order-site", "salesperson", "letter", "mail", "form", "phone"),
    /** Day of the order: decides the version of the form. Today unless the staff enter a paper. */
    orderedOn: Type.Optional(CivilDate),
    lines: Type.Array(OrderLine, { minItems: 1, maxItems: 50 }),
  },
  closed,
);
export type NewOrder = Static<typeof NewOrder>;
export const CompleteApplication = Type.Object(
  {
    fields: OrderLine.properties.fields,
    items: Type.Optional(Items),
    desiredStartOn: Type.Optional(CivilDate),
  },
  closed,
);
export type CompleteApplication = Static<typeof CompleteApplication>;

/** What an order still lacks, or might do better. */
export const Remark = Type.Object(
  {
    /** `missing` keeps it from being formed; `hint` does not. */
    kind: literals("missing", "hint"),
    /** JSON pointer below the line, e.g. `/fields/corporate-number`. */
    pointer: Type.String(),
    rule: Type.String(),
    text: Text,
  },
  closed,
);
export type Remark = Static<typeof Remark>;

export const Consent = Type.Object(
  { field: Type.String(), rule: Type.String(), textVersion: Type.String(), at: Instant, by: Type.String() },
  closed,
);
export type Consent = Static<typeof Consent>;

export const Application = Type.Object(
  {
    id: Id,
    organisationId: Id,
    organisationName: Type.String(),
    orderId: Id,
    service: Type.String(),
    plan: Type.String(),
    state: ApplicationState,
    channel: Type.String(),
    orderedOn: CivilDate,
    /** Moment at which it was complete: its place in the queue (SEC-05). */
    receivedAt: orNull(Instant),
    /** Gapless number of the service's queue; null while incomplete. */
    sequence: orNull(Type.Integer()),
    terms: orNull(Type.String()),
    items: Type.Record(Type.String(), Type.Integer()),
    /** Secrets stand as `sealed`. */
    fields: Type.Record(Type.String(), FieldValue),
    desiredStartOn: orNull(CivilDate),
    quoteId: orNull(Id),
    consents: Type.Array(Consent),
    /** RNS-50: the kind of clause that each ordered item falls under. */
    clauses: Type.Record(Type.String(), literals("sale", "mandate", "work")),
    remarks: Type.Array(Remark),
    contractId: orNull(Id),
    contractNumber: orNull(Type.String()),
    /** Last day of the provider's right to rescind (RNS-05). */
    rescindBy: orNull(CivilDate),
    decidedAt: orNull(Instant),
    decidedBy: orNull(Type.String()),
    ground: orNull(Type.String()),
    reason: orNull(Type.String()),
    createdBy: Type.String(),
    createdAt: Instant,
  },
  closed,
);
export type Application = Static<typeof Application>;

export const OrderCheckAnswer = Type.Object(
  { lines: Type.Array(Type.Object({ formed: Type.Boolean(), remarks: Type.Array(Remark) }, closed)) },
  closed,
);
export type OrderCheckAnswer = Static<typeof OrderCheckAnswer>;

export const AcceptApplication = Type.Object(
  {
    /** Day on which the contract is formed; today unless told. */
    acceptedOn: Type.Optional(CivilDate),
    /** Planned start; the desired day unless told. Null: when the work is reported finished (UTM-10). */
    startOn: Type.Optional(orNull(CivilDate)),
    anchor: Type.Optional(Type.Integer({ minimum: 1, maximum: 31 })),
    /** Why it is accepted before one that came earlier (SEC-05). */
    outOfTurn: Type.Optional(Note),
    /** RNS: prices differ from the form and the customer said yes (A-RNS-3). */
    priceConfirmed: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type AcceptApplication = Static<typeof AcceptApplication>;
export const DecideApplication = Type.Object(
  {
    ground: Code,
    reason: Type.Optional(Note),
    /** Costs incurred so far, claimed from the customer (SEC-08). */
    cost: Type.Optional(
      Type.Object(
        { amount: Yen, description: Note, dueOn: CivilDate, evidence: Type.Optional(Type.Array(Id, { maxItems: 20 })) },
        closed,
      ),
    ),
  },
  closed,
);
export type DecideApplication = Static<typeof DecideApplication>;
export const WithdrawApplication = Type.Object({ reason: Type.Optional(Note) }, closed);
export type WithdrawApplication = Static<typeof WithdrawApplication>;

export const NewQuote = Type.Object(
  {
    service: Service,
    plan: Code,
    items: Items,
    attributes: Type.Optional(Type.Record(Code, Type.String({ maxLength: 100 }), { maxProperties: 40 })),
    startOn: CivilDate,
    /** Bills that the quote shows. */
    months: Type.Optional(Type.Integer({ minimum: 1, maximum: 36, default: 3 })),
    validUntil: Type.Optional(CivilDate),
    /** Prices of this quote alone, without tax; the price book's unless told (provider's staff). */
    prices: Type.Optional(Type.Record(Code, Yen, { maxProperties: 40 })),
  },
  closed,
);
export type NewQuote = Static<typeof NewQuote>;
export const Quote = Type.Object(
  {
    id: Id,
    service: Type.String(),
    plan: Type.String(),
    items: Type.Record(Type.String(), Type.Integer()),
    attributes: Type.Record(Type.String(), Type.String()),
    startOn: CivilDate,
    validUntil: CivilDate,
    /** Frozen for a contract that is made of it. */
    prices: Type.Record(Type.String(), Type.Integer()),
    lines: Type.Array(Line),
    totals: Totals,
    hints: Type.Array(Text),
    madeBy: Type.String(),
    madeAt: Instant,
  },
  closed,
);
export type Quote = Static<typeof Quote>;
