/** What changed about the measuring itself: written with each change, read beside a series. */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { agentEvents, MOST_EVENTS, newestEvents, type Enrolment } from "./analysis/events.ts";
import type { EventKind, SeriesEvent, Session } from "./wire/api.ts";
import type { Work } from "./work.ts";

type Of = { readonly session: Uuid } | { readonly target: Uuid };
type Parameters = SeriesEvent["parameters"];

/** Writes an event in the transaction of the change; who acts is added. */
export async function noteEvent(work: Work, of: Of, kind: EventKind, parameters: Parameters = {}): Promise<void> {
  const [session, target] = "session" in of ? [of.session, null] : [null, of.target];
  const all: Parameters = work.actor === null ? parameters : { ...parameters, by: work.actor };
  await sql`insert into experience.event (id, organisation_id, session_id, target_id, at, kind, parameters)
    values (${newId()}, ${work.organisation}, ${session}, ${target}, ${work.now}, ${kind}, ${JSON.stringify(all)}::jsonb)`.execute(
    work.tx,
  );
}

/** Writes what differs between two states of a session or target; `why` of a pause that nobody asked for by hand. */
export async function notePaused(
  work: Work,
  of: Of,
  change: { readonly before: string | null; readonly after: string | null },
): Promise<void> {
  if (change.before === change.after) return;
  const word = "session" in of ? "session" : "target";
  if (change.after === null) await noteEvent(work, of, `${word}.resumed`);
  else await noteEvent(work, of, `${word}.paused`, { why: change.after });
}

/** The events of a session, its target and its agent between two moments (ms), oldest first, at most MOST_EVENTS. */
export async function readEvents(tx: Tx, session: Session, from: number, to: number): Promise<SeriesEvent[]> {
  const within = sql`between ${new Date(from)} and ${new Date(to)}`;
  const noted = await sql<{ at: Date; kind: EventKind; parameters: Parameters }>`
    select at, kind, parameters from experience.event
    where (session_id = ${session.id} or target_id = ${session.targetId}) and at ${within}
    order by at desc, ordinal desc limit ${MOST_EVENTS}`.execute(tx);
  const programs = await sql<{ at: Date; before: string; after: string }>`
    select p.at, p.before, p.after from devices.program_change p join devices.device d on d.id = p.device_id
    where d.subject_service = 'experience' and d.subject_kind = 'agent' and d.subject_id = ${session.agentId} and p.at ${within}
    order by p.at desc limit ${MOST_EVENTS}`.execute(tx);
  const events: SeriesEvent[] = [
    ...noted.rows.map((row) => ({ ...row, at: row.at.toISOString() })).reverse(),
    ...programs.rows.map(({ at, before, after }) => ({
      at: at.toISOString(),
      kind: "agent.program" as const,
      parameters: { before, after },
    })),
    ...(await ofAgent(tx, session.agentId)),
  ];
  return newestEvents(events, from, to);
}

/** One more device than events are told, since each tells of the one before. */
async function ofAgent(tx: Tx, agent: Uuid): Promise<SeriesEvent[]> {
  const devices = await sql<{
    hostname: string;
    version: string;
    enrolled_at: Date;
    revoked_at: Date | null;
    revoked_reason: string | null;
  }>`select hostname, version, enrolled_at, revoked_at, revoked_reason from devices.device
    where subject_service = 'experience' and subject_kind = 'agent' and subject_id = ${agent}
    order by enrolled_at desc limit ${MOST_EVENTS + 1}`.execute(tx);
  const agents = await sql<{ contract_number: string; ended_at: Date | null }>`select contract_number, ended_at
    from experience.agent where id = ${agent}`.execute(tx);
  const row = agents.rows[0];
  if (row === undefined) return [];
  const enrolments = devices.rows.map((device): Enrolment => ({
    hostname: device.hostname,
    version: device.version,
    enrolledAt: device.enrolled_at.getTime(),
    revokedAt: device.revoked_at?.getTime() ?? null,
    revokedReason: device.revoked_reason,
  }));
  return agentEvents(enrolments, {
    contractNumber: row.contract_number,
    endedAt: row.ended_at?.getTime() ?? null,
  });
}
