/** The API of change orders, successions and assignments. */
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route, type RouteContext } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";
import { isStaff } from "@yagura/server/scopes.ts";
import { checkEvidence } from "../applications/evidence.ts";
import { ChangeAnswer } from "../outlook/shapes.ts";
import { acceptChange, closeChange, orderOf, requestChange, simulateOrder } from "./changes.ts";
import { changeOrdersOf } from "./change-rows.ts";
import { contractById, type ContractRow } from "./contracts.ts";
import { raise } from "./errors.ts";
import {
  ChangeOrder,
  DecideTransfer,
  NameRepresentative,
  NewChangeOrder,
  NewTransfer,
  OrderedChange,
  RefuseStep,
  Transfer,
} from "./shapes.ts";
import { approveTransfer, nameRepresentative, refuseTransfer, requestTransfer } from "./transfers.ts";
import { transferById, transfersOf } from "./transfer-rows.ts";
import { lockedContract, tell, workOf, type ContractParts } from "./work.ts";

const contract = "/api/v1/organisations/:organisation/contracts/:contract";
const ofContract = Type.Object({ organisation: Id, contract: Id });
const ofOrder = Type.Object({ organisation: Id, contract: Id, order: Id });
const ofTransfer = Type.Object({ organisation: Id, contract: Id, transfer: Id });
const tag = "contracts";
const read = { kind: "organisation", scope: "contract.read" } as const;
const ask = { kind: "organisation", scope: "application.write" } as const;
const decide = { kind: "organisation", scope: "contract.write" } as const;
type Context = RouteContext<unknown, unknown, unknown>;

export const changeRoutes = (parts: ContractParts): readonly Route[] => [
  listOrders,
  simulate(parts),
  order(parts),
  acceptOrder(parts),
  refuseOrder(parts),
  withdrawOrder(parts),
  listTransfers,
  askTransfer(parts),
  decideTransfer(parts),
  representative(parts),
];

/** As a customer may ask: a fee of one's own, whose fault an end is and who approved it are the staff's to say. */
function asked(change: OrderedChange): OrderedChange {
  if (change.kind === "ancillary-started") {
    const { fee: _fee, ...rest } = change;
    return rest;
  }
  if (change.kind === "ancillary-ended") {
    const { fault: _fault, approver: _approver, ...rest } = change;
    return rest;
  }
  return change;
}

async function theContract(
  context: Pick<Context, "tx" | "organisation"> & { readonly params: { readonly contract: string } },
): Promise<ContractRow> {
  const row = await contractById(context.tx, context.organisation, context.params.contract);
  if (row === null) throw raiseServer("NOT_FOUND");
  return row;
}

const listOrders = route({
  method: "GET",
  path: `${contract}/change-orders`,
  tag,
  summary: "Change orders of a contract, oldest first",
  access: read,
  params: ofContract,
  response: Type.Array(ChangeOrder),
  handler: async (context) => changeOrdersOf(context.tx, await theContract(context)),
});

const simulate = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/simulate/change`,
    tag,
    summary: "Bills before and after a change, by the function that bills (COM-19); nothing is stored",
    access: ask,
    params: ofContract,
    body: NewChangeOrder,
    response: ChangeAnswer,
    status: 200,
    handler: async (context) => {
      const { before, after } = await simulateOrder(workOf(parts)(context), await theContract(context), context.body);
      return { before: before.months, after: after.months, derived: after.derived };
    },
  });

const order = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/change-orders`,
    tag,
    summary: "Ask for a change of quantities, options, ancillary services or attributes from a day on (RNS-09, OST-08)",
    access: ask,
    params: ofContract,
    body: NewChangeOrder,
    response: ChangeOrder,
    status: 201,
    handler: async (context) => {
      const row = await lockedContract(context);
      const earliest = isStaff(context) ? undefined : dayOf(context.now);
      const changes = isStaff(context) ? context.body.changes : context.body.changes.map(asked);
      const made = await requestChange(workOf(parts)(context), row, { ...context.body, changes, earliest });
      await tell(context, "change-order.request", row, { order: made.id, effectiveOn: made.effectiveOn });
      return made;
    },
  });

