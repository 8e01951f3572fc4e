/** Two periods side by side (OT-14): devices, conversations, commands, volumes. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { compare, type PeriodCommand, type PeriodFacts, type PeriodTalk } from "../analysis/assets/compare.ts";
import type { Asset } from "../analysis/model.ts";
import { functionOf, protocolName } from "../analysis/observe.ts";
import { spanView, wholeHours, type Range } from "../range.ts";
import type { AssetRef } from "../wire/api.ts";
import type { Comparison } from "../wire/api-traffic.ts";
import type { Endpoint, Place } from "./place.ts";
import { readCommandCounts } from "./commands.ts";
import { readTotals } from "./traffic.ts";

/** Differences told of each kind, the greatest first; more are counted. */
const MOST = 500;

export interface ComparisonFacts {
  readonly place: Place;
  readonly endpoints: ReadonlyMap<number, Endpoint>;
  readonly assets: ReadonlyMap<Uuid, AssetRef>;
  readonly times: readonly { readonly id: Uuid; readonly first: number; readonly last: number }[];
  readonly attributes: Comparison["assets"]["attributes"];
}

/** What the database knows of the devices of both periods. */
export async function comparisonFacts(
  tx: Tx,
  known: Pick<ComparisonFacts, "place" | "endpoints" | "assets">,
  before: Range,
  after: Range,
): Promise<ComparisonFacts> {
  const { place, assets } = known;
  const { rows } = await sql<{
    id: Uuid;
    first: Date;
    last: Date;
  }>`select id, first_at as first, last_at as last from ot.asset
    where site_id = ${place.site} and merged_into is null`.execute(tx);
  const events = await sql<{ asset: Uuid; at: Date; parameters: Record<string, string> }>`
    select asset_id as asset, at, parameters from ot.asset_event
    where site_id = ${place.site} and kind = 'attribute' and at >= ${new Date(before.to)} and at < ${new Date(after.to)}
      -- Whatever is learned of a device that was not there before is no change of it: it is listed as new.
      and exists (select from ot.asset a where a.id = asset_event.asset_id and a.first_at < ${new Date(before.to)})
    order by at desc limit ${MOST}`.execute(tx);
  return {
    ...known,
    times: rows.map(({ id, first, last }) => ({ id, first: first.getTime(), last: last.getTime() })),
    attributes: events.rows.flatMap(({ asset, at, parameters }) => {
      const ref = assets.get(asset);
      const { attribute = "", before: was = "", after: is = "" } = parameters;
      if (ref === undefined) return [];
      return { asset: ref, attribute, before: was === "" ? null : was, after: is, at: at.toISOString() };
    }),
  };
}

/** Both stores are asked at the same time. */
export async function readComparison(
  place: Place,
  known: Promise<ComparisonFacts>,
  before: Range,
  after: Range,
): Promise<Comparison> {
  const [facts, ...rows] = await Promise.all([known, rowsOf(place, before), rowsOf(place, after)]);
  const [was, is] = [periodOf(facts, before, rows[0]), periodOf(facts, after, rows[1])];
  // What changed about a device is told by its time line: loading the evidence of thousands of devices takes seconds.
  const found = compare(was, is, facts.times.map(bare));
  const ref = (id: string | null): AssetRef | null => facts.assets.get(id ?? "") ?? null;
  const ends = ({ client, server }: { client: string | null; server: string | null }) => ({
    client: ref(client),
    server: ref(server),
  });
  return {
    before: spanView(wholeHours(before)),
    after: spanView(wholeHours(after)),
    assets: {
      before: found.assets.before,
      after: found.assets.after,
      items: found.assets.items.slice(0, MOST).flatMap(({ change, asset, first, last }) => {
        const known = ref(asset);
        const [firstAt, lastAt] = [new Date(first).toISOString(), new Date(last).toISOString()];
        return known === null ? [] : { change, asset: known, firstAt, lastAt };
      }),
      attributes: facts.attributes,
    },
    conversations: {
      before: found.conversations.before,
      after: found.conversations.after,
      items: found.conversations.items.slice(0, MOST).map((item) => ({ ...item, ...ends(item) })),
      total: found.conversations.items.length,
    },
    commands: {
      before: found.commands.before,
      after: found.commands.after,
      items: found.commands.items.slice(0, MOST).map((item) => ({ ...item, ...ends(item) })),
      total: found.commands.items.length,
    },
    volumes: [...found.volumes],
  };
}

const bare = ({ id, first, last }: ComparisonFacts["times"][number]): Asset => ({
  id,
  first,
  last,
  macs: [],
  addresses: [],
  vlans: [],
  attributes: {},
  role: "unknown",
  roleConfidence: 0,
  protocols: [],
  routes: false,
});

/** Both devices, null what is none; undefined: a group address takes part, or nobody of the site. */
function endsOf(
  { client, server }: { client: number; server: number },
  { endpoints }: ComparisonFacts,
): { client: Uuid | null; server: Uuid | null } | undefined {
  const [a, b] = [endpoints.get(client), endpoints.get(server)];
  if (a?.kind === "group" || b?.kind === "group") return undefined;
  const ends = { client: a?.asset ?? null, server: b?.asset ?? null };
  return ends.client === null && ends.server === null ? undefined : ends;
}

const rowsOf = async (place: Place, range: Range) => {
  const [totals, counts] = await Promise.all([readTotals(place, range, "bytes"), readCommandCounts(place, range)]);
  return { totals, counts };
};

function periodOf(
  facts: ComparisonFacts,
  range: Range,
  { totals, counts }: Awaited<ReturnType<typeof rowsOf>>,
): PeriodFacts {
  const talks = new Map<string, PeriodTalk>();
  for (const row of totals) {
    const ends = endsOf(row, facts);
    if (ends === undefined) continue;
    const key = `${ends.client} ${ends.server} ${row.protocol} ${row.port}`;
    const known = talks.get(key);
    talks.set(key, {
      ...ends,
      protocol: protocolName(row.protocol),
      port: row.port,
      bytes: row.bytes + (known?.bytes ?? 0),
      packets: row.packets + (known?.packets ?? 0),
    });
  }
  const commands = new Map<string, PeriodCommand>();
  for (const row of counts) {
    const ends = endsOf(row, facts);
    if (ends === undefined) continue;
    const protocol = protocolName(row.protocol);
    const key = `${ends.client} ${ends.server} ${row.protocol} ${row.code}`;
    const { name, class: kind } = functionOf(protocol, row.code);
    const count = row.count + (commands.get(key)?.count ?? 0);
    commands.set(key, { ...ends, protocol, code: row.code, name, class: kind, count });
  }
  return { ...wholeHours(range), conversations: talks.values(), commands: commands.values() };
}
