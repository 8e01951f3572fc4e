import { afterAll, beforeAll, expect, test } from "vitest";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { factsOf, storedFacts } from "../contracts/fact-door.ts";
import { tasksOf } from "../contracts/tasks.ts";
import { recordPayment } from "../receivables/payments.ts";
import { openEntitled, type Entitled } from "../../../../tests/support/entitlements.ts";
import { recordEvent, registerUnit, replaceUnit, unitDetail } from "./equipment.ts";
import { pickupOffered, returnsOf, sweepEndedContracts, unitReturned } from "./returns.ts";
import type { EquipmentDetail } from "./shapes.ts";

let house: Entitled;
let organisation: OrganisationId;
let counter = 0;
beforeAll(async () => {
  house = await openEntitled("2026-12-20T03:00:00Z");
  organisation = await house.customer();
  await house.price("remote", "router", "equipment-damage", 60_000);
  await house.set("ot", "sensor-owner", "provider");
});
afterAll(() => house.stop());

const router = (startedOn = "2026-01-10") =>
  house.entitled(organisation, { service: "remote", plan: "router", startedOn, items: { base: 1, hardware: 1 } });
const bring = (contract: Uuid, more: Partial<Parameters<typeof registerUnit>[2]> = {}) =>
  house.on(organisation, contract, (work, row) =>
    registerUnit(work, row, { contractId: row.id, kind: "router", model: "R1", serial: `S-${++counter}`, ...more }),
  );
const show = (unit: Uuid, on: string): Promise<EquipmentDetail> =>
  house.work(organisation, ({ tx }) => unitDetail(tx, organisation, unit, on));
const replace = (unit: Uuid, serial: string, dispatchedOn: string) =>
  house.work(organisation, (work) => replaceUnit(work, organisation, unit, { serial, dispatchedOn }));
const cases = (on: string, contract: Uuid) =>
  house.work(organisation, ({ tx }) => returnsOf(tx, organisation, on, { contract }));

/** A document of the contract with the price of its hardware, and its claim. */
const priceClaim = (contract: Uuid, amount: number): Promise<Uuid> =>
  house.claim(organisation, {
    amount,
    dueOn: "2026-02-28",
    service: "remote",
    plan: "router",
    contract,
    item: "hardware",
  });
const pay = (
  paidOn: string,
  amount: number,
  claim: Uuid,
  way: "transfer" | "cheque" = "transfer",
  clearedOn?: string,
) =>
  house.work(organisation, (work) =>
    recordPayment(work, organisation, {
      paidOn,
      amount,
      way,
      claimId: claim,
      ...(clearedOn === undefined ? {} : { clearedOn }),
    }),
  );

test("RNS-40 the title of a sold unit passes on the day on which the initial fee is fully paid", async () => {
  const contract = await router();
  const unit = await bring(contract, { deliveredOn: "2026-01-20" });
  const claim = await priceClaim(contract, 110_000);
  expect(await show(unit, "2026-12-20")).toMatchObject({ owner: "provider", ownerSince: null, risk: "customer" });
  await pay("2026-03-01", 100_000, claim);
  expect(await show(unit, "2026-12-20")).toMatchObject({ owner: "provider" });
  await pay("2026-03-20", 10_000, claim);
  expect(await show(unit, "2026-03-19")).toMatchObject({ owner: "provider" });
  expect(await show(unit, "2026-03-20")).toMatchObject({ owner: "customer", ownerSince: "2026-03-20" });
});

test("RNS-40 a cheque counts on the day on which it is cleared", async () => {
  const contract = await router();
  const unit = await bring(contract);
  const claim = await priceClaim(contract, 55_000);
  await pay("2026-03-01", 55_000, claim, "cheque", "2026-03-15");
  expect(await show(unit, "2026-03-14")).toMatchObject({ owner: "provider" });
  expect(await show(unit, "2026-03-15")).toMatchObject({ owner: "customer", ownerSince: "2026-03-15" });
});