async function lockedOrder(
  context: Pick<Context, "tx" | "organisation"> & {
    readonly params: { readonly contract: string; readonly order: string };
  },
) {
  const row = await lockedContract(context);
  const found = await orderOf(context.tx, row, context.params.order);
  if (found === null) throw raiseServer("NOT_FOUND");
  return { row, found };
}

const acceptOrder = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/change-orders/:order/accept`,
    tag,
    summary: "Accept a change order: it becomes dated facts",
    access: decide,
    params: ofOrder,
    response: ChangeOrder,
    status: 200,
    handler: async (context) => {
      const { row, found } = await lockedOrder(context);
      const after = await acceptChange(workOf(parts)(context), row, found);
      await tell(context, "change-order.accept", row, { order: after.id });
      return after;
    },
  });

const refuseOrder = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/change-orders/:order/refuse`,
    tag,
    summary: "Refuse a change order with its reason (UTM-13)",
    access: decide,
    params: ofOrder,
    body: RefuseStep,
    response: ChangeOrder,
    status: 200,
    handler: async (context) => {
      const { row, found } = await lockedOrder(context);
      const after = await closeChange(workOf(parts)(context), row, found, "refused", context.body.reason);
      await tell(context, "change-order.refuse", row, { order: after.id });
      return after;
    },
  });

const withdrawOrder = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/change-orders/:order/withdraw`,
    tag,
    summary: "Take a change order back before it is decided",
    access: ask,
    params: ofOrder,
    response: ChangeOrder,
    status: 200,
    handler: async (context) => {
      const { row, found } = await lockedOrder(context);
      const after = await closeChange(workOf(parts)(context), row, found, "withdrawn", undefined);
      await tell(context, "change-order.withdraw", row, { order: after.id });
      return after;
    },
  });

const listTransfers = route({
  method: "GET",
  path: `${contract}/transfers`,
  tag,
  summary: "Successions and assignments of a contract, oldest first",
  access: read,
  params: ofContract,
  response: Type.Array(Transfer),
  handler: async (context) => transfersOf(context.tx, await theContract(context)),
});

const askTransfer = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/transfers`,
    tag,
    summary: "Report a succession or ask for an assignment, with its proof (SEC-12, RNS-33, UTM-14, UTM-18)",
    access: ask,
    params: ofContract,
    body: NewTransfer,
    response: Transfer,
    status: 201,
    handler: async (context) => {
      const row = await lockedContract(context);
      await checkEvidence(context.tx, context.organisation, context.body.evidence);
      const made = await requestTransfer(workOf(parts)(context), row, context.body);
      await tell(context, "transfer.request", row, { transfer: made.id, how: made.how });
      return made;
    },
  });

const decideTransfer = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/transfers/:transfer/decide`,
    tag,
    summary: "Approve or refuse a succession or an assignment (UTM-15)",
    access: decide,
    params: ofTransfer,
    body: DecideTransfer,
    response: Transfer,
    status: 200,
    handler: async (context) => {
      const { body, params } = context;
      const row = await lockedContract(context);
      const found = await transferById(context.tx, row, params.transfer);
      if (found === null) throw raiseServer("NOT_FOUND");
      const work = workOf(parts)(context);
      const after = body.approve
        ? await approveTransfer(work, row, found, body.checks)
        : await refuseTransfer(work, row, found, body.reason);
      await tell(context, "transfer.decide", row, { transfer: after.id, state: after.state });
      return after;
    },
  });

const representative = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/representative`,
    tag,
    summary: "Name who speaks for several holders (SEC-12, UTM-18)",
    access: ask,
    params: ofContract,
    body: NameRepresentative,
    response: Transfer,
    status: 200,
    handler: async (context) => {
      const row = await lockedContract(context);
      const { representative: chosen, on } = context.body;
      const today = dayOf(context.now);
      if (!isStaff(context) && on < today) throw raise("CONTRACT_DAY_PAST", { on, earliest: today });
      const after = await nameRepresentative(workOf(parts)(context), row, chosen, on);
      await tell(context, "transfer.representative", row, { representative: chosen, on });
      return after;
    },
  });
