/** Devices over HTTP: list, page, decisions (OT-6 to OT-12). */
import { Type } from "typebox";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Platform, type Route } from "@yagura/server/route.ts";
import { page } from "@yagura/server/shapes.ts";
import { changeAsset, mergeAssets, retireAsset, setLearning, splitAsset } from "../assets.ts";
import { rangeOf, spanView, wholeHours } from "../range.ts";
import {
  assetDetail,
  assetPlace,
  namesOf,
  readAssetCommands,
  readPeers,
  timelineOf,
  type Names,
} from "../store/asset-detail.ts";
import { assetsCsv } from "../store/asset-csv.ts";
import { allAssets, facetsOf, pageOfAssets } from "../store/asset-list.ts";
import { readImpact } from "../store/impact.ts";
import { readAssetOrders } from "../store/orders.ts";
import type { Place } from "../store/place.ts";
import { readSeries } from "../store/traffic.ts";
import {
  AssetDetail,
  AssetFacets,
  AssetFilter,
  AssetItem,
  AssetQuery,
  ChangeAsset,
  Commands,
  Impact,
  MergeAssets,
  Peers,
  SetLearning,
  SplitAsset,
  Timeline,
  TrafficSeries,
} from "../wire/api-assets.ts";
import { Orders } from "../wire/api-orders.ts";
import { workOf } from "../work.ts";
import { base, inside, Limit, mayRead, mayWrite, ofOrganisation, ofSite, ofThing, tag, Times } from "./common.ts";

const path = `${base}/assets/:asset`;
const ofAsset = ofThing("asset");

