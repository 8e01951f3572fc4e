/** Who issues, who receives, and everything else that stands on a document beside its lines (COM-11). */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { lastOfMonth, type Day, type YearMonth } from "@yagura/core/calendar.ts";
import type { Language } from "@yagura/core/errors.ts";
import { readProfile } from "@yagura/server/profile.ts";
import type { ProviderContact } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import { index } from "../charging/index.ts";
import type { Tables, Text } from "../charging/tables.ts";
import { isShared, type Draft, type Due, type UnitChoice } from "./documents.ts";
import { unqualifiedBecause } from "./registration-number.ts";
import type { BillingChoice, DocumentContent } from "./shapes.ts";

export interface Issuer {
  readonly name: string;
  /** Null: it cannot stand on the document. */
  readonly registrationNumber: string | null;
  readonly contact: ProviderContact;
  readonly unqualifiedBecause: Text | null;
}

/** As the provider's profile stands now. Setting `qualified-bills`: false keeps ordinary bills plain (A-UTM-16). */
export async function readIssuer(tx: Tx, tables: Tables, on: Day): Promise<Issuer> {
  const { name, registrationNumber, contact } = await readProfile(tx, "");
  const wanted = index(tables).setting("*", "qualified-bills", on) !== false;
  const because = unqualifiedBecause(registrationNumber, wanted);
  return {
    name,
    registrationNumber: because === null ? registrationNumber : null,
    contact,
    unqualifiedBecause: because,
  };
}

export interface Customer {
  readonly organisation: OrganisationId;
  readonly name: string;
  readonly language: Language;
  readonly recipient: DocumentContent["recipient"];
  readonly choice: BillingChoice;
  /** The billing contact of the registered details. */
  readonly mail: string | null;
}

interface CustomerRow {
  id: OrganisationId;
  name: string;
  language: Language;
  addressee: string | null;
  address: string | null;
  contact: string | null;
  mail: string | null;
  unit: UnitChoice | null;
  form: BillingChoice["form"] | null;
  choice_mail: string | null;
  choice_language: Language | null;
}

