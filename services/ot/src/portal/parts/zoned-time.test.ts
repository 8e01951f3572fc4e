import { expect, test } from "vitest";
import { dayAfter, instantOf, localTime } from "./zoned-time.ts";

test("a local time and its instant are each other's", () => {
  expect(instantOf("2026-11-20T09:00", "Asia/Tokyo")).toBe("2026-11-20T00:00:00.000Z");
  expect(localTime("2026-11-20T00:00:00.000Z", "Asia/Tokyo")).toBe("2026-11-20T09:00");
  for (const zone of ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"]) {
    for (const at of ["2026-01-15T23:30:00.000Z", "2026-07-01T00:00:00.000Z"])
      expect(instantOf(localTime(at, zone), zone)).toBe(at);
  }
});

test("a day begins at midnight of the zone, also on days of clock changes", () => {
  expect(instantOf("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
  expect(instantOf("2026-10-26", "Europe/Berlin")).toBe("2026-10-25T23:00:00.000Z");
  expect(instantOf("2026-11-20", "Asia/Tokyo")).toBe("2026-11-19T15:00:00.000Z");
});

test("what is no time is null", () => {
  expect(instantOf("", "Asia/Tokyo")).toBeNull();
  expect(instantOf("2026-13-45", "Asia/Tokyo")).toBeNull();
  expect(instantOf("tomorrow", "Asia/Tokyo")).toBeNull();
});

test("days are counted over the end of a month", () => {
  expect(dayAfter("2026-11-30")).toBe("2026-12-01");
  expect(dayAfter("2026-03-01", -1)).toBe("2026-02-28");
});
