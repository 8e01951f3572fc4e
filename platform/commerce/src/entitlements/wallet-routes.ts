/** The API of ticket wallets. Customers see and buy; using a ticket, and taking a wrong entry back, is the provider's. */
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { isProviderRole } from "@yagura/server/scopes.ts";
import { Id } from "@yagura/server/shapes.ts";
import { raise } from "../applications/errors.ts";
import { lockedContract, tell } from "../contracts/work.ts";
import { foundContract } from "./reading.ts";
import { BuyTickets, OnDay, UseTickets, VoidMovement, WalletsShown } from "./shapes.ts";
import { buyTickets, useTickets, voidMovement, walletsShown } from "./wallets.ts";

const wallets = "/api/v1/organisations/:organisation/contracts/:contract/wallets";
const ofContract = Type.Object({ organisation: Id, contract: Id });
const tag = "entitlements";

const showWallets = route({
  method: "GET",
  path: wallets,
  tag,
  summary: "Tickets bought, included, used and left on a day, by kind (SEC-61, SEC-71)",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofContract,
  query: OnDay,
  response: WalletsShown,
  handler: async ({ tx, organisation, params, query, now }) =>
    walletsShown(tx, await foundContract(tx, organisation, params.contract), query.on ?? dayOf(now)),
});

const buy = route({
  method: "POST",
  path: `${wallets}/purchases`,
  tag,
  summary: "Buy tickets; the bill of the month carries them (SEC-61)",
  access: { kind: "organisation", scope: "application.write" },
  params: ofContract,
  body: BuyTickets,
  response: WalletsShown,
  status: 201,
  handler: async (context) => {
    const { body, now, tx, role } = context;
    const today = dayOf(now);
    const on = body.on ?? today;
    // A customer buys today, at the price of today.
    if (on !== today && (role === null || !isProviderRole(role))) throw raise("ORDER_DAY_STAFF", { today });
    const row = await lockedContract(context);
    const id = await buyTickets(context, row, { ...body, on });
    await tell(context, "ticket.buy", row, { fact: id, item: body.item, quantity: body.quantity, on });
    return walletsShown(tx, row, on);
  },
});

const use = route({
  method: "POST",
  path: `${wallets}/uses`,
  tag,
  summary: "Use tickets on a support ticket: the month's allowance first; never more than are left (SEC-71)",
  access: { kind: "organisation", scope: "ticket.write" },
  params: ofContract,
  body: UseTickets,
  response: WalletsShown,
  status: 201,
  handler: async (context) => {
    const { body, now, tx } = context;
    const row = await lockedContract(context);
    const on = body.on ?? dayOf(now);
    const id = await useTickets(context, row, { ...body, on });
    await tell(context, "ticket.use", row, {
      fact: id,
      item: body.item,
      quantity: body.quantity,
      ticket: body.ticket,
      on,
    });
    return walletsShown(tx, row, on);
  },
});

const takeBack = route({
  method: "POST",
  path: `${wallets}/movements/:movement/void`,
  tag,
  summary: "Take back a purchase or a use that was entered wrongly; a purchase only while its tickets are not used",
  access: { kind: "organisation", scope: "ticket.write" },
  params: Type.Object({ organisation: Id, contract: Id, movement: Id }),
  body: VoidMovement,
  response: WalletsShown,
  status: 200,
  handler: async (context) => {
    const { body, now, params, tx } = context;
    const row = await lockedContract(context);
    await voidMovement(context, row, params.movement, body.reason);
    await tell(context, "ticket.void", row, { fact: params.movement, reason: body.reason });
    return walletsShown(tx, row, dayOf(now));
  },
});

export const walletRoutes: readonly Route[] = [showWallets, buy, use, takeBack];
