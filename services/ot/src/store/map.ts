/** The network map (OT-11, OT-12, OT-15): devices, who talks with whom, zones, and what changed since a moment. */
import { spanView, wholeHours, type Range } from "../range.ts";
import type { NetworkMap } from "../wire/api-traffic.ts";
import { mapAssets, type MapAsset } from "./asset-list.ts";
import {
  changeOf,
  clientOf,
  criticalPairs,
  drawEdges,
  edgeViews,
  nodesOf,
  OUTSIDE_NODE,
  serverOf,
  type Around,
} from "./map-edges.ts";
import { ownersOf, type Place, type Within } from "./place.ts";
import { readCriticalPairs } from "./commands.ts";
import { readEdges } from "./traffic.ts";
import { listZones } from "./zones.ts";

/** The node of all that is no device of the site. */
export const OUTSIDE = "outside";
type Node = NetworkMap["nodes"][number];

/** Both stores are asked at the same time. `since`, ms: what appeared after it and what was only seen before is marked. */
export async function readMap(within: Within, place: Place, range: Range, since: number | null): Promise<NetworkMap> {
  const { organisation, site } = place;
  const [facts, edges, pairs] = await Promise.all([
    within(async (tx) => ({
      assets: await mapAssets(tx, organisation, site),
      endpoints: await ownersOf(tx, site),
      zones: await listZones(tx, organisation, { site }),
    })),
    readEdges(place, range),
    readCriticalPairs(place, range),
  ]);
  const { assets, endpoints, zones } = facts;
  const nodeOf = nodesOf(endpoints, assets);
  const drawn = drawEdges(edges, nodeOf);
  const bytes = new Float64Array(assets.length + 1);
  for (let pair = 0; pair < drawn.pairs.size; pair++) {
    for (const node of [clientOf(drawn, pair), serverOf(drawn, pair)])
      bytes[node] = (bytes[node] as number) + (drawn.bytes[pair] as number);
  }
  const around: Around = {
    since,
    critical: criticalPairs(pairs, nodeOf),
    zones: [null, ...assets.map(({ zoneId }) => zoneId)],
    ids: [OUTSIDE, ...assets.map(({ id }) => id)],
  };
  const nodes = assets.flatMap((asset, i) => {
    const amount = bytes[i + 1] as number;
    const there = amount > 0 || (asset.last >= range.from && asset.first < range.to);
    return there ? nodeView(asset, amount, since) : [];
  });
  if ((bytes[OUTSIDE_NODE] as number) > 0) nodes.push(outside(range, bytes[OUTSIDE_NODE] as number));
  return {
    span: spanView(wholeHours(range)),
    since: since === null ? null : new Date(since).toISOString(),
    nodes,
    edgeTotal: drawn.pairs.size,
    edges: edgeViews(edges, drawn, around),
    zones,
  };
}

/** Name by name: taking an object apart and together again takes longer for thousands of them. */
const nodeView = (asset: MapAsset, bytes: number, since: number | null): Node => ({
  id: asset.id,
  name: asset.name,
  role: asset.role,
  zoneId: asset.zoneId,
  level: asset.level,
  learning: asset.learning,
  worst: asset.worst,
  findings: asset.findings,
  address: asset.address,
  kind: "asset",
  bytes,
  firstAt: new Date(asset.first).toISOString(),
  lastAt: new Date(asset.last).toISOString(),
  change: changeOf(since, asset.first, asset.last),
});

const outside = (range: Range, bytes: number): Node => ({
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
  bytes,
  firstAt: new Date(range.from).toISOString(),
  lastAt: new Date(range.to).toISOString(),
  change: null,
});
