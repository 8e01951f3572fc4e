/** The API of what can be ordered: forms, items, prices in force and texts, for customers and for the provider. */
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id, page } from "@yagura/server/shapes.ts";
import type { Offer } from "../charging/offer.ts";
import { organisationFacts } from "../organisations.ts";
import { wholeList } from "../paging.ts";
import { offeredOn } from "./offered.ts";
import { GroundItem, GroundQuery, NoticeRuleItem, OfferItem, OfferQuery } from "./shapes.ts";

export const offerRoutes = (offers: readonly Offer[]): readonly Route[] => {
  const wanted = (service: string | undefined) =>
    offers.filter((offer) => service === undefined || offer.service === service);
  return [
    route({
      method: "GET",
      path: "/api/v1/organisations/:organisation/offers",
      tag: "prices",
      summary: "What the organisation can order on a day: forms, items, prices in force, texts",
      access: { kind: "organisation", scope: "contract.read" },
      params: Type.Object({ organisation: Id }),
      query: OfferQuery,
      response: page(OfferItem),
      handler: async ({ tx, now, query, organisation }) => {
        const internal = (await organisationFacts(tx, organisation))?.internal === true;
        const found = await offeredOn(tx, wanted(query.service), query.on ?? dayOf(now));
        // The provider's own organisation is never charged, so that it may use what is not on sale yet.
        return wholeList(found.filter(({ offered }) => offered || internal));
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/provider/offers",
      tag: "prices",
      summary: "What each service brings on a day, offered or not: forms, items, prices in force, texts",
      access: { kind: "provider", scope: "contract.read" },
      query: OfferQuery,
      response: page(OfferItem),
      handler: async ({ tx, now, query }) =>
        wholeList(await offeredOn(tx, wanted(query.service), query.on ?? dayOf(now))),
    }),
    route({
      method: "GET",
      path: "/api/v1/provider/grounds",
      tag: "terms",
      summary: "Grounds in the terms of a service, by what they may be used for: refusal, suspension, cancellation",
      access: { kind: "provider", scope: "contract.read" },
      query: GroundQuery,
      response: page(GroundItem),
      handler: async ({ query }) =>
        wholeList(wanted(query.service).flatMap(({ grounds }) => grounds.map((ground) => ({ ...ground })))),
    }),
    route({
      method: "GET",
      path: "/api/v1/provider/notice-rules",
      tag: "notices",
      summary: "Kinds of notice that the terms of a service know: lead time, ways, what each must state (matrix 7.3)",
      access: { kind: "provider", scope: "contract.read" },
      query: GroundQuery,
      response: page(NoticeRuleItem),
      handler: async ({ query }) =>
        wholeList(
          wanted(query.service).flatMap(({ notices }) =>
            notices
              .filter(({ by }) => by === "provider")
              .map(({ rule, kind, name, lead, channels, states, emergencyWithoutLead }) => ({
                rule,
                kind,
                name,
                lead: { count: lead.count, unit: lead.unit },
                channels: [...channels],
                states: [...states],
                emergencyWithoutLead,
              })),
          ),
        ),
    }),
  ];
};
