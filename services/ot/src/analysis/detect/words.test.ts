import { describe, expect, test } from "vitest";
import { insideCidr, isGroup, isPublic } from "./addresses.ts";
import { atDay, atMinute, bytesText, deviation, median, pastWords, periodText, sentWords } from "./words.ts";

describe("figures in sentences", () => {
  test("bytes, periods and times as people write them", () => {
    expect([999, 1_000, 2_550_000, 3e9, 5e15].map(bytesText)).toEqual([
      "999 B",
      "1.0 kB",
      "2.5 MB",
      "3.0 GB",
      "5000.0 TB",
    ]);
    expect([250, 2_500, 100_000, 1_500_000, 240_000_000, 1e10].map(periodText)).toEqual([
      "250 µs",
      "2.5 ms",
      "100 ms",
      "1.5 s",
      "4 min",
      "2.8 h",
    ]);
    expect(atMinute(Date.UTC(2026, 8, 1, 15, 5), 540)).toBe("2026-09-02 00:05");
    expect(atDay(Date.UTC(2026, 8, 1, 15, 5), 0)).toBe("2026-09-01");
  });
  test("how often, in plain words", () => {
    expect(pastWords(0, null).en).toBe("never before");
    expect(pastWords(1, "2026-09-02 00:05").en).toBe("once, last on 2026-09-02 00:05");
    expect(pastWords(3, "2026-09-02 00:05").ja).toBe("3回(最後は2026-09-02 00:05)");
    expect([sentWords(1, 0), sentWords(3, 2), sentWords(2, 2)].map(({ en }) => en)).toEqual([
      "once",
      "3 times, 2 of them refused by the device",
      "2 times, all refused by the device",
    ]);
    expect(sentWords(3, 2).ja).toBe("3回送りました(うち2回は機器が拒否)");
  });
  test("median and scaled deviation stand one wild value", () => {
    expect(median([])).toBe(0);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(deviation([10, 11, 9, 10, 1_000])).toBeCloseTo(1.4826);
  });
});

describe("addresses", () => {
  test.each([
    ["192.168.1.7", "192.168.0.0/16", true],
    ["192.169.1.7", "192.168.0.0/16", false],
    ["10.0.0.1", "10.0.0.1", true],
    ["10.0.0.1", "0.0.0.0/0", true],
    ["2001:db8::1", "2001:db8::/32", true],
    ["2001:db9::1", "2001:db8::/32", false],
    ["fe80::1", "fe80::/10", true],
    ["10.0.0.1", "2001:db8::/32", false],
    ["token-7f", "10.0.0.0/8", false],
    ["10.0.0.1", "10.0.0.0/33", false],
  ])("%s in %s: %s", (address, cidr, inside) => {
    expect(insideCidr(address, cidr)).toBe(inside);
  });
  test("groups and the Internet", () => {
    expect([
      isGroup("01:00:5e:00:00:fb", null),
      isGroup("02:00:00:00:00:01", "224.0.0.251"),
      isGroup(null, "10.0.0.255"),
    ]).toEqual([true, true, false]);
    expect(["8.8.8.8", "10.1.2.3", "2400:cb00::1", "fd00::1", "token-7f"].map(isPublic)).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});
