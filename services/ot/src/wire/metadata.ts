/**
 * What a sensor uploads, and all that it can upload: numbers of closed lists, counters, times, addresses and names (N1 of the
 * goals). There is no field that could hold payload or a process value. Tables are columns of equal length; `text` columns
 * are indexes of `texts`, `endpoint` columns indexes of `endpoints`, −1 for none. Times are milliseconds after `from`.
 */
import { Type, type Static } from "typebox";
import { Microseconds } from "@yagura/wire/envelope.ts";
import { DeclaredSlot, MAX_DECLARED } from "./declared.ts";
import { Block, MAX_BLOCKS } from "./enforcement.ts";

const closed = { additionalProperties: false } as const;
/** Version of these shapes. 1: 2026-11-20. A table more is none: WIRE_VERSION tells of it, and a body without it stays as it is. */
export const METADATA_VERSION = 1;
export const MAX_ROWS = 50_000;
export const MAX_TEXTS = 50_000;
export const MAX_TEXT_LENGTH = 128;

const limits = {
  /** Index of `texts`, or −1. */
  text: [-1, MAX_TEXTS - 1],
  /** Index of `endpoints`, or −1. */
  endpoint: [-1, MAX_ROWS - 1],
  /** Milliseconds after `from`; negative where something began before. */
  time: [-86_400_000, 86_400_000],
  small: [0, 255],
  port: [0, 65_535],
  number: [0, 4_294_967_295],
  /** −1 for none. */
  optional: [-1, 4_294_967_295],
  counter: [0, 9_007_199_254_740_991],
  mac: [0, 281_474_976_710_655],
  vlan: [0, 4_095],
} as const;
export type ColumnKind = keyof typeof limits;

