/** The time line of a contract: past newest first, coming soonest first, months and days counted by the calendar. */
import { expect, test } from "vitest";
import { addMonth, daysTo, layTimeline, mergeRepeats } from "./timeline-order.ts";

test("what happens today is past; both sides are ordered from today outwards", () => {
  const at = (id: string, on: string, order = 0) => ({ id, on, order });
  const laid = layTimeline(
    [
      at("late", "2026-12-31"),
      at("b", "2026-11-20", 2),
      at("a", "2026-11-20", 1),
      at("soon", "2026-11-21"),
      at("old", "2024-02-29"),
    ],
    "2026-11-20",
  );
  expect(laid.past.map(({ id }) => id)).toEqual(["b", "a", "old"]);
  expect(laid.coming.map(({ id }) => id)).toEqual(["soon", "late"]);
});

test.each([
  { from: "2026-11-20", to: "2026-11-20", days: 0 },
  { from: "2026-11-20", to: "2026-12-01", days: 11 },
  { from: "2024-03-01", to: "2024-02-28", days: -2 },
])("$from to $to are $days days", ({ from, to, days }) => expect(daysTo(from, to)).toBe(days));

test.each([
  { month: "2026-11", months: 2, after: "2027-01" },
  { month: "2026-01", months: -1, after: "2025-12" },
  { month: "2026-12", months: 12, after: "2027-12" },
])("$month and $months months are $after", ({ month, months, after }) => expect(addMonth(month, months)).toBe(after));

test("equal costs one after the other are told once; anything between them parts them", () => {
  const runs = mergeRepeats([5, 5, 5, 7, 5], (before, next) => before === next);
  expect(runs.map(({ event, times }) => [event, times])).toEqual([
    [5, 3],
    [7, 1],
    [5, 1],
  ]);
});
