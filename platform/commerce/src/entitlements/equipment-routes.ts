/** The API of the equipment register. Customers see their units and who owns them; recording is the provider's. */
import { Type } from "typebox";
import type { Uuid } from "@yagura/core/ids.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route, type RouteContext } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";
import { lockContract } from "../contracts/contract-row.ts";
import { recordEvent, registerUnit, replaceUnit, unitDetail } from "./equipment.ts";
import { readRegister, shownUnit } from "./register.ts";
import { pickupOffered, returnsOf, unitReturned } from "./returns.ts";
import {
  EquipmentDetail,
  EquipmentItem,
  EquipmentQuery,
  NewEquipment,
  NewEquipmentEvent,
  OnDay,
  PickupOffered,
  ReplaceEquipment,
  ReturnCase,
  Returned,
} from "./shapes.ts";

const equipment = "/api/v1/organisations/:organisation/equipment";
const returns = "/api/v1/organisations/:organisation/equipment-returns";
const ofOrganisation = Type.Object({ organisation: Id });
const ofUnit = Type.Object({ organisation: Id, equipment: Id });
const ofReturn = Type.Object({ organisation: Id, return: Id });
const tag = "entitlements";
const read = { kind: "organisation", scope: "contract.read" } as const;
const write = { kind: "organisation", scope: "equipment.write" } as const;

const list = route({
  method: "GET",
  path: equipment,
  tag,
  summary: "Units of equipment, with the owner and the bearer of the risk on a day (RNS-40, OST-23)",
  access: read,
  params: ofOrganisation,
  query: EquipmentQuery,
  response: Type.Array(EquipmentItem),
  handler: async ({ tx, organisation, query, now }) => {
    const register = await readRegister(tx, organisation, query.contract ?? null);
    return register.units.map((row) => shownUnit(register, row, query.on ?? dayOf(now)));
  },
});

const show = route({
  method: "GET",
  path: `${equipment}/:equipment`,
  tag,
  summary: "One unit, everything that happened to it, and its return",
  access: read,
  params: ofUnit,
  query: OnDay,
  response: EquipmentDetail,
  handler: async ({ tx, organisation, params, query, now }) =>
    unitDetail(tx, organisation, params.equipment, query.on ?? dayOf(now)),
});

const listReturns = route({
  method: "GET",
  path: returns,
  tag,
  summary: "Units that have to come back, by when, and from when a sum is owed (RNS-45, RNS-74, UTM-69)",
  access: read,
  params: ofOrganisation,
  query: EquipmentQuery,
  response: Type.Array(ReturnCase),
  handler: async ({ tx, organisation, query, now }) =>
    returnsOf(
      tx,
      organisation,
      query.on ?? dayOf(now),
      query.contract === undefined ? {} : { contract: query.contract },
    ),
});

type Told = Pick<RouteContext<unknown, unknown, unknown>, "tx" | "organisation" | "platform" | "audit" | "now">;

/** The audit, the pages, and the unit as it is now. */
async function answer(
  context: Told,
  action: string,
  unit: Uuid,
  details: Readonly<Record<string, unknown>>,
): Promise<EquipmentDetail> {
  const { tx, organisation, platform, now } = context;
  await context.audit({ action, subject: unit, details });
  await platform.live.publish(tx, organisation, { topic: "equipment", data: { id: unit } });
  return unitDetail(tx, organisation, unit, dayOf(now));
}

const register = route({
  method: "POST",
  path: equipment,
  tag,
  summary: "Register a unit for a contract: sold, lent, leased, or the customer's own",
  access: write,
  params: ofOrganisation,
  body: NewEquipment,
  response: EquipmentDetail,
  status: 201,
  handler: async (context) => {
    const { tx, organisation, body } = context;
    const contract = await lockContract(tx, organisation, body.contractId);
    if (contract === null) throw raiseServer("NOT_FOUND");
    const id = await registerUnit(context, contract, body);
    return answer(context, "equipment.register", id, { number: contract.number, serial: body.serial });
  },
});

const happened = route({
  method: "POST",
  path: `${equipment}/:equipment/events`,
  tag,
  summary:
    "Record what happened to a unit: delivered, inspected, installed, title passed, faulty, lost, damaged, collected",
  access: write,
  params: ofUnit,
  body: NewEquipmentEvent,
  response: EquipmentDetail,
  status: 201,
  handler: async (context) => {
    const { organisation, params, body } = context;
    await recordEvent(context, organisation, params.equipment, body);
    return answer(context, "equipment.record", params.equipment, { kind: body.kind, on: body.on });
  },
});

const replace = route({
  method: "POST",
  path: `${equipment}/:equipment/replace`,
  tag,
  summary:
    "Send a replacement: ownership changes hands on that day, and the faulty unit has to come back (RNS-73, UTM-68)",
  access: write,
  params: ofUnit,
  body: ReplaceEquipment,
  response: EquipmentDetail,
  status: 201,
  handler: async (context) => {
    const { organisation, params, body } = context;
    const next = await replaceUnit(context, organisation, params.equipment, body);
    return answer(context, "equipment.replace", next, { replaces: params.equipment, serial: body.serial });
  },
});

/** The case as it is now. NOT_FOUND. */
async function caseNow(context: Told, id: Uuid, action: string, on: string): Promise<ReturnCase> {
  const { tx, organisation, platform, now } = context;
  const [found] = await returnsOf(tx, organisation, dayOf(now), { id });
  if (found === undefined) throw raiseServer("NOT_FOUND");
  await context.audit({ action, subject: found.equipmentId, details: { case: id, serial: found.serial, on } });
  await platform.live.publish(tx, organisation, { topic: "equipment", data: { id: found.equipmentId } });
  return found;
}

const offer = route({
  method: "POST",
  path: `${returns}/:return/pickup-offered`,
  tag,
  summary: "The courier offered to collect the unit; without an offer nothing is charged (A-RNS-12)",
  access: write,
  params: ofReturn,
  body: PickupOffered,
  response: ReturnCase,
  status: 200,
  handler: async (context) => {
    const { organisation, params, body } = context;
    await pickupOffered(context, organisation, params.return, body.on);
    return caseNow(context, params.return, "equipment.pickup-offer", body.on);
  },
});

const cameBack = route({
  method: "POST",
  path: `${returns}/:return/returned`,
  tag,
  summary: "The unit came back, whole or damaged (UTM-69)",
  access: write,
  params: ofReturn,
  body: Returned,
  response: ReturnCase,
  status: 200,
  handler: async (context) => {
    const { organisation, params, body } = context;
    await unitReturned(context, organisation, params.return, body);
    return caseNow(context, params.return, "equipment.return", body.on);
  },
});

export const equipmentRoutes: readonly Route[] = [
  list,
  show,
  listReturns,
  register,
  happened,
  replace,
  offer,
  cameBack,
];
