/** Taking devices off the network, over HTTP (OT-31). */
import type { Devices } from "@yagura/devices/devices.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Access, type Actor, type Route } from "@yagura/server/route.ts";
import { endBlock, orderBlock } from "../enforcement.ts";
import { siteAsked } from "../sites.ts";
import { listBlocks, readEnforcement } from "../store/enforcement.ts";
import { need } from "../store/sensors.ts";
import { Block, Enforcement, NewBlock } from "../wire/api-enforcement.ts";
import { workOf } from "../work.ts";
import { base, mayRead, ofOrganisation, ofSite, ofThing, tag } from "./common.ts";

const mayEnforce: Access = { kind: "organisation", scope: "ot.enforce" };
/** Nothing automatic: somebody who signed in does it. USER_NEEDED. */
function needPerson(actor: Actor): void {
  if (actor.kind !== "user") throw raiseServer("USER_NEEDED");
}

export const enforcementRoutes = (devices: Devices): readonly Route[] => [
  route({
    method: "GET",
    path: `${base}/enforcement`,
    tag,
    summary: "Devices that were taken off the network, and which sensors have the means (OT-31)",
    access: mayRead,
    params: ofOrganisation,
    query: ofSite,
    response: Enforcement,
    handler: async ({ tx, organisation, query, now }) =>
      readEnforcement(tx, organisation, await siteAsked(tx, organisation, query.site), now),
  }),
  route({
    method: "POST",
    path: `${base}/assets/:asset/blocks`,
    tag,
    summary: "Take a device off the network for a time, by the sensor of its site; for people only, not for tokens",
    access: mayEnforce,
    rate: 20,
    params: ofThing("asset"),
    body: NewBlock,
    response: Block,
    status: 201,
    handler: async (context) => {
      needPerson(context.actor);
      const id = await orderBlock(workOf(context, devices), context.params.asset, context.body);
      return need(await listBlocks(context.tx, context.organisation, context.now, { id }));
    },
  }),
  route({
    method: "POST",
    path: `${base}/blocks/:block/undo`,
    tag,
    summary: "Put the device on the network again",
    access: mayEnforce,
    rate: 60,
    params: ofThing("block"),
    response: Block,
    handler: async (context) => {
      needPerson(context.actor);
      await endBlock(workOf(context, devices), context.params.block);
      return need(await listBlocks(context.tx, context.organisation, context.now, { id: context.params.block }));
    },
  }),
];
