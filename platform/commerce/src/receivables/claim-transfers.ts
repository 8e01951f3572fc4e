/**
 * Claims assigned to a billing operator (UTM-53): which claims, which data were passed, and what the operator says of them. An
 * assigned claim leaves our reminders and our interest; one that comes back is ours again.
 */
import { createHash } from "node:crypto";
import { sql, type RawBuilder } from "kysely";
import type { Static } from "typebox";
import { isDay } from "@yagura/core/calendar.ts";
import { isUuid, newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { YaguraError, type Language } from "@yagura/core/errors.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Keys } from "@yagura/server/secrets.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import { masked, openAccount } from "../banking/customer-accounts.ts";
import { claimsWhere, leftOf, lockMoney, today, type ClaimRow, type MoneyWork } from "./claims.ts";
import { toCsv, type Cell } from "../csv.ts";
import { fromCsv, problemOf, type CsvRow, type LineProblem } from "./csv.ts";
import { raise } from "./errors.ts";
import { settle } from "./settle.ts";
import type { ClaimTransferItem, NewClaimTransfer, TransferStatesResult } from "./shapes.ts";

/** What the terms let us pass (a.34, a.37(8)(9)). */
const fields = [
  "id",
  "document",
  "contract",
  "service",
  "due_on",
  "amount",
  "name",
  "address",
  "phone",
  "bank_account",
  "suspension",
] as const;
type Passed = Readonly<Record<(typeof fields)[number], string>>;

/** Assigns what is left of the claims. TRANSFER_NOTHING. */
export async function assignClaims(
  work: MoneyWork,
  keys: Keys,
  input: Static<typeof NewClaimTransfer>,
): Promise<ClaimTransferItem> {
  const { tx, now } = work;
  const wanted = await wantedClaims(work, input);
  const id = newId();
  const rows: { claim: ClaimRow; passed: Passed; log: Passed; item: Uuid }[] = [];
  for (const claim of wanted) {
    const item = newId();
    const { passed, log } = await dataOf(tx, keys, claim, item);
    rows.push({ claim, passed, log, item });
  }
  if (rows.length === 0) throw raise("TRANSFER_NOTHING");
  const csv = toCsv(
    fields,
    rows.map(({ passed }) => fields.map((field): Cell => passed[field])),
  );
  const sha256 = createHash("sha256").update(csv).digest("hex");
  await sql`insert into commerce.claim_transfer (id, operator, fields, sha256, sealed, made_by, made_at)
    values (${id}, ${input.operator}, ${JSON.stringify(fields)}::jsonb, ${sha256}, ${keys.seal(Buffer.from(csv), `claim-transfer:${id}`)},
      ${actorName(work)}, ${now})`.execute(tx);
  for (const { claim, log, item } of rows) {
    await sql`insert into commerce.claim_transfer_item (id, organisation_id, transfer_id, claim_id, amount, passed, assigned_at, state)
      values (${item}, ${claim.organisation}, ${id}, ${claim.id}, ${leftOf(claim)}, ${JSON.stringify(log)}::jsonb, ${now}, 'assigned')`.execute(
      tx,
    );
    await sql`update commerce.claim set assigned = assigned + ${leftOf(claim)} where id = ${claim.id}`.execute(tx);
  }
  for (const organisation of new Set(rows.map(({ claim }) => claim.organisation))) await settle(work, organisation);
  const [made] = await transfersWhere(tx, sql`t.id = ${id}`);
  if (made === undefined) throw new Error("the transfer was not kept");
  return made;
}

/** Open claims by the conditions, their customers' money locked in one order for everybody. */
async function wantedClaims({ tx }: MoneyWork, input: Static<typeof NewClaimTransfer>): Promise<ClaimRow[]> {
  const { services, dueBy, claimIds } = input;
  if (services === undefined && dueBy === undefined && claimIds === undefined) return [];
  const condition = sql`c.state = 'open'
    and (${services ?? null}::text[] is null or c.service = any(${services ?? null}::text[]))
    and (${dueBy ?? null}::date is null or c.due_now <= ${dueBy ?? null}::date)
    and (${claimIds ?? null}::uuid[] is null or c.id = any(${claimIds ?? null}::uuid[]))`;
  const organisations = new Set((await claimsWhere(tx, condition)).map(({ organisation }) => organisation));
  for (const organisation of [...organisations].toSorted()) await lockMoney(tx, organisation);
  return (await claimsWhere(tx, condition)).filter(
    (claim) => organisations.has(claim.organisation) && leftOf(claim) > 0,
  );
}

interface About {
  readonly name: string;
  readonly address: string | null;
  readonly phone: string | null;
  readonly contract: string | null;
  readonly stopped: string | null;
}

/** What is passed of a claim, and what the log keeps of it: the account without its number. */
async function dataOf(tx: Tx, keys: Keys, claim: ClaimRow, item: Uuid): Promise<{ passed: Passed; log: Passed }> {
  const { rows } = await sql<About>`select coalesce(m.details ->> 'billingAddressee', o.name) as name,
      m.details ->> 'billingAddress' as address, m.details ->> 'phone' as phone, k.number as contract, k.stopped
    from server.organisation o left join commerce.customer m on m.organisation_id = o.id
    left join commerce.contract k on k.id = ${claim.contract} where o.id = ${claim.organisation}`.execute(tx);
  const about = rows[0];
  const account = await openAccount(tx, keys, claim.organisation);
  const data: Passed = {
    id: item,
    document: claim.number,
    contract: about?.contract ?? "",
    service: claim.service,
    due_on: claim.dueNow,
    amount: String(leftOf(claim)),
    name: about?.name ?? "",
    address: about?.address ?? "",
    phone: about?.phone ?? "",
    bank_account:
      account === null
        ? ""
        : `${account.bank}-${account.branch}-${account.accountKind}-${account.accountNumber} ${account.holder}`,
    suspension: about?.stopped ?? "",
  };
  return { passed: data, log: { ...data, bank_account: account === null ? "" : masked(account) } };
}

export async function transfersWhere(tx: Tx, condition: RawBuilder<unknown>): Promise<ClaimTransferItem[]> {
  const { rows } = await sql<Omit<ClaimTransferItem, "at" | "total"> & { at: Date; total: string }>`
    select t.id, t.operator, t.made_at as at, t.made_by as by, t.sha256, t.fields,
      count(i.id)::int as claims, coalesce(sum(i.amount), 0) as total,
      (count(*) filter (where i.state = 'paid'))::int as paid, (count(*) filter (where i.state = 'returned'))::int as returned
    from commerce.claim_transfer t left join commerce.claim_transfer_item i on i.transfer_id = t.id
    where ${condition} group by t.id order by t.made_at desc, t.id desc limit 500`.execute(tx);
  return rows.map(({ at, total, ...row }) => ({ ...row, at: at.toISOString(), total: Number(total) }));
}

/** The file as it was made, for the operator. */
export async function transferFile(tx: Tx, keys: Keys, id: Uuid): Promise<string> {
  const { rows } = await sql<{ sealed: Buffer }>`select sealed from commerce.claim_transfer where id = ${id}`.execute(
    tx,
  );
  const [found] = rows;
  if (found === undefined) throw raiseServer("NOT_FOUND");
  return keys.open(found.sealed, `claim-transfer:${id}`).toString();
}

const states = ["paid", "unpaid", "returned"] as const;

/**
 * What the operator says: columns id, state (paid, unpaid, returned), on. All or nothing; the same file again changes nothing.
 * A claim that was paid or came back does not change any more. IMPORT_CSV.
 */
export async function importStates(
  work: MoneyWork,
  csv: string,
  language: Language,
): Promise<{ result: Static<typeof TransferStatesResult>; organisations: readonly OrganisationId[] }> {
  const problems: LineProblem[] = [];
  const touched = new Set<OrganisationId>();
  let [changed, unchanged] = [0, 0];
  for (const row of fromCsv(csv, ["id", "state", "on"])) {
    try {
      const organisation = await importState(work, row);
      if (organisation === null) unchanged++;
      else {
        changed++;
        touched.add(organisation);
      }
    } catch (error) {
      if (!(error instanceof YaguraError)) throw error;
      problems.push(problemOf(row.line, error, language));
    }
  }
  for (const organisation of touched) await settle(work, organisation);
  return { result: { changed, unchanged, problems }, organisations: [...touched] };
}

async function importState(work: MoneyWork, { line, values }: CsvRow): Promise<OrganisationId | null> {
  const { tx, now } = work;
  const { id = "", on = "" } = values;
  const bad = (reason: string) => raise("IMPORT_CSV", { line, reason });
  const state = states.find((one) => one === values["state"]);
  if (state === undefined) throw bad(`state ${values["state"] ?? ""}`);
  if (!isDay(on) || on > today(work)) throw bad(`on ${on}`);
  const { rows } = await sql<{
    organisation: OrganisationId;
    claim: Uuid;
    amount: string;
    state: string;
    on: string | null;
  }>`
    select organisation_id as organisation, claim_id as claim, amount, state, state_on::text as "on"
    from commerce.claim_transfer_item where ${isUuid(id) ? sql`id = ${id}` : sql`false`} for update`.execute(tx);
  const [item] = rows;
  if (item === undefined) throw bad(`id ${id}`);
  if (item.state === state && item.on === on) return null;
  if (item.state === "paid" || item.state === "returned") throw bad(`${id}: ${item.state} ${item.on ?? ""}`);
  await sql`update commerce.claim_transfer_item set state = ${state}, state_on = ${on}::date, state_at = ${now} where id = ${id}`.execute(
    tx,
  );
  if (state === "returned") {
    await sql`update commerce.claim set assigned = assigned - ${Number(item.amount)} where id = ${item.claim}`.execute(
      tx,
    );
  }
  return item.organisation;
}
