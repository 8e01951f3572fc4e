/** The server's tables as Kysely sees them. */
import type { ColumnType, Generated, Transaction } from "kysely";
import type { Tx } from "@yagura/store/store.ts";
import type { CustomerRole, ProviderContact, ProviderRole } from "./shapes.ts";

type Time = ColumnType<Date, Date, Date>;
type MaybeTime = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Big = ColumnType<string | number | bigint, number | bigint, number | bigint>;
export type LanguageCode = "ja" | "en";

export interface ServerTables {
  "server.organisation": {
    id: string;
    name: string;
    corporate_number: string | null;
    internal: boolean;
    time_zone: string;
    language: LanguageCode;
    retention_days: number;
    state: "active" | "erased";
    created_at: Time;
    erased_at: MaybeTime;
  };
  "server.app_user": {
    id: string;
    mail: string;
    name: string;
    language: LanguageCode;
    password_hash: string | null;
    totp_sealed: Buffer | null;
    totp_pending: Buffer | null;
    totp_last_step: ColumnType<string | number | bigint, number | undefined, number>;
    created_at: Time;
    last_sign_in_at: MaybeTime;
  };
  "server.staff": { user_id: string; role: ProviderRole; created_at: Time };
  "server.membership": {
    id: string;
    organisation_id: string;
    user_id: string | null;
    mail: string;
    name: string;
    role: CustomerRole;
    language: LanguageCode;
    created_at: Time;
    last_sign_in_at: MaybeTime;
    revoked_at: MaybeTime;
  };
  "server.invitation": {
    id: string;
    organisation_id: string;
    membership_id: string;
    token_hash: Buffer;
    created_at: Time;
    expires_at: Time;
    used_at: MaybeTime;
    revoked_at: MaybeTime;
  };
  "server.sign_in_link": {
    id: string;
    kind: "admin" | "staff" | "reset";
    user_id: string;
    token_hash: Buffer;
    created_at: Time;
    expires_at: Time;
    used_at: MaybeTime;
    revoked_at: MaybeTime;
  };
  "server.session": {
    id: string;
    user_id: string;
    token_hash: Buffer;
    created_at: Time;
    last_seen_at: Time;
    expires_at: Time;
    revoked_at: MaybeTime;
    address: string;
    user_agent: string;
    method: string;
  };
  "server.passkey": {
    id: string;
    user_id: string;
    credential_id: string;
    public_key: Buffer;
    counter: Big;
    transports: string[];
    name: string;
    created_at: Time;
    last_used_at: MaybeTime;
  };
  "server.recovery_code": { id: string; user_id: string; code_hash: Buffer; used_at: MaybeTime };
  "server.ticket": {
    id: string;
    kind: "totp" | "passkey-sign-in" | "passkey-register";
    token_hash: Buffer;
    user_id: string | null;
    method: Generated<string>;
    expires_at: Time;
    used_at: MaybeTime;
  };
  "server.attempt": { key: string; count: number; window_ends_at: Time };
  "server.api_token": TokenColumns & { organisation_id: string; role: CustomerRole };
  "server.provider_token": TokenColumns & { role: ProviderRole };
  "server.provider_profile": {
    one: Generated<boolean>;
    name: string;
    sender_address: string;
    logo: string | null;
    registration_number: string | null;
    portal_url: string;
    /** JSON going in. */
    contact: ColumnType<ProviderContact, string | undefined, string>;
  };
  "server.outbox": {
    id: string;
    organisation_id: string | null;
    recipient: string;
    subject: string;
    body: string;
    state: "kept" | "queued" | "sent" | "failed";
    error: string | null;
    created_at: Time;
    sent_at: MaybeTime;
  };
  "server.audit_entry": {
    sequence: Big;
    at: Time;
    actor_kind: string;
    actor_id: string | null;
    actor: string;
    organisation_id: string | null;
    action: string;
    subject: string;
    details: Record<string, unknown>;
    previous: string;
    hash: string;
  };
}

export interface TokenColumns {
  id: string;
  name: string;
  token_hash: Buffer;
  scopes: string[];
  created_at: Time;
  created_by: string;
  created_by_user: string | null;
  /** The token that made it, when no person did. */
  created_by_token: string | null;
  expires_at: Time;
  last_used_at: MaybeTime;
  revoked_at: MaybeTime;
}

export type ServerTx = Transaction<ServerTables>;

/** The transaction with this room's tables. A cast, because adding tables to `Record<string, never>` makes each of them `never`. */
export const tables = (tx: Tx): ServerTx => tx;

/** RFC 3339 text of a time column, or null. */
export function instant(time: Date): string;
export function instant(time: Date | null): string | null;
export function instant(time: Date | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
