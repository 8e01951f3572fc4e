/** An agent's row, read and taken for a change. */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { raise } from "./errors.ts";
import { lockTenantOf, type LockedTenant } from "./quota.ts";
import type { Work } from "./work.ts";

export interface AgentRow {
  readonly id: Uuid;
  readonly tenant_id: Uuid;
  readonly label: string;
  readonly contract_id: Uuid;
  readonly contract_number: string;
  readonly device_id: Uuid | null;
  readonly holder_name: string;
  readonly holder_mail: string | null;
  readonly ended_at: Date | null;
}

/** The agent, or undefined when the organisation has none of that id. */
export async function findAgent(work: Work, id: Uuid): Promise<AgentRow | undefined> {
  const { rows } =
    await sql<AgentRow>`select id, tenant_id, label, contract_id, contract_number, device_id, holder_name,
      holder_mail, ended_at
    from experience.agent where organisation_id = ${work.organisation} and id = ${id}`.execute(work.tx);
  return rows[0];
}

/** The agent, and its tenant taken for this transaction. NOT_FOUND. */
export const lockAgent = (work: Work, id: Uuid): Promise<{ row: AgentRow; tenant: LockedTenant }> =>
  lockTenantOf(work.tx, work.organisation, () => findAgent(work, id));

/** AGENT_ENDED when the agent's contract is over. */
export function needRunning(agent: AgentRow): void {
  if (agent.ended_at !== null) throw raise("AGENT_ENDED", { label: agent.label, number: agent.contract_number });
}