/** Tables and their columns, in order. The preview, the ledger, the door and the store are made from this table. */
export const tables = {
  /** Who takes part. `address` is absent for talk below IP. */
  endpoints: { mac: "mac", vlan: "vlan", address: "text" },
  /** Conversations of the interval: clients' changing ports are not told, only how many connections there were. */
  conversations: {
    client: "endpoint",
    server: "endpoint",
    /** Index of `transports`. */
    transport: "small",
    /** The server's port; the EtherType, LLC or IP protocol below TCP and UDP; the type of ICMP. */
    port: "port",
    /** Number of `protocols`. */
    protocol: "small",
    first: "time",
    last: "time",
    packetsOut: "counter",
    bytesOut: "counter",
    packetsIn: "counter",
    bytesIn: "counter",
    /** TCP connections begun, refused (RST to SYN) and not answered; other transports 0. */
    connections: "counter",
    refused: "counter",
    unanswered: "counter",
    retransmissions: "counter",
    /** Bytes of TCP that the sensor should have seen and did not. */
    missing: "counter",
    /** Smallest time from SYN to SYN-ACK, or from request to response, µs; −1 when none was seen. */
    rtt: "optional",
  },
  commands: {
    client: "endpoint",
    server: "endpoint",
    port: "port",
    protocol: "small",
    /** Function code as in the protocol's `functions`. */
    code: "number",
    /** Number as in the protocol's `objects`; 0 where there are none. */
    object: "number",
    /** Smallest and largest address, −1 for none. */
    low: "optional",
    high: "optional",
    unit: "optional",
    label: "text",
    requests: "counter",
    responses: "counter",
    errors: "counter",
    events: "counter",
    first: "time",
    last: "time",
  },
  identities: {
    endpoint: "endpoint",
    /** Index of `attributes`. */
    attribute: "small",
    value: "text",
    /** Protocol that said so. */
    protocol: "small",
    count: "counter",
    first: "time",
    last: "time",
  },
  bindings: {
    mac: "mac",
    vlan: "vlan",
    address: "text",
    /** Index of `bindings`. */
    kind: "small",
    count: "counter",
    first: "time",
    last: "time",
  },
  lookups: {
    client: "endpoint",
    server: "endpoint",
    protocol: "small",
    name: "text",
    type: "port",
    /** RCODE, 255 while unanswered. */
    outcome: "small",
    count: "counter",
    first: "time",
    last: "time",
  },
  /** Rhythm of what repeats: one row for each command (or conversation, code −1) that came at least eight times. */
  cycles: {
    client: "endpoint",
    server: "endpoint",
    port: "port",
    protocol: "small",
    code: "optional",
    object: "optional",
    /** Median time between two, µs. */
    period: "counter",
    /** Median deviation from it, µs. */
    jitter: "counter",
    /** Longest time between two, µs. */
    longest: "counter",
    count: "counter",
    last: "time",
  },
  weaknesses: {
    client: "endpoint",
    server: "endpoint",
    port: "port",
    protocol: "small",
    /** Index of `weaknesses`. */
    kind: "small",
    count: "counter",
    first: "time",
    last: "time",
  },
  weirds: {
    source: "endpoint",
    destination: "endpoint",
    protocol: "small",
    /** Index of `commonWeirds`, or FIRST_OWN_WEIRD + index of the dissector's `weirds`. */
    kind: "small",
    count: "counter",
    first: "time",
    last: "time",
  },
  /** Signatures that matched. */
  signatures: {
    source: "endpoint",
    destination: "endpoint",
    port: "port",
    /** `sid` of the rule. */
    rule: "number",
    revision: "port",
    count: "counter",
    first: "time",
    last: "time",
  },
  /**
   * Order of the functions that a client asks for, factory protocols only: one row when a function first came after another one, then at
   * most one an hour with what was counted since.
   */
  transitions: {
    client: "endpoint",
    server: "endpoint",
    protocol: "small",
    /** Function codes as in `commands`. */
    fromCode: "number",
    toCode: "number",
    count: "counter",
    first: "time",
    last: "time",
  },
  /** How well the sensor sees, per capture interface. */
  captures: {
    /** Name of the interface or file. */
    name: "text",
    packets: "counter",
    bytes: "counter",
    /** Packets that the kernel dropped because the sensor was too slow. */
    dropped: "counter",
    /** The same packet twice: the mirror copies both ingress and egress. */
    duplicates: "counter",
    truncated: "counter",
    /** Packets with a VLAN tag. */
    tagged: "counter",
    /** TCP conversations with data, and those of which only one side was seen. */
    twoWay: "counter",
    oneWay: "counter",
    /** TCP bytes seen, and bytes missing between them. */
    tcpBytes: "counter",
    tcpMissing: "counter",
    broadcasts: "counter",
    unicasts: "counter",
    malformed: "counter",
    /** Packets of unknown protocols among those with payload. */
    undissected: "counter",
    payloads: "counter",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ColumnKind>>>>;
export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as readonly TableName[];
/** A table as columns, and one of its rows. */
export type Columns<T extends TableName> = { readonly [column in keyof (typeof tables)[T]]: readonly number[] };
export type Row<T extends TableName> = { readonly [column in keyof (typeof tables)[T]]: number };

/** Control characters have no place in a name. */
export const MetadataText = Type.String({ maxLength: MAX_TEXT_LENGTH, pattern: "^[^\\u0000-\\u001f\\u007f]*$" });

const columnsOf = (table: Readonly<Record<string, ColumnKind>>) =>
  Type.Object(
    Object.fromEntries(
      Object.entries(table).map(([name, kind]) => {
        const [minimum, maximum] = limits[kind];
        return [name, Type.Array(Type.Integer({ minimum, maximum }), { maxItems: MAX_ROWS })];
      }),
    ),
    closed,
  );

/** Body of `ot.metadata`. A table without rows is left out. */
export const MetadataBody = Type.Object(
  {
    version: Type.Literal(METADATA_VERSION),
    /** The interval, by the sensor's clock. */
    from: Microseconds,
    to: Microseconds,
    /** True: holds something that should be looked at before what waits in the spool. */
    urgent: Type.Boolean(),
    texts: Type.Array(MetadataText, { maxItems: MAX_TEXTS }),
    /** The ledger: number of this upload since the sensor's first, and the hash of the upload before (SHA-256, hexadecimal). */
    ledger: Type.Object(
      { number: Type.Integer({ minimum: 1 }), previous: Type.String({ pattern: "^[0-9a-f]{64}$" }) },
      closed,
    ),
    /** Names and addresses are tokens of a key that only the customer holds; `check` tells which key. */
    tokens: Type.Union([Type.Null(), Type.Object({ check: Type.String({ pattern: "^[0-9a-f]{16}$" }) }, closed)]),
    tables: Type.Object(
      Object.fromEntries(tableNames.map((name) => [name, Type.Optional(columnsOf(tables[name]))])),
      closed,
    ),
  },
  closed,
);
// The type is spelled beside the schema: TypeBox makes `never` of a type built from a table.
export interface MetadataBody {
  readonly version: typeof METADATA_VERSION;
  readonly from: number;
  readonly to: number;
  readonly urgent: boolean;
  readonly texts: readonly string[];
  readonly ledger: { readonly number: number; readonly previous: string };
  readonly tokens: { readonly check: string } | null;
  readonly tables: { readonly [table in TableName]?: Columns<table> };
}

/** The service's part of a sensor's configuration. */
export const SensorConfiguration = Type.Object(
  {
    /** Interfaces to capture on; empty: those that the sensor was started with. */
    interfaces: Type.Array(Type.String({ minLength: 1, maxLength: 15 }), { maxItems: 8 }),
    /** Milliseconds between uploads. */
    upload: Type.Integer({ minimum: 1_000, maximum: 60_000 }),
    /** Signatures in Suricata's rule language, one a line. */
    rules: Type.Array(Type.String({ maxLength: 8_192 }), { maxItems: 20_000 }),
    /** Devices that should be off the network (OT-31); none when left out. */
    blocks: Type.Optional(Type.Array(Block, { maxItems: MAX_BLOCKS })),
    /** Protocols that are declared for the site; absent: none (OT-N10). */
    declared: Type.Optional(Type.Array(DeclaredSlot, { maxItems: MAX_DECLARED })),
  },
  closed,
);
export type SensorConfiguration = Static<typeof SensorConfiguration>;

/** Mirrors nothing and hides nothing: rows of a table, for tests, previews and analysis. */
export function* rowsOf<T extends TableName>(body: Pick<MetadataBody, "tables">, table: T): Generator<Row<T>> {
  const columns = body.tables[table] as Columns<T> | undefined;
  if (columns === undefined) return;
  const names = Object.keys(tables[table]) as (keyof Row<T> & string)[];
  const count = (columns as Record<string, readonly number[]>)[names[0] as string]?.length ?? 0;
  for (let i = 0; i < count; i++) {
    const row: Record<string, number> = {};
    for (const name of names) row[name] = (columns as Record<string, readonly number[]>)[name]?.[i] as number;
    yield row as Row<T>;
  }
}
