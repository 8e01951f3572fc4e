/** Who acts, and may they? Asked before a body is read. */
import { sql } from "kysely";
import type { FastifyRequest } from "fastify";
import { isUuid, type OrganisationId, type UserId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Access, Actor } from "./route.ts";
import type { CustomerRole, ProviderRole, Role } from "./shapes.ts";
import { raise } from "./errors.ts";
import type { ServerPlatform } from "./platform.ts";
import type { Scopes } from "./scopes.ts";
import { hashSecret, sameText } from "./secrets.ts";
import type { LanguageCode } from "./tables.ts";

export const SESSION_COOKIE = "yagura_session";
export const CSRF_HEADER = "x-yagura-csrf";
export const TOKEN_PREFIX = "yt1_";
/** A sign-in ends after this long without a request, and in any case after the absolute time. */
export const SESSION_IDLE = 12 * 3_600_000;
export const SESSION_ABSOLUTE = 14 * 86_400_000;
/** `last seen` and `last used` are written at most this often. */
const SEEN_INTERVAL = 60_000;

/** Who is behind a request, with everything needed to decide what they may do. */
export interface Principal {
  readonly actor: Actor & { kind: "user" | "token" };
  readonly credential:
    | { readonly kind: "session"; readonly id: string; readonly userId: string; readonly createdAt: Date }
    | {
        readonly kind: "token";
        readonly id: string;
        /** The person behind it; null when it was made on the machine itself. */
        readonly madeBy: UserId | null;
        readonly expiresAt: Date;
      };
  readonly providerRole: ProviderRole | null;
  readonly memberships: ReadonlyMap<OrganisationId, CustomerRole>;
  /** What a token is narrowed to; null: everything the role carries. */
  readonly narrowedTo: ReadonlySet<string> | null;
  readonly language: LanguageCode | null;
}

export interface Admission {
  readonly principal: Principal | null;
  readonly role: Role | null;
  readonly organisation: OrganisationId;
}

export interface Guard {
  readonly platform: ServerPlatform;
  readonly scopes: Scopes;
}

/** Decides whether the request may reach its handler. Throws SIGN_IN_NEEDED, TOKEN_REFUSED, FORBIDDEN, NOT_FOUND or CSRF errors. */
export async function admit(guard: Guard, request: FastifyRequest, access: Access): Promise<Admission> {
  const organisation = organisationOf(request, access);
  const { principal, organisationState } = await identify(guard, request, organisation);
  if (changes(request)) refuseForgery(guard.platform, request, principal);
  if (access.kind === "public") return { principal, role: principal?.providerRole ?? null, organisation: "" };
  if (principal === null) throw raise("SIGN_IN_NEEDED");
  if (access.kind === "self") {
    if (principal.credential.kind !== "session") throw raise("USER_NEEDED");
    return { principal, role: principal.providerRole, organisation: "" };
  }
  if (access.kind === "provider") {
    const role = principal.providerRole;
    if (role === null || !holds(guard.scopes, principal, role, access.scope)) {
      throw raise("FORBIDDEN", { scope: access.scope });
    }
    return { principal, role, organisation: "" };
  }
  return {
    principal,
    role: organisationRole(guard, principal, organisation, organisationState, access.scope),
    organisation,
  };
}

/** The role that lets the principal into the organisation with the scope. */
function organisationRole(
  guard: Guard,
  principal: Principal,
  organisation: OrganisationId,
  state: string | null,
  scope: string,
): Role {
  const { providerRole } = principal;
  const customerRole = principal.memberships.get(organisation) ?? null;
  if (organisation === "" || state === null || (providerRole === null && customerRole === null))
    throw raise("NOT_FOUND");
  // Of an erased organisation only the tombstone and the log are left, and only for the provider.
  if (state !== "active" && (providerRole === null || !["organisation.read", "audit.read"].includes(scope))) {
    throw raise("NOT_FOUND");
  }
  for (const role of [customerRole, providerRole]) {
    if (role !== null && holds(guard.scopes, principal, role, scope)) return role;
  }
  throw raise("FORBIDDEN", { scope });
}

const holds = (scopes: Scopes, principal: Principal, role: Role, scope: string): boolean =>
  scopes.has(role, scope) && (principal.narrowedTo === null || principal.narrowedTo.has(scope));

