import { describe, expect, test } from "vitest";
import type { NetworkMap } from "../../wire/api-traffic.ts";
import { CELL, layOut, NARROW, nearest, towards, type MapNode } from "./layout.ts";

const node = (id: string, change: Partial<MapNode> = {}): MapNode => ({
  id,
  kind: "asset",
  name: id,
  role: "plc",
  address: null,
  zoneId: null,
  level: 1,
  learning: "watching",
  worst: null,
  findings: 0,
  bytes: 1,
  firstAt: "2026-11-20T00:00:00Z",
  lastAt: "2026-11-20T00:00:00Z",
  change: null,
  ...change,
});
const zone = (id: string, level: number | null, position = 0): NetworkMap["zones"][number] => ({
  id,
  siteId: "s",
  name: id,
  level,
  subnets: [],
  vlans: [],
  origin: "given",
  position,
  assets: 0,
});
const edge = (client: string, server: string): NetworkMap["edges"][number] => ({
  client,
  server,
  protocols: ["modbus"],
  ot: true,
  bytes: 1,
  packets: 1,
  critical: false,
  crossZone: false,
  firstAt: "",
  lastAt: "",
  change: null,
});
const many = (count: number): NetworkMap["nodes"] =>
  Array.from({ length: count }, (_, i) => node(`n${i}`, { zoneId: `z${i % 12}`, level: i % 4 }));
const zones = Array.from({ length: 12 }, (_, i) => zone(`z${i}`, i % 4, i));

describe("OT-11 OT-12 the map", () => {
  test("the office stands above the process, the outside above all, the unknown below all", () => {
    const layout = layOut({
      nodes: [
        node("plc", { level: 1 }),
        node("pc", { level: 4 }),
        node("net", { kind: "outside" }),
        node("x", { level: null }),
      ],
      edges: [],
      zones: [],
    });
    expect(layout.bands.map(({ level }) => level)).toEqual([6, 4, 1, null]);
    expect(layout.bands.map(({ y }) => y)).toEqual(layout.bands.map(({ y }) => y).toSorted((a, b) => a - b));
  });

  test("500 devices: no two overlap, each lies in the box of its zone, no boxes overlap", () => {
    const layout = layOut({ nodes: many(500), edges: [], zones });
    const placed = [...layout.nodes.values()];
    expect(placed).toHaveLength(500);
    const seen = new Set(placed.map(({ x, y }) => `${x} ${y}`));
    expect(seen.size).toBe(500);
    for (const { node: one, x, y } of placed) {
      const box = layout.boxes.find(({ id }) => id === one.zoneId);
      expect(box !== undefined && x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height).toBe(true);
    }
    for (const a of layout.boxes)
      for (const b of layout.boxes)
        if (a !== b)
          expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(
            true,
          );
  });

  test("the same network looks the same, in whatever order it is told", () => {
    const map = { nodes: many(60), edges: [edge("n1", "n2"), edge("n3", "n4")], zones };
    const again = layOut({ ...map, nodes: map.nodes.toReversed(), edges: map.edges.toReversed() });
    for (const [id, { x, y }] of layOut(map).nodes) expect(again.nodes.get(id)).toMatchObject({ x, y });
  });

  test("a zone without a level stands where most of its devices belong", () => {
    const nodes = [1, 1, 3].map((level, i) => node(`n${i}`, { zoneId: "z", level }));
    expect(layOut({ nodes, edges: [], zones: [zone("z", null)] }).boxes[0]?.level).toBe(1);
  });

  test("a point finds the device under it, the keyboard the next one in its direction", () => {
    const layout = layOut({ nodes: [node("a"), node("b"), node("c"), node("d")], edges: [], zones: [] });
    const a = layout.nodes.get("a");
    if (a === undefined) throw new Error("not placed");
    expect(nearest(layout, a.x + 3, a.y - 3, 20)?.node.id).toBe("a");
    expect(nearest(layout, a.x - 60, a.y, 20)).toBeNull();
    const right = towards(layout, a, "right");
    expect(right?.x).toBe(a.x + CELL.width);
    expect(towards(layout, a, "left")).toBeNull();
  });
});

test("on a phone no row is wider than four devices", () => {
  const layout = layOut({ nodes: many(60), edges: [], zones }, NARROW);
  expect(layout.width).toBeLessThanOrEqual(NARROW);
  expect(layout.nodes.size).toBe(60);
});
