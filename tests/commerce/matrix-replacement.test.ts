/** Matrix 7.5: replacement and return of equipment, as the services' data have it. */
import { describe, expect, test } from "vitest";
import { offers, planOn } from "../support/offers.ts";

const today = "2026-11-20";

describe("matrix 7.5", () => {
  test.each(["utm-gateway", "router", "wireless"])(
    "RNS-45 RNS-73 RNS-74 remote/%s: on the customer's report; courier; 1 month; damage charge; same model, else successor; back at once at the end",
    (plan) => {
      expect(planOn("remote", plan, today).replacement).toEqual({
        rule: "RNS-74",
        returnMonths: 1,
        item: "equipment-damage",
        needsPickupOffer: true,
        handling: {
          decides: "provider-on-report",
          ownerChanges: { rule: "RNS-73", on: "dispatch" },
          return: { rule: "RNS-74", way: "courier-collects", paidBy: "provider" },
          unit: { rule: "RNS-73", kind: "same-model-or-successor" },
          alsoForDamage: false,
          atContractEnd: { rule: "RNS-45", owed: "return-at-once" },
        },
      });
    },
  );

  test("UTM-65 UTM-66 UTM-67 UTM-68 UTM-69 utm: after triage; the customer ships and pays; no limit in the text; re-procurement cost by model, also for damage; refurbished", () => {
    expect(planOn("utm", "gateway", today).replacement).toEqual({
      rule: "UTM-69",
      returnMonths: null,
      item: "reprocurement",
      byModel: true,
      needsPickupOffer: false,
      cutOff: { rule: "UTM-65", activity: "replacement-dispatch", by: "12:00" },
      handling: {
        decides: "provider-after-triage",
        ownerChanges: { rule: "UTM-68", on: "dispatch" },
        return: { rule: "UTM-66", way: "customer-ships", paidBy: "customer" },
        unit: { rule: "UTM-67", kind: "equivalent-refurbished" },
        alsoForDamage: true,
        atContractEnd: null,
      },
    });
  });

  test("UTM-69 each model has its own item of the re-procurement cost", () => {
    const { items, longestUse } = planOn("utm", "gateway", today);
    for (const model of Object.keys(longestUse?.yearsByModel ?? {}))
      expect(items[`reprocurement-${model}`]?.rule).toBe("UTM-69");
  });

  test("A-UTM-15 the return period of UTM is asked of the provider; one month is suggested", () => {
    const utm = offers.find(({ service }) => service === "utm");
    expect(utm?.required.find(({ key }) => key === "return-months")?.suggestion).toBe(1);
  });

  test("the others replace nothing", () => {
    for (const [service, plan] of [
      ["experience", "agent"],
      ["security", "endpoint"],
      ["security", "desk"],
      ["ot", "sensor"],
    ] as const)
      expect(planOn(service, plan, today).replacement).toBeUndefined();
  });
});
