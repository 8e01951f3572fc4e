/** Who and what makes the most traffic (OT-13). */
import type { Uuid } from "@yagura/core/ids.ts";
import { protocolName } from "../analysis/observe.ts";
import { spanView, wholeHours, type Range } from "../range.ts";
import type { AssetRef } from "../wire/api.ts";
import type { Ranking } from "../wire/api-traffic.ts";
import { assetRefs } from "./asset-list.ts";
import { readCourses, readTotals, type Course, type Totals, type Value } from "./amounts.ts";
import { Numbering } from "./numbering.ts";
import { ownersOf, type Owner, type Place, type Within } from "./place.ts";
import type { Step } from "./sql.ts";

/** Parts of the little line of each row. */
const PARTS = 24;
const HOUR = 3_600_000;

export interface RankingQuestion {
  readonly by: Ranking["by"];
  readonly measure: Value;
  readonly limit: number;
}
type Row = Ranking["rows"][number];
/** A line of the ranking: a device, a pair of devices (by their numbers), a protocol, or a protocol and a port. */
interface Group {
  readonly a: number;
  readonly b: number;
  value: number;
  bytes: number;
  packets: number;
}
/** More than a site has devices, and than there are ports. */
const WIDE = 1_048_576;

const nobody = { asset: null, client: null, server: null, protocol: null, port: null };

/** Both stores are asked at the same time. */
export async function readRanking(
  within: Within,
  place: Place,
  range: Range,
  { by, measure, limit }: RankingQuestion,
): Promise<Ranking> {
  const [owners, totals] = await Promise.all([
    within((tx) => ownersOf(tx, place.site)),
    readTotals(place, range, measure),
  ]);
  const devices = devicesOf(owners);
  const { groups, all } = groupsOf(totals, by, devices);
  const top = groups.toSorted((a, b) => b.value - a.value).slice(0, limit);
  const named = by === "assets" || by === "pairs" ? top.flatMap(({ a, b }) => [a, b]) : [];
  const ids = named.flatMap((device) => devices.ids[device] || []);
  const [sparks, refs] = await Promise.all([
    sparksOf(place, devices, wholeHours(range), { by, measure, top }),
    within((tx) => assetRefs(tx, place.organisation, ids)),
  ]);
  const refOf = (device: number): AssetRef | null => refs.get(devices.ids[device] ?? "") ?? null;
  const rows = top.map(({ a, b, ...total }, i): Row => ({
    ...namesOf(a, b, by, refOf),
    ...total,
    share: all === 0 ? 0 : Math.min(1, total.value / all),
    spark: sparks[i] as number[],
  }));
  return { span: spanView(wholeHours(range)), by, measure, rows, total: groups.length };
}

/** Devices by number, 1 and up. Group addresses and the outside are none. */
interface Devices {
  readonly ids: readonly Uuid[];
  /** Of an endpoint; 0 of what is no device. */
  readonly of: (endpoint: number) => number;
  /** Endpoints of some of them. */
  readonly endpoints: (devices: ReadonlySet<number>) => number[];
}
function devicesOf(owners: ReadonlyMap<number, Owner>): Devices {
  const [numbers, ids] = [new Map<Uuid, number>(), [""] as Uuid[]];
  const [endpoints, devices] = [new Numbering(), [] as number[]];
  for (const [endpoint, { asset }] of owners) {
    if (asset === null) continue;
    let number = numbers.get(asset);
    if (number === undefined) {
      numbers.set(asset, (number = ids.length));
      ids.push(asset);
    }
    devices[endpoints.of(endpoint)] = number;
  }
  return {
    ids,
    of: (endpoint) => devices[endpoints.find(endpoint)] ?? 0,
    endpoints: (wanted) => devices.flatMap((device, i) => (wanted.has(device) ? endpoints.key(i) : [])),
  };
}

