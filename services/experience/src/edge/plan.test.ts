import { expect, test } from "vitest";
import { Circle, DueHeap, stableHash } from "./plan.ts";

const id = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const placesOf = (count: number): number[] => {
  const circle = new Circle();
  return Array.from({ length: count }, (_, i) => circle.take(id(i)));
};
const gaps = (places: readonly number[]): number[] => {
  const sorted = places.toSorted((a, b) => a - b);
  return sorted.map((place, i) =>
    i === 0 ? 1 + place - (sorted.at(-1) as number) : place - (sorted[i - 1] as number),
  );
};

test.each([
  // Even spacing would be 1/n; random places would leave two of 10,000 within 1e-8 and bunches of 25 in a thousandth.
  { count: 2, closest: 0.25, fullest: 2 },
  { count: 10, closest: 0.03, fullest: 2 },
  { count: 10_000, closest: 1e-5, fullest: 15 },
])("$count sessions of one interval are never bunched", ({ count, closest, fullest }) => {
  const places = placesOf(count);
  expect(Math.min(...gaps(places))).toBeGreaterThan(closest);
  const bins = new Map<number, number>();
  for (const place of places) bins.set(Math.floor(place * 1000), (bins.get(Math.floor(place * 1000)) ?? 0) + 1);
  expect(Math.max(...bins.values())).toBeLessThanOrEqual(fullest);
  expect(places.every((place) => place >= 0 && place < 1)).toBe(true);
});

test("the same sessions get the same places again", () => {
  expect(placesOf(50)).toEqual(placesOf(50));
});

test("a place that is given back is taken again, and the others stay", () => {
  const circle = new Circle();
  const places = ["a", "b", "c"].map((session) => circle.take(session));
  circle.free(places[1] as number);
  expect(circle.take("b")).toBe(places[1]);
});

test("the hash is spread evenly", () => {
  const sixteenths = Array<number>(16).fill(0);
  for (let i = 0; i < 16_000; i++) {
    const bin = Math.floor(stableHash(id(i), 0) * 16);
    sixteenths[bin] = (sixteenths[bin] ?? 0) + 1;
  }
  expect(Math.min(...sixteenths)).toBeGreaterThan(850);
  expect(Math.max(...sixteenths)).toBeLessThan(1150);
});

test("the heap gives what is due first, after any order of pushes and raises", () => {
  const heap = new DueHeap<{ due: number }>();
  for (let i = 0; i < 200; i++) heap.push({ due: Math.floor(stableHash(String(i), 1) * 1000) });
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < 600; i++) {
    const first = heap.peek() as { due: number };
    expect(first.due).toBeGreaterThanOrEqual(last);
    last = first.due;
    first.due += 1 + Math.floor(stableHash(String(i), 2) * 500);
    heap.sink();
  }
  heap.keep((item) => item.due % 2 === 0);
  expect((heap.peek() as { due: number }).due % 2).toBe(0);
});
