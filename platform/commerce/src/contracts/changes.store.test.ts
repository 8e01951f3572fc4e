import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Offer } from "@yagura/commerce/charging/offer.ts";
import type { Client } from "@yagura/testkit/server.ts";
import { ot, remote, security, utm } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import type { Evidence } from "../applications/shapes.ts";
import { remind } from "./reminders.ts";
import type { ChangeAnswer, ChangeOrder, ContractDetail, ContractItem, Transfer, Withdrawn } from "./shapes.ts";
import { carryOutWithdrawal } from "./withdrawals.ts";

let counter: Counter;
let admin: Client;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
  admin = counter.admin;
});
afterAll(async () => counter.stop());

const show = async (base: string, id: string, who: Client = admin): Promise<ContractDetail> =>
  done(await who.get<ContractDetail>(`${base}/contracts/${id}`));
const act = <T = ContractItem>(base: string, id: string, step: string, body: object = {}, who = admin) =>
  who.post<T & { code: string; detail: string; fields: { pointer: string }[] }>(
    `${base}/contracts/${id}/${step}`,
    body,
  );
const facts = (detail: ContractDetail, kind: string) =>
  detail.facts.filter(({ fact, voidedAt }) => fact.kind === kind && voidedAt === null).map(({ fact }) => fact);
async function contractOf(offer: Offer, plan: string, more: Parameters<typeof orderLine>[3] = {}, day = today) {
  const customer = await counter.customer();
  const contract = await counter.contract(
    customer.base,
    orderLine(offer, plan, day, more),
    { acceptedOn: day, startOn: day, outOfTurn: "test", priceConfirmed: true },
    { orderedOn: day },
  );
  return { ...customer, contract };
}
const proof = async (base: string): Promise<string> =>
  done(
    await admin.call<Evidence>("POST", `${base}/evidence?name=proof.pdf`, Buffer.from("%PDF-1.7"), {
      "content-type": "application/pdf",
    }),
  ).id;

