/**
 * A chunk of a bill run: some customers' contracts with all that is known of them, and the documents that follow. Reading is
 * one short transaction, computing is pure, writing is another transaction (run.ts).
 */
import { YaguraError } from "@yagura/core/errors.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { YearMonth } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { index } from "../charging/index.ts";
import { FactsInvalid } from "../charging/issues.ts";
import type { ChargeLine } from "../charging/lines.ts";
import type { Offer } from "../charging/offer.ts";
import type { Tables, Text } from "../charging/tables.ts";
import { interestLines } from "../receivables/interest.ts";
import { loadTables } from "../terms/load.ts";
import { billOf, comparedFrom, type BillInput, type BillScope } from "./compute.ts";
import { readCustomers, readHolders, readIssuer, type Customer, type Issuer } from "./content.ts";
import {
  byIndex,
  contractsAfter,
  first,
  knownOf,
  restOfCustomer,
  type BillingContract,
  type Cursor,
  type Known,
  type Scope,
} from "./contracts.ts";
import {
  datedBill,
  documentKey,
  draftsOf,
  isShared,
  isWanted,
  unitOf,
  waits,
  type CustomerLine,
  type DatedBill,
  type Draft,
  type Recipient,
  type Unit,
} from "./documents.ts";
import { raise } from "./errors.ts";
import { billedLines } from "./stored-lines.ts";

/** What a run has to know of the rest of the house. */
export interface Billing {
  readonly offers: readonly Offer[];
  /** Contracts of one transaction; CHUNK unless told. */
  readonly chunk?: number;
}

export interface Chunk {
  readonly tables: Tables;
  readonly issuer: Issuer;
  readonly customers: ReadonlyMap<OrganisationId, Customer>;
  readonly contracts: readonly BillingContract[];
  readonly known: ReadonlyMap<Uuid, Known>;
  readonly billed: ReadonlyMap<Uuid, readonly ChargeLine[]>;
  readonly more: ReadonlyMap<OrganisationId, readonly CustomerLine[]>;
  /** Contracts that somebody else than the registered customer holds. */
  readonly holders: ReadonlyMap<Uuid, Recipient>;
  /** Where the next chunk begins. */
  readonly end: Cursor;
}

export interface ChunkScope extends Scope, BillScope {
  /** Facts known until this moment, in the database's text form. */
  readonly until: string;
  readonly issueOn: string;
}

/** A thousand contracts are some megabytes of rows, and one durable commit for all of them. */
const CHUNK = 1_000;

/** Null when nothing is left. */
export async function readChunk(
  tx: Tx,
  billing: Billing,
  scope: ChunkScope,
  cursor: Cursor | null,
  limit = billing.chunk ?? CHUNK,
): Promise<Chunk | null> {
  await byIndex(tx);
  const page = await contractsAfter(tx, scope, cursor, limit);
  const last = page.at(-1);
  if (last === undefined) return null;
  const tables = await loadTables(tx);
  const customers = await readCustomers(tx, [...new Set(page.map(({ organisation }) => organisation))]);
  const unitFor = unitsOf(tables, billing, scope.month, customers);
  const isCut =
    page.length === limit &&
    page.some((one) => one.organisation === last.organisation && isShared(unitFor(one.organisation, one.service)));
  const rest = isCut ? await restOfCustomer(tx, scope, { organisation: last.organisation, contract: last.id }) : [];
  const looked = [...page, ...rest];
  const known = await knownOf(tx, looked, scope.until, scope);
  const contracts = looked.filter(({ id }) => known.get(id)?.done === false);
  const end = looked.at(-1) as BillingContract;
  return {
    tables,
    issuer: await readIssuer(tx, tables, scope.issueOn),
    customers,
    contracts,
    known,
    billed: await readBilled(tx, scope, contracts, known),
    // A customer who is spread over chunks has it on the first of them.
    more: await lateInterest(
      tx,
      [...customers.keys()].filter((id) => id !== cursor?.organisation),
      scope,
    ),
    holders: await readHolders(
      tx,
      contracts.map(({ id }) => id),
      scope.month,
    ),
    end: { organisation: end.organisation, contract: end.id },
  };
}

/** Late interest of claims that were paid late (COM-12). */
async function lateInterest(
  tx: Tx,
  organisations: readonly OrganisationId[],
  { month, kind, contract }: ChunkScope,
): Promise<Map<OrganisationId, CustomerLine[]>> {
  if (kind !== "regular" || contract !== undefined || organisations.length === 0) return new Map();
  const lines = await interestLines(tx, organisations, month);
  return new Map(
    [...Map.groupBy(lines, ({ organisation }) => organisation)].map(([organisation, own]) => [
      organisation,
      own.map(({ contract: id, line, claim, alone }) => ({ contract: id, line, interest: { claim, alone } })),
    ]),
  );
}

async function readBilled(
  tx: Tx,
  scope: ChunkScope,
  contracts: readonly BillingContract[],
  known: ReadonlyMap<Uuid, Known>,
): Promise<Map<Uuid, ChargeLine[]>> {
  const compared = contracts.flatMap(({ id }) => {
    const from = comparedFrom({ known: known.get(id) as Known }, scope);
    return from === null ? [] : [{ id, from }];
  });
  const from = compared.reduce((least, one) => (one.from < least ? one.from : least), scope.month);
  return billedLines(
    tx,
    compared.map(({ id }) => id),
    first(from),
  );
}

type UnitFor = (organisation: OrganisationId, service: string) => Unit;

