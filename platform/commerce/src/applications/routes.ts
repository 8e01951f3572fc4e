/** The API of applications: customers apply and look, the staff decide; the provider's queue over all organisations. */
import { Type } from "typebox";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route, type RouteContext } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import { isStaff } from "@yagura/server/scopes.ts";
import { dayOf } from "@yagura/core/calendar.ts";
import type { Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { workOf, shown as shownContract, type ContractParts } from "../contracts/work.ts";
import { ContractItem } from "../contracts/shapes.ts";
import { pageById } from "../paging.ts";
import { ById } from "../shapes.ts";
import { applyFor, checkOrder, completeApplication } from "./apply.ts";
import { customerRoutes } from "./customer-routes.ts";
import {
  acceptApplication,
  refuseApplication,
  rescindContract,
  revokeAcceptance,
  withdrawApplication,
} from "./decide.ts";
import { raise } from "./errors.ts";
import { checkEvidence } from "./evidence.ts";
import { evidenceRoutes } from "./evidence-routes.ts";
import { quoteRoutes } from "./quote-routes.ts";
import {
  applicationById,
  type ApplicationFilter,
  type ApplicationRow,
  applicationsOf,
  countApplications,
  lockApplication,
} from "./rows.ts";
import {
  AcceptApplication,
  Application,
  ApplicationState,
  CompleteApplication,
  DecideApplication,
  NewOrder,
  OrderCheckAnswer,
  WithdrawApplication,
  type NewOrder as Order,
} from "./shapes.ts";

const applications = "/api/v1/organisations/:organisation/applications";
const ofOrganisation = Type.Object({ organisation: Id });
const ofApplication = Type.Object({ organisation: Id, application: Id });
const tag = "applications";
const read = { kind: "organisation", scope: "contract.read" } as const;
const write = { kind: "organisation", scope: "application.write" } as const;
const decide = { kind: "organisation", scope: "contract.write" } as const;
const Filter = Type.Object(
  {
    state: Type.Optional(ApplicationState),
    service: Type.Optional(Type.String({ maxLength: 20 })),
    ...ById,
  },
  closed,
);
type Context = RouteContext<unknown, unknown, unknown>;

export const applicationRoutes = (parts: ContractParts): readonly Route[] => [
  listApplications,
  queue,
  showApplication,
  order(parts),
  check(parts),
  complete(parts),
  accept(parts),
  refuse(parts),
  withdraw(parts),
  revoke(parts),
  rescind(parts),
  ...customerRoutes,
  ...evidenceRoutes,
  ...quoteRoutes(parts),
];

/** A page of applications with how many there are in all. */
async function pageOf(tx: Tx, { cursor, limit = 100, ...filter }: ApplicationFilter & { readonly cursor?: Uuid }) {
  const found = await applicationsOf(tx, { ...filter, before: cursor ?? null, limit: limit + 1 });
  return pageById(found, limit, await countApplications(tx, filter), (item) => item);
}

const listApplications = route({
  method: "GET",
  path: applications,
  tag,
  summary: "Applications of an organisation, newest first",
  access: read,
  params: ofOrganisation,
  query: Filter,
  response: page(Application),
  handler: ({ tx, organisation, query }) => pageOf(tx, { organisation, ...query }),
});

const queue = route({
  method: "GET",
  path: "/api/v1/provider/applications",
  tag,
  summary: "Applications of every organisation, newest first; `sequence` is the place in the service's queue (SEC-05)",
  access: { kind: "provider", scope: "contract.read" },
  query: Filter,
  response: page(Application),
  handler: ({ tx, query }) => pageOf(tx, query),
});

const showApplication = route({
  method: "GET",
  path: `${applications}/:application`,
  tag,
  summary: "One application with its consents and remarks",
  access: read,
  params: ofApplication,
  response: Application,
  handler: ({ tx, organisation, params }) => shown({ tx, organisation }, params.application),
});

async function shown({ tx, organisation }: Pick<Context, "tx" | "organisation">, id: string): Promise<Application> {
  const found = await applicationById(tx, organisation, id);
  if (found === null) throw raiseServer("NOT_FOUND");
  return found;
}

/** Customers enter orders of the day; papers of an earlier day are the staff's to enter. */
function needDay({ role, now }: Pick<Context, "role" | "now">, { orderedOn }: Order): void {
  const today = dayOf(now);
  if (orderedOn !== undefined && orderedOn !== today && !isStaff({ role })) {
    throw raise("ORDER_DAY_STAFF", { today });
  }
}

const order = (parts: ContractParts) =>
  route({
    method: "POST",
    path: applications,
    tag,
    summary: "Apply for one or more contracts in one order; what is incomplete is kept and not formed (RNS-04)",
    access: write,
    params: ofOrganisation,
    body: NewOrder,
    response: Type.Array(Application),
    status: 201,
    handler: async (context) => {
      const { body, organisation, tx, platform, audit } = context;
      needDay(context, body);
      const ids = await applyFor(workOf(parts)(context), organisation, body);
      const made = await applicationsOf(tx, { organisation, ids, limit: ids.length });
      const found = ids.flatMap((id) => made.filter((one) => one.id === id));
      for (const one of found) {
        await audit({
          action: "application.create",
          subject: one.id,
          details: { service: one.service, plan: one.plan, state: one.state, sequence: one.sequence },
        });
      }
      await platform.live.publish(tx, organisation, { topic: "application", data: { ids: ids.slice(0, 50) } });
      return found;
    },
  });

const check = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${applications}/check`,
    tag,
    summary: "What an order lacks, and cheaper combinations of packs (SEC-53), without applying",
    access: write,
    params: ofOrganisation,
    body: NewOrder,
    response: OrderCheckAnswer,
    status: 200,
    handler: async (context) => {
      needDay(context, context.body);
      const lines = await checkOrder(workOf(parts)(context), context.organisation, context.body);
      return { lines: lines.map((remarks) => ({ formed: !remarks.some(({ kind }) => kind === "missing"), remarks })) };
    },
  });

async function locked(
  context: Pick<Context, "tx" | "organisation"> & { readonly params: { readonly application: string } },
): Promise<ApplicationRow> {
  const row = await lockApplication(context.tx, context.organisation, context.params.application);
  if (row === null) throw raiseServer("NOT_FOUND");
  return row;
}

/** The audit and the pages of a decision. */
async function told(
  context: Context,
  action: string,
  id: string,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await context.audit({ action, subject: id, details });
  await context.platform.live.publish(context.tx, context.organisation, { topic: "application", data: { id } });
}

const complete = (parts: ContractParts) =>
  route({
    method: "PUT",
    path: `${applications}/:application`,
    tag,
    summary: "Fill in what an incomplete application lacks",
    access: write,
    params: ofApplication,
    body: CompleteApplication,
    response: Application,
    status: 200,
    handler: async (context) => {
      const row = await locked(context);
      const received = await completeApplication(workOf(parts)(context), row, context.body);
      await told(context, "application.complete", row.id, { received });
      return shown(context, row.id);
    },
  });

const accept = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${applications}/:application/accept`,
    tag,
    summary:
      "Accept: the contract is made, its facts are recorded, the customer is told its number (EXP-02, SEC-05, UTM-09)",
    access: decide,
    params: ofApplication,
    body: AcceptApplication,
    response: ContractItem,
    status: 201,
    handler: async (context) => {
      const row = await locked(context);
      const contract = await acceptApplication(workOf(parts)(context), row, context.body);
      await told(context, "application.accept", row.id, {
        contract: contract.number,
        outOfTurn: context.body.outOfTurn,
      });
      return shownContract(contract);
    },
  });

