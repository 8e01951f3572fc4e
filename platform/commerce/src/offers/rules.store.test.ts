/** What the staff choose from: grounds and kinds of notice, as the terms of a service know them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Page } from "@yagura/server/shapes.ts";
import { security } from "../../../../tests/support/offers.ts";
import { done, openCounter, type Counter } from "../../../../tests/support/orders.ts";
import type { GroundItem, NoticeRuleItem } from "./shapes.ts";

let counter: Counter;
beforeAll(async () => {
  counter = await openCounter("2026-11-20T03:00:00Z");
});
afterAll(async () => counter.stop());

test("SEC-06 SEC-18 the grounds of a service are told by use, those of another are not", async () => {
  const { items } = done(await counter.admin.get<Page<GroundItem>>("/api/v1/provider/grounds?service=security"));
  expect(items).toHaveLength(security.grounds.length);
  expect(items.filter(({ use }) => use === "refusal").length).toBeGreaterThanOrEqual(7);
  expect(items.every(({ rule }) => /^(SEC|COM)-/.test(rule))).toBe(true);
});

test("SEC-19 a kind of notice says what it must state, and only the provider's own kinds are offered", async () => {
  const { items } = done(
    await counter.admin.get<Page<NoticeRuleItem>>("/api/v1/provider/notice-rules?service=security"),
  );
  expect(items.find(({ kind }) => kind === "suspension")?.states).toEqual(
    expect.arrayContaining(["reason", "date", "period"]),
  );
  expect(items.map(({ kind }) => kind)).not.toContain("cancellation-by-customer");
});

test("a customer's owner may not ask", async () => {
  const { owner } = await counter.customer();
  for (const path of ["grounds", "notice-rules"]) {
    const answer = await owner.get<unknown>(`/api/v1/provider/${path}?service=security`);
    expect([401, 403, 404]).toContain(answer.status);
  }
});
