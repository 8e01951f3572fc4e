/**
 * What stands on each document, as it is handed to the printer. A document says only what its content says: no amount, day or
 * name is worked out here. Texts are one string, or one per language. Pure.
 */
import { Type, type Static } from "typebox";
import { closed } from "@yagura/server/shapes.ts";

const optional = Type.Optional;

/** A text of its own in each language, or the same in both (names, numbers). Line feeds start a new line. */
export const Words = Type.Union([
  Type.String({ maxLength: 4000 }),
  Type.Object({ ja: Type.String({ maxLength: 4000 }), en: Type.String({ maxLength: 4000 }) }, closed),
]);
export type Words = Static<typeof Words>;

const Day = Type.String({ format: "date", description: "calendar day in Asia/Tokyo" });
const Yen = Type.Integer({ minimum: -1_000_000_000_000_000, maximum: 1_000_000_000_000_000 });
const Period = Type.Object({ from: Day, to: Day }, { ...closed, description: "both days in" });
const Short = Type.String({ maxLength: 200 });

/** Who issues the document. */
export const Issuer = Type.Object(
  {
    name: Words,
    /** T and 13 digits (COM-11); null: not a qualified invoice issuer. */
    registrationNumber: Type.Union([Type.String({ pattern: "^T[1-9][0-9]{12}$" }), Type.Null()]),
    postalCode: optional(Short),
    address: optional(Words),
    department: optional(Words),
    person: optional(Words),
    phone: optional(Short),
    mail: optional(Short),
  },
  closed,
);
export type Issuer = Static<typeof Issuer>;

/** To whom; stands where the window of an envelope is. */
export const Recipient = Type.Object(
  {
    name: Words,
    /** A company gets 御中, a person 様; a named contact of a company gets 様 and the company nothing. */
    kind: Type.Union([Type.Literal("company"), Type.Literal("person")]),
    postalCode: optional(Short),
    address: optional(Words),
    department: optional(Words),
    person: optional(Words),
  },
  closed,
);
export type Recipient = Static<typeof Recipient>;

const head = {
  number: Short,
  issuedOn: Day,
  issuer: Issuer,
  recipient: Recipient,
  /** What it is about, e.g. fees of a month. */
  subject: optional(Words),
  notes: optional(Type.Array(Words, { maxItems: 50 })),
};

const BankAccount = Type.Object(
  {
    bank: Words,
    branch: Words,
    kind: Type.Union([Type.Literal("ordinary"), Type.Literal("current")]),
    number: Short,
    holder: Words,
  },
  closed,
);

export const DocumentLine = Type.Object(
  {
    description: Words,
    /** A remark under the description, e.g. the days that were charged. */
    detail: optional(Words),
    period: optional(Type.Union([Period, Type.Null()])),
    /** Charged days of the period where it is not whole. */
    days: optional(Type.Integer({ minimum: 0, maximum: 400 })),
    quantity: optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    unitPrice: optional(Yen),
    /** Without tax. */
    amount: Yen,
    /** As written, `10%`; `out-of-scope` and `exempt` bear none. */
    rate: Short,
  },
  closed,
);
export type DocumentLine = Static<typeof DocumentLine>;

/** Lines that belong together: those of one contract. */
export const LineGroup = Type.Object(
  { title: Words, detail: optional(Words), lines: Type.Array(DocumentLine, { maxItems: 20_000 }) },
  closed,
);
export type LineGroup = Static<typeof LineGroup>;

/** COM-08: tax once per rate. */
export const RateSubtotal = Type.Object({ rate: Short, base: Yen, tax: Yen }, closed);
export type RateSubtotal = Static<typeof RateSubtotal>;

const amounts = {
  groups: Type.Array(LineGroup, { maxItems: 20_000 }),
  subtotals: Type.Array(RateSubtotal, { maxItems: 20 }),
  net: Yen,
  tax: Yen,
  total: Yen,
};

const invoice = {
  ...head,
  ...amounts,
  /** When the service was supplied (COM-11). */
  period: optional(Period),
  dueOn: Type.Union([Day, Type.Null()]),
  bank: optional(Type.Union([BankAccount, Type.Null()])),
  /** How it is paid where it is not by transfer, e.g. by direct debit. */
  payment: optional(Words),
};
/** 適格請求書 (COM-11). */
export const InvoiceContent = Type.Object(invoice, closed);
export type InvoiceContent = Static<typeof InvoiceContent>;

