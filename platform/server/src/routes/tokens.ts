/** Routes of API tokens, of an organisation and of the provider. */
import { Type } from "typebox";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { endToken, storeToken, toApiToken, type EndedToken } from "../api-tokens.ts";
import { effectiveScopes } from "../guard.ts";
import { route, type Actor, type Route, type RouteContext } from "../route.ts";
import { isProviderRole } from "../scopes.ts";
import { ApiToken, Id, Instant, Name, type Role } from "../shapes.ts";
import { tables } from "../tables.ts";

const NewToken = Type.Object(
  {
    name: Name,
    scopes: Type.Array(Type.String({ maxLength: 60 }), { minItems: 1, maxItems: 100, uniqueItems: true }),
    expiresAt: Instant,
  },
  { additionalProperties: false },
);
const Made = Type.Object({ token: Type.String(), item: ApiToken });
const own = "/api/v1/organisations/:organisation/tokens";
const provider = "/api/v1/provider/tokens";
const tag = "tokens";

type Body = { name: string; scopes: string[]; expiresAt: string };
type Context = Pick<
  RouteContext<unknown, unknown, Body>,
  "tx" | "actor" | "role" | "now" | "body" | "audit" | "request"
>;

const nameOf = (actor: Actor): string => ("name" in actor ? actor.name : "");

/** Nobody gives away what they do not hold: scopes of the token are among the maker's own. */
async function makeToken(environment: Environment, context: Context, organisation: string | null): Promise<unknown> {
  const { actor, role, body, now, tx } = context;
  const principal = environment.principal(context.request);
  if (role === null || principal === null) throw raise("SIGN_IN_NEEDED");
  const mine = new Set(effectiveScopes(environment.scopes, principal, role));
  const missing = body.scopes.find((scope) => !mine.has(scope));
  if (missing !== undefined) {
    throw environment.scopes.all.includes(missing)
      ? raise("SCOPE_BEYOND_ROLE", { scope: missing })
      : raise("SCOPE_UNKNOWN", { scope: missing });
  }
  // A token of an organisation has a role of that organisation, also when the provider makes it.
  const tokenRole: Role = organisation !== null && isProviderRole(role) ? "owner" : role;
  const { credential } = principal;
  const maker = credential.kind === "token" ? credential : null;
  if (maker !== null && new Date(body.expiresAt) > maker.expiresAt) {
    throw raise("TOKEN_OUTLIVES", { expiresAt: maker.expiresAt.toISOString() });
  }
  const made = await storeToken(tx, environment.scopes, now, {
    name: body.name,
    role: tokenRole,
    organisation,
    scopes: body.scopes,
    expiresAt: new Date(body.expiresAt),
    createdBy: nameOf(actor),
    createdByUser: credential.kind === "session" ? credential.userId : credential.madeBy,
    ...(maker === null ? {} : { createdByToken: maker.id }),
  });
  await context.audit({
    action: "token.create",
    subject: `token:${made.item.id}`,
    details: { name: body.name, scopes: made.item.scopes, expiresAt: made.item.expiresAt },
  });
  return made;
}

export function tokenRoutes(environment: Environment): Route[] {
  return [...ownTokens(environment), ...providerTokens(environment)];
}

function ownTokens(environment: Environment): Route[] {
  const { platform } = environment;
  return [
    route({
      method: "GET",
      path: own,
      summary: "API tokens of the organisation",
      tag,
      access: { kind: "organisation", scope: "token.read" },
      params: Type.Object({ organisation: Id }),
      response: Type.Array(ApiToken),
      handler: async ({ tx, organisation }) => {
        const rows = await tables(tx)
          .selectFrom("server.api_token")
          .selectAll()
          .where("revoked_at", "is", null)
          .orderBy("id", "desc")
          .limit(1000)
          .execute();
        return rows.map((row) => toApiToken(row, row.role, organisation));
      },
    }),
    route({
      method: "POST",
      path: own,
      summary: "Make an API token; its text is shown once",
      tag,
      access: { kind: "organisation", scope: "token.write" },
      params: Type.Object({ organisation: Id }),
      status: 201,
      body: NewToken,
      response: Made,
      handler: (context) => makeToken(environment, context, context.organisation),
    }),
    route({
      method: "DELETE",
      path: `${own}/:id`,
      summary: "Revoke an API token, and those that it made",
      tag,
      access: { kind: "organisation", scope: "token.write" },
      params: Type.Object({ organisation: Id, id: Id }),
      handler: async ({ tx, params, now, audit }) => {
        const ended = await endToken(tx, "api_token", params.id, now);
        await tellEnded(ended, audit);
        for (const { id } of ended) await platform.live.cut(tx, `token:${id}`);
      },
    }),
  ];
}

function providerTokens(environment: Environment): Route[] {
  const { platform } = environment;
  return [
    route({
      method: "GET",
      path: provider,
      summary: "API tokens of the provider",
      tag,
      access: { kind: "provider", scope: "token.read" },
      response: Type.Array(ApiToken),
      handler: async ({ tx }) => {
        const rows = await tables(tx)
          .selectFrom("server.provider_token")
          .selectAll()
          .where("revoked_at", "is", null)
          .orderBy("id", "desc")
          .limit(1000)
          .execute();
        return rows.map((row) => toApiToken(row, row.role, null));
      },
    }),
    route({
      method: "POST",
      path: provider,
      summary: "Make an API token of the provider; its text is shown once",
      tag,
      access: { kind: "provider", scope: "token.write" },
      status: 201,
      body: NewToken,
      response: Made,
      handler: (context) => makeToken(environment, context, null),
    }),
    route({
      method: "DELETE",
      path: `${provider}/:id`,
      summary: "Revoke an API token of the provider, and those that it made",
      tag,
      access: { kind: "provider", scope: "token.write" },
      params: Type.Object({ id: Id }),
      handler: async ({ tx, params, now, audit }) => {
        const ended = await endToken(tx, "provider_token", params.id, now);
        await tellEnded(ended, audit);
        for (const { id } of ended) await platform.live.cut(tx, `token:${id}`);
      },
    }),
  ];
}

async function tellEnded(ended: readonly EndedToken[], audit: Context["audit"]): Promise<void> {
  if (ended.length === 0) throw raise("NOT_FOUND");
  for (const { id, name } of ended) await audit({ action: "token.revoke", subject: `token:${id}`, details: { name } });
}