describe("change orders", () => {
  test("SEC-34 SEC-35 RNS-09 quantities change from a day once the order is accepted, and the bill before and after is shown", async () => {
    const { base, owner, contract } = await contractOf(security, "endpoint", { items: { "seat-1": 7 } }, "2026-09-01");
    const wanted = { effectiveOn: "2026-12-12", changes: [{ kind: "quantity", item: "seat-1", quantity: 8 }] };
    const answer = done(await act<ChangeAnswer>(base, contract.id, "simulate/change", wanted, owner));
    const december = (months: ChangeAnswer["before"]) => months.find(({ month }) => month === "2026-12")?.totals.net;
    // 7 seats for 11 days and 8 for 20, each part cut down.
    expect([december(answer.before), december(answer.after)]).toEqual([1_400, 496 + 1_032]);
    expect(facts(await show(base, contract.id), "quantity")).toEqual([]);
    const order = done(await act<ChangeOrder>(base, contract.id, "change-orders", wanted, owner));
    expect(order.state).toBe("requested");
    expect((await act(base, contract.id, `change-orders/${order.id}/accept`, {}, owner)).status).toBe(403);
    done(await act<ChangeOrder>(base, contract.id, `change-orders/${order.id}/accept`));
    expect(facts(await show(base, contract.id), "quantity")).toMatchObject([
      { on: "2026-12-12", item: "seat-1", quantity: 8, by: "customer" },
    ]);
    expect((await act(base, contract.id, `change-orders/${order.id}/accept`)).body.code).toBe("CHANGE_ORDER_OVER");
  });

  test.each([
    { why: "an item that the plan does not have", change: { kind: "quantity", item: "report", quantity: 1 } },
    { why: "a pack as an option", change: { kind: "option-started", item: "seat-10" } },
    { why: "more than the form allows", change: { kind: "quantity", item: "seat-10000", quantity: 101 } },
    { why: "an attribute that is none", change: { kind: "attribute", name: "colour", value: "red" } },
    {
      why: "an attribute with a value that is not offered",
      change: { kind: "attribute", name: "environment", value: "moon" },
    },
  ])("RNS-90 $why is refused at its place", async ({ change }) => {
    const { base, contract } = await contractOf(security, "endpoint", { items: { "seat-10": 1 } });
    const good = { kind: "quantity", item: "seat-10", quantity: 2 };
    const refused = await act(base, contract.id, "change-orders", { effectiveOn: today, changes: [good, change] });
    expect([refused.body.code, refused.body.fields.map(({ pointer }) => pointer)]).toEqual([
      "CHANGE_IMPOSSIBLE",
      ["/changes/1"],
    ]);
  });

  test("SEC-71 OST-08 tickets, options and ancillary services; customers ask for days to come and set no fee", async () => {
    const { base, contract } = await contractOf(security, "endpoint", { items: { "seat-10": 1 } }, "2026-09-01");
    const desk = await counter.contract(base, orderLine(security, "desk", today), { outOfTurn: "test" });
    const order = done(
      await act<ChangeOrder>(base, desk.id, "change-orders", {
        effectiveOn: today,
        changes: [
          { kind: "option-started", item: "report" },
          { kind: "purchase", item: "ticket-question", quantity: 3 },
        ],
      }),
    );
    done(await act(base, desk.id, `change-orders/${order.id}/accept`));
    const detail = await show(base, desk.id);
    expect([facts(detail, "option-started"), facts(detail, "purchase")]).toMatchObject([
      [{ item: "report" }],
      [{ item: "ticket-question", quantity: 3 }],
    ]);
    expect(contract.state).toBe("active");
    const sensor = await contractOf(ot, "sensor", {}, "2026-10-01");
    const ancillary = { kind: "ancillary-started", item: "ancillary", months: 12, payment: "monthly", fee: 1 };
    const catalogue = [{ item: "ancillary", months: 12, payment: "monthly", fee: 240_000 }];
    const setting = { service: "ot", key: "ancillary-catalogue", value: catalogue, from: "2026-12-01", reason: "test" };
    done(await admin.post("/api/v1/provider/settings", setting));
    const past = await act(
      sensor.base,
      sensor.contract.id,
      "change-orders",
      { effectiveOn: "2026-11-01", changes: [ancillary] },
      sensor.owner,
    );
    expect(past.body.code).toBe("CONTRACT_DAY_PAST");
    const asked = done(
      await act<ChangeOrder>(
        sensor.base,
        sensor.contract.id,
        "change-orders",
        { effectiveOn: "2026-12-01", changes: [ancillary] },
        sensor.owner,
      ),
    );
    expect(asked.changes[0]).not.toHaveProperty("fee");
    done(await act(sensor.base, sensor.contract.id, `change-orders/${asked.id}/accept`));
    expect(facts(await show(sensor.base, sensor.contract.id), "ancillary-started")).toMatchObject([
      { on: "2026-12-01", months: 12, fee: 240_000 },
    ]);
  });

  test("OST-03 ancillary services of the order become a change order of what the catalogue has, for the staff to accept", async () => {
    const { base } = await counter.customer();
    const catalogue = [{ item: "ancillary", months: 12, payment: "monthly", fee: 240_000 }];
    const setting = { service: "ot", key: "ancillary-catalogue", value: catalogue, from: "2026-12-05", reason: "test" };
    done(await admin.post("/api/v1/provider/settings", setting));
    const order = orderLine(ot, "sensor", today, {
      fields: { opening: "2026-12-10" },
      items: { basic: 1, ancillary: 2 },
    });
    const contract = await counter.contract(base, order);
    const list = done(await admin.get<readonly ChangeOrder[]>(`${base}/contracts/${contract.id}/change-orders`));
    const one = { kind: "ancillary-started", item: "ancillary", months: 12, payment: "monthly", fee: 240_000 };
    expect(list).toMatchObject([{ state: "requested", effectiveOn: "2026-12-10", changes: [one, one] }]);
    const detail = await show(base, contract.id);
    expect(detail.tasks.map(({ kind }) => kind)).toContain("ancillary-to-enter");
    expect(facts(detail, "ancillary-started")).toEqual([]);
  });

  test("OST-04 OST-06 cancelling the basic service shows and charges the rest of an ancillary one", async () => {
    const { base, owner, contract } = await contractOf(ot, "sensor", {}, "2026-10-01");
    const order = done(
      await act<ChangeOrder>(base, contract.id, "change-orders", {
        effectiveOn: "2026-11-01",
        changes: [{ kind: "ancillary-started", item: "ancillary", months: 12, payment: "monthly", fee: 360_000 }],
      }),
    );
    done(await act(base, contract.id, `change-orders/${order.id}/accept`));
    const answer = done(
      await owner.get<{ sum: number }>(`${base}/contracts/${contract.id}/simulate/cancellation?on=2027-03-16`),
    );
    // Four months and the fifteen days before C of the fifth are instalments: A-OST-2 leaves the rest of the whole fee.
    expect(answer.sum).toBe(360_000 - 4 * 30_000 - Math.floor((30_000 * 15) / 31));
    done(await act(base, contract.id, "cancellations", { desiredOn: "2027-03-16", confirmedSum: answer.sum }, owner));
  });
});

