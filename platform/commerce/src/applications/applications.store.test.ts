import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { experience, offers, ot, remote, security, utm } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import type { ContractDetail, ContractItem } from "../contracts/shapes.ts";
import type { Application } from "./shapes.ts";

let counter: Counter;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
});
afterAll(async () => counter.stop());

const apply = async (base: string, line: object, order: object = {}): Promise<Application> =>
  done(
    await counter.admin.post<Application[]>(`${base}/applications`, { channel: "form", lines: [line], ...order }),
  )[0] as Application;

describe("from the application to the contract", () => {
  test.each([
    { offer: experience, plan: "agent", state: "active" },
    { offer: security, plan: "endpoint", items: { "seat-10": 2 }, state: "active" },
    { offer: remote, plan: "utm-gateway", state: "active" },
    { offer: ot, plan: "sensor", state: "active" },
    { offer: utm, plan: "gateway", state: "awaiting-start" },
  ])("$offer.service: applied for, accepted, with its facts", async ({ offer, plan, items, state }) => {
    const { base } = await counter.customer();
    const line = orderLine(offer, plan, today, items === undefined ? {} : { items });
    const contract = await counter.contract(base, line);
    expect(contract).toMatchObject({ service: offer.service, plan, state, charged: true });
    const detail = done(await counter.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
    const kinds = detail.facts.map(({ fact }) => fact.kind);
    expect(kinds.slice(0, 2)).toEqual(["applied", "accepted"]);
    expect(kinds.includes("started")).toBe(state === "active");
    expect(detail.holders).toHaveLength(1);
  });
});
