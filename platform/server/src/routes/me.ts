/** One's own account: name, password, sign-ins. */
import { sql } from "kysely";
import { Type } from "typebox";
import type { UserId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { countAttempt, forgetAttempts } from "../attempts.ts";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { effectiveScopes, SESSION_IDLE, type Principal } from "../guard.ts";
import { checkNewPassword, hashPassword, verifyPassword } from "../passwords.ts";
import type { ServerPlatform } from "../platform.ts";
import { profileName, readProfile } from "../profile.ts";
import { route, type Actor, type Route } from "../route.ts";
import { endSessions } from "../sessions.ts";
import { closed, Id, LanguageCode, Me, Name, SignIn } from "../shapes.ts";
import { instant, tables } from "../tables.ts";
import { securityMail, type SecurityChange } from "../templates.ts";

/** A sign-in this young is a proof by itself where a way to sign in is added or removed, and for accounts with passkeys only. */
const FRESH_MINUTES = 10;
const Secret = Type.String({ minLength: 1, maxLength: 400 });
const self = { tag: "account", access: { kind: "self" } } as const;

/** The user behind a `self` route. */
export function userOf(actor: Actor): { id: UserId; name: string; signInId: string } {
  if (actor.kind !== "user") throw raise("USER_NEEDED");
  return { id: actor.userId, name: actor.name, signInId: actor.signInId };
}

/** What a proof is given by; absent where the sign-in is young. */
export const Proof = Type.Object({ password: Type.Optional(Secret) }, closed);

/** As `proveSelf`, but a young sign-in is enough: whoever has just signed in need not type the password again. */
export async function proveRecently(
  environment: Environment,
  principal: Principal | null,
  password: string | undefined,
  now: Date,
): Promise<void> {
  if (principal?.credential.kind !== "session") throw raise("USER_NEEDED");
  if (password === undefined && isYoung(principal.credential.createdAt, now)) return;
  await proveSelf(environment, principal, password, now);
}

const isYoung = (signedIn: Date, now: Date): boolean => now.getTime() - signedIn.getTime() <= FRESH_MINUTES * 60_000;

/** Proves that it is really this person: by the password, or, with passkeys only, by a young sign-in. */
export async function proveSelf(
  environment: Environment,
  principal: Principal | null,
  password: string | undefined,
  now: Date,
): Promise<void> {
  if (principal?.credential.kind !== "session") throw raise("USER_NEEDED");
  const { userId, createdAt } = principal.credential;
  const { platform } = environment;
  const stored = await platform.store.provider(async (tx) => ({
    ...(await tables(tx)
      .selectFrom("server.app_user")
      .select("password_hash")
      .where("id", "=", userId)
      .executeTakeFirstOrThrow()),
    passkey: await tables(tx)
      .selectFrom("server.passkey")
      .select("id")
      .where("user_id", "=", userId)
      .executeTakeFirst(),
  }));
  if (stored.password_hash === null) {
    // Whoever came by a link and has nothing else yet could not sign in again to prove anything.
    if (stored.passkey !== undefined && !isYoung(createdAt, now))
      throw raise("SIGN_IN_AGAIN", { minutes: FRESH_MINUTES });
    return;
  }
  if (password === undefined) throw raise("PROOF_NEEDED", { minutes: FRESH_MINUTES });
  await countAttempt(platform, "proof", userId);
  if (!(await verifyPassword(password, stored.password_hash))) throw raise("PASSWORD_WRONG");
  await forgetAttempts(platform, "proof", userId);
}

export function meRoutes(environment: Environment): Route[] {
  return [...profileRoutes(environment), ...passwordRoutes(environment), ...signInList(environment)];
}

function profileRoutes(environment: Environment): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/me",
      summary: "Who is signed in, and what they may see",
      tag: "account",
      access: { kind: "public" },
      response: Me,
      handler: ({ tx, request }) => describeMe(environment, tx, environment.principal(request)),
    }),
    route({
      ...self,
      method: "PATCH",
      path: "/api/v1/me",
      summary: "Change one's name or language",
      body: Type.Object({ name: Type.Optional(Name), language: Type.Optional(LanguageCode) }, closed),
      response: Me,
      handler: async ({ tx, actor, body, request, audit }) => {
        const user = userOf(actor);
        const change = {
          ...(body.name === undefined ? {} : { name: body.name }),
          ...(body.language === undefined ? {} : { language: body.language }),
        };
        if (Object.keys(change).length > 0) {
          await tables(tx).updateTable("server.app_user").set(change).where("id", "=", user.id).execute();
          if (body.name !== undefined) {
            await tables(tx)
              .updateTable("server.membership")
              .set({ name: body.name })
              .where("user_id", "=", user.id)
              .execute();
          }
          await audit({ action: "user.change", subject: `user:${user.id}`, details: change });
        }
        return describeMe(environment, tx, environment.principal(request));
      },
    }),
  ];
}

