import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ground, GroundUse, Offer } from "@yagura/commerce/charging/offer.ts";
import { ot, remote, security, utm } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import type { Client } from "@yagura/testkit/server.ts";
import type { Cancellation, CancellationAnswer, ContractDetail, ContractItem } from "./shapes.ts";
import { sweepContracts } from "./jobs.ts";

let counter: Counter;
let admin: Client;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
  admin = counter.admin;
});
afterAll(async () => counter.stop());

type Refusal = { code: string; detail: string };
const show = async (base: string, id: string): Promise<ContractDetail> =>
  done(await admin.get<ContractDetail>(`${base}/contracts/${id}`));
const act = <T = ContractItem & Refusal>(base: string, id: string, step: string, body: object = {}, who = admin) =>
  who.post<T & Refusal>(`${base}/contracts/${id}/${step}`, body);
const ground = (offer: Offer, use: GroundUse, wanted: (one: Ground) => boolean = () => true): string => {
  const found = offer.grounds.find((one) => one.use === use && wanted(one));
  if (found === undefined) throw new Error(`no ground for ${use}`);
  return found.code;
};
const facts = (detail: ContractDetail, kind: string) =>
  detail.facts.filter(({ fact, voidedAt }) => fact.kind === kind && voidedAt === null).map(({ fact }) => fact);
const simulate = async (base: string, id: string, on: string, who = admin): Promise<CancellationAnswer> =>
  done(await who.get<CancellationAnswer>(`${base}/contracts/${id}/simulate/cancellation?on=${on}`));
/** Contracts of the past are entered from their papers. */
const old = (offer: Offer, plan: string, day: string, more: Parameters<typeof orderLine>[3] = {}) =>
  ({
    line: orderLine(offer, plan, day, more),
    order: { orderedOn: day },
    accept: { acceptedOn: day, startOn: day, outOfTurn: "test", priceConfirmed: true },
  }) as const;
async function contractOf(offer: Offer, plan: string, day = today, more: Parameters<typeof orderLine>[3] = {}) {
  const customer = await counter.customer();
  const { line, order, accept } = old(offer, plan, day, more);
  const contract = await counter.contract(customer.base, line, accept, order);
  return { ...customer, contract };
}

