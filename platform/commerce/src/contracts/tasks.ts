/** What somebody has to do by a day: made by steps of contracts, shown to the staff or the customer, reminded of daily. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { Text } from "../charging/tables.ts";
import type { ContractWork } from "./contract-row.ts";
import { raise } from "./errors.ts";
import type { Task } from "./shapes.ts";

export interface NewTask {
  readonly kind: string;
  readonly rule: string;
  readonly audience: "staff" | "customer";
  readonly title: Text;
  readonly dueOn: Day;
}
type OfContract = { readonly id: Uuid; readonly organisation: OrganisationId };

/** Makes a task of a contract; one of a kind for each day: made again it stays as it is. */
export const addTask = (
  work: Pick<ContractWork, "tx" | "now" | "actor">,
  contract: OfContract,
  task: NewTask,
): Promise<void> => addKeyedTask(work, contract, task, `${task.kind}:${contract.id}:${task.dueOn}`);

/** Makes a task under a key of its own; of no contract where `id` is null. */
export async function addKeyedTask(
  work: Pick<ContractWork, "tx" | "now" | "actor">,
  contract: { readonly id: Uuid | null; readonly organisation: OrganisationId },
  task: NewTask,
  key: string,
): Promise<void> {
  await sql`insert into commerce.task (id, organisation_id, contract_id, kind, rule, audience, title, due_on, state, source_key,
      created_by, created_at)
    values (${newId()}, ${contract.organisation}, ${contract.id}, ${task.kind}, ${task.rule}, ${task.audience},
      ${JSON.stringify(task.title)}::jsonb, ${task.dueOn}::date, 'open', ${key},
      ${actorName(work)}, ${work.now})
    on conflict (organisation_id, source_key) do nothing`.execute(work.tx);
}

/** Closes the task of a key, where it is still open. */
export async function closeKeyedTask(
  work: Pick<ContractWork, "tx" | "now" | "actor">,
  organisation: OrganisationId,
  key: string,
  state: "done" | "dropped",
): Promise<void> {
  await sql`update commerce.task set state = ${state}, closed_by = ${actorName(work)}, closed_at = ${work.now}
    where organisation_id = ${organisation} and source_key = ${key} and state = 'open'`.execute(work.tx);
}

/** Drops what is still open of a contract (of a kind). */
export async function dropTasks(
  work: Pick<ContractWork, "tx" | "now" | "actor">,
  contract: OfContract,
  kind: string | null = null,
): Promise<void> {
  await sql`update commerce.task set state = 'dropped', closed_by = ${actorName(work)}, closed_at = ${work.now}
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} and state = 'open'
      and (${kind}::text is null or kind = ${kind})`.execute(work.tx);
}

const columns = sql`t.id, t.organisation_id as "organisationId", t.contract_id as "contractId", c.number as "contractNumber",
  t.kind, t.rule, t.audience, t.title, t.due_on::text as "dueOn", t.state, t.note, t.created_at as "createdAt",
  t.closed_at as "closedAt", t.closed_by as "closedBy"`;
interface TaskRow extends Omit<Task, "createdAt" | "closedAt"> {
  readonly createdAt: Date;
  readonly closedAt: Date | null;
}
const shown = ({ createdAt, closedAt, ...row }: TaskRow): Task => ({
  ...row,
  createdAt: createdAt.toISOString(),
  closedAt: closedAt?.toISOString() ?? null,
});

export interface TaskFilter {
  readonly organisation?: OrganisationId | null;
  readonly contract?: Uuid | null;
  readonly audience?: "staff" | "customer" | null;
  readonly state?: string | null;
  readonly limit?: number;
}
/** Tasks by due day; with the contracts' numbers. */
export async function tasksOf(tx: Tx, filter: TaskFilter): Promise<Task[]> {
  const { organisation = null, contract = null, audience = null, state = null, limit = 500 } = filter;
  const { rows } =
    await sql<TaskRow>`select ${columns} from commerce.task t left join commerce.contract c on c.id = t.contract_id
    where (${organisation}::uuid is null or t.organisation_id = ${organisation}::uuid)
      and (${contract}::uuid is null or t.contract_id = ${contract}::uuid)
      and (${audience}::text is null or t.audience = ${audience}) and (${state}::text is null or t.state = ${state})
    order by t.due_on, t.id limit ${limit}`.execute(tx);
  return rows.map(shown);
}

/** Closes a task. Null when there is none; TASK_CLOSED when it is closed already. */
export async function closeTask(
  work: Pick<ContractWork, "tx" | "now" | "actor">,
  id: Uuid,
  how: { readonly state: "done" | "dropped"; readonly note?: string | undefined },
): Promise<Task | null> {
  const found = await sql<{ state: string }>`select state from commerce.task where id = ${id} for update`.execute(
    work.tx,
  );
  if (found.rows[0] === undefined) return null;
  if (found.rows[0].state !== "open") throw raise("TASK_CLOSED");
  await sql`update commerce.task set state = ${how.state}, note = ${how.note ?? null}, closed_by = ${actorName(work)},
    closed_at = ${work.now} where id = ${id}`.execute(work.tx);
  const { rows } =
    await sql<TaskRow>`select ${columns} from commerce.task t left join commerce.contract c on c.id = t.contract_id
    where t.id = ${id}`.execute(work.tx);
  return rows[0] === undefined ? null : shown(rows[0]);
}
