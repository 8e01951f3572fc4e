/** Shapes of alerts over the API. Pure: the portal sees them. */
import { Type, type Static } from "typebox";
import { CivilDate, closed, Id, Instant, LanguageCode, literals, Name, orNull, page } from "@yagura/server/shapes.ts";

/** From least to worst: stored as the index. */
export const severities = ["info", "notice", "bad", "critical"] as const;
export const Severity = literals(...severities);
export const IncidentState = literals("open", "acknowledged", "closed");
export const CloseReason = literals("solved", "expected", "false-alarm", "over");

const Parameters = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]));
export const Incident = Type.Object(
  {
    id: Id,
    organisation: Id,
    organisationName: Type.String(),
    /** What people call it: counted within the organisation. */
    number: Type.Integer(),
    service: Type.String(),
    kind: Type.String(),
    subject: Type.Object({ kind: Type.String(), id: Type.String() }, closed),
    /** What its findings have in common, as the service that found them names it. */
    group: Type.String(),
    severity: Severity,
    state: IncidentState,
    /** One line in the reader's language: the words of the kind, filled with the parameters. */
    title: Type.String(),
    parameters: Parameters,
    findings: Type.Integer(),
    openedAt: Instant,
    lastAt: Instant,
    /** The cause is over, as far as the service can tell. */
    endedAt: orNull(Instant),
    assignee: orNull(Type.String()),
    acknowledgedAt: orNull(Instant),
    acknowledgedBy: orNull(Type.String()),
    closedAt: orNull(Instant),
    closedBy: orNull(Type.String()),
    closeReason: orNull(CloseReason),
  },
  closed,
);
export type Incident = Static<typeof Incident>;

export const IncidentFinding = Type.Object(
  {
    id: Id,
    /** Under which its service knows it: the same trouble seen again has the same. */
    key: Type.String(),
    kind: Type.String(),
    subject: Type.Object({ kind: Type.String(), id: Type.String() }, closed),
    severity: Severity,
    /** 0 to 1. */
    confidence: Type.Number(),
    title: Type.String(),
    normal: Type.String(),
    changed: Type.String(),
    advice: Type.String(),
    /** What the sentences are filled with. */
    parameters: Parameters,
    /** ATT&CK for ICS. */
    techniques: Type.Array(Type.String()),
    evidence: Type.Array(
      Type.Object({ label: Type.String(), value: Type.String(), href: Type.Optional(Type.String()) }, closed),
    ),
    since: Instant,
    until: orNull(Instant),
    lastAt: Instant,
    times: Type.Integer(),
  },
  closed,
);
export type IncidentFinding = Static<typeof IncidentFinding>;

