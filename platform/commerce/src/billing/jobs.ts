/** Jobs of billing: the monthly run, carrying runs out, taking up what a crash left behind, telling customers. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { dayOf, monthOf, nextMonth } from "@yagura/core/calendar.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { index } from "../charging/index.ts";
import { loadTables } from "../terms/load.ts";
import type { Billing } from "./chunk.ts";
import { mailJob, monthlyJob, runJob, takeUpJob } from "./job-names.ts";
import { mailDocuments, type Told } from "./mails.ts";
import { carryOutRun } from "./run.ts";
import { beginRun, lockRun, setState } from "./runs.ts";

/** Milliseconds after which a run on which nobody works is taken up again. */
const LEFT_BEHIND = 120_000;

export const enqueueRun = (platform: Pick<Platform, "jobs">, tx: Tx, run: Uuid): Promise<void> =>
  platform.jobs.add(tx, runJob, { run }, { key: `bill-run-${run}` });

export function billingJobs(billing: Billing): JobTable {
  return {
    handlers: {
      [runJob]: async (payload, platform) => work(platform, billing, payload["run"] as Uuid),
      [monthlyJob]: async (_payload, platform) => beginMonthly(platform),
      [takeUpJob]: async (_payload, platform) => {
        for (const run of await leftBehind(platform)) await work(platform, billing, run);
      },
      [mailJob]: async (payload, platform) => void (await mailDocuments(platform, payload as Told)),
    },
    // 15:30 UTC is 00:30 in Asia/Tokyo.
    schedule: { [monthlyJob]: "30 15 * * *", [takeUpJob]: "*/2 * * * *" },
  };
}

async function work(platform: Platform, billing: Billing, id: Uuid): Promise<void> {
  const before = await carryOutRun(platform, billing, id);
  const run =
    before?.state === "ready" && (await issuesItself(platform, id)) ? await issueNow(platform, billing, id) : before;
  if (run?.state !== "done") return;
  platform.log.info({ run: id, month: run.month, ...run.issued }, "a bill run is done");
}

async function issueNow(platform: Platform, billing: Billing, id: Uuid) {
  await platform.store.provider(async (tx) => {
    const run = await lockRun(tx, id);
    if (run.state === "ready") await setState(tx, id, "issuing", { now: new Date(platform.clock.now()) });
  });
  return carryOutRun(platform, billing, id);
}

/** Setting `bill-run` = `issue`: the monthly run is issued without anybody's look at its preview. */
const issuesItself = (platform: Platform, id: Uuid): Promise<boolean> =>
  platform.store.provider(async (tx) => {
    const run = await lockRun(tx, id);
    if (run.startedBy !== SCHEDULE || run.preview.aside > 0) return false;
    return index(await loadTables(tx)).setting("*", "bill-run", run.issueOn) === "issue";
  });

const SCHEDULE = "system:schedule";

/** Days of a month on which the draft of the month before is made up for, had the control plane been away on the first. */
const MADE_UP_FOR = 10;

/** A draft of the month that has just ended, once: not again when somebody discarded it, and not where nothing is charged. */
async function beginMonthly(platform: Platform): Promise<void> {
  const now = new Date(platform.clock.now());
  const today = dayOf(now);
  if (Number(today.slice(8)) > MADE_UP_FOR) return;
  const month = nextMonth(monthOf(today), -1);
  await platform.store.provider(async (tx) => {
    const { rows } = await sql<{ begun: boolean; charged: boolean }>`select
      exists (select from commerce.bill_run where month = ${`${month}-01`}::date and kind = 'regular'
        and organisation_id is null) as begun,
      exists (select from commerce.contract where charged) as charged`.execute(tx);
    if (rows[0]?.begun !== false || !rows[0].charged) return;
    const run = await beginRun(tx, { month }, { by: SCHEDULE, now });
    await enqueueRun(platform, tx, run.id);
  });
}

async function leftBehind(platform: Platform): Promise<Uuid[]> {
  const before = new Date(platform.clock.now() - LEFT_BEHIND);
  return platform.store.provider(async (tx) => {
    const { rows } = await sql<{ id: Uuid }>`select id from commerce.bill_run
      where state in ('computing', 'issuing') and worked_at < ${before} order by id`.execute(tx);
    return rows.map(({ id }) => id);
  });
}
