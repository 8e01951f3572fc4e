/**
 * The door by which everything that changes money enters (design: dated contract facts). A fact is written once; a correction
 * voids it and writes another, and what that changes of months already billed comes as an adjustment on the next bill.
 */
import { sql } from "kysely";
import type { TSchema } from "typebox";
import { Check, Errors } from "typebox/value";
import type { FieldError } from "@yagura/core/errors.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { isDay, type Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { factShapes, type ContractFacts, type Fact, type FactKind } from "../charging/facts.ts";
import type { ContractWork } from "./contract-row.ts";
import { raise } from "./errors.ts";
import { noteUse } from "../notices/terms-change.ts";
import type { StoredFact } from "./shapes.ts";

/** Where a fact comes from: the office, a service's id, an import; the same key of one source is stored once. */
export interface FactSource {
  readonly source: string;
  readonly key?: string | undefined;
}
const office: FactSource = { source: "office" };

/** Facts that say that the service is used: what the terms may take as consent to a change of them (COM-22, SEC-03). */
const uses: ReadonlySet<FactKind> = new Set(["started", "resumed", "option-started", "ticket-used"]);

/** What the door needs of the one who comes. */
export type FactWork = Pick<ContractWork, "tx" | "now" | "actor">;
type OfContract = { readonly id: Uuid; readonly organisation: OrganisationId };

/**
 * Stores a fact of the contract and gives its id; sent again under the same source and key it is the same fact.
 * FACT_INVALID with a sentence for each field, FACT_KEY_REUSED when the key stands for something else.
 */
export async function addFact(
  { tx, now, actor }: FactWork,
  contract: OfContract,
  fact: Fact,
  from: FactSource = office,
): Promise<Uuid> {
  checkFact(fact);
  const { kind, on, id: _id, recordedOn: _recordedOn, ...payload } = fact;
  const id = newId();
  const { rows } = await sql<{ id: Uuid }>`
    insert into commerce.contract_fact (id, organisation_id, contract_id, kind, on_day, payload, source, source_key,
      recorded_by, recorded_at)
    values (${id}, ${contract.organisation}, ${contract.id}, ${kind}, ${on}::date, ${JSON.stringify(payload)}::jsonb,
      ${from.source}, ${from.key ?? null}, ${actorName({ actor })}, ${now})
    on conflict (contract_id, source, source_key) do nothing returning id`.execute(tx);
  if (rows[0] !== undefined) {
    if (uses.has(kind)) await noteUse({ tx, now }, contract, on, `${kind} ${on}`);
    return rows[0].id;
  }
  const known = await sql<{ id: Uuid; same: boolean }>`
    select id, kind = ${kind} and on_day = ${on}::date and payload = ${JSON.stringify(payload)}::jsonb as same
    from commerce.contract_fact
    where contract_id = ${contract.id} and source = ${from.source} and source_key = ${from.key ?? null}`.execute(tx);
  const [found] = known.rows;
  if (found?.same === true) return found.id;
  throw raise("FACT_KEY_REUSED", { source: from.source, key: from.key ?? "" });
}

/** Voids a fact of the contract; `replacement` is the one that stands in its place. FACT_UNKNOWN, FACT_ALREADY_VOID. */
export async function voidFact(
  { tx, now, actor }: FactWork,
  contract: OfContract & { readonly number: string },
  fact: Uuid,
  reason: string,
  replacement: Uuid | null = null,
): Promise<void> {
  const { rows } = await sql<{ reason: string | null; voided: boolean }>`
    select void_reason as reason, voided_at is not null as voided from commerce.contract_fact
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} and id = ${fact}`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw raise("FACT_UNKNOWN", { number: contract.number });
  if (found.voided) throw raise("FACT_ALREADY_VOID", { reason: found.reason ?? "" });
  await sql`update commerce.contract_fact set voided_at = ${now}, void_reason = ${reason}, voided_by = ${replacement},
      voided_actor = ${actorName({ actor })}
    where organisation_id = ${contract.organisation} and id = ${fact}`.execute(tx);
}

