/** Two periods side by side (OT-14): devices, conversations, commands, volumes. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { compare, type PeriodCommand, type PeriodTalk } from "../analysis/assets/compare.ts";
import type { Asset } from "../analysis/model.ts";
import { protocolName } from "../analysis/observe.ts";
import { spanView, wholeHours, type Range } from "../range.ts";
import type { AssetRef } from "../wire/api.ts";
import type { Comparison } from "../wire/api-traffic.ts";
import { assetRefs } from "./asset-list.ts";
import { readTotals, type Totals } from "./amounts.ts";
import { readCommandCounts, type CommandCounts } from "./commands.ts";
import { Numbering } from "./numbering.ts";
import { ownersOf, type Owner, type Place, type Within } from "./place.ts";

/** Differences told of each kind, the greatest first; more are counted. */
const MOST = 500;

interface Times {
  readonly id: Uuid;
  /** ms. */
  readonly first: number;
  readonly last: number;
}
interface Learned {
  readonly asset: Uuid;
  readonly at: Date;
  readonly parameters: Record<string, string>;
}

async function timesOf(tx: Tx, site: Uuid): Promise<readonly Times[]> {
  const { rows } = await sql<Times>`select id, (extract(epoch from first_at) * 1000)::float8 as first,
      (extract(epoch from last_at) * 1000)::float8 as last
    from ot.asset where site_id = ${site} and merged_into is null`.execute(tx);
  return rows;
}
async function learnedOf(tx: Tx, site: Uuid, before: Range, after: Range): Promise<readonly Learned[]> {
  const { rows } = await sql<Learned>`select asset_id as asset, at, parameters from ot.asset_event
    where site_id = ${site} and kind = 'attribute' and at >= ${new Date(before.to)} and at < ${new Date(after.to)}
      -- Whatever is learned of a device that was not there before is no change of it: it is listed as new.
      and exists (select from ot.asset a where a.id = asset_event.asset_id and a.merged_into is null
        and a.first_at < ${new Date(before.to)})
    order by at desc limit ${MOST}`.execute(tx);
  return rows;
}

/** Both stores are asked at the same time; how devices are called only for those that are shown. */
export async function readComparison(within: Within, place: Place, before: Range, after: Range): Promise<Comparison> {
  const [facts, talkBefore, talkAfter, askedBefore, askedAfter] = await Promise.all([
    within(async (tx) => ({
      owners: await ownersOf(tx, place.site),
      times: await timesOf(tx, place.site),
      learned: await learnedOf(tx, place.site, before, after),
    })),
    readTotals(place, before, "bytes"),
    readTotals(place, after, "bytes"),
    readCommandCounts(place, before),
    readCommandCounts(place, after),
  ]);
  const ends = endsOf(facts.owners);
  // What changed about a device is told by its time line: loading the evidence of thousands of devices takes seconds.
  const found = compare(wholeHours(before), wholeHours(after), {
    talks: talksOf(ends, talkBefore, talkAfter),
    commands: commandsOf(ends, askedBefore, askedAfter),
    assets: facts.times.map(bare),
  });
  const shown = {
    assets: found.assets.items.slice(0, MOST),
    conversations: found.conversations.items.slice(0, MOST),
    commands: found.commands.items.slice(0, MOST),
  };
  const named = [...shown.assets, ...facts.learned].map(({ asset }) => asset);
  const pairs = [...shown.conversations, ...shown.commands].flatMap(({ client, server }) => [
    client ?? [],
    server ?? [],
  ]);
  const refs = await within((tx) => assetRefs(tx, place.organisation, [...named, ...pairs.flat()]));
  const both = ({ client, server }: { client: string | null; server: string | null }) => ({
    client: refs.get(client ?? "") ?? null,
    server: refs.get(server ?? "") ?? null,
  });
  return {
    before: spanView(wholeHours(before)),
    after: spanView(wholeHours(after)),
    assets: {
      before: found.assets.before,
      after: found.assets.after,
      items: shown.assets.flatMap(({ change, asset, first, last }) => {
        const ref = refs.get(asset);
        const [firstAt, lastAt] = [new Date(first).toISOString(), new Date(last).toISOString()];
        return ref === undefined ? [] : { change, asset: ref, firstAt, lastAt };
      }),
      attributes: facts.learned.flatMap((one) => attributeView(one, refs)),
    },
    conversations: {
      before: found.conversations.before,
      after: found.conversations.after,
      items: shown.conversations.map((item) => ({ ...item, ...both(item) })),
      total: found.conversations.items.length,
    },
    commands: {
      before: found.commands.before,
      after: found.commands.after,
      items: shown.commands.map((item) => ({
        ...item,
        ...both(item),
        ...place.vocabulary.functionOf(item.protocol, item.code),
      })),
      total: found.commands.items.length,
    },
    volumes: [...found.volumes],
  };
}

