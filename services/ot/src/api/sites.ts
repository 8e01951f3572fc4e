/** Sites, sensors and the overview over HTTP. */
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { changeSensor, createSensor, issueKey, revokeKey, revokeMachine } from "../sensors.ts";
import { changeSite, createSite, listSites, removeSite } from "../sites.ts";
import { readOverview } from "../store/overview.ts";
import { ledgerEntries, ledgerState, need, sensorDetail, sensorFacts, withQuality } from "../store/sensors.ts";
import {
  ChangeSensor,
  ChangeSite,
  LedgerPage,
  NewSensor,
  NewSensorKey,
  NewSite,
  Overview,
  Sensor,
  SensorDetail,
  SensorKey,
  Site,
} from "../wire/api.ts";
import { workOf } from "../work.ts";
import { base, inside, Limit, mayRead, mayWrite, ofOrganisation, ofSite, ofThing, tag } from "./common.ts";

const sites = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/sites`,
    tag,
    summary: "Sites: places with one space of addresses each",
    access: mayRead,
    params: ofOrganisation,
    response: Type.Array(Site),
    handler: ({ tx, organisation, now }) => listSites(tx, organisation, now),
  }),
  route({
    method: "POST",
    path: `${base}/sites`,
    tag,
    summary: "Make a site",
    access: mayWrite,
    params: ofOrganisation,
    body: NewSite,
    response: Site,
    status: 201,
    handler: async (context) => {
      const id = await createSite(workOf(context, devices), context.body);
      return need(await listSites(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "PATCH",
    path: `${base}/sites/:site`,
    tag,
    summary: "Change the name or the note of a site",
    access: mayWrite,
    params: ofThing("site"),
    body: ChangeSite,
    response: Site,
    handler: async (context) => {
      const id = context.params.site;
      await changeSite(workOf(context, devices), id, context.body);
      return need(await listSites(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/sites/:site`,
    tag,
    summary: "Remove a site without sensors",
    access: mayWrite,
    params: ofThing("site"),
    handler: async (context) => removeSite(workOf(context, devices), context.params.site),
  }),
  route({
    method: "GET",
    path: `${base}/overview`,
    tag,
    summary: "Sites, sensors, devices and open findings at a glance",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Overview,
    transaction: false,
    handler: ({ platform, organisation, query, now }) => readOverview(platform, organisation, query.site, now),
  }),
];

const reading: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/sensors`,
    tag,
    summary: "Sensors of the organisation or of one site",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Type.Array(Sensor),
    transaction: false,
    handler: async ({ platform, organisation, query, now }) => {
      const facts = await inside(
        platform,
        organisation,
      )((tx) => sensorFacts(tx, organisation, now, { site: query.site }));
      return withQuality(platform.telemetry, organisation, facts, now);
    },
  }),
  route({
    method: "GET",
    path: `${base}/sensors/:sensor`,
    tag,
    summary: "One sensor: how well it sees, by the doctor of mirror ports, and its ledger (OT-34, OT-N1, OT-N6)",
    access: mayRead,
    params: ofThing("sensor"),
    response: SensorDetail,
    transaction: false,
    handler: async ({ platform, organisation, params, now }) => {
      const { facts, ledger } = await inside(
        platform,
        organisation,
      )(async (tx) => {
        const found = need(await sensorFacts(tx, organisation, now, { id: params.sensor }));
        return { facts: found, ledger: await ledgerState(tx, params.sensor) };
      });
      return sensorDetail(platform.telemetry, organisation, facts, ledger, now);
    },
  }),
  route({
    method: "GET",
    path: `${base}/sensors/:sensor/ledger`,
    tag,
    summary: "The chain of uploads as it was received, newest first (OT-N1)",
    access: mayRead,
    params: ofThing("sensor"),
    query: Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1 })), limit: Limit(10_000) }),
    response: LedgerPage,
    handler: async ({ tx, organisation, params, query, now }) => {
      need(await sensorFacts(tx, organisation, now, { id: params.sensor }));
      const items = await ledgerEntries(tx, params.sensor, query.before ?? null, query.limit ?? 200);
      return { state: await ledgerState(tx, params.sensor), items };
    },
  }),
];

const changing = (devices: Devices): readonly Route[] => [
  route({
    method: "POST",
    path: `${base}/sensors`,
    tag,
    summary: "Make the slot of a contract that has not started, so that its sensor can be installed (OST-15)",
    access: mayWrite,
    params: ofOrganisation,
    body: NewSensor,
    response: Sensor,
    status: 201,
    handler: async (context) => {
      const id = await createSensor(workOf(context, devices), context.body);
      return need(await sensorFacts(context.tx, context.organisation, context.now, { id })).sensor;
    },
  }),
  route({
    method: "PATCH",
    path: `${base}/sensors/:sensor`,
    tag,
    summary: "Change the label, the place, the site, the interfaces or the interval of uploads",
    access: mayWrite,
    params: ofThing("sensor"),
    body: ChangeSensor,
    response: Sensor,
    handler: async (context) => {
      const id = context.params.sensor;
      await changeSensor(workOf(context, devices), id, context.body);
      return need(await sensorFacts(context.tx, context.organisation, context.now, { id })).sensor;
    },
  }),
  route({
    method: "POST",
    path: `${base}/sensors/:sensor/key`,
    tag,
    summary: "Issue an enrolment key; the one before is revoked. The key is shown in this answer only",
    access: mayWrite,
    rate: 60,
    params: ofThing("sensor"),
    body: NewSensorKey,
    response: SensorKey,
    status: 201,
    handler: (context) => issueKey(workOf(context, devices), context.params.sensor, context.body.days),
  }),
  route({
    method: "DELETE",
    path: `${base}/sensors/:sensor/key`,
    tag,
    summary: "Revoke the open enrolment key",
    access: mayWrite,
    params: ofThing("sensor"),
    handler: async (context) => revokeKey(workOf(context, devices), context.params.sensor),
  }),
  route({
    method: "DELETE",
    path: `${base}/sensors/:sensor/device`,
    tag,
    summary: "Cut the machine of a sensor off at once",
    access: mayWrite,
    params: ofThing("sensor"),
    handler: async (context) => revokeMachine(workOf(context, devices), context.params.sensor),
  }),
];

export const siteRoutes = (devices: Devices): readonly Route[] => [...sites(devices), ...reading, ...changing(devices)];
