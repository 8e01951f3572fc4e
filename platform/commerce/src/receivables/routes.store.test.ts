/** Receivables over HTTP, on documents of real bill runs: paid late, reminded, interest on the next bill, books of the month. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Static } from "typebox";
import type { Page } from "@yagura/server/shapes.ts";
import { closePrinters } from "@yagura/reports/reports.ts";
import { listRoutes } from "@yagura/server/host.ts";
import { createToken } from "@yagura/server/setup.ts";
import { commerceRoom } from "@yagura/commerce/room.ts";
import { createDevices } from "@yagura/devices/create-devices.ts";
import { testClock, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { addContracts, billMonthNow, endpoint, gateway, prepareBilling } from "../../../../tests/support/billing.ts";
import { migrations } from "../../../../tests/support/experience.ts";
import { offers } from "../../../../tests/support/money.ts";
import { writeNotices } from "../banking/deposits.ts";
import { readDebits, writeDebits, type DebitFile } from "../banking/debit.ts";
import { fileBytes } from "../banking/files.ts";
import type { BankFileResult, DebitResult, DepositItem } from "../banking/shapes.ts";
import type { BillLine, InvoiceItem } from "../billing/shapes.ts";
import type {
  CertificateItem,
  ClaimDetail,
  ClaimItem,
  CollectionTask,
  CustomerReceivables,
  JournalItem,
  PaymentResult,
  ReceivablesPage,
  ReminderItem,
  Statement,
} from "./shapes.ts";

const clock = testClock(Date.parse("2026-05-01T03:00:00Z"));
const room = commerceRoom({ hooks: {}, offers, devices: createDevices({ clock, fingerprint: () => null }) });
const provider = "/api/v1/provider";

let server: TestServer;
let clerk: Client;
let owner: Client;
let viewer: Client;
let organisation: string;
let alone: string;
let base: string;
let contracts: readonly string[];

beforeAll(async () => {
  server = await testServer({
    routes: room.routes,
    scopes: [room.scopes],
    migrations: migrations.filter((one) => one.room !== "server"),
    clock,
  });
  await prepareBilling({ store: server.stores.store, clock });
  const { scopes } = listRoutes({ platform: server.platform, routes: room.routes, scopes: [room.scopes] });
  // Tokens outlive sessions when the clock jumps.
  const token = async (role: "provider-admin" | "owner" | "viewer") =>
    server.client(
      await createToken(
        server.platform,
        scopes,
        role === "provider-admin" ? { role, name: role, days: 365 } : { role, name: role, organisation, days: 365 },
      ),
    );
  organisation = (await server.organisation("株式会社遅延")).id;
  alone = (await server.organisation("株式会社繰越")).id;
  base = `/api/v1/organisations/${organisation}`;
  clerk = await token("provider-admin");
  owner = await token("owner");
  viewer = await token("viewer");
  contracts = await addContracts(server.stores.store, [
    endpoint(organisation, "2026-03-10", { "seat-100": 1 }),
    gateway(organisation, "2026-04-01", {}, [{ kind: "cancelled", on: "2026-05-01", by: "customer", fault: "none" }]),
  ]);
});
afterAll(async () => {
  await closePrinters();
  await server.stop();
});

/** Goes to 12:00 of the day in Asia/Tokyo. */
const goTo = (day: string): void => clock.advance(Date.parse(`${day}T03:00:00Z`) - clock.now());
const bill = (month: string) => billMonthNow({ store: server.stores.store, clock }, { month });
const ok = <T>({ status, body, text }: { status: number; body: T; text: string }): T => {
  if (status >= 300) throw new Error(`${status} ${text}`);
  return body;
};
const claims = async (query = "") => ok(await owner.get<Page<ClaimItem>>(`${base}/claims${query}`)).items;
const lines = async (month: string): Promise<BillLine[]> => {
  const list = ok(await owner.get<Page<InvoiceItem>>(`${base}/invoices?month=${month}`)).items;
  const all = await Promise.all(
    list.map(async ({ id }) => ok(await owner.get<Page<BillLine>>(`${base}/invoices/${id}/lines`)).items),
  );
  return all.flat();
};

