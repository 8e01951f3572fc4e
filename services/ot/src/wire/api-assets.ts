/**
 * Shapes of devices: list, page, edits (OT-6 to OT-12, OT-N5).
 *
 * GET assets?site&q&role&vendor&protocol&zone&level&criticality&state&registered&seenFrom&seenTo&conflicts&sort&order&limit&cursor
 * GET assets.csv (the same filters) · GET assets/facets?site
 * GET|PATCH assets/:asset · GET assets/:asset/peers|commands|timeline|traffic|impact?from&to (orders: api-orders.ts)
 * POST assets/:asset/merge · POST assets/:asset/split · POST assets/:asset/learning · DELETE assets/:asset (out of use)
 * GET zones?site · POST zones · PATCH|DELETE zones/:zone
 */
import { Type, type Static } from "typebox";
import { closed, Id, Instant, literals, Name, orNull } from "@yagura/server/shapes.ts";
import {
  AssetRef,
  CommandClassWord,
  Count,
  CriticalityWord,
  Level,
  Note,
  ProtocolWord,
  RoleWord,
  SeverityWord,
  Span,
  TransportWord,
} from "./api.ts";

/** learning: what it does is taken as normal; watching: new things are told; noisy: it never settles, told coarsely. */
export const LearningWord = literals("learning", "watching", "noisy");

const itemFields = {
  id: Id,
  siteId: Id,
  name: Type.String(),
  /** The name was given by hand. */
  named: Type.Boolean(),
  role: RoleWord,
  roleByHand: Type.Boolean(),
  /** 0 to 1. */
  roleConfidence: Type.Number(),
  vendor: orNull(Type.String()),
  model: orNull(Type.String()),
  firmware: orNull(Type.String()),
  os: orNull(Type.String()),
  serial: orNull(Type.String()),
  macs: Type.Array(Type.String()),
  addresses: Type.Array(Type.String()),
  vlans: Type.Array(Type.Integer()),
  protocols: Type.Array(ProtocolWord),
  zoneId: orNull(Id),
  zoneName: orNull(Type.String()),
  level: orNull(Level),
  criticality: CriticalityWord,
  learning: LearningWord,
  firstAt: Instant,
  lastAt: Instant,
  /** Seen within the last five minutes before the site's newest upload. */
  present: Type.Boolean(),
  /** Worst open finding. */
  worst: orNull(SeverityWord),
  findings: Count,
  /** Attributes of which two sources say different things. */
  conflicts: Count,
  /** Whether the customer's own list has it; null: there is no list. */
  registered: orNull(Type.Boolean()),
} as const;
export const AssetItem = Type.Object(itemFields, closed);
export type AssetItem = Static<typeof AssetItem>;

