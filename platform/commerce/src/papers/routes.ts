/** The API of papers that are made of what is stored. */
import { Type } from "typebox";
import { renderDocument } from "@yagura/reports/reports.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id, LanguageCode } from "@yagura/server/shapes.ts";
import { applicationsOf } from "../applications/rows.ts";
import { quoteById } from "../applications/quotes.ts";
import { invoiceById } from "../billing/invoices.ts";
import type { Offer } from "../charging/offer.ts";
import { foundContract } from "../entitlements/reading.ts";
import { attachedAs } from "../downloads.ts";
import { contractNoticeOf, explanationOf, quoteOf, refusalOf } from "./papers.ts";

const base = "/api/v1/organisations/:organisation";
const pdf = "application/pdf";
/** The reader's language unless told. */
const Printed = Type.Object({ language: Type.Optional(LanguageCode) }, closed);

type Sent = Parameters<typeof attachedAs>[0];
const named = (reply: Sent, name: string): void => attachedAs(reply, `${name.replaceAll("/", "-")}.pdf`);

const explain = route({
  method: "GET",
  path: `${base}/invoices/:invoice/why/pdf`,
  tag: "invoices",
  summary: "Why the amounts of a document are what they are, as PDF (COM-18)",
  access: { kind: "organisation", scope: "invoice.read" },
  params: Type.Object({ organisation: Id, invoice: Id }),
  query: Printed,
  raw: pdf,
  handler: async ({ tx, organisation, params, query, language, reply }) => {
    const invoice = await invoiceById(tx, params.invoice, organisation);
    if (invoice === null) throw raiseServer("NOT_FOUND");
    const content = await explanationOf(tx, invoice);
    named(reply, content.number);
    return Buffer.from(await renderDocument("explanation", content, query.language ?? language));
  },
});

const quote = (offers: readonly Offer[]) =>
  route({
    method: "GET",
    path: `${base}/quotes/:quote/pdf`,
    tag: "applications",
    summary: "A quote as PDF",
    access: { kind: "organisation", scope: "contract.read" },
    params: Type.Object({ organisation: Id, quote: Id }),
    query: Printed,
    raw: pdf,
    handler: async ({ tx, organisation, params, query, language, reply }) => {
      const found = await quoteById(tx, organisation, params.quote);
      if (found === null) throw raiseServer("NOT_FOUND");
      const content = await quoteOf(tx, organisation, found, offers);
      named(reply, content.number);
      return Buffer.from(await renderDocument("quote", content, query.language ?? language));
    },
  });

const contractNotice = (offers: readonly Offer[]) =>
  route({
    method: "GET",
    path: `${base}/contracts/:contract/notice/pdf`,
    tag: "contracts",
    summary: "The notice of a contract: what was accepted, from when, at which prices, how long it binds",
    access: { kind: "organisation", scope: "contract.read" },
    params: Type.Object({ organisation: Id, contract: Id }),
    query: Printed,
    raw: pdf,
    handler: async ({ tx, organisation, params, query, language, reply }) => {
      const row = await foundContract(tx, organisation, params.contract);
      const content = await contractNoticeOf(tx, row, offers);
      named(reply, content.number);
      return Buffer.from(await renderDocument("contract-notice", content, query.language ?? language));
    },
  });

const refusal = (offers: readonly Offer[]) =>
  route({
    method: "GET",
    path: `${base}/applications/:application/refusal/pdf`,
    tag: "applications",
    summary: "The letter that tells of a refused application and its ground (SEC-09)",
    access: { kind: "organisation", scope: "contract.read" },
    params: Type.Object({ organisation: Id, application: Id }),
    query: Printed,
    raw: pdf,
    handler: async ({ tx, organisation, params, query, language, reply }) => {
      const [found] = await applicationsOf(tx, { organisation, id: params.application, state: "refused" });
      if (found === undefined) throw raiseServer("NOT_FOUND");
      const content = await refusalOf(tx, found, offers);
      named(reply, content.number);
      return Buffer.from(await renderDocument("refusal", content, query.language ?? language));
    },
  });

export const paperRoutes = (offers: readonly Offer[]): readonly Route[] => [
  explain,
  quote(offers),
  contractNotice(offers),
  refusal(offers),
];