describe("start", () => {
  test("UTM-10 use starts when the initial work is reported finished; a later day is refused, a second report too", async () => {
    const { base } = await counter.customer();
    const contract = await counter.contract(base, orderLine(utm, "gateway", today));
    expect(contract).toMatchObject({ state: "awaiting-start", startedOn: null });
    expect((await act(base, contract.id, "start", { kind: "started", on: "2026-11-21" })).body.code).toBe(
      "CONTRACT_START_LATER",
    );
    expect(done(await act(base, contract.id, "start", { kind: "started", on: "2026-11-18" }))).toMatchObject({
      state: "active",
      startedOn: "2026-11-18",
    });
    expect((await act(base, contract.id, "start", { kind: "started", on: today })).body.code).toBe(
      "CONTRACT_ALREADY_STARTED",
    );
    expect(facts(await show(base, contract.id), "started")).toMatchObject([{ on: "2026-11-18" }]);
  });

  test("RNS-03 the acceptance day is a fact of its own", async () => {
    const { base, contract } = await contractOf(remote, "router", "2026-11-01");
    done(await act(base, contract.id, "start", { kind: "inspected", on: "2026-11-10" }));
    expect(facts(await show(base, contract.id), "inspected")).toMatchObject([{ on: "2026-11-10" }]);
  });

  test("RNS-08 who did the work is recorded with the job, and stands on the time line", async () => {
    const { base, contract } = await contractOf(remote, "router", "2026-11-01");
    const delegate = "やぐら工事株式会社";
    done(await act(base, contract.id, "start", { kind: "inspected", on: "2026-11-10", delegate }));
    const detail = await show(base, contract.id);
    expect(facts(detail, "inspected")).toMatchObject([{ on: "2026-11-10", delegate }]);
    const visit = { kind: "visit", on: "2026-11-12", kilometres: 10, hours: 1, outlyingIsland: false, delegate };
    done(await admin.post(`${base}/contracts/${contract.id}/facts`, { fact: visit }));
    const { entries } = done(
      await admin.get<{ entries: { what: string; text: { ja: string; en: string } }[] }>(
        `${base}/contracts/${contract.id}/timeline`,
      ),
    );
    for (const what of ["inspected", "visit"]) {
      const told = entries.filter((entry) => entry.what === what).map(({ text }) => text);
      expect(told).toEqual([
        { ja: expect.stringContaining(`（作業: ${delegate}）`), en: expect.stringContaining(`(work by ${delegate})`) },
      ]);
    }
  });

  test("OST-15 OST-16 W-OST-9 opening 2025-09-18: installation is asked for by 2025-09-11, and the opening counts as the start", async () => {
    const own = await openCounter("2025-08-20T03:00:00Z");
    try {
      const { base } = await own.customer();
      const contract = await own.contract(
        base,
        orderLine(ot, "sensor", "2025-08-20", { fields: { opening: "2025-09-18" } }),
      );
      expect(contract).toMatchObject({ state: "awaiting-start", startedOn: "2025-09-18" });
      const before = done(await own.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
      expect(before.tasks).toMatchObject([
        { kind: "installation-due", audience: "customer", dueOn: "2025-09-11", state: "open" },
      ]);
      own.moveTo("2025-09-17T15:00:00Z");
      await sweepContracts(own.platform, { ot: {} }, {} as never, [ot]);
      const after = done(await (await own.again()).get<ContractDetail>(`${base}/contracts/${contract.id}`));
      expect(after).toMatchObject({ state: "active", serviceStartedOn: "2025-09-18" });
    } finally {
      await own.stop();
    }
  });

  test("UTM-80 secrets of the order are destroyed when the setting work is reported finished", async () => {
    const { base, contract } = await contractOf(utm, "gateway");
    const { applicationId } = await show(base, contract.id);
    await counter.stores.store.provider((tx) =>
      sql`update commerce.application set sealed = '\\x00' where id = ${applicationId}`.execute(tx),
    );
    done(await act(base, contract.id, "start", { kind: "inspected", on: today }));
    const { rows } = await counter.stores.store.provider((tx) =>
      sql<{
        gone: boolean;
      }>`select sealed is null as gone from commerce.application where id = ${applicationId}`.execute(tx),
    );
    expect(rows[0]?.gone).toBe(true);
    expect((await show(base, contract.id)).events.map(({ kind }) => kind)).toContain("secrets-destroyed");
  });
});

describe("suspension and discontinuance", () => {
  const suspension = {
    measure: "suspension",
    reason: "2026年9月分のお支払いが確認できません",
    on: today,
    until: "2026-12-20",
  } as const;

  test("SEC-19 UTM-23 reason, date and period are needed and told; prior notice unless it is an emergency", async () => {
    const { id, base, contract } = await contractOf(utm, "gateway");
    const body = { ...suspension, ground: ground(utm, "suspension", (one) => one.withoutNotice !== true) };
    for (const field of ["reason", "on", "until", "ground"] as const) {
      const { [field]: _left, ...rest } = body;
      expect((await act(base, contract.id, "suspend", rest)).status).toBe(422);
    }
    expect((await act(base, contract.id, "suspend", body)).body.code).toBe("STOP_NEEDS_NOTICE");
    const stopped = done(await act(base, contract.id, "suspend", { ...body, emergency: true }));
    expect(stopped).toMatchObject({ state: "suspended", stopped: "suspension" });
    const mail = await counter.mailTo(`owner${id.slice(-12)}@customer.test`);
    for (const part of [suspension.reason, suspension.on, suspension.until]) expect(mail.text).toContain(part);
    expect(facts(await show(base, contract.id), "suspended")).toMatchObject([
      { on: today, until: "2026-12-20", measure: "suspension" },
    ]);
  });

  test("UTM-22 W-UTM-14 from 2026-08-31 at most until 2027-02-28", async () => {
    const { base, contract } = await contractOf(utm, "gateway", "2026-08-01");
    const body = { ...suspension, on: "2026-08-31", ground: ground(utm, "suspension"), emergency: true };
    const refused = await act(base, contract.id, "suspend", { ...body, until: "2027-03-01" });
    expect(refused.body.code).toBe("STOP_TOO_LONG");
    expect(refused.body.detail).toContain("2027-02-28");
    done(await act(base, contract.id, "suspend", { ...body, until: "2027-02-28" }));
  });

  test("SEC-17 announced for a day to come it is carried out then, and the service goes on after the last day", async () => {
    const own = await openCounter(`${today}T03:00:00Z`);
    try {
      const { base } = await own.customer();
      const contract = await own.contract(base, orderLine(security, "endpoint", today, { items: { "seat-1": 5 } }));
      const stop = {
        ...suspension,
        measure: "discontinuance",
        ground: ground(security, "discontinuance"),
        on: "2026-11-25",
        until: "2026-11-26",
      };
      expect(done(await own.admin.post<ContractItem>(`${base}/contracts/${contract.id}/suspend`, stop)).state).toBe(
        "active",
      );
      const states: string[] = [];
      for (const time of [
        "2026-11-24T14:59:00Z",
        "2026-11-24T15:00:00Z",
        "2026-11-26T14:59:00Z",
        "2026-11-26T15:00:00Z",
      ]) {
        own.moveTo(time);
        await sweepContracts(own.platform, { security: {} }, {} as never, [security]);
        states.push(done(await (await own.again()).get<ContractItem>(`${base}/contracts/${contract.id}`)).state);
      }
      expect(states).toEqual(["active", "discontinued", "discontinued", "active"]);
      const detail = done(await (await own.again()).get<ContractDetail>(`${base}/contracts/${contract.id}`));
      expect(facts(detail, "resumed")).toMatchObject([{ on: "2026-11-27" }]);
    } finally {
      await own.stop();
    }
  });

  test("a stopped contract whose end is set stays stopped and ends; what is not stopped cannot resume", async () => {
    const { base, contract } = await contractOf(security, "endpoint", today, { items: { "seat-1": 5 } });
    expect((await act(base, contract.id, "resume", { on: today })).body.code).toBe("CONTRACT_STEP_ACTIVE");
    done(
      await act(base, contract.id, "suspend", {
        ...suspension,
        ground: ground(security, "suspension"),
        emergency: true,
      }),
    );
    done(await act(base, contract.id, "cancellations", { desiredOn: "2026-12-15", confirmedSum: 0 }));
    expect(await show(base, contract.id)).toMatchObject({
      state: "ending",
      stopped: "suspension",
      endedOn: "2026-12-14",
    });
    expect(done(await act(base, contract.id, "resume", { on: today })).state).toBe("ending");
  });
});

describe("cancellation by the customer", () => {
  test("SEC-13 SEC-30 any day from the receipt on; C itself is not served any more", async () => {
    const { base, owner, contract } = await contractOf(security, "endpoint", "2026-10-01", { items: { "seat-10": 2 } });
    expect(
      (await act(base, contract.id, "cancellations", { desiredOn: "2026-11-19", confirmedSum: 0 }, owner)).body.code,
    ).toBe("CONTRACT_DAY_PAST");
    const asked = done(
      await act<Cancellation>(base, contract.id, "cancellations", { desiredOn: "2026-12-15", confirmedSum: 0 }, owner),
    );
    expect(asked).toMatchObject({ state: "confirmed", cancelledOn: "2026-12-15", late: false });
    expect(await show(base, contract.id)).toMatchObject({
      state: "ending",
      cancelledOn: "2026-12-15",
      endedOn: "2026-12-14",
    });
    expect(
      (await act(base, contract.id, "cancellations", { desiredOn: "2026-12-20", confirmedSum: 0 }, owner)).body.code,
    ).toBe("CANCELLATION_OPEN");
  });

  test("SEC-66 OST-06 the sum is shown before, and a request that confirms another sum is refused", async () => {
    const { base, owner, contract } = await contractOf(security, "endpoint", "2026-04-10", { items: { "seat-1": 1 } });
    const { line, order, accept } = old(security, "desk", "2026-04-10");
    const desk = await counter.contract(base, line, accept, order);
    // W-SEC-9 moved to this autumn: term 2026-05 to 2027-03, C in January: two months left and the month of C.
    const answer = await simulate(base, desk.id, "2027-01-20", owner);
    expect(answer).toMatchObject({ sum: 240_000, inTime: true, earliestOn: today, endedOn: "2027-01-19" });
    const refused = await act(base, desk.id, "cancellations", { desiredOn: "2027-01-20", confirmedSum: 0 }, owner);
    expect(refused.body.code).toBe("CANCELLATION_SUM_CHANGED");
    expect(refused.body.detail).toContain("240,000");
    done(await act(base, desk.id, "cancellations", { desiredOn: "2027-01-20", confirmedSum: 240_000 }, owner));
    expect((await simulate(base, contract.id, "2027-01-20")).sum).toBe(0);
  });

  test("RNS-10 W-RNS-7 a month before; later notice is refused with the earliest day; the contract ends with the month", async () => {
    const { base, owner, contract } = await contractOf(remote, "router", "2025-01-06");
    done(await act(base, contract.id, "start", { kind: "inspected", on: "2025-01-06" }));
    const early = await act(base, contract.id, "cancellations", { desiredOn: "2026-12-19", confirmedSum: 0 }, owner);
    expect(early.body.code).toBe("CANCELLATION_TOO_EARLY");
    expect(early.body.detail).toContain("2026-12-20");
    expect(await simulate(base, contract.id, "2026-12-01", owner)).toMatchObject({
      inTime: false,
      earliestOn: "2026-12-20",
      cancelledOn: "2026-12-20",
    });
    done(await act(base, contract.id, "cancellations", { desiredOn: "2026-12-20", confirmedSum: 0 }, owner));
    expect(await show(base, contract.id)).toMatchObject({ cancelledOn: "2026-12-20", endedOn: "2026-12-31" });
  });

  test("RNS-11 before acceptance the end waits until the damage is paid by the desired day", async () => {
    const { base, owner, contract } = await contractOf(remote, "router", "2026-11-01");
    const asked = done(
      await act<Cancellation>(base, contract.id, "cancellations", { desiredOn: "2026-11-30", confirmedSum: 0 }, owner),
    );
    expect(asked.state).toBe("requested");
    const confirm = (body: object) => act<Cancellation>(base, contract.id, `cancellations/${asked.id}/confirm`, body);
    expect((await confirm({})).body.code).toBe("CANCELLATION_DAMAGE_OPEN");
    expect(done(await confirm({ damage: { amount: 55_000 } })).state).toBe("requested");
    expect((await confirm({ damage: { amount: 55_000, paidOn: "2026-12-01" } })).body.code).toBe(
      "CANCELLATION_DAMAGE_OPEN",
    );
    expect(done(await confirm({ damage: { amount: 55_000, paidOn: "2026-11-28" } }))).toMatchObject({
      state: "confirmed",
      cancelledOn: "2026-11-30",
    });
    expect(facts(await show(base, contract.id), "claim")).toMatchObject([
      { amount: 55_000, beforeEnd: true, rule: "RNS-11", dueOn: "2026-11-30" },
    ]);
  });

  test("UTM-26 UTM-27 W-UTM-9 a request is flagged when late, and C moves to five business days after the check", async () => {
    const own = await openCounter("2026-04-28T03:00:00Z");
    try {
      const { base, owner } = await own.customer();
      const { line, order } = old(utm, "gateway", "2026-04-01");
      const contract = await own.contract(base, line, { acceptedOn: "2026-04-01", startOn: "2026-04-01" }, order);
      const asked = done(
        await owner.post<Cancellation>(`${base}/contracts/${contract.id}/cancellations`, {
          desiredOn: "2026-04-30",
          confirmedSum: 0,
        }),
      );
      expect(asked).toMatchObject({ state: "requested", late: true });
      own.moveTo("2026-05-07T03:00:00Z");
      const staff = await own.again();
      const confirmed = done(
        await staff.post<Cancellation>(`${base}/contracts/${contract.id}/cancellations/${asked.id}/confirm`, {}),
      );
      expect(confirmed).toMatchObject({ state: "confirmed", checkedOn: "2026-05-07", cancelledOn: "2026-05-14" });
      const detail = done(await staff.get<ContractDetail>(`${base}/contracts/${contract.id}`));
      expect(detail).toMatchObject({ state: "ending", endedOn: "2026-05-13" });
      expect(facts(detail, "cancelled")).toMatchObject([{ on: "2026-05-14", by: "customer" }]);
    } finally {
      await own.stop();
    }
  });

  test("taken back before its day the contract goes on; the customer takes back only what is not confirmed", async () => {
    const { base, owner, contract } = await contractOf(security, "endpoint", today, { items: { "seat-1": 1 } });
    const asked = done(
      await act<Cancellation>(base, contract.id, "cancellations", { desiredOn: "2026-12-15", confirmedSum: 0 }, owner),
    );
    const back = (who: Client) =>
      act<Cancellation>(base, contract.id, `cancellations/${asked.id}/withdraw`, { reason: "継続する" }, who);
    expect((await back(owner)).body.code).toBe("CANCELLATION_OVER");
    expect(done(await back(admin)).state).toBe("withdrawn");
    const detail = await show(base, contract.id);
    expect(detail).toMatchObject({ state: "active", endedOn: null, cancelledOn: null });
    expect(facts(detail, "cancelled")).toEqual([]);
    done(await act(base, contract.id, "cancellations", { desiredOn: "2026-12-24", confirmedSum: 0 }, owner));
  });

  test("OST-07 told in one of the ways of the terms", async () => {
    const { base, contract } = await contractOf(ot, "sensor");
    const refused = await act(base, contract.id, "cancellations", {
      desiredOn: "2026-12-15",
      confirmedSum: 0,
      channel: "form",
    });
    expect(refused.body.code).toBe("CANCELLATION_CHANNEL");
    done(
      await act(base, contract.id, "cancellations", { desiredOn: "2026-12-15", confirmedSum: 0, channel: "letter" }),
    );
    // OST-09: C is charged, so it is the last day.
    expect(await show(base, contract.id)).toMatchObject({ cancelledOn: "2026-12-15", endedOn: "2026-12-15" });
  });
});

describe("ends that the customer did not ask for", () => {
  test("SEC-14 SEC-15 RNS-15 RNS-17 by the provider with a ground; at once only where that needs no notice", async () => {
    const { base, contract } = await contractOf(security, "endpoint", today, { items: { "seat-1": 1 } });
    const needsNotice = ground(security, "cancellation-by-provider", (one) => one.withoutNotice !== true);
    const body = { ground: needsNotice, reason: "停止の原因が続いています", on: today };
    expect((await act(base, contract.id, "provider-cancellation", body)).body.code).toBe("STOP_NEEDS_NOTICE");
    expect(done(await act(base, contract.id, "provider-cancellation", { ...body, on: "2026-12-01" })).state).toBe(
      "ending",
    );
    const other = await contractOf(remote, "router", "2026-11-01");
    const atOnce = ground(remote, "cancellation-by-provider", (one) => one.withoutNotice === true);
    const after = done(await act(other.base, other.contract.id, "provider-cancellation", { ...body, ground: atOnce }));
    const detail = await show(other.base, other.contract.id);
    expect(after.cancelledOn).toBe(today);
    expect(facts(detail, "cancelled")).toMatchObject([{ by: "provider", ground: atOnce, fault: "customer" }]);
    if (remote.grounds.some(({ use, code }) => use === "acceleration" && code === atOnce)) {
      expect(facts(detail, "accelerated")).toHaveLength(1);
    }
  });

  test("RNS-14 RNS-45 the end of a contract with equipment makes tasks for the customer and the staff", async () => {
    const { base, owner, contract } = await contractOf(remote, "router", "2026-11-01");
    done(await act(base, contract.id, "end", { on: today }));
    const { tasks } = await show(base, contract.id);
    expect(tasks.filter(({ state }) => state === "open").map(({ kind, audience }) => [kind, audience])).toEqual([
      ["disconnect-equipment", "customer"],
      ["collect-equipment", "staff"],
    ]);
    const mine = done(await owner.get<{ id: string; kind: string }[]>(`${base}/tasks?state=open`));
    expect(mine.map(({ kind }) => kind)).toEqual(["disconnect-equipment"]);
    done(await owner.post(`${base}/tasks/${mine[0]?.id ?? ""}/close`, { state: "done" }));
  });

  test("SEC-72 when the last covered service ends the staff get a task, and the desk goes on", async () => {
    const { base, contract } = await contractOf(security, "endpoint", today, { items: { "seat-1": 1 } });
    const { line, accept } = old(security, "desk", today);
    const desk = await counter.contract(base, line, accept);
    done(await act(base, contract.id, "end", { on: today }));
    const detail = await show(base, desk.id);
    expect(detail.state).toBe("active");
    expect(detail.tasks).toMatchObject([
      { kind: "no-covered-service", rule: "SEC-72", audience: "staff", state: "open" },
    ]);
  });

  test("UTM-28 the line's contract ended: this one ends by itself", async () => {
    const { base, contract } = await contractOf(utm, "gateway", "2026-11-01");
    const after = done(await act(base, contract.id, "line-ended", { on: "2026-11-30" }));
    expect(after).toMatchObject({ state: "ending", cancelledOn: "2026-11-30", endedOn: "2026-11-29" });
    expect(facts(await show(base, contract.id), "cancelled")).toMatchObject([{ by: "line-ended", fault: "none" }]);
  });
});