export const assetSorts = [
  "name",
  "role",
  "vendor",
  "model",
  "address",
  "zone",
  "criticality",
  "firstAt",
  "lastAt",
  "findings",
] as const;
export const AssetFilter = {
  site: Type.Optional(Id),
  /** Part of a name, address, MAC, vendor, model, serial or note. */
  q: Type.Optional(Type.String({ maxLength: 120 })),
  role: Type.Optional(RoleWord),
  vendor: Type.Optional(Type.String({ maxLength: 128 })),
  protocol: Type.Optional(ProtocolWord),
  zone: Type.Optional(Id),
  level: Type.Optional(Level),
  criticality: Type.Optional(CriticalityWord),
  learning: Type.Optional(LearningWord),
  registered: Type.Optional(Type.Boolean()),
  conflicts: Type.Optional(Type.Boolean()),
  findings: Type.Optional(Type.Boolean()),
  firstFrom: Type.Optional(Instant),
  seenFrom: Type.Optional(Instant),
  seenTo: Type.Optional(Instant),
} as const;
export const AssetQuery = Type.Object({
  ...AssetFilter,
  sort: Type.Optional(literals(...assetSorts)),
  order: Type.Optional(literals("asc", "desc")),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type AssetQuery = Static<typeof AssetQuery>;
/** What the filters of the list can be set to. */
const facet = Type.Array(Type.Object({ value: Type.String(), count: Count }, closed));
export const AssetFacets = Type.Object({ roles: facet, vendors: facet, protocols: facet, zones: facet }, closed);

export const EvidenceView = Type.Object(
  {
    value: Type.String(),
    /** Protocol, or oui, behaviour, register, hand. */
    source: Type.String(),
    confidence: Type.Number(),
    count: Count,
    firstAt: Instant,
    lastAt: Instant,
  },
  closed,
);
export const AttributeView = Type.Object(
  {
    attribute: Type.String(),
    /** The value of the highest confidence. */
    value: Type.String(),
    confidence: Type.Number(),
    conflict: Type.Boolean(),
    /** Most sure first. */
    evidence: Type.Array(EvidenceView),
  },
  closed,
);
export type AttributeView = Static<typeof AttributeView>;

export const AssetDetail = Type.Object(
  {
    asset: AssetItem,
    attributes: Type.Array(AttributeView),
    note: Note,
    /** Its MAC speaks for addresses of other networks. */
    routes: Type.Boolean(),
    sensors: Type.Array(Type.Object({ id: Id, label: Type.String() }, closed)),
    learning: Type.Object(
      {
        state: LearningWord,
        since: Instant,
        /** Items learned: services, commands, attributes. */
        items: Count,
        /** Items that were new in the last day. */
        newItems: Count,
      },
      closed,
    ),
    /** Devices that were joined into this one by hand. */
    merged: Type.Array(Type.Object({ id: Id, name: Type.String(), at: Instant, by: Type.String() }, closed)),
    /** MACs and addresses that were taken out of it by hand. */
    split: Type.Array(Type.Object({ id: Id, name: Type.String(), at: Instant, by: Type.String() }, closed)),
    register: orNull(Type.Record(Type.String(), Type.String())),
  },
  closed,
);
export type AssetDetail = Static<typeof AssetDetail>;
/** Null takes back what was set by hand. */
export const ChangeAsset = Type.Object(
  {
    name: Type.Optional(orNull(Name)),
    role: Type.Optional(orNull(RoleWord)),
    criticality: Type.Optional(CriticalityWord),
    zoneId: Type.Optional(orNull(Id)),
    level: Type.Optional(orNull(Level)),
    note: Type.Optional(Note),
  },
  { ...closed, minProperties: 1 },
);
export type ChangeAsset = Static<typeof ChangeAsset>;
export const MergeAssets = Type.Object(
  {
    /** These become part of the device of the path. */ assetIds: Type.Array(Id, {
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
    }),
  },
  closed,
);
export const SplitAsset = Type.Object(
  {
    /** What becomes a device of its own; at least one, and one must stay. */
    macs: Type.Array(Type.String({ pattern: "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$" }), { maxItems: 64, uniqueItems: true }),
    addresses: Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { maxItems: 64, uniqueItems: true }),
  },
  closed,
);
/** learning: from now on anew; watching: what it did until now is normal. */
export const SetLearning = Type.Object({ state: literals("learning", "watching") }, closed);

export const Service = Type.Object(
  {
    protocol: ProtocolWord,
    transport: TransportWord,
    port: Type.Integer(),
    /** By this device (it is the client) or of this device. */
    side: literals("client", "server"),
    packetsOut: Count,
    bytesOut: Count,
    packetsIn: Count,
    bytesIn: Count,
    connections: Count,
    refused: Count,
    unanswered: Count,
    retransmissions: Count,
    /** Smallest, µs. */
    rttUs: orNull(Type.Number()),
    firstAt: Instant,
    lastAt: Instant,
  },
  closed,
);
export const Peer = Type.Object(
  {
    /** Null: outside, or a group address. */
    peer: orNull(AssetRef),
    kind: literals("asset", "outside", "group"),
    /** An address of a peer that is no device of the site. */
    address: orNull(Type.String()),
    services: Type.Array(Service),
    packets: Count,
    bytes: Count,
    firstAt: Instant,
    lastAt: Instant,
  },
  closed,
);
export type Peer = Static<typeof Peer>;
/** The greatest by bytes. */
export const Peers = Type.Object({ span: Span, items: Type.Array(Peer), total: Count }, closed);

export const CommandView = Type.Object(
  {
    client: orNull(AssetRef),
    server: orNull(AssetRef),
    protocol: ProtocolWord,
    port: Type.Integer(),
    code: Type.Integer(),
    name: Type.String(),
    class: CommandClassWord,
    critical: Type.Boolean(),
    objects: Type.Array(Type.String()),
    labels: Type.Array(Type.String()),
    low: orNull(Type.Integer()),
    high: orNull(Type.Integer()),
    requests: Count,
    responses: Count,
    errors: Count,
    events: Count,
    firstAt: Instant,
    lastAt: Instant,
  },
  closed,
);
export type CommandView = Static<typeof CommandView>;
/** Critical first, then the most frequent. */
export const Commands = Type.Object({ span: Span, items: Type.Array(CommandView), total: Count }, closed);

/** `kind`: seen, attribute, finding, edit, merge, split, learning, permit; its words are the portal's. */
export const TimelineEntry = Type.Object(
  {
    at: Instant,
    kind: Type.String(),
    parameters: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    by: orNull(Type.String()),
    findingId: orNull(Id),
    severity: orNull(SeverityWord),
  },
  closed,
);
export const Timeline = Type.Object({ span: Span, items: Type.Array(TimelineEntry) }, closed);
export type Timeline = Static<typeof Timeline>;

const numbers = Type.Array(Type.Number());
/** Columns of equal length, oldest first; `step` in seconds. */
export const TrafficSeries = Type.Object(
  {
    span: Span,
    step: Type.Integer(),
    /** Seconds since the epoch. */ at: numbers,
    bytesIn: numbers,
    bytesOut: numbers,
    packetsIn: numbers,
    packetsOut: numbers,
    commands: numbers,
  },
  closed,
);
export type TrafficSeries = Static<typeof TrafficSeries>;

/** Who depends on the device: those that ask it, those that ask them (up to three steps), and what is plugged into it. */
export const Impact = Type.Object(
  {
    span: Span,
    asset: AssetRef,
    direct: Type.Array(
      Type.Object(
        { asset: AssetRef, criticality: CriticalityWord, protocols: Type.Array(ProtocolWord), lastAt: Instant },
        closed,
      ),
    ),
    indirect: Type.Array(
      Type.Object({ asset: AssetRef, criticality: CriticalityWord, through: Id, steps: Count }, closed),
    ),
    attached: Type.Array(AssetRef),
    /** Of the direct ones, those that use a factory protocol. */
    factory: Count,
  },
  closed,
);
export type Impact = Static<typeof Impact>;

/** Devices belong to the first zone, in this order, whose subnets or VLANs have them; without one, to a zone found by itself. */
export const Zone = Type.Object(
  {
    id: Id,
    siteId: Id,
    name: Name,
    level: orNull(Level),
    subnets: Type.Array(Type.String()),
    vlans: Type.Array(Type.Integer()),
    /** found: made of a subnet that was seen; a change of it makes it `given`. */
    origin: literals("found", "given"),
    position: Count,
    assets: Count,
  },
  closed,
);
export type Zone = Static<typeof Zone>;
const zoneFields = {
  name: Name,
  level: Type.Optional(orNull(Level)),
  /** `192.0.2.0/24` or `2001:db8::/64`. */
  subnets: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 64 })),
  vlans: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 4_094 }), { maxItems: 64, uniqueItems: true })),
  position: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
};
export const NewZone = Type.Object({ siteId: Id, ...zoneFields }, closed);
export const ChangeZone = Type.Object({ ...zoneFields, name: Type.Optional(Name) }, { ...closed, minProperties: 1 });
