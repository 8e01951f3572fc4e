/** The API of what a contract will cost and what happened and will happen to it. */
import { Type } from "typebox";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { closed, Id } from "@yagura/server/shapes.ts";
import { isStaff } from "@yagura/server/scopes.ts";
import type { Tx } from "@yagura/store/store.ts";
import { contractById, type ContractRow } from "../contracts/contract-row.ts";
import { forecastOf, shownForecast } from "./forecast.ts";
import { Forecast, Timeline } from "./shapes.ts";
import { timelineOf } from "./timeline.ts";

const contract = "/api/v1/organisations/:organisation/contracts/:contract";
const ofContract = Type.Object({ organisation: Id, contract: Id });
const MONTHS = 12;

async function found(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<ContractRow> {
  const row = await contractById(tx, organisation, id);
  if (row === null) throw raiseServer("NOT_FOUND");
  return row;
}

const forecast = route({
  method: "GET",
  path: `${contract}/forecast`,
  tag: "contracts",
  summary: "Bills of the coming months as things stand, by the function that bills (COM-19)",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofContract,
  query: Type.Object({ months: Type.Optional(Type.Integer({ minimum: 1, maximum: 36, default: MONTHS })) }, closed),
  response: Forecast,
  handler: async ({ tx, now, organisation, params, query }) => {
    const months = query.months ?? MONTHS;
    return shownForecast(await forecastOf(tx, await found(tx, organisation, params.contract), now, months), months);
  },
});

const timeline = route({
  method: "GET",
  path: `${contract}/timeline`,
  tag: "contracts",
  summary: "Everything that ever happened to a contract, what will happen and what it will cost",
  access: { kind: "organisation", scope: "contract.read" },
  params: ofContract,
  response: Timeline,
  handler: async ({ tx, now, organisation, params, role }) =>
    timelineOf(tx, await found(tx, organisation, params.contract), now, {
      staff: isStaff({ role }),
    }),
});

export const outlookRoutes: readonly Route[] = [forecast, timeline];
