/** Contracts as a bill run reads them: in chunks, in the order of customers, with the facts that were known at a moment. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Day, YearMonth } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { ContractFacts, Fact } from "../charging/facts.ts";
import type { RunKind } from "./shapes.ts";

export interface BillingContract {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly number: string;
  readonly service: string;
  readonly plan: string;
  readonly anchor: number;
  readonly items: Readonly<Record<string, number>>;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where a run stands: everything up to and with this contract is done. */
export interface Cursor {
  readonly organisation: OrganisationId;
  readonly contract: Uuid;
}

export interface Scope {
  readonly month: YearMonth;
  readonly kind: RunKind;
  readonly organisation: OrganisationId | null;
  readonly contract?: Uuid | undefined;
}

/** Months after its end in which a contract is still looked at: sums may follow the end (a unit that does not come back). */
const MONTHS_AFTER_END = 13;

const columns = sql`c.id, c.organisation_id as organisation, c.number, c.service, c.plan, c.anchor, c.items, c.attributes`;

const wanted = ({ month, organisation, contract }: Scope) => sql`c.charged
  and (c.ended_on is null or c.ended_on >= ${first(month)}::date - make_interval(months => ${MONTHS_AFTER_END}::int))
  and ${organisation === null ? sql`true` : sql`c.organisation_id = ${organisation}::uuid`}
  and ${contract === undefined ? sql`true` : sql`c.id = ${contract}::uuid`}`;

/**
 * For this transaction: everything that a chunk needs is found by an index. Right after a large import the server has no
 * statistics yet and would walk whole tables, chunk after chunk.
 */
export const byIndex = (tx: Tx): Promise<unknown> => sql`set local enable_seqscan = off`.execute(tx);

/**
 * The next contracts, in the order of customers, billed or not: an index walk, however many are billed already. `knownOf` tells
 * which are.
 */
export async function contractsAfter(
  tx: Tx,
  scope: Scope,
  cursor: Cursor | null,
  limit: number,
): Promise<BillingContract[]> {
  const after =
    cursor === null
      ? sql`true`
      : sql`(c.organisation_id, c.id) > (${cursor.organisation}::uuid, ${cursor.contract}::uuid)`;
  return (
    await sql<BillingContract>`select ${columns} from commerce.contract c where ${wanted(scope)} and ${after}
      order by c.organisation_id, c.id limit ${limit}`.execute(tx)
  ).rows;
}

/** The rest of one customer's contracts: what stands on one document is billed in one transaction. */
export async function restOfCustomer(tx: Tx, scope: Scope, cursor: Cursor): Promise<BillingContract[]> {
  return (
    await sql<BillingContract>`select ${columns} from commerce.contract c where ${wanted(scope)}
      and c.organisation_id = ${cursor.organisation}::uuid and c.id > ${cursor.contract}::uuid order by c.id`.execute(
      tx,
    )
  ).rows;
}

export async function contractsByIds(tx: Tx, ids: readonly Uuid[]): Promise<BillingContract[]> {
  return (
    await sql<BillingContract>`select ${columns} from commerce.contract c where c.id = any(${[...ids]}::uuid[])
      order by c.organisation_id, c.id`.execute(tx)
  ).rows;
}

export async function countContracts(tx: Tx, scope: Scope): Promise<number> {
  const { rows } = await sql<{
    n: string;
  }>`select count(*) as n from commerce.contract c where ${wanted(scope)}`.execute(tx);
  return Number(rows[0]?.n ?? 0);
}

/** A contract's facts now and as they were known at its last bill, and which months were billed. */
export interface Known {
  now: Fact[];
  before: Fact[];
  /** The earliest day on which the two differ; null: nothing was learnt since. */
  learntOn: Day | null;
  readonly regular: Set<YearMonth>;
  readonly adHoc: Set<YearMonth>;
  /** The run that asks has nothing to do here: this kind of run has billed the month. */
  done: boolean;
}

interface FactRow {
  contract: Uuid;
  kind: string;
  on: Day;
  payload: Record<string, unknown>;
  now: boolean;
  before: boolean;
}

/** By contract. `until` is a moment of the database's own clock, in its text form: microseconds count. */
export async function knownOf(
  tx: Tx,
  contracts: readonly BillingContract[],
  until: string,
  scope?: Pick<Scope, "month" | "kind">,
): Promise<Map<Uuid, Known>> {
  const ids = contracts.map(({ id }) => id);
  const known = new Map<Uuid, Known>(
    ids.map((id) => [id, { now: [], before: [], learntOn: null, regular: new Set(), adHoc: new Set(), done: false }]),
  );
  const marks = await sql<{ contract: Uuid; month: Day; kind: RunKind; until: string }>`
    select contract_id as contract, month, kind, facts_until::text as until from commerce.billed
    where contract_id = any(${ids}::uuid[])`.execute(tx);
  for (const { contract, month, kind } of marks.rows) {
    const one = known.get(contract) as Known;
    if (kind === "regular") one.regular.add(month.slice(0, 7));
    else if (kind === "ad-hoc") one.adHoc.add(month.slice(0, 7));
    if (scope?.kind === kind && month === first(scope.month)) one.done = true;
  }
  const billed = marks.rows.length > 0;
  const { rows } = await sql<FactRow>`
    select f.contract_id as contract, f.kind, f.on_day as "on", f.payload,
      (f.void_known_at is null or f.void_known_at > ${until}::timestamptz) as now,
      ${billed ? sql`coalesce(f.known_at <= b.until and (f.void_known_at is null or f.void_known_at > b.until), false)` : sql`false`} as before
    from commerce.contract_fact f
    ${
      billed
        ? sql`left join (select contract_id, max(facts_until) as until from commerce.billed
            where contract_id = any(${ids}::uuid[]) group by contract_id) b on b.contract_id = f.contract_id`
        : sql``
    }
    where f.contract_id = any(${ids}::uuid[]) and f.known_at <= ${until}::timestamptz
    order by f.contract_id, f.on_day, f.ordinal`.execute(tx);
  for (const row of rows) {
    const one = known.get(row.contract) as Known;
    const fact = { kind: row.kind, on: row.on, ...row.payload } as Fact;
    if (row.now) one.now.push(fact);
    if (row.before) one.before.push(fact);
    const isBilled = one.regular.size + one.adHoc.size > 0;
    if (isBilled && row.now !== row.before && (one.learntOn === null || row.on < one.learntOn)) one.learntOn = row.on;
  }
  return known;
}

/** What charging takes. */
export const factsFor = (contract: BillingContract, facts: readonly Fact[]): ContractFacts => ({
  contract: contract.number,
  service: contract.service,
  plan: contract.plan,
  anchor: contract.anchor,
  items: { ...contract.items },
  attributes: { ...contract.attributes },
  facts: [...facts],
});

/** First day of a month. */
export const first = (month: YearMonth): Day => `${month}-01`;
