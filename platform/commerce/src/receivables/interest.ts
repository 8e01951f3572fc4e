/**
 * Late interest on its way to a bill (COM-12, matrix 7.2): found when a claim is paid in full, a line of the next bill, marked
 * with the document that bears it in the same transaction. What a late record changes of interest already billed comes as a
 * difference, up or down.
 */
import { sql } from "kysely";
import { addDays, firstOfMonth, lastOfMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { grouped } from "@yagura/core/yen.ts";
import type { Tx } from "@yagura/store/store.ts";
import { index } from "../charging/index.ts";
import type { ChargeLine, Interest } from "../charging/lines.ts";
import type { Tables, TaxClass } from "../charging/tables.ts";
import { loadTables } from "../terms/load.ts";
import { claimsWhere, leftOf, ofOrganisations, type ClaimRow } from "./claims.ts";
import { interestOf } from "./settle.ts";
import type { InterestItem, InterestShown } from "./shapes.ts";

/** A line for the next bill, and the claim whose interest it is. */
export interface InterestLine {
  readonly organisation: OrganisationId;
  readonly claim: Uuid;
  /** Null: the claim stands for several contracts. */
  readonly contract: Uuid | null;
  readonly line: ChargeLine;
  /** UTM-43: false: carried forward until another charge is billed. */
  readonly alone: boolean;
}

/** What of claims that were paid in full by the end of the month is not billed yet; in the order of due dates. */
export async function interestLines(
  tx: Tx,
  organisations: OrganisationId | readonly OrganisationId[] | null,
  month: YearMonth,
): Promise<InterestLine[]> {
  const tables = await loadTables(tx);
  const last = lastOfMonth(`${month}-01`);
  const claims = await claimsWhere(
    tx,
    sql`c.interest_due is not null and c.interest_due <> c.interest_billed
      and (c.settled_on <= ${last}::date or c.state = 'cancelled')
      and ${ofOrganisations(organisations)}`,
  );
  const { rows } = await sql<{ id: Uuid; number: string }>`select id, number from commerce.contract
    where id = any(${claims.flatMap(({ contract }) => (contract === null ? [] : [contract]))}::uuid[])`.execute(tx);
  const contracts = new Map(rows.map(({ id, number }) => [id, number]));
  return claims.map((claim) => ({
    organisation: claim.organisation,
    claim: claim.id,
    contract: claim.contract,
    line: lineOf(tables, claim, month, contracts.get(claim.contract ?? "") ?? claim.number),
    alone: termsOf(tables, claim)?.plan?.interest?.alone ?? true,
  }));
}

/** The terms that hold on the first overdue day. */
function termsOf(tables: Tables, claim: ClaimRow) {
  const version = index(tables).terms(claim.service, addDays(claim.dueNow, 1));
  return version === undefined ? null : { code: version.code, plan: version.plans[claim.plan] };
}

const classes: readonly TaxClass[] = ["taxable", "out-of-scope", "exempt"];
/** COM-10: dated data; out of the scope of tax unless the provider sets it otherwise (A-COM-3). */
function taxClassOf(tables: Tables, service: string, on: Day): TaxClass {
  const set = index(tables).setting(service, "late-interest-tax", on);
  return classes.find((one) => one === set) ?? "out-of-scope";
}

function lineOf(tables: Tables, claim: ClaimRow, month: YearMonth, contract: string): ChargeLine {
  const { interest, interestBilled: billed } = claim;
  const due = claim.interestDue ?? 0;
  const settledOn = claim.settledOn ?? claim.dueNow;
  const amount = due - billed;
  const formula = interest?.formula ?? "0";
  return {
    key: `late-interest:${claim.id}:${billed}`,
    contract,
    service: claim.service,
    plan: claim.plan,
    kind: "late-interest",
    item: "late-interest",
    description: {
      ja: `延滞利息（${claim.number}、支払期限 ${claim.dueNow}、完済 ${settledOn}）`,
      en: `Late interest (${claim.number}, due ${claim.dueNow}, paid in full ${settledOn})`,
    },
    feeMonth: firstOfMonth(`${month}-01`),
    billMonth: month,
    period: {
      from: interest?.segments[0]?.from ?? addDays(claim.dueNow, 1),
      to: interest?.segments.at(-1)?.to ?? settledOn,
    },
    quantity: 1,
    unitPrice: amount,
    amount,
    taxClass: taxClassOf(tables, claim.service, settledOn),
    supplyOn: settledOn,
    dueOn: null,
    why: {
      rule: interest?.rule ?? "COM-12",
      version: termsOf(tables, claim)?.code ?? "",
      basis: billed === 0 ? [] : [`billed before: ${grouped(billed)}`],
      inputs: {
        document: claim.number,
        amount: claim.amount - claim.credited,
        dueOn: claim.dueNow,
        settledOn,
        rate: interest?.rate ?? "0",
        billedBefore: billed,
      },
      formula: billed === 0 ? formula : `${formula} − ${grouped(billed)} = ${grouped(amount)}`,
      sentence: interest?.sentence ?? {
        ja: `期限どおりの入金または請求の取消が後から確認されたため、請求済みの延滞利息 ${grouped(billed)} 円を差し引きます。`,
        en: `A payment in time or a credit note was recorded later, so the ${grouped(billed)} yen of late interest on an earlier bill are taken off.`,
      },
    },
  };
}

/** What `markBilled` needs of a line that went onto a document. */
export interface BilledInterest {
  readonly organisation: OrganisationId;
  readonly claim: Uuid;
  readonly invoice: Uuid;
  readonly amount: number;
}

/** In the transaction that writes the documents, after them. Once per claim and document. */
export async function markBilled(
  tx: Tx,
  month: YearMonth,
  billed: readonly BilledInterest[],
  now: Date,
): Promise<void> {
  if (billed.length === 0) return;
  await sql`with marked as (
      insert into commerce.interest_billed (id, organisation_id, claim_id, invoice_id, month, amount, billed_at)
      select id, organisation, claim, invoice, ${`${month}-01`}::date, amount, ${now}
      from unnest(${billed.map(() => newId())}::uuid[], ${billed.map(({ organisation }) => organisation)}::uuid[],
        ${billed.map(({ claim }) => claim)}::uuid[], ${billed.map(({ invoice }) => invoice)}::uuid[],
        ${billed.map(({ amount }) => amount)}::bigint[]) as t (id, organisation, claim, invoice, amount)
      on conflict (claim_id, invoice_id) do nothing returning claim_id, amount)
    update commerce.claim c set interest_billed = c.interest_billed + m.amount
    from (select claim_id, sum(amount) as amount from marked group by claim_id) m where c.id = m.claim_id`.execute(tx);
}

const shown = (interest: Interest, accruing: boolean): InterestShown => ({
  amount: interest.amount,
  rule: interest.rule,
  rate: interest.rate,
  segments: interest.segments.map((segment) => ({ ...segment })),
  formula: interest.formula,
  sentence: interest.sentence,
  accruing,
});

/** Late interest of claims as of a day: what was found for paid ones, what has grown so far on open ones. */
export async function interestAsOf(tx: Tx, claims: readonly ClaimRow[], on: Day): Promise<Map<Uuid, InterestShown>> {
  const tables = await loadTables(tx);
  const late = claims.filter(
    (claim) => claim.bearsInterest && claim.state === "open" && claim.dueNow < on && leftOf(claim) > 0,
  );
  const { rows } = await sql<{
    claim: Uuid;
    on: Day;
    amount: string;
  }>`select a.claim_id as claim, p.counts_on::text as "on", a.amount
    from commerce.allocation a join commerce.payment p on p.id = a.payment_id
    where a.claim_id = any(${late.map(({ id }) => id)}::uuid[]) order by p.counts_on`.execute(tx);
  const found = new Map<Uuid, InterestShown>();
  for (const claim of claims) {
    if (claim.interest !== null) found.set(claim.id, shown(claim.interest, false));
  }
  for (const claim of late) {
    const shares = rows
      .filter((row) => row.claim === claim.id)
      .map((row) => ({ on: row.on, amount: Number(row.amount) }));
    const interest = interestOf(tables, claim, shares, on);
    if (interest) found.set(claim.id, shown(interest, true));
  }
  return found;
}

/** Every claim of an organisation that bears interest on the day, with what of it is billed. */
export async function interestList(tx: Tx, organisation: OrganisationId, on: Day): Promise<InterestItem[]> {
  const claims = await claimsWhere(
    tx,
    sql`c.organisation_id = ${organisation} and (c.state = 'open' or c.interest_due > 0)`,
  );
  const found = await interestAsOf(tx, claims, on);
  return claims.flatMap((claim) => {
    const interest = found.get(claim.id);
    if (interest === undefined) return [];
    const { id: claimId, number, service, dueNow: dueOn, interestBilled: billed } = claim;
    return [{ claimId, number, service, dueOn, billed, interest }];
  });
}
