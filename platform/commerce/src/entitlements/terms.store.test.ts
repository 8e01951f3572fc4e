import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Fact } from "../charging/facts.ts";
import { openEntitled, type Entitled } from "../../../../tests/support/entitlements.ts";
import { foundContract } from "./reading.ts";
import { termsShown } from "./terms.ts";

let house: Entitled;
let organisation: OrganisationId;
beforeAll(async () => {
  house = await openEntitled("2026-12-20T03:00:00Z");
  organisation = await house.customer();
});
afterAll(() => house.stop());
const shown = (contract: Uuid, on: string) =>
  house.work(organisation, async ({ tx }) => termsShown(tx, await foundContract(tx, organisation, contract), on));

test.each([
  { on: "2026-04-10", remaining: 11, amount: 960_000, why: "the day of the start" },
  { on: "2026-07-15", remaining: 8, amount: 720_000, why: "inside the term" },
  { on: "2027-03-31", remaining: 0, amount: 80_000, why: "its last day" },
  { on: "2027-04-01", remaining: 0, amount: null, why: "the day after" },
])("SEC-65 SEC-66 on $on ($why) $remaining months remain", async ({ on, remaining, amount }) => {
  const contract = await house.entitled(organisation, {
    service: "security",
    plan: "desk",
    startedOn: "2026-04-10",
    items: { base: 1 },
  });
  const { minimum } = await shown(contract, on);
  expect(minimum).toMatchObject({ rule: "SEC-65", from: "2026-05-01", to: "2027-03-31", remainingMonths: remaining });
  expect(minimum?.endingToday?.amount ?? null).toBe(amount);
});

test("SEC-65 a plan without a minimum term has none", async () => {
  const contract = await house.entitled(organisation, {
    service: "security",
    plan: "endpoint",
    startedOn: "2026-04-10",
    items: { "seat-1": 1 },
  });
  expect(await shown(contract, "2026-12-20")).toMatchObject({ minimum: null, longestUse: null, ancillary: [] });
});

test("UTM-08 the last day of the longest use: 7 years from 2021-06-01", async () => {
  const contract = await house.entitled(organisation, {
    service: "utm",
    plan: "gateway",
    startedOn: "2021-06-01",
    attributes: { model: "standard", licence: "plain" },
  });
  expect((await shown(contract, "2026-12-20")).longestUse).toMatchObject({ lastDay: "2028-05-31" });
});

const started = (payment: "prepaid" | "monthly"): Fact => ({
  kind: "ancillary-started",
  on: "2026-01-01",
  item: "ancillary",
  months: 12,
  fee: 120_000,
  payment,
});
test.each([
  {
    payment: "monthly",
    on: "2026-06-15",
    billed: 50_000,
    rest: 120_000 - 50_000 - 4_666,
    why: "half of June has passed",
  },
  { payment: "monthly", on: "2026-12-31", billed: 120_000, rest: 120_000 - 110_000 - 9_677, why: "the last day" },
  { payment: "monthly", on: "2027-01-01", billed: 120_000, rest: 0, why: "after the period" },
  { payment: "prepaid", on: "2026-06-15", billed: 120_000, rest: 0, why: "prepaid" },
] as const)(
  "OST-03 OST-04 OST-05 $payment, $why: $rest would be left to pay",
  async ({ payment, on, billed, rest }) => {
    const contract = await house.entitled(organisation, {
      service: "ot",
      plan: "sensor",
      startedOn: "2026-01-01",
      items: { basic: 1 },
      attributes: { "sensor-type": "n" },
      facts: [started(payment)],
    });
    const { ancillary } = await shown(contract, on);
    expect(ancillary).toMatchObject([
      {
        item: "ancillary",
        from: "2026-01-01",
        to: "2026-12-31",
        months: 12,
        fee: 120_000,
        payment,
        endedOn: null,
        billed,
        rest,
      },
    ]);
  },
);