test("RNS-42 RNS-43 delivery, inspection and defects are recorded; the risk passes with the delivery", async () => {
  const unit = await bring(await router(), { arrangement: "lent" });
  const record = (kind: "delivered" | "inspected" | "defect-reported", on: string) =>
    house.work(organisation, (work) => recordEvent(work, organisation, unit, { kind, on, note: "n" }));
  await record("delivered", "2026-02-01");
  await record("defect-reported", "2026-02-02");
  await record("inspected", "2026-02-03");
  expect(await show(unit, "2026-01-31")).toMatchObject({ owner: "provider", risk: "provider", deliveredOn: null });
  const now = await show(unit, "2026-02-01");
  expect(now).toMatchObject({ owner: "provider", risk: "customer", deliveredOn: "2026-02-01" });
  expect(now.events.map(({ kind }) => kind).toSorted()).toEqual([
    "defect-reported",
    "delivered",
    "inspected",
    "registered",
  ]);
});

test("RNS-44 a leased unit names its lessor and is theirs; the maker's warranty stands with it", async () => {
  const contract = await router();
  const leased = { arrangement: "leased", lessor: "みらいリース", warrantyUntil: "2027-01-31" } as const;
  const unit = await bring(contract, leased);
  expect(await show(unit, "2026-12-20")).toMatchObject({
    owner: "lessor",
    lessor: "みらいリース",
    warrantyUntil: "2027-01-31",
  });
  await expect(bring(contract, { arrangement: "leased" })).rejects.toMatchObject({ code: "EQUIPMENT_LESSOR_MISSING" });
});

test("OST-23 a sensor is held as the provider's setting says", async () => {
  const contract = await house.entitled(organisation, {
    service: "ot",
    plan: "sensor",
    startedOn: "2026-01-10",
    items: { basic: 1 },
    attributes: { "sensor-type": "n" },
  });
  const sensor = { kind: "sensor", model: "Type N", serial: "OT-1", installedOn: "2026-01-05" };
  const unit = await house.on(organisation, contract, (work, row) =>
    registerUnit(work, row, { contractId: row.id, ...sensor }),
  );
  expect(await show(unit, "2026-12-20")).toMatchObject({
    arrangement: "lent",
    owner: "provider",
    installedOn: "2026-01-05",
  });
});

test("RNS-73 RNS-74 a replacement: serial, owners and facts change on dispatch; the return is due one month later", async () => {
  const contract = await router();
  const faulty = await bring(contract, { arrangement: "owned-by-customer", serial: "OLD-1" });
  const next = await replace(faulty, "NEW-1", "2026-01-31");
  expect(await show(faulty, "2026-01-30")).toMatchObject({ owner: "customer", state: "in-use" });
  expect(await show(faulty, "2026-01-31")).toMatchObject({ owner: "provider", state: "replaced", replacedBy: next });
  expect(await show(next, "2026-01-31")).toMatchObject({ owner: "customer", serial: "NEW-1", replaces: faulty });
  const [open] = await cases("2026-02-01", contract);
  expect(open).toMatchObject({
    serial: "OLD-1",
    reason: "replacement",
    dueBy: "2026-02-28",
    state: "open",
    chargedOn: null,
  });
  expect(open).toMatchObject({ way: "courier-collects", paidBy: "provider" });
  // A-RNS-12: nobody offered to collect it, so nothing is charged.
  expect((await cases("2026-03-05", contract))[0]).toMatchObject({ state: "overdue", chargedOn: null });
  const id = open?.id ?? "";
  await house.work(organisation, (work) => pickupOffered(work, organisation, id, "2026-02-20"));
  expect((await cases("2026-02-28", contract))[0]).toMatchObject({ state: "open", chargedOn: null });
  expect((await cases("2026-03-01", contract))[0]).toMatchObject({ state: "overdue", chargedOn: "2026-03-01" });
  await house.work(organisation, (work) => unitReturned(work, organisation, id, { on: "2026-03-10" }));
  expect((await cases("2026-03-10", contract))[0]).toMatchObject({ state: "returned", returnedOn: "2026-03-10" });
  expect(await show(faulty, "2026-03-10")).toMatchObject({ state: "returned", risk: "provider" });
  // RNS-74: the customer was asked to hand it over, and is not asked any more.
  const tasks = await house.work(organisation, ({ tx }) => tasksOf(tx, { organisation, contract }));
  expect(tasks).toMatchObject([{ rule: "RNS-74", audience: "customer", dueOn: "2026-02-28", state: "done" }]);
  const again = house.work(organisation, (work) => unitReturned(work, organisation, id, { on: "2026-03-11" }));
  await expect(again).rejects.toMatchObject({ code: "RETURN_CLOSED" });
  const facts = await house.work(organisation, async ({ tx }) => storedFacts(tx, { id: contract, organisation }));
  expect(facts.map(({ fact }) => [fact.kind, fact.on]).slice(1)).toEqual([
    ["dispatched", "2026-01-31"],
    ["pickup-offered", "2026-02-20"],
    ["returned", "2026-03-10"],
  ]);
});

