import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Fact } from "../charging/facts.ts";
import { chargeContract } from "../charging/charge.ts";
import { factsOf } from "../contracts/fact-door.ts";
import { loadTables } from "../terms/load.ts";
import { openEntitled, type Entitled } from "../../../../tests/support/entitlements.ts";
import { freeSeat, packAnswer, seatsAllowed, seatsShown, useSeat } from "./seats.ts";
import { foundContract } from "./reading.ts";

let house: Entitled;
let organisation: OrganisationId;
beforeAll(async () => {
  house = await openEntitled("2026-12-20T03:00:00Z");
  organisation = await house.customer();
});
afterAll(() => house.stop());

const endpoint = (items: Readonly<Record<string, number>>, facts: readonly Fact[] = [], plan = "endpoint") =>
  house.entitled(organisation, { service: "security", plan, startedOn: "2026-04-10", items, facts });
const shown = (contract: Uuid, on: string) =>
  house.work(organisation, async ({ tx }) => seatsShown(tx, await foundContract(tx, organisation, contract), on));
const allowed = (contract: Uuid, on: string) =>
  house.work(organisation, ({ tx }) => seatsAllowed(tx, { id: contract }, on));
const take = (contract: Uuid, identifier: string) =>
  house.on(organisation, contract, (work, row) => useSeat(work, row, { identifier }));

test("SEC-52 W-SEC-1 seats are the sum of size × quantity: 3 singles, 2 packs of 10, 1 of 100 are 123; monthly 19,200", async () => {
  const contract = await endpoint({ "seat-1": 3, "seat-10": 2, "seat-100": 1 });
  expect(await shown(contract, "2026-05-01")).toMatchObject({ counted: true, allowed: 123, used: 0, monthly: 19_200 });
});

test.each([
  { on: "2026-04-09", seats: 0, why: "before the start" },
  { on: "2026-04-10", seats: 10, why: "from the start on" },
  { on: "2026-07-14", seats: 10, why: "the day before more are ordered" },
  { on: "2026-07-15", seats: 30, why: "from their first day" },
  { on: "2026-09-30", seats: 30, why: "the day before some are given up" },
  { on: "2026-10-01", seats: 20, why: "from their end day" },
  { on: "2026-11-29", seats: 20, why: "the day before the end" },
  { on: "2026-11-30", seats: 0, why: "from the cancellation date on" },
])("SEC-52 on $on ($why) $seats seats are allowed, as charging says too", async ({ on, seats }) => {
  const contract = await endpoint({ "seat-10": 1 }, [
    { kind: "quantity", on: "2026-07-15", item: "seat-10", quantity: 3 },
    { kind: "quantity", on: "2026-10-01", item: "seat-10", quantity: 2, by: "customer" },
    { kind: "cancelled", on: "2026-11-30", by: "customer" },
  ]);
  expect(await allowed(contract, on)).toBe(seats);
  const [facts] = await house.work(organisation, ({ tx }) => factsOf(tx, contract));
  const tables = await house.work(organisation, ({ tx }) => loadTables(tx));
  // Charging tells the seats as of the end of a month.
  if (on === "2026-09-30" && facts !== undefined) {
    const { derived } = chargeContract(tables, facts, { from: "2026-09", to: "2026-09" });
    expect(derived.find(({ what }) => what === "seats")?.value).toBe(seats);
  }
});

test("SEC-53 the seat above the limit is refused, a freed one can be used again, one device has one seat", async () => {
  const contract = await endpoint({ "seat-1": 2 });
  const first = await take(contract, "PC-001");
  await take(contract, "PC-002");
  await expect(take(contract, "ｐｃ-001 ")).rejects.toMatchObject({ code: "SEAT_TAKEN" });
  await expect(take(contract, "PC-003")).rejects.toMatchObject({ code: "SEATS_USED_UP", parameters: { allowed: 2 } });
  const free = () => house.on(organisation, contract, (work, row) => freeSeat(work, row, first.id));
  expect(await free()).toMatchObject({ until: "2026-12-20" });
  await expect(free()).rejects.toMatchObject({ code: "SEAT_FREE" });
  await take(contract, "PC-003");
  expect(await shown(contract, "2026-12-20")).toMatchObject({ allowed: 2, used: 2, excess: 0 });
});

test("SEC-53 of twenty that want the last five seats at once, five get one", async () => {
  const contract = await endpoint({ "seat-1": 5 });
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => take(contract, `PC-${index}`)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "SEATS_USED_UP" });
  }
  expect((await shown(contract, "2026-12-20")).used).toBe(5);
});

test("SEC-53 seats given up later leave those in use in excess; nothing is taken away, nothing more is allowed", async () => {
  const contract = await endpoint({ "seat-1": 3 });
  for (const name of ["a", "b", "c"]) await take(contract, name);
  await house.on(organisation, contract, async (work, row) => {
    const { addFact } = await import("../contracts/fact-door.ts");
    await addFact(work, row, { kind: "quantity", on: "2026-12-20", item: "seat-1", quantity: 1, by: "customer" });
  });
  expect(await shown(contract, "2026-12-20")).toMatchObject({ allowed: 1, used: 3, excess: 2 });
  await expect(take(contract, "d")).rejects.toMatchObject({ code: "SEATS_USED_UP" });
});

test("SEC-53 W-SEC-7 95 seats as 9 × 10 and 5 × 1 cost 17,200; one pack of 100 costs 15,000, and is only shown", async () => {
  const contract = await endpoint({ "seat-10": 9, "seat-1": 5 });
  const seats = await shown(contract, "2026-12-20");
  expect(seats).toMatchObject({ allowed: 95, monthly: 17_200, cheaper: { seats: 100, monthly: 15_000 } });
  expect(seats.cheaper?.packs).toMatchObject([{ item: "seat-100", quantity: 1 }]);
  expect(seats.packs.map(({ item }) => item)).toEqual(["seat-1", "seat-10"]);
});

test("SEC-51 W-SEC-8 cloud app has no volume discount: no cheaper packs for 123", async () => {
  const contract = await endpoint({ "seat-100": 1, "seat-10": 2, "seat-1": 3 }, [], "cloud-app");
  expect(await shown(contract, "2026-12-20")).toMatchObject({ allowed: 123, monthly: 36_900, cheaper: null });
});

test("SEC-53 what so many seats would cost at least", async () => {
  const contract = await endpoint({ "seat-1": 1 });
  const answer = await house.work(organisation, async ({ tx }) =>
    packAnswer(tx, await foundContract(tx, organisation, contract), "2026-12-20", 1_234),
  );
  expect(answer.cheapest).toMatchObject({ seats: 1_234, monthly: 120_000 + 2 * 15_000 + 3 * 1_800 + 4 * 200 });
});

test("a contract without packs counts no seats", async () => {
  const contract = await house.entitled(organisation, { service: "security", plan: "desk", startedOn: "2026-04-10" });
  await expect(take(contract, "x")).rejects.toMatchObject({ code: "SEATS_NOT_COUNTED" });
  expect(await shown(contract, "2026-12-20")).toMatchObject({ counted: false, allowed: 0, monthly: null });
});
