/** The provider's pages of receivables: ageing, imports, reminders, proposals, journal. */
import { sql } from "kysely";
import { Type } from "typebox";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import type { Offer } from "../charging/offer.ts";
import { countRows, offsetOf, pageByOffset } from "../paging.ts";
import { ByOffset } from "../shapes.ts";
import { attachedAs } from "../downloads.ts";
import { receivables, receivablesCsv, type AgeingFilter } from "./ageing.ts";
import { claimsWhere, shownClaim } from "./claims.ts";
import { decideTask, tasksWhere } from "./collection.ts";
import { exportJournal, journalCsv, journals } from "./journal.ts";
import { auditMoney, dayAsked, office, workOf } from "./paths.ts";
import { importPayments } from "./payment-import.ts";
import { customersInArrears, dueReminders, runReminders } from "./reminders.ts";
import {
  ageBuckets,
  ClaimItem,
  ClaimState,
  CollectionTask,
  JournalItem,
  NewJournal,
  PaymentImport,
  PaymentImportResult,
  ReceivablesPage,
  ReminderRun,
  ReminderRunResult,
  TaskDecision,
  taskStates,
} from "./shapes.ts";

const read = { tag: "payments", access: { kind: "provider", scope: "invoice.read" } } as const;
const write = { tag: "payments", access: { kind: "provider", scope: "payment.write" } } as const;
const choice = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>(Type.String({ enum: [...values] }));

const filters = {
  on: Type.Optional(Type.String({ format: "date" })),
  service: Type.Optional(Type.String({ pattern: "^[a-z]{2,20}$" })),
  name: Type.Optional(Type.String({ maxLength: 120 })),
  bucket: Type.Optional(choice(ageBuckets)),
  organisation: Type.Optional(Id),
};
type Filters = { on?: string; service?: string; name?: string; bucket?: AgeingFilter["bucket"]; organisation?: string };
const filterOf = (query: Filters, now: Date): AgeingFilter => ({
  asOf: dayAsked(query.on, now),
  past: dayAsked(query.on, now) < dayAsked(undefined, now),
  service: query.service,
  name: query.name,
  bucket: query.bucket,
  organisation: query.organisation,
});

const listReceivables = route({
  ...read,
  method: "GET",
  path: `${office}/receivables`,
  summary: "Receivables by age, for each customer and in all; those who owe the most overdue money first",
  query: Type.Object({ ...ByOffset, ...filters }, closed),
  response: ReceivablesPage,
  handler: ({ tx, query, now }) =>
    receivables(tx, filterOf(query, now), { limit: query.limit ?? 100, offset: offsetOf(query.cursor) }),
});

const downloadReceivables = route({
  ...read,
  method: "GET",
  path: `${office}/receivables/csv`,
  summary: "The same as CSV",
  query: Type.Object(filters, closed),
  raw: "text/csv; charset=utf-8",
  handler: async ({ tx, query, now, language, reply }) => {
    attachedAs(reply, "receivables.csv");
    return receivablesCsv(await receivables(tx, filterOf(query, now), { limit: 100_000, offset: 0 }), language);
  },
});

const listClaims = route({
  ...read,
  method: "GET",
  path: `${office}/claims`,
  summary: "Claims of every customer, the oldest due date first",
  query: Type.Object(
    {
      ...ByOffset,
      state: Type.Optional(ClaimState),
      overdue: Type.Optional(Type.Boolean()),
      service: Type.Optional(Type.String({ pattern: "^[a-z]{2,20}$" })),
      organisation: Type.Optional(Id),
      /** Part of a document's number. */
      number: Type.Optional(Type.String({ maxLength: 40 })),
    },
    closed,
  ),
  response: page(ClaimItem),
  handler: async ({ tx, query, now }) => {
    const on = dayAsked(undefined, now);
    const [limit, offset] = [query.limit ?? 100, offsetOf(query.cursor)];
    const { state = null, service = null, organisation = null, number = null } = query;
    const condition = sql`(${state}::text is null or c.state = ${state}) and (${service}::text is null or c.service = ${service})
      and (${organisation}::uuid is null or c.organisation_id = ${organisation}::uuid)
      and (${number}::text is null or strpos(lower(c.number), lower(${number}::text)) > 0)
      and (${query.overdue !== true} or (c.state = 'open' and c.due_now < ${on}::date))`;
    const total = await countRows(tx, sql`commerce.claim c where ${condition}`);
    const items = (await claimsWhere(tx, condition, limit, offset)).map((claim) => shownClaim(claim, on));
    return pageByOffset(items, offset, total);
  },
});

class DryRun extends Error {}

