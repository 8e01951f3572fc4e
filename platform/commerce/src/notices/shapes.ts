/** Shapes of notices (COM-15), changes of terms (COM-22), cases (COM-25, RNS-23, RNS-30), subcontractors (COM-27) and data uses in the API. Pure: the portal sees them. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, literals, orNull } from "@yagura/server/shapes.ts";
import { Code, Line, OptionalDay, ServiceId, Text } from "../terms/shapes.ts";
import { ById } from "../shapes.ts";

export const NoticeChannel = literals("web", "post", "mail", "other");
export type NoticeChannel = Static<typeof NoticeChannel>;
/** `to-print`: a letter that was not posted yet. */
const NoticeState = literals("draft", "to-print", "sent", "withdrawn");
/** `bounced` and `returned` do not undo a notice where the rule counts it as given. */
export const EvidenceKind = literals(
  "posted",
  "queued",
  "sent",
  "delivered",
  "received",
  "bounced",
  "returned",
  "read",
  "note",
);
export type EvidenceKind = Static<typeof EvidenceKind>;

/** What a notice must state where its rule asks for it (SEC-19: reason, date, period). */
const Statements = Type.Object(
  {
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
    date: Type.Optional(CivilDate),
    period: Type.Optional(Type.String({ maxLength: 200 })),
    scope: Type.Optional(Type.String({ maxLength: 500 })),
    place: Type.Optional(Type.String({ maxLength: 500 })),
    manual: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);
export type Statements = Static<typeof Statements>;

export const NoticeItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    organisationName: orNull(Type.String()),
    contractId: orNull(Id),
    service: orNull(Type.String()),
    /** A row of matrix 7.3: terms, withdrawal, suspension, end-of-service, … */
    kind: Type.String(),
    rule: Type.String(),
    channel: NoticeChannel,
    subject: Type.String(),
    state: NoticeState,
    emergency: Type.Boolean(),
    /** Day of what it announces. */
    announcesOn: OptionalDay,
    sentAt: orNull(Instant),
    effectiveAt: orNull(Instant),
    /** Latest evidence of delivery. */
    delivery: orNull(EvidenceKind),
    readAt: orNull(Instant),
    createdAt: Instant,
  },
  closed,
);
export type NoticeItem = Static<typeof NoticeItem>;

export const NoticeEvidence = Type.Object(
  { at: Instant, kind: EvidenceKind, detail: Type.String(), by: Type.String() },
  closed,
);
export type NoticeEvidence = Static<typeof NoticeEvidence>;
export const NoticeDetail = Type.Object(
  {
    ...NoticeItem.properties,
    body: Type.String(),
    /** Hash of subject and body: which text was given. */
    textVersion: Type.String(),
    address: orNull(Type.String()),
    statements: Statements,
    /** Why it takes effect when it does. */
    effect: Text,
    createdBy: Type.String(),
    evidence: Type.Array(NoticeEvidence),
  },
  closed,
);
export type NoticeDetail = Static<typeof NoticeDetail>;

export const NoticeQuery = Type.Object(
  {
    service: Type.Optional(ServiceId),
    kind: Type.Optional(Code),
    channel: Type.Optional(NoticeChannel),
    state: Type.Optional(NoticeState),
    delivery: Type.Optional(EvidenceKind),
    organisation: Type.Optional(Id),
    contract: Type.Optional(Id),
    from: Type.Optional(CivilDate),
    to: Type.Optional(CivilDate),
    ...ById,
  },
  closed,
);

/** A notice to one customer, or to everybody with a living contract of the service. */
export const NewNotice = Type.Object(
  {
    service: ServiceId,
    kind: Code,
    /** Absent: everybody with a living contract of the service. */
    organisation: Type.Optional(Id),
    contract: Type.Optional(Id),
    channel: NoticeChannel,
    /** One line: it is the subject of a mail. */
    subject: Type.Object({ ja: Line, en: Line }, closed),
    body: Type.Object(
      { ja: Type.String({ minLength: 1, maxLength: 20_000 }), en: Type.String({ minLength: 1, maxLength: 20_000 }) },
      closed,
    ),
    /** Day of what it announces: withdrawal, suspension, change. */
    announcesOn: Type.Optional(CivilDate),
    /** For channels whose effect is the time that the notice names. */
    namedTime: Type.Optional(Instant),
    statements: Type.Optional(Statements),
    /** Without lead time, where the rule allows it. */
    emergency: Type.Optional(Type.Boolean({ default: false })),
    /** Check only: lead time, required statements, recipients. */
    dryRun: Type.Optional(Type.Boolean({ default: false })),
    /** Keep it as a draft; send it later. */
    draft: Type.Optional(Type.Boolean({ default: false })),
  },
  closed,
);
export type NewNotice = Static<typeof NewNotice>;

