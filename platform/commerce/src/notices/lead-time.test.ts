import { describe, expect, test } from "vitest";
import type { NoticeRule } from "../charging/offer.ts";
import type { Tables } from "../charging/tables.ts";
import { earliestDay, effectiveTime, sayEffect } from "./lead-time.ts";

const tables: Tables = {
  terms: [],
  prices: [],
  taxRates: [],
  statutoryRates: [],
  calendars: {
    closed: [{ day: "2026-11-23", kind: "national-holiday", name: { ja: "祝", en: "holiday" }, service: null }],
    activities: [],
  },
  settings: [{ service: "security", key: "withdrawal-notice-days", value: 30, from: null, until: null }],
};
const rule = (lead: NoticeRule["lead"], effective: NoticeRule["effective"] = "by-channel"): NoticeRule => ({
  rule: "X-01",
  kind: "withdrawal",
  name: { ja: "", en: "" },
  lead,
  channels: ["web"],
  effective,
  states: [],
  emergencyWithoutLead: false,
  by: "provider",
});

describe("the earliest day that a notice may announce", () => {
  test.each([
    { name: "RNS-02 without notice", lead: { count: 0, unit: "none" }, given: "2026-11-20", earliest: null },
    { name: "UTM-02 before the date", lead: { count: 0, unit: "before" }, given: "2026-11-20", earliest: "2026-11-21" },
    {
      name: "W-RNS-7 RNS-19 two months",
      lead: { count: 2, unit: "month" },
      given: "2026-10-31",
      earliest: "2026-12-31",
    },
    { name: "RNS-19 a day later", lead: { count: 2, unit: "month" }, given: "2026-11-01", earliest: "2027-01-01" },
    {
      name: "A-RNS-20 W-RNS-7 one month",
      lead: { count: 1, unit: "month" },
      given: "2028-02-29",
      earliest: "2028-03-29",
    },
    { name: "A-RNS-20 into February", lead: { count: 2, unit: "month" }, given: "2026-12-31", earliest: "2027-03-01" },
    { name: "business days", lead: { count: 2, unit: "business-day" }, given: "2026-11-20", earliest: "2026-11-25" },
    {
      name: "SEC-20 reasonable, as set",
      lead: { count: 0, unit: "reasonable" },
      given: "2026-11-20",
      earliest: "2026-12-20",
    },
  ] as const)("$name: given on $given for $earliest", ({ lead, given, earliest }) => {
    expect(earliestDay(tables, "security", rule(lead), given)).toBe(earliest);
  });

  test("W-RNS-7 the last day to give notice of an end on 2026-12-31 is 2026-10-31; of one on 2028-03-31, 2028-02-29", () => {
    const inTime = (given: string, on: string, count: number): boolean => {
      const earliest = earliestDay(tables, "remote", rule({ count, unit: "month" }), given);
      return earliest !== null && earliest <= on;
    };
    expect([inTime("2026-10-31", "2026-12-31", 2), inTime("2026-11-01", "2026-12-31", 2)]).toEqual([true, false]);
    expect([inTime("2028-02-29", "2028-03-31", 1), inTime("2028-03-01", "2028-03-31", 1)]).toEqual([true, false]);
  });

  test("what is reasonable has to be set", () => {
    expect(earliestDay(tables, "other", rule({ count: 0, unit: "reasonable" }), "2026-11-20")).toBe("unset");
  });
});

describe("SEC-24 matrix 7.3: when a notice takes effect", () => {
  const sentAt = new Date("2026-11-20T03:00:00Z");
  const namedTime = new Date("2026-12-01T00:00:00Z");
  const receivedAt = new Date("2026-11-22T00:00:00Z");
  const base = { channel: "web", sentAt, namedTime: null, announcesOn: null, receivedAt: null } as const;
  test.each([
    { effective: "by-channel", sending: base, at: sentAt, name: "web: posted" },
    { effective: "by-channel", sending: { ...base, channel: "post", namedTime }, at: sentAt, name: "post: dispatched" },
    { effective: "by-channel", sending: { ...base, channel: "mail", namedTime }, at: sentAt, name: "mail: sent" },
    { effective: "by-channel", sending: { ...base, channel: "other", namedTime }, at: namedTime, name: "other: named" },
    { effective: "publication", sending: { ...base, namedTime }, at: sentAt, name: "RNS-02 published" },
    { effective: "at-once", sending: { ...base, namedTime }, at: sentAt, name: "RNS-05 at once" },
    { effective: "named-time", sending: { ...base, namedTime }, at: namedTime, name: "the time named" },
    {
      effective: "named-time",
      sending: { ...base, announcesOn: "2026-12-01" },
      at: new Date("2026-11-30T15:00:00Z"),
      name: "the day named begins in Tokyo",
    },
    { effective: "receipt", sending: base, at: null, name: "not received yet" },
    { effective: "receipt", sending: { ...base, receivedAt }, at: receivedAt, name: "received" },
  ] as const)("$name", ({ effective, sending, at }) => {
    expect(effectiveTime({ effective }, sending)).toEqual(at);
  });

  test("COM-15 what came back counts as given, except where it has to be received", () => {
    expect(sayEffect({ effective: "dispatch" }, true).en).toMatch(/counts as given all the same/);
    expect(sayEffect({ effective: "receipt" }, true).en).not.toMatch(/counts as given/);
  });
});
