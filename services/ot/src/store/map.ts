/** The network map (OT-11, OT-12, OT-15): devices, who talks with whom, zones, and what changed since a moment. */
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { functionOf, protocolName } from "../analysis/observe.ts";
import { spanView, wholeHours, type Range } from "../range.ts";
import type { NetworkMap } from "../wire/api-traffic.ts";
import { commandClasses, criticalFrom, protocols, type ProtocolName } from "../wire/vocabulary.ts";
import { mapAssets } from "./asset-list.ts";
import { endpointsOf, type Endpoint, type Place } from "./place.ts";
import { readCommandKinds, readEdges, type Edges } from "./traffic.ts";
import { listZones } from "./zones.ts";

/** The node of all that is no device of the site. */
export const OUTSIDE = "outside";
type Node = NetworkMap["nodes"][number];
type Edge = NetworkMap["edges"][number];

interface MapFacts {
  readonly assets: Awaited<ReturnType<typeof mapAssets>>;
  readonly endpoints: ReadonlyMap<number, Endpoint>;
  readonly zones: Awaited<ReturnType<typeof listZones>>;
}
type Within = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** Both stores are asked at the same time. `since`, ms: what appeared after it and what was only seen before is marked. */
export async function readMap(within: Within, place: Place, range: Range, since: number | null): Promise<NetworkMap> {
  const { organisation, site } = place;
  const [facts, edges, kinds] = await Promise.all([
    within(async (tx): Promise<MapFacts> => ({
      assets: await mapAssets(tx, organisation, site),
      endpoints: await endpointsOf(tx, site),
      zones: await listZones(tx, organisation, { site }),
    })),
    readEdges(place, range),
    readCommandKinds(place, range),
  ]);
  const { endpoints } = facts;
  const critical = criticalPairs(endpoints, kinds);
  const drawn = edgesOf(edges, endpoints);
  const zoneOf = new Map(facts.assets.map(({ id, zoneId }) => [id, zoneId]));
  const bytes = new Map<string, number>();
  for (const { client, server, bytes: count } of drawn.values()) {
    for (const end of [client, server]) bytes.set(end, (bytes.get(end) ?? 0) + count);
  }
  const nodes: Node[] = facts.assets
    .filter(({ id, last, first }) => bytes.has(id) || (last >= range.from && first < range.to))
    .map((asset) => ({
      id: asset.id,
      kind: "asset",
      name: asset.name,
      role: asset.role,
      address: asset.address,
      zoneId: asset.zoneId,
      level: asset.level,
      learning: asset.learning,
      worst: asset.worst,
      findings: asset.findings,
      bytes: bytes.get(asset.id) ?? 0,
      firstAt: new Date(asset.first).toISOString(),
      lastAt: new Date(asset.last).toISOString(),
      change: changeOf(since, asset.first, asset.last),
    }));
  const known = new Set(nodes.map(({ id }) => id));
  const shown = [...drawn.values()].filter(
    ({ client, server }) => (known.has(client) || client === OUTSIDE) && (known.has(server) || server === OUTSIDE),
  );
  const views = mostTelling(shown.map((edge) => edgeView(edge, { since, critical, zoneOf })));
  if (shown.some(({ client, server }) => client === OUTSIDE || server === OUTSIDE)) nodes.push(outside(range, bytes));
  return {
    span: spanView(wholeHours(range)),
    since: since === null ? null : new Date(since).toISOString(),
    nodes,
    edges: views,
    edgeTotal: shown.length,
    zones: facts.zones,
  };
}

/** Edges drawn at most: more nobody can tell apart. */
const MOST_EDGES = 5_000;

/** What changed, is critical or crosses zones first, then the greatest. */
function mostTelling(edges: Edge[]): Edge[] {
  if (edges.length <= MOST_EDGES) return edges;
  const weight = ({ change, critical, crossZone, ot }: Edge): number =>
    (change === "new" || change === "gone" ? 8 : 0) + (critical ? 4 : 0) + (crossZone ? 2 : 0) + (ot ? 1 : 0);
  return edges.sort((a, b) => weight(b) - weight(a) || b.bytes - a.bytes).slice(0, MOST_EDGES);
}

