/** Who and what makes the most traffic (OT-13). */
import type { Uuid } from "@yagura/core/ids.ts";
import { protocolName } from "../analysis/observe.ts";
import { spanView, wholeHours, type Range } from "../range.ts";
import type { AssetRef } from "../wire/api.ts";
import type { Ranking } from "../wire/api-traffic.ts";
import type { Endpoint, Place } from "./place.ts";
import { readSparks, readTotals, type Value } from "./traffic.ts";

/** Parts of the little line of each row. */
const PARTS = 24;

export interface RankingFacts {
  readonly place: Place;
  readonly endpoints: ReadonlyMap<number, Endpoint>;
  readonly assets: ReadonlyMap<Uuid, AssetRef>;
}
type Row = Ranking["rows"][number];
interface Total {
  value: number;
  bytes: number;
  packets: number;
}
type Totals = Awaited<ReturnType<typeof readTotals>>;

const nobody = { asset: null, client: null, server: null, protocol: null, port: null };

export async function readRanking(
  facts: RankingFacts,
  range: Range,
  { by, measure, limit }: { readonly by: Ranking["by"]; readonly measure: Value; readonly limit: number },
): Promise<Ranking> {
  const totals = await readTotals(facts.place, range, measure);
  const all = totals.reduce((sum, { value }) => sum + value, 0);
  const groups = groupsOf(totals, by, facts);
  const top = [...groups].toSorted((a, b) => b[1].value - a[1].value).slice(0, limit);
  const sparks = await sparksOf(facts, range, { by, measure, keys: top.map(([key]) => key) });
  const rows = top.map(([key, total]): Row => ({
    ...namesOf(key, by, facts),
    ...total,
    share: all === 0 ? 0 : Math.min(1, total.value / all),
    spark: sparks.get(key) ?? Array.from({ length: PARTS }, () => 0),
  }));
  return { span: spanView(wholeHours(range)), by, measure, rows, total: groups.size };
}

/** Rows of the ranking that a total belongs to. Group addresses and the outside are no devices. */
function keysOf(row: Totals[number], by: Ranking["by"], { endpoints }: RankingFacts): string[] {
  const [client, server] = [endpoints.get(row.client)?.asset ?? null, endpoints.get(row.server)?.asset ?? null];
  switch (by) {
    case "assets":
      return [...new Set([client, server])].filter((id) => id !== null);
    case "pairs":
      return client === null || server === null ? [] : [`${client} ${server}`];
    case "protocols":
      return [String(row.protocol)];
    default:
      return [`${row.protocol} ${row.port}`];
  }
}

function groupsOf(totals: Totals, by: Ranking["by"], facts: RankingFacts): Map<string, Total> {
  const groups = new Map<string, Total>();
  for (const row of totals) {
    for (const key of keysOf(row, by, facts)) {
      const total = groups.get(key) ?? { value: 0, bytes: 0, packets: 0 };
      total.value += row.value;
      total.bytes += row.bytes;
      total.packets += row.packets;
      groups.set(key, total);
    }
  }
  for (const [key, { value }] of groups) if (value === 0) groups.delete(key);
  return groups;
}

function namesOf(key: string, by: Ranking["by"], { assets }: RankingFacts): Omit<Row, keyof Total | "share" | "spark"> {
  const [first = "", second = ""] = key.split(" ");
  switch (by) {
    case "assets":
      return { ...nobody, asset: assets.get(first) ?? null };
    case "pairs":
      return { ...nobody, client: assets.get(first) ?? null, server: assets.get(second) ?? null };
    case "protocols":
      return { ...nobody, protocol: protocolName(Number(first)) };
    default:
      return { ...nobody, protocol: protocolName(Number(first)), port: Number(second) };
  }
}

async function sparksOf(
  facts: RankingFacts,
  range: Range,
  { by, measure, keys }: { readonly by: Ranking["by"]; readonly measure: Value; readonly keys: readonly string[] },
): Promise<Map<string, number[]>> {
  const wanted = new Set(keys);
  const named = new Set(keys.flatMap((key) => key.split(" ")));
  const ids = [...facts.endpoints].flatMap(([id, { asset }]) => (asset !== null && named.has(asset) ? id : []));
  const what = ({ assets: "endpoint", pairs: "pair", protocols: "protocol", services: "service" } as const)[by];
  const rows =
    keys.length === 0 ? [] : await readSparks(facts.place, range, { by: what, value: measure, ids, parts: PARTS });
  const out = new Map<string, number[]>();
  const assetOf = (id: string | undefined): string => facts.endpoints.get(Number(id))?.asset ?? "";
  for (const { key, part, value } of rows) {
    const [a, b] = key.split(" ");
    const told = what === "endpoint" ? assetOf(a) : what === "pair" ? `${assetOf(a)} ${assetOf(b)}` : key;
    if (!wanted.has(told) || part < 0 || part >= PARTS) continue;
    const spark = out.get(told) ?? Array.from({ length: PARTS }, () => 0);
    spark[part] = (spark[part] ?? 0) + value;
    out.set(told, spark);
  }
  return out;
}
