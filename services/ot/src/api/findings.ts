/** Findings and what people decide about them, over HTTP: approve, mute, allow, permits (OT-27, OT-28, OT-N4). */
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { approveFinding, closeFinding, createMute, endMute, muteFinding } from "../findings.ts";
import { cancelPermit, changePermit, createAllowRule, createPermit, removeAllowRule } from "../rules.ts";
import { siteAsked } from "../sites.ts";
import { needAssets } from "../store/asset-list.ts";
import { pageOfFindings } from "../store/findings.ts";
import { listAllowRules, listMutes, listPermits, permitFacts, permitReport } from "../store/rules.ts";
import { need } from "../store/sensors.ts";
import {
  AllowRule,
  ChangePermit,
  Decide,
  FindingPage,
  FindingQuery,
  FindingView,
  Mute,
  MuteFinding,
  NewAllowRule,
  NewMute,
  NewPermit,
  Permit,
  PermitReport,
} from "../wire/api-findings.ts";
import { workOf } from "../work.ts";
import { base, inside, mayRead, mayWrite, ofOrganisation, ofSite, ofThing, tag } from "./common.ts";

const ofFinding = ofThing("finding");
const one = async (context: { tx: Parameters<typeof pageOfFindings>[0]; organisation: string }, id: string) =>
  need((await pageOfFindings(context.tx, context.organisation, { id, limit: 1 })).items);

