/** What services hear of a contract, each inside the transaction that causes it; and steps that meet at one moment. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDevices } from "@yagura/devices/create-devices.ts";
import type { ContractHooks } from "../commerce.ts";
import { commerceRoom } from "../room.ts";
import { offers, remote, security } from "../../../../tests/support/offers.ts";
import { migrations } from "../../../../tests/support/experience.ts";
import { done, orderLine } from "../../../../tests/support/orders.ts";
import { offerServices } from "../../../../tests/support/provider-data.ts";
import { testClock, testServer, type TestServer } from "@yagura/testkit/server.ts";
import type { Application, Quote } from "../applications/shapes.ts";
import { contractById } from "./contracts.ts";
import type { Cancellation, ChangeOrder, ContractDetail, ContractItem } from "./shapes.ts";

const today = "2026-11-20";
const heard: string[] = [];
let fails: string | null = null;
/** Says what it hears, and that the contract is there to be read in the same transaction. */
const hears =
  (kind: keyof ContractHooks): NonNullable<ContractHooks["started"]> =>
  async (tx, contract, on) => {
    const row = await contractById(tx, contract.organisation, contract.id);
    heard.push(`${kind} ${on} ${row?.state ?? "missing"}`);
    if (fails === kind) throw new Error("the service refuses");
  };
const recording: ContractHooks = {
  accepted: hears("accepted"),
  started: hears("started"),
  changed: async (_tx, _contract, on, changes) =>
    void heard.push(`changed ${on} ${changes.map(({ item }) => item).join()}`),
  suspended: hears("suspended"),
  resumed: hears("resumed"),
  ending: hears("ending"),
  kept: hears("kept"),
  ended: hears("ended"),
};

let server: TestServer;
let base: string;
beforeAll(async () => {
  const clock = testClock(Date.parse(`${today}T03:00:00Z`));
  const devices = createDevices({ clock, fingerprint: () => null });
  const hooks = Object.fromEntries(offers.map(({ service }) => [service, service === "security" ? recording : {}]));
  const commerce = commerceRoom({ hooks, offers, devices });
  server = await testServer({
    routes: commerce.routes,
    scopes: [commerce.scopes],
    migrations: migrations.filter(({ room }) => room !== "server"),
    clock,
  });
  await commerce.prepare(server.platform);
  await offerServices(server.admin, offers, "2020-01-01");
  base = `/api/v1/organisations/${(await server.organisation("株式会社フック")).id}`;
});
afterAll(async () => server.stop());

const apply = async (line: object, order: object = {}): Promise<Application> =>
  done(
    await server.admin.post<Application[]>(`${base}/applications`, { channel: "form", lines: [line], ...order }),
  )[0] as Application;
const accept = (application: Application, body: object = {}) =>
  server.admin.post<ContractItem & { code: string; detail: string }>(
    `${base}/applications/${application.id}/accept`,
    body,
  );
const post = <T>(contract: ContractItem, step: string, body: object = {}) =>
  server.admin.post<T & { code: string }>(`${base}/contracts/${contract.id}/${step}`, body);
const endpoint = () => orderLine(security, "endpoint", today, { items: { "seat-10": 1 } });
const ground = (use: "suspension" | "refusal") => security.grounds.find((one) => one.use === use)?.code;

