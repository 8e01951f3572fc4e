/** Days turn at the zone's midnight. */
import { expect, test } from "vitest";
import { dayIn } from "./zoned.ts";

test.each([
  { zone: "Asia/Tokyo", at: "2026-11-20T14:59:59Z", day: "2026-11-20" },
  { zone: "Asia/Tokyo", at: "2026-11-20T15:00:00Z", day: "2026-11-21" },
  { zone: "America/New_York", at: "2026-01-01T04:59:59Z", day: "2025-12-31" },
])("$at in $zone is $day", ({ zone, at, day }) => expect(dayIn(zone, Date.parse(at))).toBe(day));