describe("succession and assignment", () => {
  const successor = {
    name: "株式会社承継",
    kind: "corporation",
    corporateNumber: "7000012050002",
    address: "大阪府大阪市1-1",
  };

  test("SEC-11 COM-24 an assignment is refused where the terms know none", async () => {
    const { base, contract } = await contractOf(security, "endpoint", { items: { "seat-10": 1 } });
    const refused = await act(base, contract.id, "transfers", {
      how: "assignment",
      effectiveOn: today,
      successors: [successor],
      evidence: [await proof(base)],
    });
    expect([refused.status, refused.body.code]).toEqual([422, "ASSIGNMENT_NEVER"]);
  });

  test("SEC-12 UTM-18 COM-23 several successors have one representative; who held before stays in the history", async () => {
    const { base, owner, contract } = await contractOf(security, "endpoint", { items: { "seat-10": 1 } });
    const input = {
      how: "succession",
      effectiveOn: "2026-12-01",
      successors: [successor, { ...successor, name: "株式会社もう一社" }],
    };
    expect((await act(base, contract.id, "transfers", input, owner)).body.code).toBe("TRANSFER_EVIDENCE");
    const asked = done(
      await act<Transfer>(base, contract.id, "transfers", { ...input, evidence: [await proof(base)] }, owner),
    );
    expect(asked).toMatchObject({ state: "requested", representative: null });
    done(await act(base, contract.id, `transfers/${asked.id}/decide`, { approve: true }));
    done(await act(base, contract.id, "representative", { representative: 1, on: "2026-12-10" }, owner));
    const { holders } = await show(base, contract.id);
    expect(holders.map(({ from, how, holder, others }) => [from, how, holder.name, others.length])).toEqual([
      [today, "order", expect.any(String), 0],
      ["2026-12-01", "succession", "株式会社承継", 1],
      ["2026-12-10", "representative", "株式会社もう一社", 1],
    ]);
    expect(facts(await show(base, contract.id), "transferred")).toHaveLength(2);
  });

  test("RNS-33 with the prior written consent", async () => {
    const { base, contract } = await contractOf(remote, "router", {}, "2026-11-01");
    const input = { how: "assignment", effectiveOn: "2026-12-01", successors: [successor] };
    expect((await act(base, contract.id, "transfers", input)).body.code).toBe("TRANSFER_EVIDENCE");
    const asked = done(
      await act<Transfer>(base, contract.id, "transfers", { ...input, evidence: [await proof(base)] }),
    );
    expect(done(await act<Transfer>(base, contract.id, `transfers/${asked.id}/decide`, { approve: true })).state).toBe(
      "approved",
    );
  });

  test.each([
    { against: "togetherWithLine", says: "together with the line" },
    { against: "assigneeHoldsLine", says: "line's holder" },
    { against: "noArrears", says: "arrears" },
  ] as const)("UTM-14 UTM-15 not approved when $against is not so", async ({ against, says }) => {
    const { base, contract } = await contractOf(utm, "gateway", { fields: { "line-model": "own" } }, "2026-11-01");
    const asked = done(
      await act<Transfer>(base, contract.id, "transfers", {
        how: "assignment",
        effectiveOn: "2026-12-01",
        successors: [successor],
        evidence: [await proof(base)],
      }),
    );
    const checks = { togetherWithLine: true, assigneeHoldsLine: true, noArrears: true };
    const decide = (body: object) => act<Transfer>(base, contract.id, `transfers/${asked.id}/decide`, body);
    const refused = await decide({ approve: true, checks: { ...checks, [against]: false } });
    expect(refused.body.code).toBe("TRANSFER_REFUSED");
    expect(refused.body.detail).toContain(says);
    expect(done(await decide({ approve: true, checks })).state).toBe("approved");
    expect((await decide({ approve: false, reason: "x" })).body.code).toBe("TRANSFER_OVER");
  });
});

