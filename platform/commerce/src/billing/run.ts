/**
 * Carries a bill run out, chunk by chunk. A chunk is one transaction that holds its documents, lines, claims and marks and moves
 * the run's cursor: after a crash at any point the run goes on where its last transaction ended (COM-20). The next chunk is
 * read and computed while the database writes the one before. Several processes may work on one run: each chunk is written by
 * whoever moves the cursor first, and the others read on from there.
 */
import { newIds, type Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { sql } from "kysely";
import { computeChunk, readChunk, type Billing, type Chunk, type ChunkScope, type CustomerBills } from "./chunk.ts";
import { contentOf } from "./content.ts";
import { countContracts, type Cursor } from "./contracts.ts";
import { writeAsides, writePreview } from "./preview.ts";
import { advance, computeAgain, lockRun, runById, setState, tablesStamp, type RunRow } from "./runs.ts";
import type { RunCounters } from "./shapes.ts";
import { mailJob } from "./job-names.ts";
import { isInterestLeft, issueDocuments } from "./issue.ts";
import { mark, writeBillIssued, type IssueFrame, type NewDocument } from "./write.ts";

/** What a run needs of the platform; without jobs nobody is told of what was issued. */
export type RunPlatform = Pick<Platform, "store" | "clock"> & Partial<Pick<Platform, "jobs">>;

/** Told after every chunk; a test may end the process there. */
export type Progress = (step: "read" | "written", run: RunRow, counters: RunCounters) => void;

/** Does whatever the run's state asks for, until it is ready or done. Called again, or by two at once, it does no harm. */
export async function carryOutRun(
  platform: RunPlatform,
  billing: Billing,
  id: Uuid,
  progress: Progress = () => undefined,
): Promise<RunRow | null> {
  for (;;) {
    const run = await platform.store.provider((tx) => runById(tx, id));
    if (run === null || (run.state !== "computing" && run.state !== "issuing")) return run;
    if (!(await isCurrent(platform, run))) continue;
    await workThrough(platform, billing, await prepared(platform, run), progress);
  }
}

/** Amounts of a preview hold for the tables that it was computed with: when these change, what is left is computed again. */
async function isCurrent(platform: RunPlatform, run: RunRow): Promise<boolean> {
  return platform.store.provider(async (tx) => {
    if ((await tablesStamp(tx)) === run.stamp) return true;
    const locked = await lockRun(tx, run.id);
    if (locked.state === run.state && locked.stamp === run.stamp) await computeAgain(tx, locked, nowOf(platform));
    return false;
  });
}

const nowOf = (platform: RunPlatform): Date => new Date(platform.clock.now());
const scopeOf = (run: RunRow): ChunkScope => ({
  month: run.month,
  kind: run.kind,
  since: run.since,
  organisation: run.organisation,
  until: run.until,
  issueOn: run.issueOn,
});

/** How many contracts there are to look at is counted once, at the beginning. */
async function prepared(platform: RunPlatform, run: RunRow): Promise<RunRow> {
  if (run.cursor !== null) return run;
  const of = await platform.store.provider((tx) => countContracts(tx, scopeOf(run)));
  const side = run.state === "computing" ? "preview" : "issued";
  return { ...run, [side]: { ...run[side], contracts: 0, of } };
}

async function workThrough(platform: RunPlatform, billing: Billing, begun: RunRow, progress: Progress): Promise<void> {
  const scope = scopeOf(begun);
  const read = (cursor: Cursor | null): Promise<Chunk | null> =>
    platform.store.provider((tx) => readChunk(tx, billing, scope, cursor));
  let run = begun;
  let writing: Promise<RunRow | null> = Promise.resolve(run);
  for (let next = read(run.cursor); ;) {
    const chunk = await next;
    if (chunk === null) break;
    next = read(chunk.end);
    // Nobody waits for it when this chunk cannot be written.
    next.catch(() => undefined);
    progress("read", run, run.issued);
    const customers = computeChunk(chunk, billing, scope);
    const written = await writing;
    if (written === null) return;
    run = written;
    writing = write(platform, run, chunk, customers);
    writing.then(
      (after) => after !== null && progress("written", after, after[run.state === "computing" ? "preview" : "issued"]),
      () => undefined,
    );
  }
  const last = await writing;
  if (last !== null) await finish(platform, last);
}

/** The run after the chunk; null when another process was faster with it. */
async function write(
  platform: RunPlatform,
  run: RunRow,
  chunk: Chunk,
  customers: readonly CustomerBills[],
): Promise<RunRow | null> {
  const side = run.state === "computing" ? "preview" : "issued";
  const after: RunRow = { ...run, cursor: chunk.end, [side]: counted(run[side], chunk, customers) };
  const now = nowOf(platform);
  const done = await platform.store
    .provider(async (tx) => {
      if (side === "issued" && !(await isIssued(tx, run, chunk, customers, now))) throw new Overtaken();
      if (side === "preview") await writePreview(tx, run.id, run.month, customers);
      await writeAsides(tx, run.id, customers, now);
      const { preview, issued } = after;
      if (!(await advance(tx, run, { cursor: chunk.end, preview, issued, now }))) throw new Overtaken();
      return true;
    })
    .catch((error: unknown) => {
      if (error instanceof Overtaken) return false;
      throw error;
    });
  return done ? after : null;
}

/** Another process or another run was faster: the transaction is given up and the run read anew. */
class Overtaken extends Error {}

async function isIssued(
  tx: Tx,
  run: RunRow,
  chunk: Chunk,
  customers: readonly CustomerBills[],
  now: Date,
): Promise<boolean> {
  const marks = customers.flatMap(({ bills }) =>
    bills.flatMap(({ contract: { id, organisation }, months }) =>
      months.map((month) => ({ contract: id, organisation, month })),
    ),
  );
  if (!(await mark(tx, marks, { run: run.id, kind: run.kind, until: run.until }))) return false;
  const frame: IssueFrame = { run: run.id, issueOn: run.issueOn, now };
  const documents = documentsOf(run, chunk, customers);
  if (!(await isInterestLeft(tx, documents))) return false;
  await issueDocuments(tx, documents, frame);
  await writeBillIssued(
    tx,
    customers.flatMap(({ issued }) => issued),
    run.month,
    frame,
  );
  await resolve(
    tx,
    marks.map(({ contract }) => contract),
    now,
  );
  return true;
}

/** Contracts that were set aside, by whichever run of the month, and are billed now. */
const resolve = (tx: Tx, contracts: readonly Uuid[], now: Date): Promise<unknown> =>
  sql`update commerce.bill_aside a set resolved_at = ${now} where contract_id = any(${contracts}::uuid[])
    and resolved_at is null and exists (select from commerce.bill_run r
      join commerce.billed b on b.contract_id = a.contract_id and b.month = r.month and b.kind = r.kind
      where r.id = a.run_id)`.execute(tx);

function documentsOf(run: RunRow, { issuer, tables }: Chunk, customers: readonly CustomerBills[]): NewDocument[] {
  const drafts = customers.flatMap(({ customer, drafts: own }) => own.map((draft) => ({ customer, draft })));
  const ids = newIds(drafts.length);
  return drafts.map(({ customer, draft }, at) => {
    // Less than nothing is given back: a qualified return invoice (COM-11).
    const kind = draft.totals.total < 0 ? ("credit-note" as const) : ("invoice" as const);
    return {
      id: ids[at] as Uuid,
      kind,
      corrects: null,
      organisation: customer.organisation,
      month: run.month,
      draft,
      content: contentOf({ tables, draft, issuer, customer, month: run.month, kind }),
    };
  });
}

function counted(before: RunCounters, chunk: Chunk, customers: readonly CustomerBills[]): RunCounters {
  const after = { ...before, contracts: before.contracts + chunk.contracts.length };
  for (const { drafts, asides } of customers) {
    after.aside += asides.length;
    after.documents += drafts.length;
    for (const { lines, totals } of drafts) {
      after.lines += lines.length;
      after.net += totals.net;
      after.tax += totals.tax;
      after.total += totals.total;
    }
  }
  return after;
}

/** Only if nobody has moved the run meanwhile. */
async function finish(platform: RunPlatform, run: RunRow): Promise<void> {
  await platform.store.provider(async (tx) => {
    const now = nowOf(platform);
    const locked = await lockRun(tx, run.id);
    const same = locked.state === run.state && locked.until === run.until;
    if (!same || locked.cursor?.contract !== run.cursor?.contract) return;
    if (run.cursor === null) {
      const side = sql.ref(run.state === "computing" ? "preview" : "issued");
      const counters = run.state === "computing" ? run.preview : run.issued;
      await sql`update commerce.bill_run set ${side} = ${JSON.stringify(counters)}::jsonb where id = ${run.id}`.execute(
        tx,
      );
    }
    if (run.state === "computing") await setState(tx, run.id, "ready", { now });
    else {
      await setState(tx, run.id, "done", { now, finished: true });
      await platform.jobs?.add(tx, mailJob, { run: run.id }, { key: `bill-mails-${run.id}` });
    }
  });
}
