/** What is told of a stop and of the end of a service is a notice, and prints on the paper made for it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Uuid } from "@yagura/core/ids.ts";
import { closePrinters } from "@yagura/reports/reports.ts";
import { remote, utm } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import { printNotice } from "../notices/print.ts";
import { listNotices, type NoticeRow } from "../notices/read.ts";
import { carryOutWithdrawal } from "./withdrawals.ts";

let counter: Counter;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
});
afterAll(async () => {
  await closePrinters();
  await counter.stop();
});

const noticeOf = (contract: Uuid, kind: string) =>
  counter.stores.store.provider(async (tx) => {
    const { rows } = await listNotices(tx, { contract, kind });
    expect(rows).toHaveLength(1);
    return rows[0] as NoticeRow;
  });
const prints = async (notice: NoticeRow): Promise<void> => {
  for (const language of ["ja", "en"] as const) {
    const pdf = await counter.stores.store.provider((tx) => printNotice(tx, { ...notice, language }));
    expect(Buffer.from(pdf.slice(0, 5)).toString()).toBe("%PDF-");
  }
};

test("SEC-19 UTM-23 COM-15 a suspension's letter states ground, reason, day and period", async () => {
  const { base } = await counter.customer();
  const accept = { startOn: "2026-11-01", acceptedOn: "2026-11-01", outOfTurn: "test", priceConfirmed: true };
  const contract = await counter.contract(base, orderLine(utm, "gateway", "2026-11-01"), accept, {
    orderedOn: "2026-11-01",
  });
  const ground = utm.grounds.find(({ use }) => use === "suspension");
  const stop = {
    measure: "suspension",
    ground: ground?.code,
    reason: "9月分が未納",
    on: "2026-12-01",
    until: "2027-01-31",
  };
  done(await counter.admin.post(`${base}/contracts/${contract.id}/suspend`, stop));
  const notice = await noticeOf(contract.id, "suspension");
  expect(notice.paper).toEqual({
    kind: "suspension",
    content: {
      contractNumber: contract.number,
      service: utm.name,
      measure: "suspension",
      reason: "9月分が未納",
      from: "2026-12-01",
      until: "2027-01-31",
      ground: { article: ground?.article, text: ground?.text },
    },
  });
  await prints(notice);
});

test("SEC-20 RNS-19 COM-15 the letter of a withdrawal names the contract and its last day", async () => {
  const { base } = await counter.customer();
  const accept = { priceConfirmed: true, outOfTurn: "test" };
  const contract = await counter.contract(base, orderLine(remote, "router", today), accept);
  const withdrawal = { service: "remote", plan: "router", on: "2027-01-31", rule: "RNS-19", reason: "機器の供給終了" };
  const parts = { hooks: { remote: {} }, devices: {} as never, offers: [remote] };
  expect(await carryOutWithdrawal(counter.platform, parts, withdrawal)).toBe(1);
  const notice = await noticeOf(contract.id, "withdrawal");
  expect(notice.paper).toMatchObject({
    kind: "withdrawal",
    content: { service: remote.name, contractNumbers: [contract.number], endsOn: "2027-01-31" },
  });
  await prints(notice);
});