const importFile = route({
  ...write,
  method: "POST",
  path: `${office}/payments/import`,
  summary: "Payments from a CSV of another system; a dry run records nothing and tells every problem",
  body: PaymentImport,
  bodyLimit: 6_000_000,
  transaction: false,
  response: PaymentImportResult,
  status: 200,
  handler: async (context) => {
    const { body, platform, language, actor, now } = context;
    let result: Awaited<ReturnType<typeof importPayments>>["result"] | null = null;
    try {
      await platform.store.provider(async (tx) => {
        const found = await importPayments(workOf({ tx, now, actor }), body.csv, language);
        result = found.result;
        // All or nothing: a file with a problem is corrected and sent again.
        if (body.dryRun || found.result.problems.length > 0) throw new DryRun();
        for (const { organisation, done } of found.imported) {
          if (!done.changed) continue;
          const { id, paidOn, amount, way } = done.payment;
          await auditMoney(
            { tx, platform, actor },
            organisation,
            "payment.import",
            id,
            { paidOn, amount, way },
            done.moved,
          );
        }
      });
    } catch (error) {
      if (!(error instanceof DryRun)) throw error;
    }
    return result;
  },
});

const remindNow = (offers: readonly Offer[]) =>
  route({
    ...write,
    method: "POST",
    path: `${office}/reminders/run`,
    summary: "Send the reminders that are due now; otherwise they go out every morning",
    body: ReminderRun,
    response: ReminderRunResult,
    transaction: false,
    rate: 10,
    status: 200,
    handler: async ({ body, now, platform }) => {
      const on = dayAsked(body.on, now);
      if (!body.dryRun) return { on, ...(await runReminders(platform, offers, on)) };
      return platform.store.provider(async (tx) => {
        let [customers, reminders] = [0, 0];
        for (const organisation of await customersInArrears(tx, on)) {
          const due = await dueReminders(tx, organisation, on);
          if (due.length > 0) customers++;
          reminders += due.length;
        }
        return { on, customers, reminders, proposals: 0 };
      });
    },
  });

const listTasks = route({
  ...read,
  method: "GET",
  path: `${office}/collection-tasks`,
  summary: "Proposals to suspend or end a service for arrears, newest first; staff decides (SEC-18, UTM-22, SEC-14)",
  query: Type.Object({ state: Type.Optional(choice(taskStates)) }, closed),
  response: Type.Object({ items: Type.Array(CollectionTask) }),
  handler: async ({ tx, query }) => ({
    items: await tasksWhere(tx, sql`(${query.state ?? null}::text is null or t.state = ${query.state ?? null})`),
  }),
});

const decide = route({
  ...write,
  method: "POST",
  path: `${office}/collection-tasks/:task/decision`,
  summary: "Accept or dismiss a proposal; the suspension itself is a step of the contract",
  params: Type.Object({ task: Id }),
  body: TaskDecision,
  response: CollectionTask,
  status: 200,
  handler: async (context) => {
    const { body, params } = context;
    const task = await decideTask(workOf(context), params.task, body.decision, body.note);
    const { contractNumber, kind, ground } = task;
    await auditMoney(context, task.organisationId, "claim.decide", task.id, {
      contractNumber,
      kind,
      ground,
      decision: body.decision,
    });
    return task;
  },
});

const makeJournal = route({
  ...write,
  method: "POST",
  path: `${office}/journal`,
  summary: "Export the accounting journal of a month, once; asked again it is the same export",
  body: NewJournal,
  response: JournalItem,
  status: 200,
  handler: async (context) => {
    const { journal, made } = await exportJournal(workOf(context), context.body.month);
    if (made) {
      const { month, entries, total, sha256 } = journal;
      await context.audit({ action: "journal.export", subject: month, details: { entries, total, sha256 } });
    }
    return journal;
  },
});

const listJournals = route({
  ...read,
  method: "GET",
  path: `${office}/journal`,
  summary: "Journals that were exported, newest first",
  response: Type.Object({ items: Type.Array(JournalItem) }),
  handler: async ({ tx }) => ({ items: await journals(tx) }),
});

const downloadJournal = route({
  ...read,
  method: "GET",
  path: `${office}/journal/:month/csv`,
  summary: "The journal of a month as CSV, byte for byte as it was exported",
  params: Type.Object({ month: Type.String({ pattern: "^[0-9]{4}-(0[1-9]|1[0-2])$" }) }),
  raw: "text/csv; charset=utf-8",
  handler: async ({ tx, params, reply }) => {
    attachedAs(reply, `journal-${params.month}.csv`);
    return journalCsv(tx, params.month);
  },
});

export const officeRoutes = (offers: readonly Offer[]): readonly Route[] => [
  listReceivables,
  downloadReceivables,
  listClaims,
  importFile,
  remindNow(offers),
  listTasks,
  decide,
  makeJournal,
  listJournals,
  downloadJournal,
];