const Reference = Type.Object({ number: Short, issuedOn: Day }, closed);
/** 修正した適格請求書: takes the place of a document that was issued. */
export const CorrectedInvoiceContent = Type.Object({ ...invoice, corrects: Reference, reason: Words }, closed);
export type CorrectedInvoiceContent = Static<typeof CorrectedInvoiceContent>;

/** 適格返還請求書: amounts are what is given back, as positive numbers. */
export const CreditNoteContent = Type.Object(
  {
    ...head,
    ...amounts,
    /** Null: it belongs to several documents. */ credits: Type.Union([Reference, Type.Null()]),
    reason: Words,
    returnedOn: Day,
  },
  closed,
);
export type CreditNoteContent = Static<typeof CreditNoteContent>;

/** UTM-57. */
export const PaymentCertificateContent = Type.Object(
  {
    ...head,
    period: Period,
    payments: Type.Array(Type.Object({ paidOn: Day, document: Short, description: Words, amount: Yen }, closed), {
      maxItems: 5000,
    }),
    total: Yen,
  },
  closed,
);
export type PaymentCertificateContent = Static<typeof PaymentCertificateContent>;

const Facts = Type.Array(Type.Object({ label: Words, value: Words }, closed), { maxItems: 100 });
const Ground = Type.Object({ article: Words, text: Words }, closed);

/** The acceptance of an application and the contract that it formed. */
export const ContractNoticeContent = Type.Object(
  {
    ...head,
    contractNumber: Short,
    service: Words,
    plan: Words,
    acceptedOn: Day,
    startsOn: Type.Union([Day, Type.Null()]),
    minimumTerm: optional(Type.Union([Period, Type.Null()])),
    items: Type.Array(
      Type.Object(
        { description: Words, quantity: Type.Integer({ minimum: 0 }), unitPrice: Yen, unit: optional(Words) },
        closed,
      ),
      { maxItems: 200 },
    ),
    facts: optional(Facts),
  },
  closed,
);
export type ContractNoticeContent = Static<typeof ContractNoticeContent>;

/** An application was not accepted (SEC-09). */
export const RefusalContent = Type.Object(
  { ...head, application: Short, service: Words, appliedOn: Day, ground: Type.Union([Ground, Type.Null()]) },
  closed,
);
export type RefusalContent = Static<typeof RefusalContent>;

/** SEC-19: reason, date and period. */
export const SuspensionContent = Type.Object(
  {
    ...head,
    contractNumber: Short,
    service: Words,
    measure: Type.Union([Type.Literal("suspension"), Type.Literal("discontinuance")]),
    reason: Words,
    from: Day,
    /** Null: until the reason has gone. */
    until: Type.Union([Day, Type.Null()]),
    ground: optional(Ground),
  },
  closed,
);
export type SuspensionContent = Static<typeof SuspensionContent>;

/** A service, or a part of it, comes to its end (SEC-20). */
export const WithdrawalContent = Type.Object(
  {
    ...head,
    service: Words,
    contractNumbers: Type.Array(Short, { maxItems: 1000 }),
    endsOn: Day,
    reason: Words,
    facts: optional(Facts),
  },
  closed,
);
export type WithdrawalContent = Static<typeof WithdrawalContent>;

/** Any other notice as a letter: its own title, text and facts (COM-15). */
export const NoticeContent = Type.Object(
  {
    ...head,
    title: Words,
    paragraphs: Type.Array(Words, { maxItems: 500 }),
    facts: optional(Facts),
  },
  closed,
);
export type NoticeContent = Static<typeof NoticeContent>;

export const ReminderContent = Type.Object(
  {
    ...head,
    /** How often this was asked for already. */
    level: Type.Integer({ minimum: 1, maximum: 9 }),
    claims: Type.Array(
      Type.Object({ document: Short, description: Words, dueOn: Day, amount: Yen, paid: Yen, open: Yen }, closed),
      { maxItems: 5000 },
    ),
    total: Yen,
    payBy: Day,
    bank: optional(Type.Union([BankAccount, Type.Null()])),
    /** What follows when nothing is paid, e.g. the article of the suspension. */
    consequence: optional(Words),
  },
  closed,
);
export type ReminderContent = Static<typeof ReminderContent>;

export const QuoteContent = Type.Object({ ...head, ...amounts, validUntil: Day, facts: optional(Facts) }, closed);
export type QuoteContent = Static<typeof QuoteContent>;