test("UTM-68 a replaced unit is replaced once; what happens afterwards belongs to the one in its place", async () => {
  const contract = await router();
  const faulty = await bring(contract);
  const next = await replace(faulty, "NEXT-2", "2026-05-01");
  await expect(replace(faulty, "NEXT-3", "2026-05-02")).rejects.toMatchObject({ code: "EQUIPMENT_REPLACED" });
  await expect(replace(next, "NEXT-2", "2026-06-01")).rejects.toMatchObject({ code: "EQUIPMENT_SERIAL_TAKEN" });
  await expect(replace(next, "NEXT-4", "2026-04-30")).rejects.toMatchObject({ code: "EQUIPMENT_DAY_ORDER" });
  const delivered = house.work(organisation, (work) =>
    recordEvent(work, organisation, faulty, { kind: "delivered", on: "2026-05-03" }),
  );
  await expect(delivered).rejects.toMatchObject({ code: "EQUIPMENT_REPLACED" });
  const third = await replace(next, "NEXT-4", "2026-06-01");
  expect(await show(third, "2026-06-01")).toMatchObject({ replaces: next, state: "in-use" });
});

test("UTM-68 two that replace one unit at once: one replacement", async () => {
  const faulty = await bring(await router());
  const results = await Promise.allSettled([1, 2, 3].map((n) => replace(faulty, `RACE-${n}`, "2026-05-01")));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

test("UTM-66 UTM-69 a gateway is sent back by the customer; damaged in time it is charged, by the re-procurement price", async () => {
  await house.set("utm", "return-months", 1);
  await house.price("utm", "gateway", "reprocurement-standard", 98_000);
  const contract = await house.entitled(organisation, {
    service: "utm",
    plan: "gateway",
    startedOn: "2026-01-10",
    attributes: { model: "standard", licence: "plain" },
  });
  const faulty = await bring(contract, { kind: "gateway", arrangement: "owned-by-customer" });
  await replace(faulty, "GW-2", "2026-05-01");
  const [open] = await cases("2026-05-02", contract);
  expect(open).toMatchObject({ way: "customer-ships", paidBy: "customer", dueBy: "2026-06-01", chargedOn: null });
  await house.work(organisation, (work) =>
    unitReturned(work, organisation, open?.id ?? newId(), { on: "2026-05-20", damaged: true }),
  );
  expect((await cases("2026-05-20", contract))[0]).toMatchObject({
    state: "returned",
    damaged: true,
    chargedOn: "2026-05-20",
  });
});

test("RNS-45 at the end of the contract the provider's units have a return case, the customer's none", async () => {
  const contract = await router();
  const lent = await bring(contract, { arrangement: "lent" });
  await bring(contract, { arrangement: "owned-by-customer" });
  await house.end(organisation, contract, "2026-12-10");
  expect(await sweepEndedContracts(house.platform)).toBe(1);
  expect(await sweepEndedContracts(house.platform)).toBe(0);
  const [open] = await cases("2026-12-20", contract);
  expect(open).toMatchObject({
    equipmentId: lent,
    reason: "contract-end",
    openedOn: "2026-12-10",
    dueBy: null,
    state: "overdue",
  });
  await house.work(organisation, (work) =>
    unitReturned(work, organisation, open?.id ?? newId(), { on: "2026-12-15", damaged: true }),
  );
  expect((await cases("2026-12-20", contract))[0]).toMatchObject({ state: "returned", damaged: true });
  // No fact: what it may cost is a claim with evidence, not a charge by rule.
  const [facts] = await house.work(organisation, ({ tx }) => factsOf(tx, contract));
  expect(facts?.facts.map(({ kind }) => kind).toSorted()).toEqual(["cancelled", "started"]);
});
