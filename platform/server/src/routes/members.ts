/** Members of an organisation: invited by mail, re-issued, changed and removed (EXP-T08, EXP-04). */
import { Type } from "typebox";
import { sql, type Selectable } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { refuseBeyond } from "../guard.ts";
import { inviteMember } from "../links.ts";
import { route, type Actor, type Route } from "../route.ts";
import { isProviderRole } from "../scopes.ts";
import { closed, CustomerRole, Id, LanguageCode, Mail, Member, Name, type Role } from "../shapes.ts";
import { instant, tables, type ServerTables } from "../tables.ts";

const many = "/api/v1/organisations/:organisation/members";
const params = Type.Object({ organisation: Id });
const oneParams = Type.Object({ organisation: Id, id: Id });
const read = { tag: "members", access: { kind: "organisation", scope: "member.read" } } as const;
const write = { tag: "members", access: { kind: "organisation", scope: "member.write" } } as const;

type Row = Selectable<ServerTables["server.membership"]> & {
  invitation_expires_at: Date | null;
  invitation_revoked_at: Date | null;
};

function toMember(row: Row, now: Date): Member {
  const expires = row.invitation_expires_at;
  const open = expires !== null && row.invitation_revoked_at === null;
  const state = row.user_id !== null ? "active" : !open ? "revoked" : new Date(expires) <= now ? "expired" : "invited";
  return {
    id: row.id,
    userId: row.user_id,
    mail: row.mail,
    name: row.name,
    role: row.role,
    state,
    invitationExpiresAt: row.user_id === null ? instant(expires) : null,
    lastSignInAt: instant(row.last_sign_in_at),
  };
}