/** Why this amount (COM-18): each line of a document with its rule, its inputs and its formula. */
export const ExplanationContent = Type.Object(
  {
    ...head,
    document: Short,
    lines: Type.Array(
      Type.Object(
        {
          group: Words,
          description: Words,
          amount: Yen,
          sentence: Words,
          formula: Words,
          rule: Short,
          version: Short,
          basis: optional(Type.Array(Short, { maxItems: 50 })),
          inputs: optional(Facts),
        },
        closed,
      ),
      { maxItems: 20_000 },
    ),
    /** How the tax and the total came about. */
    totals: Type.Array(Type.Object({ label: Words, amount: Yen, formula: optional(Words) }, closed), { maxItems: 50 }),
  },
  closed,
);
export type ExplanationContent = Static<typeof ExplanationContent>;

/** A device that is insured with its seat (SEC-58, SEC-59). */
export const InsuranceCertificateContent = Type.Object(
  {
    ...head,
    contractNumber: Short,
    service: Words,
    insurance: Words,
    cover: Period,
    mac: Short,
    device: Short,
    registeredOn: Day,
    ground: Words,
  },
  closed,
);
export type InsuranceCertificateContent = Static<typeof InsuranceCertificateContent>;

/** How grave a thing is: told by a word and by colour. */
const Mark = Type.Union([
  Type.Literal("good"),
  Type.Literal("info"),
  Type.Literal("notice"),
  Type.Literal("bad"),
  Type.Literal("critical"),
]);
const Tile = Type.Object({ label: Words, value: Words, mark: optional(Mark) }, closed);
/** A part of a report: a paragraph, a table, bars of a share, or things to do, each with what is known of it. */
export const ReportBlock = Type.Union([
  Type.Object({ kind: Type.Literal("text"), text: Words }, closed),
  Type.Object(
    {
      kind: Type.Literal("table"),
      columns: Type.Array(
        Type.Object(
          { title: Words, width: Type.Union([Type.Literal("auto"), Type.Literal("rest")]), end: Type.Boolean() },
          closed,
        ),
        { minItems: 1, maxItems: 10 },
      ),
      rows: Type.Array(Type.Array(Words, { maxItems: 10 }), { maxItems: 5_000 }),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("bars"),
      /** `share` is 0 to 1, the length of the bar. */
      rows: Type.Array(
        Type.Object({ label: Words, share: Type.Number({ minimum: 0, maximum: 1 }), text: Words }, closed),
        { maxItems: 40 },
      ),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("items"),
      items: Type.Array(Type.Object({ mark: Mark, label: Words, title: Words, facts: Facts }, closed), {
        maxItems: 500,
      }),
    },
    closed,
  ),
]);
export type ReportBlock = Static<typeof ReportBlock>;

/** A report of a service on a time: a first page for the manager, then sections for those who do the work. */
export const ReportContent = Type.Object(
  {
    ...head,
    title: Words,
    period: Period,
    /** The one figure, 0 to 100, and its verdict. */
    score: optional(
      Type.Object({ value: Type.Integer({ minimum: 0, maximum: 100 }), label: Words, mark: Mark }, closed),
    ),
    /** What a manager should know, one sentence each. */
    summary: Type.Array(Words, { maxItems: 12 }),
    tiles: Type.Array(Tile, { maxItems: 12 }),
    sections: Type.Array(
      Type.Object({ title: Words, lead: optional(Words), blocks: Type.Array(ReportBlock, { maxItems: 50 }) }, closed),
      { maxItems: 40 },
    ),
  },
  closed,
);
export type ReportContent = Static<typeof ReportContent>;

/** Content by kind of document. */
export const documentShapes = {
  invoice: InvoiceContent,
  "corrected-invoice": CorrectedInvoiceContent,
  "credit-note": CreditNoteContent,
  "payment-certificate": PaymentCertificateContent,
  "contract-notice": ContractNoticeContent,
  refusal: RefusalContent,
  suspension: SuspensionContent,
  withdrawal: WithdrawalContent,
  notice: NoticeContent,
  reminder: ReminderContent,
  quote: QuoteContent,
  explanation: ExplanationContent,
  "insurance-certificate": InsuranceCertificateContent,
  report: ReportContent,
} as const;
export type DocumentKind = keyof typeof documentShapes;
export type DocumentContent = { [K in DocumentKind]: Static<(typeof documentShapes)[K]> };
