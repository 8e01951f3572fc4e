/** Shapes of contracts and their life in the API. Pure: the portal sees them. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, literals, Mail, Name, orNull } from "@yagura/server/shapes.ts";
import { Fact } from "../charging/facts.ts";

const OptionalDay = orNull(CivilDate);
const Code = Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,39}$" });
const Note = Type.String({ minLength: 1, maxLength: 2000, description: "for the file, one or a few sentences" });
const Yen = Type.Integer({ minimum: 0, maximum: 1_000_000_000_000, description: "whole yen" });
export const EvidenceIds = Type.Array(Id, { maxItems: 20, description: "files handed in with POST …/evidence" });
const Text = Type.Object({ ja: Type.String(), en: Type.String() });
export type EvidenceIds = Static<typeof EvidenceIds>;

/** COM-17. `ending`: the cancellation was asked for and its day is set. */
export const contractStates = [
  "awaiting-start",
  "active",
  "suspended",
  "discontinued",
  "ending",
  "ended",
  "revoked",
  "void",
] as const;
export const ContractState = literals(...contractStates);
export type ContractState = Static<typeof ContractState>;

export const ContractItem = Type.Object(
  {
    id: Id,
    organisationId: Id,
    service: Type.String(),
    plan: Type.String(),
    number: Type.String(),
    state: ContractState,
    /** Service is stopped for a cause; may also be so while the end is set. */
    stopped: orNull(literals("suspension", "discontinuance")),
    /** False: the provider's own organisation. */
    charged: Type.Boolean(),
    /** When it is to start, and since it started: when it did. */
    startedOn: OptionalDay,
    /** C: the cancellation date, on which charges depend. */
    cancelledOn: OptionalDay,
    /** Last day in force. */
    endedOn: OptionalDay,
    createdAt: Instant,
  },
  closed,
);
export type ContractItem = Static<typeof ContractItem>;
/** With its customer's name, in lists over all customers. */
export const ListedContract = Type.Object({ ...ContractItem.properties, organisationName: Type.String() }, closed);
export type ListedContract = Static<typeof ListedContract>;

export const ContractEvent = Type.Object(
  {
    at: Instant,
    kind: Type.String(),
    actor: Type.String(),
    ground: Type.String({ description: "the rule or article that the step rests on" }),
    /** States before and after, where the step changed it. */
    from: orNull(ContractState),
    to: orNull(ContractState),
    /** The day from which it holds. */
    on: OptionalDay,
    reason: orNull(Type.String()),
    evidence: Type.Array(Id),
    payload: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
);
export type ContractEvent = Static<typeof ContractEvent>;

export const StoredFact = Type.Object(
  {
    id: Id,
    fact: Type.Unsafe<Fact>(Type.Object({ kind: Type.String(), on: CivilDate })),
    source: Type.String(),
    sourceKey: orNull(Type.String()),
    recordedBy: Type.String(),
    recordedAt: Instant,
    voidedAt: orNull(Instant),
    voidReason: orNull(Type.String()),
    /** The fact that stands in its place. */
    replacedBy: orNull(Id),
  },
  closed,
);
export type StoredFact = Static<typeof StoredFact>;

/** Who holds the contract from a day on (COM-23). */
export const Holder = Type.Object(
  {
    name: Name,
    kind: literals("corporation", "sole-trader"),
    corporateNumber: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{12}$" })),
    address: Type.String({ minLength: 1, maxLength: 300 }),
    contact: Type.Optional(Name),
    mail: Type.Optional(Mail),
    phone: Type.Optional(Type.String({ maxLength: 30 })),
  },
  closed,
);
export type Holder = Static<typeof Holder>;

export const CancellationState = literals("requested", "confirmed", "refused", "withdrawn", "carried-out");
export type CancellationState = Static<typeof CancellationState>;
export const Cancellation = Type.Object(
  {
    id: Id,
    contractId: Id,
    by: literals("customer", "provider", "withdrawal", "longest-use", "line-ended"),
    state: CancellationState,
    receivedOn: CivilDate,
    desiredOn: CivilDate,
    checkedOn: OptionalDay,
    cancelledOn: OptionalDay,
    channel: Type.String(),
    /** Told later than the terms ask for (A-UTM-4). */
    late: Type.Boolean(),
    /** What the end costs by early termination and ancillary services, as it was shown. */
    sum: Yen,
    ground: orNull(Type.String()),
    reason: orNull(Type.String()),
    requestedBy: Type.String(),
    requestedAt: Instant,
    evidence: Type.Array(Id),
  },
  closed,
);
export type Cancellation = Static<typeof Cancellation>;

/** One change of what is ordered. */
export const OrderedChange = Type.Union([
  Type.Object(
    { kind: Type.Literal("quantity"), item: Code, quantity: Type.Integer({ minimum: 0, maximum: 1_000_000 }) },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("option-started"),
      item: Code,
      quantity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal("option-ended"), item: Code }, closed),
  Type.Object(
    {
      kind: Type.Literal("ancillary-started"),
      item: Code,
      months: Type.Integer({ minimum: 1, maximum: 120 }),
      payment: literals("prepaid", "monthly"),
      /** For the whole period; the provider's price unless the staff say otherwise. */
      fee: Type.Optional(Yen),
    },
    closed,
  ),
  Type.Object(
    {
      kind: Type.Literal("ancillary-ended"),
      item: Code,
      fault: Type.Optional(literals("customer", "provider", "none")),
      approver: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal("purchase"), item: Code, quantity: Type.Integer({ minimum: 1, maximum: 10_000 }) },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal("attribute"), name: Code, value: Type.String({ minLength: 1, maxLength: 100 }) },
    closed,
  ),
]);
export type OrderedChange = Static<typeof OrderedChange>;

