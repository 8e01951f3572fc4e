/** The API of bill runs and documents. Runs and corrections are the provider's; documents are read by both sides. */
import { sql } from "kysely";
import { Type } from "typebox";
import type { Uuid } from "@yagura/core/ids.ts";
import type { ScopeTable, Route } from "@yagura/server/route.ts";
import { route } from "@yagura/server/route.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { closed, Id, LanguageCode } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import { Limit } from "../shapes.ts";
import { attachedAs } from "../downloads.ts";
import type { Billing } from "./chunk.ts";
import { correctDocument, creditLines, type CorrectionWork } from "./corrections.ts";
import { invoicesCsv, linesCsv } from "./csv.ts";
import { invoiceById, listInvoices, shownLine, type InvoiceFilter } from "./invoices.ts";
import { mailJob } from "./job-names.ts";
import { nextBill } from "./next-bill.ts";
import { paperOf } from "./pdf.ts";
import { runRoutes } from "./run-routes.ts";
import {
  BillingChoice,
  BillLine,
  BillLinePage,
  DocumentKind,
  InvoiceDetail,
  InvoicePage,
  Month,
  NewCorrection,
  NewCreditNote,
  NextBill,
} from "./shapes.ts";
import { linesOf } from "./stored-lines.ts";

export const scopes: ScopeTable = {
  "invoice.read": ["owner", "admin", "provider-admin", "provider-operator", "provider-support", "provider-billing"],
  "billing.write": ["provider-admin", "provider-billing"],
};

const tag = "invoices";
const organisationBase = "/api/v1/organisations/:organisation";
const providerBase = "/api/v1/provider/invoices";
const OfOrganisation = Type.Object({ organisation: Id });
const OfInvoice = Type.Object({ organisation: Id, invoice: Id });
const OneInvoice = Type.Object({ invoice: Id });
const filters = {
  limit: Limit,
  cursor: Type.Optional(Id),
  month: Type.Optional(Month),
  kind: Type.Optional(DocumentKind),
  contract: Type.Optional(Id),
  /** Part of the number or of the customer's name. */
  q: Type.Optional(Type.String({ maxLength: 60 })),
};
const Filters = Type.Object(filters, closed);
const ProviderFilters = Type.Object({ ...filters, organisation: Type.Optional(Id), run: Type.Optional(Id) }, closed);
const Printed = Type.Object({ language: Type.Optional(LanguageCode) }, closed);
const read = { kind: "organisation", scope: "invoice.read" } as const;
const providerRead = { kind: "provider", scope: "invoice.read" } as const;
const providerWrite = { kind: "provider", scope: "billing.write" } as const;

export const billingRoutes = (billing: Billing): readonly Route[] => [
  ...runRoutes(),
  listOfProvider,
  csvOfProvider,
  listOfOrganisation,
  csvOfOrganisation,
  showInvoice,
  showLines,
  showWhy,
  linesAsCsv,
  printInvoice,
  nextBillRoute(billing),
  readChoice,
  writeChoice,
  correction,
  creditNote,
];

type Asked = Partial<Record<"month" | "kind" | "contract" | "q" | "organisation" | "run", string>>;
const filterOf = ({ month, kind, contract, q, organisation, run }: Asked): InvoiceFilter => ({
  month,
  kind,
  contract,
  organisation,
  run,
  text: q,
});

const listOfProvider = route({
  method: "GET",
  path: providerBase,
  tag,
  summary: "Documents of every customer, newest first",
  access: providerRead,
  query: ProviderFilters,
  response: InvoicePage,
  handler: ({ tx, query }) =>
    listInvoices(tx, filterOf(query), { limit: query.limit ?? 100, after: query.cursor ?? null }),
});

const listOfOrganisation = route({
  method: "GET",
  path: `${organisationBase}/invoices`,
  tag,
  summary: "Invoices, corrected invoices and credit notes of an organisation, newest first",
  access: read,
  params: OfOrganisation,
  query: Filters,
  response: InvoicePage,
  handler: ({ tx, organisation, query }) =>
    listInvoices(tx, { ...filterOf(query), organisation }, { limit: query.limit ?? 100, after: query.cursor ?? null }),
});

