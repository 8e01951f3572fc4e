/** Sign-ins: a random token in a cookie, of which only the hash is stored. */
import { sql } from "kysely";
import type { FastifyReply, FastifyRequest } from "fastify";
import { newId, type UserId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { SESSION_ABSOLUTE, SESSION_COOKIE } from "./guard.ts";
import type { ServerPlatform } from "./platform.ts";
import { hashSecret, newSecret } from "./secrets.ts";
import { tables } from "./tables.ts";

/** How somebody signed in; shown in the list of sign-ins. */
export type SignInMethod = "password" | "password+totp" | "recovery-code" | "passkey" | "link";

/** Starts a sign-in, sets its cookie, and writes it to the audit log. Call it last in the transaction. */
export async function startSession(
  platform: ServerPlatform,
  tx: Tx,
  request: FastifyRequest,
  reply: FastifyReply,
  user: { id: UserId; name: string },
  method: SignInMethod,
): Promise<void> {
  const now = new Date(platform.clock.now());
  const id = newId();
  const token = newSecret();
  await tables(tx)
    .insertInto("server.session")
    .values({
      id,
      user_id: user.id,
      token_hash: hashSecret(token),
      created_at: now,
      last_seen_at: now,
      expires_at: new Date(now.getTime() + SESSION_ABSOLUTE),
      address: request.ip,
      user_agent: (request.headers["user-agent"] ?? "").slice(0, 300),
      method,
    })
    .execute();
  await sql`update server.app_user set last_sign_in_at = ${now} where id = ${user.id}`.execute(tx);
  await sql`update server.membership set last_sign_in_at = ${now} where user_id = ${user.id}`.execute(tx);
  await platform.audit(tx, { kind: "user", userId: user.id, name: user.name, signInId: id }, null, {
    action: "sign-in.start",
    subject: `user:${user.id}`,
    details: { method, address: request.ip },
  });
  setCookie(platform, reply, token, SESSION_ABSOLUTE / 1000);
}

const setCookie = (platform: ServerPlatform, reply: FastifyReply, value: string, maxAge: number): FastifyReply =>
  reply.setCookie(SESSION_COOKIE, value, {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: platform.publicUrl().startsWith("https:") || reply.request.protocol === "https",
    maxAge,
  });

export const clearCookie = (platform: ServerPlatform, reply: FastifyReply): FastifyReply =>
  setCookie(platform, reply, "", 0);

/** Lets one transaction at a time make the account of a mail address: two invitations may be accepted at the same moment. */
export async function lockMail(tx: Tx, mail: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`yagura mail ${mail}`}, 0))`.execute(tx);
}

/** Ends sign-ins of a user: one, or all but one. Their live streams end too. Returns how many ended. */
export async function endSessions(
  platform: ServerPlatform,
  tx: Tx,
  user: UserId,
  which: { only: string } | { allBut: string | null },
): Promise<number> {
  let query = tables(tx)
    .updateTable("server.session")
    .set({ revoked_at: new Date(platform.clock.now()) })
    .where("user_id", "=", user)
    .where("revoked_at", "is", null)
    .returning("id");
  if ("only" in which) query = query.where("id", "=", which.only);
  else if (which.allBut !== null) query = query.where("id", "<>", which.allBut);
  const ended = await query.execute();
  for (const { id } of ended) await platform.live.cut(tx, `session:${id}`);
  return ended.length;
}
