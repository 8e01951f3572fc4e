/** Shapes of the service's API, shared by `api` and `portal`. Durations in microseconds are named `…Us`. */
import { Type, type Static } from "typebox";
import { Id, Instant, Mail, Name } from "@yagura/server/shapes.ts";
import { Probe } from "./configuration.ts";

const closed = { additionalProperties: false } as const;
const Nullable = <T extends Parameters<typeof Type.Array>[0]>(item: T) => Type.Union([item, Type.Null()]);
export const StateWord = Type.Union([
  Type.Literal("good"),
  Type.Literal("notice"),
  Type.Literal("bad"),
  Type.Literal("unknown"),
]);

const Use = Type.Object({ used: Type.Integer(), limit: Type.Integer() }, closed);
/** Counts against the rules in force (EXP-17…20). `rule` names them: `EXP-17` (per agent) or `EXP-18` (pooled). */
export const Quota = Type.Object(
  { agents: Type.Integer(), targets: Use, sessions: Use, rule: Type.String(), ruleFrom: Type.String() },
  closed,
);
export type Quota = Static<typeof Quota>;

export const Tenant = Type.Object({ id: Id, name: Name, createdAt: Instant, quota: Quota }, closed);
export type Tenant = Static<typeof Tenant>;

/**
 * Why something is paused: by a person; as surplus when a contract ended (EXP-22); because the agent's contract is over; or
 * because the session's target is paused.
 */
export const PausedReason = Type.Union([
  Type.Literal("by-hand"),
  Type.Literal("surplus"),
  Type.Literal("agent-ended"),
  Type.Literal("target-by-hand"),
  Type.Literal("target-surplus"),
]);
export type PausedReason = Static<typeof PausedReason>;

export const Target = Type.Object(
  {
    id: Id,
    tenantId: Id,
    name: Name,
    probe: Probe,
    paused: Type.Boolean(),
    pausedReason: Nullable(PausedReason),
    sessions: Type.Integer(),
    createdAt: Instant,
  },
  closed,
);
export type Target = Static<typeof Target>;

/** Reasons of a score, worst first: kind is a key such as `loss`, `latency`, `jitter`, `unreachable`, `not-observed`; points lost. */
export const Reason = Type.Object(
  { kind: Type.String(), points: Type.Number(), value: Type.Number(), unit: Type.String(), since: Nullable(Instant) },
  closed,
);
export type Reason = Static<typeof Reason>;
export const Score = Type.Object(
  {
    /** 0 to 100, or null: not observed. */ value: Nullable(Type.Number()),
    state: StateWord,
    reasons: Type.Array(Reason),
  },
  closed,
);
export type Score = Static<typeof Score>;

export const Agent = Type.Object(
  {
    id: Id,
    tenantId: Id,
    /** PC identification text, at most 15 user-perceived characters (EXP-T07). */
    label: Type.String(),
    contractNumber: Type.String(),
    startedOn: Nullable(Type.String()),
    endedOn: Nullable(Type.String()),
    holder: Type.Object({ name: Type.String(), mail: Nullable(Mail) }, closed),
    /** waiting: not yet installed. */
    state: Type.Union([
      Type.Literal("waiting"),
      Type.Literal("online"),
      Type.Literal("offline"),
      Type.Literal("revoked"),
      Type.Literal("ended"),
    ]),
    deviceId: Nullable(Id),
    lastSeenAt: Nullable(Instant),
    invitation: Nullable(
      Type.Object(
        {
          id: Id,
          state: Type.Union([
            Type.Literal("open"),
            Type.Literal("used"),
            Type.Literal("expired"),
            Type.Literal("revoked"),
          ]),
          sentTo: Nullable(Mail),
          expiresAt: Instant,
        },
        closed,
      ),
    ),
    sessions: Type.Integer(),
    createdAt: Instant,
  },
  closed,
);
export type Agent = Static<typeof Agent>;

export const Session = Type.Object(
  {
    id: Id,
    tenantId: Id,
    agentId: Id,
    agentLabel: Type.String(),
    targetId: Id,
    targetName: Type.String(),
    probe: Probe,
    /** Milliseconds. */
    interval: Type.Integer({ minimum: 200, maximum: 3_600_000 }),
    timeout: Type.Integer({ minimum: 50, maximum: 60_000 }),
    paused: Type.Boolean(),
    pausedReason: Nullable(PausedReason),
    createdAt: Instant,
  },
  closed,
);
export type Session = Static<typeof Session>;

