/** Shapes of receivables: claims, payments, reminders, bank files, journal. Pure: the portal sees them. Money is whole yen. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, literals, orNull } from "@yagura/server/shapes.ts";

const Yen = Type.Integer({ minimum: -1_000_000_000_000, maximum: 1_000_000_000_000, description: "whole yen" });
const Positive = Type.Integer({ minimum: 1, maximum: 1_000_000_000_000, description: "whole yen" });
const Line = Type.String({ maxLength: 200 });
const Sentence = Type.Object({ ja: Type.String(), en: Type.String() }, closed);

// Claims -------------------------------------------------------------------------------------------------------------

const claimStates = ["open", "paid", "cancelled", "assigned"] as const;
export const ClaimState = literals(...claimStates);

/** One line of "why this interest": so many days on so much. */
const InterestSegment = Type.Object({ from: CivilDate, to: CivilDate, days: Type.Integer(), base: Yen }, closed);
export const InterestShown = Type.Object(
  {
    amount: Yen,
    rule: Type.String(),
    rate: Type.String(),
    segments: Type.Array(InterestSegment),
    formula: Type.String(),
    sentence: Sentence,
    /** True: the claim is not paid yet, the sum still grows. */
    accruing: Type.Boolean(),
  },
  closed,
);
export type InterestShown = Static<typeof InterestShown>;

export const ClaimItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    invoiceId: orNull(Id),
    /** Number of the document that it stands on. */
    number: Type.String(),
    service: Type.String(),
    plan: Type.String(),
    /** With tax, as issued. */
    amount: Yen,
    /** Taken off by credit notes. */
    credited: Yen,
    paid: Yen,
    left: Yen,
    dueOn: CivilDate,
    /** RNS-17: the day on which all debts fell due. */
    acceleratedOn: orNull(CivilDate),
    /** Days after the day on which it is due; 0 when not overdue. */
    daysOverdue: Type.Integer(),
    state: ClaimState,
    settledOn: orNull(CivilDate),
    bearsInterest: Type.Boolean(),
    /** Late interest found when it was paid in full, and how much of it stands on bills. */
    interestDue: orNull(Yen),
    interestBilled: Yen,
  },
  closed,
);
export type ClaimItem = Static<typeof ClaimItem>;

export const ClaimDetail = Type.Object(
  {
    ...ClaimItem.properties,
    payments: Type.Array(Type.Object({ paymentId: Id, on: CivilDate, amount: Yen }, closed)),
    interest: orNull(InterestShown),
    /** The step of each reminder that was sent. */
    reminders: Type.Array(Type.Object({ step: Type.Integer(), sentAt: Instant }, closed)),
  },
  closed,
);
export type ClaimDetail = Static<typeof ClaimDetail>;

// Payments -----------------------------------------------------------------------------------------------------------

export const paymentWays = ["transfer", "direct-debit", "operator", "cheque", "bill", "cash", "other"] as const;
/** `credit-note`: what a credit note left over, kept on account like money that came in. */
export const PaymentWay = literals(...paymentWays, "credit-note");
export type PaymentWay = Static<typeof PaymentWay>;

export const NewPayment = Type.Object(
  {
    paidOn: CivilDate,
    amount: Positive,
    way: literals(...paymentWays),
    reference: Type.Optional(Line),
    /** The payer's remittance names this claim and the provider accepts it (COM-13). */
    claimId: Type.Optional(Id),
    /** Cheques and bills count only from the day on which they were cleared (RNS-40). */
    clearedOn: Type.Optional(CivilDate),
    /** The same key is recorded once, however often it is sent. */
    sourceKey: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  closed,
);
export type NewPayment = Static<typeof NewPayment>;

export const PaymentItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    paidOn: CivilDate,
    /** The day that counts: for cheques and bills that of clearing; null while not cleared. */
    countsOn: orNull(CivilDate),
    amount: Yen,
    way: PaymentWay,
    reference: Type.String(),
    claimId: orNull(Id),
    allocated: Yen,
    refunded: Yen,
    held: Yen,
    /** Not applied to any claim: credit on account. */
    left: Yen,
    reversedOn: orNull(CivilDate),
    reversalReason: orNull(Type.String()),
    recordedBy: Type.String(),
    recordedAt: Instant,
  },
  closed,
);
export type PaymentItem = Static<typeof PaymentItem>;

