/** The API of contracts. Reading is for the organisation's people and the provider's; changing is the provider's alone. */
import { sql } from "kysely";
import { Type } from "typebox";
import type { Devices } from "@yagura/devices/devices.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route, type RouteContext, type ScopeTable } from "@yagura/server/route.ts";
import { Id, page } from "@yagura/server/shapes.ts";
import {
  contractById,
  createContract,
  endContract,
  lockContract,
  type ContractRow,
  type ContractWork,
  type HooksByService,
} from "./contracts.ts";
import { organisationFacts, tellOwners } from "../organisations.ts";
import { ContractDetail, ContractItem, EndContract, NewContract, type ContractEvent } from "./shapes.ts";
import { contractNumberMail } from "./mails.ts";

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
};

const contracts = "/api/v1/organisations/:organisation/contracts";
const ofOrganisation = Type.Object({ organisation: Id });
const ofContract = Type.Object({ organisation: Id, contract: Id });
const Paging = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    cursor: Type.Optional(Id),
    service: Type.Optional(Type.String({ maxLength: 20 })),
  },
  { additionalProperties: false },
);

const shown = (row: ContractRow) => ({
  id: row.id,
  organisationId: row.organisation,
  service: row.service,
  number: row.number,
  state: row.state,
  charged: row.charged,
  startedOn: row.startedOn,
  endedOn: row.endedOn,
  createdAt: row.createdAt.toISOString(),
});

/** Routes of contracts; `hooks` are the services' own, by service id. */
export function contractRoutes(hooks: HooksByService, devices: Devices): readonly Route[] {
  const workOf = (context: RouteContext<unknown, unknown, unknown>): ContractWork => ({
    tx: context.tx,
    now: context.now,
    actor: context.actor,
    hooks,
    devices,
    platform: context.platform,
  });
  return [listContracts, makeContract(workOf), showContract, finishContract(workOf)];
}

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
    const { rows } = await sql<ContractRow & { total: string }>`
      select id, organisation_id as organisation, service, number, state, charged, started_on::text as "startedOn",
        ended_on::text as "endedOn", created_at as "createdAt"
      from commerce.contract
      where organisation_id = ${organisation} and (${service}::text is null or service = ${service})
        and (${query.cursor ?? null}::uuid is null or id < ${query.cursor ?? null}::uuid)
      order by id desc limit ${limit + 1}`.execute(tx);
    const counted = await sql<{ total: number }>`select count(*)::int as total from commerce.contract
      where organisation_id = ${organisation} and (${service}::text is null or service = ${service})`.execute(tx);
    const items = rows.slice(0, limit).map(shown);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total: counted.rows[0]?.total ?? 0 };
  },
});

const makeContract = (workOf: (context: RouteContext<unknown, unknown, unknown>) => ContractWork) =>
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
      const { body, organisation, tx, platform } = context;
      const facts = await organisationFacts(tx, organisation);
      if (facts === null) throw raiseServer("NOT_FOUND");
      const made = await createContract(workOf(context), {
        organisation,
        service: body.service,
        ...(body.startedOn === undefined ? {} : { startedOn: body.startedOn }),
        charged: !facts.internal,
      });
      await tellOwners(tx, platform, organisation, contractNumberMail(made, facts.language));
      await context.audit({
        action: "contract.create",
        subject: made.id,
        details: { number: made.number, service: made.service, startedOn: made.startedOn },
      });
      await platform.live.publish(tx, organisation, { topic: "contract", data: { id: made.id } });
      return shown(made);
    },
  });

const showContract = route({
  method: "GET",
  path: `${contracts}/:contract`,
  tag: "contracts",
  summary: "One contract and what happened to it",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofContract,
  response: ContractDetail,
  handler: async ({ tx, organisation, params }) => {
    const row = await contractById(tx, organisation, params.contract);
    if (row === null) throw raiseServer("NOT_FOUND");
    const { rows } = await sql<Omit<ContractEvent, "at"> & { at: Date }>`select at, kind, actor, ground, payload
      from commerce.contract_event where organisation_id = ${organisation} and contract_id = ${row.id} order by ordinal`.execute(
      tx,
    );
    return { ...shown(row), events: rows.map(({ at, ...event }) => Object.assign(event, { at: at.toISOString() })) };
  },
});

const finishContract = (workOf: (context: RouteContext<unknown, unknown, unknown>) => ContractWork) =>
  route({
    method: "POST",
    path: `${contracts}/:contract/end`,
    tag: "contracts",
    summary: "End a contract; what is left above the quota is paused, never deleted (EXP-22)",
    access: { kind: "organisation", scope: "contract.write" },
    params: ofContract,
    body: EndContract,
    response: ContractItem,
    status: 200,
    handler: async (context) => {
      const { body, organisation, params, tx, platform } = context;
      const row = await lockContract(tx, organisation, params.contract);
      if (row === null) throw raiseServer("NOT_FOUND");
      const ended = await endContract(workOf(context), row, body.on);
      await context.audit({
        action: "contract.end",
        subject: row.id,
        details: { number: row.number, on: body.on, state: ended.state },
      });
      await platform.live.publish(tx, organisation, { topic: "contract", data: { id: row.id } });
      return shown(ended);
    },
  });
