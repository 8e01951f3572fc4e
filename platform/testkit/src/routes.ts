/**
 * Tries every route of a table as nobody, as each role, with tokens, and with another organisation's ids: whatever a room adds
 * to its routes is tried without anybody remembering to. Gives what went wrong; a good table gives an empty list.
 */
import type { TSchema } from "typebox";
import { newId } from "@yagura/core/ids.ts";
import type { Route } from "@yagura/server/route.ts";
import type { Scopes } from "@yagura/server/scopes.ts";
import type { Role } from "@yagura/server/shapes.ts";
import type { Answer, Client } from "./server.ts";

export interface RouteFixtures {
  readonly scopes: Scopes;
  /** The organisation to which the customers' roles belong, and one of which they must never see anything. */
  readonly own: string;
  readonly foreign: string;
  /** One client for each role; the customers' are members of `own` only. */
  readonly people: Readonly<Record<Role, Client>>;
  readonly nobody: Client;
  /** A token of the foreign organisation with every scope of its owner. */
  readonly foreignToken: Client;
  /** A token of `own` that carries only this scope. */
  readonly narrowToken: { readonly client: Client; readonly scope: string };
  /** An id of something of the foreign organisation for a path parameter or a body field; a random one unless given. */
  readonly foreignId?: (route: Route, name: string) => string | undefined;
  /** Path parameters that are no id (a contract number, a link). */
  readonly parameter?: (route: Route, name: string) => string | undefined;
  /** A body for routes whose shape cannot be filled by rule. */
  readonly body?: (route: Route) => unknown;
  /** Texts of the foreign organisation that no customer's answer may hold. */
  readonly secrets: readonly string[];
  /** Routes that a test leaves out, by `METHOD path`; they must be tried elsewhere. */
  readonly except?: readonly string[];
}

export interface RouteFault {
  readonly route: string;
  readonly who: string;
  readonly expected: string;
  readonly status: number;
  readonly code: string | null;
}

interface Trial {
  readonly who: string;
  readonly client: Client;
  /** Fills `:organisation`. */
  readonly organisation: string;
  /** Whether ids in path and body are those of the foreign organisation's things. */
  readonly foreignIds: boolean;
  readonly expected: string;
  readonly good: (status: number) => boolean;
  /** Whether the caller may read the foreign organisation. */
  readonly mayKnow?: boolean;
}

const refusedBy =
  (...wanted: number[]) =>
  (status: number): boolean =>
    wanted.includes(status);
/** Let in: whatever the handler says then, it is no refusal of the door and no fault of ours. */
const letIn = (status: number): boolean => status < 500 && status !== 401 && status !== 403;

/** All faults found; each route is tried about ten to twenty times. */
export async function tryEveryRoute(routes: readonly Route[], fixtures: RouteFixtures): Promise<RouteFault[]> {
  const faults: RouteFault[] = [];
  for (const route of routes) {
    const name = `${route.method} ${route.path}`;
    if (fixtures.except?.includes(name) === true) continue;
    for (const trial of trialsOf(route, fixtures)) {
      const answer = await attempt(route, trial, fixtures);
      const leaked =
        trial.mayKnow === true ? undefined : fixtures.secrets.find((secret) => answer.text.includes(secret));
      if (trial.good(answer.status) && leaked === undefined) continue;
      faults.push({
        route: name,
        who: trial.who,
        expected: leaked === undefined ? trial.expected : `nothing of the other organisation, but found ${leaked}`,
        status: answer.status,
        code: (answer.body as { code?: string } | null)?.code ?? null,
      });
    }
  }
  return faults;
}

