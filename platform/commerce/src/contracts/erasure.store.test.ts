import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { remote, utm } from "../../../../tests/support/offers.ts";
import { done, openCounter, orderLine, type Counter } from "../../../../tests/support/orders.ts";
import { commerceRoom } from "../room.ts";
import type { Evidence } from "../applications/shapes.ts";
import type { ContractItem } from "./shapes.ts";

let counter: Counter;
const today = "2026-11-20";
beforeAll(async () => {
  counter = await openCounter(`${today}T03:00:00Z`);
});
afterAll(async () => counter.stop());

/** Tables of the life of a contract: one row of each at least. */
const tables = [
  "customer",
  "customer_change",
  "evidence",
  "quote",
  "application",
  "application_consent",
  "contract",
  "contract_event",
  "contract_fact",
  "cancellation",
  "change_order",
  "contract_transfer",
  "contract_holder",
  "task",
].map((name) => `commerce.${name}`);

async function furnished(line: string): Promise<OrganisationId> {
  const { id, base } = await counter.customer();
  const post = async <T>(url: string, body: object): Promise<T> =>
    done(await counter.admin.post<T>(`${base}${url}`, body));
  const file = done(
    await counter.admin.call<Evidence>("POST", `${base}/evidence?name=a.pdf`, Buffer.from("%PDF"), {
      "content-type": "application/pdf",
    }),
  );
  await post("/quotes", { service: "remote", plan: "router", items: { base: 1 }, startOn: today });
  const router = await counter.contract(base, orderLine(remote, "router", today));
  const gateway: ContractItem = await counter.contract(
    base,
    orderLine(utm, "gateway", today, { fields: { "line-number": line } }),
  );
  await post(`/contracts/${gateway.id}/change-orders`, {
    effectiveOn: today,
    changes: [{ kind: "attribute", name: "licence", value: "attached" }],
  });
  const successors = [{ name: "承継", kind: "corporation", address: "東京都1" }];
  await post(`/contracts/${gateway.id}/transfers`, {
    how: "succession",
    effectiveOn: today,
    successors,
    evidence: [file.id],
  });
  await post(`/contracts/${router.id}/cancellations`, { desiredOn: "2026-12-20", confirmedSum: 0 });
  await post(`/contracts/${router.id}/end`, { on: today });
  return id;
}

async function counts(organisation: OrganisationId): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of tables) {
    const { rows } = await counter.stores.store.provider((tx) =>
      sql<{
        n: number;
      }>`select count(*)::int as n from ${sql.table(table)} where organisation_id = ${organisation}`.execute(tx),
    );
    if ((rows[0]?.n ?? 0) > 0) found[table] = rows[0]?.n ?? 0;
  }
  return found;
}

test("an organisation's export holds every table of its contracts' life, and its erasure leaves nothing but numbers of the queue", async () => {
  const [gone, stays] = [await furnished("LINE-1"), await furnished("LINE-2")];
  const before = await counts(stays);
  expect(Object.keys(await counts(gone)).toSorted()).toEqual(tables.toSorted());
  const room = commerceRoom({ hooks: {}, offers: [], devices: {} as never });
  const exported = new Set<string>();
  await counter.stores.store.organisation(gone, async (tx) => {
    for (const exporter of room.exporters) for await (const { table } of exporter(tx, gone)) exported.add(table);
  });
  expect([...exported]).toEqual(expect.arrayContaining(tables));
  await counter.stores.store.provider(async (tx) => {
    for (const eraser of room.erasers) await eraser(counter.platform, tx, gone);
  });
  expect(await counts(gone)).toEqual({});
  expect(await counts(stays)).toEqual(before);
  // UTM-04: the line is free again.
  const { base } = await counter.customer();
  await counter.contract(base, orderLine(utm, "gateway", today, { fields: { "line-number": "LINE-1" } }));
});
