/** What the start and the end of a contract do to its agent and to the quota of the tenant (EXP-22). */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import type { Contract, ContractHooks } from "@yagura/commerce/commerce.ts";
import { organisationFacts, tellOwners } from "@yagura/commerce/organisations.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { lockAgent } from "./agent-row.ts";
import { agentsOfTarget, configureAgents } from "./configuration.ts";
import { noteEvent } from "./events.ts";
import { revokeInvitations } from "./invitations.ts";
import { reductionMail, surplusMail } from "./mails.ts";
import { limitsOf, pauseSurplus, quotaRuleAt, useOf, useWithout, type LockedTenant, type Paused } from "./quota.ts";
import { announce, type Work } from "./work.ts";

export const contractHooks: ContractHooks = {
  started: async (tx, contract, _on, devices, platform) => {
    const agent = await agentOfContract(tx, contract);
    if (agent === null) return;
    const work = systemWork(tx, contract.organisation, devices, platform);
    // Under the tenant's lock, so that a session made at the same time is in the configuration that stays.
    await lockAgent(work, agent);
    await configureAgents(tx, devices, contract.organisation, work.now, [agent]);
    await announce(work, "agent", agent);
  },
  ending: async (tx, contract, on, devices, platform) => {
    const agent = await agentOfContract(tx, contract);
    if (agent !== null) {
      await askForReduction(systemWork(tx, contract.organisation, devices, platform), agent, contract, on);
    }
  },
  ended: async (tx, contract, on, devices, platform) => {
    const agent = await agentOfContract(tx, contract);
    if (agent !== null) await endAgent(systemWork(tx, contract.organisation, devices, platform), agent, contract, on);
  },
};

/** Work that the platform does by itself, without a request. */
export const systemWork = (tx: Tx, organisation: OrganisationId, devices: Devices, platform: Platform): Work => ({
  tx,
  organisation,
  now: new Date(platform.clock.now()),
  devices,
  platform,
  actor: null,
  audit: (entry) => platform.audit(tx, { kind: "system", name: "experience" }, organisation, entry),
});

async function agentOfContract(tx: Tx, contract: Contract): Promise<Uuid | null> {
  const { rows } = await sql<{ id: Uuid }>`select id from experience.agent
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id}`.execute(tx);
  return rows[0]?.id ?? null;
}

/** Ends the agent of an ended contract: never refused, nothing deleted, the newest surplus paused, the people told. */
async function endAgent(work: Work, id: Uuid, contract: Contract, on: string): Promise<void> {
  const { tx, organisation, now, devices } = work;
  const { row: agent, tenant } = await lockAgent(work, id);
  await revokeInvitations(work, id);
  if (agent.device_id !== null) {
    await devices.revokeDevice(tx, organisation, agent.device_id, `The contract ${contract.number} ended on ${on}.`);
  }
  await sql`update experience.agent set ended_at = ${now} where id = ${id}`.execute(tx);
  await sql`update experience.session set paused = 'agent-ended' where agent_id = ${id}`.execute(tx);
  const paused = await pauseSurplus(tx, organisation, now, tenant);
  const why = { why: "surplus", contract: contract.number };
  for (const session of paused.sessions) await noteEvent(work, { session }, "session.paused", why);
  for (const target of paused.targets) await noteEvent(work, { target }, "target.paused", why);
  await configureAgents(tx, devices, organisation, now, await touchedAgents(tx, paused));
  await announce(work, "agent", id);
  if (paused.sessions.length + paused.targets.length === 0) return;
  await tellSurplus(work, tenant, { label: agent.label, contract, on }, paused);
}

/** Before the last day: the owners are asked to reduce what would be above the quota, and told what happens if they do not. */
async function askForReduction(work: Work, id: Uuid, contract: Contract, on: string): Promise<void> {
  const { tx, organisation, now, platform } = work;
  // An agent that has not started is not counted, so its end takes nothing away.
  if (contract.startedOn === null || contract.startedOn > dayOf(now)) return;
  const { row: agent, tenant } = await lockAgent(work, id);
  const [rule, use] = [await quotaRuleAt(tx, now), await useWithout(tx, organisation, now, tenant, id)];
  const limit = limitsOf(rule, use.agents);
  const surplus = {
    targets: Math.max(0, use.targets - limit.targets),
    sessions: Math.max(0, use.sessions - limit.sessions),
  };
  if (surplus.targets + surplus.sessions === 0) return;
  const facts = await organisationFacts(tx, organisation);
  const mail = reductionMail(
    {
      tenant: tenant.name,
      label: agent.label,
      contractNumber: contract.number,
      endsOn: on,
      agents: use.agents,
      targets: { used: use.targets, limit: limit.targets, surplus: surplus.targets },
      sessions: { used: use.sessions, limit: limit.sessions, surplus: surplus.sessions },
    },
    facts?.language ?? "ja",
  );
  await tellOwners(tx, platform, organisation, mail);
  await platform.live.publish(tx, organisation, {
    topic: "experience.reduction",
    data: { tenant: tenant.id, contract: contract.number, on, ...surplus },
  });
}

async function touchedAgents(tx: Tx, paused: Paused): Promise<Uuid[]> {
  const { rows } = await sql<{ agent: Uuid }>`select distinct agent_id as agent from experience.session
    where id = any(${[...paused.sessions]}::uuid[])`.execute(tx);
  const agents = rows.map(({ agent }) => agent);
  for (const target of paused.targets) agents.push(...(await agentsOfTarget(tx, target)));
  return agents;
}

async function tellSurplus(
  work: Work,
  tenant: LockedTenant,
  ended: { label: string; contract: Contract; on: string },
  paused: Paused,
): Promise<void> {
  const { tx, organisation, now, platform } = work;
  const [rule, use, facts] = [
    await quotaRuleAt(tx, now),
    await useOf(tx, organisation, now, tenant.id),
    await organisationFacts(tx, organisation),
  ];
  const mail = surplusMail(
    {
      tenant: tenant.name,
      label: ended.label,
      contractNumber: ended.contract.number,
      endedOn: ended.on,
      agents: use.agents,
      limit: limitsOf(rule, use.agents).sessions,
      sessions: await sessionNames(tx, paused.sessions),
      targets: await targetNames(tx, paused.targets),
    },
    facts?.language ?? "ja",
  );
  await tellOwners(tx, platform, organisation, mail);
  const counts = { sessions: paused.sessions.length, targets: paused.targets.length };
  await work.audit({
    action: "tenant.pause-surplus",
    subject: tenant.id,
    details: { contract: ended.contract.number, ...counts, sessionIds: paused.sessions, targetIds: paused.targets },
  });
  await platform.live.publish(tx, organisation, {
    topic: "experience.surplus",
    data: { tenant: tenant.id, contract: ended.contract.number, ...counts },
  });
}

async function sessionNames(tx: Tx, ids: readonly Uuid[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select a.label || ' → ' || g.name as name from experience.session s
    join experience.agent a on a.id = s.agent_id join experience.target g on g.id = s.target_id
    where s.id = any(${[...ids]}::uuid[]) order by s.ordinal`.execute(tx);
  return rows.map(({ name }) => name);
}

async function targetNames(tx: Tx, ids: readonly Uuid[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from experience.target
    where id = any(${[...ids]}::uuid[]) order by ordinal`.execute(tx);
  return rows.map(({ name }) => name);
}
