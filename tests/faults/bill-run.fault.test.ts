/** A bill run that is killed at every statement, again and again, ends with every contract billed once (COM-20). */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { carryOutRun } from "@yagura/commerce/billing/run.ts";
import { beginRun, runById, setState, type RunRow } from "@yagura/commerce/billing/runs.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import {
  addContracts,
  billing,
  billMonthNow,
  mixedContract,
  openBilling,
  type BillingHouse,
} from "../support/billing.ts";

const program = fileURLToPath(new URL("bill-programs/bill-run.ts", import.meta.url));
const CONTRACTS = 60;
/** A chunk takes fewer statements than this, from its first to its commit. */
const STATEMENTS = 45;

let house: BillingHouse;
beforeAll(async () => {
  house = await openBilling();
});
afterAll(async () => house.stop());

function killedAt(run: Uuid, statement: number): Promise<{ signal: string | null; said: string }> {
  const child = spawn(process.execPath, [program, house.stores.connectionString, run, String(statement)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (piece: Buffer) => (said += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (said += piece.toString()));
  return new Promise((resolve) => child.once("exit", (_code, signal) => resolve({ signal, said })));
}

const runNow = (id: Uuid): Promise<RunRow | null> => house.place.store.provider((tx) => runById(tx, id));

/** What there is of documents: none may be half there. */
async function whole(): Promise<{ documents: number; total: number; contracts: number }> {
  const [row] = await house.query(sql<{
    documents: number;
    total: number;
    contracts: number;
    claims: number;
    lines: number;
    last: number;
    halves: number;
  }>`
    select (select count(*)::int from commerce.invoice) as documents,
      (select coalesce(sum(total), 0)::int from commerce.invoice) as total,
      (select count(*)::int from commerce.billed where month = '2026-06-01') as contracts,
      (select coalesce(sum(amount), 0)::int from commerce.claim) as claims,
      (select coalesce(sum(amount), 0)::int from commerce.invoice_line) + (select coalesce(sum(tax), 0)::int from commerce.invoice) as lines,
      (select coalesce(max(last), 0)::int from commerce.document_counter) as last,
      (select count(*)::int from commerce.invoice i where not exists (select from commerce.invoice_line l where l.invoice_id = i.id)) as halves`);
  expect(row).toMatchObject({ halves: 0, claims: row?.total, lines: row?.total, last: row?.documents });
  return row as { documents: number; total: number; contracts: number };
}

test(
  "COM-20 killed at every statement of its preview and of its issue, a run goes on and bills each contract exactly once",
  { timeout: 600_000 },
  async () => {
    const organisations: OrganisationId[] = [];
    for (let n = 0; n < 4; n++) organisations.push(await house.organisation());
    await addContracts(
      house.place.store,
      Array.from({ length: CONTRACTS }, (_, n) => mixedContract(n, organisations[n % 4] as OrganisationId)),
    );
    const now = new Date(house.clock.now());
    const { id } = await house.place.store.provider((tx) => beginRun(tx, { month: "2026-06" }, { by: "test", now }));
    let kills = 0;
    for (let statement = 1; statement <= STATEMENTS; statement += 3) {
      if ((await killedAt(id, statement)).signal === "SIGKILL") kills += 1;
    }
    const ready = await carryOutRun(house.place, billing, id);
    expect(ready).toMatchObject({ state: "ready", preview: { contracts: CONTRACTS, of: CONTRACTS, aside: 0 } });
    expect(await whole()).toMatchObject({ documents: 0 });
    await house.place.store.provider((tx) => setState(tx, id, "issuing", { now }));
    for (let statement = 1; statement <= STATEMENTS; statement += 1) {
      const { signal, said } = await killedAt(id, statement);
      expect(signal === "SIGKILL" || said.trim() === "done", said).toBe(true);
      if (signal === "SIGKILL") kills += 1;
      const state = await whole();
      expect(state.documents === 0).toBe(state.contracts === 0);
    }
    expect(kills).toBeGreaterThan(STATEMENTS / 2);
    const done = await carryOutRun(house.place, billing, id);
    expect(done).toMatchObject({
      state: "done",
      issued: { total: ready?.preview.total, documents: ready?.preview.documents },
    });
    expect(await whole()).toEqual(
      expect.objectContaining({ documents: done?.issued.documents, total: done?.issued.total, contracts: CONTRACTS }),
    );
    expect((await runNow(id))?.issued.contracts).toBe(CONTRACTS);
    const again = await billMonthNow(house.place, { month: "2026-06" });
    expect(again.issued).toMatchObject({ documents: 0, total: 0 });
  },
);
