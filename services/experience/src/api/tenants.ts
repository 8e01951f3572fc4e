/** Tenants over HTTP: made, renamed, joined, removed; a split is refused (EXP-T04). */
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Name } from "@yagura/server/shapes.ts";
import { listTenants } from "../inventory.ts";
import { createTenant, joinTenants, refuseSplit, removeTenant, renameTenant } from "../tenants.ts";
import { JoinTenants, NewTenant, Tenant } from "../wire/api.ts";
import { workOf } from "../work.ts";
import { base, closed, mayRead, mayWrite, ofOrganisation, ofTenant, one, tag } from "./common.ts";

const reading: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/tenants`,
    tag,
    summary: "Tenants with their quotas by the terms in force now",
    access: mayRead,
    params: ofOrganisation,
    response: Type.Array(Tenant),
    handler: ({ tx, organisation, now }) => listTenants(tx, organisation, now),
  }),
  route({
    method: "GET",
    path: `${base}/tenants/:tenant`,
    tag,
    summary: "One tenant",
    access: mayRead,
    params: ofTenant,
    response: Tenant,
    handler: async ({ tx, organisation, now, params }) =>
      one(await listTenants(tx, organisation, now, { id: params.tenant })),
  }),
];

const changing = (devices: Devices): readonly Route[] => [
  route({
    method: "POST",
    path: `${base}/tenants`,
    tag,
    summary: "Make a tenant: a group of agents that can never be split afterwards",
    access: mayWrite,
    params: ofOrganisation,
    body: NewTenant,
    response: Tenant,
    status: 201,
    handler: async (context) => {
      const id = await createTenant(workOf(context, devices), context.body);
      return one(await listTenants(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "PATCH",
    path: `${base}/tenants/:tenant`,
    tag,
    summary: "Rename a tenant",
    access: mayWrite,
    params: ofTenant,
    body: Type.Object({ name: Name }, closed),
    response: Tenant,
    handler: async (context) => {
      const id = context.params.tenant;
      await renameTenant(workOf(context, devices), id, context.body.name);
      return one(await listTenants(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "DELETE",
    path: `${base}/tenants/:tenant`,
    tag,
    summary: "Remove an empty tenant",
    access: mayWrite,
    params: ofTenant,
    handler: async (context) => removeTenant(workOf(context, devices), context.params.tenant),
  }),
  route({
    method: "POST",
    path: `${base}/tenants/:tenant/join`,
    tag,
    summary: "Join another tenant into this one: its agents, targets and sessions move here, and it goes away for good",
    access: mayWrite,
    params: ofTenant,
    body: JoinTenants,
    response: Tenant,
    handler: async (context) => {
      const id = context.params.tenant;
      await joinTenants(workOf(context, devices), id, context.body.tenantId);
      return one(await listTenants(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "POST",
    path: `${base}/tenants/:tenant/split`,
    tag,
    summary: "Always refused, with the reason: a tenant is never split (EXP-T04)",
    access: mayWrite,
    params: ofTenant,
    handler: (context) => refuseSplit(workOf(context, devices), context.params.tenant),
  }),
];

export const tenantRoutes = (devices: Devices): readonly Route[] => [...reading, ...changing(devices)];
