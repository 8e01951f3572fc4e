/** The time range in the address, zooming and moving. */
import { expect, test } from "vitest";
import { boundsOf, panned, presets, readRange, selected, widthWord, writeRange, zoomed, type Range } from "./range.ts";

const NOW = Date.parse("2026-11-20T03:00:00Z") / 1000;

test.each([
  { search: {}, range: { kind: "live", width: 900 } },
  { search: { range: "1m" }, range: { kind: "live", width: 60 } },
  { search: { range: "90s" }, range: { kind: "live", width: 90 } },
  { search: { range: "1y" }, range: { kind: "live", width: 366 * 86_400 } },
  { search: { range: "1s" }, range: { kind: "live", width: 5 } },
  { search: { range: "nonsense" }, range: { kind: "live", width: 900 } },
  {
    search: { from: "2026-11-20T01:00:00Z", to: "2026-11-20T02:00:00Z" },
    range: { kind: "fixed", from: NOW - 7200, to: NOW - 3600 },
  },
  { search: { from: "2026-11-20T02:00:00Z", to: "2026-11-20T01:00:00Z" }, range: { kind: "live", width: 900 } },
])("reads $search", ({ search, range }) => expect(readRange(search)).toEqual(range));

test("what is written is read again", () => {
  const ranges: Range[] = [
    ...presets.map(([, width]) => ({ kind: "live", width }) as const),
    { kind: "live", width: 77 },
    { kind: "fixed", from: NOW - 10.5, to: NOW },
  ];
  for (const range of ranges) expect(readRange(writeRange(range))).toEqual(range);
});
test.each([
  [60, "1m"],
  [86_400, "24h"],
  [172_800, "2d"],
  [7200, "2h"],
  [61, "61s"],
])("%d s is written %s", (width, word) => expect(widthWord(width)).toBe(word));

test("a live range stays live when zoomed", () => {
  expect(zoomed({ kind: "live", width: 900 }, 0.5, NOW - 100, NOW)).toEqual({ kind: "live", width: 450 });
});
test("a fixed range keeps the instant under the pointer", () => {
  const range = { kind: "fixed", from: NOW - 8000, to: NOW - 4000 } as const;
  const next = zoomed(range, 0.5, NOW - 7000, NOW);
  expect(next).toEqual({ kind: "fixed", from: NOW - 7500, to: NOW - 5500 });
});
test("nothing reaches into the future", () => {
  const range = { kind: "fixed", from: NOW - 100, to: NOW } as const;
  expect(zoomed(range, 4, NOW - 90, NOW)).toEqual({ kind: "fixed", from: NOW - 400, to: NOW });
  expect(panned(range, 0.5, NOW)).toEqual(range);
  expect(panned({ kind: "live", width: 100 }, -0.5, NOW)).toEqual({ kind: "fixed", from: NOW - 150, to: NOW - 50 });
});
test("a selection works in both directions and is never narrower than data can be", () => {
  expect(selected(NOW - 50, NOW - 80, NOW)).toEqual({ kind: "fixed", from: NOW - 80, to: NOW - 50 });
  const narrow = boundsOf(selected(NOW - 50, NOW - 50, NOW), NOW);
  expect(narrow.to - narrow.from).toBe(5);
});
