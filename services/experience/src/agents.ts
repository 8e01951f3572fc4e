/** Agents: programs on the customer's PCs, one for each contract number (EXP-T09), known by a label (EXP-T07). */
import { sql } from "kysely";
import type { Uuid } from "@yagura/core/ids.ts";
import { newId } from "@yagura/core/ids.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import { isInForce, isOver, lockContract, lockContractByNumber } from "@yagura/commerce/contracts/contracts.ts";
import { lockAgent } from "./agent-row.ts";
import { raise } from "./errors.ts";
import { revokeInvitations } from "./invitations.ts";
import { checkedLabel } from "./labels.ts";
import { lockTenant, needNoSurplus, quotaRuleAt, rulesAt, useWithout } from "./quota.ts";
import { announce, type Work } from "./work.ts";

export interface Holder {
  readonly name: string;
  readonly mail?: string;
}

/** How many characters a label may have by the terms in force. */
async function labelLimit(work: Work): Promise<number> {
  const terms = await rulesAt(work.tx, work.now);
  return (terms.parameters["label"] as { characters: number }).characters;
}

/** LABEL_TOO_LONG, CONTRACT_NUMBER_INVALID, CONTRACT_UNKNOWN, CONTRACT_OVER, CONTRACT_TAKEN, NOT_FOUND for the tenant. */
export async function createAgent(
  work: Work,
  input: { tenantId: Uuid; contractNumber: string; label: string; holder: Holder },
): Promise<Uuid> {
  const { tx, organisation } = work;
  const label = checkedLabel(input.label, await labelLimit(work));
  // The contract before the tenant: the end of a contract takes them in this order too.
  const contract = await lockContractByNumber(tx, organisation, "experience", input.contractNumber);
  const tenant = await lockTenant(tx, organisation, input.tenantId);
  if (contract === null) throw raise("CONTRACT_UNKNOWN", { number: input.contractNumber });
  const { number } = contract;
  if (isOver(contract)) throw raise("CONTRACT_OVER", { number, endedOn: contract.endedOn ?? "" });
  const taken = await sql<{
    label: string;
  }>`select label from experience.agent where contract_id = ${contract.id}`.execute(tx);
  if (taken.rows[0] !== undefined) throw raise("CONTRACT_TAKEN", { number, label: taken.rows[0].label });
  const id = newId();
  await sql`insert into experience.agent (id, organisation_id, tenant_id, contract_id, contract_number, label, holder_name,
      holder_mail, created_at)
    values (${id}, ${organisation}, ${tenant.id}, ${contract.id}, ${number}, ${label}, ${input.holder.name},
      ${input.holder.mail ?? null}, ${work.now})`.execute(tx);
  await work.audit({ action: "agent.create", subject: id, details: { tenant: tenant.id, contract: number, label } });
  await announce(work, "agent", id);
  return id;
}

/** Changes label or holder. AGENT_MOVE_REFUSED for another tenant: a move is a split (EXP-T05). */
export async function changeAgent(
  work: Work,
  id: Uuid,
  change: { label?: string; holder?: Holder; tenantId?: Uuid },
): Promise<void> {
  const { row, tenant } = await lockAgent(work, id);
  if (change.tenantId !== undefined && change.tenantId !== row.tenant_id) {
    throw raise("AGENT_MOVE_REFUSED", { label: row.label, tenant: tenant.name });
  }
  const label = change.label === undefined ? row.label : checkedLabel(change.label, await labelLimit(work));
  const holder = change.holder ?? { name: row.holder_name, mail: row.holder_mail };
  await sql`update experience.agent set label = ${label}, holder_name = ${holder.name}, holder_mail = ${holder.mail ?? null}
    where id = ${id}`.execute(work.tx);
  await work.audit({ action: "agent.change", subject: id, details: { before: row.label, label } });
  await announce(work, "agent", id);
}

/**
 * Removes an agent with its sessions and cuts its device off. REMOVAL_BREAKS_QUOTA when what the tenant still holds would
 * be more than the agents left allow (EXP-T05). Its contract goes on and can carry a new agent.
 */
export async function removeAgent(work: Work, id: Uuid): Promise<void> {
  const { tx, organisation, now } = work;
  const found = await sql<{ contract: Uuid }>`select contract_id as contract from experience.agent
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  const contract = found.rows[0] === undefined ? null : await lockContract(tx, organisation, found.rows[0].contract);
  const { row, tenant } = await lockAgent(work, id);
  if (row.ended_at === null && contract !== null && isInForce(contract, dayOf(now))) {
    const after = await useWithout(tx, organisation, now, tenant, id);
    needNoSurplus(await quotaRuleAt(tx, now), tenant, row.label, after);
  }
  await revokeInvitations(work, id);
  if (row.device_id !== null) {
    await work.devices.revokeDevice(tx, organisation, row.device_id, `The agent “${row.label}” was removed.`);
  }
  await sql`delete from experience.agent where id = ${id}`.execute(tx);
  await work.audit({
    action: "agent.remove",
    subject: id,
    details: { label: row.label, contract: row.contract_number },
  });
  await announce(work, "agent", id);
}