/** One line of the overview: a session with its last hour. */
export const SessionHealth = Type.Object(
  {
    session: Session,
    score: Score,
    /** Last observed. */
    lastAt: Nullable(Instant),
    p50Us: Nullable(Type.Number()),
    p95Us: Nullable(Type.Number()),
    /** Share, 0 to 1. */
    loss: Nullable(Type.Number()),
    jitterUs: Nullable(Type.Number()),
    mos: Nullable(Type.Number()),
    /** Median round trip of the last 60 minutes by minute, µs; null where nothing was observed. */
    spark: Type.Array(Nullable(Type.Number())),
  },
  closed,
);
export type SessionHealth = Static<typeof SessionHealth>;

/** A session among the worst of a time (whole hours, percentiles within 1 %). */
export const WorstSession = Type.Object(
  {
    session: Session,
    /** Share, 0 to 1. */
    loss: Type.Number(),
    p50Us: Nullable(Type.Number()),
    p95Us: Nullable(Type.Number()),
  },
  closed,
);
export type WorstSession = Static<typeof WorstSession>;

export const Overview = Type.Object(
  {
    at: Instant,
    score: Score,
    tenants: Type.Array(
      Type.Object(
        {
          tenant: Tenant,
          score: Score,
          agents: Type.Object({ online: Type.Integer(), offline: Type.Integer(), waiting: Type.Integer() }, closed),
          sessions: Type.Object(
            { good: Type.Integer(), notice: Type.Integer(), bad: Type.Integer(), unknown: Type.Integer() },
            closed,
          ),
        },
        closed,
      ),
    ),
    agents: Type.Array(Type.Object({ agent: Agent, score: Score }, closed)),
    /** Worst first. */
    sessions: Type.Array(SessionHealth),
  },
  closed,
);
export type Overview = Static<typeof Overview>;

const EventKind = Type.Union([
  Type.Literal("session.created"),
  Type.Literal("session.interval"),
  Type.Literal("session.timeout"),
  Type.Literal("session.paused"),
  Type.Literal("session.resumed"),
  Type.Literal("target.probe"),
  Type.Literal("target.paused"),
  Type.Literal("target.resumed"),
  Type.Literal("agent.installed"),
  Type.Literal("agent.replaced"),
  Type.Literal("agent.revoked"),
  Type.Literal("agent.ended"),
  Type.Literal("agent.program"),
]);
export type EventKind = Static<typeof EventKind>;
/**
 * A change of the measuring, not of the line. Parameters by kind: `by` who did it (absent: the platform); `before` and `after`
 * of a change (interval and timeout in ms); `why` of a pause (`by-hand` or `surplus`, then with `contract`); `hostname` and
 * `version` of an installation; `reason` of a revocation; `contract` of an end.
 */
export const SeriesEvent = Type.Object(
  {
    at: Instant,
    kind: EventKind,
    parameters: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  },
  closed,
);
export type SeriesEvent = Static<typeof SeriesEvent>;

const Series1 = Type.Array(Nullable(Type.Number()));
/** Distribution over time. Every array has one entry per bucket; nothing observed is null, never 0. */
export const Series = Type.Object(
  {
    session: Id,
    from: Instant,
    to: Instant,
    /** Seconds per bucket; 0: each entry is one raw sample. */
    step: Type.Number(),
    source: Type.Union([Type.Literal("raw"), Type.Literal("hourly")]),
    /** Relative error of the percentiles: 0 exact (raw), 0.01 (hourly sketches). */
    error: Type.Number(),
    /** Bucket starts, seconds since the epoch (fractions allowed). */
    t: Type.Array(Type.Number()),
    sent: Series1,
    lost: Series1,
    late: Series1,
    refused: Series1,
    duplicate: Series1,
    reordered: Series1,
    min: Series1,
    p5: Series1,
    p25: Series1,
    p50: Series1,
    p75: Series1,
    p95: Series1,
    p99: Series1,
    max: Series1,
    /** Mean absolute difference of successive round trips, µs. */
    jitter: Series1,
    /** Medians of the HTTP or TCP phases, µs; absent for other probes. */
    phases: Type.Optional(
      Type.Object({ resolve: Series1, connect: Series1, tls: Series1, firstByte: Series1, transfer: Series1 }, closed),
    ),
    gaps: Type.Array(Type.Object({ from: Instant, to: Instant, reason: Type.String() }, closed)),
    /** Oldest first, the newest 200. */ events: Type.Array(SeriesEvent),
  },
  closed,
);
export type Series = Static<typeof Series>;

