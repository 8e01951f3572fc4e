import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Fact } from "../charging/facts.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { security } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import { contractById } from "./contracts.ts";
import { addFact, contractsWithFacts, factsOf, voidFact } from "./fact-door.ts";
import type { ContractDetail, ContractItem, StoredFact } from "./shapes.ts";

let counter: Counter;
let base: string;
let organisation: OrganisationId;
let owner: Client;
let contract: ContractItem;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
  const customer = await counter.customer();
  [base, organisation, owner] = [customer.base, customer.id, customer.owner];
  contract = await counter.contract(base, orderLine(security, "endpoint", today, { items: { "seat-10": 2 } }));
});
afterAll(async () => counter.stop());

const actor = { kind: "system", name: "utm" } as const;
const door = <T>(
  verb: (
    work: { tx: Parameters<typeof factsOf>[0]; now: Date; actor: typeof actor },
    row: { id: Uuid; organisation: OrganisationId; number: string },
  ) => Promise<T>,
): Promise<T> =>
  counter.stores.store.organisation(organisation, async (tx) => {
    const row = await contractById(tx, organisation, contract.id);
    if (row === null) throw new Error("no contract");
    return verb({ tx, now: new Date(counter.clock.now()), actor }, row);
  });
const discount: Fact = { kind: "discount", on: "2026-11-01", item: "seat-10", amount: 1_500, reference: "契約特約" };
const list = async (): Promise<StoredFact[]> =>
  done(await counter.admin.get<StoredFact[]>(`${base}/contracts/${contract.id}/facts`));

