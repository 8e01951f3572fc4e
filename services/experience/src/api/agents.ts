/** Agents and their install invitations over HTTP (EXP-T07, EXP-T08, EXP-T09). */
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";
import { changeAgent, createAgent, removeAgent } from "../agents.ts";
import { inviteToInstall, withdrawInvitation } from "../invitations.ts";
import { listAgents } from "../inventory.ts";
import { Agent, InstallInvitation, NewAgent, NewInstallInvitation } from "../wire/api.ts";
import { workOf } from "../work.ts";
import { base, closed, mayRead, mayWrite, ofAgent, ofOrganisation, one, tag } from "./common.ts";

const ChangeAgent = Type.Object(
  {
    label: Type.Optional(NewAgent.properties.label),
    holder: Type.Optional(NewAgent.properties.holder),
    tenantId: Type.Optional(
      Type.String({ format: "uuid", description: "another tenant is refused: a move is a split" }),
    ),
  },
  { ...closed, minProperties: 1 },
);

const reading: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/agents`,
    tag,
    summary: "Agents of the organisation or of one tenant",
    access: mayRead,
    params: ofOrganisation,
    query: Type.Object({ tenant: Type.Optional(Id) }),
    response: Type.Array(Agent),
    handler: ({ tx, organisation, now, query }) => listAgents(tx, organisation, now, { tenant: query.tenant }),
  }),
  route({
    method: "GET",
    path: `${base}/agents/:agent`,
    tag,
    summary: "One agent",
    access: mayRead,
    params: ofAgent,
    response: Agent,
    handler: async ({ tx, organisation, now, params }) =>
      one(await listAgents(tx, organisation, now, { id: params.agent })),
  }),
];

const changing = (devices: Devices): readonly Route[] => [
  route({
    method: "POST",
    path: `${base}/agents`,
    tag,
    summary: "Register an agent under its contract number, with the label of its PC",
    access: mayWrite,
    params: ofOrganisation,
    body: NewAgent,
    response: Agent,
    status: 201,
    handler: async (context) => {
      const id = await createAgent(workOf(context, devices), context.body);
      return one(await listAgents(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "PATCH",
    path: `${base}/agents/:agent`,
    tag,
    summary: "Change the label or the holder of the PC",
    access: mayWrite,
    params: ofAgent,
    body: ChangeAgent,
    response: Agent,
    handler: async (context) => {
      const id = context.params.agent;
      await changeAgent(workOf(context, devices), id, context.body);
      return one(await listAgents(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/agents/:agent`,
    tag,
    summary: "Remove an agent and its sessions; refused when the quota of those left would be broken",
    access: mayWrite,
    params: ofAgent,
    handler: async (context) => removeAgent(workOf(context, devices), context.params.agent),
  }),
];

const invitations = (devices: Devices): readonly Route[] => [
  route({
    method: "POST",
    path: `${base}/agents/:agent/invitation`,
    tag,
    summary: "Issue an install invitation; the one before is revoked. The key is shown in this answer only",
    access: mayWrite,
    // Each may be a mail to an address of the caller's choice.
    rate: 60,
    params: ofAgent,
    body: NewInstallInvitation,
    response: InstallInvitation,
    status: 201,
    handler: (context) => inviteToInstall(workOf(context, devices), context.params.agent, context.body),
  }),
  route({
    method: "DELETE",
    path: `${base}/agents/:agent/invitation`,
    tag,
    summary: "Revoke the open install invitation",
    access: mayWrite,
    params: ofAgent,
    handler: async (context) => withdrawInvitation(workOf(context, devices), context.params.agent),
  }),
];

export const agentRoutes = (devices: Devices): readonly Route[] => [
  ...reading,
  ...changing(devices),
  ...invitations(devices),
];