/** Scopes that a principal effectively has by a role. */
export const effectiveScopes = (scopes: Scopes, principal: Principal, role: Role): string[] =>
  scopes.of(role).filter((scope) => holds(scopes, principal, role, scope));

/**
 * Nobody gives a role away by a token that is narrower than that role: it would be a way around the token's scopes. Throws
 * SCOPE_BEYOND_ROLE.
 */
export function refuseBeyond(scopes: Scopes, principal: Principal | null, given: Role): void {
  const narrowed = principal?.narrowedTo ?? null;
  const missing = narrowed === null ? undefined : scopes.of(given).find((scope) => !narrowed.has(scope));
  if (missing !== undefined) throw raise("SCOPE_BEYOND_ROLE", { scope: missing });
}

function organisationOf(request: FastifyRequest, access: Access): OrganisationId {
  if (access.kind !== "organisation") return "";
  const id = (request.params as Record<string, string | undefined>)["organisation"]?.toLowerCase() ?? "";
  return isUuid(id) ? id : "";
}

const changes = (request: FastifyRequest): boolean => !["GET", "HEAD", "OPTIONS"].includes(request.method);

/**
 * Refuses requests that a page of another site may have sent with this browser's cookie. Two independent checks: where the
 * request says it comes from, and the header that only a page that could read `/api/v1/me` knows.
 */
function refuseForgery(platform: ServerPlatform, request: FastifyRequest, principal: Principal | null): void {
  if (request.headers.authorization !== undefined && principal?.credential.kind !== "session") return;
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if (origin !== undefined) {
    if (!ownOrigins(platform, request).includes(origin)) throw raise("ORIGIN_REFUSED");
  } else if (site !== undefined && site !== "same-origin" && site !== "none") throw raise("ORIGIN_REFUSED");
  if (principal?.credential.kind !== "session" || isSignInRoute(request)) return;
  const given = request.headers[CSRF_HEADER];
  if (typeof given !== "string" || !sameText(given, platform.keys.csrf(principal.credential.id))) {
    throw raise("CSRF_REFUSED");
  }
}

/** Signing in again needs no header of the old sign-in: its page may be gone. The origin is still checked. */
const isSignInRoute = (request: FastifyRequest): boolean =>
  /^\/api\/v1\/(sign-in(\/|$)|sign-in-links\/|password-reset$)/.test(request.routeOptions.url ?? "");

/** The public address, and the address by which this request reached us. */
export function ownOrigins(platform: ServerPlatform, request: FastifyRequest): string[] {
  const own = [`${request.protocol}://${request.host}`];
  try {
    own.push(new URL(platform.publicUrl()).origin);
  } catch {
    // No public address is set yet: only the request's own address counts.
  }
  return own;
}

interface Identity {
  readonly principal: Principal | null;
  readonly organisationState: string | null;
}

async function identify(
  { platform, scopes }: Guard,
  request: FastifyRequest,
  organisation: OrganisationId,
): Promise<Identity> {
  const { authorization } = request.headers;
  const bearer = authorization === undefined ? null : /^Bearer\s+(yt1_[\w-]{20,100})$/i.exec(authorization)?.[1];
  if (bearer !== null && bearer !== undefined) {
    const found = await platform.store.provider((tx) =>
      byToken(tx, scopes, bearer, organisation, new Date(platform.clock.now())),
    );
    if (found.principal === null) throw raise("TOKEN_REFUSED");
    return found;
  }
  const cookie = request.cookies[SESSION_COOKIE];
  if (cookie === undefined || cookie.length > 100) {
    if (authorization?.startsWith("Bearer ")) throw raise("TOKEN_REFUSED");
    return { principal: null, organisationState: null };
  }
  return platform.store.provider((tx) => bySession(tx, cookie, organisation, new Date(platform.clock.now())));
}

interface SessionRow {
  id: string;
  user_id: string;
  name: string;
  language: LanguageCode;
  created_at: Date;
  last_seen_at: Date;
  staff_role: ProviderRole | null;
  grants: { organisation: OrganisationId; role: CustomerRole }[];
  organisation_state: string | null;
}