const outside = (range: Range, bytes: ReadonlyMap<string, number>): Node => ({
  id: OUTSIDE,
  kind: "outside",
  name: "",
  role: "unknown",
  address: null,
  zoneId: null,
  level: null,
  learning: "watching",
  worst: null,
  findings: 0,
  bytes: bytes.get(OUTSIDE) ?? 0,
  firstAt: new Date(range.from).toISOString(),
  lastAt: new Date(range.to).toISOString(),
  change: null,
});

function changeOf(since: number | null, first: number, last: number): Node["change"] {
  if (since === null) return null;
  return first >= since ? "new" : last < since ? "gone" : "same";
}

interface Drawn {
  readonly client: string;
  readonly server: string;
  readonly protocols: Map<number, number>;
  bytes: number;
  packets: number;
  first: number;
  last: number;
}

/** Pairs of devices out of pairs of endpoints. Group addresses are no partners. */
function edgesOf(edges: Edges, endpoints: ReadonlyMap<number, Endpoint>): Map<string, Drawn> {
  const out = new Map<string, Drawn>();
  const nodeOf = (id: number): string | null => {
    const endpoint = endpoints.get(id);
    if (endpoint === undefined || endpoint.kind === "group") return null;
    return endpoint.asset ?? OUTSIDE;
  };
  for (let i = 0; i < edges.client.length; i++) {
    const [client, server] = [nodeOf(edges.client[i] as number), nodeOf(edges.server[i] as number)];
    if (client === null || server === null || client === server) continue;
    const key = `${client} ${server}`;
    let drawn = out.get(key);
    if (drawn === undefined) {
      drawn = { client, server, protocols: new Map(), bytes: 0, packets: 0, first: Number.POSITIVE_INFINITY, last: 0 };
      out.set(key, drawn);
    }
    const protocol = edges.protocol[i] as number;
    drawn.protocols.set(protocol, (drawn.protocols.get(protocol) ?? 0) + (edges.bytes[i] as number));
    drawn.bytes += edges.bytes[i] as number;
    drawn.packets += edges.packets[i] as number;
    drawn.first = Math.min(drawn.first, edges.first[i] as number);
    drawn.last = Math.max(drawn.last, edges.last[i] as number);
  }
  return out;
}

function edgeView(
  edge: Drawn,
  around: {
    readonly since: number | null;
    readonly critical: ReadonlySet<string>;
    readonly zoneOf: ReadonlyMap<string, Uuid | null>;
  },
): Edge {
  const names = [...edge.protocols].toSorted((a, b) => b[1] - a[1]).map(([id]): ProtocolName => protocolName(id));
  const [from, to] = [around.zoneOf.get(edge.client) ?? null, around.zoneOf.get(edge.server) ?? null];
  return {
    client: edge.client,
    server: edge.server,
    protocols: names,
    ot: names.some((name) => protocols[name].ot),
    bytes: edge.bytes,
    packets: edge.packets,
    critical: around.critical.has(`${edge.client} ${edge.server}`),
    crossZone: from !== to && from !== null && to !== null,
    firstAt: new Date(edge.first).toISOString(),
    lastAt: new Date(edge.last).toISOString(),
    change: changeOf(around.since, edge.first, edge.last),
  };
}

/** Pairs with commands of the critical classes. */
function criticalPairs(
  endpoints: ReadonlyMap<number, Endpoint>,
  kinds: Awaited<ReturnType<typeof readCommandKinds>>,
): Set<string> {
  const out = new Set<string>();
  for (const { client, server, protocol, code } of kinds) {
    if (commandClasses.indexOf(functionOf(protocolName(protocol), code).class) < criticalFrom) continue;
    out.add(`${endpoints.get(client)?.asset ?? OUTSIDE} ${endpoints.get(server)?.asset ?? OUTSIDE}`);
  }
  return out;
}