const refuse = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${applications}/:application/refuse`,
    tag,
    summary: "Refuse with a ground of the terms; the customer is told (SEC-06, SEC-09, UTM-11)",
    access: decide,
    params: ofApplication,
    body: DecideApplication,
    response: Application,
    status: 200,
    handler: async (context) => {
      const row = await locked(context);
      await refuseApplication(workOf(parts)(context), row, context.body.ground, context.body.reason);
      await told(context, "application.refuse", row.id, { ground: context.body.ground });
      return shown(context, row.id);
    },
  });

const withdraw = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${applications}/:application/withdraw`,
    tag,
    summary: "Take an application back before it is decided",
    access: write,
    params: ofApplication,
    body: WithdrawApplication,
    response: Application,
    status: 200,
    handler: async (context) => {
      const row = await locked(context);
      await withdrawApplication(workOf(parts)(context), row, context.body.reason);
      await told(context, "application.withdraw", row.id);
      return shown(context, row.id);
    },
  });

const revoke = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${applications}/:application/revoke`,
    tag,
    summary:
      "Revoke an acceptance, since a ground for refusal turned out; costs incurred so far may be claimed (SEC-08, UTM-12)",
    access: decide,
    params: ofApplication,
    body: DecideApplication,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const { body } = context;
      const row = await locked(context);
      await checkEvidence(context.tx, context.organisation, body.cost?.evidence);
      const over = await revokeAcceptance(workOf(parts)(context), row, { ...body, evidence: body.cost?.evidence });
      await told(context, "application.revoke", row.id, {
        ground: body.ground,
        contract: over.number,
        cost: body.cost?.amount,
      });
      return shownContract(over);
    },
  });

const rescind = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${applications}/:application/rescind`,
    tag,
    summary: "Rescind a contract within the days that the terms allow after its formation (RNS-05)",
    access: decide,
    params: ofApplication,
    body: DecideApplication,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const { body } = context;
      const row = await locked(context);
      await checkEvidence(context.tx, context.organisation, body.cost?.evidence);
      const over = await rescindContract(workOf(parts)(context), row, { ...body, evidence: body.cost?.evidence });
      await told(context, "application.rescind", row.id, { ground: body.ground, contract: over.number });
      return shownContract(over);
    },
  });