describe("hooks", () => {
  test("a service hears each step in its order", async () => {
    heard.length = 0;
    const contract = done(await accept(await apply(endpoint())));
    const order = done(
      await post<ChangeOrder>(contract, "change-orders", {
        effectiveOn: "2026-12-01",
        changes: [{ kind: "quantity", item: "seat-10", quantity: 2 }],
      }),
    );
    done(await post(contract, `change-orders/${order.id}/accept`));
    done(
      await post(contract, "suspend", {
        measure: "suspension",
        ground: ground("suspension"),
        reason: "x",
        on: today,
        until: today,
        emergency: true,
      }),
    );
    done(await post(contract, "resume", { on: today }));
    const asked = done(
      await post<Cancellation>(contract, "cancellations", { desiredOn: "2026-12-20", confirmedSum: 0 }),
    );
    done(await post(contract, `cancellations/${asked.id}/withdraw`, { reason: "x" }));
    done(await post(contract, "end", { on: today }));
    expect(heard).toEqual([
      `accepted ${today} awaiting-start`,
      `started ${today} active`,
      "changed 2026-12-01 seat-10",
      `suspended ${today} suspended`,
      `resumed ${today} active`,
      "ending 2026-12-19 ending",
      `kept ${today} active`,
      `ended ${today} ended`,
    ]);
  });

  test("a hook that fails undoes the step with everything that belongs to it", async () => {
    const application = await apply(endpoint());
    fails = "accepted";
    expect((await accept(application)).status).toBe(500);
    fails = null;
    const after = done(await server.admin.get<Application>(`${base}/applications/${application.id}`));
    expect(after).toMatchObject({ state: "received", contractId: null });
    const contract = done(await accept(application));
    fails = "suspended";
    const stop = {
      measure: "suspension",
      ground: ground("suspension"),
      reason: "x",
      on: today,
      until: today,
      emergency: true,
    };
    expect((await post(contract, "suspend", stop)).status).toBe(500);
    fails = null;
    const detail = done(await server.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
    expect(detail.state).toBe("active");
    expect(detail.facts.map(({ fact }) => fact.kind)).not.toContain("suspended");
  });
});

describe("steps that meet", () => {
  test("of two cancellations at once one is taken", async () => {
    const contract = done(await accept(await apply(endpoint())));
    const ask = (desiredOn: string) => post<Cancellation>(contract, "cancellations", { desiredOn, confirmedSum: 0 });
    const answers = await Promise.all([ask("2026-12-10"), ask("2026-12-20"), ask("2026-12-30")]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    const detail = done(await server.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
    expect(detail.facts.filter(({ fact, voidedAt }) => fact.kind === "cancelled" && voidedAt === null)).toHaveLength(1);
  });

  test("acceptance and refusal at once: one of them decides, and the contract is there only when it was accepted", async () => {
    for (let round = 0; round < 5; round++) {
      const application = await apply(endpoint());
      const [accepted, refused] = await Promise.all([
        accept(application),
        server.admin.post(`${base}/applications/${application.id}/refuse`, { ground: ground("refusal") }),
      ]);
      expect([accepted.status, refused.status].filter((status) => status < 300)).toHaveLength(1);
      const after = done(await server.admin.get<Application>(`${base}/applications/${application.id}`));
      expect(after.contractId !== null).toBe(accepted.status === 201);
    }
  });

  test("a change order accepted twice at once gives its facts once", async () => {
    const contract = done(await accept(await apply(endpoint())));
    const order = done(
      await post<ChangeOrder>(contract, "change-orders", {
        effectiveOn: "2026-12-01",
        changes: [{ kind: "quantity", item: "seat-1", quantity: 3 }],
      }),
    );
    const answers = await Promise.all([0, 1, 2].map(() => post(contract, `change-orders/${order.id}/accept`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    const detail = done(await server.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
    expect(detail.facts.filter(({ fact }) => fact.kind === "quantity")).toHaveLength(1);
  });
});

describe("prices of the order", () => {
  test("RNS-66 A-RNS-3 a price that changed between order and acceptance needs the customer's yes", async () => {
    const application = await apply(orderLine(remote, "router", "2026-11-18"), { orderedOn: "2026-11-18" });
    const change = {
      service: "remote",
      plan: "router",
      item: "base",
      amount: 13_000,
      from: "2026-11-19",
      confirmPast: true,
      reason: "test",
    };
    done(await server.admin.post("/api/v1/provider/prices", change));
    const refused = await accept(application);
    expect([refused.body.code, refused.body.detail.includes("base")]).toEqual(["PRICE_CONFIRMATION", true]);
    const contract = done(await accept(application, { priceConfirmed: true }));
    const detail = done(await server.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
    const agreed = detail.facts
      .map(({ fact }) => fact)
      .find((fact) => fact.kind === "price-agreed" && fact.item === "base");
    expect(agreed).toMatchObject({ amount: 13_000, reference: "RNS-66" });
  });

  test("RNS-66 with a quote the quote's prices hold and nothing has to be confirmed", async () => {
    const items = { base: 1, hardware: 1, installation: 1 };
    const quote = done(
      await server.admin.post<Quote>(`${base}/quotes`, { service: "remote", plan: "wireless", items, startOn: today }),
    );
    done(
      await server.admin.post("/api/v1/provider/prices", {
        service: "remote",
        plan: "wireless",
        item: "base",
        amount: 14_000,
        from: today,
        confirmPast: true,
        reason: "test",
      }),
    );
    const contract = done(await accept(await apply(orderLine(remote, "wireless", today, { quoteId: quote.id }))));
    const detail = done(await server.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
    const agreed = detail.facts
      .map(({ fact }) => fact)
      .find((fact) => fact.kind === "price-agreed" && fact.item === "base");
    expect(agreed).toMatchObject({ amount: 12_000, reference: `quote ${quote.id}` });
  });

  test("RNS-16 a customer reports a ground of its own, and the staff get a task", async () => {
    const contract = done(await accept(await apply(orderLine(remote, "router", today))));
    const code = remote.grounds.find(({ customerReports }) => customerReports === true)?.code;
    done(await post(contract, "reports", { ground: code, on: today, note: "差押えを受けました" }));
    const { tasks } = done(await server.admin.get<ContractDetail>(`${base}/contracts/${contract.id}`));
    expect(tasks).toMatchObject([{ rule: "RNS-16", audience: "staff" }]);
    expect((await post(contract, "reports", { ground: "mood", on: today, note: "x" })).body.code).toBe(
      "GROUND_UNKNOWN",
    );
  });
});
