/**
 * Shapes of bill runs, invoices and the next bill in the API. Pure: the portal sees them. Money is a whole number of yen;
 * days are calendar days in Asia/Tokyo; a month is `YYYY-MM`.
 */
import { Type, type Static } from "typebox";
import {
  CivilDate,
  closed,
  Id,
  Instant,
  LanguageCode,
  literals,
  Mail,
  orNull,
  page,
  ProviderContact,
} from "@yagura/server/shapes.ts";

const Yen = Type.Integer({ description: "whole yen" });
const Words = Type.Object({ ja: Type.String(), en: Type.String() }, closed);
/** One line: reasons, references, names. */
const Line = Type.String({ minLength: 1, maxLength: 200, pattern: "^[^\\u0000-\\u001f\\u007f]*$" });
export const Month = Type.String({ pattern: "^[0-9]{4}-(0[1-9]|1[0-2])$", description: "a calendar month, YYYY-MM" });

// Bill runs ------------------------------------------------------------------------------------------------------------

/**
 * regular: everything of a month that is not billed yet; ad-hoc: one customer before the month is over (UTM-44);
 * re-rating: months already billed, computed again with the tables of today.
 */
export const RunKind = literals("regular", "ad-hoc", "re-rating");
export type RunKind = Static<typeof RunKind>;
/** computing: the preview is being made; ready: waits to be issued; issuing: documents come into being, chunk by chunk. */
export const RunState = literals("computing", "ready", "issuing", "done", "discarded");
export type RunState = Static<typeof RunState>;

export const NewBillRun = Type.Object(
  {
    month: Month,
    kind: Type.Optional(RunKind),
    /** Date of issue on the documents; today unless told. */
    issueOn: Type.Optional(CivilDate),
    /** One customer only. */
    organisationId: Type.Optional(Id),
    /** Re-rating: from this month on. */
    since: Type.Optional(Month),
  },
  closed,
);
export type NewBillRun = Static<typeof NewBillRun>;

export const RunCounters = Type.Object(
  {
    /** Contracts looked at so far, and how many there are to look at. */
    contracts: Type.Integer(),
    of: Type.Integer(),
    documents: Type.Integer(),
    lines: Type.Integer(),
    aside: Type.Integer(),
    net: Yen,
    tax: Yen,
    total: Yen,
  },
  closed,
);
export type RunCounters = Static<typeof RunCounters>;

export const BillRunItem = Type.Object(
  {
    id: Id,
    month: Month,
    kind: RunKind,
    state: RunState,
    organisationId: orNull(Id),
    since: orNull(Month),
    issueOn: CivilDate,
    /** Facts that were known at this moment are billed; later ones come as adjustments on the next bill. */
    factsUntil: Instant,
    startedBy: Type.String(),
    startedAt: Instant,
    finishedAt: orNull(Instant),
    preview: RunCounters,
    issued: RunCounters,
  },
  closed,
);
export type BillRunItem = Static<typeof BillRunItem>;
export const BillRunPage = page(BillRunItem);

export const ReasonCode = literals(
  "new-contract",
  "ended-contract",
  "new-item",
  "item-gone",
  "amount-changed",
  "one-off",
  "adjustment",
  "credit",
  "early-termination",
  "late-interest",
  "earlier-month",
  "tax",
);
export type ReasonCode = Static<typeof ReasonCode>;
/** Why a customer's bill differs from last month's; the largest differences first. */
export const Reason = Type.Object(
  { code: ReasonCode, contract: orNull(Type.String()), item: orNull(Type.String()), delta: Yen },
  closed,
);
export type Reason = Static<typeof Reason>;

export const RunCustomer = Type.Object(
  {
    organisationId: Id,
    organisation: Type.String(),
    contracts: Type.Integer(),
    documents: Type.Integer(),
    /** With tax: what was billed for the month before, what this run bills, and the difference. */
    last: Yen,
    current: Yen,
    delta: Yen,
    reasons: Type.Array(Reason),
    aside: Type.Integer(),
  },
  closed,
);
export type RunCustomer = Static<typeof RunCustomer>;
export const RunCustomerPage = page(RunCustomer);

/** A contract that could not be billed: it never stops the others and can be tried again. */
export const RunAside = Type.Object(
  {
    contractId: Id,
    contract: Type.String(),
    organisationId: Id,
    organisation: Type.String(),
    code: Type.String(),
    /** In the reader's language. */
    reason: Type.String(),
    at: Instant,
    resolvedAt: orNull(Instant),
  },
  closed,
);
export type RunAside = Static<typeof RunAside>;
export const RunAsidePage = page(RunAside);

// Documents ------------------------------------------------------------------------------------------------------------

export const DocumentKind = literals("invoice", "corrected", "credit-note");
export type DocumentKind = Static<typeof DocumentKind>;

const Subtotal = Type.Object(
  {
    class: literals("taxable", "out-of-scope", "exempt"),
    rate: orNull(Type.String()),
    base: Yen,
    tax: Yen,
    formula: Type.String(),
  },
  closed,
);

