/** The API of registered details (COM-26, COM-31, COM-32). */
import { Type } from "typebox";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id } from "@yagura/server/shapes.ts";
import { clearBounce, customerHistory, customerOf, declare, flagBounced, registerCustomer } from "./customers.ts";
import { checkEvidence } from "./evidence.ts";
import { Bounce, Customer, CustomerChange, CustomerInput, Declare } from "./shapes.ts";

const customer = "/api/v1/organisations/:organisation/customer";
const ofOrganisation = Type.Object({ organisation: Id });
const tag = "applications";

const show = route({
  method: "GET",
  path: customer,
  tag,
  summary: "Registered details of a customer",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofOrganisation,
  response: Customer,
  handler: async ({ tx, organisation }) => {
    const found = await customerOf(tx, organisation);
    if (found === null) throw raiseServer("NOT_FOUND");
    return found;
  },
});

const register = route({
  method: "PUT",
  path: customer,
  tag,
  summary: "Register or change the details; what was before is kept (COM-32)",
  access: { kind: "organisation", scope: "application.write" },
  params: ofOrganisation,
  body: CustomerInput,
  response: Customer,
  status: 200,
  handler: async ({ tx, now, actor, organisation, body, audit }) => {
    await checkEvidence(tx, organisation, body.evidence);
    const after = await registerCustomer({ tx, now, actor }, organisation, body);
    await audit({ action: "customer.register", subject: organisation, details: { kind: after.kind } });
    return after;
  },
});

const history = route({
  method: "GET",
  path: `${customer}/history`,
  tag,
  summary: "Every change of the registered details",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofOrganisation,
  response: Type.Array(CustomerChange),
  handler: ({ tx, organisation }) => customerHistory(tx, organisation),
});

const declaration = route({
  method: "POST",
  path: `${customer}/declaration`,
  tag,
  summary: "Declare that the customer neither is nor deals with anti-social forces (COM-26)",
  access: { kind: "organisation", scope: "application.write" },
  params: ofOrganisation,
  body: Declare,
  response: Customer,
  status: 200,
  handler: async ({ tx, now, actor, organisation, body, audit }) => {
    const after = await declare({ tx, now, actor }, organisation, body.textVersion);
    await audit({ action: "customer.declare", subject: organisation, details: { textVersion: body.textVersion } });
    return after;
  },
});

const bounce = route({
  method: "POST",
  path: `${customer}/bounces`,
  tag,
  summary: "Flag an address from which something came back (COM-32); notices still count as given",
  access: { kind: "organisation", scope: "contract.write" },
  params: ofOrganisation,
  body: Bounce,
  response: Customer,
  status: 200,
  handler: async ({ tx, now, actor, organisation, body, audit }) => {
    await flagBounced({ tx, now, actor }, organisation, body);
    const after = await customerOf(tx, organisation);
    if (after === null) throw raiseServer("NOT_FOUND");
    await audit({ action: "customer.bounce", subject: organisation, details: { channel: body.channel, on: body.on } });
    return after;
  },
});

const confirmAddress = route({
  method: "POST",
  path: `${customer}/bounces/clear`,
  tag,
  summary: "Take the flag of an address away once it is confirmed",
  access: { kind: "organisation", scope: "contract.write" },
  params: ofOrganisation,
  body: Type.Object({ channel: Bounce.properties.channel }, closed),
  response: Customer,
  status: 200,
  handler: async ({ tx, now, actor, organisation, body, audit }) => {
    const after = await clearBounce({ tx, now, actor }, organisation, body.channel);
    await audit({ action: "customer.bounce-clear", subject: organisation, details: { channel: body.channel } });
    return after;
  },
});

export const customerRoutes: readonly Route[] = [show, register, history, declaration, bounce, confirmAddress];