async function describeMe(environment: Environment, tx: Tx, principal: Principal | null): Promise<Me> {
  const { platform, scopes } = environment;
  const profile = await readProfile(tx, platform.publicUrl());
  const common = { provider: { name: profile.name, logo: profile.logo }, version: environment.version };
  if (principal === null) {
    return { user: null, providerRole: null, organisations: [], scopes: [], csrf: null, ...common };
  }
  const { providerRole, memberships, credential } = principal;
  const own = sql<boolean>`id = any(${[...memberships.keys()]}::uuid[])`;
  let query = tables(tx)
    .selectFrom("server.organisation")
    .select(["id", "name", "internal"])
    .where("state", "=", "active")
    .orderBy(own, "desc")
    .orderBy("internal", "desc")
    .orderBy("name")
    .orderBy("id");
  // A token that is narrower than its role sees no names by this door either.
  const all = providerRole !== null && effectiveScopes(scopes, principal, providerRole).includes("organisation.read");
  if (!all) query = query.where(own);
  const organisations = (await query.limit(providerRole === null ? 500 : SHOWN_TO_STAFF).execute()).flatMap((row) => {
    const role = memberships.get(row.id) ?? providerRole;
    if (role === null) return [];
    const asMember = effectiveScopes(scopes, principal, role);
    const asStaff = providerRole === null ? [] : effectiveScopes(scopes, principal, providerRole);
    return [
      {
        id: row.id,
        name: row.name,
        internal: row.internal,
        role,
        scopes: [...new Set([...asMember, ...asStaff])].sort(),
      },
    ];
  });
  return {
    user: credential.kind === "session" ? await describeUser(tx, credential.userId) : null,
    providerRole,
    organisations,
    scopes: providerRole === null ? [] : effectiveScopes(scopes, principal, providerRole),
    csrf: credential.kind === "session" ? platform.keys.csrf(credential.id) : null,
    ...common,
  };
}

/** Provider staff reach thousands; what is not among the first is found by the list of organisations. */
const SHOWN_TO_STAFF = 50;

async function describeUser(tx: Tx, id: UserId): Promise<NonNullable<Me["user"]>> {
  const user = await tables(tx)
    .selectFrom("server.app_user as u")
    .select((eb) => [
      "u.id",
      "u.mail",
      "u.name",
      "u.language",
      "u.totp_sealed",
      "u.password_hash",
      eb
        .selectFrom("server.passkey as p")
        .select((e) => e.fn.countAll<string>().as("n"))
        .whereRef("p.user_id", "=", "u.id")
        .as("passkeys"),
      eb
        .selectFrom("server.recovery_code as r")
        .select((e) => e.fn.countAll<string>().as("n"))
        .whereRef("r.user_id", "=", "u.id")
        .where("r.used_at", "is", null)
        .as("codes"),
    ])
    .where("u.id", "=", id)
    .executeTakeFirstOrThrow();
  return {
    id: user.id,
    mail: user.mail,
    name: user.name,
    language: user.language,
    totp: user.totp_sealed !== null,
    passkeys: Number(user.passkeys ?? 0),
    password: user.password_hash !== null,
    recoveryCodesLeft: Number(user.codes ?? 0),
  };
}