function trialsOf(route: Route, fixtures: RouteFixtures): Trial[] {
  const { own, foreign, nobody, foreignToken, narrowToken, scopes } = fixtures;
  const { access } = route;
  const here = { organisation: own, foreignIds: false } as const;
  if (access.kind === "public") {
    return [{ ...here, who: "nobody", client: nobody, expected: "no fault of ours", good: (status) => status < 500 }];
  }
  const trials: Trial[] = [{ ...here, who: "nobody", client: nobody, expected: "401", good: refusedBy(401) }];
  if (access.kind === "self") {
    return [...trials, { ...here, who: "a token", client: narrowToken.client, expected: "403", good: refusedBy(403) }];
  }
  for (const [role, client] of Object.entries(fixtures.people) as [Role, Client][]) {
    const may = scopes.has(role, access.scope) && (access.kind === "organisation" || role.startsWith("provider-"));
    // An open stream does not end by itself; that it opens is tried where live events are.
    if (may && route.raw === "text/event-stream") continue;
    const mayKnow = role.startsWith("provider-");
    trials.push(
      may
        ? { ...here, who: role, client, expected: "let in", good: letIn, mayKnow }
        : { ...here, who: role, client, expected: "403", good: refusedBy(403), mayKnow },
    );
    if (access.kind !== "organisation" || mayKnow) continue;
    trials.push({
      who: `${role}, another organisation`,
      client,
      organisation: foreign,
      foreignIds: true,
      expected: "404",
      good: refusedBy(404),
    });
    if (may && namesThings(route)) {
      trials.push({
        who: `${role}, own organisation, another's ids`,
        client,
        organisation: own,
        foreignIds: true,
        expected: "404, or a refusal of the input",
        good: refusedBy(404, 409, 422),
      });
    }
  }
  const stranger = access.kind === "organisation" ? 404 : 403;
  trials.push({
    ...here,
    who: "a token of another organisation",
    client: foreignToken,
    expected: String(stranger),
    good: refusedBy(stranger),
    mayKnow: true,
  });
  if (access.scope !== narrowToken.scope) {
    const { client } = narrowToken;
    trials.push({ ...here, who: "a token without the scope", client, expected: "403", good: refusedBy(403) });
  }
  return trials;
}

/** Whether path or body name things beside the organisation. */
const namesThings = (route: Route): boolean =>
  [...route.path.matchAll(/:(\w+)/g)].some((match) => match[1] !== "organisation") || hasIds(route.body);

async function attempt(route: Route, trial: Trial, fixtures: RouteFixtures): Promise<Answer> {
  const idOf = (name: string): string => (trial.foreignIds ? fixtures.foreignId?.(route, name) : undefined) ?? newId();
  const url = route.path
    .replace(/:(\w+)/g, (_whole, name: string) =>
      name === "organisation" ? trial.organisation : (fixtures.parameter?.(route, name) ?? idOf(name)),
    )
    .replace(/\*$/, "x");
  const query = route.query === undefined ? "" : queryOf(route.query, idOf);
  const body =
    route.method === "GET" || route.body === undefined
      ? undefined
      : (fixtures.body?.(route) ?? sample(route.body, "body", idOf));
  return trial.client.call(route.method, `${url}${query}`, body);
}

function queryOf(schema: TSchema, idOf: (name: string) => string): string {
  const values = sample(schema, "query", idOf) as Record<string, unknown>;
  const pairs = Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]);
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

interface Json {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Json[];
  readonly allOf?: readonly Json[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly items?: Json;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
}

const isId = (schema: Json): boolean =>
  schema.format === "uuid" || (schema.anyOf ?? []).some(isId) || (schema.items !== undefined && isId(schema.items));
const hasIds = (schema: Json | undefined): boolean =>
  schema !== undefined && Object.values(schema.properties ?? {}).some((member) => isId(member) || hasIds(member));

/** A value of a shape: required members, and those that name things. */
export function sample(schema: TSchema, name: string, idOf: (name: string) => string): unknown {
  return fill(schema, name, idOf);
}

function fill(schema: Json, name: string, idOf: (name: string) => string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = (schema.anyOf ?? []).toSorted((a, b) => Number(isId(b)) - Number(isId(a)));
  if (first !== undefined) return fill(first, name, idOf);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([member, shape]) => schema.required?.includes(member) === true || isId(shape))
          .map(([member, shape]) => [member, fill(shape, member, idOf)]),
      );
    case "array": {
      const count = Math.max(schema.minItems ?? 0, schema.items !== undefined && isId(schema.items) ? 1 : 0);
      return Array.from({ length: count }, () => fill(schema.items ?? {}, name, idOf));
    }
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return text(schema, name, idOf);
  }
}

function text(schema: Json, name: string, idOf: (name: string) => string): string {
  switch (schema.format) {
    case "uuid":
      return idOf(name);
    case "email":
      return "sample@somewhere.test";
    case "date":
      return "2026-12-01";
    case "date-time":
      return "2026-12-01T00:00:00Z";
    default:
      return "sample".padEnd(schema.minLength ?? 0, "x");
  }
}
