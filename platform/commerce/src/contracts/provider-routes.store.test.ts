/** Contracts over all customers: filters, pages, and who may ask. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "@yagura/server/shapes.ts";
import { experience, security } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import type { ListedContract } from "./shapes.ts";

let counter: Counter;
const today = "2026-11-20";
const PATH = "/api/v1/provider/contracts";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
});
afterAll(async () => counter.stop());

test("the office lists contracts of every customer with their names, by service, state and text, page by page", async () => {
  const [one, two] = [await counter.customer(), await counter.customer()];
  const agent = await counter.contract(one.base, orderLine(experience, "agent", today));
  const endpoint = await counter.contract(
    two.base,
    orderLine(security, "endpoint", today, { items: { "seat-10": 1 } }),
  );
  const list = async (query: string): Promise<Page<ListedContract>> =>
    done(await counter.admin.get<Page<ListedContract>>(`${PATH}${query}`));
  const all = await list("");
  expect(all).toMatchObject({ total: 2, next: null });
  expect(all.items.map(({ id }) => id)).toEqual([endpoint.id, agent.id]);
  expect(all.items.every(({ organisationName }) => organisationName !== "")).toBe(true);
  expect((await list("?service=security")).items.map(({ id }) => id)).toEqual([endpoint.id]);
  expect((await list("?state=ended")).items).toEqual([]);
  expect((await list(`?q=${agent.number.slice(4)}`)).items.map(({ id }) => id)).toEqual([agent.id]);
  const first = await list("?limit=1");
  expect(first).toMatchObject({ total: 2, next: endpoint.id });
  expect((await list(`?limit=1&cursor=${first.next ?? ""}`)).items.map(({ id }) => id)).toEqual([agent.id]);
});

test("a customer's owner may not", async () => {
  const { owner } = await counter.customer();
  const answer = await owner.get<{ code: string }>(PATH);
  expect([401, 403, 404]).toContain(answer.status);
});
