/**
 * Quotas of a tenant by the terms in force at the moment of a change (EXP-17 to EXP-20, EXP-22, EXP-24). Whatever counts
 * does so after `lockTenant`, in the transaction that changes: of two changes at the limit exactly one wins.
 */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { inForceOn } from "@yagura/commerce/contracts/contracts.ts";
import { versionOn, type ServiceVersion } from "@yagura/commerce/rules.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { raise } from "./errors.ts";
import type { Quota } from "./wire/api.ts";

/** The parameter `quota` of a version of the terms. */
export interface QuotaRule {
  /** `EXP-17`: each agent by itself; `EXP-18`: pooled in the tenant. */
  readonly rule: string;
  readonly pooled: boolean;
  readonly targetsPerAgent: number;
  /** First day of the version, or an empty text: since ever. */
  readonly from: Day | "";
}

/** What a tenant uses. Surplus that was paused (EXP-22) and sessions of ended agents are not counted. */
export interface Use {
  /** Agents whose contract has started and not ended. */
  readonly agents: number;
  readonly targets: number;
  readonly sessions: number;
}

/** What a version of the terms says of quotas. */
export function quotaRuleOf(version: ServiceVersion): QuotaRule {
  const { rule, pooled, targetsPerAgent } = version.parameters["quota"] as Omit<QuotaRule, "from">;
  return { rule, pooled, targetsPerAgent, from: version.from ?? "" };
}

/** The terms that hold at the moment of a change. */
export const rulesAt = async (tx: Tx, now: Date): Promise<ServiceVersion> => versionOn(tx, "experience", dayOf(now));
/** The quota in force at a moment. */
export const quotaRuleAt = async (tx: Tx, now: Date): Promise<QuotaRule> => quotaRuleOf(await rulesAt(tx, now));

/** Most targets and sessions of a tenant: 10 for each agent (EXP-18, EXP-19); without pooling, what its agents can hold in all. */
export function limitsOf(rule: QuotaRule, agents: number): { readonly targets: number; readonly sessions: number } {
  const most = rule.targetsPerAgent * agents;
  return { targets: most, sessions: most };
}

/** Use beside its limits, with the rule that sets them. */
export function quotaOf(rule: QuotaRule, use: Use): Quota {
  const limit = limitsOf(rule, use.agents);
  return {
    agents: use.agents,
    targets: { used: use.targets, limit: limit.targets },
    sessions: { used: use.sessions, limit: limit.sessions },
    rule: rule.rule,
    ruleFrom: rule.from,
  };
}

export interface LockedTenant {
  readonly id: Uuid;
  readonly name: string;
}

async function tryLockTenant(tx: Tx, organisation: OrganisationId, tenant: Uuid): Promise<LockedTenant | null> {
  const { rows } = await sql<LockedTenant>`update experience.tenant set revision = revision + 1
    where organisation_id = ${organisation} and id = ${tenant} returning id, name`.execute(tx);
  return rows[0] ?? null;
}

/** Takes the tenant for this transaction: nobody else changes or counts in it until the end. NOT_FOUND when there is none. */
export async function lockTenant(tx: Tx, organisation: OrganisationId, tenant: Uuid): Promise<LockedTenant> {
  const locked = await tryLockTenant(tx, organisation, tenant);
  if (locked === null) throw raiseServer("NOT_FOUND");
  return locked;
}

/**
 * Takes the tenant of something in it, and reads the thing again under the lock. It may have moved by a join, or gone, while
 * the tenant was somebody else's. NOT_FOUND when it is not there.
 */
export async function lockTenantOf<Row extends { readonly tenant_id: Uuid }>(
  tx: Tx,
  organisation: OrganisationId,
  find: () => Promise<Row | undefined>,
): Promise<{ row: Row; tenant: LockedTenant }> {
  for (let row = await find(); row !== undefined; row = await find()) {
    const tenant = await tryLockTenant(tx, organisation, row.tenant_id);
    if (tenant === null) continue;
    const again = await find();
    if (again?.tenant_id === tenant.id) return { row: again, tenant };
  }
  throw raiseServer("NOT_FOUND");
}

/** Counts of one tenant, or of each tenant of the organisation. */
export async function usesOf(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  tenant: Uuid | null = null,
): Promise<Map<Uuid, Use>> {
  const { rows } = await sql<{ id: Uuid } & Use>`
    select t.id,
      (select count(*)::int from experience.agent a join commerce.contract c on c.id = a.contract_id
        where a.tenant_id = t.id and a.ended_at is null and ${inForceOn(dayOf(now))}) as agents,
      (select count(*)::int from experience.target g where g.tenant_id = t.id and g.paused is distinct from 'surplus') as targets,
      (select count(*)::int from experience.session s
        where s.tenant_id = t.id and (s.paused is null or s.paused = 'by-hand')) as sessions
    from experience.tenant t
    where t.organisation_id = ${organisation} and (${tenant}::uuid is null or t.id = ${tenant}::uuid)`.execute(tx);
  return new Map(rows.map(({ id, agents, targets, sessions }) => [id, { agents, targets, sessions }]));
}

