/** The API of bill runs: begin, look at the differences, issue, try again. The provider's alone. */
import { sql } from "kysely";
import { Type } from "typebox";
import type { Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { countRows, pageById } from "../paging.ts";
import { ById, Limit } from "../shapes.ts";
import { raise } from "./errors.ts";
import { enqueueRun } from "./jobs.ts";
import {
  beginRun,
  computeAgain,
  listRuns,
  lockRun,
  openRun,
  runById,
  setState,
  tablesStamp,
  type RunRow,
} from "./runs.ts";
import {
  BillRunItem,
  BillRunPage,
  NewBillRun,
  RunAsidePage,
  RunCustomerPage,
  type Reason,
  type RunAside,
  type RunCustomer,
  type RunState,
} from "./shapes.ts";

const tag = "bill-runs";
const base = "/api/v1/provider/bill-runs";
const OfRun = Type.Object({ run: Id });
const Paging = Type.Object(ById, closed);
const read = { kind: "provider", scope: "invoice.read" } as const;
const write = { kind: "provider", scope: "billing.write" } as const;

export const runRoutes = (): readonly Route[] => [
  begin,
  list,
  show,
  customers,
  asides,
  issue,
  computeOnceMore,
  discard,
];

const shown = (run: RunRow): BillRunItem => ({
  id: run.id,
  month: run.month,
  kind: run.kind,
  state: run.state,
  organisationId: run.organisation,
  since: run.since,
  issueOn: run.issueOn,
  factsUntil: new Date(run.until).toISOString(),
  startedBy: run.startedBy,
  startedAt: run.startedAt.toISOString(),
  finishedAt: run.finishedAt?.toISOString() ?? null,
  preview: run.preview,
  issued: run.issued,
});

const begin = route({
  method: "POST",
  path: base,
  tag,
  summary: "Begin a bill run: a preview is computed first; nothing is issued before somebody says so",
  access: write,
  body: NewBillRun,
  response: BillRunItem,
  status: 201,
  handler: async ({ tx, body, actor, now, audit, platform }) => {
    const open = await openRun(tx, body);
    if (open !== null) throw raise("BILL_RUN_OPEN", { month: body.month, run: open });
    const run = await beginRun(tx, body, { by: actorName({ actor }), now });
    await enqueueRun(platform, tx, run.id);
    await audit({ action: "bill-run.begin", subject: run.id, details: { ...body } });
    return shown(run);
  },
});

const list = route({
  method: "GET",
  path: base,
  tag,
  summary: "Bill runs, newest first",
  access: read,
  query: Paging,
  response: BillRunPage,
  handler: async ({ tx, query }) => {
    const limit = query.limit ?? 100;
    const runs = await listRuns(tx, limit + 1, query.cursor ?? null);
    return pageById(runs, limit, await countRows(tx, sql`commerce.bill_run`), shown);
  },
});

const show = route({
  method: "GET",
  path: `${base}/:run`,
  tag,
  summary: "A bill run and how far it has come",
  access: read,
  params: OfRun,
  response: BillRunItem,
  handler: async ({ tx, params }) => {
    const run = await runById(tx, params.run);
    if (run === null) throw raiseServer("NOT_FOUND");
    return shown(run);
  },
});

const customers = route({
  method: "GET",
  path: `${base}/:run/customers`,
  tag,
  summary: "Each customer's bill beside last month's, and why it differs; the largest differences first",
  access: read,
  params: OfRun,
  query: Type.Object(
    {
      limit: Limit,
      /** How many of the list to pass over. */
      cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
      /** Only customers whose bill differs. */
      differing: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  response: RunCustomerPage,
  handler: async ({ tx, params, query }) => {
    const [limit, after] = [query.limit ?? 100, query.cursor ?? 0];
    const wanted = sql`c.run_id = ${params.run} and (not ${query.differing ?? false} or c.current <> c.last)`;
    const { rows } =
      await sql<CustomerRow>`select c.organisation_id as "organisationId", o.name as organisation, c.contracts,
        c.documents, c.last, c.current, c.reasons, (select count(*) from commerce.bill_aside a
          where a.run_id = c.run_id and a.organisation_id = c.organisation_id and a.resolved_at is null) as aside
      from commerce.bill_run_customer c join server.organisation o on o.id = c.organisation_id
      where ${wanted} order by abs(c.current - c.last) desc, c.organisation_id limit ${limit + 1} offset ${after}`.execute(
        tx,
      );
    const counted = await sql<{
      n: string;
    }>`select count(*) as n from commerce.bill_run_customer c where ${wanted}`.execute(tx);
    return {
      items: rows.slice(0, limit).map(customerOf),
      next: rows.length > limit ? String(after + limit) : null,
      total: Number(counted.rows[0]?.n ?? 0),
    };
  },
});

interface CustomerRow extends Omit<RunCustomer, "last" | "current" | "delta" | "aside"> {
  readonly last: string;
  readonly current: string;
  readonly aside: string;
  readonly reasons: Reason[];
}
const customerOf = (row: CustomerRow): RunCustomer => ({
  ...row,
  last: Number(row.last),
  current: Number(row.current),
  delta: Number(row.current) - Number(row.last),
  aside: Number(row.aside),
});

const asides = route({
  method: "GET",
  path: `${base}/:run/aside`,
  tag,
  summary: "Contracts that could not be billed, with the reason; the others are billed all the same",
  access: read,
  params: OfRun,
  query: Paging,
  response: RunAsidePage,
  handler: async ({ tx, params, query, language }) => {
    const limit = query.limit ?? 100;
    const text = sql.ref(language === "ja" ? "a.ja" : "a.en");
    const { rows } = await sql<Omit<RunAside, "at" | "resolvedAt"> & { at: Date; resolvedAt: Date | null }>`
      select a.contract_id as "contractId", a.contract, a.organisation_id as "organisationId", o.name as organisation, a.code,
        ${text} as reason, a.at, a.resolved_at as "resolvedAt"
      from commerce.bill_aside a join server.organisation o on o.id = a.organisation_id
      where a.run_id = ${params.run} and (${query.cursor ?? null}::uuid is null or a.contract_id > ${query.cursor ?? null}::uuid)
      order by a.contract_id limit ${limit + 1}`.execute(tx);
    const counted = await sql<{
      n: string;
    }>`select count(*) as n from commerce.bill_aside where run_id = ${params.run}`.execute(tx);
    const items = rows
      .slice(0, limit)
      .map(({ at, resolvedAt, ...row }) =>
        Object.assign(row, { at: at.toISOString(), resolvedAt: resolvedAt?.toISOString() ?? null }),
      );
    return {
      items,
      next: rows.length > limit ? (items.at(-1)?.contractId ?? null) : null,
      total: Number(counted.rows[0]?.n ?? 0),
    };
  },
});

/** The locked run, or BILL_RUN_STATE. */
async function inState(tx: Tx, id: Uuid, wanted: readonly RunState[]): Promise<RunRow> {
  const run = await lockRun(tx, id);
  if (!wanted.includes(run.state)) throw raise("BILL_RUN_STATE", { state: run.state, wanted: wanted.join(", ") });
  return run;
}

const issue = route({
  method: "POST",
  path: `${base}/:run/issue`,
  tag,
  summary: "Issue what the preview shows; done by a job, chunk by chunk",
  access: write,
  params: OfRun,
  response: BillRunItem,
  status: 202,
  handler: async ({ tx, params, now, audit, platform }) => {
    const run = await inState(tx, params.run, ["ready"]);
    if ((await tablesStamp(tx)) !== run.stamp) throw raise("BILL_RUN_STALE");
    await setState(tx, run.id, "issuing", { now });
    await enqueueRun(platform, tx, run.id);
    await audit({ action: "bill-run.issue", subject: run.id, details: { month: run.month, ...run.preview } });
    return shown({ ...run, state: "issuing", cursor: null });
  },
});

const computeOnceMore = route({
  method: "POST",
  path: `${base}/:run/compute`,
  tag,
  summary:
    "Compute again what is not billed yet, with everything that is known by now: after what was set aside was put right",
  access: write,
  params: OfRun,
  response: BillRunItem,
  status: 202,
  handler: async ({ tx, params, now, audit, platform }) => {
    const run = await inState(tx, params.run, ["ready", "done"]);
    await computeAgain(tx, run, now);
    await enqueueRun(platform, tx, run.id);
    await audit({ action: "bill-run.compute", subject: run.id, details: { month: run.month } });
    return shown((await runById(tx, run.id)) as RunRow);
  },
});

const discard = route({
  method: "POST",
  path: `${base}/:run/discard`,
  tag,
  summary: "Discard a run that has issued nothing",
  access: write,
  params: OfRun,
  response: BillRunItem,
  status: 200,
  handler: async ({ tx, params, now, audit }) => {
    const run = await inState(tx, params.run, ["computing", "ready"]);
    // A run that was computed once more has issued something before: it goes back to being done.
    const state = run.issued.documents > 0 ? "done" : "discarded";
    await setState(tx, run.id, state, { now, finished: true });
    await audit({ action: "bill-run.discard", subject: run.id, details: { month: run.month } });
    return shown({ ...run, state, finishedAt: now, cursor: null });
  },
});