describe("from the bill to the books, over HTTP", () => {
  test("bills become claims; who may see them, who may record money", async () => {
    await bill("2026-04");
    const open = await claims("?state=open");
    expect(open.map(({ service }) => service).toSorted()).toEqual(["security", "utm"]);
    expect(open.every(({ dueOn, left, amount }) => dueOn === "2026-05-31" && left === amount)).toBe(true);
    expect((await viewer.get(`${base}/claims`)).status).toBe(403);
    const all = ok(await clerk.get<Page<ClaimItem>>(`${provider}/claims?service=utm&state=open&limit=1`));
    expect(all).toMatchObject({ total: 1, next: null, items: [{ organisationId: organisation, service: "utm" }] });
    expect(ok(await clerk.get<Page<ClaimItem>>(`${provider}/claims?overdue=true`)).total).toBe(0);
    const payment = { paidOn: "2026-05-01", amount: 1, way: "transfer" };
    expect((await owner.post(`${base}/payments`, payment)).status).toBe(403);
    expect((await clerk.post(`${base}/payments`, { ...payment, amount: 0 })).status).toBe(422);
    expect((await clerk.post(`${base}/payments`, { ...payment, way: "credit-note" })).status).toBe(422);
  });

  test("reminders by steps, receivables by age, a proposal for staff", async () => {
    goTo("2026-07-05");
    await bill("2026-05");
    expect(ok(await clerk.post(`${provider}/reminders/run`, { dryRun: true }))).toMatchObject({
      customers: 1,
      reminders: 2,
    });
    expect(ok(await clerk.post(`${provider}/reminders/run`, { dryRun: false }))).toMatchObject({
      customers: 1,
      reminders: 2,
      proposals: 3,
    });
    expect(ok(await clerk.post(`${provider}/reminders/run`, { dryRun: false }))).toMatchObject({
      customers: 0,
      reminders: 0,
      proposals: 0,
    });
    const sent = ok(await owner.get<{ items: ReminderItem[] }>(`${base}/reminders`)).items;
    expect(sent.map(({ step }) => step)).toEqual([3, 3]);
    const page = ok(await clerk.get<ReceivablesPage>(`${provider}/receivables?bucket=d31to60`));
    expect(page.items).toMatchObject([{ name: "株式会社遅延", dunning: "proposed", lastReminder: { step: 3 } }]);
    expect(page.items[0]?.interestAccruing).toBeGreaterThan(0);
    const own = ok(await owner.get<CustomerReceivables>(`${base}/receivables`));
    expect(own.ageing).toEqual(page.items[0]?.ageing);
    expect((await clerk.get(`${provider}/receivables/csv`)).text).toContain("株式会社遅延");
    const tasks = ok(await clerk.get<{ items: CollectionTask[] }>(`${provider}/collection-tasks?state=open`)).items;
    const task = tasks.find(({ service }) => service === "security");
    expect(task).toMatchObject({ kind: "suspension", rule: "SEC-18", contractId: contracts[0] });
    const decided = await clerk.post<CollectionTask>(`${provider}/collection-tasks/${task?.id}/decision`, {
      decision: "dismissed",
      note: "電話で合意",
    });
    expect(ok(decided).state).toBe("dismissed");
  });

  test("COM-12 UTM-43 paid late: interest is a line of the next bill, beside another charge", async () => {
    goTo("2026-07-10");
    const late = (await claims("?state=open")).filter(({ dueOn }) => dueOn === "2026-05-31");
    const total = late.reduce((sum, { left }) => sum + left, 0);
    const paid = ok(
      await clerk.post<Static<typeof PaymentResult>>(`${base}/payments`, {
        paidOn: "2026-07-10",
        amount: total,
        way: "transfer",
        sourceKey: "b-1",
      }),
    );
    expect(paid).toMatchObject({ recorded: true, moved: 0, payment: { left: 0, allocated: total } });
    expect(
      ok(
        await clerk.post<Static<typeof PaymentResult>>(`${base}/payments`, {
          paidOn: "2026-07-10",
          amount: total,
          way: "transfer",
          sourceKey: "b-1",
        }),
      ).recorded,
    ).toBe(false);
    const utm = late.find(({ service }) => service === "utm") as ClaimItem;
    const shown = ok(await owner.get<ClaimDetail>(`${base}/claims/${utm.id}`));
    // 2,750 × 39 days × 3 % ÷ 365 = 8.8
    expect(shown).toMatchObject({
      state: "paid",
      interestDue: 8,
      interest: { amount: 8, accruing: false, segments: [{ days: 39, base: 2_750 }] },
    });
    goTo("2026-08-02");
    await bill("2026-07");
    const billed = await lines("2026-07");
    const interest = billed.filter(({ kind }) => kind === "late-interest");
    // The gateway's contract is over: its interest stands beside the other service's charges.
    expect(interest.map(({ service, taxClass }) => `${service} ${taxClass}`).toSorted()).toEqual([
      "security out-of-scope",
      "utm out-of-scope",
    ]);
    expect(billed.some(({ kind }) => kind === "recurring")).toBe(true);
    const found = await claims();
    expect(
      found.filter(({ dueOn }) => dueOn === "2026-05-31").every((claim) => claim.interestBilled === claim.interestDue),
    ).toBe(true);
    // Late interest has a claim of its own that bears none.
    expect(found.some(({ bearsInterest, amount }) => !bearsInterest && amount > 0)).toBe(true);
  });

  test("statement, its CSV, a payment taken back, cheques, refunds", async () => {
    const statement = ok(await owner.get<Statement>(`${base}/statement?from=2026-01-01&to=2026-08-02`));
    const owed = (await claims("?state=open")).reduce((sum, { left }) => sum + left, 0);
    expect(statement.closing).toBe(owed);
    expect((await owner.get(`${base}/statement/csv`)).text.split("\r\n").length).toBeGreaterThan(3);
    const cheque = ok(
      await clerk.post<Static<typeof PaymentResult>>(`${base}/payments`, {
        paidOn: "2026-08-01",
        amount: 500,
        way: "cheque",
      }),
    );
    expect(cheque.payment).toMatchObject({ countsOn: null, allocated: 0, left: 0 });
    const url = `${base}/payments/${cheque.payment.id}`;
    expect(
      ok(await clerk.post<Static<typeof PaymentResult>>(`${url}/clearing`, { on: "2026-08-02" })).payment.allocated,
    ).toBe(500);
    expect(
      ok(await clerk.post<Static<typeof PaymentResult>>(`${url}/reversal`, { on: "2026-08-02", reason: "不渡り" }))
        .payment.reversedOn,
    ).toBe("2026-08-02");
    const over = ok(
      await clerk.post<Static<typeof PaymentResult>>(`${base}/payments`, {
        paidOn: "2026-08-02",
        amount: owed + 3_000,
        way: "transfer",
      }),
    );
    expect(over.payment.left).toBe(3_000);
    const refund = ok(
      await clerk.post<{ id: string }>(`${base}/payments/${over.payment.id}/refunds`, {
        amount: 1_000,
        on: "2026-08-02",
      }),
    );
    expect(
      ok(
        await clerk.call<Static<typeof PaymentResult>>("PUT", `${base}/payments/${over.payment.id}/hold`, {
          amount: 500,
        }),
      ).payment,
    ).toMatchObject({ left: 1_500, held: 500, refunded: 1_000 });
    expect(ok(await clerk.post(`${base}/refunds/${refund.id}`, { state: "paid" }))).toMatchObject({ state: "paid" });
    expect(ok(await owner.get<{ items: unknown[] }>(`${base}/refunds`)).items).toHaveLength(1);
    expect(ok(await owner.get<Page<unknown>>(`${base}/payments`)).total).toBe(3);
  });

  test("COM-13 payments from a CSV: a dry run, all or nothing, once", async () => {
    const head = "organisation,paid_on,amount,way,reference,source_key,claim";
    const send = async (rows: readonly string[], dryRun: boolean) =>
      ok(
        await clerk.post<{ recorded: number; already: number; problems: { line: number; message: string }[] }>(
          `${provider}/payments/import`,
          { csv: [head, ...rows].join("\n"), dryRun },
        ),
      );
    const good = `${organisation},2026-08-01,10,transfer,x,csv-1,`;
    expect(await send([good], true)).toMatchObject({ recorded: 1, problems: [] });
    const bad = await send(
      [good, `${organisation},2026-08-01,-5,transfer,x,csv-2,`, "nobody,2026-08-01,5,transfer,x,csv-3,"],
      false,
    );
    expect(bad.problems.map(({ line }) => line)).toEqual([3, 4]);
    expect(await send([good], false)).toMatchObject({ recorded: 1, already: 0 });
    expect(await send([good], false)).toMatchObject({ recorded: 0, already: 1 });
    expect(
      (await clerk.post<{ code: string }>(`${provider}/payments/import`, { csv: "a,b\n1,2", dryRun: true })).body.code,
    ).toBe("IMPORT_CSV");
  });

  test("UTM-57 UTM-56 documents on request, as JSON and PDF", async () => {
    const request = {
      kind: "payment-certificate",
      contractId: contracts[1],
      from: "2026-07-01",
      to: "2026-07-31",
      postage: 110,
      consent: "書面 2026-08-02",
    };
    const made = ok(await clerk.post<CertificateItem>(`${base}/certificates`, request));
    expect(made).toMatchObject({ charged: true, content: { total: 2_750 } });
    const pdf = await owner.get(`${base}/certificates/${made.id}/pdf?language=en`);
    expect([pdf.status, pdf.text.slice(0, 5)]).toEqual([200, "%PDF-"]);
    expect(ok(await owner.get<{ items: unknown[] }>(`${base}/certificates`)).items).toHaveLength(1);
    expect(ok(await owner.get<CertificateItem>(`${base}/certificates/${made.id}`)).number).toBe(made.number);
  });

  test("RNS-17 acceleration over HTTP writes the fact and moves open due dates", async () => {
    goTo("2026-09-03");
    await bill("2026-08");
    const open = (await claims("?state=open")).find(
      ({ service, bearsInterest }) => service === "security" && bearsInterest,
    );
    const done = ok(
      await clerk.post<{ claims: number }>(`${base}/contracts/${contracts[0]}/acceleration`, {
        on: "2026-09-03",
        ground: "支払停止",
      }),
    );
    expect(done.claims).toBeGreaterThan(0);
    expect(ok(await owner.get<ClaimDetail>(`${base}/claims/${open?.id}`))).toMatchObject({
      dueOn: "2026-09-03",
      acceleratedOn: "2026-09-03",
    });
  });

  test("direct debit and deposits through the files of the bank", async () => {
    const account = {
      bank: "0001",
      bankName: "ミズホ",
      branch: "123",
      branchName: "ホンテン",
      accountKind: "ordinary",
      accountNumber: "1234567",
      holder: "カ）チエン",
      debit: true,
    };
    expect(ok(await clerk.call<{ shown: string }>("PUT", `${base}/bank-account`, account)).shown).toBe(
      "0001-123 普通 ****567",
    );
    expect((await owner.get(`${base}/bank-account`)).text).not.toContain("1234567");
    const { debit: _debit, ...own } = account;
    const { id } = ok(
      await clerk.post<{ id: string }>(`${provider}/zengin/accounts`, {
        ...own,
        use: "direct-debit",
        consignorCode: "0000000001",
      }),
    );
    goTo("2026-09-20");
    const made = ok(
      await clerk.post<Static<typeof BankFileResult>>(`${provider}/zengin/debits`, {
        accountId: id,
        debitOn: "2026-09-18",
        dueBy: "2026-09-30",
      }),
    );
    expect(made.file).toMatchObject({ kind: "debit-request", records: 1 });
    expect((await clerk.get(`${provider}/zengin/files/${made.file.id}/content`)).status).toBe(200);
    const { bytes } = await server.stores.store.provider((tx) => fileBytes(tx, server.platform.keys, made.file.id));
    const [file] = readDebits(bytes, "request");
    const answer = writeDebits(file as DebitFile, "crlf", "results");
    const results = ok(
      await clerk.post<Static<typeof DebitResult>>(`${provider}/zengin/debit-results`, {
        name: "r.txt",
        base64: answer.toString("base64"),
      }),
    );
    expect(results).toMatchObject({ debited: 1, failed: 0 });
    expect((await claims("?state=open")).filter(({ dueOn }) => dueOn <= "2026-09-30")).toEqual([]);
    const notice = writeNotices(
      {
        bank: "0001",
        branch: "123",
        accountNumber: "7654321",
        deposits: [
          {
            inquiry: "000001",
            on: "2026-09-19",
            amount: 4_321,
            payer: "ｶ)ﾁｴﾝ",
            payerCode: "",
            edi: "",
            bank: "",
            cancelled: false,
          },
        ],
      },
      "2026-09-20",
    );
    const read = () =>
      clerk.post<{ deposits: number; already: number }>(`${provider}/zengin/deposits`, {
        name: "d.txt",
        base64: notice.toString("base64"),
      });
    expect(ok(await read())).toMatchObject({ deposits: 1, already: 0 });
    expect(ok(await read())).toMatchObject({ deposits: 0, already: 1 });
    const [deposit] = ok(await clerk.get<Page<DepositItem>>(`${provider}/deposits?state=unmatched`)).items;
    expect(deposit?.proposals[0]).toMatchObject({ organisationId: organisation, reasons: ["known-name"] });
    const matched = await clerk.post<Static<typeof PaymentResult>>(`${provider}/deposits/${deposit?.id}/match`, {
      organisationId: organisation,
    });
    expect(ok(matched).payment.amount).toBe(4_321);
    expect((await clerk.post(`${provider}/deposits/${deposit?.id}/ignore`, { note: "x" })).status).toBe(409);
    const broken = await clerk.post<{ code: string; detail: string }>(`${provider}/zengin/deposits`, {
      name: "d.txt",
      base64: notice.subarray(0, 300).toString("base64"),
    });
    expect(broken).toMatchObject({ status: 422, body: { code: "ZENGIN_LENGTH" } });
    expect(broken.body.detail).toContain("Record 2");
  });

  test("the month's journal balances, once; its CSV again byte for byte", async () => {
    for (const month of ["2026-05", "2026-06", "2026-07", "2026-08"]) {
      const made = ok(await clerk.post<JournalItem>(`${provider}/journal`, { month }));
      const csv = (await clerk.get(`${provider}/journal/${month}/csv`)).text;
      const rows = csv
        .trim()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(","));
      const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]), 0);
      expect(sum(8), month).toBe(sum(9));
      expect(sum(8)).toBe(made.total);
      expect(ok(await clerk.post<JournalItem>(`${provider}/journal`, { month }))).toEqual(made);
      expect((await clerk.get(`${provider}/journal/${month}/csv`)).text).toBe(csv);
    }
    expect(ok(await clerk.get<{ items: JournalItem[] }>(`${provider}/journal`)).items).toHaveLength(4);
    expect((await owner.get(`${provider}/journal`)).status).toBe(403);
  });

  test("UTM-43 late interest alone is carried forward until another charge is billed", async () => {
    const [contract] = await addContracts(server.stores.store, [
      gateway(alone, "2026-08-01", {}, [{ kind: "cancelled", on: "2026-09-01", by: "customer", fault: "none" }]),
    ]);
    const documents = async () =>
      ok(await clerk.get<Page<InvoiceItem>>(`/api/v1/organisations/${alone}/invoices`)).items;
    const billOne = (month: string) =>
      billMonthNow({ store: server.stores.store, clock }, { month, organisationId: alone });
    await billOne("2026-08");
    expect(await documents()).toHaveLength(1);
    goTo("2026-10-25");
    const payment = { paidOn: "2026-10-25", amount: 2_750, way: "transfer" };
    ok(await clerk.post(`/api/v1/organisations/${alone}/payments`, payment));
    goTo("2026-11-02");
    await billOne("2026-10");
    expect(await documents()).toHaveLength(1);
    // A certificate bears a fee: the interest goes along.
    const request = {
      kind: "payment-certificate",
      contractId: contract,
      from: "2026-10-01",
      to: "2026-10-31",
      postage: 0,
      consent: "書面",
    };
    expect(ok(await clerk.post<CertificateItem>(`/api/v1/organisations/${alone}/certificates`, request)).charged).toBe(
      true,
    );
    goTo("2026-12-02");
    await billOne("2026-11");
    const [latest] = (await documents()).toSorted((a, b) => b.month.localeCompare(a.month));
    const stands = ok(
      await clerk.get<Page<BillLine>>(`/api/v1/organisations/${alone}/invoices/${latest?.id}/lines`),
    ).items;
    // 2,750 × 24 days × 3 % ÷ 365 = 5.4
    expect(Object.fromEntries(stands.map(({ kind, amount }) => [kind, amount]))).toEqual({
      document: 400,
      "late-interest": 5,
    });
  });
});
