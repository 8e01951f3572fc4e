import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import {
  addDays,
  addMonths,
  anchorIn,
  dayOf,
  daysBetween,
  daysIn,
  feeMonthOf,
  isDay,
  lastOfMonth,
  monthsFromEvent,
  monthsFromFirstDay,
  nextMonth,
  overlap,
  secondsOfDay,
  startOf,
  weekdayOf,
} from "./calendar.ts";

const days = [
  { instant: "2023-07-31T14:59:59.999Z", day: "2023-07-31", why: "the last millisecond of July in Tokyo" },
  { instant: "2023-07-31T15:00:00.000Z", day: "2023-08-01", why: "00:00 in Tokyo" },
  { instant: "2023-07-31T23:59:59.999Z", day: "2023-08-01", why: "still July in UTC" },
  { instant: "2023-08-01T06:59:59.999Z", day: "2023-08-01", why: "still July in Los Angeles" },
  { instant: "2024-02-28T15:00:00.000Z", day: "2024-02-29", why: "leap day" },
  { instant: "2026-12-31T15:00:00.000Z", day: "2027-01-01", why: "new year" },
];

describe("COM-04 an instant belongs to the day in Asia/Tokyo", () => {
  test.each(days)("$why", ({ instant, day }) => {
    expect(dayOf(new Date(instant))).toBe(day);
  });

  test.each(["UTC", "Asia/Tokyo", "America/Los_Angeles"])("with the host in %s", (zone) => {
    const program = `
      const { dayOf, startOf } = await import(${JSON.stringify(new URL("calendar.ts", import.meta.url).href)});
      const instants = ${JSON.stringify(days.map(({ instant }) => instant))};
      console.log(JSON.stringify({
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        days: instants.map((instant) => dayOf(new Date(instant))),
        start: startOf("2023-08-01").toISOString(),
      }));`;
    const run = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, TZ: zone },
      encoding: "utf8",
    });
    expect(JSON.parse(run.stdout)).toEqual({
      zone,
      days: days.map(({ day }) => day),
      start: "2023-07-31T15:00:00.000Z",
    });
  });
});

test.each([
  { text: "2024-02-29", is: true },
  { text: "2023-02-29", is: false },
  { text: "2023-13-01", is: false },
  { text: "2023-1-1", is: false },
  { text: "20230101", is: false },
  { text: "", is: false },
])("$text is a day: $is", ({ text, is }) => {
  expect(isDay(text)).toBe(is);
});

test("days are counted over month ends, and a day starts at 15:00 UTC of the day before", () => {
  expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  expect(startOf("2026-03-01").toISOString()).toBe("2026-02-28T15:00:00.000Z");
});

/** Days from 1600 to 2400. */
const anyDay = fc.integer({ min: -135_000, max: 157_000 }).map((days) => addDays("1970-01-01", days));

test("arithmetic is that of the Gregorian calendar, day for day", () => {
  fc.assert(
    fc.property(anyDay, anyDay, fc.integer({ min: -9_000, max: 9_000 }), (day, other, n) => {
      const plain = Temporal.PlainDate.from(day);
      expect(addDays(day, n)).toBe(plain.add({ days: n }).toString());
      expect(addMonths(day, n % 500)).toBe(plain.add({ months: n % 500 }).toString());
      expect(daysBetween(day, other)).toBe(plain.until(Temporal.PlainDate.from(other)).days);
      expect(weekdayOf(day)).toBe(plain.dayOfWeek);
      expect(lastOfMonth(day)).toBe(plain.with({ day: 31 }).toString());
      expect(nextMonth(day.slice(0, 7), n % 500)).toBe(
        Temporal.PlainYearMonth.from(day.slice(0, 7))
          .add({ months: n % 500 })
          .toString(),
      );
    }),
    { numRuns: 5_000 },
  );
});

test("COM-04: an instant's day is that of Asia/Tokyo, also while there was summer time", () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1940, 0, 1), max: Date.UTC(2100, 0, 1) }), (time) => {
      const there = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO("Asia/Tokyo");
      expect(dayOf(new Date(time))).toBe(there.toPlainDate().toString());
    }),
    { numRuns: 5_000 },
  );
  expect(secondsOfDay(new Date("2026-11-20T12:00:01+09:00"))).toBe(12 * 3600 + 1);
});

test.each(["2023-02-29", "2023-00-10", "2023-13-01", "2023-1-1", "soon", ""])("“%s” is refused", (text) => {
  expect(() => addDays(text, 1)).toThrow(RangeError);
});

test.each([
  // W-COM-4, RNS-74.
  { event: "2026-01-31", months: 1, last: "2026-02-28" },
  { event: "2026-02-28", months: 1, last: "2026-03-31" },
  { event: "2026-03-10", months: 1, last: "2026-04-10" },
  { event: "2026-01-27", months: 1, last: "2026-02-27" },
  { event: "2028-01-29", months: 1, last: "2028-02-29" },
  // W-RNS-6, W-UTM-14.
  { event: "2026-08-31", months: 6, last: "2027-02-28" },
])("COM-03: $months months from $event end on $last", ({ event, months, last }) => {
  expect(monthsFromEvent(event, months)).toBe(last);
});

test("COM-03: counted from a first day, months end on the eve of the corresponding day", () => {
  expect(monthsFromFirstDay("2026-05-01", 11)).toBe("2027-03-31");
  expect(monthsFromFirstDay("2021-06-01", 84)).toBe("2028-05-31");
  expect(monthsFromFirstDay("2026-01-31", 1)).toBe("2026-02-28");
});

test("COM-05: fee months follow each other without gap or overlap and return to their anchor", () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 1, max: 31 }), (day, anchor) => {
      const here = feeMonthOf(day, anchor);
      expect(here.from <= day && day <= here.to).toBe(true);
      expect(here.from).toBe(anchorIn(here.from.slice(0, 7), anchor));
      expect(feeMonthOf(addDays(here.to, 1), anchor).from).toBe(addDays(here.to, 1));
      expect(feeMonthOf(addDays(here.from, -1), anchor).to).toBe(addDays(here.from, -1));
      expect(daysIn(here)).toBeGreaterThanOrEqual(28);
      expect(daysIn(here)).toBeLessThanOrEqual(31);
    }),
    { numRuns: 3_000 },
  );
});

test("what two ranges share", () => {
  const range = (from: string, to: string) => ({ from, to });
  expect(overlap(range("2026-01-01", "2026-01-31"), range("2026-01-31", "2026-02-10"))).toEqual(
    range("2026-01-31", "2026-01-31"),
  );
  expect(overlap(range("2026-01-01", "2026-01-30"), range("2026-01-31", "2026-02-10"))).toBeNull();
  expect(daysIn(range("2026-01-02", "2026-01-01"))).toBe(0);
});
