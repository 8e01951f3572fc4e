/** In which order the functions of a device were asked for: rows of sensors, which are few (OT-20). */
import type { Range } from "../range.ts";
import type { OrderView } from "../wire/api-orders.ts";
import { protocolName } from "../analysis/observe.ts";
import type { ProtocolName } from "../wire/vocabulary.ts";
import { endpointsIn, refOf, type AssetPlace, type Names } from "./asset-detail.ts";
import { ofPlace, type Place } from "./place.ts";
import { parametersOf } from "./sql.ts";
import { whereOf, type Which } from "./traffic.ts";

/** Rows that are read at most; a pair and protocol has 256 at most. */
const MOST = 20_000;

export interface OrderSum {
  readonly client: number;
  readonly server: number;
  readonly protocol: ProtocolName;
  readonly before: number;
  readonly after: number;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** Orders of a range, the most frequent first. What two sensors of a site both saw is counted once. */
export async function readOrders(place: Place, range: Range, which: Which = {}): Promise<OrderSum[]> {
  if (place.devices.length === 0) return [];
  const key = "client, server, protocol, before, after";
  const rows = await place.telemetry.query<Omit<OrderSum, "protocol"> & { readonly protocol: number }>(
    place.organisation,
    `select ${key}, max(s_count) as count, min(s_first) as first, max(s_last) as last from (
       select client, server, protocol, from_code as before, to_code as after, sum(count) as s_count,
         min(toUnixTimestamp64Milli(at) - t.first) as s_first, max(toUnixTimestamp64Milli(at) - t.last) as s_last,
         transform(toString(device), {names:Array(String)}, {sensors:Array(UInt32)}, toUInt32(0)) as sensor
       from ot_transition as t where ${ofPlace} and (${whereOf(which)})
         and at > fromUnixTimestamp64Milli({from:Int64}) and at <= fromUnixTimestamp64Milli({to:Int64})
       group by ${key}, sensor)
     group by ${key} order by count desc, ${key} limit {limit:UInt32}`,
    { ...parametersOf(place), from: Math.floor(range.from), to: Math.ceil(range.to), limit: MOST },
  );
  return rows.map((row) => ({ ...row, protocol: protocolName(row.protocol) }));
}

const iso = (time: number): string => new Date(time).toISOString();

/** The same by devices, with names and shares: several addresses of a device are one. */
export function orderViews(sums: readonly OrderSum[], names: Names, { functionOf }: Place["vocabulary"]): OrderView[] {
  const joined = new Map<string, OrderSum>();
  const totals = new Map<string, number>();
  const groupOf = ({ client, server, protocol, before }: OrderSum): string =>
    [refOf(names, client)?.id ?? client, refOf(names, server)?.id ?? server, protocol, before].join(" ");
  for (const sum of sums) {
    const group = groupOf(sum);
    totals.set(group, (totals.get(group) ?? 0) + sum.count);
    const key = `${group} ${sum.after}`;
    const known = joined.get(key);
    const [first, last] = [Math.min(sum.first, known?.first ?? sum.first), Math.max(sum.last, known?.last ?? sum.last)];
    joined.set(key, { ...sum, count: sum.count + (known?.count ?? 0), first, last });
  }
  return [...joined.values()]
    .toSorted((a, b) => b.count - a.count)
    .map((sum) => {
      const { client, server, protocol, before, after, count } = sum;
      const step = (code: number) => {
        const { name, class: kind } = functionOf(protocol, code);
        return { code, name, class: kind };
      };
      return {
        client: refOf(names, client),
        server: refOf(names, server),
        protocol,
        before: step(before),
        after: step(after),
        count,
        share: count / Math.max(1, totals.get(groupOf(sum)) ?? count),
        firstAt: iso(sum.first),
        lastAt: iso(sum.last),
      };
    });
}

export async function readAssetOrders(
  { place, endpoints }: AssetPlace,
  range: Range,
  names: (ids: Iterable<number>) => Promise<Names>,
): Promise<OrderView[]> {
  const sums = await readOrders(place, range, { endpoints });
  return orderViews(sums, await names(endpointsIn(sums)), place.vocabulary);
}
