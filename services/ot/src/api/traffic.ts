/** What devices say to each other, over HTTP: conversations, commands, map, ranking, comparison, zones. */
import { Type } from "typebox";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Platform, type Route } from "@yagura/server/route.ts";
import { Id, Instant, literals } from "@yagura/server/shapes.ts";
import { rangeOf, spanView, wholeHours } from "../range.ts";
import { siteAsked } from "../sites.ts";
import { commandViews, endpointsIn, namesOf, refOf, type Names } from "../store/asset-detail.ts";
import { readComparison } from "../store/comparison.ts";
import { readMap } from "../store/map.ts";
import { endpointsOfAssets, placeOf } from "../store/place.ts";
import { readRanking } from "../store/ranking.ts";
import { need } from "../store/sensors.ts";
import { readCommands } from "../store/commands.ts";
import { readTalk, type Talk } from "../store/traffic.ts";
import { listZones } from "../store/zones.ts";
import { CommandClassWord, ProtocolWord } from "../wire/api.ts";
import { ChangeZone, NewZone, Zone } from "../wire/api-assets.ts";
import {
  Comparison,
  Conversations,
  measures,
  NetworkMap,
  Ranking,
  rankings,
  SiteCommands,
  type ConversationView,
} from "../wire/api-traffic.ts";
import { protocols } from "../wire/vocabulary.ts";
import { workOf } from "../work.ts";
import { changeZone, createZone, removeZone } from "../zones.ts";
import { base, inside, Limit, mayRead, mayWrite, ofOrganisation, ofSite, ofThing, tag, Times } from "./common.ts";

const iso = (time: number): string => new Date(time).toISOString();

function conversationView(talk: Talk, names: Names): ConversationView {
  const { client, server, first, last, rtt, ...rest } = talk;
  const end = (id: number) => {
    const { address = null, mac = null } = names.endpoints.get(id) ?? {};
    return { asset: refOf(names, id), address, mac };
  };
  return { ...rest, client: end(client), server: end(server), rttUs: rtt, firstAt: iso(first), lastAt: iso(last) };
}

/** The place that a question is about, and the endpoints of the devices that it names. */
const asked = (
  platform: Platform,
  organisation: OrganisationId,
  query: { site?: Uuid | undefined; asset?: Uuid | undefined; peer?: Uuid | undefined },
) =>
  inside(
    platform,
    organisation,
  )(async (tx) => {
    const site = await siteAsked(tx, organisation, query.site);
    const place = await placeOf(tx, platform.telemetry, organisation, site);
    const of = async (asset: Uuid | undefined): Promise<number[] | undefined> =>
      asset === undefined ? undefined : [...(await endpointsOfAssets(tx, [asset])).keys()];
    return { place, endpoints: await of(query.asset), peers: await of(query.peer) };
  });