describe("what the calendar brings", () => {
  test("UTM-08 W-UTM-11 from 2021-06-01 seven years: warned before, and ended with 2028-05-31 by itself", async () => {
    const own = await openCounter("2026-11-20T03:00:00Z");
    try {
      const { base } = await own.customer();
      const day = "2026-11-20";
      const made = await own.contract(base, orderLine(utm, "gateway", day, { fields: { model: "ssb5" } }));
      done(await own.admin.post(`${base}/contracts/${made.id}/start`, { kind: "started", on: "2026-11-20" }));
      const start = (await show(base, made.id, own.admin)).facts.find(({ fact }) => fact.kind === "started");
      // It really began in 2021: a correction moves S.
      done(
        await own.admin.post(`${base}/contracts/${made.id}/facts`, {
          fact: { kind: "started", on: "2021-06-01" },
          replaces: start?.id,
          reason: "旧契約の引継ぎ",
        }),
      );
      const parts = { hooks: { utm: {} }, devices: {} as never, offers: [utm] };
      const at = async (time: string) => {
        own.moveTo(time);
        await remind(own.platform, parts);
        await remind(own.platform, parts);
        return show(base, made.id, await own.again());
      };
      expect((await at("2027-11-29T14:59:00Z")).tasks).toEqual([]);
      const warned = await at("2027-11-30T15:00:00Z");
      expect(warned.tasks.map(({ kind, dueOn }) => [kind, dueOn])).toEqual([["longest-use-6", "2028-05-31"]]);
      expect(warned.state).toBe("active");
      expect((await at("2028-02-29T03:00:00Z")).tasks).toHaveLength(2);
      const set = await at("2028-04-30T15:00:00Z");
      expect(set).toMatchObject({ state: "ending", endedOn: "2028-05-31", cancelledOn: "2028-06-01" });
      expect(facts(set, "cancelled")).toMatchObject([{ by: "longest-use", on: "2028-06-01" }]);
    } finally {
      await own.stop();
    }
  });

  test("OST-15 one reminder before the installation is due", async () => {
    const own = await openCounter("2026-11-20T03:00:00Z");
    try {
      const { id, base } = await own.customer();
      await own.contract(base, orderLine(ot, "sensor", "2026-11-20", { fields: { opening: "2026-12-18" } }));
      own.moveTo("2026-12-11T03:00:00Z");
      const parts = { hooks: {}, devices: {} as never, offers: [ot] };
      await remind(own.platform, parts);
      await remind(own.platform, parts);
      const staff = await own.again();
      const box = done(await staff.get<{ items: { to: string; subject: string }[] }>("/api/v1/provider/outbox"));
      const sent = box.items.filter(
        ({ to, subject }) => to === `owner${id.slice(-12)}@customer.test` && subject.includes("2026-12-14"),
      );
      expect(sent).toHaveLength(1);
    } finally {
      await own.stop();
    }
  });

  test("SEC-20 RNS-19 UTM-25 W-RNS-7 a withdrawal needs its notice in time and ends every contract of the plan on the day", async () => {
    const own = await openCounter("2026-10-31T03:00:00Z");
    try {
      const at = await own.customer();
      const accept = { priceConfirmed: true, outOfTurn: "test" };
      const router = await own.contract(at.base, orderLine(remote, "router", "2026-10-31"), accept);
      const wireless = await own.contract(at.base, orderLine(remote, "wireless", "2026-10-31"), accept);
      const body = {
        service: "remote",
        plan: "router",
        noticeOn: "2026-11-01",
        on: "2026-12-31",
        reason: "機器の供給終了",
      };
      const late = await own.admin.post<{ code: string; detail: string }>("/api/v1/provider/withdrawals", body);
      expect(late.body.code).toBe("WITHDRAWAL_TOO_LATE");
      expect(late.body.detail).toContain("2026-10-31");
      const answer = done(
        await own.admin.post<Withdrawn>("/api/v1/provider/withdrawals", { ...body, noticeOn: "2026-10-31" }),
      );
      expect(answer.contracts.map(({ number }) => number)).toEqual([router.number]);
      const parts = { hooks: { remote: {} }, devices: {} as never, offers: [remote] };
      const withdrawal = {
        service: "remote",
        plan: "router",
        on: "2026-12-31",
        rule: "RNS-19",
        reason: "機器の供給終了",
      };
      expect(await carryOutWithdrawal(own.platform, parts, withdrawal)).toBe(1);
      expect(await carryOutWithdrawal(own.platform, parts, withdrawal)).toBe(0);
      const detail = await show(at.base, router.id, own.admin);
      expect(detail).toMatchObject({ state: "ending", cancelledOn: "2026-12-31", endedOn: "2026-12-31" });
      expect(facts(detail, "cancelled")).toMatchObject([{ by: "withdrawal", fault: "none" }]);
      expect((await show(at.base, wireless.id, own.admin)).state).toBe("active");
    } finally {
      await own.stop();
    }
  });
});
