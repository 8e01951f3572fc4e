/** Pairs of devices out of pairs of endpoints, by number: a map may have twenty thousand, and is drawn while somebody waits. */
import type { Uuid } from "@yagura/core/ids.ts";
import { protocolName } from "../analysis/observe.ts";
import type { NetworkMap } from "../wire/api-traffic.ts";
import { protocols } from "../wire/vocabulary.ts";
import type { Owner } from "./place.ts";
import type { Edges } from "./traffic.ts";

type Edge = NetworkMap["edges"][number];
export type Change = Edge["change"];

/** Node 0 is all that is no device of the site; the devices follow in their order. */
export const OUTSIDE_NODE = 0;
/** More nodes than a site has devices. */
const NODES = 1_048_576;

export interface Drawn {
  readonly client: number;
  readonly server: number;
  /** Numbers of protocols, and bytes of each. */
  readonly protocols: number[];
  readonly shares: number[];
  bytes: number;
  packets: number;
  first: number;
  last: number;
  /** How much it tells, once it was judged. */
  weight: number;
}

/** Node of each endpoint. Group addresses are no partners and have none. */
export function nodesOf(
  endpoints: ReadonlyMap<number, Owner>,
  assets: readonly { readonly id: Uuid }[],
): Map<number, number> {
  const order = new Map(assets.map(({ id }, i) => [id, i + 1]));
  const nodes = new Map<number, number>();
  for (const [id, { asset, kind }] of endpoints) {
    if (kind === "group") continue;
    const node = asset === null ? OUTSIDE_NODE : order.get(asset);
    if (node !== undefined) nodes.set(id, node);
  }
  return nodes;
}

const keyOf = (client: number, server: number): number => client * NODES + server;

export function drawEdges(edges: Edges, nodes: ReadonlyMap<number, number>): Drawn[] {
  const out = new Map<number, Drawn>();
  for (let i = 0; i < edges.client.length; i++) {
    const client = nodes.get(edges.client[i] as number);
    const server = nodes.get(edges.server[i] as number);
    if (client === undefined || server === undefined || client === server) continue;
    const key = keyOf(client, server);
    const [bytes, first, last] = [edges.bytes[i] as number, edges.first[i] as number, edges.last[i] as number];
    const drawn = out.get(key);
    if (drawn === undefined) {
      const protocol = [edges.protocol[i] as number];
      const packets = edges.packets[i] as number;
      out.set(key, { client, server, protocols: protocol, shares: [bytes], bytes, packets, first, last, weight: 0 });
      continue;
    }
    const at = drawn.protocols.indexOf(edges.protocol[i] as number);
    if (at >= 0) drawn.shares[at] = (drawn.shares[at] as number) + bytes;
    else {
      drawn.protocols.push(edges.protocol[i] as number);
      drawn.shares.push(bytes);
    }
    drawn.bytes += bytes;
    drawn.packets += edges.packets[i] as number;
    if (first < drawn.first) drawn.first = first;
    if (last > drawn.last) drawn.last = last;
  }
  return [...out.values()];
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
  nodes: ReadonlyMap<number, number>,
): Set<number> =>
  new Set(
    pairs.flatMap(({ client, server }) => {
      const [a, b] = [nodes.get(client), nodes.get(server)];
      return a === undefined || b === undefined ? [] : [keyOf(a, b)];
    }),
  );

/** Edges told at most: more nobody can tell apart. */
const MOST_EDGES = 5_000;

/** By the number of the protocol. */
const factory = new Uint8Array(256);
for (const { id, ot } of Object.values(protocols)) factory[id] = Number(ot);
const isFactory = ({ protocols: list }: Drawn): boolean => list.some((id) => factory[id] === 1);
const crosses = ({ client, server }: Drawn, { zones }: Around): boolean => {
  const [from = null, to = null] = [zones[client], zones[server]];
  return from !== null && to !== null && from !== to;
};

/** What changed, is critical or crosses zones first, then the greatest. */
export function mostTelling(edges: Drawn[], around: Around): Drawn[] {
  if (edges.length <= MOST_EDGES) return edges;
  for (const edge of edges) {
    const change = changeOf(around.since, edge.first, edge.last);
    edge.weight = (change === "new" || change === "gone" ? 8 : 0) + Number(isFactory(edge));
    if (around.critical.has(keyOf(edge.client, edge.server))) edge.weight += 4;
    if (crosses(edge, around)) edge.weight += 2;
  }
  return edges.sort((a, b) => b.weight - a.weight || b.bytes - a.bytes).slice(0, MOST_EDGES);
}

export function edgeView(edge: Drawn, around: Around): Edge {
  const order = edge.protocols.map((id, i) => ({ id, share: edge.shares[i] as number }));
  if (order.length > 1) order.sort((a, b) => b.share - a.share);
  return {
    client: around.ids[edge.client] as string,
    server: around.ids[edge.server] as string,
    protocols: order.map(({ id }) => protocolName(id)),
    ot: isFactory(edge),
    bytes: edge.bytes,
    packets: edge.packets,
    critical: around.critical.has(keyOf(edge.client, edge.server)),
    crossZone: crosses(edge, around),
    firstAt: new Date(edge.first).toISOString(),
    lastAt: new Date(edge.last).toISOString(),
    change: changeOf(around.since, edge.first, edge.last),
  };
}