/** What a tenant uses: agents whose contract is in force (EXP-22), and what is not paused as surplus. */
export async function useOf(tx: Tx, organisation: OrganisationId, now: Date, tenant: Uuid): Promise<Use> {
  return (await usesOf(tx, organisation, now, tenant)).get(tenant) ?? { agents: 0, targets: 0, sessions: 0 };
}

/** What the locked tenant would use without one of its agents that is in force now, and without that agent's sessions. */
export async function useWithout(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  tenant: LockedTenant,
  agent: Uuid,
): Promise<Use> {
  const before = await useOf(tx, organisation, now, tenant.id);
  const own = await sql<{ sessions: number }>`select count(*)::int as sessions from experience.session
    where agent_id = ${agent} and (paused is null or paused = 'by-hand')`.execute(tx);
  return {
    agents: before.agents - 1,
    targets: before.targets,
    sessions: before.sessions - (own.rows[0]?.sessions ?? 0),
  };
}

const numbers = (rule: QuotaRule, use: Use, tenant: LockedTenant) => ({
  tenant: tenant.name,
  agents: use.agents,
  perAgent: rule.targetsPerAgent,
  rule: rule.rule,
});

/** TARGET_QUOTA unless one more target fits into the locked tenant. */
export async function needTargetRoom(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  tenant: LockedTenant,
): Promise<void> {
  const rule = await quotaRuleAt(tx, now);
  const use = await useOf(tx, organisation, now, tenant.id);
  const limit = limitsOf(rule, use.agents).targets;
  if (use.targets >= limit) throw raise("TARGET_QUOTA", { used: use.targets, limit, ...numbers(rule, use, tenant) });
}

/** SESSION_QUOTA or AGENT_TARGET_QUOTA unless one more session of the agent fits into the locked tenant. */
export async function needSessionRoom(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  tenant: LockedTenant,
  agent: { readonly id: Uuid; readonly label: string },
): Promise<void> {
  const rule = await quotaRuleAt(tx, now);
  const use = await useOf(tx, organisation, now, tenant.id);
  const limit = limitsOf(rule, use.agents).sessions;
  if (use.sessions >= limit) throw raise("SESSION_QUOTA", { used: use.sessions, limit, ...numbers(rule, use, tenant) });
  if (rule.pooled) return;
  const own = await sql<{ used: number }>`select count(*)::int as used from experience.session
    where agent_id = ${agent.id} and (paused is null or paused = 'by-hand')`.execute(tx);
  const used = own.rows[0]?.used ?? 0;
  if (used >= rule.targetsPerAgent) {
    throw raise("AGENT_TARGET_QUOTA", { used, limit: rule.targetsPerAgent, label: agent.label, rule: rule.rule });
  }
}

/** REMOVAL_BREAKS_QUOTA when the tenant without an agent in force, and without that agent's sessions, would be above its limits. */
export function needNoSurplus(rule: QuotaRule, tenant: LockedTenant, label: string, after: Use): void {
  const limit = limitsOf(rule, after.agents);
  if (after.targets <= limit.targets && after.sessions <= limit.sessions) return;
  throw raise("REMOVAL_BREAKS_QUOTA", {
    label,
    tenant: tenant.name,
    agents: after.agents,
    targets: after.targets,
    targetLimit: limit.targets,
    sessions: after.sessions,
    sessionLimit: limit.sessions,
    surplusTargets: Math.max(0, after.targets - limit.targets),
    surplusSessions: Math.max(0, after.sessions - limit.sessions),
    rule: rule.rule,
  });
}

export interface Paused {
  readonly sessions: readonly Uuid[];
  readonly targets: readonly Uuid[];
}

/** Pauses the newest sessions, then the newest targets, above the limits of the locked tenant (EXP-22). Deletes nothing. */
export async function pauseSurplus(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  tenant: LockedTenant,
): Promise<Paused> {
  const rule = await quotaRuleAt(tx, now);
  const use = await useOf(tx, organisation, now, tenant.id);
  const limit = limitsOf(rule, use.agents);
  const sessions = await sql<{ id: Uuid }>`update experience.session set paused = 'surplus' where id in (
      select id from experience.session where tenant_id = ${tenant.id} and (paused is null or paused = 'by-hand')
      order by ordinal desc limit ${Math.max(0, use.sessions - limit.sessions)}) returning id`.execute(tx);
  const targets = await sql<{ id: Uuid }>`update experience.target set paused = 'surplus' where id in (
      select id from experience.target where tenant_id = ${tenant.id} and paused is distinct from 'surplus'
      order by ordinal desc limit ${Math.max(0, use.targets - limit.targets)}) returning id`.execute(tx);
  return { sessions: sessions.rows.map(({ id }) => id), targets: targets.rows.map(({ id }) => id) };
}