export const ChangeOrder = Type.Object(
  {
    id: Id,
    contractId: Id,
    state: literals("requested", "accepted", "refused", "withdrawn"),
    changes: Type.Array(OrderedChange),
    /** First day on which it holds. */
    effectiveOn: CivilDate,
    requestedBy: Type.String(),
    requestedAt: Instant,
    decidedBy: orNull(Type.String()),
    decidedAt: orNull(Instant),
    reason: orNull(Type.String()),
  },
  closed,
);
export type ChangeOrder = Static<typeof ChangeOrder>;

export const Transfer = Type.Object(
  {
    id: Id,
    contractId: Id,
    how: literals("succession", "assignment"),
    state: literals("requested", "approved", "refused"),
    effectiveOn: CivilDate,
    successors: Type.Array(Holder),
    /** Position of the one who speaks for all; null: the provider picks the first until one is named. */
    representative: orNull(Type.Integer()),
    reason: orNull(Type.String()),
    evidence: Type.Array(Id),
    requestedAt: Instant,
    decidedAt: orNull(Instant),
  },
  closed,
);
export type Transfer = Static<typeof Transfer>;

export const Task = Type.Object(
  {
    id: Id,
    organisationId: Id,
    contractId: orNull(Id),
    contractNumber: orNull(Type.String()),
    /** e.g. `disconnect-equipment`, `no-covered-service`, `installation-due`, `longest-use-ends`. */
    kind: Type.String(),
    rule: Type.String(),
    /** Who has to do it. */
    audience: literals("staff", "customer"),
    title: Text,
    dueOn: CivilDate,
    state: literals("open", "done", "dropped"),
    note: orNull(Type.String()),
    createdAt: Instant,
    closedAt: orNull(Instant),
    closedBy: orNull(Type.String()),
  },
  closed,
);
export type Task = Static<typeof Task>;
export const CloseTask = Type.Object({ state: literals("done", "dropped"), note: Type.Optional(Note) }, closed);
export type CloseTask = Static<typeof CloseTask>;

/** Someone who held the contract, from a day. */
export const DatedHolder = Type.Object(
  { from: CivilDate, how: Type.String(), holder: Holder, others: Type.Array(Holder) },
  closed,
);
export type DatedHolder = Static<typeof DatedHolder>;

