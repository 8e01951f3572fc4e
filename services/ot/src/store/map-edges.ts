/** Pairs of devices out of pairs of endpoints, by number: a map may have twenty thousand, and is drawn while somebody waits. */
import type { Uuid } from "@yagura/core/ids.ts";
import { protocolName } from "../analysis/observe.ts";
import type { NetworkMap } from "../wire/api-traffic.ts";
import { protocols, type ProtocolName } from "../wire/vocabulary.ts";
import { Numbering } from "./numbering.ts";
import type { Owner } from "./place.ts";
import type { Edges } from "./traffic.ts";

type Edge = NetworkMap["edges"][number];
export type Change = Edge["change"];

/** Node 0 is all that is no device of the site; the devices follow in their order. */
export const OUTSIDE_NODE = 0;
/** More nodes than a site has devices. */
const NODES = 1_048_576;

/** Node of an endpoint; -1 of what has none. */
export type NodeOf = (endpoint: number) => number;

/** Group addresses are no partners and have no node. */
export function nodesOf(owners: ReadonlyMap<number, Owner>, assets: readonly { readonly id: Uuid }[]): NodeOf {
  const order = new Map(assets.map(({ id }, i) => [id, i + 1]));
  const [endpoints, nodes] = [new Numbering(), [] as number[]];
  for (const [endpoint, { asset, kind }] of owners) {
    if (kind === "group") continue;
    nodes[endpoints.of(endpoint)] = asset === null ? OUTSIDE_NODE : (order.get(asset) ?? -1);
  }
  return (endpoint) => nodes[endpoints.find(endpoint)] ?? -1;
}

const keyOf = (client: number, server: number): number => client * NODES + server;

/** Pairs of nodes as columns, by their numbers. */
export interface Drawn {
  readonly pairs: Numbering;
  /** The pair that each row of the edges belongs to; -1 of what draws nothing. */
  readonly pairOf: Int32Array;
  readonly bytes: Float64Array;
  readonly packets: Float64Array;
  /** ms. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** 1 where a protocol of factories is among theirs. */
  readonly factory: Uint8Array;
}
export const clientOf = ({ pairs }: Drawn, pair: number): number => Math.floor(pairs.key(pair) / NODES);
export const serverOf = ({ pairs }: Drawn, pair: number): number => pairs.key(pair) % NODES;

export function drawEdges(edges: Edges, nodeOf: NodeOf): Drawn {
  const rows = edges.client.length;
  const column = (): Float64Array => new Float64Array(rows);
  const [pairs, pairOf, factory] = [new Numbering(), new Int32Array(rows).fill(-1), new Uint8Array(rows)];
  const [bytes, packets, first, last] = [column(), column(), column().fill(Infinity), column()];
  for (let i = 0; i < rows; i++) {
    const [client, server] = [nodeOf(edges.client[i] as number), nodeOf(edges.server[i] as number)];
    if (client < 0 || server < 0 || client === server) continue;
    const pair = pairs.of(keyOf(client, server));
    pairOf[i] = pair;
    bytes[pair] = (bytes[pair] as number) + (edges.bytes[i] as number);
    packets[pair] = (packets[pair] as number) + (edges.packets[i] as number);
    first[pair] = Math.min(first[pair] as number, edges.first[i] as number);
    last[pair] = Math.max(last[pair] as number, edges.last[i] as number);
    if (isFactory[edges.protocol[i] as number] === 1) factory[pair] = 1;
  }
  return { pairs, pairOf, bytes, packets, first, last, factory };
}

export function changeOf(since: number | null, first: number, last: number): Change {
  if (since === null) return null;
  return first >= since ? "new" : last < since ? "gone" : "same";
}

