import { afterAll, beforeAll, expect, test } from "vitest";
import { experience, remote, security } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import type { Forecast, Timeline } from "./shapes.ts";

let counter: Counter;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
});
afterAll(async () => counter.stop());

const nets = ({ months }: Forecast): number[] => months.map(({ totals }) => totals.net);

test("COM-19 SEC-54 the forecast is the bills of the coming months: this one free but for the initial fee", async () => {
  const { base, owner } = await counter.customer();
  const contract = await counter.contract(base, orderLine(security, "endpoint", today, { items: { "seat-10": 2 } }));
  const forecast = done(await owner.get<Forecast>(`${base}/contracts/${contract.id}/forecast?months=4`));
  expect(nets(forecast)).toEqual([3_000, 3_600, 3_600, 3_600]);
  expect(forecast.months[1]?.totals.total).toBe(3_960);
  expect(forecast.months[1]?.lines[0]?.why.rule).toMatch(/^SEC-/);
});

test("a start that is set for a later day is part of the forecast, and so is the acceptance of work that charges wait for", async () => {
  const { base } = await counter.customer();
  const later = await counter.contract(base, orderLine(experience, "agent", today, { desiredStartOn: "2027-01-10" }));
  expect(nets(done(await counter.admin.get<Forecast>(`${base}/contracts/${later.id}/forecast?months=4`)))).toEqual([
    0, 0, 0, 12_000,
  ]);
  const router = await counter.contract(base, orderLine(remote, "router", today, { items: { base: 1 } }));
  const forecast = done(await counter.admin.get<Forecast>(`${base}/contracts/${router.id}/forecast?months=3`));
  expect(forecast.months[1]?.lines.map(({ item }) => item)).toContain("base");
});

test("COM-17 the time line tells what happened, what will happen, and what it will cost, in order", async () => {
  const { base, owner } = await counter.customer();
  const contract = await counter.contract(
    base,
    orderLine(security, "endpoint", "2026-10-05", { items: { "seat-10": 2 } }),
    { acceptedOn: "2026-10-05", startOn: "2026-10-05", outOfTurn: "test" },
    { orderedOn: "2026-10-05" },
  );
  const desk = await counter.contract(base, orderLine(security, "desk", today), { outOfTurn: "test" });
  done(
    await owner.post(`${base}/contracts/${contract.id}/cancellations`, { desiredOn: "2027-01-16", confirmedSum: 0 }),
  );
  const { entries, months } = done(await owner.get<Timeline>(`${base}/contracts/${contract.id}/timeline`));
  expect(entries.map(({ on }) => on)).toEqual(entries.map(({ on }) => on).toSorted());
  expect(entries.filter(({ when }) => when === "past").map(({ what }) => what)).toEqual(
    expect.arrayContaining(["applied", "accepted", "created", "started", "cancellation-requested", "end-requested"]),
  );
  expect(
    entries.filter(({ kind }) => kind === "cost").map(({ amount, payload }) => [payload["month"], amount]),
  ).toEqual([
    ["2026-11", 3_960],
    ["2026-12", 3_960],
    // Fifteen days of January: C itself is not charged.
    ["2027-01", Math.floor((3_600 * 15) / 31) + Math.floor(Math.floor((3_600 * 15) / 31) / 10)],
  ]);
  expect(entries.find(({ what }) => what === "planned-end")).toMatchObject({ on: "2027-01-15", when: "future" });
  expect(months).toHaveLength(12);
  for (const { text } of entries) {
    expect(text.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    expect(text.en).not.toBe("");
  }
  const term = done(await owner.get<Timeline>(`${base}/contracts/${desk.id}/timeline`)).entries.filter(
    ({ kind }) => kind === "derived",
  );
  // SEC-65: eleven months from the first of the month after S.
  expect(term.map(({ on }) => on)).toContain("2027-10-31");
});

test("the provider's own contract is never charged and still has its time line", async () => {
  const base = `/api/v1/organisations/${counter.internal}`;
  const own = done(await counter.admin.post<{ id: string }>(`${base}/contracts`, { service: "experience" }));
  const { entries, months } = done(await counter.admin.get<Timeline>(`${base}/contracts/${own.id}/timeline`));
  expect(months).toEqual([]);
  expect(entries.map(({ what }) => what)).toEqual(["created", "started"]);
});
