/** Tenants: groups of agents of one organisation. Two can be joined; none can ever be split (EXP-T04, EXP-07). */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { newId } from "@yagura/core/ids.ts";
import { raise } from "./errors.ts";
import { lockTenant } from "./quota.ts";
import { announce, type Work } from "./work.ts";

/** Makes an empty tenant; gives its id. */
export async function createTenant(work: Work, input: { name: string }): Promise<Uuid> {
  const id = newId();
  await sql`insert into experience.tenant (id, organisation_id, name, created_at)
    values (${id}, ${work.organisation}, ${input.name}, ${work.now})`.execute(work.tx);
  await work.audit({ action: "tenant.create", subject: id, details: { name: input.name } });
  await announce(work, "tenant", id);
  return id;
}

/** Gives a tenant another name. NOT_FOUND. */
export async function renameTenant(work: Work, id: Uuid, name: string): Promise<void> {
  const before = await lockTenant(work.tx, work.organisation, id);
  await sql`update experience.tenant set name = ${name} where id = ${id}`.execute(work.tx);
  await work.audit({ action: "tenant.change", subject: id, details: { before: before.name, name } });
  await announce(work, "tenant", id);
}

/** TENANT_NOT_EMPTY while it has agents or targets. */
export async function removeTenant(work: Work, id: Uuid): Promise<void> {
  const tenant = await lockTenant(work.tx, work.organisation, id);
  const counted = await sql<{ agents: number; targets: number }>`select
    (select count(*)::int from experience.agent where tenant_id = ${id}) as agents,
    (select count(*)::int from experience.target where tenant_id = ${id}) as targets`.execute(work.tx);
  const { agents, targets } = counted.rows[0] ?? { agents: 0, targets: 0 };
  if (agents + targets > 0) throw raise("TENANT_NOT_EMPTY", { name: tenant.name, agents, targets });
  await sql`delete from experience.tenant where id = ${id}`.execute(work.tx);
  await work.audit({ action: "tenant.remove", subject: id, details: { name: tenant.name } });
  await announce(work, "tenant", id);
}

/**
 * Moves all agents, targets and sessions of one tenant into another and removes the emptied one. Limits add up, because
 * they count agents (EXP-18). Cannot be undone: that would be a split.
 */
export async function joinTenants(work: Work, into: Uuid, from: Uuid): Promise<void> {
  if (into === from) throw raise("TENANT_JOIN_SELF");
  const { tx, organisation } = work;
  // Always in the same order, so that two joins of the same pair cannot wait for each other.
  const locked = new Map<Uuid, string>();
  for (const id of [into, from].sort()) locked.set(id, (await lockTenant(tx, organisation, id)).name);
  await sql`set constraints experience.session_agent, experience.session_target deferred`.execute(tx);
  const moved: Record<string, number> = {};
  for (const kind of ["agent", "target", "session"]) {
    const result = await sql`update ${sql.table(`experience.${kind}`)} set tenant_id = ${into}
      where organisation_id = ${organisation} and tenant_id = ${from}`.execute(tx);
    moved[`${kind}s`] = Number(result.numAffectedRows ?? 0);
  }
  await sql`set constraints experience.session_agent, experience.session_target immediate`.execute(tx);
  await sql`delete from experience.tenant where id = ${from}`.execute(tx);
  await work.audit({
    action: "tenant.join",
    subject: into,
    details: { name: locked.get(into), removed: from, removedName: locked.get(from), ...moved },
  });
  await announce(work, "tenant", into);
}

/** Always TENANT_SPLIT_REFUSED (EXP-T04), NOT_FOUND for a tenant that is not there. */
export async function refuseSplit(work: Work, id: Uuid): Promise<never> {
  const tenant = await lockTenant(work.tx, work.organisation, id);
  throw raise("TENANT_SPLIT_REFUSED", { name: tenant.name });
}