export const PaymentDetail = Type.Object(
  {
    ...PaymentItem.properties,
    allocations: Type.Array(Type.Object({ claimId: Id, number: Type.String(), dueOn: CivilDate, amount: Yen }, closed)),
  },
  closed,
);
/** What recording or taking back a payment did. */
export const PaymentResult = Type.Object(
  {
    payment: PaymentItem,
    /** False: the same key was recorded before; nothing changed. */
    recorded: Type.Boolean(),
    /** Allocations of other payments that moved because this one is dated before them. */
    moved: Type.Integer(),
  },
  closed,
);
export const Reversal = Type.Object(
  {
    on: CivilDate,
    reason: Type.String({ minLength: 1, maxLength: 200 }),
    sourceKey: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  closed,
);
export const Clearing = Type.Object({ on: CivilDate }, closed);
export const Hold = Type.Object(
  { amount: Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "kept out of later claims" }) },
  closed,
);
export const NewRefund = Type.Object({ amount: Positive, on: CivilDate, reason: Type.Optional(Line) }, closed);
const refundStates = ["proposed", "exported", "paid", "cancelled"] as const;
export const RefundItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    paymentId: Id,
    amount: Yen,
    on: CivilDate,
    reason: Type.String(),
    state: literals(...refundStates),
    fileId: orNull(Id),
  },
  closed,
);
export const RefundChange = Type.Object({ state: literals("paid", "cancelled") }, closed);

/** Payments from a file of another system (CSV): columns organisation, paid_on, amount, way, reference, source_key, claim. */
export const PaymentImport = Type.Object(
  { csv: Type.String({ maxLength: 5_000_000 }), dryRun: Type.Boolean() },
  closed,
);
export const PaymentImportResult = Type.Object(
  {
    recorded: Type.Integer(),
    already: Type.Integer(),
    total: Yen,
    problems: Type.Array(Type.Object({ line: Type.Integer(), message: Type.String() }, closed)),
  },
  closed,
);

// Ageing, statement --------------------------------------------------------------------------------------------------

export const ageBuckets = ["notDue", "d1to30", "d31to60", "d61to90", "over90"] as const;
export type AgeBucket = (typeof ageBuckets)[number];
export const Ageing = Type.Object(
  { notDue: Yen, d1to30: Yen, d31to60: Yen, d61to90: Yen, over90: Yen, total: Yen, overdue: Yen, credit: Yen },
  closed,
);
export type Ageing = Static<typeof Ageing>;

const dunningStates = ["none", "reminded", "last-step", "proposed", "paused"] as const;
const DunningState = literals(...dunningStates);

export const CustomerReceivables = Type.Object(
  {
    organisationId: Id,
    name: Type.String(),
    ageing: Ageing,
    oldestDueOn: orNull(CivilDate),
    lastReminder: orNull(Type.Object({ step: Type.Integer(), sentAt: Instant }, closed)),
    dunning: DunningState,
    pausedUntil: orNull(CivilDate),
    interestAccruing: Yen,
  },
  closed,
);
export type CustomerReceivables = Static<typeof CustomerReceivables>;

export const ReceivablesPage = Type.Object(
  {
    asOf: CivilDate,
    totals: Ageing,
    items: Type.Array(CustomerReceivables),
    next: orNull(Type.String()),
    total: Type.Integer(),
  },
  closed,
);
export type ReceivablesPage = Static<typeof ReceivablesPage>;

const statementKinds = ["opening", "invoice", "credit-note", "payment", "reversal", "refund", "assignment"] as const;
export const StatementLine = Type.Object(
  {
    on: CivilDate,
    kind: literals(...statementKinds),
    reference: Type.String(),
    id: orNull(Id),
    /** What the customer owes more. */
    debit: Yen,
    /** What the customer owes less. */
    credit: Yen,
    balance: Yen,
  },
  closed,
);
export type StatementLine = Static<typeof StatementLine>;
export const Statement = Type.Object(
  { from: CivilDate, to: CivilDate, opening: Yen, closing: Yen, lines: Type.Array(StatementLine) },
  closed,
);
export type Statement = Static<typeof Statement>;

// Reminders and proposals --------------------------------------------------------------------------------------------

export const ReminderItem = Type.Object(
  {
    id: Id,
    claimId: Id,
    number: Type.String(),
    step: Type.Integer(),
    sentAt: Instant,
    to: Type.Integer(),
    subject: Type.String(),
    text: Type.String(),
  },
  closed,
);
export type ReminderItem = Static<typeof ReminderItem>;
export const Dunning = Type.Object({ pausedUntil: orNull(CivilDate), note: Type.String({ maxLength: 500 }) }, closed);
export const ReminderRun = Type.Object({ dryRun: Type.Boolean(), on: Type.Optional(CivilDate) }, closed);
export const ReminderRunResult = Type.Object(
  { on: CivilDate, customers: Type.Integer(), reminders: Type.Integer(), proposals: Type.Integer() },
  closed,
);
const taskKinds = ["suspension", "cancellation"] as const;
export const taskStates = ["open", "accepted", "dismissed", "settled"] as const;
export const CollectionTask = Type.Object(
  {
    id: Id,
    organisationId: Id,
    organisationName: Type.String(),
    contractId: Id,
    contractNumber: Type.String(),
    service: Type.String(),
    kind: literals(...taskKinds),
    /** The ground of the terms, e.g. `arrears`, and the rule it rests on. */
    ground: Type.String(),
    rule: Type.String(),
    claims: Type.Array(Type.Object({ id: Id, number: Type.String(), dueOn: CivilDate, left: Yen }, closed)),
    state: literals(...taskStates),
    createdAt: Instant,
    decidedBy: orNull(Type.String()),
    decidedAt: orNull(Instant),
    note: Type.String(),
  },
  closed,
);
export type CollectionTask = Static<typeof CollectionTask>;
export const TaskDecision = Type.Object(
  { decision: literals("accepted", "dismissed"), note: Type.String({ maxLength: 500 }) },
  closed,
);

