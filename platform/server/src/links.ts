/** Sign-in links: invitations of members and staff, password resets, the administrator's first link. Single-use, expiring, revocable. */
import { sql } from "kysely";
import { newId, type OrganisationId, type UserId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { raise } from "./errors.ts";
import type { ServerPlatform } from "./platform.ts";
import { readProfile } from "./profile.ts";
import { hashSecret, newSecret } from "./secrets.ts";
import { tables, type LanguageCode } from "./tables.ts";
import { inviteMail, sayTime } from "./templates.ts";

const HOUR = 3_600_000;
/** How long each kind of link may be used, in milliseconds. */
export const LINK_LIFE = { invitation: 7 * 24 * HOUR, staff: 7 * 24 * HOUR, reset: HOUR, admin: 24 * HOUR } as const;

/** The address that is mailed or printed. The secret is in the fragment, which browsers never send to a server or in a Referer. */
export const linkAddress = (base: string, token: string): string => `${base.replace(/\/$/, "")}/sign-in#link=${token}`;

export interface OpenLink {
  readonly kind: "invitation" | "staff" | "reset" | "admin";
  readonly id: Uuid;
  readonly mail: string;
  readonly name: string;
  readonly language: LanguageCode;
  readonly expiresAt: Date;
  readonly organisation: { readonly id: OrganisationId; readonly name: string } | null;
  readonly membershipId: Uuid | null;
  /** The account behind the mail address, when there is one. */
  readonly userId: UserId | null;
  /** Whether that account can sign in by itself already. */
  readonly hasOwnSignIn: boolean;
}

interface LinkRow {
  kind: OpenLink["kind"];
  id: Uuid;
  mail: string;
  name: string;
  language: LanguageCode;
  expires_at: Date;
  used_at: Date | null;
  revoked_at: Date | null;
  organisation_id: OrganisationId | null;
  organisation_name: string | null;
  membership_id: Uuid | null;
  user_id: UserId | null;
  has_own: boolean;
}

/** The link of a token. Throws LINK_UNKNOWN, LINK_REVOKED, LINK_USED or LINK_EXPIRED (EXP-T08, EXP-04). */
export async function openLink(tx: Tx, token: string, now: Date): Promise<OpenLink> {
  const hash = hashSecret(token);
  const own = sql`(u.password_hash is not null or exists (select 1 from server.passkey p where p.user_id = u.id))`;
  const { rows } = await sql<LinkRow>`
    select 'invitation' as kind, i.id, m.mail, coalesce(u.name, m.name) as name, m.language, i.expires_at, i.used_at,
      case when m.revoked_at is not null or o.state <> 'active' then coalesce(m.revoked_at, o.erased_at) else i.revoked_at end
        as revoked_at,
      o.id as organisation_id, o.name as organisation_name, m.id as membership_id, u.id as user_id,
      coalesce(${own}, false) as has_own
    from server.invitation i
      join server.membership m on m.id = i.membership_id
      join server.organisation o on o.id = i.organisation_id
      left join server.app_user u on u.mail = m.mail
    where i.token_hash = ${hash}
    union all
    select l.kind, l.id, u.mail, u.name, u.language, l.expires_at, l.used_at, l.revoked_at, null, null, null, u.id, ${own}
    from server.sign_in_link l join server.app_user u on u.id = l.user_id
    where l.token_hash = ${hash}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw raise("LINK_UNKNOWN");
  if (row.used_at !== null) throw raise("LINK_USED");
  if (row.revoked_at !== null) throw raise("LINK_REVOKED");
  const expiresAt = new Date(row.expires_at);
  if (expiresAt <= now) throw raise("LINK_EXPIRED", { expiredAt: sayTime(expiresAt, "en") });
  return {
    kind: row.kind,
    id: row.id,
    mail: row.mail,
    name: row.name,
    language: row.language,
    expiresAt,
    organisation: row.organisation_id === null ? null : { id: row.organisation_id, name: row.organisation_name ?? "" },
    membershipId: row.membership_id,
    userId: row.user_id,
    hasOwnSignIn: row.has_own,
  };
}

/** Uses a link up. Of two requests at once one succeeds; the other throws LINK_USED. */
export async function useLink(tx: Tx, link: OpenLink, now: Date): Promise<void> {
  const table = link.kind === "invitation" ? sql`server.invitation` : sql`server.sign_in_link`;
  const { rows } = await sql`update ${table} set used_at = ${now}
    where id = ${link.id} and used_at is null and revoked_at is null returning id`.execute(tx);
  if (rows.length === 0) throw raise("LINK_USED");
}

/** A link for a person of the provider or for a reset; older open links of the kind are revoked. Returns the token. */
export async function issueSignInLink(
  platform: ServerPlatform,
  tx: Tx,
  kind: "admin" | "staff" | "reset",
  user: UserId,
): Promise<{ token: string; expiresAt: Date }> {
  const now = new Date(platform.clock.now());
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + LINK_LIFE[kind]);
  await sql`update server.sign_in_link set revoked_at = ${now}
    where user_id = ${user} and kind = ${kind} and used_at is null and revoked_at is null`.execute(tx);
  await tables(tx)
    .insertInto("server.sign_in_link")
    .values({ id: newId(), kind, user_id: user, token_hash: hashSecret(token), created_at: now, expires_at: expiresAt })
    .execute();
  return { token, expiresAt };
}

export interface Invited {
  readonly id: Uuid;
  readonly mail: string;
  readonly name: string;
  readonly language: LanguageCode;
}

/** Mails a login invitation to a member; the ones sent before no longer work. Runs under the organisation's row-level security. */
export async function inviteMember(
  platform: ServerPlatform,
  tx: Tx,
  organisation: OrganisationId,
  member: Invited,
  inviter: string,
): Promise<Date> {
  const now = new Date(platform.clock.now());
  const token = newSecret();
  const expiresAt = new Date(now.getTime() + LINK_LIFE.invitation);
  const own = await tables(tx)
    .selectFrom("server.organisation")
    .select(["name", "time_zone"])
    .where("id", "=", organisation)
    .executeTakeFirst();
  if (own === undefined) throw raise("NOT_FOUND");
  await tables(tx)
    .updateTable("server.invitation")
    .set({ revoked_at: now })
    .where("membership_id", "=", member.id)
    .where("used_at", "is", null)
    .where("revoked_at", "is", null)
    .execute();
  await tables(tx)
    .insertInto("server.invitation")
    .values({
      id: newId(),
      organisation_id: organisation,
      membership_id: member.id,
      token_hash: hashSecret(token),
      created_at: now,
      expires_at: expiresAt,
    })
    .execute();
  const { name: provider, portalUrl } = await readProfile(tx, platform.publicUrl());
  const mail = inviteMail(member.language, {
    provider,
    name: member.name,
    organisation: own.name,
    inviter: inviter === "" ? provider : inviter,
    link: linkAddress(portalUrl, token),
    expiresAt,
    timeZone: own.time_zone,
  });
  await platform.mail.send(tx, { to: member.mail, ...mail, organisation });
  return expiresAt;
}
