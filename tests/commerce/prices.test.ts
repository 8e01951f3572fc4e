/** Price tables of the seeds: amounts without tax, what is printed with tax, and that the two agree. */
import { describe, expect, test } from "vitest";
import { offers, planOn, tables } from "../support/offers.ts";

/** service, plan, item, amount without tax, printed with tax. */
const rows = [
  ["SEC-50", "security", "endpoint", "initial", 3_000, 3_300],
  ["SEC-50", "security", "endpoint", "seat-1", 200, 220],
  ["SEC-50", "security", "endpoint", "seat-10", 1_800, 1_980],
  ["SEC-50", "security", "endpoint", "seat-100", 15_000, 16_500],
  ["SEC-50", "security", "endpoint", "seat-1000", 120_000, 132_000],
  ["SEC-50", "security", "endpoint", "seat-10000", 1_000_000, 1_100_000],
  ["SEC-51", "security", "cloud-app", "initial", 3_000, 3_300],
  ["SEC-51", "security", "cloud-app", "seat-1", 300, 330],
  ["SEC-51", "security", "cloud-app", "seat-10", 3_000, 3_300],
  ["SEC-51", "security", "cloud-app", "seat-100", 30_000, 33_000],
  ["SEC-51", "security", "cloud-app", "seat-1000", 300_000, 330_000],
  ["SEC-51", "security", "cloud-app", "seat-10000", 3_000_000, 3_300_000],
  ["SEC-61", "security", "desk", "base", 80_000, 88_000],
  ["SEC-61", "security", "desk", "report", 40_000, 44_000],
  ["SEC-61", "security", "desk", "settings", 30_000, 33_000],
  ["SEC-61", "security", "desk", "ticket-setting", 15_000, 16_500],
  ["SEC-61", "security", "desk", "ticket-question", 10_000, 11_000],
  ["SEC-61", "security", "desk", "ticket-refuge", 15_000, 16_500],
  ["OST-12", "ot", "sensor", "initial-n", 350_000, 385_000],
  ["OST-12", "ot", "sensor", "initial-d", 250_000, 275_000],
  ["OST-12", "ot", "sensor", "basic", 90_000, 99_000],
  ["UTM-31", "utm", "gateway", "base", 2_500, 2_750],
  ["UTM-54", "utm", "gateway", "issue-fee", 150, 165],
  ["UTM-54", "utm", "gateway", "collection-fee", 50, 55],
  ["UTM-56", "utm", "gateway", "qualified-invoice", 400, 440],
  ["UTM-57", "utm", "gateway", "payment-certificate", 400, 440],
] as const;

