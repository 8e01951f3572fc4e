/**
 * A route is a value: method, path, who may, what comes in, what goes out, and one function. The host turns the table into
 * Fastify routes with ajv at the door, one database transaction, audit and OpenAPI; nothing registers itself.
 */
import type { Static, TSchema } from "typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { OrganisationId, UserId, Uuid } from "@yagura/core/ids.ts";
import type { Store, Telemetry, Tx } from "@yagura/store/store.ts";
import type { Clock } from "@yagura/core/clock.ts";
import type { Logger } from "pino";
import type { Keys } from "./secrets.ts";
import type { Role } from "./shapes.ts";

/** Who acts. */
export type Actor =
  | { readonly kind: "user"; readonly userId: UserId; readonly name: string; readonly signInId: string }
  | { readonly kind: "token"; readonly tokenId: string; readonly name: string }
  | { readonly kind: "device"; readonly deviceId: string; readonly name: string }
  | { readonly kind: "system"; readonly name: string }
  | { readonly kind: "nobody" };

/**
 * Who may call, and under which database role the transaction runs.
 * - public: anybody; transaction as provider role (the handler must not leak)
 * - self: a signed-in user, about oneself
 * - organisation: path holds `:organisation`; a member with the scope, or provider staff whose role carries it. A foreign or
 *   unknown organisation answers 404. Transaction bound to that organisation by row-level security.
 * - provider: provider staff with the scope; transaction as provider role.
 */
export type Access =
  | { readonly kind: "public" }
  | { readonly kind: "self" }
  | { readonly kind: "organisation"; readonly scope: string }
  | { readonly kind: "provider"; readonly scope: string };

export interface AuditRecord {
  /** noun.verb, e.g. `tenant.join`. */
  readonly action: string;
  readonly subject: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What the running control plane offers to handlers, jobs and hooks. */
export interface Platform {
  readonly store: Store;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly log: Logger;
  readonly live: Live;
  readonly jobs: Jobs;
  readonly mail: Mailer;
  /** Seals what must be read again, under the key of this installation. */
  readonly keys: Keys;
  readonly audit: (tx: Tx, actor: Actor, organisation: OrganisationId | null, entry: AuditRecord) => Promise<void>;
  /** Public address of this control plane without a trailing slash, e.g. `https://yagura.example.jp`. */
  readonly publicUrl: () => string;
  readonly dataFolder: string;
}

export interface Live {
  /** Tells the pages of an organisation that something changed; sent when the transaction commits. At most 6 kB. */
  publish(tx: Tx, organisation: OrganisationId, event: LiveEvent): Promise<void>;
  /** The same outside a transaction; coalesced per (organisation, topic) to one a second. */
  hint(organisation: OrganisationId, event: LiveEvent): void;
}
export interface LiveEvent {
  /** e.g. `experience.samples`, `device`, `member`. */
  readonly topic: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Jobs {
  /** Enqueues inside the transaction: the job exists only when the transaction commits. `key` replaces a job not yet run. */
  add(
    tx: Tx,
    name: string,
    payload: Readonly<Record<string, unknown>>,
    options?: { key?: string; runAt?: Date },
  ): Promise<void>;
}
export type JobHandler = (payload: Readonly<Record<string, unknown>>, platform: Platform) => Promise<void>;
export interface JobTable {
  readonly handlers: Readonly<Record<string, JobHandler>>;
  /** crontab of graphile-worker: name to five-field pattern. */
  readonly schedule?: Readonly<Record<string, string>>;
}

export interface Mailer {
  /** Queues a mail inside the transaction; sent by a job over SMTP, or kept in the outbox when there is no SMTP. Gives its id there. */
  send(tx: Tx, mail: { to: string; subject: string; text: string; organisation: OrganisationId | null }): Promise<Uuid>;
}

export interface RouteContext<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly actor: Actor;
  readonly role: Role | null;
  /** The organisation of the path; for `self`, `public` and `provider` routes an empty text. */
  readonly organisation: OrganisationId;
  readonly tx: Tx;
  readonly now: Date;
  readonly language: "en" | "ja";
  /** Writes an audit entry in the same transaction. */
  readonly audit: (entry: AuditRecord) => Promise<void>;
  readonly platform: Platform;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface Route<
  P extends TSchema = TSchema,
  Q extends TSchema = TSchema,
  B extends TSchema = TSchema,
  R extends TSchema = TSchema,
> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Fastify path, e.g. `/api/v1/organisations/:organisation/experience/tenants`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Success shape; absent means 204. Streams set `raw`. */
  readonly response?: R;
  readonly status?: number;
  /** Content type of a response that is not JSON; the handler returns a stream, a buffer or a text. */
  readonly raw?: string;
  /** Bytes; 256 kB unless told. */
  readonly bodyLimit?: number;
  /** The handler gets the body as a Buffer, of any content type, unparsed (signatures, compressed batches). `body` is then for the docs only. */
  readonly rawBody?: boolean;
  /** Requests a minute for one address and actor; the host's default unless told; 0: the room counts for itself. */
  readonly rate?: number;
  /** The answer is a file that may be long: one at a time of an organisation, and a reader who hardly reads is cut off. */
  readonly download?: boolean;
  /** False: no transaction is opened; `tx` must not be used (long streams, file bodies). */
  readonly transaction?: boolean;
  readonly handler: (context: RouteContext<Static<P>, Static<Q>, Static<B>>) => Promise<unknown>;
}

/** Keeps the types of one route's shapes inside its handler. */
export function route<P extends TSchema, Q extends TSchema, B extends TSchema, R extends TSchema>(
  definition: Route<P, Q, B, R>,
): Route {
  return definition;
}

/** Scopes of a room and the roles that carry each. */
export type ScopeTable = Readonly<Record<string, readonly Role[]>>;
