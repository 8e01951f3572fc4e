/** First start and the command line: the provider's own organisation, its administrator, sign-in links and tokens. */
import { sql } from "kysely";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { storeToken, TOKEN_DAYS } from "./api-tokens.ts";
import { raise } from "./errors.ts";
import { issueSignInLink, linkAddress } from "./links.ts";
import type { ServerPlatform } from "./platform.ts";
import { DEFAULT_PROVIDER } from "./profile.ts";
import { createOrganisation } from "./routes/organisations.ts";
import { isProviderRole, type Scopes } from "./scopes.ts";
import type { Role } from "./shapes.ts";
import { tables } from "./tables.ts";

/** Until the administrator gives a real address. `.localhost` never leaves the machine (RFC 6761 section 6.3). */
export const FIRST_ADMIN_MAIL = "admin@yagura.localhost";
const system = { kind: "system", name: "command line" } as const;

export interface FirstAdmin {
  /** The provider's own organisation: internal, not charged. */
  readonly organisation: OrganisationId;
  /** True when this call made it. */
  readonly created: boolean;
  /** The link to sign in with, when this call made the administrator. */
  readonly link: string | null;
}

/**
 * Makes the provider's own organisation, its profile and its administrator at the first start; later it only finds them. Two
 * processes that start at once make one.
 */
export async function ensureFirstAdmin(
  platform: ServerPlatform,
  options: { mail?: string; name?: string; language?: "ja" | "en" } = {},
): Promise<FirstAdmin> {
  return platform.store.provider(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('yagura first start'))`.execute(tx);
    const db = tables(tx);
    const present = await db
      .selectFrom("server.organisation")
      .select("id")
      .where("internal", "=", true)
      .executeTakeFirst();
    if (present !== undefined) return { organisation: present.id, created: false, link: null };
    const now = new Date(platform.clock.now());
    const name = options.name ?? DEFAULT_PROVIDER;
    const organisation = await createOrganisation(tx, now, {
      name,
      internal: true,
      language: options.language ?? "ja",
    });
    await db
      .insertInto("server.provider_profile")
      .values({ name, sender_address: "yagura@localhost", logo: null, registration_number: null, portal_url: "" })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const user = await makeAdmin(tx, now, options.mail ?? FIRST_ADMIN_MAIL, options.language ?? "ja");
    const { token } = await issueSignInLink(platform, tx, "admin", user);
    await platform.audit(tx, system, organisation.id, {
      action: "organisation.create",
      subject: `organisation:${organisation.id}`,
      details: { name, internal: true },
    });
    await platform.audit(tx, system, null, {
      action: "sign-in-link.create",
      subject: `user:${user}`,
      details: { kind: "admin" },
    });
    return { organisation: organisation.id, created: true, link: linkAddress(platform.publicUrl(), token) };
  });
}

async function makeAdmin(tx: Tx, now: Date, mail: string, language: "ja" | "en"): Promise<string> {
  const id = newId();
  await tables(tx)
    .insertInto("server.app_user")
    .values({
      id,
      mail: mail.toLowerCase(),
      name: language === "ja" ? "管理者" : "Administrator",
      language,
      password_hash: null,
      totp_sealed: null,
      totp_pending: null,
      created_at: now,
    })
    .execute();
  await tables(tx)
    .insertInto("server.staff")
    .values({ user_id: id, role: "provider-admin", created_at: now })
    .execute();
  return id;
}

/**
 * A new sign-in link for one of the provider's people (the oldest administrator unless named), made on the machine itself. It
 * also lets in who lost the authenticator. Throws STAFF_UNKNOWN when there is no such person.
 */
export async function newSignInLink(platform: ServerPlatform, mail?: string): Promise<string> {
  return platform.store.provider(async (tx) => {
    let query = tables(tx)
      .selectFrom("server.staff as s")
      .innerJoin("server.app_user as u", "u.id", "s.user_id")
      .select(["u.id", "u.mail"])
      .orderBy("s.created_at")
      .orderBy("u.id");
    query =
      mail === undefined
        ? query.where("s.role", "=", "provider-admin")
        : query.where("u.mail", "=", mail.toLowerCase());
    const user = await query.executeTakeFirst();
    if (user === undefined) throw raise("STAFF_UNKNOWN", { mail: mail ?? "" });
    const { token } = await issueSignInLink(platform, tx, "admin", user.id);
    await platform.audit(tx, system, null, {
      action: "sign-in-link.create",
      subject: `user:${user.id}`,
      details: { kind: "admin" },
    });
    return linkAddress(platform.publicUrl(), token);
  });
}

export interface CliToken {
  readonly role: Role;
  /** Needed for the roles of a customer. */
  readonly organisation?: OrganisationId;
  readonly name?: string;
  /** All of the role's unless told. */
  readonly scopes?: readonly string[];
  /** 90 unless told, at most a year. */
  readonly days?: number;
}

/** A token for the command line. `scopes` are the merged ones, as `listRoutes` gives them. Throws NOT_FOUND, SCOPE_UNKNOWN. */
export async function createToken(platform: ServerPlatform, scopes: Scopes, input: CliToken): Promise<string> {
  const { organisation, role } = input;
  if (!isProviderRole(role) && organisation === undefined) throw raise("NOT_FOUND");
  return platform.store.provider(async (tx) => {
    if (organisation !== undefined) {
      const found = await tables(tx)
        .selectFrom("server.organisation")
        .select("id")
        .where("id", "=", organisation)
        .where("state", "=", "active")
        .executeTakeFirst();
      if (found === undefined) throw raise("NOT_FOUND");
    }
    const now = new Date(platform.clock.now());
    const days = Math.min(TOKEN_DAYS, input.days ?? 90);
    const { token, item } = await storeToken(tx, scopes, now, {
      name: input.name ?? "command line",
      role,
      organisation: isProviderRole(role) ? null : (organisation ?? null),
      scopes: input.scopes ?? scopes.of(role),
      expiresAt: new Date(now.getTime() + days * 86_400_000),
      createdBy: system.name,
      createdByUser: null,
    });
    await platform.audit(tx, system, item.organisationId, {
      action: "token.create",
      subject: `token:${item.id}`,
      details: { role, scopes: item.scopes, expiresAt: item.expiresAt },
    });
    return token;
  });
}