/** Members with their newest invitation; those that were removed are left out. */
async function readMembers(tx: Tx, only?: Uuid): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select m.*, i.expires_at as invitation_expires_at, i.revoked_at as invitation_revoked_at
    from server.membership m
      left join lateral (select expires_at, revoked_at from server.invitation where membership_id = m.id
        order by created_at desc, id desc limit 1) i on true
    where m.revoked_at is null and (${only ?? null}::uuid is null or m.id = ${only ?? null}::uuid)
    order by m.created_at, m.id limit 5000`.execute(tx);
  return rows;
}

async function readMember(tx: Tx, id: Uuid): Promise<Row> {
  const [row] = await readMembers(tx, id);
  if (row === undefined) throw raise("NOT_FOUND");
  return row;
}

/** An owner is touched by owners and by the provider only. */
function mayTouch(role: Role | null, ...touched: (CustomerRole | undefined)[]): void {
  if (touched.includes("owner") && role !== "owner" && (role === null || !isProviderRole(role)))
    throw raise("OWNER_ONLY");
}

async function keepAnOwner(tx: Tx, row: Row): Promise<void> {
  if (row.role !== "owner" || row.user_id === null) return;
  // Locked, so that two owners who remove each other at once cannot both succeed.
  const { rows } = await sql`select id from server.membership
    where role = 'owner' and revoked_at is null and user_id is not null for update`.execute(tx);
  if (rows.length <= 1) throw raise("LAST_OWNER");
}

const nameOf = (actor: Actor): string => (actor.kind === "user" ? actor.name : "");

export function memberRoutes(environment: Environment): Route[] {
  return [listRoute(), inviteRoute(environment), reissueRoute(environment), ...changeRoutes(environment)];
}

function listRoute(): Route {
  return route({
    ...read,
    method: "GET",
    path: many,
    summary: "Members and open invitations",
    params,
    response: Type.Array(Member),
    handler: async ({ tx, now }) => (await readMembers(tx)).map((row) => toMember(row, now)),
  });
}

function inviteRoute({ platform, scopes, principal }: Environment): Route {
  return route({
    ...write,
    method: "POST",
    path: many,
    summary: "Invite somebody by mail",
    rate: 60,
    params,
    status: 201,
    body: Type.Object(
      { mail: Mail, name: Type.Optional(Name), role: CustomerRole, language: Type.Optional(LanguageCode) },
      closed,
    ),
    response: Member,
    handler: async ({ tx, organisation, body, role, actor, now, audit, request }) => {
      mayTouch(role, body.role);
      refuseBeyond(scopes, principal(request), body.role);
      const mail = body.mail.toLowerCase();
      const id = newId();
      const own = await tables(tx)
        .selectFrom("server.organisation")
        .select("language")
        .where("id", "=", organisation)
        .executeTakeFirstOrThrow();
      const member = { id, mail, name: body.name ?? mail, language: body.language ?? own.language };
      const made = await tables(tx)
        .insertInto("server.membership")
        .values({ ...member, organisation_id: organisation, user_id: null, role: body.role, created_at: now })
        .onConflict((conflict) =>
          conflict.columns(["organisation_id", "mail"]).where("revoked_at", "is", null).doNothing(),
        )
        .returning("id")
        .execute();
      if (made.length === 0) throw raise("MEMBER_ALREADY", { mail });
      await inviteMember(platform, tx, organisation, member, nameOf(actor));
      await audit({ action: "member.invite", subject: `member:${id}`, details: { mail, role: body.role } });
      await platform.live.publish(tx, organisation, { topic: "member", data: { id } });
      return toMember(await readMember(tx, id), now);
    },
  });
}

function reissueRoute({ platform }: Environment): Route {
  return route({
    ...write,
    method: "POST",
    path: `${many}/:id/reissue`,
    summary: "Send the invitation again; the link sent before no longer works",
    rate: 60,
    params: oneParams,
    response: Member,
    handler: async ({ tx, organisation, params, role, actor, now, audit }) => {
      const row = await readMember(tx, params.id);
      mayTouch(role, row.role);
      if (row.user_id !== null) throw raise("MEMBER_ACTIVE");
      const expiresAt = await inviteMember(platform, tx, organisation, row, nameOf(actor));
      await audit({
        action: "member.reissue",
        subject: `member:${row.id}`,
        details: { mail: row.mail, expiresAt: expiresAt.toISOString() },
      });
      await platform.live.publish(tx, organisation, { topic: "member", data: { id: row.id } });
      return toMember(await readMember(tx, row.id), now);
    },
  });
}

function changeRoutes(environment: Environment): Route[] {
  return [roleRoute(environment), removeRoute(environment)];
}

function roleRoute({ platform, scopes, principal }: Environment): Route {
  return route({
    ...write,
    method: "PATCH",
    path: `${many}/:id`,
    summary: "Change a member's role",
    params: oneParams,
    body: Type.Object({ role: CustomerRole }, closed),
    response: Member,
    handler: async ({ tx, organisation, params, body, role, now, audit, request }) => {
      const row = await readMember(tx, params.id);
      mayTouch(role, row.role, body.role);
      refuseBeyond(scopes, principal(request), body.role);
      if (body.role !== row.role) {
        if (body.role !== "owner") await keepAnOwner(tx, row);
        await tables(tx).updateTable("server.membership").set({ role: body.role }).where("id", "=", row.id).execute();
        await audit({
          action: "member.role",
          subject: `member:${row.id}`,
          details: { from: row.role, to: body.role },
        });
        if (row.user_id !== null) await platform.live.cut(tx, `user:${row.user_id}`);
        await platform.live.publish(tx, organisation, { topic: "member", data: { id: row.id } });
      }
      return toMember(await readMember(tx, row.id), now);
    },
  });
}

function removeRoute({ platform }: Environment): Route {
  return route({
    ...write,
    method: "DELETE",
    path: `${many}/:id`,
    summary: "Remove a member or withdraw an invitation; tokens made by the member end",
    params: oneParams,
    handler: async ({ tx, organisation, params, role, now, audit }) => {
      const row = await readMember(tx, params.id);
      mayTouch(role, row.role);
      await keepAnOwner(tx, row);
      await tables(tx).updateTable("server.membership").set({ revoked_at: now }).where("id", "=", row.id).execute();
      await tables(tx)
        .updateTable("server.invitation")
        .set({ revoked_at: now })
        .where("membership_id", "=", row.id)
        .where("revoked_at", "is", null)
        .execute();
      if (row.user_id !== null) {
        const tokens = await tables(tx)
          .updateTable("server.api_token")
          .set({ revoked_at: now })
          .where("created_by_user", "=", row.user_id)
          .where("revoked_at", "is", null)
          .returning("id")
          .execute();
        for (const token of tokens) await platform.live.cut(tx, `token:${token.id}`);
        await platform.live.cut(tx, `user:${row.user_id}`);
      }
      await audit({
        action: "member.remove",
        subject: `member:${row.id}`,
        details: { mail: row.mail, role: row.role },
      });
      await platform.live.publish(tx, organisation, { topic: "member", data: { id: row.id } });
    },
  });
}
