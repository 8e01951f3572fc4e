/** The overview of an organisation, and the provider's list of agents over all organisations. */
import { Type } from "typebox";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { route, type Route } from "@yagura/server/route.ts";
import { Id, Instant, page } from "@yagura/server/shapes.ts";
import { listSessions, pageOfAgents } from "../inventory.ts";
import { readOverview, scoresOfAgents } from "../overview.ts";
import { readWorst } from "../store/health.ts";
import { Agent, Overview, Score, WorstSession } from "../wire/api.ts";
import { base, mayRead, ofOrganisation, tag } from "./common.ts";
import { rangeOf } from "./measurements.ts";

const AgentOfOrganisation = Type.Object({
  organisationId: Id,
  organisationName: Type.String(),
  agent: Agent,
  score: Score,
});

export const overviewRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: `${base}/overview`,
    tag,
    summary: "Tenants, agents and sessions with the score of the last hour, worst first",
    access: mayRead,
    params: ofOrganisation,
    response: Overview,
    transaction: false,
    handler: ({ platform, organisation, now }) => readOverview(platform, organisation, now),
  }),
  route({
    method: "GET",
    path: `${base}/worst`,
    tag,
    summary: "Sessions with the greatest loss over a time, 30 days unless told, worst first",
    access: mayRead,
    params: ofOrganisation,
    query: Type.Object({
      from: Type.Optional(Instant),
      to: Type.Optional(Instant),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    response: Type.Array(WorstSession),
    transaction: false,
    handler: async ({ platform, organisation, query, now }) => {
      const { from, to } = rangeOf(query, now, 30 * 24);
      const worst = await readWorst(platform.telemetry, organisation, from, to, query.limit ?? 20);
      const sessions = await platform.store.organisation(organisation, (tx) => listSessions(tx, organisation));
      const known = new Map(sessions.map((session) => [session.id, session]));
      return worst.flatMap(({ session: id, loss, p50, p95 }) => {
        const session = known.get(id);
        return session === undefined ? [] : [{ session, loss, p50Us: p50, p95Us: p95 }];
      });
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/provider/experience/agents",
    tag,
    summary: "Agents of every organisation with the score of the last hour",
    access: { kind: "provider", scope: "experience.read" },
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      cursor: Type.Optional(Id),
    }),
    response: page(AgentOfOrganisation),
    transaction: false,
    handler: async ({ platform, query, now }) => {
      const found = await platform.store.provider((tx) =>
        pageOfAgents(tx, now, { limit: query.limit ?? 100, cursor: query.cursor }),
      );
      const scores = new Map<OrganisationId, Map<Uuid, Score>>();
      for (const [organisation, items] of Map.groupBy(found.items, ({ organisationId }) => organisationId)) {
        const agents = new Set(items.map(({ agent }) => agent.id));
        scores.set(organisation, await scoresOfAgents(platform, organisation, agents, now));
      }
      const unknown: Score = { value: null, state: "unknown", reasons: [] };
      return {
        ...found,
        items: found.items.map(({ organisationId, organisationName, agent }) => ({
          organisationId,
          organisationName,
          agent,
          score: scores.get(organisationId)?.get(agent.id) ?? unknown,
        })),
      };
    },
  }),
];