// Interest, acceleration ---------------------------------------------------------------------------------------------

export const InterestItem = Type.Object(
  {
    claimId: Id,
    number: Type.String(),
    service: Type.String(),
    dueOn: CivilDate,
    billed: Yen,
    interest: InterestShown,
  },
  closed,
);
export type InterestItem = Static<typeof InterestItem>;
export const Acceleration = Type.Object(
  { on: CivilDate, ground: Type.String({ minLength: 1, maxLength: 200 }) },
  closed,
);
export const AccelerationResult = Type.Object({ claims: Type.Integer(), total: Yen }, closed);

// Documents that bear fees -------------------------------------------------------------------------------------------

const certificateKinds = ["payment-certificate", "qualified-invoice"] as const;
export const NewCertificate = Type.Object(
  {
    kind: literals(...certificateKinds),
    /** The contract that bears the fee. */
    contractId: Id,
    from: CivilDate,
    to: CivilDate,
    postage: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    /** UTM-56: the customer agreed to the fee; how and when. */
    consent: Type.String({ minLength: 1, maxLength: 200 }),
    /** The same key makes one document. */
    requestKey: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  closed,
);
const Rate = Type.String({ description: "as written, e.g. 10%; out-of-scope and exempt bear no tax" });
export const CertificateContent = Type.Object(
  {
    kind: literals(...certificateKinds),
    number: Type.String(),
    issuedOn: CivilDate,
    issuer: Type.Object({ name: Type.String(), registrationNumber: orNull(Type.String()) }, closed),
    recipient: Type.String(),
    contract: Type.String(),
    from: CivilDate,
    to: CivilDate,
    /** Payment certificate: what was paid on which document when. */
    payments: Type.Array(
      Type.Object({ paidOn: CivilDate, document: Type.String(), description: Sentence, amount: Yen }, closed),
    ),
    /** Qualified invoice: the lines of the documents of the period, and their tax as it was billed. */
    lines: Type.Array(
      Type.Object(
        { document: Type.String(), description: Sentence, from: CivilDate, to: CivilDate, amount: Yen, rate: Rate },
        closed,
      ),
    ),
    subtotals: Type.Array(Type.Object({ rate: Rate, base: Yen, tax: Yen }, closed)),
    net: Yen,
    tax: Yen,
    total: Yen,
  },
  closed,
);
export type CertificateContent = Static<typeof CertificateContent>;
export const CertificateItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    contractId: Id,
    number: Type.String(),
    kind: literals(...certificateKinds),
    issuedOn: CivilDate,
    postage: Yen,
    consent: Type.String(),
    /** False: the terms of the plan know no fee for it. */
    charged: Type.Boolean(),
    content: CertificateContent,
  },
  closed,
);
export type CertificateItem = Static<typeof CertificateItem>;

// Claims assigned to a billing operator ------------------------------------------------------------------------------

export const NewClaimTransfer = Type.Object(
  {
    operator: Type.String({ minLength: 1, maxLength: 120 }),
    /** All open claims of these services that are due by the day, or these claims. */
    services: Type.Optional(Type.Array(Type.String({ pattern: "^[a-z]{2,20}$" }), { maxItems: 20 })),
    dueBy: Type.Optional(CivilDate),
    claimIds: Type.Optional(Type.Array(Id, { maxItems: 10_000 })),
  },
  closed,
);
export const ClaimTransferItem = Type.Object(
  {
    id: Id,
    operator: Type.String(),
    at: Instant,
    by: Type.String(),
    claims: Type.Integer(),
    total: Yen,
    paid: Type.Integer(),
    returned: Type.Integer(),
    sha256: Type.String(),
    fields: Type.Array(Type.String()),
  },
  closed,
);
export type ClaimTransferItem = Static<typeof ClaimTransferItem>;
export const TransferStates = Type.Object({ csv: Type.String({ maxLength: 5_000_000 }) }, closed);
export const TransferStatesResult = Type.Object(
  {
    changed: Type.Integer(),
    unchanged: Type.Integer(),
    problems: Type.Array(Type.Object({ line: Type.Integer(), message: Type.String() }, closed)),
  },
  closed,
);

// Accounting journal -------------------------------------------------------------------------------------------------

export const NewJournal = Type.Object({ month: Type.String({ pattern: "^[0-9]{4}-(0[1-9]|1[0-2])$" }) }, closed);
export const JournalItem = Type.Object(
  {
    month: Type.String(),
    at: Instant,
    by: Type.String(),
    entries: Type.Integer(),
    lines: Type.Integer(),
    total: Yen,
    sha256: Type.String(),
  },
  closed,
);
export type JournalItem = Static<typeof JournalItem>;
