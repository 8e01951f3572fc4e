/** Sessions over HTTP: which agent measures which target, and how often (EXP-T03). */
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";
import { listSessions } from "../inventory.ts";
import { changeSession, createSession, removeSession } from "../sessions.ts";
import { NewSession, Session } from "../wire/api.ts";
import { workOf } from "../work.ts";
import { base, closed, mayRead, mayWrite, ofOrganisation, ofSession, one, tag } from "./common.ts";

const ChangeSession = Type.Object(
  {
    interval: NewSession.properties.interval,
    timeout: NewSession.properties.timeout,
    paused: Type.Optional(
      Type.Boolean({ description: "false resumes; a surplus session only when there is room (EXP-22)" }),
    ),
  },
  { ...closed, minProperties: 1 },
);

const reading: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/sessions`,
    tag,
    summary: "Sessions of the organisation, of a tenant, of an agent or to a target",
    access: mayRead,
    params: ofOrganisation,
    query: Type.Object({ tenant: Type.Optional(Id), agent: Type.Optional(Id), target: Type.Optional(Id) }),
    response: Type.Array(Session),
    handler: ({ tx, organisation, query }) => listSessions(tx, organisation, query),
  }),
  route({
    method: "GET",
    path: `${base}/sessions/:session`,
    tag,
    summary: "One session",
    access: mayRead,
    params: ofSession,
    response: Session,
    handler: async ({ tx, organisation, params }) => one(await listSessions(tx, organisation, { id: params.session })),
  }),
];

const changing = (devices: Devices): readonly Route[] => [
  route({
    method: "POST",
    path: `${base}/sessions`,
    tag,
    summary: "Make a session; the agent is told at once",
    access: mayWrite,
    params: ofOrganisation,
    body: NewSession,
    response: Session,
    status: 201,
    handler: async (context) => {
      const id = await createSession(workOf(context, devices), context.body);
      return one(await listSessions(context.tx, context.organisation, { id }));
    },
  }),
  route({
    method: "PATCH",
    path: `${base}/sessions/:session`,
    tag,
    summary: "Change the timing of a session, pause or resume it",
    access: mayWrite,
    params: ofSession,
    body: ChangeSession,
    response: Session,
    handler: async (context) => {
      const id = context.params.session;
      await changeSession(workOf(context, devices), id, context.body);
      return one(await listSessions(context.tx, context.organisation, { id }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/sessions/:session`,
    tag,
    summary: "Remove a session",
    access: mayWrite,
    params: ofSession,
    handler: async (context) => removeSession(workOf(context, devices), context.params.session),
  }),
];

export const sessionRoutes = (devices: Devices): readonly Route[] => [...reading, ...changing(devices)];
