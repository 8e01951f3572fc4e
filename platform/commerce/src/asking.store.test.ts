/** What a customer may ask for over the API, and what of it is the staff's to say. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeEvidence } from "./applications/evidence.ts";
import type { Application, Evidence, Quote } from "./applications/shapes.ts";
import { experience, ot, remote } from "../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../tests/support/orders.ts";
import type { ChangeOrder, ContractDetail, ContractItem } from "./contracts/shapes.ts";
import { commerceRoom } from "./room.ts";

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

test("files handed in: so many, so large together, and none whose name is written backwards", async () => {
  const organisation = base.split("/").at(-1) as string;
  const hand = (name: string) =>
    owner.call<Evidence>("POST", `${base}/evidence?name=${encodeURIComponent(name)}`, Buffer.from("%PDF"), {
      "content-type": "text/html",
    });
  for (const name of ["\u202efdp.exe", "a\u0000.pdf", "../a.pdf", "a\nb"])
    expect((await hand(name)).status, name).toBe(422);
  const made = done(await hand("登記.pdf"));
  const file = await owner.call("GET", `${base}/evidence/${made.id}`);
  // Whatever its type is said to be, it is saved and never shown.
  expect(file.headers["content-type"]).toBe("application/octet-stream");
  expect(file.headers["content-disposition"]).toMatch(/^attachment/);
  expect(file.headers["x-content-type-options"]).toBe("nosniff");
  const store = (bytes: number, limits: { files: number; megabytes: number }) =>
    counter.stores.store.organisation(organisation, (tx) =>
      storeEvidence(
        tx,
        organisation,
        { name: "a", mediaType: "text/plain", bytes: Buffer.alloc(bytes) },
        { actor: "test", at: new Date() },
        limits,
      ),
    );
  await expect(store(1, { files: 1, megabytes: 10 })).rejects.toMatchObject({ code: "EVIDENCE_FULL" });
  await expect(store(1_000_000, { files: 9, megabytes: 1 })).rejects.toMatchObject({ code: "EVIDENCE_FULL" });
  await store(900_000, { files: 9, megabytes: 1 });
});

test("names of a customer and of a successor, and subjects of notices, are one line: they write no lines of mails", async () => {
  const twoLines = "株式会社例\nBcc: a@b.test";
  const details = {
    holder: "株式会社例",
    address: "東京都\n1-1",
    contact: "例",
    mail: "a@b.test",
    billingAddressee: "例",
  };
  const whole = { ...details, billingAddress: "東京都", billingContact: "例" };
  const register = (change: object) =>
    owner.call("PUT", `${base}/customer`, { kind: "sole-trader", details: { ...whole, ...change } });
  expect((await register({})).status).toBe(200);
  for (const field of ["holder", "contact", "billingAddressee", "billingContact", "mail"]) {
    expect((await register({ [field]: twoLines })).status, field).toBe(422);
  }
  const successors = [{ name: twoLines, kind: "sole-trader", address: "東京都" }];
  const transfer = { how: "succession", effectiveOn: today, successors };
  expect((await owner.post(`${base}/contracts/${contract.id}/transfers`, transfer)).status).toBe(422);
  const notice = { service: "remote", kind: "info", channel: "mail", body: { ja: "本文", en: "text" } };
  const given = await counter.admin.post("/api/v1/provider/notices", { ...notice, subject: { ja: twoLines, en: "x" } });
  expect(given.body).toMatchObject({ code: "INVALID_INPUT" });
});

test("UTM-80 secrets of an order that came to nothing are destroyed with it", async () => {
  const { base: house, owner: person } = await counter.customer();
  const line = orderLine(experience, "agent", today, { fields: { "opening-password": "hush-hush-7" } });
  const sealed = async (id: string | null) =>
    (
      await counter.stores.store.provider((tx) =>
        sql<{
          sealed: boolean;
        }>`select sealed is not null as sealed from commerce.application where id = ${id}`.execute(tx),
      )
    ).rows[0]?.sealed;
  const order = { channel: "order-site", lines: [line] };
  const [asked] = done(await person.post<Application[]>(`${house}/applications`, order));
  expect(await sealed(asked?.id ?? null)).toBe(true);
  done(await person.post(`${house}/applications/${asked?.id}/withdraw`, {}));
  expect(await sealed(asked?.id ?? null)).toBe(false);
  const made = await counter.contract(house, line);
  const { applicationId } = done(await person.get<ContractDetail>(`${house}/contracts/${made.id}`));
  expect(await sealed(applicationId)).toBe(true);
  done(await counter.admin.post(`${house}/contracts/${made.id}/end`, { on: today }));
  expect(await sealed(applicationId)).toBe(false);
});

test("what costs much has a rate of its own", () => {
  const room = commerceRoom({ hooks: {}, offers: [], devices: {} as never });
  const rateOf = (path: string) => room.routes.find((route) => route.path.endsWith(path))?.rate;
  expect([rateOf("/next-bill"), rateOf("/invoices/:invoice/pdf"), rateOf("/invoices.csv")]).toEqual([60, 120, 120]);
});