/** Voids the contract's standing facts of a kind (and source), and gives how many there were. */
export async function voidFacts(
  { tx, now, actor }: FactWork,
  contract: OfContract,
  kind: FactKind,
  reason: string,
): Promise<number> {
  const { numAffectedRows } = await sql`update commerce.contract_fact set voided_at = ${now}, void_reason = ${reason},
      voided_actor = ${actorName({ actor })}
    where organisation_id = ${contract.organisation} and contract_id = ${contract.id} and kind = ${kind}
      and voided_at is null`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** FACT_INVALID with one sentence for each field that is wrong. */
function checkFact(fact: Fact): void {
  const { kind, on } = fact;
  const shape: TSchema | undefined = factShapes[kind];
  const wrong = (fields: readonly FieldError[]) => raise("FACT_INVALID", { kind }, { fields });
  if (shape === undefined) throw wrong([{ pointer: "/kind", message: "is no kind of fact" }]);
  if (!isDay(on)) throw wrong([{ pointer: "/on", message: `${on} is no day of the calendar` }]);
  if (Check(shape, fact)) return;
  throw wrong([...Errors(shape, fact)].map(({ instancePath, message }) => ({ pointer: instancePath, message })));
}

/** Everything about a contract that charging and billing ask for. */
export interface ContractWithFacts {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  /** False: the provider's own; never billed. */
  readonly charged: boolean;
  /** As `chargeContract` takes them; `contract` is the number. */
  readonly facts: ContractFacts;
}

/**
 * The contracts with their standing facts, in the order of the ids; unknown ids are left out. Two queries for any number of
 * contracts: for the bill run too. As of a moment: facts as they were known then (recorded by then and not yet voided).
 */
export async function contractsWithFacts(
  tx: Tx,
  contracts: readonly Uuid[],
  asOf: Date | null = null,
): Promise<ContractWithFacts[]> {
  if (contracts.length === 0) return [];
  const ids = sql`${[...contracts]}::uuid[]`;
  const heads = await sql<HeadRow>`select id, organisation_id as organisation, number, service, plan, anchor, items,
      attributes, charged from commerce.contract where id = any(${ids})`.execute(tx);
  const standing =
    asOf === null ? sql`voided_at is null` : sql`recorded_at <= ${asOf} and (voided_at is null or voided_at > ${asOf})`;
  const { rows } = await sql<FactRow>`select contract_id as contract, id, kind, on_day::text as "on", payload,
      (recorded_at at time zone 'Asia/Tokyo')::date::text as "recordedOn"
    from commerce.contract_fact where contract_id = any(${ids}) and ${standing}
    order by contract_id, on_day, ordinal`.execute(tx);
  const facts = new Map<Uuid, Fact[]>();
  for (const { contract, kind, on, id, recordedOn, payload } of rows) {
    const fact = Object.assign({ kind, on, id, recordedOn }, payload) as Fact;
    const known = facts.get(contract);
    if (known === undefined) facts.set(contract, [fact]);
    else known.push(fact);
  }
  const byId = new Map(heads.rows.map((head) => [head.id, head]));
  return contracts.flatMap((id) => {
    const head = byId.get(id);
    return head === undefined ? [] : [withFacts(head, facts.get(id) ?? [])];
  });
}

/** The facts alone, as `chargeContract` takes them, in the order of the ids. */
export async function factsOf(tx: Tx, contracts: Uuid | readonly Uuid[]): Promise<ContractFacts[]> {
  const ids = typeof contracts === "string" ? [contracts] : contracts;
  return (await contractsWithFacts(tx, ids)).map(({ facts }) => facts);
}

interface HeadRow {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly number: string;
  readonly service: string;
  readonly plan: string;
  readonly anchor: number;
  readonly items: Record<string, number>;
  readonly attributes: Record<string, string>;
  readonly charged: boolean;
}
interface FactRow {
  readonly contract: Uuid;
  readonly id: string;
  readonly kind: FactKind;
  readonly on: Day;
  readonly recordedOn: Day;
  readonly payload: Readonly<Record<string, unknown>>;
}

const withFacts = (head: HeadRow, facts: Fact[]): ContractWithFacts => ({
  id: head.id,
  organisation: head.organisation,
  charged: head.charged,
  facts: {
    contract: head.number,
    service: head.service,
    plan: head.plan,
    anchor: head.anchor,
    items: head.items,
    attributes: head.attributes,
    facts,
  },
});

/** Every fact of a contract with its history, in the order of recording. */
export async function storedFacts(tx: Tx, contract: OfContract): Promise<StoredFact[]> {
  const { rows } =
    await sql<StoredRow>`select id, kind, on_day::text as "on", payload, source, source_key as "sourceKey",
      recorded_by as "recordedBy", recorded_at as "recordedAt", voided_at as "voidedAt", void_reason as "voidReason",
      voided_by as "replacedBy"
    from commerce.contract_fact where organisation_id = ${contract.organisation} and contract_id = ${contract.id}
    order by ordinal`.execute(tx);
  return rows.map(({ kind, on, payload, recordedAt, voidedAt, ...row }) => ({
    ...row,
    fact: Object.assign({ kind, on }, payload) as Fact,
    recordedAt: recordedAt.toISOString(),
    voidedAt: voidedAt?.toISOString() ?? null,
  }));
}
interface StoredRow extends Omit<StoredFact, "fact" | "recordedAt" | "voidedAt"> {
  readonly kind: FactKind;
  readonly on: Day;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly recordedAt: Date;
  readonly voidedAt: Date | null;
}