export const ContractDetail = Type.Object(
  {
    ...ContractItem.properties,
    /** First day of service (S), the fee month's anchor, items and attributes of the order. */
    serviceStartedOn: OptionalDay,
    anchor: Type.Integer(),
    items: Type.Record(Type.String(), Type.Integer()),
    attributes: Type.Record(Type.String(), Type.String()),
    applicationId: orNull(Id),
    events: Type.Array(ContractEvent),
    facts: Type.Array(StoredFact),
    cancellations: Type.Array(Cancellation),
    changeOrders: Type.Array(ChangeOrder),
    transfers: Type.Array(Transfer),
    holders: Type.Array(DatedHolder),
    tasks: Type.Array(Task),
  },
  closed,
);
export type ContractDetail = Static<typeof ContractDetail>;

export const NewContract = Type.Object(
  {
    service: Type.String({ pattern: "^[a-z]{2,20}$" }),
    /** The service's first plan unless told. */
    plan: Type.Optional(Code),
    items: Type.Optional(Type.Record(Code, Type.Integer({ minimum: 0, maximum: 1_000_000 }), { maxProperties: 40 })),
    attributes: Type.Optional(Type.Record(Code, Type.String({ maxLength: 100 }), { maxProperties: 40 })),
    anchor: Type.Optional(Type.Integer({ minimum: 1, maximum: 31 })),
    /** Today (Asia/Tokyo) unless told. */
    startedOn: Type.Optional(CivilDate),
  },
  closed,
);
export type NewContract = Static<typeof NewContract>;
export const EndContract = Type.Object(
  {
    on: Type.String({
      format: "date",
      description:
        "Last day in force. Today or an earlier day: the contract ends at once. A later day: when that day is over (00:00 Asia/Tokyo).",
    }),
  },
  closed,
);
export type EndContract = Static<typeof EndContract>;

/** What the office or the field reports: service began, the visit ended, the opening was told. */
export const StartContract = Type.Object(
  {
    kind: literals("started", "inspected", "opening", "installed"),
    on: CivilDate,
    /** RNS-08: the affiliate that did the work. */
    delegate: Type.Optional(Name),
    note: Type.Optional(Note),
    evidence: Type.Optional(EvidenceIds),
  },
  closed,
);
export type StartContract = Static<typeof StartContract>;

/** SEC-19, UTM-23: reason, date and period are stated, or the step is refused. */
export const StopContract = Type.Object(
  {
    measure: literals("suspension", "discontinuance"),
    ground: Code,
    reason: Note,
    on: CivilDate,
    /** Last day of the stop, as announced. */
    until: CivilDate,
    /** Without prior notice. */
    emergency: Type.Optional(Type.Boolean()),
    evidence: Type.Optional(EvidenceIds),
  },
  closed,
);
export type StopContract = Static<typeof StopContract>;
export const ResumeContract = Type.Object({ on: CivilDate, reason: Type.Optional(Note) }, closed);
export type ResumeContract = Static<typeof ResumeContract>;

export const RequestCancellation = Type.Object(
  {
    desiredOn: CivilDate,
    channel: Type.Optional(literals("letter", "mail", "web", "form")),
    /** Day on which the form came in; today unless the staff enter a paper. */
    receivedOn: Type.Optional(CivilDate),
    /** The sum that was shown (`sum` of the simulation): the request is refused when it is another by now (OST-06). */
    confirmedSum: Yen,
    reason: Type.Optional(Note),
    evidence: Type.Optional(EvidenceIds),
  },
  closed,
);
export type RequestCancellation = Static<typeof RequestCancellation>;
export const ConfirmCancellation = Type.Object(
  {
    /** Day on which the check of the request was finished (UTM-27). */
    checkedOn: Type.Optional(CivilDate),
    /** RNS-11: the provider's damage before acceptance, without tax, and the day on which it was paid. */
    damage: Type.Optional(
      Type.Object({ amount: Yen, paidOn: Type.Optional(CivilDate), description: Type.Optional(Note) }, closed),
    ),
  },
  closed,
);
export type ConfirmCancellation = Static<typeof ConfirmCancellation>;
export const RefuseStep = Type.Object({ reason: Note }, closed);
export type RefuseStep = Static<typeof RefuseStep>;

