/** What the parts of the analysis hand to each other. Times are milliseconds since the epoch, server's clock. */
import type { Finding } from "@yagura/core/finding.ts";
import type {
  Attribute,
  BindingKind,
  CommandClass,
  CommonWeird,
  ProtocolName,
  Transport,
  Weakness,
} from "../wire/vocabulary.ts";

/** A place in the network as packets show it. */
export interface Endpoint {
  /** `aa:bb:cc:dd:ee:ff`, lower case; null where the link has none. */
  readonly mac: string | null;
  readonly vlan: number;
  /** IP address in its shortest form, or a token; null below IP. */
  readonly address: string | null;
}
interface Span {
  readonly first: number;
  readonly last: number;
}

/** A function as one step of an order. */
export interface CommandStep {
  readonly code: number;
  readonly class: CommandClass;
  readonly name: string;
}

/** One upload with its indexes resolved. Fields are those of wire/metadata.ts. */
export interface Observation {
  readonly sensor: string;
  readonly from: number;
  readonly to: number;
  readonly endpoints: readonly Endpoint[];
  readonly conversations: readonly (Span & {
    /** Indexes of `endpoints`, here and below. */
    readonly client: number;
    readonly server: number;
    readonly transport: Transport;
    readonly port: number;
    readonly protocol: ProtocolName;
    readonly packetsOut: number;
    readonly bytesOut: number;
    readonly packetsIn: number;
    readonly bytesIn: number;
    readonly connections: number;
    readonly refused: number;
    readonly unanswered: number;
    readonly retransmissions: number;
    readonly missing: number;
    /** µs, or null. */
    readonly rtt: number | null;
  })[];
  readonly commands: readonly (Span & {
    readonly client: number;
    readonly server: number;
    readonly port: number;
    readonly protocol: ProtocolName;
    readonly code: number;
    readonly class: CommandClass;
    /** As the protocol's table names it, else `0x2b`. */
    readonly name: string;
    readonly object: number;
    readonly objectName: string | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly unit: number | null;
    readonly label: string | null;
    readonly requests: number;
    readonly responses: number;
    readonly errors: number;
    readonly events: number;
  })[];
  readonly identities: readonly (Span & {
    readonly endpoint: number;
    readonly attribute: Attribute;
    readonly value: string;
    readonly protocol: ProtocolName;
    readonly count: number;
  })[];
  readonly bindings: readonly (Span & {
    readonly mac: string;
    readonly vlan: number;
    readonly address: string;
    readonly kind: BindingKind;
    readonly count: number;
  })[];
  readonly lookups: readonly (Span & {
    readonly client: number;
    readonly server: number;
    readonly protocol: ProtocolName;
    readonly name: string;
    readonly type: number;
    /** RCODE; null while unanswered. */
    readonly outcome: number | null;
    readonly count: number;
  })[];
  readonly cycles: readonly {
    readonly client: number;
    readonly server: number;
    readonly port: number;
    readonly protocol: ProtocolName;
    /** Null: the conversation as a whole. */
    readonly code: number | null;
    readonly object: number | null;
    /** µs. */
    readonly period: number;
    readonly jitter: number;
    readonly longest: number;
    readonly count: number;
    readonly last: number;
  }[];
  /** Order of functions: what was asked for directly after what, how often since it was told last. */
  readonly transitions: readonly (Span & {
    readonly client: number;
    readonly server: number;
    readonly protocol: ProtocolName;
    readonly from: CommandStep;
    readonly to: CommandStep;
    readonly count: number;
  })[];
  readonly weaknesses: readonly (Span & {
    readonly client: number;
    readonly server: number;
    readonly port: number;
    readonly protocol: ProtocolName;
    readonly kind: Weakness;
    readonly count: number;
  })[];
  readonly weirds: readonly (Span & {
    readonly source: number;
    readonly destination: number;
    readonly protocol: ProtocolName;
    /** A common weird, or the dissector's own word. */
    readonly kind: CommonWeird | (string & {});
    readonly count: number;
  })[];
  readonly signatures: readonly (Span & {
    readonly source: number;
    readonly destination: number;
    readonly port: number;
    readonly rule: number;
    readonly revision: number;
    readonly count: number;
  })[];
  readonly captures: readonly {
    readonly name: string;
    readonly counters: Readonly<Record<string, number>>;
  }[];
}

export const roles = [
  "plc",
  "rtu",
  "ied",
  "io",
  "drive",
  "robot",
  "cnc",
  "safety",
  "hmi",
  "scada",
  "historian",
  "engineering-station",
  "gateway",
  "meter",
  "sensor",
  "camera",
  "printer",
  "server",
  "domain-controller",
  "pc",
  "mobile",
  "phone",
  "switch",
  "router",
  "firewall",
  "access-point",
  "time-server",
  "building-controller",
  "unknown",
] as const;
export type Role = (typeof roles)[number];

/** One thing said of a device: from where, how sure, how often. */
export interface Evidence extends Span {
  readonly value: string;
  /** Protocol, `oui`, `behaviour`, `register` (the customer's own list) or `hand`. */
  readonly source: ProtocolName | "oui" | "behaviour" | "register" | "hand";
  /** 0 to 1, by the rank of the source (goals, section 7). */
  readonly confidence: number;
  readonly count: number;
  /** Why, where the value itself does not say: key of a sentence (`roleReasons` in assets/roles.ts). */
  readonly reason?: string;
}
/** An address and how the device came to be known by it. */
export interface HeldAddress extends Span {
  readonly address: string;
  readonly vlan: number;
  readonly kind: BindingKind;
}
export type AssetAttribute = Attribute | "vendor" | "role";

/** A device. */
export interface Asset extends Span {
  /** Stays for the device's life; made by `assetId` in the caller. */
  readonly id: string;
  readonly macs: readonly string[];
  readonly addresses: readonly string[];
  readonly vlans: readonly number[];
  /** All evidence; the value shown is the one of the highest confidence, and a conflict is two sources with different values. */
  readonly attributes: Readonly<Partial<Record<AssetAttribute, readonly Evidence[]>>>;
  readonly role: Role;
  readonly roleConfidence: number;
  readonly protocols: readonly ProtocolName[];
  /** A group address is no device; a router's MAC speaks for many addresses. */
  readonly routes: boolean;
  /** Beside `addresses`: since when, and by what. */
  readonly held?: readonly HeldAddress[];
  /** The router that its address was taken for until others were seen behind it: what was learned of that one is its own. */
  readonly heirOf?: string;
}

/** A set that is learned, e.g. of (client, server, service): how often an item was seen and since when. */
export interface Learned extends Span {
  readonly key: string;
  readonly count: number;
  /** Seen while its devices were still being learned, or approved by a person: no alert. */
  readonly known: boolean;
}
export type { Finding };
