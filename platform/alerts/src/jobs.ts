/** Work of alerts that nobody asks for: deliveries, escalation, digests of a storm, forgetting. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import { deliver, type Telling } from "./deliver.ts";
import { DELIVER, queue, takeSteps, WINDOW_MS } from "./notify.ts";

/** Closed incidents are kept this long, as are those of a dead cause that nobody took. */
const KEPT_DAYS = 400;
/** Days after which an incident whose cause is over and that nobody took is closed. */
const OVER_DAYS = 7;
const MOST_AT_ONCE = 500;

/** Takes the steps whose time has come. */
export async function escalate(platform: Platform): Promise<number> {
  const now = new Date(platform.clock.now());
  return platform.store.provider(async (tx) => {
    const { rows } = await sql<{
      id: Uuid;
      organisation: OrganisationId;
      severity: number;
      step: number;
      opened_at: Date;
    }>`select id, organisation_id as organisation, severity, step, opened_at from alerts.incident
      where escalate_at <= ${now} and state = 'open' order by escalate_at limit ${MOST_AT_ONCE} for update skip locked`.execute(
      tx,
    );
    for (const { id, organisation, severity, step, opened_at: opened } of rows)
      await takeSteps(tx, platform, { organisation, incident: id, severity, now }, step, opened, "escalated");
    return rows.length;
  });
}

/** One message for what a storm held back, once its first is a window old. */
export async function digest(platform: Platform): Promise<number> {
  const now = new Date(platform.clock.now());
  const before = new Date(now.getTime() - WINDOW_MS);
  return platform.store.provider(async (tx) => {
    const { rows } = await sql<{ channel: Uuid; organisation: OrganisationId }>`select c.id as channel,
        c.organisation_id as organisation
      from alerts.channel c where c.enabled and exists (
          select from alerts.delivery d where d.channel_id = c.id and d.state = 'held' and d.created_at <= ${before})
        and not exists (select from alerts.delivery d where d.channel_id = c.id and d.occasion = 'digest'
          and (d.state = 'queued' or d.created_at > ${before}))
      for update skip locked`.execute(tx);
    for (const { channel, organisation } of rows)
      await queue(tx, platform.jobs, { organisation, channel, incident: null, occasion: "digest", now, held: false });
    return rows.length;
  });
}

/** Closes what is long over, forgets what is old. */
export async function tidy(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  const days = (count: number): Date => new Date(now - count * 86_400_000);
  await platform.store.provider(async (tx) => {
    await sql`with closed as (
        update alerts.incident set state = 'closed', closed_at = ${new Date(now)}, closed_by = 'system',
          close_reason = 'over', escalate_at = null
        where state = 'open' and ended_at < ${days(OVER_DAYS)} returning id, organisation_id)
      insert into alerts.entry (id, organisation_id, incident_id, at, kind, by, detail)
      select gen_random_uuid(), organisation_id, id, ${new Date(now)}, 'closed', 'system', '{"reason":"over"}' from closed`.execute(
      tx,
    );
    await sql`delete from alerts.incident where state = 'closed' and closed_at < ${days(KEPT_DAYS)}`.execute(tx);
    await sql`delete from alerts.delivery where incident_id is null and created_at < ${days(KEPT_DAYS)}`.execute(tx);
  });
}

export const alertJobs = (telling: Telling): JobTable => ({
  handlers: {
    [DELIVER]: deliver(telling),
    "alerts.escalate": async (_, platform) => {
      await escalate(platform);
      await digest(platform);
    },
    "alerts.tidy": async (_, platform) => tidy(platform),
  },
  schedule: { "alerts.escalate": "* * * * *", "alerts.tidy": "17 3 * * *" },
});
