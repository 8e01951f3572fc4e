/** Who talked with whom and how much: from sums by hour and day, and by pair. Endpoints are numbers (store/place.ts says whose). */
import { protocolName } from "../analysis/observe.ts";
import type { Range } from "../range.ts";
import { transports, type ProtocolName, type Transport } from "../wire/vocabulary.ts";
import type { Place } from "./place.ts";
import { grouped, parametersOf, partsOf, sumsOf } from "./sql.ts";

const NOTHING_32 = 4_294_967_295;

export interface Talk {
  readonly client: number;
  readonly server: number;
  readonly protocol: ProtocolName;
  readonly transport: Transport;
  readonly port: number;
  /** ms since the epoch. */
  readonly first: number;
  readonly last: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly bytesIn: number;
  readonly connections: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly retransmissions: number;
  readonly missing: number;
  /** µs. */
  readonly rtt: number | null;
}
interface TalkRow extends Omit<Talk, "protocol" | "transport" | "packetsOut" | "bytesOut" | "packetsIn" | "bytesIn"> {
  readonly protocol: number;
  readonly transport: number;
  readonly packets_out: number;
  readonly bytes_out: number;
  readonly packets_in: number;
  readonly bytes_in: number;
  readonly total: number;
}
const talkSums = [
  "packets_out",
  "bytes_out",
  "packets_in",
  "bytes_in",
  "connections",
  "refused",
  "unanswered",
  "retransmissions",
  "missing",
] as const;

/** What conversations are asked for: those of some endpoints, between some, of a protocol. */
export interface Which {
  readonly endpoints?: readonly number[] | undefined;
  readonly peers?: readonly number[] | undefined;
  readonly protocol?: number | undefined;
}
/** Numbers only, so that nothing of a request gets into the text. */
export const list = (ids: readonly number[]): string =>
  `(${ids.length === 0 ? "0" : ids.map((id) => Math.floor(id)).join(",")})`;
export function whereOf({ endpoints, peers, protocol }: Which): string {
  const parts: string[] = [];
  if (endpoints !== undefined) parts.push(`(client in ${list(endpoints)} or server in ${list(endpoints)})`);
  if (peers !== undefined) parts.push(`(client in ${list(peers)} or server in ${list(peers)})`);
  if (protocol !== undefined) parts.push(`protocol = ${Math.floor(protocol)}`);
  return parts.length === 0 ? "1" : parts.join(" and ");
}

/** Conversations of a range of whole hours, the greatest first, and how many there are. */
export async function readTalk(
  place: Place,
  range: Range,
  which: Which = {},
  limit = 100_000,
): Promise<{ readonly items: Talk[]; readonly total: number }> {
  if (place.devices.length === 0) return { items: [], total: 0 };
  const query = grouped(place, {
    table: "ot_conversation",
    range,
    keys: ["client", "server", "protocol", "transport", "port"],
    sums: talkSums,
    figures: [{ name: "rtt", how: "min" }],
    where: whereOf(which),
  });
  const rows = await place.telemetry.query<TalkRow>(
    place.organisation,
    `select *, count() over () as total from (${query}) order by bytes_out + bytes_in desc limit {limit:UInt32}`,
    { ...parametersOf(place), limit },
  );
  const items = rows.map(({ packets_out, bytes_out, packets_in, bytes_in, total: _total, ...row }): Talk => ({
    ...row,
    protocol: protocolName(row.protocol),
    transport: transports[row.transport] ?? "ip",
    packetsOut: packets_out,
    bytesOut: bytes_out,
    packetsIn: packets_in,
    bytesIn: bytes_in,
    rtt: row.rtt === NOTHING_32 ? null : row.rtt,
  }));
  return { items, total: rows[0]?.total ?? 0 };
}

/** Pairs and protocols as columns: what a map of thousands of devices is drawn from. */
export interface Edges {
  readonly client: ArrayLike<number>;
  readonly server: ArrayLike<number>;
  /** Numbers of protocols. */
  readonly protocol: ArrayLike<number>;
  readonly bytes: ArrayLike<number>;
  readonly packets: ArrayLike<number>;
  /** ms since the epoch. */
  readonly first: ArrayLike<number>;
  readonly last: ArrayLike<number>;
}