function attributeView(
  { asset, at, parameters }: Learned,
  refs: ReadonlyMap<Uuid, AssetRef>,
): Comparison["assets"]["attributes"] {
  const ref = refs.get(asset);
  const { attribute = "", before = "", after = "" } = parameters;
  if (ref === undefined) return [];
  return [{ asset: ref, attribute, before: before === "" ? null : before, after, at: at.toISOString() }];
}

const bare = ({ id, first, last }: Times): Asset => ({
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

/** More than a site has devices, than there are protocols with ports (or functions in use), and than functions have codes. */
const DEVICES = 1_048_576;
const SERVICES = 16_777_216;
const CODES = 4_294_967_296;

interface Ends {
  /** The number of a pair of devices; undefined: a group address takes part, or nobody of the site. */
  pair(client: number, server: number): number | undefined;
  /** Both devices of a pair, null what is none. */
  devices(pair: number): { readonly client: Uuid | null; readonly server: Uuid | null };
}
function endsOf(owners: ReadonlyMap<number, Owner>): Ends {
  const [numbers, ids] = [new Map<Uuid, number>(), [null] as (Uuid | null)[]];
  const [endpoints, devices, pairs] = [new Numbering(), new Int32Array(owners.size), new Numbering()];
  // Group addresses are no partners.
  const GROUP = -1;
  for (const [endpoint, { asset, kind }] of owners) {
    let number = kind === "group" ? GROUP : asset === null ? 0 : numbers.get(asset);
    if (number === undefined) {
      numbers.set(asset as Uuid, (number = ids.length));
      ids.push(asset);
    }
    devices[endpoints.of(endpoint)] = number;
  }
  return {
    pair(client, server) {
      const [a, b] = [devices[endpoints.find(client)] ?? 0, devices[endpoints.find(server)] ?? 0];
      return a === GROUP || b === GROUP || a + b === 0 ? undefined : pairs.of(a * DEVICES + b);
    },
    devices(pair) {
      const key = pairs.key(pair);
      return { client: ids[Math.floor(key / DEVICES)] ?? null, server: ids[key % DEVICES] ?? null };
    },
  };
}

type Open<T> = { -readonly [name in keyof T]: T[name] };
const sides = ["before", "after"] as const;

function talksOf(ends: Ends, ...totals: readonly [before: Totals, after: Totals]): PeriodTalk[] {
  const [keys, talks] = [new Numbering(), [] as Open<PeriodTalk>[]];
  for (const [at, side] of sides.entries()) {
    const { rows, client, server, ...columns } = totals[at] as Totals;
    for (let i = 0; i < rows; i++) {
      const pair = ends.pair(client[i] as number, server[i] as number);
      if (pair === undefined) continue;
      const [protocol, port] = [columns.protocol[i] as number, columns.port[i] as number];
      const number = keys.of(pair * SERVICES + protocol * 65_536 + port);
      let talk = talks[number];
      if (talk === undefined) {
        const { client, server } = ends.devices(pair);
        talk = { client, server, protocol: protocolName(protocol), port, before: null, after: null };
        talks.push(talk);
      }
      const [bytes, packets] = [columns.bytes[i] as number, columns.packets[i] as number];
      const known = talk[side];
      talk[side] = { bytes: bytes + (known?.bytes ?? 0), packets: packets + (known?.packets ?? 0) };
    }
  }
  return talks;
}

function commandsOf(ends: Ends, ...counts: readonly [before: CommandCounts, after: CommandCounts]): PeriodCommand[] {
  const [keys, functions, commands] = [new Numbering(), new Numbering(), [] as Open<PeriodCommand>[]];
  for (const [at, side] of sides.entries()) {
    const { rows, client, server, ...columns } = counts[at] as CommandCounts;
    for (let i = 0; i < rows; i++) {
      const pair = ends.pair(client[i] as number, server[i] as number);
      if (pair === undefined) continue;
      const [protocol, code] = [columns.protocol[i] as number, columns.code[i] as number];
      const number = keys.of(pair * SERVICES + functions.of(protocol * CODES + code));
      let command = commands[number];
      if (command === undefined) {
        const { client, server } = ends.devices(pair);
        command = { client, server, protocol: protocolName(protocol), code, before: null, after: null };
        commands.push(command);
      }
      command[side] = (command[side] ?? 0) + (columns.count[i] as number);
    }
  }
  return commands;
}
