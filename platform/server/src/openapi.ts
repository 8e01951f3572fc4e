/** OpenAPI 3.1 from the route table: the shapes that check requests are the shapes that are published. */
import type { TSchema } from "typebox";
import type { Route } from "./route.ts";
import type { Scopes } from "./scopes.ts";
import { CSRF_HEADER, SESSION_COOKIE } from "./guard.ts";
import { Problem } from "./shapes.ts";

type Json = Record<string, unknown>;

/** The document. Shapes are inlined; only problems and security are shared. */
export function createOpenApi(routes: readonly Route[], scopes: Scopes, version: string, publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}").replace(/\*$/, "{path}");
    const item = (paths[path] ??= {});
    item[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Yagura",
      version,
      description:
        "Everything the portal does. Sign in for a cookie, or send an API token. Errors are RFC 9457 problem details, in Japanese or English by accept-language.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: publicUrl === "" ? "/" : publicUrl }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem },
      responses: { Problem: problemResponse },
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "yt1",
          description: `API token. Scopes: ${scopes.all.join(", ")}.`,
        },
        session: {
          type: "apiKey",
          in: "cookie",
          name: SESSION_COOKIE,
          description: `Changes also need the header ${CSRF_HEADER} with the value from GET /api/v1/me.`,
        },
      },
    },
  };
}

const problemResponse = {
  description: "A problem",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function operation(route: Route): Json {
  const scope = "scope" in route.access ? route.access.scope : null;
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.tag],
    ...(scope === null ? {} : { description: `Needs the scope \`${scope}\`.`, "x-yagura-scope": scope }),
    "x-yagura-access": route.access.kind,
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(route.body === undefined ? {} : { requestBody: requestBody(route) }),
    responses: { [String(successStatus(route))]: success(route), default: { $ref: "#/components/responses/Problem" } },
    security: security(route),
  };
}

const operationId = (route: Route): string =>
  [route.method.toLowerCase(), ...route.path.split("/").filter((part) => part !== "")]
    .map((part) => part.replace(/[^A-Za-z0-9]+/g, "_"))
    .join("_")
    .replace(/_+/g, "_");

const successStatus = (route: Route): number =>
  route.status ?? (route.response === undefined && route.raw === undefined ? 204 : 200);

function success(route: Route): Json {
  if (route.raw !== undefined) {
    return { description: "Done", content: { [route.raw.split(";")[0] ?? route.raw]: { schema: { type: "string" } } } };
  }
  if (route.response === undefined) return { description: "Done" };
  return { description: "Done", content: { "application/json": { schema: route.response } } };
}

const requestBody = (route: Route): Json => ({
  required: true,
  content: { [route.rawBody === true ? "application/octet-stream" : "application/json"]: { schema: route.body } },
});

function security(route: Route): Json[] {
  if (route.access.kind === "public") return [];
  return route.access.kind === "self" ? [{ session: [] }] : [{ token: [] }, { session: [] }];
}

function pathParameters(route: Route): Json[] {
  const known = properties(route.params);
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");
  if (route.path.endsWith("*")) names.push("path");
  return names.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: known.get(name)?.schema ?? { type: "string" },
  }));
}

const queryParameters = (route: Route): Json[] =>
  [...properties(route.query)].map(([name, { schema, required }]) => ({ name, in: "query", required, schema }));

function properties(schema: TSchema | undefined): Map<string, { schema: unknown; required: boolean }> {
  const object = (schema ?? {}) as { properties?: Record<string, unknown>; required?: readonly string[] };
  return new Map(
    Object.entries(object.properties ?? {}).map(([name, member]) => [
      name,
      { schema: member, required: object.required?.includes(name) ?? false },
    ]),
  );
}