/** All pairs of a range of whole hours. */
export async function readEdges(place: Place, range: Range): Promise<Edges> {
  if (place.devices.length === 0)
    return { client: [], server: [], protocol: [], bytes: [], packets: [], first: [], last: [] };
  const query = grouped(place, {
    table: "ot_pair",
    range,
    keys: ["client", "server", "protocol"],
    sums: ["bytes_out", "bytes_in", "packets_out", "packets_in"],
  });
  const { column } = await place.telemetry.columns(
    place.organisation,
    `select client, server, protocol, first, last, bytes_out + bytes_in as bytes, packets_out + packets_in as packets
     from (${query})`,
    parametersOf(place),
  );
  return {
    client: column("client"),
    server: column("server"),
    protocol: column("protocol"),
    bytes: column("bytes"),
    packets: column("packets"),
    first: column("first"),
    last: column("last"),
  };
}

/** Amounts of a device over time. */
export interface Series {
  /** Seconds. */
  readonly step: number;
  /** Seconds since the epoch. */
  readonly at: number[];
  readonly bytesIn: number[];
  readonly bytesOut: number[];
  readonly packetsIn: number[];
  readonly packetsOut: number[];
  readonly commands: number[];
}

/** By hour, or by day where days are read. `endpoints`: of the device. */
export async function readSeries(place: Place, range: Range, endpoints: readonly number[]): Promise<Series> {
  const daily = partsOf(range).days !== null;
  const step = daily ? 86_400 : 3_600;
  const empty = { step, at: [], bytesIn: [], bytesOut: [], packetsIn: [], packetsOut: [], commands: [] };
  if (place.devices.length === 0 || endpoints.length === 0) return empty;
  const moment = daily ? "toStartOfDay(moment)" : "moment";
  const own = `client in ${list(endpoints)}`;
  const where = whereOf({ endpoints });
  const sums = (column: string): string =>
    `sum(if(${own}, ${column}_out, ${column}_in)) as sent_${column}, sum(if(${own}, ${column}_in, ${column}_out)) as got_${column}`;
  const talk = sumsOf("ot_conversation", range, "client, bytes_out, bytes_in, packets_out, packets_in", where);
  const rows = await place.telemetry.query<Record<string, number>>(
    place.organisation,
    `select toUnixTimestamp(${moment}) as at, ${sums("bytes")}, ${sums("packets")} from ${talk} group by at order by at`,
    parametersOf(place),
  );
  const commands = sumsOf("ot_command", range, "requests, events", where);
  const asked = await place.telemetry.query<{ at: number; count: number }>(
    place.organisation,
    `select toUnixTimestamp(${moment}) as at, sum(requests + events) as count from ${commands} group by at`,
    parametersOf(place),
  );
  const counts = new Map(asked.map(({ at, count }) => [at, count]));
  const column = (name: string): number[] => rows.map((row) => row[name] ?? 0);
  return {
    step,
    at: column("at"),
    bytesIn: column("got_bytes"),
    bytesOut: column("sent_bytes"),
    packetsIn: column("got_packets"),
    packetsOut: column("sent_packets"),
    commands: rows.map(({ at }) => counts.get(at ?? 0) ?? 0),
  };
}

/** Amounts by protocol. */
export async function readProtocols(
  place: Place,
  range: Range,
): Promise<{ protocol: number; bytes: number; packets: number; pairs: number }[]> {
  if (place.devices.length === 0) return [];
  const sums = ["bytes_out", "bytes_in", "packets_out", "packets_in"];
  const query = grouped(place, { table: "ot_pair", range, keys: ["client", "server", "protocol"], sums, times: false });
  return place.telemetry.query(
    place.organisation,
    `select protocol, sum(bytes_out + bytes_in) as bytes, sum(packets_out + packets_in) as packets, count() as pairs
     from (${query}) group by protocol order by bytes desc`,
    parametersOf(place),
  );
}
