/** Targets: IP-reachable servers and SaaS, registered by the customer alone (EXP-T02, EXP-06). */
import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { newId } from "@yagura/core/ids.ts";
import { probeText } from "./analysis/probe-text.ts";
import { agentsOfTarget, configureAgents } from "./configuration.ts";
import { noteEvent, notePaused } from "./events.ts";
import { checkedProbe } from "./probes.ts";
import { lockTenant, lockTenantOf, needTargetRoom, type LockedTenant } from "./quota.ts";
import type { Probe } from "./wire/configuration.ts";
import { announce, type Work } from "./work.ts";

interface TargetRow {
  readonly id: Uuid;
  readonly tenant_id: Uuid;
  readonly name: string;
  readonly probe: Probe;
  readonly paused: "by-hand" | "surplus" | null;
}

export async function createTarget(work: Work, input: { tenantId: Uuid; name: string; probe: Probe }): Promise<Uuid> {
  const probe = checkedProbe(input.probe);
  const tenant = await lockTenant(work.tx, work.organisation, input.tenantId);
  await needTargetRoom(work.tx, work.organisation, work.now, tenant);
  const id = newId();
  await sql`insert into experience.target (id, organisation_id, tenant_id, name, probe, created_at)
    values (${id}, ${work.organisation}, ${tenant.id}, ${input.name}, ${JSON.stringify(probe)}::jsonb, ${work.now})`.execute(
    work.tx,
  );
  await work.audit({ action: "target.create", subject: id, details: { tenant: tenant.id, name: input.name, probe } });
  await announce(work, "target", id);
  return id;
}

/** Changes name or probe, pauses, or resumes: a target paused as surplus only when there is room again (EXP-22). */
export async function changeTarget(
  work: Work,
  id: Uuid,
  change: { name?: string; probe?: Probe; paused?: boolean },
): Promise<void> {
  const { row, tenant } = await lockTarget(work, id);
  const name = change.name ?? row.name;
  const probe = change.probe === undefined ? row.probe : checkedProbe(change.probe);
  let paused = row.paused;
  if (change.paused === true) paused ??= "by-hand";
  if (change.paused === false) {
    if (paused === "surplus") await needTargetRoom(work.tx, work.organisation, work.now, tenant);
    paused = null;
  }
  await sql`update experience.target set name = ${name}, probe = ${JSON.stringify(probe)}::jsonb, paused = ${paused}
    where id = ${id}`.execute(work.tx);
  const [before, after] = [probeText(row.probe), probeText(probe)];
  if (!isDeepStrictEqual(row.probe, probe)) await noteEvent(work, { target: id }, "target.probe", { before, after });
  await notePaused(work, { target: id }, { before: row.paused, after: paused });
  await configureAgents(work.tx, work.devices, work.organisation, work.now, await agentsOfTarget(work.tx, id));
  await work.audit({ action: "target.change", subject: id, details: { ...change } });
  await announce(work, "target", id);
}

/** Removes the target and its sessions. */
export async function removeTarget(work: Work, id: Uuid): Promise<void> {
  const { row } = await lockTarget(work, id);
  const agents = await agentsOfTarget(work.tx, id);
  await sql`delete from experience.target where id = ${id}`.execute(work.tx);
  await configureAgents(work.tx, work.devices, work.organisation, work.now, agents);
  await work.audit({ action: "target.remove", subject: id, details: { name: row.name, sessions: agents.length } });
  await announce(work, "target", id);
}

const lockTarget = (work: Work, id: Uuid): Promise<{ row: TargetRow; tenant: LockedTenant }> =>
  lockTenantOf(work.tx, work.organisation, async () => {
    const { rows } = await sql<TargetRow>`select id, tenant_id, name, probe, paused from experience.target
      where organisation_id = ${work.organisation} and id = ${id}`.execute(work.tx);
    return rows[0];
  });