/** Documents in one CSV file. */
const CSV_LIMIT = 10_000;
const csv = "text/csv; charset=utf-8";

const csvOfProvider = route({
  method: "GET",
  path: `${providerBase}.csv`,
  tag,
  summary: "Documents of every customer as CSV (UTF-8 with a byte order mark), at most 10,000",
  access: providerRead,
  query: ProviderFilters,
  raw: csv,
  handler: async ({ tx, query, language, reply }) => {
    const { items } = await listInvoices(tx, filterOf(query), { limit: CSV_LIMIT, after: null });
    attachedAs(reply, "invoices.csv");
    return invoicesCsv(items, language);
  },
});

const csvOfOrganisation = route({
  method: "GET",
  path: `${organisationBase}/invoices.csv`,
  tag,
  summary: "Documents of an organisation as CSV (UTF-8 with a byte order mark), at most 10,000",
  access: read,
  params: OfOrganisation,
  query: Filters,
  raw: csv,
  handler: async ({ tx, organisation, query, language, reply }) => {
    const filter = { ...filterOf(query), organisation };
    const { items } = await listInvoices(tx, filter, { limit: CSV_LIMIT, after: null });
    attachedAs(reply, "invoices.csv");
    return invoicesCsv(items, language);
  },
});

async function found(tx: Tx, organisation: string, id: Uuid): Promise<InvoiceDetail> {
  const invoice = await invoiceById(tx, id, organisation);
  if (invoice === null) throw raiseServer("NOT_FOUND");
  return invoice;
}

const showInvoice = route({
  method: "GET",
  path: `${organisationBase}/invoices/:invoice`,
  tag,
  summary: "A document: everything that stands on it but its lines",
  access: read,
  params: OfInvoice,
  response: InvoiceDetail,
  handler: ({ tx, organisation, params }) => found(tx, organisation, params.invoice),
});

const showLines = route({
  method: "GET",
  path: `${organisationBase}/invoices/:invoice/lines`,
  tag,
  summary: "Lines of a document, each with why its amount is what it is (COM-18)",
  access: read,
  params: OfInvoice,
  query: Type.Object(
    { limit: Limit, cursor: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })) },
    closed,
  ),
  response: BillLinePage,
  handler: async ({ tx, organisation, params, query }) => {
    await found(tx, organisation, params.invoice);
    const limit = query.limit ?? 100;
    const lines = await linesOf(tx, params.invoice, query.cursor ?? 0, limit + 1);
    const { rows } = await sql<{ n: string }>`select count(*) as n from commerce.invoice_line
      where invoice_id = ${params.invoice}`.execute(tx);
    const items = lines.slice(0, limit).map(shownLine);
    const next = lines.length > limit ? String(items.at(-1)?.position) : null;
    return { items, next, total: Number(rows[0]?.n ?? 0) };
  },
});

const showWhy = route({
  method: "GET",
  path: `${organisationBase}/invoices/:invoice/lines/:position/why`,
  tag,
  summary: "Why this amount: rule, version, inputs and formula of one line, and a sentence in both languages",
  access: read,
  params: Type.Object({
    organisation: Id,
    invoice: Id,
    position: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
  }),
  response: BillLine,
  handler: async ({ tx, organisation, params }) => {
    await found(tx, organisation, params.invoice);
    const [line] = await linesOf(tx, params.invoice, params.position - 1, 1);
    if (line === undefined || line.position !== params.position) throw raiseServer("NOT_FOUND");
    return shownLine(line);
  },
});

const linesAsCsv = route({
  method: "GET",
  path: `${organisationBase}/invoices/:invoice/csv`,
  tag,
  summary: "Lines of a document as CSV (UTF-8 with a byte order mark)",
  access: read,
  params: OfInvoice,
  raw: csv,
  handler: async ({ tx, organisation, params, language, reply }) => {
    const { number } = await found(tx, organisation, params.invoice);
    attachedAs(reply, `${number}.csv`);
    return linesCsv(number, await linesOf(tx, params.invoice), language);
  },
});

