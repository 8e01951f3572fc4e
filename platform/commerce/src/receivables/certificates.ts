/**
 * Documents on request that bear a fee: certificates of what was paid (UTM-57) and qualified invoices (UTM-56). The fee and the
 * postage become a fact of the contract where the plan's terms know the item; what the document says is kept as it was.
 */
import { sql, type RawBuilder } from "kysely";
import type { Static } from "typebox";
import type { Day } from "@yagura/core/calendar.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { jaMonth } from "../charging/explain.ts";
import { actorName } from "../actor.ts";
import { readCustomers, readIssuer } from "../billing/content.ts";
import { linesOf, type StoredLine } from "../billing/stored-lines.ts";
import { index } from "../charging/index.ts";
import type { Tables } from "../charging/tables.ts";
import { addFact } from "../contracts/fact-door.ts";
import { loadTables } from "../terms/load.ts";
import { lockMoney, today, type MoneyWork } from "./claims.ts";
import { raise } from "./errors.ts";
import type { CertificateContent, CertificateItem, NewCertificate } from "./shapes.ts";

type Request = Static<typeof NewCertificate>;
interface OfContract {
  readonly id: Uuid;
  readonly number: string;
  readonly service: string;
  readonly plan: string;
}

export async function certificatesWhere(tx: Tx, condition: RawBuilder<unknown>): Promise<CertificateItem[]> {
  const { rows } = await sql<Omit<CertificateItem, "postage"> & { postage: string }>`
    select id, organisation_id as "organisationId", contract_id as "contractId", number, kind, issued_on::text as "issuedOn", postage,
      consent, fact_id is not null as charged, content
    from commerce.certificate where ${condition} order by issued_at desc, id desc limit 500`.execute(tx);
  return rows.map(({ postage, ...row }) => Object.assign(row, { postage: Number(postage) }));
}

/**
 * Issues the document. The same key once more gives the same document, and one fee. CERTIFICATE_EMPTY, QUALIFIED_INVOICE_EMPTY,
 * NOT_QUALIFIED_ISSUER, CERTIFICATE_KEY_DIFFERS.
 */
export async function issueCertificate(
  work: MoneyWork,
  organisation: OrganisationId,
  request: Request,
): Promise<{ item: CertificateItem; made: boolean }> {
  const { tx, now } = work;
  await lockMoney(tx, organisation);
  const known = await knownOf(tx, organisation, request);
  if (known !== null) return { item: known, made: false };
  const tables = await loadTables(tx);
  const contract = await contractOf(tx, organisation, request.contractId);
  const issuedOn = today(work);
  const content = await contentOf(work, tables, organisation, contract, request);
  const id = newId();
  const fact = hasFee(tables, contract, request.kind, issuedOn)
    ? await addFact(
        work,
        { id: contract.id, organisation },
        { kind: "document-issued", on: issuedOn, item: request.kind, postage: request.postage },
        { source: "receivables", key: `certificate:${id}` },
      )
    : null;
  await sql`insert into commerce.certificate (id, organisation_id, contract_id, number, kind, issued_on, postage, consent, fact_id,
      content, request_key, issued_by, issued_at)
    values (${id}, ${organisation}, ${contract.id}, ${content.number}, ${request.kind}, ${issuedOn}::date, ${request.postage},
      ${request.consent}, ${fact}, ${JSON.stringify(content)}::json, ${request.requestKey ?? null}, ${actorName(work)}, ${now})`.execute(
    tx,
  );
  const [item] = await certificatesWhere(tx, sql`id = ${id}`);
  if (item === undefined) throw new Error("the document was not kept");
  return { item, made: true };
}

async function knownOf(tx: Tx, organisation: OrganisationId, request: Request): Promise<CertificateItem | null> {
  if (request.requestKey === undefined) return null;
  const [known] = await certificatesWhere(
    tx,
    sql`organisation_id = ${organisation} and request_key = ${request.requestKey}`,
  );
  if (known === undefined) return null;
  const { kind, contractId, content } = known;
  if (
    kind !== request.kind ||
    contractId !== request.contractId ||
    content.from !== request.from ||
    content.to !== request.to
  ) {
    throw raise("CERTIFICATE_KEY_DIFFERS", { key: request.requestKey });
  }
  return known;
}

