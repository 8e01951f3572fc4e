/** Targets over HTTP: registered by the customer alone (EXP-T02). */
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id, Name } from "@yagura/server/shapes.ts";
import { listTargets } from "../inventory.ts";
import { changeTarget, createTarget, removeTarget } from "../targets.ts";
import { NewTarget, Target } from "../wire/api.ts";
import { Probe } from "../wire/configuration.ts";
import { workOf } from "../work.ts";
import { base, closed, mayRead, mayWrite, ofOrganisation, ofTarget, one, tag } from "./common.ts";

const ChangeTarget = Type.Object(
  {
    name: Type.Optional(Name),
    probe: Type.Optional(Probe),
    paused: Type.Optional(
      Type.Boolean({ description: "false resumes; a surplus target only when there is room (EXP-22)" }),
    ),
  },
  { ...closed, minProperties: 1 },
);

const reading: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/targets`,
    tag,
    summary: "Targets of the organisation or of one tenant",
    access: mayRead,
    params: ofOrganisation,
    query: Type.Object({ tenant: Type.Optional(Id) }),
    response: Type.Array(Target),
    handler: ({ tx, organisation, query }) => listTargets(tx, organisation, { tenant: query.tenant }),
  }),
  route({
    method: "GET",
    path: `${base}/targets/:target`,
    tag,
    summary: "One target",
    access: mayRead,
    params: ofTarget,
    response: Target,
    handler: async ({ tx, organisation, params }) => one(await listTargets(tx, organisation, { id: params.target })),
  }),
];

const changing = (devices: Devices): readonly Route[] => [
  route({
    method: "POST",
    path: `${base}/targets`,
    tag,
    summary: "Register a target: a server or SaaS that answers on IP",
    access: mayWrite,
    params: ofOrganisation,
    body: NewTarget,
    response: Target,
    status: 201,
    handler: async (context) => {
      const id = await createTarget(workOf(context, devices), context.body);
      return one(await listTargets(context.tx, context.organisation, { id }));
    },
  }),
  route({
    method: "PATCH",
    path: `${base}/targets/:target`,
    tag,
    summary: "Change, pause or resume a target",
    access: mayWrite,
    params: ofTarget,
    body: ChangeTarget,
    response: Target,
    handler: async (context) => {
      const id = context.params.target;
      await changeTarget(workOf(context, devices), id, context.body);
      return one(await listTargets(context.tx, context.organisation, { id }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/targets/:target`,
    tag,
    summary: "Remove a target and its sessions",
    access: mayWrite,
    params: ofTarget,
    handler: async (context) => removeTarget(workOf(context, devices), context.params.target),
  }),
];

export const targetRoutes = (devices: Devices): readonly Route[] => [...reading, ...changing(devices)];
