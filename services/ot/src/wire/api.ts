/**
 * Shapes of the service's API under /api/v1/organisations/:organisation/ot, shared by `api` and `portal`: what is common, sites,
 * sensors and the overview. The rest stands beside: api-assets.ts, api-traffic.ts, api-findings.ts, api-rules.ts, api-register.ts.
 * Reading takes the scope ot.read, changing ot.write. Names and addresses may be tokens (`tokens` of the site tells the key).
 *
 * GET sites · POST sites · PATCH|DELETE sites/:site · GET overview?site
 * GET sensors?site · POST sensors · GET|PATCH sensors/:sensor · POST|DELETE sensors/:sensor/key · DELETE sensors/:sensor/device
 * GET sensors/:sensor/ledger?before&limit
 */
import { Type, type Static, type TSchema } from "typebox";
import { closed, Id, Instant, literals, Name, orNull } from "@yagura/server/shapes.ts";
import { roles } from "../analysis/model.ts";
import { attributes, commandClasses, protocols, transports, type ProtocolName } from "./vocabulary.ts";

const words = <const T extends readonly string[]>(list: T) => literals(...list);
export const RoleWord = words(roles);
export const CommandClassWord = words(commandClasses);
export const TransportWord = words(transports);
export const AttributeWord = words(attributes);
export const ProtocolWord = Type.Unsafe<ProtocolName>(Type.String({ enum: Object.keys(protocols) }));
export const SeverityWord = literals("info", "notice", "bad", "critical");
export const CriticalityWord = literals("low", "normal", "high", "critical");
export type Criticality = Static<typeof CriticalityWord>;
/** Purdue level; 3.5 is the zone between factory and office. */
export const Level = Type.Number({ minimum: 0, maximum: 5, multipleOf: 0.5 });
export const Count = Type.Integer({ minimum: 0 });
/** A remark of several lines. */
export const Note = Type.String({ maxLength: 2_000 });
export const Reason = Type.String({ minLength: 1, maxLength: 500 });
/** Why a list is cut: `limit` rows of `total` are told. */
export const listOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), total: Type.Integer() }, closed);
/** From and to of what was asked, as it was read (whole hours or days where the answer is from rollups). */
export const Span = Type.Object({ from: Instant, to: Instant }, closed);

/** A device as others name it. */
export const AssetRef = Type.Object(
  {
    id: Id,
    /** Given by hand, else told by the device, else its address, else its MAC. */
    name: Type.String(),
    role: RoleWord,
    address: orNull(Type.String()),
  },
  closed,
);
export type AssetRef = Static<typeof AssetRef>;

/** A place with one space of addresses: sensors of one site tell of the same devices. */
export const Site = Type.Object(
  {
    id: Id,
    name: Name,
    note: Note,
    sensors: Count,
    assets: Count,
    /** Devices seen within a day. */
    active: Count,
    /** Which key names and addresses are tokens of; null: they are plain. */
    tokens: orNull(Type.String()),
    lastUploadAt: orNull(Instant),
    createdAt: Instant,
  },
  closed,
);
export type Site = Static<typeof Site>;
export const NewSite = Type.Object({ name: Name, note: Type.Optional(Note) }, closed);
export const ChangeSite = Type.Object(
  { name: Type.Optional(Name), note: Type.Optional(Note) },
  { ...closed, minProperties: 1 },
);

const Both = Type.Object({ en: Type.String(), ja: Type.String() }, closed);
/** What the doctor of mirror ports says of one interface (`complaints` of decode/doctor.ts), and the switch setting to look at. */
export const QualityCheck = Type.Object(
  {
    check: Type.String(),
    state: literals("notice", "bad"),
    figures: Type.Record(Type.String(), Type.Number()),
    said: Both,
    settings: Type.Array(Type.Object({ maker: Both, text: Both }, closed)),
  },
  closed,
);
export const CaptureQuality = Type.Object(
  {
    /** Interface or file. */
    name: Type.String(),
    span: Span,
    packets: Count,
    bytes: Count,
    dropped: Count,
    duplicates: Count,
    tagged: Count,
    malformed: Count,
    /** Share of packets with payload whose protocol is unknown; null without payload. */
    undissected: orNull(Type.Number()),
    /** Empty: nothing to complain of. */
    checks: Type.Array(QualityCheck),
  },
  closed,
);
export type CaptureQuality = Static<typeof CaptureQuality>;