export const Summary = Type.Object(
  {
    session: Id,
    from: Instant,
    to: Instant,
    source: Type.Union([Type.Literal("raw"), Type.Literal("hourly")]),
    /** Relative error of the percentiles: 0 exact (raw), 0.01 (hourly sketches). */
    error: Type.Number(),
    samples: Type.Integer(),
    /** Shares of the sent, 0 to 1. */
    loss: Nullable(Type.Number()),
    late: Nullable(Type.Number()),
    refused: Nullable(Type.Number()),
    duplicate: Type.Integer(),
    reordered: Type.Integer(),
    /** How often n losses came in a row; empty where only hourly sketches were read. */
    lossRuns: Type.Array(Type.Object({ length: Type.Integer(), times: Type.Integer() }, closed)),
    /** Mean loss-run length over that of random loss (G.107 BurstR). */
    burstRatio: Nullable(Type.Number()),
    rttUs: Nullable(
      Type.Object(
        {
          min: Type.Number(),
          p5: Type.Number(),
          p25: Type.Number(),
          p50: Type.Number(),
          p75: Type.Number(),
          p95: Type.Number(),
          p99: Type.Number(),
          max: Type.Number(),
          mean: Type.Number(),
        },
        closed,
      ),
    ),
    jitterUs: Nullable(
      Type.Object(
        {
          /** RFC 3550 section 6.4.1 at the end of the time. */ rfc3550: Type.Number(),
          /** Mean deviation from the mean. */ meanDeviation: Type.Number(),
        },
        closed,
      ),
    ),
    voice: Nullable(Type.Object({ r: Type.Number(), mos: Type.Number() }, closed)),
    score: Score,
    /** Schedule fidelity: how far sends were from their slots, and the share of slots used. */
    fidelity: Nullable(
      Type.Object({ p50Us: Type.Number(), p95Us: Type.Number(), maxUs: Type.Number(), sent: Type.Number() }, closed),
    ),
    methods: Type.Array(
      Type.Object({ method: Type.String(), samples: Type.Integer(), boundUs: Type.Number() }, closed),
    ),
    /** Share of the time that was observed, 0 to 1. */
    observed: Type.Number(),
  },
  closed,
);
export type Summary = Static<typeof Summary>;

export const NewTenant = Type.Object({ name: Name }, closed);
export const NewTarget = Type.Object({ tenantId: Id, name: Name, probe: Probe }, closed);
export const NewAgent = Type.Object(
  {
    tenantId: Id,
    contractNumber: Type.String({ maxLength: 40 }),
    label: Type.String({ minLength: 1, maxLength: 400 }),
    holder: Type.Object({ name: Name, mail: Type.Optional(Mail) }, closed),
  },
  closed,
);
export const NewSession = Type.Object(
  {
    agentId: Id,
    targetId: Id,
    interval: Type.Optional(Type.Integer({ minimum: 200, maximum: 3_600_000 })),
    timeout: Type.Optional(Type.Integer({ minimum: 50, maximum: 60_000 })),
  },
  closed,
);
export const NewInstallInvitation = Type.Object(
  {
    /** Absent: no mail is sent and the key is only in the answer. */ mail: Type.Optional(Mail),
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
  },
  closed,
);
/** The key is shown this once. */
export const InstallInvitation = Type.Object(
  { id: Id, agentId: Id, key: Type.String(), expiresAt: Instant, manualUrl: Type.String(), command: Type.String() },
  closed,
);
export const JoinTenants = Type.Object(
  { /** This tenant goes away; its agents, targets and sessions move into the one of the path. */ tenantId: Id },
  closed,
);