const lists: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/assets`,
    tag,
    summary: "Devices that were seen, filtered and in an order (OT-6)",
    access: mayRead,
    params: ofOrganisation,
    query: AssetQuery,
    response: page(AssetItem),
    handler: ({ tx, organisation, query }) => pageOfAssets(tx, organisation, query),
  }),
  route({
    method: "GET",
    path: `${base}/assets.csv`,
    tag,
    summary: "The same as a file",
    access: mayRead,
    params: ofOrganisation,
    query: Type.Object(AssetFilter),
    raw: "text/csv; charset=utf-8",
    rate: 60,
    handler: async ({ tx, organisation, query, now, audit, reply }) => {
      const items = await allAssets(tx, organisation, query);
      await audit({ action: "ot-asset.export", subject: organisation, details: { rows: items.length } });
      const name = `assets-${now.toISOString().slice(0, 10)}.csv`;
      void reply.header("content-disposition", `attachment; filename="${name}"`);
      return assetsCsv(items);
    },
  }),
  route({
    method: "GET",
    path: `${base}/assets/facets`,
    tag,
    summary: "What the list of devices can be filtered by, with counts",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: AssetFacets,
    handler: ({ tx, organisation, query }) => facetsOf(tx, organisation, query.site),
  }),
  route({
    method: "GET",
    path,
    tag,
    summary: "One device with the evidence for all that is known of it (OT-9, OT-N5)",
    access: mayRead,
    params: ofAsset,
    response: AssetDetail,
    handler: ({ tx, organisation, params, now }) => assetDetail(tx, organisation, params.asset, now),
  }),
  route({
    method: "GET",
    path: `${path}/timeline`,
    tag,
    summary: "What became known of the device and what was done to it, newest first; the last 90 days unless told",
    access: mayRead,
    params: ofAsset,
    query: Type.Object(Times),
    response: Timeline,
    handler: async ({ tx, platform, organisation, params, query, now }) => {
      await assetPlace(tx, platform.telemetry, organisation, params.asset);
      return timelineOf(tx, organisation, params.asset, rangeOf(query, now, 90 * 24));
    },
  }),
];

/** Names of endpoints, each in a transaction of its own, so that none is open while telemetry is asked. */
const naming =
  (platform: Platform, organisation: OrganisationId, place: Place) =>
  (ids: Iterable<number>): Promise<Names> =>
    inside(platform, organisation)((tx) => namesOf(tx, place, ids));
const placed = (platform: Platform, organisation: OrganisationId, asset: Uuid) =>
  inside(platform, organisation)((tx) => assetPlace(tx, platform.telemetry, organisation, asset));

const talking: readonly Route[] = [
  route({
    method: "GET",
    path: `${path}/peers`,
    tag,
    summary: "With whom the device talks, the greatest first; the last day unless told",
    access: mayRead,
    params: ofAsset,
    query: Type.Object({ ...Times, limit: Limit(1_000) }),
    response: Peers,
    transaction: false,
    handler: async ({ platform, organisation, params, query, now }) => {
      const range = rangeOf(query, now);
      const at = await placed(platform, organisation, params.asset);
      const peers = await readPeers(at, range, naming(platform, organisation, at.place));
      return { span: spanView(wholeHours(range)), items: peers.slice(0, query.limit ?? 200), total: peers.length };
    },
  }),
  route({
    method: "GET",
    path: `${path}/commands`,
    tag,
    summary: "Commands to and from the device, critical ones first; the last day unless told",
    access: mayRead,
    params: ofAsset,
    query: Type.Object({ ...Times, limit: Limit(1_000) }),
    response: Commands,
    transaction: false,
    handler: async ({ platform, organisation, params, query, now }) => {
      const range = rangeOf(query, now);
      const at = await placed(platform, organisation, params.asset);
      const commands = await readAssetCommands(at, range, naming(platform, organisation, at.place));
      return {
        span: spanView(wholeHours(range)),
        items: commands.slice(0, query.limit ?? 200),
        total: commands.length,
      };
    },
  }),
  route({
    method: "GET",
    path: `${path}/orders`,
    tag,
    summary: "In which order functions are asked for, from and of the device; the last week unless told (OT-20)",
    access: mayRead,
    params: ofAsset,
    query: Type.Object({ ...Times, limit: Limit(1_000) }),
    response: Orders,
    transaction: false,
    handler: async ({ platform, organisation, params, query, now }) => {
      const range = rangeOf(query, now, 7 * 24);
      const at = await placed(platform, organisation, params.asset);
      const orders = await readAssetOrders(at, range, naming(platform, organisation, at.place));
      return { span: spanView(range), items: orders.slice(0, query.limit ?? 200), total: orders.length };
    },
  }),
  route({
    method: "GET",
    path: `${path}/traffic`,
    tag,
    summary: "Amounts by hour, or by day for longer times; the last day unless told",
    access: mayRead,
    params: ofAsset,
    query: Type.Object(Times),
    response: TrafficSeries,
    transaction: false,
    handler: async ({ platform, organisation, params, query, now }) => {
      const range = rangeOf(query, now);
      const { place, endpoints } = await placed(platform, organisation, params.asset);
      return { span: spanView(wholeHours(range)), ...(await readSeries(place, range, endpoints)) };
    },
  }),
  route({
    method: "GET",
    path: `${path}/impact`,
    tag,
    summary: "Who depends on the device; the last 30 days unless told",
    access: mayRead,
    params: ofAsset,
    query: Type.Object(Times),
    response: Impact,
    transaction: false,
    handler: async ({ platform, organisation, params, query, now }) => {
      const range = rangeOf(query, now, 30 * 24);
      const at = await placed(platform, organisation, params.asset);
      return readImpact(inside(platform, organisation), at, range);
    },
  }),
];

const deciding = (devices: Devices): readonly Route[] => [
  route({
    method: "PATCH",
    path,
    tag,
    summary: "Set name, role, importance, zone, level or note by hand; null takes back",
    access: mayWrite,
    params: ofAsset,
    body: ChangeAsset,
    response: AssetDetail,
    handler: async (context) => {
      const id = context.params.asset;
      await changeAsset(workOf(context, devices), id, context.body);
      return assetDetail(context.tx, context.organisation, id, context.now);
    },
  }),
  route({
    method: "POST",
    path: `${path}/merge`,
    tag,
    summary: "Join other devices into this one, for good",
    access: mayWrite,
    params: ofAsset,
    body: MergeAssets,
    response: AssetDetail,
    handler: async (context) => {
      const id = context.params.asset;
      await mergeAssets(workOf(context, devices), id, context.body.assetIds);
      return assetDetail(context.tx, context.organisation, id, context.now);
    },
  }),
  route({
    method: "POST",
    path: `${path}/split`,
    tag,
    summary: "Make a device of its own of some MACs and addresses, for good; the answer is the new one",
    access: mayWrite,
    params: ofAsset,
    body: SplitAsset,
    response: AssetDetail,
    status: 201,
    handler: async (context) => {
      const id = await splitAsset(workOf(context, devices), context.params.asset, context.body);
      return assetDetail(context.tx, context.organisation, id, context.now);
    },
  }),
  route({
    method: "POST",
    path: `${path}/learning`,
    tag,
    summary: "Learn the device anew, or take all that it did until now for normal (OT-27)",
    access: mayWrite,
    params: ofAsset,
    body: SetLearning,
    response: AssetDetail,
    handler: async (context) => {
      const id = context.params.asset;
      await setLearning(workOf(context, devices), [id], context.body.state);
      return assetDetail(context.tx, context.organisation, id, context.now);
    },
  }),
  route({
    method: "DELETE",
    path,
    tag,
    summary: "Take a device off the lists until it is seen again",
    access: mayWrite,
    params: ofAsset,
    handler: async (context) => retireAsset(workOf(context, devices), context.params.asset),
  }),
];

export const assetRoutes = (devices: Devices): readonly Route[] => [...lists, ...talking, ...deciding(devices)];
