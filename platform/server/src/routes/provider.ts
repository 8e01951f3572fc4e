/** The provider's own pages: profile, staff, outbox. */
import { Type } from "typebox";
import { sql } from "kysely";
import { newId } from "@yagura/core/ids.ts";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { issueSignInLink, linkAddress } from "../links.ts";
import { DEFAULT_LIMIT, decodeCursor, PageQuery, toPage } from "../pages.ts";
import { profileName, readProfile } from "../profile.ts";
import { route, type Route } from "../route.ts";
import { lockMail } from "../sessions.ts";
import { Id, Instant, LanguageCode, Mail, Name, OutboxMail, page, ProviderProfile, ProviderRole } from "../shapes.ts";
import { instant, tables } from "../tables.ts";
import { staffMail } from "../templates.ts";

const closed = { additionalProperties: false } as const;
const tag = "provider";
const LOGO_BYTES = 64 * 1024;

export function providerRoutes(environment: Environment): Route[] {
  return [...profileRoutes(environment), outboxRoute(), ...staffRoutes(environment)];
}

/** A PNG by its signature or an SVG; shown only as an image, where an SVG cannot run anything. */
function checkLogo(logo: string): void {
  const match = /^data:image\/(png|svg\+xml);base64,([A-Za-z0-9+/]+={0,2})$/.exec(logo);
  const bytes = Buffer.from(match?.[2] ?? "", "base64");
  const isPng = match?.[1] === "png" && bytes.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"));
  const isSvg =
    match?.[1] === "svg+xml" && /^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<svg[\s>]/s.test(bytes.toString("utf8"));
  if ((!isPng && !isSvg) || bytes.length > LOGO_BYTES) throw raise("LOGO_REFUSED");
}

function profileRoutes({ platform }: Environment): Route[] {
  const path = "/api/v1/provider/profile";
  return [
    route({
      method: "GET",
      path,
      summary: "The provider's name, logo, sender address and registration number",
      tag,
      access: { kind: "provider", scope: "provider.read" },
      response: ProviderProfile,
      handler: ({ tx }) => readProfile(tx, platform.publicUrl()),
    }),
    route({
      method: "PATCH",
      path,
      summary: "Change the provider's profile",
      tag,
      access: { kind: "provider", scope: "provider.write" },
      body: Type.Partial(ProviderProfile, closed),
      response: ProviderProfile,
      handler: async ({ tx, body, audit }) => {
        if (typeof body.logo === "string") checkLogo(body.logo);
        const next = { ...(await readProfile(tx, platform.publicUrl())), ...body };
        const columns = {
          name: next.name,
          sender_address: next.senderAddress,
          logo: next.logo,
          registration_number: next.registrationNumber,
          portal_url: next.portalUrl,
        };
        await tables(tx)
          .insertInto("server.provider_profile")
          .values(columns)
          .onConflict((conflict) => conflict.column("one").doUpdateSet(columns))
          .execute();
        await audit({ action: "provider.change", subject: "provider", details: { fields: Object.keys(body) } });
        return next;
      },
    }),
  ];
}

const outboxRoute = (): Route =>
  route({
    method: "GET",
    path: "/api/v1/provider/outbox",
    summary: "Mails, newest first; kept ones with their text, when there is no mail server",
    tag,
    access: { kind: "provider", scope: "outbox.read" },
    query: Type.Object(PageQuery, closed),
    response: page(OutboxMail),
    handler: async ({ tx, query }) => {
      const limit = query.limit ?? DEFAULT_LIMIT;
      const before = decodeCursor(query.cursor, 2);
      const db = tables(tx);
      const counted = await db
        .selectFrom("server.outbox")
        .select((eb) => eb.fn.countAll<string>().as("n"))
        .executeTakeFirstOrThrow();
      let rows = db
        .selectFrom("server.outbox")
        .selectAll()
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1);
      if (before !== null) {
        rows = rows.where(sql<boolean>`(created_at, id) < (${before[0]}::timestamptz, ${before[1]}::uuid)`);
      }
      return toPage(
        await rows.execute(),
        limit,
        Number(counted.n),
        (row) => ({
          id: row.id,
          at: instant(row.created_at),
          to: row.recipient,
          subject: row.subject,
          text: row.body,
          state: row.state,
          error: row.error,
        }),
        (row) => [instant(row.created_at), row.id],
      );
    },
  });

const Staff = Type.Object({
  userId: Id,
  mail: Type.String(),
  name: Type.String(),
  role: ProviderRole,
  state: Type.Union([Type.Literal("invited"), Type.Literal("active")]),
  lastSignInAt: Type.Union([Instant, Type.Null()]),
});

function staffRoutes({ platform }: Environment): Route[] {
  const path = "/api/v1/provider/staff";
  return [
    route({
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
    }),
    route({
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
      handler: async ({ tx, body, now, actor, audit }) => {
        const mail = body.mail.toLowerCase();
        await lockMail(tx, mail);
        const db = tables(tx);
        let user = await db.selectFrom("server.app_user").selectAll().where("mail", "=", mail).executeTakeFirst();
        user ??= await db
          .insertInto("server.app_user")
          .values({
            id: newId(),
            mail,
            name: body.name ?? mail,
            language: body.language ?? "ja",
            password_hash: null,
            totp_sealed: null,
            totp_pending: null,
            created_at: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        if (body.role !== "provider-admin") await keepAnAdmin(tx, user.id);
        await db
          .insertInto("server.staff")
          .values({ user_id: user.id, role: body.role, created_at: now })
          .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ role: body.role }))
          .execute();
        if (user.last_sign_in_at === null) {
          const { token, expiresAt } = await issueSignInLink(platform, tx, "staff", user.id);
          const provider = await profileName(tx);
          const text = staffMail(user.language, {
            provider,
            name: user.name,
            inviter: actor.kind === "user" ? actor.name : provider,
            link: linkAddress(platform, token),
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
    }),
    route({
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
    }),
  ];
}

/** Somebody must stay who can let others in. The rows are locked, so that two removals at once cannot both succeed. */
async function keepAnAdmin(tx: Parameters<typeof tables>[0], leaving: string): Promise<void> {
  const admins = await tables(tx)
    .selectFrom("server.staff")
    .select("user_id")
    .where("role", "=", "provider-admin")
    .forUpdate()
    .execute();
  if (admins.length === 1 && admins[0]?.user_id === leaving) throw raise("LAST_ADMIN");
}