async function bySession(tx: Tx, secret: string, organisation: OrganisationId, now: Date): Promise<Identity> {
  const { rows } = await sql<SessionRow>`
    select s.id, s.user_id, s.created_at, s.last_seen_at, u.name, u.language, st.role as staff_role,
      (select coalesce(json_agg(json_build_object('organisation', m.organisation_id, 'role', m.role)), '[]'::json)
        from server.membership m join server.organisation o on o.id = m.organisation_id and o.state = 'active'
        where m.user_id = s.user_id and m.revoked_at is null) as grants,
      (select o.state from server.organisation o where o.id = ${organisation || null}::uuid) as organisation_state
    from server.session s
      join server.app_user u on u.id = s.user_id
      left join server.staff st on st.user_id = s.user_id
    where s.token_hash = ${hashSecret(secret)} and s.revoked_at is null and s.expires_at > ${now}
      and s.last_seen_at > ${new Date(now.getTime() - SESSION_IDLE)}`.execute(tx);
  const [row] = rows;
  if (row === undefined) return { principal: null, organisationState: null };
  if (now.getTime() - new Date(row.last_seen_at).getTime() > SEEN_INTERVAL) {
    await sql`update server.session set last_seen_at = ${now} where id = ${row.id} and last_seen_at < ${now}`.execute(
      tx,
    );
  }
  return {
    organisationState: row.organisation_state,
    principal: {
      actor: { kind: "user", userId: row.user_id, name: row.name, signInId: row.id },
      credential: { kind: "session", id: row.id, userId: row.user_id, createdAt: new Date(row.created_at) },
      providerRole: row.staff_role,
      memberships: new Map(row.grants.map((grant) => [grant.organisation, grant.role])),
      narrowedTo: null,
      language: row.language,
    },
  };
}

interface TokenRow {
  id: string;
  name: string;
  scopes: string[];
  role: Role;
  organisation_id: OrganisationId | null;
  expires_at: Date;
  last_used_at: Date | null;
  created_by_user: UserId | null;
  maker_member: CustomerRole | null;
  maker_staff: ProviderRole | null;
  organisation_state: string | null;
}

async function byToken(
  tx: Tx,
  scopes: Scopes,
  secret: string,
  organisation: OrganisationId,
  now: Date,
): Promise<Identity> {
  const hash = hashSecret(secret);
  const { rows } = await sql<TokenRow>`
    select t.*, (select o.state from server.organisation o where o.id = ${organisation || null}::uuid) as organisation_state,
      (select m.role from server.membership m where m.user_id = t.created_by_user and m.revoked_at is null
        and m.organisation_id = t.organisation_id) as maker_member,
      (select s.role from server.staff s where s.user_id = t.created_by_user) as maker_staff
    from (
      select id, name, scopes, role, organisation_id, expires_at, last_used_at, created_by_user from server.api_token
        where token_hash = ${hash} and revoked_at is null and expires_at > ${now}
      union all
      select id, name, scopes, role, null, expires_at, last_used_at, created_by_user from server.provider_token
        where token_hash = ${hash} and revoked_at is null and expires_at > ${now}
    ) t`.execute(tx);
  const [row] = rows;
  const narrowedTo = row === undefined ? null : scopesNow(scopes, row);
  if (row === undefined || narrowedTo === null) return { principal: null, organisationState: null };
  if (row.last_used_at === null || now.getTime() - new Date(row.last_used_at).getTime() > SEEN_INTERVAL) {
    const table = row.organisation_id === null ? sql`server.provider_token` : sql`server.api_token`;
    await sql`update ${table} set last_used_at = ${now} where id = ${row.id}`.execute(tx);
  }
  const bound = row.organisation_id;
  return {
    organisationState: row.organisation_state,
    principal: {
      actor: { kind: "token", tokenId: row.id, name: row.name },
      credential: { kind: "token", id: row.id, madeBy: row.created_by_user, expiresAt: new Date(row.expires_at) },
      providerRole: bound === null ? (row.role as ProviderRole) : null,
      memberships: new Map(bound === null ? [] : [[bound, row.role as CustomerRole]]),
      narrowedTo,
      language: null,
    },
  };
}

/**
 * A token's scopes as far as the person behind it holds them at this moment: who is demoted keeps nothing by a token of before.
 * Null when that person belongs here no more.
 */
function scopesNow(scopes: Scopes, row: TokenRow): ReadonlySet<string> | null {
  if (row.created_by_user === null) return new Set(row.scopes);
  const roles = [row.maker_member, row.maker_staff].filter((role) => role !== null);
  if (roles.length === 0) return null;
  return new Set(row.scopes.filter((scope) => roles.some((role) => scopes.has(role, scope))));
}