async function contractOf(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<OfContract> {
  const { rows } = await sql<OfContract>`select id, number, service, plan from commerce.contract
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw raiseServer("NOT_FOUND");
  return found;
}

const hasFee = (tables: Tables, { service, plan }: OfContract, item: string, on: Day): boolean =>
  index(tables).terms(service, on)?.plans[plan]?.items[item] !== undefined;

const prefix = { "payment-certificate": "CRT", "qualified-invoice": "QIV" } as const;

async function contentOf(
  { tx, now }: MoneyWork,
  tables: Tables,
  organisation: OrganisationId,
  contract: OfContract,
  request: Request,
): Promise<CertificateContent> {
  const { kind, from, to } = request;
  const issuedOn = today({ now });
  const issuer = await readIssuer(tx, tables, issuedOn);
  const sums =
    kind === "payment-certificate"
      ? await paymentsOf(tx, organisation, contract, { from, to })
      : await billedOf(tx, organisation, contract, { from, to });
  if (kind === "qualified-invoice" && issuer.registrationNumber === null) throw raise("NOT_QUALIFIED_ISSUER");
  const customer = (await readCustomers(tx, [organisation])).get(organisation);
  const { rows } = await sql<{ n: string }>`select nextval('commerce.certificate_counter') as n`.execute(tx);
  return {
    kind,
    number: `${prefix[kind]}-${issuedOn.slice(0, 4)}-${String(rows[0]?.n).padStart(8, "0")}`,
    issuedOn,
    issuer: { name: issuer.name, registrationNumber: issuer.registrationNumber },
    recipient: customer?.recipient.name ?? "",
    contract: contract.number,
    from,
    to,
    ...sums,
  };
}

type Sums = Pick<CertificateContent, "payments" | "lines" | "subtotals" | "net" | "tax" | "total">;
interface Range {
  readonly from: Day;
  readonly to: Day;
}

/** Documents that hold a line of the contract. */
const documentsOf = (
  organisation: OrganisationId,
  contract: Uuid,
) => sql`select l.invoice_id from commerce.invoice_line l
  where l.organisation_id = ${organisation} and l.contract_id = ${contract}`;

/** Charges, works and surcharge that were paid to us in the period; late interest and assigned claims are not in (UTM-57). */
async function paymentsOf(tx: Tx, organisation: OrganisationId, contract: OfContract, range: Range): Promise<Sums> {
  const { rows } = await sql<{ paidOn: Day; document: string; month: Day; amount: string }>`
    select p.counts_on::text as "paidOn", c.number as document, i.month::text as month, a.amount
    from commerce.allocation a join commerce.payment p on p.id = a.payment_id join commerce.claim c on c.id = a.claim_id
    join commerce.invoice i on i.id = c.invoice_id
    where a.organisation_id = ${organisation} and c.state <> 'assigned' and c.bears_interest
      and p.counts_on between ${range.from}::date and ${range.to}::date
      and (c.contract_id = ${contract.id} or (c.contract_id is null and c.service = ${contract.service}
        and c.invoice_id in (${documentsOf(organisation, contract.id)})))
    order by p.counts_on, c.due_now, c.id`.execute(tx);
  if (rows.length === 0) throw raise("CERTIFICATE_EMPTY", { number: contract.number, ...range });
  const payments = rows.map(({ month, amount, ...row }) => ({
    ...row,
    description: {
      ja: `${jaMonth(month)}分 料金等`,
      en: `charges of ${month.slice(0, 7)}`,
    },
    amount: Number(amount),
  }));
  const total = payments.reduce((sum, { amount }) => sum + amount, 0);
  return { payments, lines: [], subtotals: [], net: 0, tax: 0, total };
}

interface BilledDocument {
  readonly id: Uuid;
  readonly number: string;
  readonly content: {
    readonly subtotals: readonly {
      readonly class: string;
      readonly rate: string | null;
      readonly base: number;
      readonly tax: number;
    }[];
  };
}
const rateOf = (one: { readonly class?: string; readonly taxClass?: string; readonly rate: string | null }): string =>
  one.rate ?? one.class ?? one.taxClass ?? "";

/**
 * The documents issued in the period that hold lines of the contract, whole: their tax was computed once per rate each, and is
 * told as it was billed.
 */
async function billedOf(tx: Tx, organisation: OrganisationId, contract: OfContract, range: Range): Promise<Sums> {
  const { rows: documents } = await sql<BilledDocument>`select i.id, i.number, i.content from commerce.invoice i
    where i.organisation_id = ${organisation} and i.kind in ('invoice', 'corrected')
      and i.issued_on between ${range.from}::date and ${range.to}::date and i.id in (${documentsOf(organisation, contract.id)})
      and not exists (select 1 from commerce.invoice r where r.corrects_id = i.id and r.kind = 'corrected')
    order by i.issued_on, i.number`.execute(tx);
  if (documents.length === 0) throw raise("QUALIFIED_INVOICE_EMPTY", { number: contract.number, ...range });
  const lines: CertificateContent["lines"] = [];
  const sums = new Map<string, { rate: string; base: number; tax: number }>();
  for (const { id, number, content } of documents) {
    lines.push(...(await linesOf(tx, id)).map((line) => lineOf(number, line)));
    for (const one of content.subtotals) {
      const rate = rateOf(one);
      const sum = sums.get(rate) ?? { rate, base: 0, tax: 0 };
      sums.set(rate, { rate, base: sum.base + one.base, tax: sum.tax + one.tax });
    }
  }
  const subtotals = [...sums.values()];
  const net = subtotals.reduce((sum, { base }) => sum + base, 0);
  const tax = subtotals.reduce((sum, one) => sum + one.tax, 0);
  return { payments: [], lines, subtotals, net, tax, total: net + tax };
}

const lineOf = (document: string, line: StoredLine): CertificateContent["lines"][number] => ({
  document,
  description: { ja: line.description.ja, en: line.description.en },
  from: line.period.from,
  to: line.period.to,
  amount: line.amount,
  rate: rateOf(line),
});