const findings = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/findings`,
    tag,
    summary: "What was found, newest first",
    access: mayRead,
    params: ofOrganisation,
    query: FindingQuery,
    response: FindingPage,
    handler: ({ tx, organisation, query }) => pageOfFindings(tx, organisation, query),
  }),
  route({
    method: "GET",
    path: `${base}/findings/:finding`,
    tag,
    summary: "One finding",
    access: mayRead,
    params: ofFinding,
    response: FindingView,
    handler: (context) => one(context, context.params.finding),
  }),
  route({
    method: "POST",
    path: `${base}/findings/:finding/approve`,
    tag,
    summary: "This is normal: learn it",
    access: mayWrite,
    params: ofFinding,
    body: Decide,
    response: FindingView,
    // The lock of the site is taken first, as the watch does.
    transaction: false,
    handler: async ({ platform, organisation, now, actor, params, body }) => {
      await approveFinding(
        {
          organisation,
          now,
          devices,
          platform,
          actor: "name" in actor ? actor.name : null,
          auditIn: (tx, entry) => platform.audit(tx, actor, organisation, entry),
        },
        params.finding,
        body.reason ?? "",
      );
      return inside(platform, organisation)((tx) => one({ tx, organisation }, params.finding));
    },
  }),
  route({
    method: "POST",
    path: `${base}/findings/:finding/close`,
    tag,
    summary: "Dealt with; it comes again when it is seen again",
    access: mayWrite,
    params: ofFinding,
    body: Decide,
    response: FindingView,
    handler: async (context) => {
      await closeFinding(workOf(context, devices), context.params.finding, context.body.reason ?? "");
      return one(context, context.params.finding);
    },
  }),
  route({
    method: "POST",
    path: `${base}/findings/:finding/mute`,
    tag,
    summary: "Say nothing of it until an end, with a reason",
    access: mayWrite,
    params: ofFinding,
    body: MuteFinding,
    response: Mute,
    status: 201,
    handler: async (context) => {
      const id = await muteFinding(workOf(context, devices), context.params.finding, context.body);
      return need(await listMutes(context.tx, context.organisation, context.now, { id }));
    },
  }),
];

const mutes = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/mutes`,
    tag,
    summary: "Mutes, newest first",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Type.Array(Mute),
    handler: ({ tx, organisation, query, now }) => listMutes(tx, organisation, now, { site: query.site }),
  }),
  route({
    method: "POST",
    path: `${base}/mutes`,
    tag,
    summary: "Mute a kind of finding or a device until an end, with a reason",
    access: mayWrite,
    params: ofOrganisation,
    body: NewMute,
    response: Mute,
    status: 201,
    handler: async (context) => {
      const { siteId, kind = null, assetId = null, reason, until } = context.body;
      const site = await siteAsked(context.tx, context.organisation, siteId);
      if (assetId !== null) await needAssets(context.tx, context.organisation, site, [assetId]);
      const mute = { site, kind, asset: assetId, dedupeKey: null, reason, until };
      const id = await createMute(workOf(context, devices), mute);
      return need(await listMutes(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/mutes/:mute`,
    tag,
    summary: "End a mute before its end",
    access: mayWrite,
    params: ofThing("mute"),
    handler: async (context) => endMute(workOf(context, devices), context.params.mute),
  }),
  route({
    method: "GET",
    path: `${base}/allow-rules`,
    tag,
    summary: "What is always in order, newest first",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Type.Array(AllowRule),
    handler: ({ tx, organisation, query }) => listAllowRules(tx, organisation, { site: query.site }),
  }),
  route({
    method: "POST",
    path: `${base}/allow-rules`,
    tag,
    summary: "Allow for good",
    access: mayWrite,
    params: ofOrganisation,
    body: NewAllowRule,
    response: AllowRule,
    status: 201,
    handler: async (context) => {
      await siteAsked(context.tx, context.organisation, context.body.siteId);
      const id = await createAllowRule(workOf(context, devices), context.body);
      return need(await listAllowRules(context.tx, context.organisation, { id }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/allow-rules/:rule`,
    tag,
    summary: "Allow it no longer",
    access: mayWrite,
    params: ofThing("rule"),
    handler: async (context) => removeAllowRule(workOf(context, devices), context.params.rule),
  }),
];

const permits = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/permits`,
    tag,
    summary: "Planned work, the latest first (OT-28, OT-N4)",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Type.Array(Permit),
    handler: ({ tx, organisation, query, now }) => listPermits(tx, organisation, now, { site: query.site }),
  }),
  route({
    method: "POST",
    path: `${base}/permits`,
    tag,
    summary: "Plan work: who, on which devices, which classes of commands, when",
    access: mayWrite,
    params: ofOrganisation,
    body: NewPermit,
    response: Permit,
    status: 201,
    handler: async (context) => {
      const { siteId, ...fields } = context.body;
      const site = await siteAsked(context.tx, context.organisation, siteId);
      const id = await createPermit(workOf(context, devices), site, fields);
      return need(await listPermits(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "GET",
    path: `${base}/permits/:permit`,
    tag,
    summary: "One permit",
    access: mayRead,
    params: ofThing("permit"),
    response: Permit,
    handler: async ({ tx, organisation, params, now }) =>
      need(await listPermits(tx, organisation, now, { id: params.permit })),
  }),
  route({
    method: "PATCH",
    path: `${base}/permits/:permit`,
    tag,
    summary: "Change planned work that is not over",
    access: mayWrite,
    params: ofThing("permit"),
    body: ChangePermit,
    response: Permit,
    handler: async (context) => {
      const id = context.params.permit;
      await changePermit(workOf(context, devices), id, context.body);
      return need(await listPermits(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "POST",
    path: `${base}/permits/:permit/cancel`,
    tag,
    summary: "Cancel planned work: from now on nothing is covered by it",
    access: mayWrite,
    params: ofThing("permit"),
    response: Permit,
    handler: async (context) => {
      const id = context.params.permit;
      await cancelPermit(workOf(context, devices), id);
      return need(await listPermits(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "GET",
    path: `${base}/permits/:permit/report`,
    tag,
    summary: "Permit against what was seen",
    access: mayRead,
    params: ofThing("permit"),
    response: PermitReport,
    transaction: false,
    handler: async ({ platform, organisation, params, now }) => {
      const within = inside(platform, organisation);
      const { permit, facts } = await within(async (tx) => {
        const found = need(await listPermits(tx, organisation, now, { id: params.permit }));
        return { permit: found, facts: await permitFacts(tx, platform.telemetry, organisation, found) };
      });
      return permitReport(facts, permit, within, now);
    },
  }),
];

export const findingRoutes = (devices: Devices): readonly Route[] => [
  ...findings(devices),
  ...mutes(devices),
  ...permits(devices),
];