/** Chain of uploads as the server received it; compare `number` and `hash` with `yagura sensor ledger`. */
export const LedgerState = Type.Object(
  {
    uploads: Count,
    /** Number and hash of the newest upload of the unbroken chain. */
    number: orNull(Count),
    hash: orNull(Type.String()),
    /** Uploads whose predecessor is missing or has another hash. */
    breaks: Count,
    state: literals("empty", "unbroken", "broken"),
  },
  closed,
);
export const LedgerEntry = Type.Object(
  {
    number: Count,
    hash: Type.String(),
    previous: Type.String(),
    /** unbroken: follows the upload before; missing: that one was never received (yet); forked: it has another hash. */
    link: literals("first", "unbroken", "missing", "forked"),
    from: Instant,
    to: Instant,
    receivedAt: Instant,
    rows: Count,
    texts: Count,
    urgent: Type.Boolean(),
  },
  closed,
);
export type LedgerEntry = Static<typeof LedgerEntry>;
export const LedgerPage = Type.Object({ state: LedgerState, items: Type.Array(LedgerEntry) }, closed);

/** A sensor is a contract (OST-14). */
export const Sensor = Type.Object(
  {
    id: Id,
    siteId: Id,
    siteName: Type.String(),
    label: Name,
    place: Note,
    type: orNull(literals("n", "d")),
    contractId: Id,
    contractNumber: Type.String(),
    startedOn: orNull(Type.String()),
    endedOn: orNull(Type.String()),
    /** waiting: no program enrolled yet; silent: the program is there and uploads nothing. */
    state: literals("waiting", "online", "silent", "offline", "revoked", "ended"),
    deviceId: orNull(Id),
    version: orNull(Type.String()),
    lastSeenAt: orNull(Instant),
    /** OST-T04: writes the contract's `installed` fact. */
    firstUploadAt: orNull(Instant),
    lastUploadAt: orNull(Instant),
    /** Server minus sensor, ms, at the last upload. */
    clockOffsetMs: orNull(Type.Number()),
    tokens: orNull(Type.String()),
    interfaces: Type.Array(Type.String()),
    /** Milliseconds between uploads. */
    uploadMs: Count,
    key: orNull(Type.Object({ id: Id, expiresAt: Instant }, closed)),
    /** Worst state of its checks. */
    quality: literals("good", "notice", "bad", "unknown"),
    createdAt: Instant,
  },
  closed,
);
export type Sensor = Static<typeof Sensor>;
export const SensorDetail = Type.Object(
  {
    sensor: Sensor,
    /** Of the last hour, each interface. */
    captures: Type.Array(CaptureQuality),
    ledger: LedgerState,
    /** Packets and uploaded rows of the last 24 hours by hour. */
    hours: Type.Array(Type.Object({ at: Instant, packets: Count, bytes: Count, dropped: Count }, closed)),
  },
  closed,
);
export type SensorDetail = Static<typeof SensorDetail>;
/** A slot for a contract that has not started: the sensor is installed before the opening (OST-15). */
export const NewSensor = Type.Object(
  {
    contractNumber: Type.String({ minLength: 1, maxLength: 40 }),
    siteId: Type.Optional(Id),
    label: Type.Optional(Name),
    place: Type.Optional(Note),
  },
  closed,
);
const Interface = Type.String({ minLength: 1, maxLength: 15, pattern: "^[^\\s/]+$" });
export const ChangeSensor = Type.Object(
  {
    label: Type.Optional(Name),
    place: Type.Optional(Note),
    /** Refused once the sensor has uploaded: what it told belongs to its site. */
    siteId: Type.Optional(Id),
    interfaces: Type.Optional(Type.Array(Interface, { maxItems: 8, uniqueItems: true })),
    uploadMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 60_000 })),
  },
  { ...closed, minProperties: 1 },
);
export const NewSensorKey = Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })) }, closed);
/** The key is told in this answer only. */
export const SensorKey = Type.Object(
  { id: Id, sensorId: Id, key: Type.String(), expiresAt: Instant, command: Type.String() },
  closed,
);

/** Findings by severity. */
export const Tally = Type.Object({ info: Count, notice: Count, bad: Count, critical: Count }, closed);
export type Tally = Static<typeof Tally>;
export const Overview = Type.Object(
  {
    at: Instant,
    sites: Type.Array(Site),
    sensors: Type.Array(Sensor),
    assets: Type.Object(
      {
        total: Count,
        /** First seen, and last seen, within a day. */
        appeared: Count,
        active: Count,
        learning: Count,
        conflicts: Count,
        /** On the list of the fullest site, out of use or not, and how many there may be: beyond it none is taken up. */
        listed: Count,
        limit: Count,
        roles: Type.Array(Type.Object({ role: RoleWord, count: Count }, closed)),
      },
      closed,
    ),
    open: Tally,
    /** New findings by day, the last 14 days in Asia/Tokyo, oldest first. */
    days: Type.Array(Type.Object({ day: Type.String(), findings: Tally }, closed)),
    protocols: Type.Array(
      Type.Object({ protocol: ProtocolWord, ot: Type.Boolean(), bytes: Count, packets: Count }, closed),
    ),
    permits: Type.Object({ active: Count, planned: Count }, closed),
  },
  closed,
);
export type Overview = Static<typeof Overview>;
