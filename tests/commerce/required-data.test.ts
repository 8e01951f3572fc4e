/** What the seeds leave to the provider (8.6), and the readings that change money: each service's list, as the specification has it. */
import { describe, expect, test } from "vitest";
import { shippedTables } from "@yagura/commerce/charging/shipped.ts";
import { offers, ot, remote, security, utm } from "../support/offers.ts";

/** The words of 8.6 beside the keys that stand for them. */
const asked: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // The excerpt names no due date either, and no bill can be issued without one.
  experience: { price: ["price:agent/agent"], anchor: ["anchor"], due: ["due"], "inquiry hours": ["activity:inquiry"] },
  security: {
    "due date": ["due"],
    "withdrawal notice days": ["withdrawal-notice-days"],
    "disclosure fee": ["price:endpoint/disclosure", "price:cloud-app/disclosure", "price:desk/disclosure"],
    "SSD hours": ["activity:desk"],
    "included tickets": ["included-tickets"],
    "tax class of the lump": ["reading:A-COM-3"],
  },
  remote: {
    "whole price book": ["utm-gateway", "router", "wireless"].flatMap((plan) =>
      [
        "base",
        "hardware",
        "installation",
        ...(plan === "wireless" ? ["wlan-survey"] : []),
        "onsite-maintenance",
        "client-setting",
        "client-support",
        "vpn-build",
        "vpn",
        "backup-unit",
      ].map((item) => `price:${plan}/${item}`),
    ),
    "cancellation-charge table": ["utm-gateway", "router", "wireless"].map((plan) => `price:${plan}/early-termination`),
    "visit surcharge": ["utm-gateway", "router", "wireless"].map((plan) => `price:${plan}/visit-surcharge`),
    "equipment damage table": ["utm-gateway", "router", "wireless"].map((plan) => `price:${plan}/equipment-damage`),
    "designated days": ["designated-days"],
    "due dates of monthly fees": ["due"],
  },
  ot: {
    "ancillary catalogue": ["ancillary-catalogue"],
    "due date": ["due"],
    "late interest": ["late-interest"],
    "business calendar": ["activity:business"],
    "fee-month anchor": ["anchor"],
    "sensor ownership": ["sensor-owner"],
  },
  utm: {
    "due date": ["due"],
    "area list": ["areas"],
    "log retention per kind": ["log-retention"],
    "quarantine size": ["quarantine-size"],
    "security defaults": ["security-defaults"],
    "underbilling threshold": ["underbilling-threshold"],
    "return period": ["return-months"],
    "re-procurement prices": ["ssb5", "ssb10", "ssb30", "standard", "professional"].map(
      (model) => `price:gateway/reprocurement-${model}`,
    ),
    postage: ["postage"],
  },
};

describe("COM-30 data that the provider has to set", () => {
  test.each(offers.map((offer) => ({ service: offer.service, offer })))(
    "$service asks for exactly the list of 8.6",
    ({ service, offer }) => {
      expect(offer.required.map(({ key }) => key).toSorted()).toEqual(
        Object.values(asked[service] ?? {})
          .flat()
          .toSorted(),
      );
    },
  );

  test("a price to be set belongs to an item of the last terms, and no shipped price stands there", () => {
    for (const { required, terms, prices } of offers) {
      for (const { key } of required.filter((one) => one.key.startsWith("price:"))) {
        const [plan = "", item = ""] = key.slice("price:".length).split("/");
        expect(Object.keys(terms.at(-1)?.plans[plan]?.items ?? {})).toContain(item);
        expect(prices.some((price) => price.plan === plan && price.item === item)).toBe(false);
      }
    }
  });

  test("RNS-66 the price book that is asked for holds every item of every plan", () => {
    for (const [plan, { items }] of Object.entries(remote.terms.at(-1)?.plans ?? {})) {
      const keys = remote.required.map(({ key }) => key);
      for (const item of Object.keys(items)) expect(keys).toContain(`price:${plan}/${item}`);
    }
  });

  test("what has to be set is not shipped as set; without a database its suggestions can be used, never a price", () => {
    const bare = shippedTables(offers);
    const suggested = shippedTables(offers, { suggested: true });
    for (const { service, required } of offers) {
      for (const { key } of required)
        expect(bare.settings.some((one) => one.service === service && one.key === key)).toBe(false);
    }
    expect(suggested.prices).toEqual(bare.prices);
    const added = suggested.settings.length + suggested.calendars.activities.length;
    const notPrices = offers.flatMap(({ required }) =>
      required.filter(({ key, suggestion }) => !key.startsWith("price:") && suggestion !== null),
    );
    expect(added - bare.settings.length - bare.calendars.activities.length).toBe(notPrices.length);
    expect(suggested.calendars.activities.find(({ service }) => service === "ot")).toMatchObject({
      activity: "business",
      weekdays: [1, 2, 3, 4, 5],
    });
  });
});

describe("readings of section 8 that change money", () => {
  test.each([
    ["A-SEC-3", security, ["ifAnyDay", "always"], "ifAnyDay"],
    ["A-SEC-5", security, ["segment", "month"], "segment"],
    ["A-COM-3", security, ["out-of-scope", "taxable"], "out-of-scope"],
    ["A-COM-3", remote, ["out-of-scope", "taxable"], "out-of-scope"],
    ["A-COM-3", ot, ["out-of-scope", "taxable"], "out-of-scope"],
    ["A-COM-3", utm, ["out-of-scope", "taxable"], "out-of-scope"],
    ["A-RNS-6", remote, ["supply", "payment"], "supply"],
    ["A-OST-2", ot, ["remainder", "days"], "remainder"],
    ["A-UTM-6", utm, ["reduce-days", "floor-credit"], "reduce-days"],
  ] as const)("%s is a setting with choices and the chosen default", (id, offer, choices, chosen) => {
    const found = offer.readings.find((reading) => reading.id === id);
    expect(found?.key).toBe(`reading:${id}`);
    expect(found?.choices.map(({ value }) => value)).toEqual(choices);
    expect(found?.chosen).toBe(chosen);
  });

  test("a chosen default is one of the choices", () => {
    for (const { readings } of offers)
      for (const { choices, chosen } of readings) expect(choices.map(({ value }) => value)).toContain(chosen);
  });
});
