/** Who is told of an incident, and when: channels, steps of escalation, and the brake that keeps a storm readable. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Jobs, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { note } from "./entries.ts";
import { firstChannelName, severities, type Policy } from "./shapes.ts";

export const DELIVER = "alerts.deliver";
/** Messages of one channel in the window; more are held and told in one digest. Critical ones may be three times as many. */
export const WINDOW_MS = 10 * 60_000;
export const MOST_IN_WINDOW = 10;
const CRITICAL_FACTOR = 3;
const MINUTE = 60_000;

export type Occasion = "opened" | "worse" | "escalated" | "ended";

interface About {
  readonly organisation: OrganisationId;
  readonly incident: Uuid;
  /** Index of `severities`. */
  readonly severity: number;
  readonly now: Date;
}
type Needs = Pick<Platform, "jobs" | "clock">;
type Step = Policy["steps"][number];

/** The steps of an organisation. The first incident of an organisation that never set anything makes the default. */
export async function stepsOf(tx: Tx, organisation: OrganisationId, now: Date): Promise<readonly Step[]> {
  const { rows } = await sql<{ steps: Step[] }>`select steps from alerts.policy
    where organisation_id = ${organisation}`.execute(tx);
  return rows[0]?.steps ?? makeDefault(tx, organisation, now);
}

/** Owners and administrators get a mail at once of what is bad, and once more after half an hour of what is critical. */
async function makeDefault(tx: Tx, organisation: OrganisationId, now: Date): Promise<readonly Step[]> {
  const facts = await sql<{
    language: "ja" | "en";
  }>`select language from server.organisation where id = ${organisation}`.execute(tx);
  const language = facts.rows[0]?.language ?? "ja";
  const name = firstChannelName[language];
  const steps: Step[] = [
    { after: 0, channels: [], minimumSeverity: "bad" },
    { after: 30, channels: [], minimumSeverity: "critical" },
  ];
  await sql`insert into alerts.channel (id, organisation_id, kind, name, settings, minimum_severity, services, language,
      enabled, created_at)
    values (${newId()}, ${organisation}, 'mail', ${name}, ${JSON.stringify({ members: true, to: [] })}::jsonb,
      ${severities.indexOf("bad")}, '{}', ${language}, true, ${now})`.execute(tx);
  await sql`insert into alerts.policy (organisation_id, steps, updated_at)
    values (${organisation}, ${JSON.stringify(steps)}::jsonb, ${now})`.execute(tx);
  return steps;
}

/** Begins the escalation of a new incident. */
export async function firstStep(tx: Tx, platform: Needs, about: About): Promise<void> {
  await takeSteps(tx, platform, about, 0, about.now, "opened");
}

/** Takes the steps from `from` on whose time has come, and notes when the next is due. */
export async function takeSteps(
  tx: Tx,
  platform: Needs,
  about: About,
  from: number,
  opened: Date,
  occasion: "opened" | "escalated",
): Promise<void> {
  const steps = await stepsOf(tx, about.organisation, about.now);
  let step = from;
  for (; step < steps.length; step++) {
    const { after, channels, minimumSeverity } = steps[step] as Step;
    if (opened.getTime() + after * MINUTE > about.now.getTime()) break;
    if (about.severity < severities.indexOf(minimumSeverity)) continue;
    if (step > 0)
      await note(tx, {
        organisation: about.organisation,
        incident: about.incident,
        at: about.now,
        kind: "escalated",
        by: "system",
        detail: { step: step + 1, minutes: after },
      });
    await tell(tx, platform, { ...about, occasion: step === 0 ? occasion : "escalated" }, channels);
  }
  const next = steps[step];
  const due = next === undefined ? null : new Date(opened.getTime() + next.after * MINUTE);
  await sql`update alerts.incident set step = ${step}, escalate_at = ${due} where id = ${about.incident}`.execute(tx);
}

/** Queues a message for each channel that wants it. `only`: these channels; empty: all. */
export async function tell(
  tx: Tx,
  platform: Needs,
  { organisation, incident, severity, now, occasion }: About & { readonly occasion: Occasion },
  only: readonly Uuid[] = [],
): Promise<void> {
  // An end is told to those who were told of the beginning.
  const told = sql`(${occasion !== "ended"} or exists (select from alerts.delivery d
    where d.channel_id = c.id and d.incident_id = ${incident} and d.state <> 'failed'))`;
  const { rows } = await sql<{ id: Uuid; name: string; recent: number }>`select c.id, c.name,
      (select count(*)::int from alerts.delivery d where d.channel_id = c.id and d.state in ('queued', 'sent')
        and d.created_at > ${new Date(now.getTime() - WINDOW_MS)}) as recent
    from alerts.channel c join alerts.incident i on i.id = ${incident}
    where c.organisation_id = ${organisation} and c.enabled and c.minimum_severity <= ${severity}
      and (c.services = '{}' or i.service = any(c.services))
      and (${only.length === 0} or c.id = any(${[...only]}::uuid[])) and ${told}
    order by c.id`.execute(tx);
  for (const { id: channel, recent } of rows) {
    const room = severity === severities.length - 1 ? MOST_IN_WINDOW * CRITICAL_FACTOR : MOST_IN_WINDOW;
    await queue(tx, platform.jobs, { organisation, channel, incident, occasion, now, held: recent >= room });
  }
  if (rows.length > 0)
    await note(tx, {
      organisation,
      incident,
      at: now,
      kind: "notified",
      by: "system",
      detail: { channels: rows.map(({ name }) => name), occasion },
    });
  else if (occasion === "opened")
    await note(tx, { organisation, incident, at: now, kind: "not-notified", by: "system", detail: {} });
}

export async function queue(
  tx: Tx,
  jobs: Jobs,
  delivery: {
    readonly organisation: OrganisationId;
    readonly channel: Uuid;
    readonly incident: Uuid | null;
    readonly occasion: Occasion | "digest";
    readonly now: Date;
    readonly held: boolean;
  },
): Promise<void> {
  const id = newId();
  await sql`insert into alerts.delivery (id, organisation_id, channel_id, incident_id, occasion, state, created_at)
    values (${id}, ${delivery.organisation}, ${delivery.channel}, ${delivery.incident}, ${delivery.occasion},
      ${delivery.held ? "held" : "queued"}, ${delivery.now})`.execute(tx);
  if (!delivery.held) await jobs.add(tx, DELIVER, { id });
}
