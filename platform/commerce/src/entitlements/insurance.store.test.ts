import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { openEntitled, type Entitled } from "../../../../tests/support/entitlements.ts";
import { insuranceShown, registerMac, removeMac } from "./insurance.ts";
import { foundContract } from "./reading.ts";

let house: Entitled;
let organisation: OrganisationId;
beforeAll(async () => {
  house = await openEntitled("2021-04-25T03:00:00Z");
  organisation = await house.customer();
});
afterAll(() => house.stop());

const endpoint = (startedOn: string, items: Readonly<Record<string, number>> = { "seat-10": 1 }, of = organisation) =>
  house.entitled(of, { service: "security", plan: "endpoint", startedOn, items });
const shown = (contract: Uuid, on: string) =>
  house.work(organisation, async ({ tx }) => insuranceShown(tx, await foundContract(tx, organisation, contract), on));
const register = (contract: Uuid, mac: string, of = organisation) =>
  house.on(of, contract, (work, row) => registerMac(work, row, { mac, device: "PC" }));
const coverOf = async (contract: Uuid, on: string) =>
  (await shown(contract, on)).offers.find(({ cover }) => cover !== null)?.cover ?? null;

test.each([
  { startedOn: "2021-03-31", cover: null, why: "the day before the first period" },
  { startedOn: "2021-04-01", cover: { from: "2021-05-01", to: "2022-04-30" }, why: "its first day" },
  { startedOn: "2021-04-20", cover: { from: "2021-05-01", to: "2022-04-30" }, why: "the example of the rule" },
  { startedOn: "2022-04-30", cover: { from: "2022-05-01", to: "2023-04-30" }, why: "its last day" },
  { startedOn: "2022-05-01", cover: null, why: "the first day of the gap" },
  { startedOn: "2022-07-31", cover: null, why: "the last day of the gap" },
  {
    startedOn: "2022-08-01",
    cover: { from: "2022-09-01", to: "2023-08-31" },
    why: "the first day of the second period",
  },
  { startedOn: "2023-08-31", cover: { from: "2023-09-01", to: "2024-08-31" }, why: "its last day" },
  { startedOn: "2023-09-01", cover: null, why: "after both" },
])("SEC-58 SEC-59 use began on $startedOn ($why)", async ({ startedOn, cover }) => {
  expect(await coverOf(await endpoint(startedOn), startedOn)).toEqual(cover);
});

test.each([
  { items: { "seat-100": 9, "seat-10": 9, "seat-1": 9 }, covered: true, why: "999 seats" },
  { items: { "seat-100": 10 }, covered: false, why: "1,000 seats" },
  { items: { "seat-1000": 1 }, covered: false, why: "a pack of 1,000" },
])("SEC-58 A-SEC-9 an order of $why: insured is $covered", async ({ items, covered }) => {
  const contract = await endpoint("2021-04-20", items);
  expect((await coverOf(contract, "2021-05-01")) !== null).toBe(covered);
  const { offers } = await shown(contract, "2021-05-01");
  expect(offers[0]?.conditions.every(({ met }) => met)).toBe(covered);
});

test("SEC-58 a device is registered once, in one form of writing; a later registration covers from its day", async () => {
  const contract = await endpoint("2021-04-20", { "seat-1": 2 });
  expect(await register(contract, "00-1a-2b-3c-4d-01")).toMatchObject({
    mac: "00:1A:2B:3C:4D:01",
    cover: { from: "2021-05-01", to: "2022-04-30" },
    state: "to-come",
  });
  await expect(register(contract, "001a2b3c4d01")).rejects.toMatchObject({ code: "MAC_TAKEN" });
  await expect(register(contract, "ff:ff:ff:ff:ff:ff")).rejects.toMatchObject({ code: "MAC_INVALID" });
  house.clock.set("2021-08-10T03:00:00Z");
  const late = await register(contract, "00:1a:2b:3c:4d:02");
  expect(late).toMatchObject({ cover: { from: "2021-08-10", to: "2022-04-30" }, state: "covered" });
  await expect(register(contract, "00:1a:2b:3c:4d:03")).rejects.toMatchObject({
    code: "INSURED_ALL",
    parameters: { registered: 2, allowed: 2 },
  });
  house.clock.set("2021-10-01T03:00:00Z");
  const removed = await house.on(organisation, contract, (work, row) => removeMac(work, row, late.id));
  expect(removed).toMatchObject({
    removedOn: "2021-10-01",
    cover: { from: "2021-08-10", to: "2021-09-30" },
    state: "over",
  });
  await register(contract, "00:1a:2b:3c:4d:03");
  const { devices } = await shown(contract, "2022-05-01");
  expect(devices.map(({ state }) => state)).toEqual(["over", "over", "over"]);
  house.clock.set("2021-04-25T03:00:00Z");
});

test("SEC-58 a device that another customer registered is refused without saying whose it is; removed, it is free", async () => {
  const other = await house.customer();
  const theirs = await endpoint("2021-04-20", { "seat-1": 1 }, other);
  const ours = await endpoint("2021-04-20", { "seat-1": 1 });
  const device = await register(theirs, "00:1a:2b:3c:4d:09", other);
  await expect(register(ours, "00:1a:2b:3c:4d:09")).rejects.toMatchObject({ code: "MAC_TAKEN" });
  await house.on(other, theirs, (work, row) => removeMac(work, row, device.id));
  await expect(register(ours, "00:1a:2b:3c:4d:09")).resolves.toMatchObject({ state: "to-come" });
});

test("SEC-58 without the insurance no device is registered, and the sentence says which condition is open", async () => {
  const contract = await endpoint("2021-04-20", { "seat-1000": 1 });
  await expect(register(contract, "00:1a:2b:3c:4d:0a")).rejects.toMatchObject({
    code: "INSURANCE_NONE",
    parameters: { reason: expect.stringContaining("fewer than 1,000 seats") },
  });
});

test("SEC-58 two that register one device at once: one does", async () => {
  const contract = await endpoint("2021-04-20", { "seat-10": 1 });
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => register(contract, "00:1a:2b:3c:4d:0b")));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});
