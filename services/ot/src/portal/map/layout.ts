/**
 * Where devices stand on the map: bands by Purdue level with the office above and the process below, in them a box for each zone,
 * in it a grid. The same network always looks the same: an operator finds a device where it stood yesterday.
 */
import type { NetworkMap } from "../../wire/api-traffic.ts";
import { roles } from "../../analysis/model.ts";

export type MapNode = NetworkMap["nodes"][number];
export type MapEdge = NetworkMap["edges"][number];

/** Size of a device's cell with its name, and of what stands around, in units of the drawing. */
export const CELL = { width: 104, height: 76 } as const;
const PAD = 18;
const HEAD = 26;
const GAP = 26;
const BAND_GAP = 34;
/** Boxes are laid in rows no wider than this; on a phone no wider than four devices. */
const WIDEST = 1_560;
export const NARROW: number = 4 * CELL.width + 2 * PAD;

export interface Placed {
  readonly node: MapNode;
  /** Centre of the icon. */
  readonly x: number;
  readonly y: number;
}
export interface Box {
  readonly id: string;
  /** Null: devices of no zone. */
  readonly name: string | null;
  readonly level: number | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Band {
  readonly level: number | null;
  readonly y: number;
  readonly height: number;
}
export interface Layout {
  readonly nodes: ReadonlyMap<string, Placed>;
  readonly boxes: readonly Box[];
  readonly bands: readonly Band[];
  readonly width: number;
  readonly height: number;
}

interface Group {
  readonly id: string;
  readonly name: string | null;
  readonly level: number | null;
  readonly nodes: MapNode[];
}

export function layOut(map: Pick<NetworkMap, "nodes" | "edges" | "zones">, widest: number = WIDEST): Layout {
  const groups = groupsOf(map);
  const order = neighbourOrder(groups, map.edges);
  const levels = [...new Set(groups.map(({ level }) => level))].sort((a, b) => rank(b) - rank(a));
  const nodes = new Map<string, Placed>();
  const boxes: Box[] = [];
  const bands: Band[] = [];
  let [y, width] = [0, 0];
  for (const level of levels) {
    const top = y;
    let [x, rowHeight] = [0, 0];
    for (const group of groups.filter((one) => one.level === level)) {
      const columns = Math.min(columnsFor(group.nodes.length), Math.floor((widest - 2 * PAD) / CELL.width));
      const size = {
        width: columns * CELL.width + 2 * PAD,
        height: Math.ceil(group.nodes.length / columns) * CELL.height + HEAD + PAD,
      };
      if (x > 0 && x + size.width > widest) {
        y += rowHeight + GAP;
        [x, rowHeight] = [0, 0];
      }
      boxes.push({ id: group.id, name: group.name, level, x, y, ...size });
      for (const [i, node] of group.nodes.toSorted((a, b) => order(a) - order(b) || byRole(a, b)).entries())
        nodes.set(node.id, {
          node,
          x: x + PAD + ((i % columns) + 0.5) * CELL.width,
          y: y + HEAD + Math.floor(i / columns) * CELL.height + 24,
        });
      x += size.width + GAP;
      width = Math.max(width, x - GAP);
      rowHeight = Math.max(rowHeight, size.height);
    }
    y += rowHeight;
    bands.push({ level, y: top, height: y - top });
    y += BAND_GAP;
  }
  return { nodes, boxes, bands, width, height: Math.max(0, y - BAND_GAP) };
}

/** A little wider than high. */
const columnsFor = (count: number): number => Math.max(1, Math.min(14, Math.ceil(Math.sqrt(count * 1.7))));
/** Unknown levels stand below all others. */
const rank = (level: number | null): number => level ?? -1;

function groupsOf({ nodes, zones }: Pick<NetworkMap, "nodes" | "zones">): Group[] {
  const known = new Map(zones.map((zone) => [zone.id, zone]));
  const groups = new Map<string, Group>();
  for (const node of nodes) {
    const zone = node.zoneId === null ? undefined : known.get(node.zoneId);
    const level = node.kind === "outside" ? 6 : (zone?.level ?? (zone === undefined ? node.level : null));
    const id = zone?.id ?? (node.kind === "outside" ? "outside" : `level ${level ?? "?"}`);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { id, name: zone?.name ?? null, level, nodes: [node] });
    else group.nodes.push(node);
  }
  const position = (group: Group): number => known.get(group.id)?.position ?? Number.MAX_SAFE_INTEGER;
  return [...groups.values()]
    .map(withLevel)
    .sort(
      (a, b) => position(a) - position(b) || (a.name ?? "~").localeCompare(b.name ?? "~") || (a.id < b.id ? -1 : 1),
    );
}
/** A zone without a level stands where most of its devices belong. */
function withLevel(group: Group): Group {
  if (group.level !== null) return group;
  const levels = group.nodes.flatMap(({ level }) => level ?? []).sort((a, b) => a - b);
  return { ...group, level: levels[Math.floor(levels.length / 2)] ?? null };
}

const byRole = (a: MapNode, b: MapNode): number =>
  roles.indexOf(a.role) - roles.indexOf(b.role) || a.name.localeCompare(b.name, "en", { numeric: true });

/**
 * Devices that talk to the same others stand near each other: inside its box each device goes by the mean place of its peers
 * (two sweeps of the barycentre rule). Equal places go by role and name.
 */
function neighbourOrder(groups: readonly Group[], edges: readonly MapEdge[]): (node: MapNode) => number {
  const place = new Map<string, number>();
  for (const group of groups)
    for (const [i, node] of group.nodes.toSorted(byRole).entries()) place.set(node.id, i / group.nodes.length);
  const peers = new Map<string, string[]>();
  for (const { client, server } of edges)
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      const list = peers.get(one);
      if (list === undefined) peers.set(one, [other]);
      else list.push(other);
    }
  for (let sweep = 0; sweep < 2; sweep++)
    for (const group of groups) {
      const wanted = new Map(
        group.nodes.map((node) => {
          const list = peers.get(node.id) ?? [];
          const sum = list.reduce((total, peer) => total + (place.get(peer) ?? 0), 0);
          return [node.id, list.length === 0 ? (place.get(node.id) ?? 0) : sum / list.length] as const;
        }),
      );
      const sorted = group.nodes.toSorted((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0) || byRole(a, b));
      for (const [i, node] of sorted.entries()) place.set(node.id, i / sorted.length);
    }
  return (node) => place.get(node.id) ?? 0;
}

/** The device whose icon lies nearest to a point, within a reach. */
export function nearest(layout: Layout, x: number, y: number, reach: number): Placed | null {
  let [found, best]: [Placed | null, number] = [null, reach];
  for (const placed of layout.nodes.values()) {
    const distance = Math.hypot(placed.x - x, placed.y - y);
    if (distance <= best) [found, best] = [placed, distance];
  }
  return found;
}

/** The next device from one in a direction of the keyboard: near, and rather straight ahead than aside. */
export function towards(layout: Layout, from: Placed, direction: "left" | "right" | "up" | "down"): Placed | null {
  const [dx, dy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[direction] as [number, number];
  let [found, best]: [Placed | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const placed of layout.nodes.values()) {
    const [x, y] = [placed.x - from.x, placed.y - from.y];
    const ahead = x * dx + y * dy;
    if (ahead <= 0) continue;
    const cost = ahead + 3 * Math.abs(x * dy + y * dx);
    if (cost < best) [found, best] = [placed, cost];
  }
  return found;
}
