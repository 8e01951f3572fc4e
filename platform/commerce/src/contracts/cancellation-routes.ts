/** The API of cancellations: simulate, request, confirm, refuse, take back; by the provider; with the line; a whole service. */
import { Type } from "typebox";
import { dayOf } from "@yagura/core/calendar.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route, type RouteContext } from "@yagura/server/route.ts";
import { CivilDate, closed, Id } from "@yagura/server/shapes.ts";
import { isStaff } from "@yagura/server/scopes.ts";
import { checkEvidence } from "../applications/evidence.ts";
import { CancellationAnswer } from "../outlook/shapes.ts";
import {
  confirmCancellation,
  lockedCancellation,
  refuseCancellation,
  requestCancellation,
  withdrawCancellation,
} from "./cancellations.ts";
import { cancellationsOf } from "./cancellation-rows.ts";
import { contractById } from "./contracts.ts";
import { readEnding, simulateEnd } from "./ending.ts";
import { raise } from "./errors.ts";
import { cancelByProvider, endWithLine } from "./provider-endings.ts";
import {
  CancelByProvider,
  Cancellation,
  ConfirmCancellation,
  ContractItem,
  EndLine,
  RefuseStep,
  RequestCancellation,
} from "./shapes.ts";
import { lockedContract, shown, tell, workOf, type ContractParts } from "./work.ts";

const contract = "/api/v1/organisations/:organisation/contracts/:contract";
const ofContract = Type.Object({ organisation: Id, contract: Id });
const ofCancellation = Type.Object({ organisation: Id, contract: Id, cancellation: Id });
const tag = "contracts";

export const cancellationRoutes = (parts: ContractParts): readonly Route[] => [
  simulate,
  list,
  request(parts),
  confirm(parts),
  refuse(parts),
  withdraw(parts),
  byProvider(parts),
  withLine(parts),
];

const simulate = route({
  method: "GET",
  path: `${contract}/simulate/cancellation`,
  tag,
  summary: "What an end on a day would cost and when it is possible, by the function that bills (COM-19)",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofContract,
  query: Type.Object({ on: CivilDate }, closed),
  response: CancellationAnswer,
  handler: async ({ tx, now, organisation, params, query }) => {
    const row = await contractById(tx, organisation, params.contract);
    if (row === null) throw raiseServer("NOT_FOUND");
    if (row.startedOn !== null && query.on < row.startedOn) {
      throw raise("CONTRACT_DAY_PAST", { on: query.on, earliest: row.startedOn });
    }
    return simulateEnd(await readEnding({ tx }, row), query.on, now);
  },
});

const list = route({
  method: "GET",
  path: `${contract}/cancellations`,
  tag,
  summary: "Requests for the end of a contract, oldest first",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofContract,
  response: Type.Array(Cancellation),
  handler: async ({ tx, organisation, params }) => {
    const row = await contractById(tx, organisation, params.contract);
    if (row === null) throw raiseServer("NOT_FOUND");
    return cancellationsOf(tx, row);
  },
});

const request = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/cancellations`,
    tag,
    summary: "Ask for the end of a contract, confirming the sum that was shown (SEC-13, RNS-10, OST-06, UTM-26)",
    access: { kind: "organisation", scope: "application.write" },
    params: ofContract,
    body: RequestCancellation,
    response: Cancellation,
    status: 201,
    handler: async (context) => {
      const { body, role, now, tx, organisation } = context;
      const staff = isStaff({ role });
      const row = await lockedContract(context);
      await checkEvidence(tx, organisation, body.evidence);
      // A customer's request is received as it is entered.
      const input = staff ? body : { ...body, receivedOn: dayOf(now), channel: body.channel };
      const made = await requestCancellation(workOf(parts)(context), row, input);
      await tell(context, "cancellation.request", row, {
        cancellation: made.id,
        desiredOn: made.desiredOn,
        sum: made.sum,
      });
      return made;
    },
  });

async function locked(
  context: Pick<
    RouteContext<{ contract: string; cancellation: string }, unknown, unknown>,
    "tx" | "organisation" | "params"
  >,
) {
  const { contract: of, cancellation } = context.params;
  const found = await lockedCancellation(context, context.organisation, of, cancellation);
  if (found === null) throw raiseServer("NOT_FOUND");
  return found;
}

const confirm = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/cancellations/:cancellation/confirm`,
    tag,
    summary: "The check is finished or the damage paid: the cancellation date is set (UTM-27, RNS-11)",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofCancellation,
    body: ConfirmCancellation,
    response: Cancellation,
    status: 200,
    handler: async (context) => {
      const found = await locked(context);
      const after = await confirmCancellation(workOf(parts)(context), found.contract, found.request, context.body);
      await tell(context, "cancellation.confirm", found.contract, {
        cancellation: after.id,
        cancelledOn: after.cancelledOn,
      });
      return after;
    },
  });

const refuse = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/cancellations/:cancellation/refuse`,
    tag,
    summary: "Refuse a request that cannot be carried out",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofCancellation,
    body: RefuseStep,
    response: Cancellation,
    status: 200,
    handler: async (context) => {
      const found = await locked(context);
      const after = await refuseCancellation(
        workOf(parts)(context),
        found.contract,
        found.request,
        context.body.reason,
      );
      await tell(context, "cancellation.refuse", found.contract, { cancellation: after.id });
      return after;
    },
  });

const withdraw = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/cancellations/:cancellation/withdraw`,
    tag,
    summary: "Take a cancellation back before its day; a set end is the staff's to unset",
    access: { kind: "organisation", scope: "application.write" },
    params: ofCancellation,
    body: RefuseStep,
    response: Cancellation,
    status: 200,
    handler: async (context) => {
      const found = await locked(context);
      const staff = isStaff(context);
      // A customer's own confirmed request may be taken back by the staff only: others may rest on the date.
      if (!staff && found.request.state !== "requested") throw raise("CANCELLATION_OVER");
      const after = await withdrawCancellation(
        workOf(parts)(context),
        found.contract,
        found.request,
        context.body.reason,
      );
      await tell(context, "cancellation.withdraw", found.contract, { cancellation: after.id });
      return after;
    },
  });

const byProvider = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/provider-cancellation`,
    tag,
    summary: "End a contract with a ground of the terms (SEC-14, RNS-15, UTM-28); the sum due is told to the customer",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofContract,
    body: CancelByProvider,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const row = await lockedContract(context);
      await checkEvidence(context.tx, context.organisation, context.body.evidence);
      const after = await cancelByProvider(workOf(parts)(context), row, context.body);
      await tell(context, "contract.cancel", after, { ground: context.body.ground, on: context.body.on });
      return shown(after);
    },
  });

const withLine = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contract}/line-ended`,
    tag,
    summary: "The access line's contract is cancelled: this one ends by itself (UTM-28)",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofContract,
    body: EndLine,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const row = await lockedContract(context);
      await checkEvidence(context.tx, context.organisation, context.body.evidence);
      const after = await endWithLine(workOf(parts)(context), row, context.body);
      await tell(context, "contract.line-ended", after, { on: context.body.on });
      return shown(after);
    },
  });
