/** What the detections go by, over HTTP: settings, signatures, learning, what-if; the customer's list, captures, the report. */
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id, Name } from "@yagura/server/shapes.ts";
import { setLearning } from "../assets.ts";
import { captureResult, listCaptures, MAX_CAPTURE_BYTES, removeCapture, takeCapture } from "../captures.ts";
import { rangeOf } from "../range.ts";
import { importRegister, listImports, readRegisterOf, removeRegister } from "../register.ts";
import { changeSettings, changeSignatures } from "../rules.ts";
import { siteAsked } from "../sites.ts";
import { allAssets, needAssets } from "../store/asset-list.ts";
import { slotsInUse } from "../store/declared.ts";
import { readAssessment } from "../store/assessment.ts";
import { readLearning, readSettings, readSignatures } from "../store/rules.ts";
import { need } from "../store/sensors.ts";
import { listWhatIfs, removeWhatIf, startWhatIf } from "../what-if.ts";
import {
  Assessment,
  CaptureResult,
  CaptureUpload,
  NewRegisterImport,
  Register,
  RegisterImport,
} from "../wire/api-register.ts";
import {
  ChangeSettings,
  ChangeSignatures,
  Learning,
  NewWhatIf,
  RestartLearning,
  Settings,
  SignatureRules,
  WhatIf,
} from "../wire/api-rules.ts";
import { workOf } from "../work.ts";
import { base, inside, mayRead, mayWrite, ofOrganisation, ofSite, ofThing, tag, Times } from "./common.ts";

