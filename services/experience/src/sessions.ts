/** Sessions: one agent's communication with one target (EXP-T03), spread over the agents as the customer likes (EXP-20). */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { newId } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { findAgent, lockAgent, needRunning } from "./agent-row.ts";
import { configureAgents } from "./configuration.ts";
import { raise } from "./errors.ts";
import { noteEvent, notePaused } from "./events.ts";
import { lockTenantOf, needSessionRoom, type LockedTenant } from "./quota.ts";
import type { Probe, ProbeKind } from "./wire/configuration.ts";
import { announce, type Work } from "./work.ts";

/** Milliseconds between probes unless told. */
export const DEFAULT_INTERVAL = 1_000;
/** Milliseconds after which an answer is late, unless told: a web page takes longer than an echo. */
export const defaultTimeout: Readonly<Record<ProbeKind, number>> = {
  icmp: 2_000,
  tcp: 3_000,
  dns: 3_000,
  http: 10_000,
};

interface SessionRow {
  readonly id: Uuid;
  readonly tenant_id: Uuid;
  readonly agent_id: Uuid;
  readonly interval_ms: number;
  readonly timeout_ms: number;
  readonly paused: "by-hand" | "surplus" | "agent-ended" | null;
}

/** SESSION_QUOTA, AGENT_TARGET_QUOTA, SESSION_EXISTS, SESSION_ACROSS_TENANTS, AGENT_ENDED, NOT_FOUND for agent or target. */
export async function createSession(
  work: Work,
  input: { agentId: Uuid; targetId: Uuid; interval?: number; timeout?: number },
): Promise<Uuid> {
  const { tx, organisation, now } = work;
  const { row: agent, tenant } = await lockAgent(work, input.agentId);
  const found = await sql<{ name: string; tenant_id: Uuid; probe: Probe }>`select name, tenant_id, probe
    from experience.target where organisation_id = ${organisation} and id = ${input.targetId}`.execute(tx);
  const target = found.rows[0];
  if (target === undefined) throw raiseServer("NOT_FOUND");
  needRunning(agent);
  const names = { agent: agent.label, target: target.name };
  if (target.tenant_id !== tenant.id) throw raise("SESSION_ACROSS_TENANTS", names);
  const same =
    await sql`select 1 from experience.session where agent_id = ${agent.id} and target_id = ${input.targetId}`.execute(
      tx,
    );
  if (same.rows.length > 0) throw raise("SESSION_EXISTS", names);
  await needSessionRoom(tx, organisation, now, tenant, agent);
  const id = newId();
  const interval = input.interval ?? DEFAULT_INTERVAL;
  const timeout = input.timeout ?? defaultTimeout[target.probe.kind];
  await sql`insert into experience.session (id, organisation_id, tenant_id, agent_id, target_id, interval_ms, timeout_ms, created_at)
    values (${id}, ${organisation}, ${tenant.id}, ${agent.id}, ${input.targetId}, ${interval}, ${timeout}, ${now})`.execute(
    tx,
  );
  await noteEvent(work, { session: id }, "session.created");
  await configureAgents(tx, work.devices, organisation, now, [agent.id]);
  await work.audit({ action: "session.create", subject: id, details: { ...names, interval, timeout } });
  await announce(work, "session", id);
  return id;
}

/** Changes the timing, pauses, or resumes: a session paused as surplus only when there is room again (EXP-22). */
export async function changeSession(
  work: Work,
  id: Uuid,
  change: { interval?: number; timeout?: number; paused?: boolean },
): Promise<void> {
  const { row, tenant } = await lockSession(work, id);
  const agent = await findAgent(work, row.agent_id);
  if (agent === undefined) throw raiseServer("NOT_FOUND");
  let paused = row.paused;
  if (change.paused === true) paused ??= "by-hand";
  if (change.paused === false) {
    needRunning(agent);
    if (paused === "surplus") await needSessionRoom(work.tx, work.organisation, work.now, tenant, agent);
    paused = null;
  }
  const interval = change.interval ?? row.interval_ms;
  const timeout = change.timeout ?? row.timeout_ms;
  await sql`update experience.session set interval_ms = ${interval}, timeout_ms = ${timeout}, paused = ${paused}
    where id = ${id}`.execute(work.tx);
  const of = { session: id };
  if (interval !== row.interval_ms) {
    await noteEvent(work, of, "session.interval", { before: row.interval_ms, after: interval });
  }
  if (timeout !== row.timeout_ms) {
    await noteEvent(work, of, "session.timeout", { before: row.timeout_ms, after: timeout });
  }
  await notePaused(work, of, { before: row.paused, after: paused });
  await configureAgents(work.tx, work.devices, work.organisation, work.now, [row.agent_id]);
  await work.audit({ action: "session.change", subject: id, details: { ...change } });
  await announce(work, "session", id);
}

export async function removeSession(work: Work, id: Uuid): Promise<void> {
  const { row } = await lockSession(work, id);
  await sql`delete from experience.session where id = ${id}`.execute(work.tx);
  await configureAgents(work.tx, work.devices, work.organisation, work.now, [row.agent_id]);
  await work.audit({ action: "session.remove", subject: id });
  await announce(work, "session", id);
}

const lockSession = (work: Work, id: Uuid): Promise<{ row: SessionRow; tenant: LockedTenant }> =>
  lockTenantOf(work.tx, work.organisation, async () => {
    const { rows } = await sql<SessionRow>`select id, tenant_id, agent_id, interval_ms, timeout_ms, paused
      from experience.session where organisation_id = ${work.organisation} and id = ${id}`.execute(work.tx);
    return rows[0];
  });
