import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { addDays, dayOf, isDay, startOf } from "./calendar.ts";

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