const settings = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/settings`,
    tag,
    summary: "Thresholds and kinds of the detections of a site",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Settings,
    handler: async ({ tx, organisation, query }) => readSettings(tx, await siteAsked(tx, organisation, query.site)),
  }),
  route({
    method: "PUT",
    path: `${base}/settings`,
    tag,
    summary: "Set what differs from the defaults; the rest is at its default",
    access: mayWrite,
    params: ofOrganisation,
    body: ChangeSettings,
    response: Settings,
    handler: async (context) => {
      const site = await siteAsked(context.tx, context.organisation, context.body.siteId);
      await changeSettings(workOf(context, devices), site, context.body.change);
      return readSettings(context.tx, site);
    },
  }),
  route({
    method: "GET",
    path: `${base}/signatures`,
    tag,
    summary: "Signatures of a site in Suricata's rule language, and which lines cannot be used",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: SignatureRules,
    handler: async ({ tx, organisation, query }) => readSignatures(tx, await siteAsked(tx, organisation, query.site)),
  }),
  route({
    method: "PUT",
    path: `${base}/signatures`,
    tag,
    summary: "Replace the signatures; the sensors of the site are told at once",
    access: mayWrite,
    rate: 20,
    params: ofOrganisation,
    body: ChangeSignatures,
    bodyLimit: 4 * 1024 * 1024,
    response: SignatureRules,
    handler: async (context) => {
      const site = await siteAsked(context.tx, context.organisation, context.body.siteId);
      await changeSignatures(workOf(context, devices), site, context.body.text);
      return readSignatures(context.tx, site);
    },
  }),
  route({
    method: "GET",
    path: `${base}/learning`,
    tag,
    summary: "How far the learning of a site is (OT-27)",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Learning,
    handler: async ({ tx, organisation, query, now }) =>
      readLearning(tx, organisation, await siteAsked(tx, organisation, query.site), now),
  }),
  route({
    method: "POST",
    path: `${base}/learning/restart`,
    tag,
    summary: "Learn some devices, or all of a site, anew",
    access: mayWrite,
    rate: 10,
    params: ofOrganisation,
    body: RestartLearning,
    response: Learning,
    handler: async (context) => {
      const { tx, organisation, now, body } = context;
      const site = await siteAsked(tx, organisation, body.siteId);
      await needAssets(tx, organisation, site, body.assetIds);
      const all =
        body.assetIds.length > 0 ? body.assetIds : (await allAssets(tx, organisation, { site })).map(({ id }) => id);
      await setLearning(workOf(context, devices), all, "learning");
      return readLearning(tx, organisation, site, now);
    },
  }),
  route({
    method: "GET",
    path: `${base}/what-if`,
    tag,
    summary: "What-ifs, newest first (OT-N3)",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Type.Array(WhatIf),
    handler: ({ tx, organisation, query }) => listWhatIfs(tx, organisation, { site: query.site }),
  }),
  route({
    method: "POST",
    path: `${base}/what-if`,
    tag,
    summary: "Go through stored metadata again with changed settings, before they go live",
    access: mayWrite,
    rate: 30,
    params: ofOrganisation,
    body: NewWhatIf,
    response: WhatIf,
    status: 201,
    handler: async (context) => {
      const { siteId, days, change } = context.body;
      const site = await siteAsked(context.tx, context.organisation, siteId);
      const id = await startWhatIf(workOf(context, devices), site, days, change);
      return need(await listWhatIfs(context.tx, context.organisation, { id }));
    },
  }),
  route({
    method: "GET",
    path: `${base}/what-if/:run`,
    tag,
    summary: "One what-if with its progress and result",
    access: mayRead,
    params: ofThing("run"),
    response: WhatIf,
    handler: async ({ tx, organisation, params }) => need(await listWhatIfs(tx, organisation, { id: params.run })),
  }),
  route({
    method: "DELETE",
    path: `${base}/what-if/:run`,
    tag,
    summary: "Remove a what-if; one that runs stops",
    access: mayWrite,
    params: ofThing("run"),
    handler: async (context) => removeWhatIf(workOf(context, devices), context.params.run),
  }),
];

const register = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/register`,
    tag,
    summary: "The customer's own list against what is seen (OT-10)",
    access: mayRead,
    rate: 60,
    params: ofOrganisation,
    query: ofSite,
    response: Register,
    handler: async ({ tx, organisation, query }) =>
      readRegisterOf(tx, organisation, await siteAsked(tx, organisation, query.site)),
  }),
  route({
    method: "GET",
    path: `${base}/register/imports`,
    tag,
    summary: "Imports of the list, newest first",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Type.Array(RegisterImport),
    handler: async ({ tx, organisation, query }) =>
      listImports(tx, organisation, await siteAsked(tx, organisation, query.site)),
  }),
  route({
    method: "POST",
    path: `${base}/register/imports`,
    tag,
    summary: "Replace the list by a CSV file, or only say what would be (dryRun)",
    access: mayWrite,
    rate: 60,
    params: ofOrganisation,
    body: NewRegisterImport,
    bodyLimit: 12 * 1024 * 1024,
    response: RegisterImport,
    handler: async (context) => {
      await siteAsked(context.tx, context.organisation, context.body.siteId);
      return importRegister(workOf(context, devices), context.body);
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/register`,
    tag,
    summary: "Remove the list of a site",
    access: mayWrite,
    params: ofOrganisation,
    query: Type.Object({ site: Id }),
    handler: async (context) =>
      removeRegister(workOf(context, devices), await siteAsked(context.tx, context.organisation, context.query.site)),
  }),
];

const captures = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/captures`,
    tag,
    summary: "Captures that were handed in for a one-off analysis, newest first (OT-32)",
    access: mayRead,
    params: ofOrganisation,
    response: Type.Array(CaptureUpload),
    handler: ({ tx, organisation }) => listCaptures(tx, organisation),
  }),
  route({
    method: "POST",
    path: `${base}/captures`,
    tag,
    summary: "Hand in a capture file (pcap, pcapng, also compressed) as the body; at most 128 MB",
    access: mayWrite,
    rate: 20,
    params: ofOrganisation,
    // With a site its own protocols are read as well.
    query: Type.Object({ name: Name, ...ofSite.properties }),
    rawBody: true,
    bodyLimit: MAX_CAPTURE_BYTES,
    response: CaptureUpload,
    status: 201,
    handler: async (context) => {
      const { tx, organisation, query, body } = context;
      const site = query.site === undefined ? null : await siteAsked(tx, organisation, query.site);
      const declared = site === null ? [] : await slotsInUse(tx, site);
      const file = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const id = await takeCapture(workOf(context, devices), query.name, file, { parser: null, declared });
      return need(await listCaptures(tx, organisation, { id }));
    },
  }),
  route({
    method: "GET",
    path: `${base}/captures/:capture`,
    tag,
    summary: "A capture and what the engine made of it",
    access: mayRead,
    rate: 60,
    params: ofThing("capture"),
    response: CaptureResult,
    handler: ({ tx, organisation, params }) => captureResult(tx, organisation, params.capture),
  }),
  route({
    method: "DELETE",
    path: `${base}/captures/:capture`,
    tag,
    summary: "Remove a capture and its result",
    access: mayWrite,
    params: ofThing("capture"),
    handler: async (context) => removeCapture(workOf(context, devices), context.params.capture),
  }),
  route({
    method: "GET",
    path: `${base}/reports/assessment`,
    tag,
    summary: "Figures of the assessment report; the last 30 days unless told (OT-30)",
    access: mayRead,
    rate: 60,
    params: ofOrganisation,
    query: Type.Object({ ...ofSite.properties, ...Times }),
    response: Assessment,
    transaction: false,
    handler: async ({ platform, organisation, query, now }) => {
      const range = rangeOf(query, now, 30 * 24);
      const site = await inside(platform, organisation)((tx) => siteAsked(tx, organisation, query.site));
      return readAssessment(platform, organisation, site, range, now);
    },
  }),
];

export const ruleRoutes = (devices: Devices): readonly Route[] => [
  ...settings(devices),
  ...register(devices),
  ...captures(devices),
];