const printInvoice = route({
  method: "GET",
  path: `${organisationBase}/invoices/:invoice/pdf`,
  tag,
  summary: "A document as PDF: rendered once, then the same bytes for ever",
  access: read,
  params: OfInvoice,
  query: Printed,
  raw: "application/pdf",
  handler: async ({ tx, organisation, params, query, language, now, reply }) => {
    const invoice = await found(tx, organisation, params.invoice);
    const { bytes, sha256 } = await paperOf(tx, invoice, query.language ?? language, now);
    // RFC 9530.
    void reply.header("content-digest", `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`);
    attachedAs(reply, `${invoice.number}.pdf`);
    return bytes;
  },
});

const nextBillRoute = (billing: Billing): Route =>
  route({
    method: "GET",
    path: `${organisationBase}/next-bill`,
    tag,
    summary: "What the next bill will be as things stand: the same computing as the bill run's (COM-19)",
    access: read,
    params: OfOrganisation,
    query: Type.Object({ contract: Type.Optional(Id) }, closed),
    response: NextBill,
    handler: ({ tx, organisation, query, now, language }) =>
      nextBill(tx, billing, { organisation, contract: query.contract, now, language }),
  });

const noChoice: BillingChoice = { unit: "service", form: "electronic", mail: null, language: null };

const readChoice = route({
  method: "GET",
  path: `${organisationBase}/billing-choice`,
  tag,
  summary: "How the organisation is billed: unit of the documents (COM-28), form (UTM-54), whom to tell",
  access: read,
  params: OfOrganisation,
  response: BillingChoice,
  handler: async ({ tx, organisation }) => {
    const { rows } = await sql<BillingChoice>`select unit, form, mail, language from commerce.billing_choice
      where organisation_id = ${organisation}`.execute(tx);
    return rows[0] ?? noChoice;
  },
});

const writeChoice = route({
  method: "PUT",
  path: `${organisationBase}/billing-choice`,
  tag,
  summary: "Set how the organisation is billed; holds for the next bill",
  access: { kind: "organisation", scope: "billing.write" },
  params: OfOrganisation,
  body: BillingChoice,
  response: BillingChoice,
  handler: async ({ tx, organisation, body, now, audit }) => {
    await sql`insert into commerce.billing_choice (organisation_id, unit, form, mail, language, updated_at)
      values (${organisation}, ${body.unit}, ${body.form}, ${body.mail}, ${body.language}, ${now})
      on conflict (organisation_id) do update set unit = excluded.unit, form = excluded.form, mail = excluded.mail,
        language = excluded.language, updated_at = excluded.updated_at`.execute(tx);
    await audit({ action: "billing.choice", subject: `organisation:${organisation}`, details: { ...body } });
    return body;
  },
});

const correction = route({
  method: "POST",
  path: `${providerBase}/:invoice/correction`,
  tag,
  summary: "Issue a corrected document that stands in the place of another; the other stays as it is (COM-11)",
  access: providerWrite,
  params: OneInvoice,
  body: NewCorrection,
  response: InvoiceDetail,
  status: 201,
  handler: async ({ tx, params, body, now, actor, audit, platform }) => {
    const work: CorrectionWork = { tx, now, actor };
    const id = await correctDocument(work, params.invoice, body);
    const made = (await invoiceById(tx, id)) as InvoiceDetail;
    await audit({ action: "invoice.correct", subject: params.invoice, details: { by: made.number, ...body } });
    await platform.jobs.add(tx, mailJob, { invoice: id }, { key: `bill-mail-${id}` });
    return made;
  },
});

const creditNote = route({
  method: "POST",
  path: `${providerBase}/:invoice/credit-notes`,
  tag,
  summary: "Issue a credit note (qualified return invoice) on lines of a document (COM-11)",
  access: providerWrite,
  params: OneInvoice,
  body: NewCreditNote,
  response: InvoiceDetail,
  status: 201,
  handler: async ({ tx, params, body, now, actor, audit, platform }) => {
    const id = await creditLines({ tx, now, actor }, params.invoice, body);
    const made = (await invoiceById(tx, id)) as InvoiceDetail;
    await audit({
      action: "invoice.credit",
      subject: params.invoice,
      details: { by: made.number, total: made.total, reason: body.reason },
    });
    await platform.jobs.add(tx, mailJob, { invoice: id }, { key: `bill-mail-${id}` });
    return made;
  },
});
