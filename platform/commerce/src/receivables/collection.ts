/**
 * What staff is asked to decide on when a customer does not pay: to suspend a service (SEC-18, UTM-22, also for arrears in
 * another service) or to end it (SEC-14). Proposals only: nothing is ever suspended or ended by itself. On which grounds a
 * service may be suspended is data of its offer.
 */
import { sql, type RawBuilder } from "kysely";
import { addDays, type Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { Ground, Offer } from "../charging/offer.ts";
import { index, type Index } from "../charging/index.ts";
import { loadTables } from "../terms/load.ts";
import { claimsWhere, leftOf, lockMoney, type ClaimRow, type MoneyWork } from "./claims.ts";
import { raise } from "./errors.ts";
import { cancellationDays, suspensionDays } from "./reminder-steps.ts";
import type { CollectionTask } from "./shapes.ts";

/** Codes of grounds in the offers: arrears of the service itself, and of another one of the provider's. */
const OWN = "arrears";
const OTHER = "other-arrears";

interface OpenContract {
  readonly id: Uuid;
  readonly service: string;
  readonly state: string;
}
interface Proposal {
  readonly contract: Uuid;
  readonly kind: CollectionTask["kind"];
  readonly ground: Ground;
  readonly claims: readonly ClaimRow[];
}

/** Makes the proposals that are due, and closes those whose claims were paid. Gives how many are new. */
export async function proposeTasks(
  work: MoneyWork,
  offers: readonly Offer[],
  organisation: OrganisationId,
  on: Day,
): Promise<number> {
  const { tx } = work;
  const late = (
    await claimsWhere(tx, sql`c.organisation_id = ${organisation} and c.state = 'open' and c.due_now < ${on}::date`)
  ).filter((claim) => leftOf(claim) > 0);
  await closeSettled(work, organisation, late);
  if (late.length === 0) return 0;
  const { rows: contracts } = await sql<OpenContract>`select id, service, state from commerce.contract
    where organisation_id = ${organisation} and charged and state in ('active', 'suspended', 'discontinued', 'ending')
    order by id`.execute(tx);
  const tables = index(await loadTables(tx));
  const proposals = contracts.flatMap((contract) => proposalsFor(tables, offers, contract, late, on));
  let made = 0;
  for (const proposal of proposals) made += await propose(work, organisation, proposal);
  return made;
}

function proposalsFor(
  tables: Index,
  offers: readonly Offer[],
  contract: OpenContract,
  late: readonly ClaimRow[],
  on: Day,
): Proposal[] {
  const grounds = offers.find(({ service }) => service === contract.service)?.grounds ?? [];
  const ground = (use: Ground["use"], code: string) => grounds.find((one) => one.use === use && one.code === code);
  const lateSince = (days: number) => late.filter(({ dueNow }) => addDays(dueNow, days) <= on);
  // A claim for several contracts of the service stands for each of them.
  const own = (claim: ClaimRow): boolean =>
    claim.service === contract.service && (claim.contract === null || claim.contract === contract.id);
  const toSuspend = lateSince(suspensionDays(tables, contract.service, on));
  const toEnd = lateSince(cancellationDays(tables, contract.service, on)).filter(own);
  const running = contract.state === "active";
  return [
    {
      kind: "suspension" as const,
      ground: running ? ground("suspension", OWN) : undefined,
      claims: toSuspend.filter(own),
    },
    {
      kind: "suspension" as const,
      ground: running ? ground("suspension", OTHER) : undefined,
      claims: toSuspend.filter(({ service }) => service !== contract.service),
    },
    {
      kind: "cancellation" as const,
      ground: contract.state === "ending" ? undefined : ground("cancellation-by-provider", OWN),
      claims: toEnd,
    },
  ].flatMap(({ kind, ground: found, claims }) =>
    found === undefined || claims.length === 0 ? [] : [{ contract: contract.id, kind, ground: found, claims }],
  );
}

/** Once while it is open, and not again for claims on which somebody has decided. */
async function propose(work: MoneyWork, organisation: OrganisationId, proposal: Proposal): Promise<number> {
  const { tx, now } = work;
  const { contract, kind, ground } = proposal;
  const claims = proposal.claims.map((claim) => ({
    id: claim.id,
    number: claim.number,
    dueOn: claim.dueNow,
    left: leftOf(claim),
  }));
  const ids = JSON.stringify(claims.map(({ id }) => ({ id })));
  const { rows } =
    await sql`insert into commerce.collection_task (id, organisation_id, contract_id, kind, ground, rule, claims, state,
      created_at)
    select ${newId()}, ${organisation}, ${contract}, ${kind}, ${ground.code}, ${ground.rule}, ${JSON.stringify(claims)}::jsonb, 'open', ${now}
    where not exists (select 1 from commerce.collection_task t where t.contract_id = ${contract} and t.kind = ${kind}
      and t.ground = ${ground.code} and t.state in ('accepted', 'dismissed') and t.claims @> ${ids}::jsonb)
    on conflict (contract_id, kind, ground) where state = 'open' do nothing returning id`.execute(tx);
  return rows.length;
}

async function closeSettled(work: MoneyWork, organisation: OrganisationId, late: readonly ClaimRow[]): Promise<void> {
  const ids = late.map(({ id }) => id);
  await sql`update commerce.collection_task t set state = 'settled', decided_at = ${work.now}, decided_by = ${actorName(work)}
    where t.organisation_id = ${organisation} and t.state = 'open'
      and not exists (select 1 from jsonb_array_elements(t.claims) x where (x ->> 'id')::uuid = any(${ids}::uuid[]))`.execute(
    work.tx,
  );
}

export async function tasksWhere(tx: Tx, condition: RawBuilder<unknown>, limit = 500): Promise<CollectionTask[]> {
  const { rows } = await sql<
    Omit<CollectionTask, "createdAt" | "decidedAt"> & { createdAt: Date; decidedAt: Date | null }
  >`
    select t.id, t.organisation_id as "organisationId", coalesce(o.name, '') as "organisationName", t.contract_id as "contractId",
      k.number as "contractNumber", k.service, t.kind, t.ground, t.rule, t.claims, t.state, t.created_at as "createdAt",
      t.decided_by as "decidedBy", t.decided_at as "decidedAt", t.note
    from commerce.collection_task t join commerce.contract k on k.id = t.contract_id
    left join server.organisation o on o.id = t.organisation_id
    where ${condition} order by t.id desc limit ${limit}`.execute(tx);
  return rows.map(({ createdAt, decidedAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
  }));
}

/** What somebody of the staff decided. The suspension or cancellation itself is a step of the contract. TASK_DECIDED. */
export async function decideTask(
  work: MoneyWork,
  id: Uuid,
  decision: "accepted" | "dismissed",
  note: string,
): Promise<CollectionTask> {
  const { tx, now } = work;
  const [known] = await tasksWhere(tx, sql`t.id = ${id}`);
  if (known === undefined) throw raiseServer("NOT_FOUND");
  await lockMoney(tx, known.organisationId);
  const { rows } =
    await sql`update commerce.collection_task set state = ${decision}, decided_by = ${actorName(work)}, decided_at = ${now},
    note = ${note} where id = ${id} and state = 'open' returning id`.execute(tx);
  const [after] = await tasksWhere(tx, sql`t.id = ${id}`);
  if (rows.length === 0 || after === undefined) throw raise("TASK_DECIDED", { state: after?.state ?? known.state });
  return after;
}
