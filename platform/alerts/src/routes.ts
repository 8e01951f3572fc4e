/** Alerts over HTTP: incidents and what people do with them, ways of being told, escalation. */
import { Type, type Static } from "typebox";
import { route, type Actor, type Route, type RouteContext } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import {
  changeChannel,
  channelOf,
  createChannel,
  listChannels,
  readPolicy,
  removeChannel,
  setPolicy,
  showChannel,
} from "./channels.ts";
import { carry, causeOf, mail, reachOf, type Telling } from "./deliver.ts";
import { raise } from "./errors.ts";
import {
  acknowledge,
  addNote,
  assign,
  close,
  countIncidents,
  incidentDetail,
  incidentOf,
  listIncidents,
  reopen,
  showIncident,
  type Doing,
  type IncidentRow,
} from "./incidents.ts";
import type { Tx } from "@yagura/store/store.ts";
import { createTurns, inTurn } from "./turns.ts";
import type { Message } from "./message.ts";
import {
  Acknowledge,
  AddNote,
  Assign,
  Channel,
  Close,
  IncidentCounts,
  IncidentDetail,
  IncidentPage,
  IncidentQuery,
  MadeChannel,
  NewChannel,
  Policy,
} from "./shapes.ts";

export const scopes = {
  "alert.read": ["provider-admin", "provider-operator", "provider-support", "owner", "admin", "viewer"],
  "alert.write": ["provider-admin", "provider-operator", "provider-support", "owner", "admin"],
  "alert-channel.write": ["provider-admin", "provider-operator", "owner", "admin"],
} as const;

const base = "/api/v1/organisations/:organisation";
const tag = "alerts";
const reads = { kind: "organisation", scope: "alert.read" } as const;
const writes = { kind: "organisation", scope: "alert.write" } as const;
const tells = { kind: "organisation", scope: "alert-channel.write" } as const;
const ofOrganisation = Type.Object({ organisation: Id });
const ofIncident = Type.Object({ organisation: Id, incident: Id });
const ofChannel = Type.Object({ organisation: Id, channel: Id });

/** Tests hold no worker and no connection, so that more may be under way than deliveries. */
const testTurns = createTurns({ all: 20, organisation: 1, channel: 1 });

const nameOf = (actor: Actor): string => ("name" in actor ? actor.name : "nobody");
type Context = Pick<
  RouteContext<unknown, unknown, unknown>,
  "tx" | "organisation" | "now" | "actor" | "audit" | "platform"
>;
const doing = ({ tx, organisation, now, actor, audit, platform }: Context): Doing => ({
  tx,
  organisation,
  now,
  by: nameOf(actor),
  audit,
  platform,
});

