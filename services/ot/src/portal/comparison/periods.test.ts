import { expect, test } from "vitest";
import { periodsOf, spanOf, type Given } from "./periods.ts";

const free = {
  before: { first: "2026-10-01", last: "2026-10-31" },
  after: { first: "2026-11-01", last: "2026-11-20" },
};
/** A Friday. */
const given = (more: Partial<Given>): Given => ({
  preset: "days",
  today: "2026-11-20",
  day: "2026-11-18",
  free,
  ...more,
});

test("yesterday and today, last week and this week from Monday", () => {
  expect(periodsOf(given({}))).toEqual({
    before: { first: "2026-11-19", last: "2026-11-19" },
    after: { first: "2026-11-20", last: "2026-11-20" },
  });
  expect(periodsOf(given({ preset: "weeks" }))).toEqual({
    before: { first: "2026-11-09", last: "2026-11-15" },
    after: { first: "2026-11-16", last: "2026-11-20" },
  });
  expect(periodsOf(given({ preset: "weeks", today: "2026-11-22" }))?.after.first).toBe("2026-11-16");
});

test("before and after a day: equally long, at most a week", () => {
  expect(periodsOf(given({ preset: "since" }))).toEqual({
    before: { first: "2026-11-15", last: "2026-11-17" },
    after: { first: "2026-11-18", last: "2026-11-20" },
  });
  expect(periodsOf(given({ preset: "since", day: "2026-11-01" }))).toEqual({
    before: { first: "2026-10-25", last: "2026-10-31" },
    after: { first: "2026-11-01", last: "2026-11-07" },
  });
  expect(periodsOf(given({ preset: "since", day: "2026-11-21" }))).toBeNull();
});

test("free periods must be two that have begun", () => {
  expect(periodsOf(given({ preset: "free" }))).toEqual(free);
  const turned = { ...free, after: { first: "2026-11-20", last: "2026-11-01" } };
  expect(periodsOf(given({ preset: "free", free: turned }))).toBeNull();
  expect(periodsOf(given({ preset: "free", free: { ...free, after: { first: "", last: "" } } }))).toBeNull();
});

test("days become instants of the zone, and the day that lasts ends now", () => {
  const now = Date.parse("2026-11-20T03:00:10Z");
  expect(spanOf({ first: "2026-11-19", last: "2026-11-19" }, "Asia/Tokyo", now)).toEqual({
    from: "2026-11-18T15:00:00.000Z",
    to: "2026-11-19T15:00:00.000Z",
  });
  expect(spanOf({ first: "2026-11-20", last: "2026-11-20" }, "Asia/Tokyo", now)?.to).toBe("2026-11-20T03:01:00.000Z");
  expect(spanOf({ first: "2026-11-22", last: "2026-11-23" }, "Asia/Tokyo", now)).toBeNull();
});