const talking: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/conversations`,
    tag,
    summary: "Who talks with whom by which protocol, the greatest first; the last day unless told",
    access: mayRead,
    rate: 240,
    params: ofOrganisation,
    query: Type.Object({
      ...ofSite.properties,
      ...Times,
      asset: Type.Optional(Id),
      peer: Type.Optional(Id),
      protocol: Type.Optional(ProtocolWord),
      limit: Limit(5_000),
    }),
    response: Conversations,
    transaction: false,
    handler: async ({ platform, organisation, query, now }) => {
      const range = rangeOf(query, now);
      const { place, endpoints, peers } = await asked(platform, organisation, query);
      const protocol = query.protocol === undefined ? undefined : protocols[query.protocol].id;
      const which = { endpoints, peers, protocol };
      const { items: shown, total } = await readTalk(place, range, which, query.limit ?? 500);
      const names = await inside(platform, organisation)((tx) => namesOf(tx, place, endpointsIn(shown)));
      const items = shown.map((one) => conversationView(one, names));
      return { span: spanView(wholeHours(range)), items, total };
    },
  }),
  route({
    method: "GET",
    path: `${base}/commands`,
    tag,
    summary: "Commands of a site, critical ones first; the last day unless told",
    access: mayRead,
    rate: 240,
    params: ofOrganisation,
    query: Type.Object({
      ...ofSite.properties,
      ...Times,
      class: Type.Optional(CommandClassWord),
      protocol: Type.Optional(ProtocolWord),
      critical: Type.Optional(Type.Boolean()),
      limit: Limit(5_000),
    }),
    response: SiteCommands,
    transaction: false,
    handler: async ({ platform, organisation, query, now }) => {
      const range = rangeOf(query, now);
      const { place } = await asked(platform, organisation, { site: query.site });
      const protocol = query.protocol === undefined ? undefined : protocols[query.protocol].id;
      const sums = await readCommands(place, range, { protocol });
      const names = await inside(platform, organisation)((tx) => namesOf(tx, place, endpointsIn(sums)));
      const views = commandViews(sums, names, place.vocabulary).filter(
        (view) =>
          (query.class === undefined || view.class === query.class) &&
          (query.critical === undefined || view.critical === query.critical),
      );
      return { span: spanView(wholeHours(range)), items: views.slice(0, query.limit ?? 500), total: views.length };
    },
  }),
  route({
    method: "GET",
    path: `${base}/map`,
    tag,
    summary: "The network map of a site; `since` marks what is new and what is gone (OT-11, OT-15)",
    access: mayRead,
    rate: 120,
    params: ofOrganisation,
    query: Type.Object({ ...ofSite.properties, ...Times, since: Type.Optional(Instant) }),
    response: NetworkMap,
    transaction: false,
    handler: async ({ platform, organisation, query, now }) => {
      const range = rangeOf(query, now);
      const { place } = await asked(platform, organisation, { site: query.site });
      const since = query.since === undefined ? null : Date.parse(query.since);
      return readMap(inside(platform, organisation), place, range, since);
    },
  }),
  route({
    method: "GET",
    path: `${base}/ranking`,
    tag,
    summary: "Devices, pairs, protocols or services with the most traffic; the last day unless told (OT-13)",
    access: mayRead,
    rate: 120,
    params: ofOrganisation,
    query: Type.Object({
      ...ofSite.properties,
      ...Times,
      by: Type.Optional(literals(...rankings)),
      measure: Type.Optional(literals(...measures)),
      limit: Limit(200),
    }),
    response: Ranking,
    transaction: false,
    handler: async ({ platform, organisation, query, now }) => {
      const range = rangeOf(query, now);
      const { place } = await asked(platform, organisation, { site: query.site });
      const { by = "assets", measure = "bytes", limit = 20 } = query;
      return readRanking(inside(platform, organisation), place, range, { by, measure, limit });
    },
  }),
  route({
    method: "GET",
    path: `${base}/comparison`,
    tag,
    summary: "Two periods side by side: devices, conversations, commands, volumes (OT-14)",
    access: mayRead,
    rate: 60,
    params: ofOrganisation,
    query: Type.Object({
      ...ofSite.properties,
      beforeFrom: Instant,
      beforeTo: Instant,
      afterFrom: Instant,
      afterTo: Instant,
    }),
    response: Comparison,
    transaction: false,
    handler: async ({ platform, organisation, query, now }) => {
      const before = rangeOf({ from: query.beforeFrom, to: query.beforeTo }, now);
      const after = rangeOf({ from: query.afterFrom, to: query.afterTo }, now);
      const { place } = await asked(platform, organisation, { site: query.site });
      return readComparison(inside(platform, organisation), place, before, after);
    },
  }),
];

const zones = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/zones`,
    tag,
    summary: "Zones by subnet and VLAN, in the order in which they are asked (OT-12)",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Type.Array(Zone),
    handler: ({ tx, organisation, query }) => listZones(tx, organisation, { site: query.site }),
  }),
  route({
    method: "POST",
    path: `${base}/zones`,
    tag,
    summary: "Make a zone",
    access: mayWrite,
    params: ofOrganisation,
    body: NewZone,
    response: Zone,
    status: 201,
    handler: async (context) => {
      const { siteId, ...fields } = context.body;
      const site = await siteAsked(context.tx, context.organisation, siteId);
      const id = await createZone(workOf(context, devices), site, fields);
      return need(await listZones(context.tx, context.organisation, { id }));
    },
  }),
  route({
    method: "PATCH",
    path: `${base}/zones/:zone`,
    tag,
    summary: "Change a zone; one that was found is given from then on",
    access: mayWrite,
    params: ofThing("zone"),
    body: ChangeZone,
    response: Zone,
    handler: async (context) => {
      const id = context.params.zone;
      await changeZone(workOf(context, devices), id, context.body);
      return need(await listZones(context.tx, context.organisation, { id }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/zones/:zone`,
    tag,
    summary: "Remove a zone; its devices go to the next that has them",
    access: mayWrite,
    params: ofThing("zone"),
    handler: async (context) => removeZone(workOf(context, devices), context.params.zone),
  }),
];

export const trafficRoutes = (devices: Devices): readonly Route[] => [...talking, ...zones(devices)];
