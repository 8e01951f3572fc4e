/** API tokens: random, shown once, narrowed to scopes, never living longer than a year. */
import { sql } from "kysely";
import { newId, type OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { raise } from "./errors.ts";
import { TOKEN_PREFIX } from "./guard.ts";
import { isProviderRole, type Scopes } from "./scopes.ts";
import { hashSecret, newSecret } from "./secrets.ts";
import type { ApiToken, Role } from "./shapes.ts";
import { instant, tables, type TokenColumns } from "./tables.ts";
import type { Selectable } from "kysely";

export const TOKEN_DAYS = 366;

export interface NewToken {
  readonly name: string;
  readonly role: Role;
  /** Null: a token of the provider. */
  readonly organisation: OrganisationId | null;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
  readonly createdBy: string;
  readonly createdByUser: string | null;
  /** The token that makes it, if one does. */
  readonly createdByToken?: string;
}

/** Stores a token and returns its text, which cannot be read again. Throws SCOPE_UNKNOWN or TOKEN_EXPIRY. */
export async function storeToken(
  tx: Tx,
  scopes: Scopes,
  now: Date,
  token: NewToken,
): Promise<{ token: string; item: ApiToken }> {
  const beyond = token.scopes.find((scope) => !scopes.has(token.role, scope));
  if (beyond !== undefined) throw raise("SCOPE_UNKNOWN", { scope: beyond });
  const days = (token.expiresAt.getTime() - now.getTime()) / 86_400_000;
  if (!(days > 0 && days <= TOKEN_DAYS)) throw raise("TOKEN_EXPIRY", { days: TOKEN_DAYS });
  const text = newSecret(TOKEN_PREFIX);
  const columns = {
    id: newId(),
    name: token.name,
    token_hash: hashSecret(text),
    scopes: [...new Set(token.scopes)].sort(),
    created_at: now,
    created_by: token.createdBy,
    created_by_user: token.createdByUser,
    created_by_token: token.createdByToken ?? null,
    expires_at: token.expiresAt,
  };
  const shown = { ...columns, last_used_at: null, revoked_at: null };
  const { role, organisation } = token;
  if (isProviderRole(role)) {
    await tables(tx)
      .insertInto("server.provider_token")
      .values({ ...columns, role })
      .execute();
    return { token: text, item: toApiToken(shown, role, null) };
  }
  if (organisation === null) throw new Error(`a token of the role ${role} needs an organisation`);
  await tables(tx)
    .insertInto("server.api_token")
    .values({ ...columns, role, organisation_id: organisation })
    .execute();
  return { token: text, item: toApiToken(shown, role, organisation) };
}

export interface EndedToken {
  readonly id: string;
  readonly name: string;
}

/**
 * Ends a token and all that it made, through all generations; the first is the token itself. Empty when there is no such token. An
 * organisation sees its own tokens only, the provider those that its token made for customers as well.
 */
export async function endToken(
  tx: Tx,
  kind: "api_token" | "provider_token",
  id: string,
  now: Date,
): Promise<EndedToken[]> {
  const ended: EndedToken[] = [];
  let makers = [id];
  for (let own = true; makers.length > 0; own = false) {
    const found: EndedToken[] = [];
    for (const table of kind === "api_token" ? ["api_token"] : ["provider_token", "api_token"]) {
      if (own && table !== kind) continue;
      const column = own ? sql`id` : sql`created_by_token`;
      const { rows } = await sql<EndedToken>`update ${sql.table(`server.${table}`)} set revoked_at = ${now}
        where ${column} = any(${makers}::uuid[]) and revoked_at is null returning id, name`.execute(tx);
      found.push(...rows);
    }
    ended.push(...found);
    makers = found.map((token) => token.id);
  }
  return ended;
}

export const toApiToken = (
  row: Omit<Selectable<TokenColumns>, "token_hash">,
  role: Role,
  organisation: OrganisationId | null,
): ApiToken => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  role,
  organisationId: organisation,
  expiresAt: instant(row.expires_at),
  lastUsedAt: instant(row.last_used_at),
  createdAt: instant(row.created_at),
  createdBy: row.created_by,
});
