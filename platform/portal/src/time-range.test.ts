/** Time ranges in the address, and wall clocks of zones. */
import { describe, expect, test } from "vitest";
import { rangeStep, readRange, writeRange } from "./time-range.ts";
import { dayIn, fromZoned, toZoned } from "./zoned.ts";

describe("ranges", () => {
  test.each([
    { search: {}, word: "1h" },
    { search: { range: "7d" }, word: "7d" },
    { search: { range: "2 weeks" }, word: "1h" },
    { search: { from: "2026-11-20T00:00:00Z" }, word: "1h" },
    { search: { from: "2026-11-20T01:00:00Z", to: "2026-11-20T00:00:00Z" }, word: "1h" },
    { search: { from: "never", to: "2026-11-20T00:00:00Z", range: "24h" }, word: "24h" },
  ])("$search is the last $word", ({ search, word }) => expect(readRange(search)).toEqual({ kind: "last", word }));
  test("two ends are kept to the millisecond", () => {
    const choice = { kind: "fixed", from: 1_795_000_000_123, to: 1_795_000_001_456 } as const;
    expect(readRange(writeRange(choice))).toEqual(choice);
  });
  test.each([
    { seconds: 900, step: 3_000 },
    { seconds: 60, step: 1_000 },
    { seconds: 31_536_000, step: 300_000 },
  ])("a range of $seconds s moves every $step ms", ({ seconds, step }) => expect(rangeStep(seconds)).toBe(step));
});

describe("wall clocks", () => {
  test.each([
    { text: "2026-11-20T15:04:05", zone: "Asia/Tokyo", at: "2026-11-20T06:04:05Z" },
    { text: "2026-07-01T12:00:00", zone: "Europe/Berlin", at: "2026-07-01T10:00:00Z" },
    { text: "2026-12-01T12:00:00", zone: "America/New_York", at: "2026-12-01T17:00:00Z" },
  ])("$text in $zone is $at, and back", ({ text, zone, at }) => {
    expect(fromZoned(text, zone)).toBe(Date.parse(at));
    expect(toZoned(Date.parse(at), zone)).toBe(text);
  });
  test("in the repeated hour of autumn the first is meant", () =>
    expect(fromZoned("2026-10-25T02:30:00", "Europe/Berlin")).toBe(Date.parse("2026-10-25T00:30:00Z")));
  test("after a change the new offset holds", () =>
    expect(fromZoned("2026-03-29T03:30:00", "Europe/Berlin")).toBe(Date.parse("2026-03-29T01:30:00Z")));
  test("what is no time is not a number", () => expect(fromZoned("", "Asia/Tokyo")).toBeNaN());
  test("the day turns at the zone's midnight", () => {
    expect(dayIn("Asia/Tokyo", Date.parse("2026-11-20T14:59:59Z"))).toBe("2026-11-20");
    expect(dayIn("Asia/Tokyo", Date.parse("2026-11-20T15:00:00Z"))).toBe("2026-11-21");
  });
});