describe("the door of facts", () => {
  test("a service sends the same fact twice under its key: stored once; another under the key is refused", async () => {
    const visit: Fact = { kind: "visit", on: today, kilometres: 60, hours: 2, outlyingIsland: false };
    const ids = [];
    for (let sent = 0; sent < 3; sent++)
      ids.push(await door((work, row) => addFact(work, row, visit, { source: "desk", key: "ticket-7" })));
    expect(new Set(ids).size).toBe(1);
    await expect(
      door((work, row) => addFact(work, row, { ...visit, hours: 3 }, { source: "desk", key: "ticket-7" })),
    ).rejects.toMatchObject({ code: "FACT_KEY_REUSED" });
    await door((work, row) => addFact(work, row, visit, { source: "remote", key: "ticket-7" }));
  });

  test("of twenty at once under one key one is stored", async () => {
    const fact: Fact = { kind: "returned", on: today, unit: "SN-1" };
    const ids = await Promise.all(
      Array.from({ length: 20 }, () =>
        door((work, row) => addFact(work, row, fact, { source: "courier", key: "SN-1" })),
      ),
    );
    expect(new Set(ids).size).toBe(1);
  });

  test.each([
    { fact: { kind: "visit", on: today, kilometres: -1, hours: 2, outlyingIsland: false }, pointer: "/kilometres" },
    { fact: { kind: "quantity", on: today, item: "seat-10" }, pointer: "" },
    { fact: { kind: "quantity", on: "2026-02-30", item: "seat-10", quantity: 1 }, pointer: "/on" },
    { fact: { kind: "nonsense", on: today }, pointer: "/kind" },
  ])("FACT_INVALID names the field: $fact", async ({ fact, pointer }) => {
    await expect(door((work, row) => addFact(work, row, fact as Fact))).rejects.toMatchObject({
      code: "FACT_INVALID",
      fields: [expect.objectContaining({ pointer })],
    });
  });

  test("COM-20 a fact is never changed: a correction voids it and puts another in its place, and both stay", async () => {
    const made = done(
      await counter.admin.post<{ id: string }>(`${base}/contracts/${contract.id}/facts`, { fact: discount }),
    );
    const corrected = done(
      await counter.admin.post<{ id: string }>(`${base}/contracts/${contract.id}/facts`, {
        fact: { ...discount, amount: 1_600 },
        replaces: made.id,
        reason: "金額の誤り",
      }),
    );
    const [before, after] = (await list()).filter(({ fact }) => fact.kind === "discount");
    expect(before).toMatchObject({ id: made.id, voidReason: "金額の誤り", replacedBy: corrected.id });
    expect(after).toMatchObject({ id: corrected.id, voidedAt: null, fact: { amount: 1_600 } });
    const standing = await door(({ tx }) => factsOf(tx, contract.id));
    expect(standing[0]?.facts.filter(({ kind }) => kind === "discount")).toMatchObject([
      { amount: 1_600, recordedOn: today },
    ]);
    done(
      await counter.admin.post(`${base}/contracts/${contract.id}/facts/${corrected.id}/void`, {
        reason: "特約の取消し",
      }),
    );
    const twice = await counter.admin.post<{ code: string }>(
      `${base}/contracts/${contract.id}/facts/${corrected.id}/void`,
      { reason: "again" },
    );
    expect([twice.status, twice.body.code]).toEqual([409, "FACT_ALREADY_VOID"]);
  });

  test("as they were known at a moment: what was recorded or voided later does not count", async () => {
    const before = new Date(counter.clock.now() + 1);
    counter.clock.advance(60_000);
    const late = await door((work, row) =>
      addFact(work, row, { kind: "purchase", on: "2026-10-05", item: "seat-1", quantity: 1 }),
    );
    const known = async (asOf: Date | null) =>
      (await counter.stores.store.provider((tx) => contractsWithFacts(tx, [contract.id], asOf)))[0]?.facts.facts.some(
        ({ id }) => id === late,
      );
    expect([await known(null), await known(before)]).toEqual([true, false]);
    counter.clock.advance(60_000);
    const between = new Date(counter.clock.now() - 1);
    await door((work, row) => voidFact(work, row, late, "mistyped"));
    expect([await known(null), await known(between)]).toEqual([false, true]);
  });

  test("a start that is corrected moves S; steps of the state have no other way in", async () => {
    const start = (await list()).find(({ fact }) => fact.kind === "started");
    const post = (body: object, who = counter.admin) =>
      who.post<{ id: string; code: string }>(`${base}/contracts/${contract.id}/facts`, body);
    expect((await post({ fact: { kind: "started", on: "2026-11-10" } })).body.code).toBe("FACT_OF_THE_STATE");
    done(await post({ fact: { kind: "started", on: "2026-11-10" }, replaces: start?.id, reason: "開通は10日" }));
    const detail = done(await counter.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
    expect(detail).toMatchObject({ serviceStartedOn: "2026-11-10", startedOn: "2026-11-10", state: "active" });
    expect(
      (
        await post({
          fact: { kind: "started", on: "2026-11-21" },
          replaces: detail.facts.findLast(({ fact }) => fact.kind === "started")?.id,
        })
      ).body.code,
    ).toBe("CONTRACT_DAY_OUTSIDE");
  });

  test("customers record nothing; operators what happens in the field; agreed money is the billing staff's", async () => {
    const operator = await counter.staff("provider-operator");
    const url = `${base}/contracts/${contract.id}/facts`;
    const pickup = { kind: "pickup-offered", on: today, unit: "SN-2" };
    expect((await owner.post(url, { fact: pickup })).status).toBe(403);
    expect((await operator.post(url, { fact: pickup })).status).toBe(201);
    const refused = await operator.post<{ code: string }>(url, { fact: discount });
    expect([refused.status, refused.body.code]).toEqual([403, "FACT_NOT_YOURS"]);
  });
});

describe("late entries", () => {
  const contractOf = () =>
    counter.contract(
      base,
      orderLine(security, "endpoint", "2026-09-01", { items: { "seat-1": 3 } }),
      { acceptedOn: "2026-09-01", startOn: "2026-09-01", outOfTurn: "test" },
      { orderedOn: "2026-09-01" },
    );
  const show = async (id: string): Promise<ContractDetail> =>
    done(await counter.admin.get<ContractDetail>(`${base}/contracts/${id}`));

  test("SEC-13 a paper that came in weeks ago ends the contract on its day; a correction of C moves the last day too", async () => {
    const { id } = await contractOf();
    const request = { receivedOn: "2026-11-02", desiredOn: "2026-11-10", confirmedSum: 0, channel: "form" };
    done(await counter.admin.post(`${base}/contracts/${id}/cancellations`, request));
    const ended = await show(id);
    expect(ended).toMatchObject({ state: "ended", cancelledOn: "2026-11-10", endedOn: "2026-11-09" });
    expect(ended.cancellations).toMatchObject([{ state: "carried-out", receivedOn: "2026-11-02" }]);
    const wrong = ended.facts.find(({ fact, voidedAt }) => fact.kind === "cancelled" && voidedAt === null);
    const right = { kind: "cancelled", on: "2026-11-12", by: "customer" };
    done(
      await counter.admin.post(`${base}/contracts/${id}/facts`, {
        fact: right,
        replaces: wrong?.id,
        reason: "読み違い",
      }),
    );
    expect(await show(id)).toMatchObject({ state: "ended", cancelledOn: "2026-11-12", endedOn: "2026-11-11" });
  });

  test("a cancellation before the start that is taken back leaves the contract waiting", async () => {
    const line = orderLine(security, "endpoint", today, { items: { "seat-1": 3 }, desiredStartOn: "2027-01-15" });
    const { id } = await counter.contract(base, line, { outOfTurn: "test" });
    const asked = done(
      await counter.admin.post<{ id: string }>(`${base}/contracts/${id}/cancellations`, {
        desiredOn: "2026-12-10",
        confirmedSum: 0,
      }),
    );
    expect((await show(id)).state).toBe("ending");
    done(await counter.admin.post(`${base}/contracts/${id}/cancellations/${asked.id}/withdraw`, { reason: "継続" }));
    expect(await show(id)).toMatchObject({ state: "awaiting-start", endedOn: null, cancelledOn: null });
    done(await counter.admin.post(`${base}/contracts/${id}/start`, { kind: "started", on: today }));
  });
});
