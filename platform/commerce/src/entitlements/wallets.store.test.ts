import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { chargeLines } from "../charging/charge.ts";
import { addFact, factsOf, storedFacts, voidFact } from "../contracts/fact-door.ts";
import { loadTables } from "../terms/load.ts";
import { openEntitled, type Entitled } from "../../../../tests/support/entitlements.ts";
import { foundContract } from "./reading.ts";
import { buyTickets, useTickets, voidMovement, walletsShown } from "./wallets.ts";

let house: Entitled;
let organisation: OrganisationId;
let contract: Uuid;
beforeAll(async () => {
  house = await openEntitled("2026-12-20T03:00:00Z");
  organisation = await house.customer();
  await house.set("security", "included-tickets", { "ticket-question": 2 }, "2026-06-01");
});
afterAll(() => house.stop());
beforeEach(async () => {
  contract = await house.entitled(organisation, {
    service: "security",
    plan: "desk",
    startedOn: "2026-04-10",
    items: { base: 1 },
  });
});

const buy = (item: string, quantity: number, on: string, of = contract) =>
  house.on(organisation, of, (work, row) => buyTickets(work, row, { item, quantity, on }));
const use = (item: string, quantity: number, on: string, key?: string) =>
  house.on(organisation, contract, (work, row) =>
    useTickets(work, row, { item, quantity, on, ticket: "SUP-1", ...(key === undefined ? {} : { key }) }),
  );
const wallet = async (item: string, on: string) => {
  const shown = await house.work(organisation, async ({ tx }) =>
    walletsShown(tx, await foundContract(tx, organisation, contract), on),
  );
  return shown.wallets.find((one) => one.item === item);
};

test("SEC-61 W-SEC-19 tickets that are bought stand on the bill of the month: 75,000", async () => {
  await buy("ticket-question", 3, "2026-05-02");
  await buy("ticket-setting", 2, "2026-05-10");
  await buy("ticket-refuge", 1, "2026-05-31");
  const lines = await house.work(organisation, async ({ tx }) => {
    const [facts] = await factsOf(tx, contract);
    if (facts === undefined) throw new Error("no facts");
    return chargeLines(await loadTables(tx), facts, { from: "2026-05", to: "2026-05" });
  });
  const tickets = lines.filter(({ item }) => item.startsWith("ticket-"));
  expect(tickets.reduce((sum, { amount }) => sum + amount, 0)).toBe(75_000);
  expect(await wallet("ticket-question", "2026-05-31")).toMatchObject({ bought: 3, remaining: 3, unitPrice: 10_000 });
});

test("SEC-71 a wallet is never below zero: the fourth of three is refused, and so is using before buying", async () => {
  await buy("ticket-setting", 3, "2026-05-10");
  await use("ticket-setting", 2, "2026-05-12");
  await expect(use("ticket-setting", 2, "2026-05-13")).rejects.toMatchObject({
    code: "TICKETS_USED_UP",
    parameters: { remaining: 1, wanted: 2 },
  });
  await expect(use("ticket-setting", 1, "2026-05-09")).rejects.toMatchObject({ code: "TICKETS_USED_UP" });
  await use("ticket-setting", 1, "2026-05-13");
  expect(await wallet("ticket-setting", "2026-05-13")).toMatchObject({ bought: 3, usedOfBought: 3, remaining: 0 });
});

test("SEC-71 the month's allowance is used first and ends with the month; bought tickets stay", async () => {
  await buy("ticket-question", 1, "2026-06-01");
  expect(await wallet("ticket-question", "2026-05-31")).toMatchObject({ included: 0, expiresOn: null, remaining: 0 });
  expect(await wallet("ticket-question", "2026-06-01")).toMatchObject({
    included: 2,
    expiresOn: "2026-06-30",
    remaining: 3,
  });
  await use("ticket-question", 1, "2026-06-15");
  expect(await wallet("ticket-question", "2026-06-30")).toMatchObject({
    usedOfIncluded: 1,
    boughtLeft: 1,
    remaining: 2,
  });
  // The one that was left of June is gone; July has two of its own.
  expect(await wallet("ticket-question", "2026-07-01")).toMatchObject({
    usedOfIncluded: 0,
    boughtLeft: 1,
    remaining: 3,
  });
  await use("ticket-question", 3, "2026-07-02");
  await expect(use("ticket-question", 1, "2026-07-31")).rejects.toMatchObject({ code: "TICKETS_USED_UP" });
  await use("ticket-question", 2, "2026-08-01");
});