/** Tells the person by mail that the way they sign in has changed. */
export async function tellChange(
  platform: ServerPlatform,
  tx: Tx,
  user: UserId,
  change: SecurityChange,
  now: Date,
): Promise<void> {
  const row = await tables(tx)
    .selectFrom("server.app_user")
    .select(["mail", "name", "language"])
    .where("id", "=", user)
    .executeTakeFirstOrThrow();
  const text = securityMail(row.language, { provider: await profileName(tx), name: row.name, change, at: now });
  await platform.mail.send(tx, { to: row.mail, ...text, organisation: null });
}

function passwordRoutes(environment: Environment): Route[] {
  const { platform } = environment;
  return [
    route({
      ...self,
      method: "POST",
      path: "/api/v1/me/password",
      summary: "Set or change the password; all other sign-ins end",
      transaction: false,
      rate: 20,
      body: Type.Object({ current: Type.Optional(Secret), next: Secret }, closed),
      handler: async ({ actor, body, now, request }) => {
        const user = userOf(actor);
        await proveSelf(environment, environment.principal(request), body.current, now);
        const mail = await platform.store.provider((tx) =>
          tables(tx).selectFrom("server.app_user").select("mail").where("id", "=", user.id).executeTakeFirstOrThrow(),
        );
        checkNewPassword(body.next, mail.mail);
        const passwordHash = await hashPassword(body.next);
        await platform.store.provider(async (tx) => {
          await tables(tx)
            .updateTable("server.app_user")
            .set({ password_hash: passwordHash })
            .where("id", "=", user.id)
            .execute();
          const ended = await endSessions(platform, tx, user.id, { allBut: user.signInId });
          // Somebody else may have asked for them.
          await sql`update server.sign_in_link set revoked_at = ${now}
            where user_id = ${user.id} and kind = 'reset' and used_at is null and revoked_at is null`.execute(tx);
          await tellChange(platform, tx, user.id, "password", now);
          await platform.audit(tx, actor, null, {
            action: "user.password-change",
            subject: `user:${user.id}`,
            details: { signInsEnded: ended },
          });
        });
      },
    }),
  ];
}

function signInList(environment: Environment): Route[] {
  const { platform } = environment;
  return [
    route({
      ...self,
      method: "GET",
      path: "/api/v1/me/sign-ins",
      summary: "Where one is signed in",
      response: Type.Array(SignIn),
      handler: async ({ tx, actor, now }) => {
        const user = userOf(actor);
        const rows = await tables(tx)
          .selectFrom("server.session")
          .selectAll()
          .where("user_id", "=", user.id)
          .where("revoked_at", "is", null)
          .where("expires_at", ">", now)
          .where("last_seen_at", ">", new Date(now.getTime() - SESSION_IDLE))
          .orderBy("last_seen_at", "desc")
          .limit(200)
          .execute();
        return rows.map((row) => ({
          id: row.id,
          createdAt: instant(row.created_at),
          lastSeenAt: instant(row.last_seen_at),
          address: row.address,
          userAgent: row.user_agent,
          method: row.method,
          current: row.id === user.signInId,
        }));
      },
    }),
    route({
      ...self,
      method: "DELETE",
      path: "/api/v1/me/sign-ins/:id",
      summary: "End one sign-in",
      params: Type.Object({ id: Id }),
      handler: async ({ tx, actor, params, audit }) => {
        const user = userOf(actor);
        if ((await endSessions(platform, tx, user.id, { only: params.id })) === 0) throw raise("NOT_FOUND");
        await audit({ action: "sign-in.revoke", subject: `sign-in:${params.id}` });
      },
    }),
    route({
      ...self,
      method: "DELETE",
      path: "/api/v1/me/sign-ins",
      summary: "End all other sign-ins",
      handler: async ({ tx, actor, audit }) => {
        const user = userOf(actor);
        const ended = await endSessions(platform, tx, user.id, { allBut: user.signInId });
        await audit({ action: "sign-in.revoke-others", subject: `user:${user.id}`, details: { ended } });
      },
    }),
  ];
}
