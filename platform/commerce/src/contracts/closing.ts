/** What follows from the end of a contract beside the service's own hook: values set free, requests closed, tasks made. */
import { sql } from "kysely";
import { addDays, dayOf } from "@yagura/core/calendar.ts";
import { actorName } from "../actor.ts";
import type { ContractRow, ContractWork } from "./contract-row.ts";
import { addTask, dropTasks } from "./tasks.ts";
import { destroySecrets } from "../applications/secrets.ts";
import { record } from "./states.ts";

/** Called once, inside the transaction that ends the contract. */
export async function closeDown(work: ContractWork, contract: ContractRow): Promise<void> {
  const { tx, now } = work;
  const { organisation, id } = contract;
  await sql`select commerce.release_values(${id})`.execute(tx);
  await sql`update commerce.cancellation set state = 'carried-out'
    where organisation_id = ${organisation} and contract_id = ${id} and state = 'confirmed'`.execute(tx);
  await sql`update commerce.cancellation set state = 'withdrawn', decided_by = ${actorName(work)}, decided_at = ${now}
    where organisation_id = ${organisation} and contract_id = ${id} and state = 'requested'`.execute(tx);
  await sql`update commerce.change_order set state = 'withdrawn', decided_by = ${actorName(work)}, decided_at = ${now}
    where organisation_id = ${organisation} and contract_id = ${id} and state = 'requested'`.execute(tx);
  // UTM-80: secrets of the order that were not destroyed with the setting work, since it never came to it.
  if (contract.applicationId !== null) {
    const gone = await destroySecrets(work, organisation, contract.applicationId);
    if (gone) await record(work, contract, { kind: "secrets-destroyed", ground: "UTM-80", on: dayOf(now) });
  }
  await dropTasks(work, contract);
  const offer = work.offers?.find(({ service }) => service === contract.service);
  // A contract that never began left nothing behind.
  for (const { days, ...task } of contract.serviceStartedOn === null ? [] : (offer?.endTasks ?? [])) {
    await addTask(work, contract, { ...task, dueOn: addDays(contract.endedOn ?? dayOf(now), days) });
  }
  await askForUncovered(work, contract);
}

/**
 * SEC-72: when the last contract ended that another one rests on, the other goes on and is charged; the staff are asked to
 * settle it with the customer. Which plans rest on which is in the order forms (`needs-plan`).
 */
async function askForUncovered(work: ContractWork, ended: ContractRow): Promise<void> {
  const offer = work.offers?.find(({ service }) => service === ended.service);
  for (const form of offer?.forms ?? []) {
    for (const check of form.checks) {
      if (check.kind !== "needs-plan" || !check.plans.includes(ended.plan)) continue;
      const { rows } = await sql<{ id: string; number: string; covered: boolean }>`
        select c.id, c.number, exists (select from commerce.contract o where o.organisation_id = c.organisation_id
            and o.service = c.service and o.plan = any(${[...check.plans]}::text[]) and o.ended_at is null) as covered
        from commerce.contract c where c.organisation_id = ${ended.organisation} and c.service = ${ended.service}
          and c.plan = ${form.plan} and c.ended_at is null`.execute(work.tx);
      for (const { id, number, covered } of rows) {
        if (covered) continue;
        await addTask(
          work,
          { id, organisation: ended.organisation },
          {
            kind: "no-covered-service",
            rule: "SEC-72",
            audience: "staff",
            title: {
              ja: `契約 ${number} の前提となるサービスがすべて終了しました。料金は引き続き発生するため、お客さまに継続の意向を確認してください。`,
              en: `Nothing that the contract ${number} rests on is left. It goes on being charged: settle with the customer whether it stays.`,
            },
            dueOn: addDays(dayOf(work.now), 7),
          },
        );
      }
    }
  }
}
