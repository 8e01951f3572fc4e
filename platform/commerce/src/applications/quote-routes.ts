/** The API of quotes. */
import { Type } from "typebox";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";
import { workOf, type ContractParts } from "../contracts/work.ts";
import { raise } from "./errors.ts";
import { makeQuote, quoteById, quotesOf } from "./quotes.ts";
import { NewQuote, Quote } from "./shapes.ts";

const quotes = "/api/v1/organisations/:organisation/quotes";
const ofOrganisation = Type.Object({ organisation: Id });

export const quoteRoutes = (parts: ContractParts): readonly Route[] => [make(parts), list, show];

const make = (parts: ContractParts) =>
  route({
    method: "POST",
    path: quotes,
    tag: "applications",
    summary:
      "What an order would cost, by the function that bills (COM-19); its prices stay a contract's that is made of it",
    access: { kind: "organisation", scope: "application.write" },
    params: ofOrganisation,
    body: NewQuote,
    response: Quote,
    status: 201,
    handler: async (context) => {
      const { body, role, organisation, audit } = context;
      // How long prices stay, and prices of a quote's own, are money that the billing staff agree to.
      const own = body.prices !== undefined || body.validUntil !== undefined;
      if (own && role !== "provider-admin" && role !== "provider-billing") throw raise("QUOTE_PRICES_STAFF");
      const made = await makeQuote(workOf(parts)(context), organisation, body);
      await audit({
        action: "quote.make",
        subject: made.id,
        details: { service: made.service, plan: made.plan, total: made.totals.total },
      });
      return made;
    },
  });

const list = route({
  method: "GET",
  path: quotes,
  tag: "applications",
  summary: "Quotes of an organisation, newest first",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofOrganisation,
  response: Type.Array(Quote),
  handler: ({ tx, organisation }) => quotesOf(tx, organisation),
});

const show = route({
  method: "GET",
  path: `${quotes}/:quote`,
  tag: "applications",
  summary: "One quote as it was made",
  access: { kind: "organisation", scope: "contract.read" },
  params: Type.Object({ organisation: Id, quote: Id }),
  response: Quote,
  handler: async ({ tx, organisation, params }) => {
    const found = await quoteById(tx, organisation, params.quote);
    if (found === null) throw raiseServer("NOT_FOUND");
    return found;
  },
});
