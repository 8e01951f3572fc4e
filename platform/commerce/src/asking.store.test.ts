/** What a customer may ask for over the API, and what of it is the staff's to say. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Quote } from "./applications/shapes.ts";
import { ot, remote } from "../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../tests/support/orders.ts";
import type { ChangeOrder, ContractItem } from "./contracts/shapes.ts";

let counter: Counter;
let base: string;
let owner: Awaited<ReturnType<Counter["customer"]>>["owner"];
let contract: ContractItem;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
  ({ base, owner } = await counter.customer());
  contract = await counter.contract(base, orderLine(remote, "router", today));
});
afterAll(async () => counter.stop());

test("RNS-66 until when a quote's prices stay is the provider's to say", async () => {
  const wanted = { service: "remote", plan: "router", items: { base: 1 }, startOn: today };
  const asked = await owner.post(`${base}/quotes`, { ...wanted, validUntil: "2099-12-31" });
  expect(asked.body).toMatchObject({ code: "QUOTE_PRICES_STAFF" });
  expect(done(await owner.post<Quote>(`${base}/quotes`, wanted)).validUntil).toBe("2026-12-20");
  const agreed = await counter.admin.post<Quote>(`${base}/quotes`, { ...wanted, validUntil: "2027-03-31" });
  expect(done(agreed).validUntil).toBe("2027-03-31");
});

test("OST-05 whose fault the end of an ancillary service is, and who approved it, are not the customer's to say", async () => {
  const other = await counter.contract(base, orderLine(ot, "sensor", today));
  const end = { kind: "ancillary-ended", item: "ancillary", fault: "provider", approver: "the boss" };
  const body = { effectiveOn: today, changes: [end] };
  const asked = done(await owner.post<ChangeOrder>(`${base}/contracts/${other.id}/change-orders`, body));
  expect(asked.changes).toEqual([{ kind: "ancillary-ended", item: "ancillary" }]);
  const entered = done(await counter.admin.post<ChangeOrder>(`${base}/contracts/${other.id}/change-orders`, body));
  expect(entered.changes).toEqual([end]);
});

test("SEC-61 tickets are bought on the day: an earlier one, with its price, is the staff's to enter", async () => {
  const buy = { item: "ticket", quantity: 1, on: "2026-11-01" };
  expect((await owner.post(`${base}/contracts/${contract.id}/wallets/purchases`, buy)).body).toMatchObject({
    code: "ORDER_DAY_STAFF",
  });
  expect((await counter.admin.post(`${base}/contracts/${contract.id}/wallets/purchases`, buy)).body).toMatchObject({
    code: "TICKETS_NONE",
  });
});

test("a representative is named from today on", async () => {
  const named = { representative: 0, on: "2026-01-01" };
  expect((await owner.post(`${base}/contracts/${contract.id}/representative`, named)).body).toMatchObject({
    code: "CONTRACT_DAY_PAST",
  });
});

test("days beyond those that are reckoned with are refused, never a fault", async () => {
  const of = `${base}/contracts/${contract.id}`;
  const change = { changes: [{ kind: "quantity", item: "base", quantity: 2 }] };
  for (const on of ["9999-12-31", "2200-01-01", "1899-12-31", "0001-01-01"]) {
    const quote = { service: "remote", plan: "router", items: { base: 1 }, startOn: on, months: 36 };
    const answers = [
      await owner.get(`${of}/simulate/cancellation?on=${on}`),
      await owner.post(`${of}/simulate/change`, { effectiveOn: on, ...change }),
      await owner.post(`${of}/change-orders`, { effectiveOn: on, ...change }),
      await owner.post(`${of}/cancellations`, { desiredOn: on, confirmedSum: 0 }),
      await owner.post(`${base}/quotes`, quote),
      await owner.get(`${base}/receivables?on=${on}`),
      await owner.get(`${base}/interest?on=${on}`),
      await owner.get(`${base}/statement?from=${on}`),
      await owner.get(`${base}/offers?on=${on}`),
    ];
    expect(
      answers.map(({ status }) => status),
      on,
    ).toEqual(answers.map(() => 422));
  }
});
