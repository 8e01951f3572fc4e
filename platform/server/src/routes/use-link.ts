/** Using a sign-in link: what it needs, the account it makes or completes, and the sign-in that follows. */
import { sql } from "kysely";
import { newId, type UserId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { forgetAttempts } from "../attempts.ts";
import { raise } from "../errors.ts";
import { openLink, useLink, type OpenLink } from "../links.ts";
import { checkNewPassword, hashPassword } from "../passwords.ts";
import type { ServerPlatform } from "../platform.ts";
import { profileName } from "../profile.ts";
import { endSessions, lockMail } from "../sessions.ts";
import { tables, type LanguageCode as Language } from "../tables.ts";
import { finish, type Context, type Done } from "./finish.ts";

/** What somebody must fill in. Nobody with a way to sign in is asked again; a reset asks for the password only. */
function needsOf(link: OpenLink): ("name" | "password")[] {
  if (link.kind === "reset") return ["password"];
  return link.kind === "admin" || link.hasOwnSignIn ? [] : ["name", "password"];
}

export async function describeLink(tx: Tx, token: string, now: Date): Promise<unknown> {
  const link = await openLink(tx, token, now);
  return {
    kind: link.kind === "staff" ? "invitation" : link.kind,
    mail: link.mail,
    name: link.name,
    organisation: link.organisation?.name ?? null,
    provider: await profileName(tx),
    needs: needsOf(link),
    expiresAt: link.expiresAt.toISOString(),
  };
}

export interface LinkBody {
  readonly name?: string;
  readonly password?: string;
  readonly language?: Language;
}

export async function byLink(platform: ServerPlatform, context: Context, token: string, body: LinkBody): Promise<Done> {
  const before = await platform.store.provider((tx) => openLink(tx, token, context.now));
  const needs = needsOf(before);
  // Whoever has a password keeps it, whatever the request says: a link of an invitation is no reset.
  const mayChoose = needs.includes("password") || (before.kind === "admin" && !before.hasOwnSignIn);
  const password = mayChoose ? body.password : undefined;
  // Whoever joins may leave the password out and add a passkey with the sign-in that the link gives; a reset is about the password.
  if (before.kind === "reset" || password !== undefined) checkNewPassword(password ?? "", before.mail);
  if (needs.includes("name") && (body.name ?? before.name).trim() === "") throw raise("NAME_NEEDED");
  const passwordHash = password === undefined ? null : await hashPassword(password);
  const done = await platform.store.provider(async (tx) => {
    await lockMail(tx, before.mail);
    const link = await openLink(tx, token, context.now);
    await useLink(tx, link, context.now);
    const user = await accountOf(tx, link, { ...body, passwordHash }, context.now);
    if (link.kind === "reset") await endSessions(platform, tx, user.id, { allBut: null });
    if (link.membershipId !== null) {
      await sql`update server.membership set user_id = ${user.id}, name = ${user.name} where id = ${link.membershipId}`.execute(
        tx,
      );
    }
    const actor = { kind: "user" as const, userId: user.id, name: user.name, signInId: "" };
    await platform.audit(tx, actor, link.organisation?.id ?? null, {
      action:
        link.kind === "reset" ? "user.password-reset" : link.kind === "admin" ? "sign-in-link.use" : "member.join",
      subject: `user:${user.id}`,
      details: { mail: link.mail, kind: link.kind },
    });
    if (link.organisation !== null) {
      await platform.live.publish(tx, link.organisation.id, { topic: "member", data: {} });
    }
    // The administrator's link is made on the machine itself and is the way back when the authenticator is lost.
    return finish(platform, tx, context, user, "link", user.totp && link.kind !== "admin");
  });
  await forgetAttempts(platform, "password", before.mail);
  return done;
}

/** The account of the link's mail address, made or completed. */
async function accountOf(
  tx: Tx,
  link: OpenLink,
  given: { name?: string; language?: Language; passwordHash: string | null },
  now: Date,
): Promise<{ id: UserId; name: string; totp: boolean }> {
  const name = (given.name ?? link.name).trim();
  if (link.userId === null) {
    const id = newId();
    await tables(tx)
      .insertInto("server.app_user")
      .values({
        id,
        mail: link.mail,
        name,
        language: given.language ?? link.language,
        password_hash: given.passwordHash,
        totp_sealed: null,
        totp_pending: null,
        created_at: now,
      })
      .execute();
    return { id, name, totp: false };
  }
  const change = {
    ...(link.hasOwnSignIn ? {} : { name, ...(given.language === undefined ? {} : { language: given.language }) }),
    ...(given.passwordHash === null ? {} : { password_hash: given.passwordHash }),
  };
  if (Object.keys(change).length > 0) {
    await tables(tx).updateTable("server.app_user").set(change).where("id", "=", link.userId).execute();
  }
  const user = await tables(tx)
    .selectFrom("server.app_user")
    .select(["id", "name", "totp_sealed"])
    .where("id", "=", link.userId)
    .executeTakeFirstOrThrow();
  return { id: user.id, name: user.name, totp: user.totp_sealed !== null };
}