/** Registered details as they stand now; without any, the organisation's name. */
export async function readCustomers(
  tx: Tx,
  organisations: readonly OrganisationId[],
): Promise<Map<OrganisationId, Customer>> {
  const { rows } = await sql<CustomerRow>`
    select o.id, o.name, o.language, c.details ->> 'billingAddressee' as addressee,
      c.details ->> 'billingAddress' as address, c.details ->> 'billingContact' as contact,
      c.details ->> 'billingMail' as mail, b.unit, b.form, b.mail as choice_mail, b.language as choice_language
    from server.organisation o
    left join commerce.customer c on c.organisation_id = o.id
    left join commerce.billing_choice b on b.organisation_id = o.id
    where o.id = any(${organisations}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, customerOf(row)]));
}

const customerOf = (row: CustomerRow): Customer => ({
  organisation: row.id,
  name: row.name,
  language: row.choice_language ?? row.language,
  recipient: {
    name: row.addressee ?? row.name,
    department: null,
    contact: row.contact,
    ...addressed(row.address),
  },
  choice: {
    unit: row.unit ?? "service",
    form: row.form ?? "electronic",
    mail: row.choice_mail,
    language: row.choice_language,
  },
  mail: row.choice_mail ?? row.mail,
});

/** A postal code that stands before an address is printed on a line of its own. */
function addressed(address: string | null): Pick<DocumentContent["recipient"], "postalCode" | "address"> {
  const [, first = "", second = "", rest = ""] =
    /^〒?\s*([0-9０-９]{3})[-－‐]?([0-9０-９]{4})[\s、,]+(.*)$/su.exec(address ?? "") ?? [];
  if (rest === "") return { postalCode: null, address };
  return { postalCode: `${first}-${second}`.normalize("NFKC"), address: rest };
}

interface HolderRow {
  contract: Uuid;
  holder: { name: string; address: string; contact?: string };
}

/** Who holds a contract at the end of a month by succession or assignment, or speaks for those who do, and is billed for it. */
export async function readHolders(
  tx: Tx,
  contracts: readonly Uuid[],
  month: YearMonth,
): Promise<Map<Uuid, DocumentContent["recipient"]>> {
  const { rows } = await sql<HolderRow>`select contract, holder from (
      select distinct on (contract_id) contract_id as contract, how, holder from commerce.contract_holder
      where contract_id = any(${[...contracts]}::uuid[]) and from_day <= ${lastOfMonth(`${month}-01`)}::date
      order by contract_id, from_day desc, ordinal desc) newest
    where how <> 'order'`.execute(tx);
  return new Map(
    rows.map(({ contract, holder: { name, address, contact = null } }) => [
      contract,
      { name, department: null, contact, ...addressed(address) },
    ]),
  );
}

/** Contract numbers named on a document; a long one says how many more there are. */
const NAMED = 100;

const titles: Readonly<Record<"invoice" | "corrected" | "credit-note", Text>> = {
  invoice: { ja: "請求書", en: "Invoice" },
  corrected: { ja: "修正請求書", en: "Corrected invoice" },
  "credit-note": { ja: "返還請求書", en: "Credit note" },
};

export interface ContentOf {
  /** For the names of plans. */
  readonly tables: Tables;
  readonly draft: Pick<Draft, "unit" | "lines" | "totals" | "supply" | "recipient"> & { readonly dues: readonly Due[] };
  readonly issuer: Issuer;
  readonly customer: Customer;
  readonly month: YearMonth;
  readonly kind?: "invoice" | "corrected" | "credit-note";
  readonly corrects?: { readonly number: string; readonly reason: string };
  readonly notes?: readonly Text[];
}

/** What is stored with the document and never changes. */
export function contentOf(input: ContentOf): DocumentContent {
  const { tables, draft, issuer, customer, month, kind = "invoice", corrects, notes = [] } = input;
  const contracts = [...new Set(draft.lines.map(({ line }) => line.contract))];
  const dues = new Map<Day, number>();
  for (const { on, amount } of draft.dues) dues.set(on, (dues.get(on) ?? 0) + amount);
  return {
    title: titles[kind],
    issuer: { name: issuer.name, registrationNumber: issuer.registrationNumber, contact: issuer.contact },
    qualified: issuer.unqualifiedBecause === null,
    unqualifiedBecause: issuer.unqualifiedBecause,
    recipient: draft.recipient ?? customer.recipient,
    supply: draft.supply,
    unit: draft.unit,
    contracts: contracts.slice(0, NAMED),
    plans: plansOf(tables, draft.lines, month),
    subtotals: [...draft.totals.subtotals],
    dues: [...dues].map(([on, amount]) => ({ on, amount })),
    notes: [...notes, ...(isShared(draft.unit) ? moreContracts(contracts.length) : [])],
    corrects: corrects?.number ?? null,
    reason: corrects?.reason ?? null,
  };
}

/** What the plans are called by the terms at the end of the month, else by those of the newest version. */
function plansOf(
  tables: Tables,
  lines: ContentOf["draft"]["lines"],
  month: YearMonth,
): NonNullable<DocumentContent["plans"]> {
  const known = index(tables);
  const found = new Map<string, NonNullable<DocumentContent["plans"]>[number]>();
  for (const { line } of lines) {
    const { service, plan } = line;
    const key = `${service} ${plan}`;
    if (found.has(key)) continue;
    const terms =
      known.terms(service, lastOfMonth(`${month}-01`))?.plans[plan] ?? known.versions(service).at(-1)?.plans[plan];
    if (terms !== undefined) found.set(key, { service, plan, name: terms.name });
  }
  return [...found.values()];
}

const moreContracts = (count: number): Text[] =>
  count <= NAMED
    ? []
    : [
        {
          ja: `ほか ${count - NAMED} 件の契約を含みます。`,
          en: `${count - NAMED} more contracts are on this document.`,
        },
      ];