/** Setting `invoice-unit` of a service, else what its offer says, else a document for each contract; the customer's choice goes first. */
function unitsOf(
  tables: Tables,
  { offers }: Billing,
  month: YearMonth,
  customers: ReadonlyMap<OrganisationId, Customer>,
): UnitFor {
  const units = new Map<string, Unit>();
  const ofService = (service: string): Unit => {
    const known = units.get(service);
    if (known !== undefined) return known;
    const set = index(tables).setting(service, "invoice-unit", first(month)) as Unit | undefined;
    const unit = set ?? offers.find((offer) => offer.service === service)?.invoiceUnit ?? "contract";
    units.set(service, unit);
    return unit;
  };
  return (organisation, service) => unitOf(customers.get(organisation)?.choice.unit ?? "service", ofService(service));
}

export interface Aside {
  readonly contract: BillingContract;
  readonly code: string;
  readonly text: Text;
}

/** What a chunk comes to, by customer. */
export interface CustomerBills {
  readonly customer: Customer;
  readonly bills: readonly DatedBill[];
  readonly drafts: readonly Draft[];
  readonly asides: readonly Aside[];
  /** Contracts of which a fee for issuing the bill is asked. */
  readonly issued: readonly { readonly contract: Uuid; readonly organisation: OrganisationId; readonly form: string }[];
}

/** Pure. A contract that cannot be computed is set aside; the others go on. */
export function computeChunk(chunk: Chunk, billing: Billing, scope: ChunkScope): CustomerBills[] {
  const unitFor = unitsOf(chunk.tables, billing, scope.month, chunk.customers);
  const byCustomer = Map.groupBy(chunk.contracts, ({ organisation }) => organisation);
  return [...byCustomer].map(([organisation, contracts]) =>
    customerBills(chunk, scope, organisation, contracts, (service) => unitFor(organisation, service)),
  );
}

function customerBills(
  chunk: Chunk,
  scope: ChunkScope,
  organisation: OrganisationId,
  contracts: readonly BillingContract[],
  unitFor: (service: string) => Unit,
): CustomerBills {
  const customer = chunk.customers.get(organisation) as Customer;
  const { tables } = chunk;
  const asides: Aside[] = [];
  const bills = new Map<Uuid, DatedBill>();
  const attempt = (contract: BillingContract, form?: "paper" | "debit-notice"): void => {
    try {
      const bill = billOf(tables, { ...inputOf(chunk, contract), form }, scope);
      bills.set(contract.id, datedBill(tables, bill, scope.month));
    } catch (error) {
      bills.delete(contract.id);
      asides.push(asideOf(contract, error));
    }
  };
  for (const contract of contracts) attempt(contract);
  const { form } = customer.choice;
  const carriers =
    form === "electronic" || scope.kind !== "regular" ? [] : feeCarriers(chunk, scope, [...bills.values()], unitFor);
  for (const contract of carriers) attempt(contract, form === "paper" ? "paper" : "debit-notice");
  const drafts = documentsOf(chunk, scope, organisation, bills, unitFor, asides);
  return {
    customer,
    bills: [...bills.values()],
    drafts,
    asides,
    issued: carriers.filter(({ id }) => bills.has(id)).map(({ id }) => ({ contract: id, organisation, form })),
  };
}

const inputOf = ({ known, billed }: Chunk, contract: BillingContract): BillInput => ({
  contract,
  known: known.get(contract.id) as Known,
  billed: billed.get(contract.id) ?? [],
});

/** One contract for each document that will be issued: the first whose terms know a fee for issuing bills (UTM-54). */
function feeCarriers(
  { tables, holders }: Chunk,
  { month }: ChunkScope,
  bills: readonly DatedBill[],
  unitFor: (service: string) => Unit,
): BillingContract[] {
  const carriers = new Map<string, BillingContract>();
  const keyOf = (contract: BillingContract): string =>
    documentKey(unitFor(contract.service), contract, (id) => holders.get(id));
  const written = new Set(bills.filter(({ lines }) => lines.length > 0).map(({ contract }) => keyOf(contract)));
  for (const { contract } of bills) {
    const key = keyOf(contract);
    const fees = index(tables).terms(contract.service, first(month))?.plans[contract.plan]?.billFees;
    if (fees !== undefined && written.has(key) && !carriers.has(key)) carriers.set(key, contract);
  }
  return [...carriers.values()];
}

function documentsOf(
  { tables, more, holders }: Chunk,
  { month }: ChunkScope,
  organisation: OrganisationId,
  bills: Map<Uuid, DatedBill>,
  unitFor: (service: string) => Unit,
  asides: Aside[],
): Draft[] {
  const wanted = (draft: Draft): boolean => isWanted(tables, draft, month) && !waits(draft);
  try {
    return draftsOf(tables, organisation, [...bills.values()], month, unitFor, more.get(organisation), (id) =>
      holders.get(id),
    ).filter(wanted);
  } catch (error) {
    // No tax rate in force on a day of supply: nothing of this customer can be put on a document.
    for (const { contract } of bills.values()) asides.push(asideOf(contract, error));
    bills.clear();
    return [];
  }
}

function asideOf(contract: BillingContract, error: unknown): Aside {
  if (error instanceof FactsInvalid) {
    const [issue] = error.issues;
    return { contract, code: error.code, text: issue?.text ?? { ja: error.say("ja"), en: error.say("en") } };
  }
  const known =
    error instanceof YaguraError
      ? error
      : raise("BILLING_UNEXPECTED", { contract: contract.number, reason: (error as Error).message }, { cause: error });
  return { contract, code: known.code, text: { ja: known.say("ja"), en: known.say("en") } };
}