export const NoticeCheck = Type.Object(
  {
    rule: Type.String(),
    ruleName: Text,
    recipients: Type.Integer(),
    /** Earliest day that a notice given now may announce. */
    earliestOn: OptionalDay,
    given: Type.Integer({ description: "notices made; 0 in a dry run" }),
    announcementId: orNull(Id),
    ids: Type.Array(Id, { description: "the first 100" }),
  },
  closed,
);
export type NoticeCheck = Static<typeof NoticeCheck>;

export const RecordEvidence = Type.Object(
  { kind: EvidenceKind, detail: Type.Optional(Type.String({ maxLength: 500 })), at: Type.Optional(Instant) },
  closed,
);

/** A notice as the customer reads it. */
export const OwnNotice = Type.Object(
  {
    id: Id,
    contractId: orNull(Id),
    service: orNull(Type.String()),
    kind: Type.String(),
    channel: NoticeChannel,
    subject: Type.String(),
    body: Type.String(),
    announcesOn: OptionalDay,
    sentAt: orNull(Instant),
    effectiveAt: orNull(Instant),
    readAt: orNull(Instant),
  },
  closed,
);
export type OwnNotice = Static<typeof OwnNotice>;

// Terms changes (COM-22) -----------------------------------------------------------------------------------------------------

export const TermsChangeItem = Type.Object(
  {
    id: Id,
    service: Type.String(),
    code: Type.String(),
    effectiveOn: CivilDate,
    subject: Text,
    body: Text,
    publishedAt: Instant,
    rule: Type.String(),
    /** Whether a customer who disagrees may end the contract by the effective date (UTM-02). */
    dissent: Type.Boolean(),
    shown: Type.Integer({ description: "customers to whom it was shown" }),
    consented: Type.Integer(),
    dissented: Type.Integer(),
  },
  closed,
);
export type TermsChangeItem = Static<typeof TermsChangeItem>;
export const NewTermsChange = Type.Object(
  {
    service: ServiceId,
    code: Type.String({ maxLength: 40 }),
    subject: Type.Object({ ja: Line, en: Line }, closed),
    body: Type.Object(
      { ja: Type.String({ minLength: 1, maxLength: 20_000 }), en: Type.String({ minLength: 1, maxLength: 20_000 }) },
      closed,
    ),
    channel: Type.Optional(literals("web", "post", "mail", "other")),
    /** Check lead time and recipients only. */
    dryRun: Type.Optional(Type.Boolean({ default: false })),
  },
  closed,
);
export type NewTermsChange = Static<typeof NewTermsChange>;
const ConsentGround = literals("use", "payment", "no-objection", "express");
export const ConsentItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    organisationName: Type.String(),
    /** When and how it was shown. */
    shownAt: Type.Union([Instant, Type.Null()]),
    channel: Type.Union([Type.String(), Type.Null()]),
    readAt: Type.Union([Instant, Type.Null()]),
    state: literals("shown", "consented", "dissented"),
    ground: Type.Union([ConsentGround, Type.Null()]),
    evidence: Type.Union([Type.String(), Type.Null()]),
    decidedAt: Type.Union([Instant, Type.Null()]),
  },
  closed,
);
export type ConsentItem = Static<typeof ConsentItem>;
export const RecordConsent = Type.Object(
  { organisation: Id, ground: ConsentGround, evidence: Line, at: Type.Optional(Instant) },
  closed,
);
export const Dissent = Type.Object({ reason: Type.Optional(Type.String({ maxLength: 2000 })) }, closed);
/** What a dissenting customer is offered: to end these contracts by the effective date. */
export const DissentOffer = Type.Object(
  {
    effectiveOn: CivilDate,
    contracts: Type.Array(Type.Object({ id: Id, number: Type.String(), service: Type.String() }, closed)),
    sentence: Text,
  },
  closed,
);
export type DissentOffer = Static<typeof DissentOffer>;
/** A terms change as the customer sees it. */
export const OwnTermsChange = Type.Object(
  {
    id: Id,
    service: Type.String(),
    code: Type.String(),
    effectiveOn: CivilDate,
    subject: Type.String(),
    body: Type.String(),
    shownAt: Type.Union([Instant, Type.Null()]),
    state: literals("shown", "consented", "dissented"),
    dissentUntil: OptionalDay,
  },
  closed,
);
export type OwnTermsChange = Static<typeof OwnTermsChange>;

// Waivers (COM-29, UTM-52) -------------------------------------------------------------------------------------------------

