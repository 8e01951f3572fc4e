/** Signing in with a password and a code, by link, and out again. */
import { setTimeout as sleep } from "node:timers/promises";
import { Type } from "typebox";
import type { UserId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { countAttempt, forgetAttempts } from "../attempts.ts";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { issueSignInLink, linkAddress } from "../links.ts";
import { verifyPassword } from "../passwords.ts";
import type { ServerPlatform } from "../platform.ts";
import { readProfile } from "../profile.ts";
import { route, type Route } from "../route.ts";
import { hashSecret } from "../secrets.ts";
import { clearCookie, endSessions, type SignInMethod } from "../sessions.ts";
import { closed, Instant, LanguageCode, Mail, Name } from "../shapes.ts";
import { tables } from "../tables.ts";
import { resetMail } from "../templates.ts";
import { matchCode, recoveryHash } from "../totp.ts";
import { finish, type Context, type Done } from "./finish.ts";
import { byLink, describeLink } from "./use-link.ts";

/** Requests a minute of one address on the doors of sign-in. */
const RATE = 20;

const Secret = Type.String({ minLength: 1, maxLength: 400 });
const Token = Type.Object({ token: Type.String({ minLength: 20, maxLength: 100 }) });
const SignedIn = Type.Object({
  state: Type.Union([Type.Literal("signed-in"), Type.Literal("totp-needed")]),
  ticket: Type.Optional(Type.String()),
});
const base = { tag: "sign-in", access: { kind: "public" }, transaction: false, rate: RATE } as const;

export function signInRoutes(environment: Environment): Route[] {
  return [
    passwordRoute(environment),
    codeRoute(environment),
    linkRoute(environment),
    useLinkRoute(environment),
    resetRoute(environment),
    signOutRoute(environment),
  ];
}

function passwordRoute({ platform }: Environment): Route {
  return route({
    ...base,
    method: "POST",
    path: "/api/v1/sign-in",
    summary: "Sign in with mail address and password",
    body: Type.Object({ mail: Mail, password: Secret }, closed),
    response: SignedIn,
    handler: (context) => byPassword(platform, context, context.body),
  });
}

function codeRoute({ platform }: Environment): Route {
  return route({
    ...base,
    method: "POST",
    path: "/api/v1/sign-in/totp",
    summary: "Second step: a code of the authenticator app, or a recovery code",
    body: Type.Object({ ticket: Secret, code: Type.String({ minLength: 6, maxLength: 40 }) }, closed),
    response: SignedIn,
    handler: (context) => byCode(platform, context, context.body),
  });
}

function linkRoute({ platform }: Environment): Route {
  return route({
    ...base,
    method: "GET",
    path: "/api/v1/sign-in-links/:token",
    summary: "What a sign-in link is for, and what it needs",
    params: Token,
    response: Type.Object({
      kind: Type.Union([Type.Literal("invitation"), Type.Literal("reset"), Type.Literal("admin")]),
      mail: Type.String(),
      name: Type.String(),
      organisation: Type.Union([Type.String(), Type.Null()]),
      provider: Type.String(),
      needs: Type.Array(Type.Union([Type.Literal("name"), Type.Literal("password")])),
      expiresAt: Instant,
    }),
    handler: ({ params, now }) => platform.store.provider((tx) => describeLink(tx, params.token, now)),
  });
}

function useLinkRoute({ platform }: Environment): Route {
  return route({
    ...base,
    method: "POST",
    path: "/api/v1/sign-in-links/:token",
    summary: "Use a sign-in link",
    params: Token,
    body: Type.Object(
      { name: Type.Optional(Name), password: Type.Optional(Secret), language: Type.Optional(LanguageCode) },
      closed,
    ),
    response: SignedIn,
    handler: (context) => byLink(platform, context, context.params.token, context.body),
  });
}

function resetRoute({ platform }: Environment): Route {
  return route({
    ...base,
    method: "POST",
    path: "/api/v1/password-reset",
    summary: "Ask for a mail with a reset link; the answer tells nothing about accounts",
    status: 202,
    body: Type.Object({ mail: Mail }, closed),
    handler: ({ body }) => askReset(platform, body.mail.toLowerCase()),
  });
}

function signOutRoute({ platform }: Environment): Route {
  return route({
    method: "POST",
    path: "/api/v1/sign-out",
    summary: "Sign out",
    tag: "sign-in",
    access: { kind: "self" },
    handler: async ({ tx, actor, reply, audit }) => {
      if (actor.kind !== "user") throw raise("USER_NEEDED");
      await endSessions(platform, tx, actor.userId, { only: actor.signInId });
      await audit({ action: "sign-in.end", subject: `user:${actor.userId}` });
      clearCookie(platform, reply);
    },
  });
}

async function byPassword(
  platform: ServerPlatform,
  context: Context,
  body: { mail: string; password: string },
): Promise<Done> {
  const mail = body.mail.toLowerCase();
  await countAttempt(platform, "password", mail);
  const user = await platform.store.provider((tx) =>
    tables(tx)
      .selectFrom("server.app_user")
      .select(["id", "name", "password_hash", "totp_sealed"])
      .where("mail", "=", mail)
      .executeTakeFirst(),
  );
  const right = await verifyPassword(body.password, user?.password_hash ?? null);
  if (!right || user === undefined) {
    platform.log.info({ id: context.request.id, address: context.request.ip }, "a sign-in was refused");
    throw raise("SIGN_IN_FAILED");
  }
  await forgetAttempts(platform, "password", mail);
  return platform.store.provider((tx) => finish(platform, tx, context, user, "password", user.totp_sealed !== null));
}

async function byCode(
  platform: ServerPlatform,
  context: Context,
  body: { ticket: string; code: string },
): Promise<Done> {
  const hash = hashSecret(body.ticket);
  const ticket = await platform.store.provider((tx) =>
    tables(tx)
      .selectFrom("server.ticket")
      .selectAll()
      .where("token_hash", "=", hash)
      .where("kind", "=", "totp")
      .where("used_at", "is", null)
      .where("expires_at", ">", context.now)
      .executeTakeFirst(),
  );
  if (ticket?.user_id == null) throw raise("TICKET_REFUSED");
  const userId = ticket.user_id;
  await countAttempt(platform, "code", userId);
  const done = await platform.store.provider(async (tx): Promise<Done> => {
    const method = await takeCode(platform, tx, userId, body.code.trim(), context.now);
    if (method === null) throw raise("CODE_REFUSED");
    const taken = await tables(tx)
      .updateTable("server.ticket")
      .set({ used_at: context.now })
      .where("id", "=", ticket.id)
      .where("used_at", "is", null)
      .returning("id")
      .execute();
    if (taken.length === 0) throw raise("TICKET_REFUSED");
    const user = await tables(tx)
      .selectFrom("server.app_user")
      .select(["id", "name"])
      .where("id", "=", userId)
      .executeTakeFirstOrThrow();
    return finish(platform, tx, context, user, method, false);
  });
  await forgetAttempts(platform, "code", userId);
  return done;
}

/** Takes a code of the app or a recovery code, each of them once. */
async function takeCode(
  platform: ServerPlatform,
  tx: Tx,
  userId: UserId,
  code: string,
  now: Date,
): Promise<SignInMethod | null> {
  const user = await tables(tx)
    .selectFrom("server.app_user")
    .select(["totp_sealed", "totp_last_step"])
    .where("id", "=", userId)
    .forUpdate()
    .executeTakeFirst();
  if (user?.totp_sealed == null) return null;
  const seed = platform.keys.open(user.totp_sealed, `totp:${userId}`);
  const step = matchCode(seed, code, now.getTime(), Number(user.totp_last_step));
  if (step !== null) {
    await tables(tx).updateTable("server.app_user").set({ totp_last_step: step }).where("id", "=", userId).execute();
    return "password+totp";
  }
  const hash = recoveryHash(code);
  if (hash === null) return null;
  const used = await tables(tx)
    .updateTable("server.recovery_code")
    .set({ used_at: now })
    .where("user_id", "=", userId)
    .where("code_hash", "=", hash)
    .where("used_at", "is", null)
    .returning("id")
    .execute();
  return used.length === 0 ? null : "recovery-code";
}

/** Milliseconds that every answer takes, longer than the writing for a known account: the time must not tell who has one. */
const RESET_TIME = 400;

/** Always takes the same way as far as the client can see; the mail is written only for a known account. */
async function askReset(platform: ServerPlatform, mail: string): Promise<void> {
  await countAttempt(platform, "reset", mail);
  const time = sleep(RESET_TIME);
  try {
    await writeReset(platform, mail);
  } finally {
    await time;
  }
}

async function writeReset(platform: ServerPlatform, mail: string): Promise<void> {
  await platform.store.provider(async (tx) => {
    const user = await tables(tx).selectFrom("server.app_user").selectAll().where("mail", "=", mail).executeTakeFirst();
    if (user === undefined) return;
    const { token, expiresAt } = await issueSignInLink(platform, tx, "reset", user.id);
    const { name: provider, portalUrl } = await readProfile(tx, platform.publicUrl());
    const text = resetMail(user.language, {
      provider,
      name: user.name,
      link: linkAddress(portalUrl, token),
      expiresAt,
    });
    await platform.mail.send(tx, { to: mail, ...text, organisation: null });
    await platform.audit(tx, { kind: "nobody" }, null, { action: "user.reset-asked", subject: `user:${user.id}` });
  });
}