export const DocumentContent = Type.Object(
  {
    title: Words,
    /** `contact` is absent on documents that were issued before it was kept. */
    issuer: Type.Object(
      {
        name: Type.String(),
        registrationNumber: orNull(Type.String()),
        contact: Type.Optional(ProviderContact),
      },
      closed,
    ),
    /** Whether it is a qualified invoice (COM-11), and why not. */
    qualified: Type.Boolean(),
    unqualifiedBecause: orNull(Words),
    recipient: Type.Object(
      {
        name: Type.String(),
        department: orNull(Type.String()),
        contact: orNull(Type.String()),
        postalCode: orNull(Type.String()),
        address: orNull(Type.String()),
      },
      closed,
    ),
    /** Period of supply, both days in. */
    supply: Type.Object({ from: CivilDate, to: CivilDate }, closed),
    unit: literals("contract", "organisation-month", "claim", "consolidated"),
    /** Numbers of the contracts on it; the first hundred of a long one. */
    contracts: Type.Array(Type.String()),
    /** Names of the plans on it as they were called; absent on documents that were issued before they were kept. */
    plans: Type.Optional(Type.Array(Type.Object({ service: Type.String(), plan: Type.String(), name: Words }, closed))),
    subtotals: Type.Array(Subtotal),
    /** What is due when: one claim each. */
    dues: Type.Array(Type.Object({ on: CivilDate, amount: Yen }, closed)),
    notes: Type.Array(Words),
    /** Corrected documents and credit notes: the number of the document that they refer to, and why. */
    corrects: orNull(Type.String()),
    reason: orNull(Type.String()),
  },
  closed,
);
export type DocumentContent = Static<typeof DocumentContent>;

export const InvoiceItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    organisation: Type.String(),
    number: Type.String(),
    kind: DocumentKind,
    month: Month,
    issuedOn: CivilDate,
    dueOn: orNull(CivilDate),
    net: Yen,
    tax: Yen,
    total: Yen,
    runId: orNull(Id),
    /** The document that this one corrects or credits. */
    correctsId: orNull(Id),
    /** The corrected document that stands in its place. */
    replacedById: orNull(Id),
  },
  closed,
);
export type InvoiceItem = Static<typeof InvoiceItem>;
export const InvoicePage = page(InvoiceItem);

export const InvoiceDetail = Type.Object(
  {
    ...InvoiceItem.properties,
    content: DocumentContent,
    issuedAt: Instant,
    mailedAt: orNull(Instant),
    creditNotes: Type.Array(Type.Object({ id: Id, number: Type.String(), total: Yen }, closed)),
  },
  closed,
);
export type InvoiceDetail = Static<typeof InvoiceDetail>;

/** COM-18: enough to answer "why this amount" years later. */
export const Why = Type.Object(
  {
    rule: Type.String(),
    version: Type.String(),
    basis: Type.Array(Type.String()),
    inputs: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    formula: Type.String(),
    sentence: Words,
  },
  closed,
);
export type Why = Static<typeof Why>;

export const BillLine = Type.Object(
  {
    position: Type.Integer(),
    key: Type.String(),
    contractId: orNull(Id),
    contract: Type.String(),
    service: Type.String(),
    plan: Type.String(),
    kind: Type.String(),
    item: Type.String(),
    description: Words,
    feeMonth: CivilDate,
    period: Type.Object({ from: CivilDate, to: CivilDate }, closed),
    quantity: Type.Number(),
    unitPrice: Yen,
    amount: Yen,
    taxClass: literals("taxable", "out-of-scope", "exempt"),
    /** Tax rate on the day of supply; null where there is no tax. */
    rate: orNull(Type.String()),
    supplyOn: CivilDate,
    dueOn: orNull(CivilDate),
    why: Why,
  },
  closed,
);
export type BillLine = Static<typeof BillLine>;
export const BillLinePage = page(BillLine);

/** A document that is not issued: the next bill as things stand. */
export const DraftDocument = Type.Object(
  {
    unit: literals("contract", "organisation-month", "claim", "consolidated"),
    month: Month,
    dueOn: orNull(CivilDate),
    net: Yen,
    tax: Yen,
    total: Yen,
    content: DocumentContent,
    lines: Type.Array(BillLine),
  },
  closed,
);
export type DraftDocument = Static<typeof DraftDocument>;

export const NextBill = Type.Object(
  {
    month: Month,
    asOf: Instant,
    documents: Type.Array(DraftDocument),
    net: Yen,
    tax: Yen,
    total: Yen,
    /** Contracts whose bill cannot be computed now, and why. */
    aside: Type.Array(Type.Object({ contract: Type.String(), reason: Type.String() }, closed)),
  },
  closed,
);
export type NextBill = Static<typeof NextBill>;

// How a customer is billed -----------------------------------------------------------------------------------------------

export const BillingChoice = Type.Object(
  {
    /** service: the unit that each service's terms name (COM-28); contract: a document for each number; consolidated: one for everything. */
    unit: literals("service", "contract", "consolidated"),
    /** UTM-54: a bill on paper or a debit notice may bear a fee. */
    form: literals("electronic", "paper", "debit-notice"),
    /** Who is told that a document was issued; null: the organisation's owners and administrators. */
    mail: orNull(Mail),
    language: orNull(LanguageCode),
  },
  closed,
);
export type BillingChoice = Static<typeof BillingChoice>;

// Corrections ------------------------------------------------------------------------------------------------------------

export const NewCorrection = Type.Object(
  {
    reason: Line,
    /** Compute the lines again from the facts as they are known now; else the same lines with the details of today. */
    recompute: Type.Optional(Type.Boolean({ default: false })),
  },
  closed,
);
export type NewCorrection = Static<typeof NewCorrection>;

/** A reduction beside the rules: later adjustments leave it alone. An error of facts is corrected by its facts, or by a corrected document. */
export const NewCreditNote = Type.Object(
  {
    reason: Line,
    /** Positions of the document's lines, and how much without tax is taken off each. */
    lines: Type.Array(
      Type.Object(
        {
          position: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
          amount: Type.Integer({ minimum: 1, maximum: 1_000_000_000_000 }),
        },
        closed,
      ),
      { minItems: 1, maxItems: 1000 },
    ),
  },
  closed,
);
export type NewCreditNote = Static<typeof NewCreditNote>;