test("SEC-71 uses of the allowance do not spoil the bill, and what was granted stays when the setting changes", async () => {
  await use("ticket-question", 2, "2026-06-15");
  const charged = await house.work(organisation, async ({ tx }) => {
    const [facts] = await factsOf(tx, contract);
    if (facts === undefined) throw new Error("no facts");
    return chargeLines(await loadTables(tx), facts, { from: "2026-06", to: "2026-06" });
  });
  expect(charged.map(({ item, amount }) => [item, amount])).toEqual([["base", 80_000]]);
});

test("SEC-71 of twelve that want the last four tickets at once, four get one", async () => {
  await buy("ticket-refuge", 4, "2026-05-01");
  const results = await Promise.allSettled(Array.from({ length: 12 }, () => use("ticket-refuge", 1, "2026-05-02")));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(4);
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "TICKETS_USED_UP" });
  }
  expect(await wallet("ticket-refuge", "2026-05-02")).toMatchObject({ remaining: 0 });
});

test("SEC-71 the database refuses a wallet below zero, whoever writes the fact", async () => {
  await buy("ticket-setting", 1, "2026-05-01");
  const used = (quantity: number, ofIncluded?: number) =>
    house.on(organisation, contract, (work, row) =>
      addFact(work, row, {
        kind: "ticket-used",
        on: "2026-05-02",
        item: "ticket-setting",
        quantity,
        ticket: "SUP-9",
        ...(ofIncluded === undefined ? {} : { ofIncluded }),
      }),
    );
  await expect(used(2)).rejects.toMatchObject({ constraint: "ticket_wallet_not_negative" });
  await expect(used(1, 1)).rejects.toMatchObject({ constraint: "ticket_allowance_not_negative" });
  await used(1);
  const purchase = await house.on(organisation, contract, async ({ tx }, row) =>
    (await storedFacts(tx, row)).find(({ fact }) => fact.kind === "purchase"),
  );
  const taken = house.on(organisation, contract, (work, row) => voidFact(work, row, purchase?.id ?? "", "x"));
  await expect(taken).rejects.toMatchObject({ constraint: "ticket_wallet_not_negative" });
});

test("SEC-71 a wrong entry is taken back: a use at any time, a purchase while its tickets are not used", async () => {
  const purchase = await buy("ticket-setting", 1, "2026-05-01");
  const wrong = await use("ticket-setting", 1, "2026-05-02");
  const take = (movement: Uuid) =>
    house.on(organisation, contract, (work, row) => voidMovement(work, row, movement, "entered wrongly"));
  await expect(take(purchase)).rejects.toMatchObject({ code: "TICKETS_USED_UP" });
  await take(wrong);
  expect(await wallet("ticket-setting", "2026-05-02")).toMatchObject({ bought: 1, remaining: 1 });
  await take(purchase);
  expect(await wallet("ticket-setting", "2026-05-02")).toMatchObject({ bought: 0, remaining: 0 });
});

test("SEC-71 asked again under the same key it is the same use; a use is tied to its support ticket", async () => {
  await buy("ticket-setting", 1, "2026-05-01");
  const first = await use("ticket-setting", 1, "2026-05-02", "desk-1");
  expect(await use("ticket-setting", 1, "2026-05-02", "desk-1")).toBe(first);
  const shown = await house.work(organisation, async ({ tx }) =>
    walletsShown(tx, await foundContract(tx, organisation, contract), "2026-05-02"),
  );
  expect(shown.movements).toMatchObject([
    { kind: "bought", quantity: 1, ticket: null },
    { kind: "used", quantity: 1, ticket: "SUP-1" },
  ]);
});

test.each([
  { item: "base", on: "2026-05-01", code: "TICKETS_NONE" },
  { item: "ticket-setting", on: "2026-04-09", code: "TICKETS_NOT_IN_FORCE" },
  { item: "ticket-setting", on: "2026-12-21", code: "TICKETS_DAY_AHEAD" },
])("$item on $on: $code", async ({ item, on, code }) => {
  await expect(buy(item, 1, on)).rejects.toMatchObject({ code });
});