const reading = ({ kinds }: Telling): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/alerts`,
    tag,
    summary: "Incidents: those that are not closed first, the worst first",
    access: reads,
    params: ofOrganisation,
    query: IncidentQuery,
    response: IncidentPage,
    handler: async ({ tx, organisation, query, language }) => {
      const { rows, total, next } = await listIncidents(tx, organisation, query);
      return { items: rows.map((row) => showIncident(row, kinds, language)), total, next };
    },
  }),
  route({
    method: "GET",
    path: `${base}/alerts/counts`,
    tag,
    summary: "How many incidents are not closed, by severity",
    access: reads,
    params: ofOrganisation,
    query: Type.Object({ service: IncidentQuery.properties.service }, closed),
    response: IncidentCounts,
    handler: ({ tx, organisation, query }) => countIncidents(tx, organisation, query.service),
  }),
  route({
    method: "GET",
    path: `${base}/alerts/:incident`,
    tag,
    summary:
      "One incident with its findings, each with what was normal, what changed and what to do, and its time line",
    access: reads,
    params: ofIncident,
    response: IncidentDetail,
    handler: async ({ tx, organisation, params, language }) =>
      incidentDetail(tx, await incidentOf(tx, organisation, params.incident), kinds, language),
  }),
  route({
    method: "GET",
    path: "/api/v1/provider/alerts",
    tag,
    summary: "Incidents of all organisations",
    access: { kind: "provider", scope: "alert.read" },
    query: IncidentQuery,
    response: IncidentPage,
    handler: async ({ tx, query, language }) => {
      const { rows, total, next } = await listIncidents(tx, null, query);
      return { items: rows.map((row) => showIncident(row, kinds, language)), total, next };
    },
  }),
];

/** Locks an incident, does something with it, and gives it as it then is. */
async function acted(
  {
    tx,
    organisation,
    params,
    language,
  }: Pick<RouteContext<Static<typeof ofIncident>, unknown, unknown>, "tx" | "organisation" | "params" | "language">,
  kinds: Telling["kinds"],
  act: (row: IncidentRow) => Promise<void>,
): Promise<Static<typeof IncidentDetail>> {
  const row = await incidentOf(tx, organisation, params.incident, true);
  await act(row);
  return incidentDetail(tx, await incidentOf(tx, organisation, row.id), kinds, language);
}

const acting = ({ kinds }: Telling): readonly Route[] => [
  route({
    method: "POST",
    path: `${base}/alerts/:incident/acknowledge`,
    tag,
    summary: "Take an incident: nobody else is told any more",
    access: writes,
    params: ofIncident,
    body: Acknowledge,
    response: IncidentDetail,
    handler: (context) => acted(context, kinds, (row) => acknowledge(doing(context), row, context.body.note)),
  }),
  route({
    method: "POST",
    path: `${base}/alerts/:incident/assign`,
    tag,
    summary: "Say who looks after an incident",
    access: writes,
    params: ofIncident,
    body: Assign,
    response: IncidentDetail,
    handler: (context) => acted(context, kinds, (row) => assign(doing(context), row, context.body.to)),
  }),
  route({
    method: "POST",
    path: `${base}/alerts/:incident/notes`,
    tag,
    summary: "Write a note on an incident",
    access: writes,
    params: ofIncident,
    body: AddNote,
    response: IncidentDetail,
    handler: (context) => acted(context, kinds, (row) => addNote(doing(context), row, context.body.note)),
  }),
  route({
    method: "POST",
    path: `${base}/alerts/:incident/close`,
    tag,
    summary: "Close an incident with its reason",
    access: writes,
    params: ofIncident,
    body: Close,
    response: IncidentDetail,
    handler: (context) =>
      acted(context, kinds, (row) => close(doing(context), row, context.body.reason, context.body.note)),
  }),
  route({
    method: "POST",
    path: `${base}/alerts/:incident/reopen`,
    tag,
    summary: "Open a closed incident again",
    access: writes,
    params: ofIncident,
    response: IncidentDetail,
    handler: (context) => acted(context, kinds, (row) => reopen(doing(context), row)),
  }),
];
const channels = (telling: Telling): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/alert-channels`,
    tag,
    summary: "Ways in which the organisation is told",
    access: reads,
    params: ofOrganisation,
    response: page(Channel),
    handler: async ({ tx, organisation }) => {
      const items = (await listChannels(tx, organisation)).map(showChannel);
      return { items, next: null, total: items.length };
    },
  }),
  route({
    method: "POST",
    path: `${base}/alert-channels`,
    tag,
    summary: "Add a way of being told: mail, webhook or syslog; a webhook's key is shown this once",
    access: tells,
    params: ofOrganisation,
    body: NewChannel,
    response: MadeChannel,
    status: 201,
    handler: async ({ tx, organisation, body, now, platform, audit }) => {
      const { id, key } = await createChannel(tx, platform.keys, organisation, body, now);
      await audit({ action: "alert-channel.create", subject: id, details: { kind: body.kind, name: body.name } });
      return { channel: showChannel(await channelOf(tx, organisation, id)), key };
    },
  }),
  route({
    method: "PUT",
    path: `${base}/alert-channels/:channel`,
    tag,
    summary:
      "Change a way of being told; its kind stays, and so does a webhook's address that is given back as it is shown",
    access: tells,
    params: ofChannel,
    body: NewChannel,
    response: Channel,
    handler: async ({ tx, organisation, params, body, platform, audit }) => {
      await changeChannel(tx, platform.keys, organisation, params.channel, body);
      await audit({
        action: "alert-channel.change",
        subject: params.channel,
        details: { kind: body.kind, name: body.name },
      });
      return showChannel(await channelOf(tx, organisation, params.channel));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/alert-channels/:channel`,
    tag,
    summary: "Remove a way of being told; steps of the escalation that name only it go too",
    access: tells,
    params: ofChannel,
    handler: async ({ tx, organisation, params, audit }) => {
      await removeChannel(tx, organisation, params.channel);
      await audit({ action: "alert-channel.remove", subject: params.channel });
    },
  }),
  route({
    method: "POST",
    path: `${base}/alert-channels/:channel/test`,
    tag,
    summary: "Send a test message now, and say whether it was taken",
    access: tells,
    params: ofChannel,
    rate: 10,
    // None is open while the other side is waited for: it may take its time on purpose.
    transaction: false,
    handler: async (context) => {
      const { organisation, params, platform, audit } = context;
      const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.store.organisation(organisation, work);
      const { channel, reach } = await within(async (tx) => ({
        channel: await channelOf(tx, organisation, params.channel),
        reach: await reachOf(tx, organisation, telling.reach),
      }));
      const message = testMessage(context, channel.language);
      await audit({ action: "alert-channel.test", subject: channel.id });
      if (channel.kind === "mail") return within((tx) => mail(tx, platform, channel, message));
      const work = (): Promise<void> => carry(platform, channel, message, reach);
      const turn = await inTurn(testTurns, organisation, channel.id, work).catch((error: unknown) => {
        throw raise("CHANNEL_FAILED", { name: channel.name, cause: causeOf(error) }, { cause: error });
      });
      if (!turn) throw raise("CHANNEL_TEST_BUSY", { seconds: 20 });
      return undefined;
    },
  }),
];

function testMessage(
  { organisation, now, platform, actor }: Pick<Context, "organisation" | "now" | "platform" | "actor">,
  language: "ja" | "en",
): Message {
  return {
    occasion: "test",
    organisation: { id: organisation, name: "Yagura" },
    incident: null,
    number: null,
    service: "alerts",
    kind: "alerts.test",
    severity: "info",
    state: "open",
    subject: null,
    title:
      language === "ja"
        ? `${nameOf(actor)} さんがこの通知先を試しました`
        : `${nameOf(actor)} tried this way of being told`,
    normal: "",
    changed: "",
    advice: language === "ja" ? "対応は不要です。" : "Nothing has to be done.",
    techniques: [],
    parameters: {},
    findings: 0,
    openedAt: now.toISOString(),
    lastAt: now.toISOString(),
    url: `${platform.publicUrl()}/o/${organisation}/alerts`,
    language,
    lines: [],
  };
}

const policy: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/alert-policy`,
    tag,
    summary: "Steps of the escalation",
    access: reads,
    params: ofOrganisation,
    response: Policy,
    handler: ({ tx, organisation, now }) => readPolicy(tx, organisation, now),
  }),
  route({
    method: "PUT",
    path: `${base}/alert-policy`,
    tag,
    summary: "Set the steps of the escalation: after how many minutes without acknowledgement who is told",
    access: tells,
    params: ofOrganisation,
    body: Policy,
    response: Policy,
    handler: async ({ tx, organisation, body, now, audit }) => {
      await setPolicy(tx, organisation, body, now);
      await audit({ action: "alert-policy.set", subject: organisation, details: { steps: body.steps.length } });
      return readPolicy(tx, organisation, now);
    },
  }),
];

export const alertRoutes = (telling: Telling): readonly Route[] => [
  ...reading(telling),
  ...acting(telling),
  ...channels(telling),
  ...policy,
];