/** What the edges are judged and named by. */
export interface Around {
  readonly since: number | null;
  /** Pairs of nodes with critical commands, as `keyOf`. */
  readonly critical: ReadonlySet<number>;
  /** Zone of each node. */
  readonly zones: readonly (Uuid | null)[];
  /** Id of each node. */
  readonly ids: readonly string[];
}
export const criticalPairs = (
  pairs: readonly { readonly client: number; readonly server: number }[],
  nodeOf: NodeOf,
): Set<number> =>
  new Set(
    pairs.flatMap(({ client, server }) => {
      const [a, b] = [nodeOf(client), nodeOf(server)];
      return a < 0 || b < 0 ? [] : [keyOf(a, b)];
    }),
  );

/** Edges told at most: more nobody can tell apart. */
const MOST_EDGES = 5_000;

/** 1 by the number of a protocol of factories. */
const isFactory = new Uint8Array(256);
for (const { id, ot } of Object.values(protocols)) isFactory[id] = Number(ot);

function crosses(drawn: Drawn, pair: number, { zones }: Around): boolean {
  const [from = null, to = null] = [zones[clientOf(drawn, pair)], zones[serverOf(drawn, pair)]];
  return from !== null && to !== null && from !== to;
}

/** Numbers of pairs: what changed, is critical or crosses zones first, then the greatest. */
function mostTelling(drawn: Drawn, around: Around): number[] {
  const all = Array.from({ length: drawn.pairs.size }, (_, pair) => pair);
  if (all.length <= MOST_EDGES) return all;
  const weights = new Uint8Array(all.length);
  for (const pair of all) {
    const change = changeOf(around.since, drawn.first[pair] as number, drawn.last[pair] as number);
    let weight = (change === "new" || change === "gone" ? 8 : 0) + (drawn.factory[pair] as number);
    if (around.critical.has(drawn.pairs.key(pair))) weight += 4;
    if (crosses(drawn, pair, around)) weight += 2;
    weights[pair] = weight;
  }
  return all
    .sort(
      (a, b) =>
        (weights[b] as number) - (weights[a] as number) || (drawn.bytes[b] as number) - (drawn.bytes[a] as number),
    )
    .slice(0, MOST_EDGES);
}

/** Protocols of each pair that is shown, those with the most bytes first. */
function protocolsOf(edges: Edges, { pairs, pairOf }: Drawn, shown: readonly number[]): ProtocolName[][] {
  const places = new Int32Array(pairs.size).fill(-1);
  for (const [i, pair] of shown.entries()) places[pair] = i;
  const shares = shown.map((): { id: number; bytes: number }[] => []);
  for (let i = 0; i < pairOf.length; i++) {
    const place = places[pairOf[i] as number] ?? -1;
    if (place < 0) continue;
    const [own, id, bytes] = [shares[place] as { id: number; bytes: number }[], edges.protocol[i], edges.bytes[i]];
    const known = own.find((share) => share.id === id);
    if (known === undefined) own.push({ id: id as number, bytes: bytes as number });
    else known.bytes += bytes as number;
  }
  return shares.map((own) => {
    if (own.length > 1) own.sort((a, b) => b.bytes - a.bytes);
    return own.map(({ id }) => protocolName(id));
  });
}

export function edgeViews(edges: Edges, drawn: Drawn, around: Around): Edge[] {
  const shown = mostTelling(drawn, around);
  const protocolsOfPairs = protocolsOf(edges, drawn, shown);
  return shown.map((pair, i) => {
    const [first, last] = [drawn.first[pair] as number, drawn.last[pair] as number];
    return {
      client: around.ids[clientOf(drawn, pair)] as string,
      server: around.ids[serverOf(drawn, pair)] as string,
      protocols: protocolsOfPairs[i] as ProtocolName[],
      ot: drawn.factory[pair] === 1,
      bytes: drawn.bytes[pair] as number,
      packets: drawn.packets[pair] as number,
      critical: around.critical.has(drawn.pairs.key(pair)),
      crossZone: crosses(drawn, pair, around),
      firstAt: new Date(first).toISOString(),
      lastAt: new Date(last).toISOString(),
      change: changeOf(around.since, first, last),
    };
  });
}
