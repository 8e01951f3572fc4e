/** The API of contracts. Reading is for the organisation's people and the provider's; changing is the provider's alone. */
import { sql } from "kysely";
import { Type } from "typebox";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import type { Tx } from "@yagura/store/store.ts";
import { orderedItems } from "../applications/fields.ts";
import { loadTables } from "../terms/load.ts";
import { countRows, pageById } from "../paging.ts";
import { ById } from "../shapes.ts";
import { formOn, offerOf } from "./offers.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route, type ScopeTable } from "@yagura/server/route.ts";
import { closed, Id, page } from "@yagura/server/shapes.ts";
import { isStaff } from "@yagura/server/scopes.ts";
import { tellCustomer } from "../notices/tell.ts";
import { organisationFacts } from "../organisations.ts";
import { cancellationRoutes } from "./cancellation-routes.ts";
import { changeRoutes } from "./change-routes.ts";
import { contractColumns, createContract, endContract, type ContractRow } from "./contracts.ts";
import { contractDetail } from "./detail.ts";
import { factRoutes } from "./fact-routes.ts";
import { contractNumberMail } from "./mails.ts";
import { ContractDetail, ContractItem, EndContract, NewContract } from "./shapes.ts";
import { providerContractRoutes } from "./provider-routes.ts";
import { stepRoutes } from "./step-routes.ts";
import { taskRoutes } from "./task-routes.ts";
import { withdrawalRoutes } from "./withdrawals.ts";
import { lockedContract, shown, tell, workOf, type ContractParts } from "./work.ts";

export const scopes: ScopeTable = {
  "contract.read": [
    "provider-admin",
    "provider-operator",
    "provider-support",
    "provider-billing",
    "owner",
    "admin",
    "viewer",
  ],
  "contract.write": ["provider-admin", "provider-billing"],
  // What happened in the field; facts about agreed money need more (fact-routes.ts).
  "fact.write": ["provider-admin", "provider-billing", "provider-operator"],
  // What a customer asks for: applications, changes, cancellations. The staff may enter it too.
  "application.write": ["owner", "admin", "provider-admin", "provider-billing", "provider-operator"],
};

const contracts = "/api/v1/organisations/:organisation/contracts";
const ofOrganisation = Type.Object({ organisation: Id });
const ofContract = Type.Object({ organisation: Id, contract: Id });
const Paging = Type.Object(
  {
    ...ById,
    service: Type.Optional(Type.String({ maxLength: 20 })),
  },
  closed,
);

/** Routes of contracts and of their life. */
export const contractRoutes = (parts: ContractParts): readonly Route[] => [
  listContracts,
  makeContract(parts),
  showContract(),
  finishContract(parts),
  ...stepRoutes(parts),
  ...cancellationRoutes(parts),
  ...changeRoutes(parts),
  ...withdrawalRoutes(parts),
  ...factRoutes(parts),
  ...providerContractRoutes,
  ...taskRoutes,
];

const listContracts = route({
  method: "GET",
  path: contracts,
  tag: "contracts",
  summary: "Contracts of an organisation, newest first",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofOrganisation,
  query: Paging,
  response: page(ContractItem),
  handler: async ({ tx, organisation, query }) => {
    const limit = query.limit ?? 100;
    const service = query.service ?? null;
    const found = sql`commerce.contract where organisation_id = ${organisation}
      and (${service}::text is null or service = ${service})`;
    const { rows } = await sql<ContractRow>`select ${contractColumns} from ${found}
        and (${query.cursor ?? null}::uuid is null or id < ${query.cursor ?? null}::uuid)
      order by id desc limit ${limit + 1}`.execute(tx);
    return pageById(rows, limit, await countRows(tx, found), shown);
  },
});

const makeContract = (parts: ContractParts) =>
  route({
    method: "POST",
    path: contracts,
    tag: "contracts",
    summary: "Make a contract with a new number (EXP-T09); the provider's own organisation is never charged",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofOrganisation,
    body: NewContract,
    response: ContractItem,
    status: 201,
    handler: async (context) => {
      const { body, organisation, tx, platform, now } = context;
      const facts = await organisationFacts(tx, organisation);
      if (facts === null) throw raiseServer("NOT_FOUND");
      const made = await createContract(workOf(parts)(context), {
        ...body,
        ...(await orderedPlan(parts, tx, body, dayOf(now))),
        organisation,
        charged: !facts.internal,
      });
      await tellCustomer(
        { tx, now, actor: context.actor, platform, offers: parts.offers },
        {
          organisation,
          contract: made.id,
          service: made.service,
          kind: "contract-number",
          mail: contractNumberMail(made, facts.language),
        },
      );
      await tell(context, "contract.create", made, { service: made.service, startedOn: made.startedOn });
      return shown(made);
    },
  });

/** The plan and what the form begins with, where the caller says nothing. PLAN_UNKNOWN for a plan that is not sold. */
async function orderedPlan(
  parts: ContractParts,
  tx: Tx,
  body: Pick<NewContract, "service" | "plan" | "items" | "startedOn">,
  today: Day,
): Promise<Pick<NewContract, "plan" | "items">> {
  const offer = offerOf(parts, body.service);
  const plan = body.plan ?? offer?.forms[0]?.plan;
  if (offer === undefined || plan === undefined) return {};
  // A contract that is taken over from the past may be of a plan that is not ordered any more.
  if (!offer.forms.some((form) => form.plan === plan) && !offer.terms.some((terms) => plan in terms.plans)) {
    formOn(await loadTables(tx), offer, plan, today);
  }
  const form = offer.forms.findLast((one) => one.plan === plan);
  const items = body.items ?? (form === undefined ? undefined : orderedItems(form, undefined));
  return items === undefined ? { plan } : { plan, items };
}

const showContract = () =>
  route({
    method: "GET",
    path: `${contracts}/:contract`,
    tag: "contracts",
    summary: "One contract: its state, facts, requests, holders, tasks and what happened to it",
    access: { kind: "organisation", scope: "contract.read" },
    params: ofContract,
    response: ContractDetail,
    handler: async (context) => {
      const { tx, organisation, params, role } = context;
      const detail = await contractDetail(tx, organisation, params.contract, {
        staff: isStaff({ role }),
      });
      if (detail === null) throw raiseServer("NOT_FOUND");
      return { ...shown(detail.row), ...detail.rest };
    },
  });

const finishContract = (parts: ContractParts) =>
  route({
    method: "POST",
    path: `${contracts}/:contract/end`,
    tag: "contracts",
    summary: "End a contract on its last day; never refused for what hangs on it, which its service pauses (COM-17)",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofContract,
    body: EndContract,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const row = await lockedContract(context);
      const ended = await endContract(workOf(parts)(context), row, context.body.on);
      await tell(context, "contract.end", ended, { on: context.body.on });
      return shown(ended);
    },
  });