export const NewWaiver = Type.Object(
  {
    service: ServiceId,
    /** Absent: every item. */
    item: Type.Optional(Code),
    percent: Type.Integer({ minimum: 1, maximum: 100 }),
    /** Parts of registered addresses, such as a prefecture or a town; absent: everywhere. */
    areas: Type.Optional(Type.Array(Line, { maxItems: 200 })),
    from: CivilDate,
    lastDay: CivilDate,
    /** Number of the publication: stands on the bill. */
    reference: Line,
    reason: Text,
    dryRun: Type.Optional(Type.Boolean({ default: false })),
  },
  closed,
);
export type NewWaiver = Static<typeof NewWaiver>;
export const WaiverItem = Type.Object(
  {
    id: Id,
    service: Type.String(),
    item: orNull(Type.String()),
    percent: Type.Integer(),
    areas: Type.Array(Type.String()),
    from: CivilDate,
    lastDay: CivilDate,
    reference: Type.String(),
    reason: Text,
    state: literals("active", "reversed"),
    contracts: Type.Integer({ description: "contracts that it stands on" }),
    publishedAt: Instant,
    reversedAt: orNull(Instant),
  },
  closed,
);
export type WaiverItem = Static<typeof WaiverItem>;
export const WaiverDone = Type.Object(
  {
    waiver: orNull(WaiverItem),
    /** Contracts concerned, or in a dry run: that would be. */
    contracts: Type.Integer(),
    customers: Type.Integer(),
    numbers: Type.Array(Type.String(), { description: "the first 100" }),
  },
  closed,
);
export type WaiverDone = Static<typeof WaiverDone>;
export const ReverseWaiver = Type.Object({ reason: Line }, closed);

// Cases ------------------------------------------------------------------------------------------------------------------------

export const CaseKind = literals("disclosure", "confidentiality", "deletion", "data-use");
export type CaseKind = Static<typeof CaseKind>;
export const CaseState = literals("open", "identity-checked", "approved", "answered", "closed", "refused");
export type CaseState = Static<typeof CaseState>;
export const CaseStepKind = literals(
  "opened",
  "identity-checked",
  "identity-refused",
  "answered",
  "fee-billed",
  "delivered",
  "instructed",
  "certified",
  "approval-asked",
  "approved",
  "rejected",
  "carried-out",
  "refused",
  "closed",
  "note",
);
export type CaseStepKind = Static<typeof CaseStepKind>;

const CaseStep = Type.Object(
  { at: Instant, kind: CaseStepKind, by: Type.String(), detail: Type.Record(Type.String(), Type.Unknown()) },
  closed,
);
export const CaseItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    organisationName: orNull(Type.String()),
    contractId: orNull(Id),
    kind: CaseKind,
    state: CaseState,
    rule: Type.String(),
    subject: Type.String(),
    openedAt: Instant,
    openedBy: Type.String(),
    closedAt: orNull(Instant),
  },
  closed,
);
export type CaseItem = Static<typeof CaseItem>;
export const CaseDetail = Type.Object(
  { ...CaseItem.properties, request: Type.Record(Type.String(), Type.Unknown()), steps: Type.Array(CaseStep) },
  closed,
);
export type CaseDetail = Static<typeof CaseDetail>;
export const NewCase = Type.Object(
  {
    organisation: Id,
    contract: Type.Optional(Id),
    kind: CaseKind,
    subject: Line,
    /** What is asked for, by whom, in their words. */
    request: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 2000 }))),
  },
  closed,
);
export type NewCase = Static<typeof NewCase>;
export const NewCaseStep = Type.Object(
  {
    kind: CaseStepKind,
    /** Disclosure, answered: whether data is held; the answer “none” is an answer, too (SEC-25). */
    held: Type.Optional(Type.Boolean()),
    /** Document fee: postage in yen. */
    postage: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    /** Confidentiality: what was done with the material. */
    outcome: Type.Optional(literals("returned", "destroyed")),
    /** Evidence file (commerce.evidence): certificate, identity document. */
    evidence: Type.Optional(Id),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  closed,
);
export type NewCaseStep = Static<typeof NewCaseStep>;
export const CaseQuery = Type.Object(
  {
    kind: Type.Optional(CaseKind),
    state: Type.Optional(CaseState),
    organisation: Type.Optional(Id),
    ...ById,
  },
  closed,
);

// Subcontractors and data uses -----------------------------------------------------------------------------------------------------

export const SubcontractorItem = Type.Object(
  {
    id: Id,
    name: Type.String(),
    /** What is entrusted. */
    task: Text,
    /** Null: every service. */
    service: orNull(Type.String()),
    from: CivilDate,
    until: OptionalDay,
  },
  closed,
);
export type SubcontractorItem = Static<typeof SubcontractorItem>;
export const NewSubcontractor = Type.Object(
  { name: Line, task: Text, service: Type.Optional(ServiceId), from: CivilDate, until: Type.Optional(CivilDate) },
  closed,
);
export const EndSubcontractor = Type.Object({ until: CivilDate }, closed);

/** UTM-79, 81: purposes for which data may be used; marketing can be switched off. */
export const DataUseItem = Type.Object(
  {
    purpose: Type.String(),
    name: Text,
    rule: Type.String(),
    /** Needed for the service, so that it cannot be switched off. */
    required: Type.Boolean(),
    allowed: Type.Boolean(),
    changedAt: orNull(Instant),
  },
  closed,
);
export type DataUseItem = Static<typeof DataUseItem>;
export const SetDataUse = Type.Object({ allowed: Type.Boolean() }, closed);