function groupsOf(totals: Totals, by: Ranking["by"], { of }: Devices): { groups: Group[]; all: number } {
  const [keys, groups] = [new Numbering(), [] as Group[]];
  let all = 0;
  for (let i = 0; i < totals.rows; i++) {
    const value = totals.value[i] as number;
    all += value;
    const add = (a: number, b: number): void => {
      const number = keys.of(a * WIDE + b);
      const group = groups[number];
      const [bytes, packets] = [totals.bytes[i] as number, totals.packets[i] as number];
      if (group === undefined) groups.push({ a, b, value, bytes, packets });
      else {
        group.value += value;
        group.bytes += bytes;
        group.packets += packets;
      }
    };
    const protocol = totals.protocol[i] as number;
    if (by === "protocols") add(protocol, 0);
    else if (by === "services") add(protocol, totals.port[i] as number);
    else {
      const [client, server] = [of(totals.client[i] as number), of(totals.server[i] as number)];
      if (by === "pairs") {
        if (client !== 0 && server !== 0) add(client, server);
      } else {
        if (client !== 0) add(client, 0);
        if (server !== 0 && server !== client) add(server, 0);
      }
    }
  }
  return { groups: groups.filter(({ value }) => value !== 0), all };
}

function namesOf(
  a: number,
  b: number,
  by: Ranking["by"],
  device: (number: number) => AssetRef | null,
): Omit<Row, "value" | "bytes" | "packets" | "share" | "spark"> {
  switch (by) {
    case "assets":
      return { ...nobody, asset: device(a) };
    case "pairs":
      return { ...nobody, client: device(a), server: device(b) };
    case "protocols":
      return { ...nobody, protocol: protocolName(a) };
    default:
      return { ...nobody, protocol: protocolName(a), port: b };
  }
}

/** The course of each line. What is kept by longer pieces than a part is spread evenly over them. */
async function sparksOf(
  place: Place,
  devices: Devices,
  range: Range,
  { by, measure, top }: Pick<RankingQuestion, "by" | "measure"> & { readonly top: readonly Group[] },
): Promise<number[][]> {
  const sparks = top.map(() => Array.from({ length: PARTS }, () => 0));
  if (top.length === 0) return sparks;
  const lines = new Map(top.map(({ a, b }, i) => [a * WIDE + b, i]));
  const width = (range.to - range.from) / PARTS;
  const longest: Step = width >= 24 * HOUR ? 24 : width >= 6 * HOUR ? 6 : 1;
  const found = await readCourses(place, range, measure, courseOf(by, devices, top), longest);
  const keyed = by === "assets" || by === "pairs";
  for (let i = 0; i < found.value.length; i++) {
    const [a, b] = [found.a[i] as number, found.b[i] as number];
    const key = keyed ? devices.of(a) * WIDE + devices.of(b) : a * WIDE + b;
    const line = lines.get(key);
    if (line === undefined) continue;
    const from = (found.moment[i] as number) * 1000 - range.from;
    spread(
      sparks[line] as number[],
      { from, to: from + (found.step[i] as number) * HOUR },
      width,
      found.value[i] as number,
    );
  }
  return sparks;
}

function courseOf(by: Ranking["by"], { endpoints }: Devices, top: readonly Group[]): Course {
  if (by === "protocols") return { by: "protocol", protocols: top.map(({ a }) => a) };
  if (by === "services") return { by: "service", services: top.map(({ a, b }) => [a, b] as const) };
  const named = new Set(top.flatMap(({ a, b }) => [a, b]));
  return { by: by === "assets" ? "endpoint" : "pair", ids: endpoints(named) };
}

/** Adds a value to the parts of `width` ms that a piece of time touches, by how much of it lies in each. */
export function spread(parts: number[], { from, to }: Range, width: number, value: number): void {
  for (let part = Math.max(0, Math.floor(from / width)); part < parts.length && part * width < to; part++) {
    const within = Math.min(to, (part + 1) * width) - Math.max(from, part * width);
    parts[part] = (parts[part] as number) + (value * within) / (to - from);
  }
}
