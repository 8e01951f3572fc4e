/** COM-02: ranges are half-open in the data, and told by the last day in force. */
import { expect, test } from "vitest";
import { lastDayOf, placeOf, tellValue } from "./in-force.ts";

test.each([
  { from: null, until: "2023-08-01", place: "past", last: "2023-07-31" },
  { from: "2023-08-01", until: null, place: "now", last: null },
  { from: "2026-11-20", until: "2026-11-21", place: "now", last: "2026-11-20" },
  { from: "2026-11-21", until: null, place: "coming", last: null },
] as const)("$from to $until is $place on 2026-11-20", ({ from, until, place, last }) => {
  expect(placeOf({ from, until }, "2026-11-20")).toBe(place);
  expect(lastDayOf({ from, until })).toBe(last);
});

test("values are told as they are, lists and objects as JSON, nothing as a dash", () => {
  expect([tellValue("a"), tellValue(2), tellValue(["x"]), tellValue(null)]).toEqual(["a", "2", '["x"]', "–"]);
});