export const entryKinds = [
  "opened",
  "finding",
  "worse",
  "ended",
  "notified",
  "not-notified",
  "escalated",
  "acknowledged",
  "assigned",
  "note",
  "closed",
  "reopened",
] as const;
export const IncidentEntry = Type.Object(
  {
    id: Id,
    at: Instant,
    kind: literals(...entryKinds),
    by: Type.String(),
    detail: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
);
export type IncidentEntry = Static<typeof IncidentEntry>;

export const IncidentDetail = Type.Object(
  {
    ...Incident.properties,
    worst: Type.Array(IncidentFinding),
    entries: Type.Array(IncidentEntry),
  },
  closed,
);
export type IncidentDetail = Static<typeof IncidentDetail>;
export const IncidentPage = page(Incident);

export const IncidentQuery = Type.Object(
  {
    state: Type.Optional(Type.Union([IncidentState, Type.Literal("active")])),
    /** This one and worse. */
    severity: Type.Optional(Severity),
    service: Type.Optional(Type.String({ pattern: "^[a-z]{2,20}$" })),
    /** Incidents with a finding about it: `device:<id>`. */
    subject: Type.Optional(Type.String({ maxLength: 200, pattern: "^[a-z-]+:.+$" })),
    kind: Type.Optional(Type.String({ maxLength: 80, pattern: "^[a-z]+[.a-z-]*$" })),
    from: Type.Optional(CivilDate),
    until: Type.Optional(CivilDate),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    cursor: Type.Optional(Type.String({ maxLength: 12, pattern: "^[0-9]+$" })),
  },
  closed,
);
export type IncidentQuery = Static<typeof IncidentQuery>;

/** How many incidents are not closed, by severity. */
export const IncidentCounts = Type.Object(
  { info: Type.Integer(), notice: Type.Integer(), bad: Type.Integer(), critical: Type.Integer(), open: Type.Integer() },
  closed,
);
export type IncidentCounts = Static<typeof IncidentCounts>;

const Note = Type.String({ minLength: 1, maxLength: 2_000 });
export const AddNote = Type.Object({ note: Note }, closed);
export const Acknowledge = Type.Object({ note: Type.Optional(Note) }, closed);
/** To oneself, to a member of the organisation, or to nobody. */
export const Assign = Type.Object({ to: Type.Union([Type.Literal("me"), Id, Type.Null()]) }, closed);
export const Close = Type.Object({ reason: CloseReason, note: Type.Optional(Note) }, closed);

const Host = Type.String({ minLength: 1, maxLength: 253, pattern: "^[A-Za-z0-9.:_-]+$" });
export const MailSettings = Type.Object(
  {
    /** Besides these, everybody who is owner or administrator. */
    members: Type.Boolean(),
    to: Type.Array(Type.String({ format: "email", maxLength: 254 }), { maxItems: 20 }),
  },
  closed,
);
export const WebhookSettings = Type.Object(
  { url: Type.String({ format: "uri", maxLength: 2_000, pattern: "^https?://" }) },
  closed,
);
export const SyslogSettings = Type.Object(
  {
    host: Host,
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    transport: literals("udp", "tcp", "tls"),
    /** The message: plain words with structured data (RFC 5424), or CEF inside it. */
    format: literals("rfc5424", "cef"),
  },
  closed,
);

const common = {
  name: Name,
  minimumSeverity: Severity,
  /** Empty: all. */
  services: Type.Array(Type.String({ pattern: "^[a-z]{2,20}$" }), { maxItems: 10 }),
  language: LanguageCode,
  enabled: Type.Boolean(),
};
/** Name of the channel that is made by itself: shown in the reader's language while nobody named it otherwise. */
export const firstChannelName = { ja: "オーナーと管理者", en: "Owners and administrators" } as const;
export const NewChannel = Type.Union([
  Type.Object({ ...common, kind: Type.Literal("mail"), settings: MailSettings }, closed),
  Type.Object({ ...common, kind: Type.Literal("webhook"), settings: WebhookSettings }, closed),
  Type.Object({ ...common, kind: Type.Literal("syslog"), settings: SyslogSettings }, closed),
]);
export type NewChannel = Static<typeof NewChannel>;
export const Channel = Type.Object(
  {
    ...common,
    id: Id,
    kind: literals("mail", "webhook", "syslog"),
    settings: Type.Union([MailSettings, WebhookSettings, SyslogSettings]),
    lastSuccessAt: orNull(Instant),
    lastError: orNull(Type.String()),
    createdAt: Instant,
  },
  closed,
);
export type Channel = Static<typeof Channel>;
/** The answer to a new webhook: its key is shown this once. */
export const MadeChannel = Type.Object({ channel: Channel, key: orNull(Type.String()) }, closed);
export type MadeChannel = Static<typeof MadeChannel>;

export const MAX_STEPS = 5;
export const Policy = Type.Object(
  {
    steps: Type.Array(
      Type.Object(
        {
          /** Minutes after the opening without acknowledgement; 0: at once. */
          after: Type.Integer({ minimum: 0, maximum: 10_080 }),
          /** Empty: all channels. */
          channels: Type.Array(Id, { maxItems: 20 }),
          minimumSeverity: Severity,
        },
        closed,
      ),
      { maxItems: MAX_STEPS },
    ),
  },
  closed,
);
export type Policy = Static<typeof Policy>;
