/** What each agent's device is told to measure, written in the transaction that changes sessions, targets or agents. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import { inForceOn } from "@yagura/commerce/contracts/contracts.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { Tx } from "@yagura/store/store.ts";
import { readUpload } from "./pace.ts";
import type { AgentConfiguration, Probe, SessionConfiguration } from "./wire/configuration.ts";

/** Writes the configuration of the agents' devices. Agents that are not installed or whose contract is over are left out. */
export async function configureAgents(
  tx: Tx,
  devices: Devices,
  organisation: OrganisationId,
  now: Date,
  agents: readonly Uuid[],
): Promise<void> {
  if (agents.length === 0) return;
  const installed = await sql<{ id: Uuid; device: Uuid; running: boolean }>`
    select a.id, a.device_id as device, ${inForceOn(dayOf(now))} as running
    from experience.agent a join commerce.contract c on c.id = a.contract_id
    where a.organisation_id = ${organisation} and a.id = any(${[...new Set(agents)]}::uuid[]) and a.device_id is not null
      and a.ended_at is null
    order by a.id`.execute(tx);
  if (installed.rows.length === 0) return;
  const upload = await readUpload(tx);
  for (const { id, device, running } of installed.rows) {
    const document: AgentConfiguration = { sessions: running ? await runningSessions(tx, id) : [], upload };
    await devices.configure(tx, organisation, device, "experience", document);
  }
}

async function runningSessions(tx: Tx, agent: Uuid): Promise<SessionConfiguration[]> {
  const { rows } = await sql<{ session: Uuid; probe: Probe; interval: number; timeout: number }>`
    select s.id as session, g.probe, s.interval_ms as interval, s.timeout_ms as timeout
    from experience.session s join experience.target g on g.id = s.target_id
    where s.agent_id = ${agent} and s.paused is null and g.paused is null order by s.id`.execute(tx);
  return rows;
}

/** The agents that have a session to the target. */
export async function agentsOfTarget(tx: Tx, target: Uuid): Promise<Uuid[]> {
  const { rows } = await sql<{ agent: Uuid }>`select agent_id as agent from experience.session
    where target_id = ${target}`.execute(tx);
  return rows.map(({ agent }) => agent);
}
