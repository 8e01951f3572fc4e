/** Matrix 7.3: notices, when given and when effective, as the services' data have it. */
import { describe, expect, test } from "vitest";
import type { NoticeRule } from "@yagura/commerce/charging/offer.ts";
import { offers } from "../support/offers.ts";

type Row = readonly [
  title: string,
  service: string,
  kind: string,
  wanted: Partial<NoticeRule> & { readonly lead: NoticeRule["lead"] },
];
const none = { count: 0, unit: "none" } as const;
const before = { count: 0, unit: "before" } as const;

const rows: readonly Row[] = [
  [
    "COM-15 SEC-03 SEC terms: before the date, web or other, effective on posting",
    "security",
    "terms",
    { rule: "SEC-03", lead: before, channels: ["web", "other"], effective: "posting" },
  ],
  [
    "COM-15 SEC-24 SEC any: posting, dispatch, or the time named, by channel",
    "security",
    "other",
    { rule: "SEC-24", lead: none, channels: ["web", "post", "mail", "other"], effective: "by-channel" },
  ],
  [
    "COM-15 SEC-19 SEC suspension: before, except in an emergency; reason, date, period",
    "security",
    "suspension",
    {
      rule: "SEC-19",
      lead: before,
      channels: ["web", "post", "mail", "other"],
      effective: "by-channel",
      emergencyWithoutLead: true,
      states: ["reason", "date", "period"],
    },
  ],
  [
    "COM-15 SEC-20 SEC withdrawal: a reasonable time before",
    "security",
    "withdrawal",
    {
      rule: "SEC-20",
      lead: { count: 0, unit: "reasonable" },
      channels: ["web", "post", "mail", "other"],
      effective: "by-channel",
    },
  ],
  [
    "COM-15 RNS-02 RNS terms and specification: no lead time, web or other, on publication",
    "remote",
    "terms",
    { rule: "RNS-02", lead: none, channels: ["web", "other"], effective: "publication" },
  ],
  [
    "COM-15 RNS-19 RNS withdrawal: 2 months before",
    "remote",
    "withdrawal",
    { rule: "RNS-19", lead: { count: 2, unit: "month" } },
  ],
  [
    "COM-15 RNS-10 RNS cancellation by the customer: 1 month, in writing, on receipt",
    "remote",
    "cancellation-by-customer",
    {
      rule: "RNS-10",
      by: "customer",
      lead: { count: 1, unit: "month" },
      channels: ["post", "other"],
      effective: "receipt",
    },
  ],
  [
    "COM-15 RNS-05 RNS 30-day rescission: by notice, at once",
    "remote",
    "rescission",
    { rule: "RNS-05", lead: none, effective: "at-once" },
  ],
  [
    "COM-15 OST-07 OST cancellation: beforehand, by letter, mail or web",
    "ot",
    "cancellation-by-customer",
    { rule: "OST-07", by: "customer", lead: before, channels: ["post", "mail", "web"] },
  ],
  [
    "COM-15 UTM-02 UTM terms: before, web or other",
    "utm",
    "terms",
    { rule: "UTM-02", lead: before, channels: ["web", "other"] },
  ],
  [
    "COM-15 UTM-23 UTM suspension: before, except in an emergency; individually; reason, date, period",
    "utm",
    "suspension",
    {
      rule: "UTM-23",
      lead: before,
      channels: ["post", "mail"],
      emergencyWithoutLead: true,
      states: ["reason", "date", "period"],
    },
  ],
  [
    "COM-15 UTM-25 UTM end of the service: before, web and individually; its date is C",
    "utm",
    "withdrawal",
    {
      rule: "UTM-25",
      lead: before,
      channels: ["web", "post", "mail"],
      states: ["reason", "date"],
      dateRule: "UTM-25",
      emergencyWithoutLead: true,
    },
  ],
  [
    "COM-15 UTM-26 UTM-27 UTM cancellation by the customer: 5 business days; C by UTM-27",
    "utm",
    "cancellation-by-customer",
    { rule: "UTM-26", by: "customer", lead: { count: 5, unit: "business-day" }, dateRule: "UTM-27" },
  ],
  [
    "COM-15 UTM-20 UTM to an old address: by post, counts as given",
    "utm",
    "old-address",
    { rule: "UTM-20", lead: none, channels: ["post"], countsUndelivered: true },
  ],
];

describe("matrix 7.3", () => {
  test.each(rows)("%s", (_title, service, kind, wanted) => {
    const found = offers.find((offer) => offer.service === service)?.notices.filter((notice) => notice.kind === kind);
    expect(found).toHaveLength(1);
    expect(found?.[0]).toMatchObject(wanted);
  });

  test("RNS-05 rescission is possible for 30 days after formation, nowhere else", () => {
    expect(offers.map(({ service, rescission }) => [service, rescission?.days ?? null])).toEqual([
      ["experience", null],
      ["security", null],
      ["remote", 30],
      ["ot", null],
      ["utm", null],
    ]);
  });

  test("COM-15 every kind of notice of a service has one rule, and every service can tell of terms and of anything else", () => {
    for (const { notices } of offers) {
      const kinds = notices.map(({ kind }) => kind);
      expect(new Set(kinds).size).toBe(kinds.length);
      expect(kinds).toEqual(expect.arrayContaining(["terms", "other"]));
    }
  });
});
