/** How numbers, durations, dates and times read in both languages. */
import { describe, expect, test } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatChange,
  formatDate,
  formatDay,
  formatDuration,
  formatInstant,
  formatMonth,
  formatNumber,
  formatPercent,
  formatSpan,
  formatTime,
  formatYen,
  formatZone,
} from "./format.ts";

const at = Date.UTC(2026, 10, 20, 6, 4, 5, 678);
const tokyo = { zone: "Asia/Tokyo" } as const;

describe("durations from microseconds", () => {
  test.each([
    { us: 0, text: "0 µs" },
    { us: 850, text: "850 µs" },
    { us: 1_234, text: "1.23 ms" },
    { us: 12_345, text: "12.3 ms" },
    { us: 123_456, text: "123 ms" },
    { us: 1_250_000, text: "1.25 s" },
    { us: 125_000_000, text: "2 min 5 s" },
    { us: -1_500, text: "-1.50 ms" },
    { us: null, text: "–" },
  ])("$us is $text", ({ us, text }) => expect(formatDuration(us, "en")).toBe(text));
  test("seconds are named in Japanese", () => expect(formatDuration(1_250_000, "ja")).toBe("1.25 秒"));
});

describe("shares never hide a loss", () => {
  test.each([
    { share: 0, text: "0%" },
    { share: 0.00001, text: "<0.01%" },
    { share: 0.0004, text: "0.04%" },
    { share: 0.0123, text: "1.2%" },
    { share: 0.5, text: "50%" },
    { share: 0.9997, text: "99.97%" },
    { share: 0.99999, text: "99.99%" },
    { share: 1, text: "100%" },
    { share: null, text: "–" },
  ])("$share is $text", ({ share, text }) => expect(formatPercent(share, "ja")).toBe(text));
});

describe("dates and times", () => {
  test.each([
    { language: "en", text: "2026-11-20" },
    { language: "ja", text: "2026年11月20日(金)" },
  ] as const)("a date in $language", ({ language, text }) => expect(formatDate(at, { language, ...tokyo })).toBe(text));
  test.each([
    { zone: "Asia/Tokyo", text: "2026-11-20 15:04" },
    { zone: "America/New_York", text: "2026-11-20 01:04" },
    { zone: "UTC", text: "2026-11-20 06:04" },
  ])("an instant in $zone", ({ zone, text }) => expect(formatInstant(at, { language: "en", zone })).toBe(text));
  test.each([
    { precision: "minute", text: "15:04" },
    { precision: "second", text: "15:04:05" },
    { precision: "millisecond", text: "15:04:05.678" },
  ] as const)("a time to the $precision", ({ precision, text }) =>
    expect(formatTime(at, { language: "ja", ...tokyo }, precision)).toBe(text),
  );
  test("midnight is 00:00, not 24:00", () =>
    expect(formatTime(Date.UTC(2026, 0, 1, 15), { language: "ja", ...tokyo }, "minute")).toBe("00:00"));
  test("a calendar day has no zone", () => expect(formatDay("2026-03-01", "ja")).toBe("2026年3月1日(日)"));
  test.each([
    { zone: "Asia/Tokyo", text: "JST" },
    { zone: "UTC", text: "UTC" },
    { zone: "Europe/Berlin", text: "UTC+1" },
  ])("$zone is shown as $text", ({ zone, text }) => expect(formatZone(zone, at)).toBe(text));
});

describe("spans and ages", () => {
  test.each([
    { seconds: 0, en: "0 s", ja: "0秒" },
    { seconds: 61, en: "1 min 1 s", ja: "1分1秒" },
    { seconds: 3_600, en: "1 h", ja: "1時間" },
    { seconds: 273_600, en: "3 d 4 h", ja: "3日4時間" },
  ])("$seconds s", ({ seconds, en, ja }) => {
    expect(formatSpan(seconds, "en")).toBe(en);
    expect(formatSpan(seconds, "ja")).toBe(ja);
  });
  test.each([
    { before: 3_000, en: "just now", ja: "たった今" },
    { before: 90_000, en: "1 min ago", ja: "1分前" },
    { before: 7_300_000, en: "2 h ago", ja: "2時間前" },
    { before: -120_000, en: "in 2 min", ja: "2分後" },
  ])("$before ms before", ({ before, en, ja }) => {
    expect(formatAgo(at - before, at, "en")).toBe(en);
    expect(formatAgo(at - before, at, "ja")).toBe(ja);
  });
});

describe("figures", () => {
  test("yen", () => {
    expect(formatYen(1_234_567, "ja")).toBe("1,234,567円");
    expect(formatYen(1_234_567, "en")).toBe("¥1,234,567");
    expect([formatMonth("2026-11", "ja"), formatMonth("2026-01", "en")]).toEqual(["2026年11月", "January 2026"]);
    expect([500, 0, -500].map((yen) => formatChange(yen, "ja"))).toEqual(["+500円", "±0円", "−500円"]);
    expect(formatYen(-500, "ja")).toBe("−500円");
    expect(formatYen(-500, "en")).toBe("−¥500");
  });
  test.each([
    { bytes: 999, text: "999 B" },
    { bytes: 1_500, text: "1.5 kB" },
    { bytes: 123_456_789, text: "123 MB" },
  ])("$bytes bytes", ({ bytes, text }) => expect(formatBytes(bytes, "en")).toBe(text));
  test("nothing is a dash, never zero", () => expect(formatNumber(null, "ja")).toBe("–"));
});