export const CancelByProvider = Type.Object(
  {
    ground: Code,
    reason: Note,
    on: CivilDate,
    fault: Type.Optional(literals("customer", "provider", "none")),
    emergency: Type.Optional(Type.Boolean()),
    evidence: Type.Optional(EvidenceIds),
  },
  closed,
);
export type CancelByProvider = Static<typeof CancelByProvider>;
export const EndLine = Type.Object(
  { on: CivilDate, reason: Type.Optional(Note), evidence: Type.Optional(EvidenceIds) },
  closed,
);
export type EndLine = Static<typeof EndLine>;

export const NewChangeOrder = Type.Object(
  {
    effectiveOn: CivilDate,
    changes: Type.Array(OrderedChange, { minItems: 1, maxItems: 40 }),
    reason: Type.Optional(Note),
  },
  closed,
);
export type NewChangeOrder = Static<typeof NewChangeOrder>;
export const NewTransfer = Type.Object(
  {
    how: literals("succession", "assignment"),
    effectiveOn: CivilDate,
    successors: Type.Array(Holder, { minItems: 1, maxItems: 20 }),
    representative: Type.Optional(Type.Integer({ minimum: 0, maximum: 19 })),
    reason: Type.Optional(Note),
    evidence: Type.Optional(EvidenceIds),
  },
  closed,
);
export type NewTransfer = Static<typeof NewTransfer>;
/** UTM-15: what the approval looks at. */
export const DecideTransfer = Type.Object(
  {
    approve: Type.Boolean(),
    reason: Type.Optional(Note),
    checks: Type.Optional(
      Type.Object(
        {
          /** The line goes to the same holder, where the line is the provider's own. */
          togetherWithLine: Type.Boolean(),
          assigneeHoldsLine: Type.Boolean(),
          noArrears: Type.Boolean(),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type DecideTransfer = Static<typeof DecideTransfer>;
export const NameRepresentative = Type.Object(
  { representative: Type.Integer({ minimum: 0, maximum: 19 }), on: CivilDate },
  closed,
);
export type NameRepresentative = Static<typeof NameRepresentative>;

/** RNS-16: what a customer has to report of itself. */
export const ReportGround = Type.Object(
  { ground: Code, on: CivilDate, note: Note, evidence: Type.Optional(EvidenceIds) },
  closed,
);
export type ReportGround = Static<typeof ReportGround>;

export const NewFact = Type.Object(
  {
    fact: Fact,
    /** A correction: this fact is voided and the new one stands in its place. */
    replaces: Type.Optional(Id),
    reason: Type.Optional(Note),
    /** Same key, same fact: sent twice it is stored once. */
    key: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  },
  closed,
);
export type NewFact = Static<typeof NewFact>;
export const VoidFact = Type.Object({ reason: Note }, closed);
export type VoidFact = Static<typeof VoidFact>;

export const WithdrawService = Type.Object(
  {
    service: Type.String({ pattern: "^[a-z]{2,20}$" }),
    /** Only this plan; else the whole service. */
    plan: Type.Optional(Code),
    on: CivilDate,
    /** Day of the notice. */
    noticeOn: CivilDate,
    reason: Note,
  },
  closed,
);
export type WithdrawService = Static<typeof WithdrawService>;
export const Withdrawn = Type.Object(
  { contracts: Type.Array(Type.Object({ id: Id, organisationId: Id, number: Type.String(), on: CivilDate }, closed)) },
  closed,
);
export type Withdrawn = Static<typeof Withdrawn>;

export {
  Line,
  Totals,
  Derived,
  ForecastMonth,
  Forecast,
  CancellationAnswer,
  ChangeAnswer,
  TimelineEntry,
  Timeline,
} from "../outlook/shapes.ts";
