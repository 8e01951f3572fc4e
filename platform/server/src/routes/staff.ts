/** The provider's own people. */
import { Type } from "typebox";
import { sql, type Selectable } from "kysely";
import { newId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { refuseBeyond } from "../guard.ts";
import { issueSignInLink, linkAddress } from "../links.ts";
import { readProfile } from "../profile.ts";
import { route, type Route } from "../route.ts";
import { lockMail } from "../sessions.ts";
import { closed, Id, Instant, LanguageCode, Mail, Name, ProviderRole } from "../shapes.ts";
import { instant, tables, type ServerTables } from "../tables.ts";
import { staffMail } from "../templates.ts";

const tag = "provider";
const path = "/api/v1/provider/staff";

const Staff = Type.Object({
  userId: Id,
  mail: Type.String(),
  name: Type.String(),
  role: ProviderRole,
  state: Type.Union([Type.Literal("invited"), Type.Literal("active")]),
  lastSignInAt: Type.Union([Instant, Type.Null()]),
});

export function staffRoutes(environment: Environment): Route[] {
  return [listStaff(), setStaff(environment), removeStaff(environment)];
}

function listStaff(): Route {
  return route({
    method: "GET",
    path,
    summary: "The provider's own people",
    tag,
    access: { kind: "provider", scope: "provider.read" },
    response: Type.Array(Staff),
    handler: async ({ tx }) => {
      const rows = await tables(tx)
        .selectFrom("server.staff as s")
        .innerJoin("server.app_user as u", "u.id", "s.user_id")
        .select(["u.id", "u.mail", "u.name", "s.role", "u.last_sign_in_at"])
        .orderBy("s.created_at")
        .orderBy("u.id")
        .execute();
      return rows.map((row) => ({
        userId: row.id,
        mail: row.mail,
        name: row.name,
        role: row.role,
        state: row.last_sign_in_at === null ? ("invited" as const) : ("active" as const),
        lastSignInAt: instant(row.last_sign_in_at),
      }));
    },
  });
}

function setStaff({ platform, scopes, principal }: Environment): Route {
  return route({
    method: "POST",
    path,
    summary: "Add a person to the provider's staff, or change a role; a link is mailed to a new person",
    tag,
    access: { kind: "provider", scope: "staff.write" },
    body: Type.Object(
      { mail: Mail, name: Type.Optional(Name), role: ProviderRole, language: Type.Optional(LanguageCode) },
      closed,
    ),
    response: Staff,
    handler: async ({ tx, body, now, actor, audit, request }) => {
      refuseBeyond(scopes, principal(request), body.role);
      const mail = body.mail.toLowerCase();
      await lockMail(tx, mail);
      const db = tables(tx);
      const user = await userOfMail(tx, { ...body, mail }, now);
      if (body.role !== "provider-admin") await keepAnAdmin(tx, user.id);
      await db
        .insertInto("server.staff")
        .values({ user_id: user.id, role: body.role, created_at: now })
        .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ role: body.role }))
        .execute();
      if (user.last_sign_in_at === null) {
        const { token, expiresAt } = await issueSignInLink(platform, tx, "staff", user.id);
        const { name: provider, portalUrl } = await readProfile(tx, platform.publicUrl());
        const text = staffMail(user.language, {
          provider,
          name: user.name,
          inviter: actor.kind === "user" ? actor.name : provider,
          link: linkAddress(portalUrl, token),
          expiresAt,
        });
        await platform.mail.send(tx, { to: mail, ...text, organisation: null });
      }
      await platform.live.cut(tx, `user:${user.id}`);
      await audit({ action: "staff.set", subject: `user:${user.id}`, details: { mail, role: body.role } });
      return {
        userId: user.id,
        mail,
        name: user.name,
        role: body.role,
        state: user.last_sign_in_at === null ? "invited" : "active",
        lastSignInAt: instant(user.last_sign_in_at),
      };
    },
  });
}

function removeStaff({ platform }: Environment): Route {
  return route({
    method: "DELETE",
    path: `${path}/:id`,
    summary: "Remove a person from the provider's staff; tokens made by the person end",
    tag,
    access: { kind: "provider", scope: "staff.write" },
    params: Type.Object({ id: Id }),
    handler: async ({ tx, params, now, audit }) => {
      await keepAnAdmin(tx, params.id);
      const db = tables(tx);
      const gone = await db.deleteFrom("server.staff").where("user_id", "=", params.id).returning("role").execute();
      if (gone.length === 0) throw raise("NOT_FOUND");
      for (const table of [sql`server.provider_token`, sql`server.api_token`]) {
        await sql`update ${table} set revoked_at = ${now} where created_by_user = ${params.id} and revoked_at is null`.execute(
          tx,
        );
      }
      await sql`update server.sign_in_link set revoked_at = ${now}
        where user_id = ${params.id} and used_at is null and revoked_at is null`.execute(tx);
      await platform.live.cut(tx, `user:${params.id}`);
      await audit({ action: "staff.remove", subject: `user:${params.id}`, details: { role: gone[0]?.role ?? "" } });
    },
  });
}

/** Somebody must stay who can let others in. The rows are locked, so that two removals at once cannot both succeed. */
async function keepAnAdmin(tx: Tx, leaving: string): Promise<void> {
  const admins = await tables(tx)
    .selectFrom("server.staff")
    .select("user_id")
    .where("role", "=", "provider-admin")
    .forUpdate()
    .execute();
  if (admins.length === 1 && admins[0]?.user_id === leaving) throw raise("LAST_ADMIN");
}

interface Given {
  readonly mail: string;
  readonly name?: string;
  readonly language?: "ja" | "en";
}

/** The account of a mail address; made when there is none. */
async function userOfMail(tx: Tx, given: Given, now: Date): Promise<Selectable<ServerTables["server.app_user"]>> {
  const db = tables(tx);
  const present = await db.selectFrom("server.app_user").selectAll().where("mail", "=", given.mail).executeTakeFirst();
  if (present !== undefined) return present;
  return db
    .insertInto("server.app_user")
    .values({
      id: newId(),
      mail: given.mail,
      name: given.name ?? given.mail,
      language: given.language ?? "ja",
      password_hash: null,
      totp_sealed: null,
      totp_pending: null,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