describe("shipped prices", () => {
  test.each(rows)("%s %s/%s/%s costs %i, printed %i with tax", (_rule, service, plan, item, amount, display) => {
    const found = tables.prices.filter(
      (price) => price.service === service && price.plan === plan && price.item === item,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ amount, display, until: null });
    // COM-08: the printed figure is the one of today's rate, and for showing only.
    expect(display * 10).toBe(amount * 11);
  });

  test("EXP-16 RNS-66 OST-13 COM-30 nothing else has a shipped price: no amount of an example is a default", () => {
    expect(tables.prices).toHaveLength(rows.length);
  });

  test("every price stands for an item of the terms in force, or of the last version", () => {
    for (const { service, plan, item, from } of tables.prices)
      expect(Object.keys(planOn(service, plan, from ?? "2026-11-20").items)).toContain(item);
  });

  test("SEC-52 packs hold 1, 10, 100, 1,000 and 10,000 seats", () => {
    for (const plan of ["endpoint", "cloud-app"]) {
      const { items } = planOn("security", plan, "2026-11-20");
      expect(Object.values(items).flatMap(({ seats }) => seats ?? [])).toEqual([1, 10, 100, 1_000, 10_000]);
    }
  });

  test("SEC-51 the cloud application has no volume discount: every pack costs 300 a seat", () => {
    const { items } = planOn("security", "cloud-app", "2026-11-20");
    for (const price of tables.prices.filter(({ plan }) => plan === "cloud-app")) {
      const seats = items[price.item]?.seats;
      if (seats !== undefined) expect(price.amount).toBe(300 * seats);
    }
  });

  test("SEC-31 SEC-57 the initial fee is asked for once, on acceptance, without being ordered; the desk has none", () => {
    for (const plan of ["endpoint", "cloud-app"])
      expect(planOn("security", plan, "2026-11-20").items["initial"]?.once).toEqual({
        at: "acceptance",
        automatic: true,
      });
    expect(planOn("security", "desk", "2026-11-20").items["initial"]).toBeUndefined();
    expect(planOn("security", "endpoint", "2017-02-01").promotions).toEqual([
      { rule: "SEC-57", item: "initial", appliedFrom: "2017-02-01", appliedTo: "2017-05-31", startedBy: "2017-06-30" },
    ]);
    expect(planOn("security", "cloud-app", "2017-02-01").promotions).toBeUndefined();
  });

  test("SEC-58 SEC-59 insurance: use begun 2021-04-01 to 2022-04-30 and 2022-08-01 to 2023-08-31, below 1,000 seats, a year", () => {
    const terms = planOn("security", "endpoint", "2022-08-01").insurance;
    expect(
      terms?.map(({ rule, useFrom, useTo, months, seatsBelow, items }) => ({
        rule,
        useFrom,
        useTo,
        months,
        seatsBelow,
        items,
      })),
    ).toEqual([
      {
        rule: "SEC-58",
        useFrom: "2021-04-01",
        useTo: "2022-04-30",
        months: 12,
        seatsBelow: 1_000,
        items: ["seat-1", "seat-10", "seat-100"],
      },
      {
        rule: "SEC-59",
        useFrom: "2022-08-01",
        useTo: "2023-08-31",
        months: 12,
        seatsBelow: 1_000,
        items: ["seat-1", "seat-10", "seat-100"],
      },
    ]);
    expect(planOn("security", "endpoint", "2021-03-31").insurance).toBeUndefined();
  });

  test("OST-12 the initial fee follows the type of sensor", () => {
    const { items } = planOn("ot", "sensor", "2026-11-20");
    expect(items["initial-n"]).toMatchObject({
      when: { attribute: "sensor-type", value: "n" },
      once: { at: "start", automatic: true },
    });
    expect(items["initial-d"]).toMatchObject({
      when: { attribute: "sensor-type", value: "d" },
      once: { at: "start", automatic: true },
    });
  });

  test("UTM-32 UTM-54 UTM-55 the waiver of attached licences and the fees for bills hang on the contract's attributes", () => {
    const { items, billFees } = planOn("utm", "gateway", "2026-11-20");
    expect(items["base"]?.waivedWhen).toEqual({ attribute: "licence", value: "attached", rule: "UTM-32" });
    expect(billFees).toEqual({
      rule: "UTM-54",
      when: { attribute: "line-model", value: "collaboration" },
      notWhen: [{ attribute: "holder", value: "corporation" }],
      freeMonths: 2,
      items: { paper: ["issue-fee", "collection-fee"], "debit-notice": ["issue-fee"] },
    });
  });

  test("RNS-50 each order line has its clause kind", () => {
    const { items } = planOn("remote", "wireless", "2026-11-20");
    expect(
      Object.fromEntries(
        Object.entries(items).flatMap(([code, { clause }]) => (clause === undefined ? [] : [[code, clause]])),
      ),
    ).toEqual({
      base: "mandate",
      hardware: "sale",
      installation: "work",
      "wlan-survey": "work",
      "onsite-maintenance": "work",
      "client-setting": "work",
      "client-support": "mandate",
      "vpn-build": "mandate",
      vpn: "mandate",
      "backup-unit": "work",
    });
  });

  test("RNS-62 A-RNS-8 a visit costs more at 50 km and 2 h one way, or on an outlying island", () => {
    expect(planOn("remote", "router", "2026-11-20").visitSurcharge).toEqual({
      rule: "RNS-62",
      item: "visit-surcharge",
      kilometres: 50,
      hours: 2,
      outlyingIslands: true,
    });
  });

  test("A-COM-3 lumps, damages and unreturned equipment are out of scope of tax unless the provider says otherwise", () => {
    const outside = offers.flatMap(({ terms }) =>
      Object.values(terms.at(-1)?.plans ?? {}).flatMap(({ items }) =>
        Object.entries(items).flatMap(([code, { taxClass }]) => (taxClass === "out-of-scope" ? [code] : [])),
      ),
    );
    expect([...new Set(outside)].toSorted()).toEqual([
      "early-termination",
      "equipment-damage",
      "reprocurement-professional",
      "reprocurement-ssb10",
      "reprocurement-ssb30",
      "reprocurement-ssb5",
      "reprocurement-standard",
    ]);
  });
});
