/** What the server's own routes need beside their context. */
import type { FastifyRequest } from "fastify";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Access, Platform } from "./route.ts";
import type { Admission, Principal } from "./guard.ts";
import type { ServerPlatform } from "./platform.ts";
import type { Scopes } from "./scopes.ts";

/** Rows of an organisation as JSON, for its export. */
export type Exporter = (
  tx: Tx,
  organisation: OrganisationId,
) => AsyncIterable<{ readonly table: string; readonly row: unknown }>;
/** Removes everything of an organisation that a room holds; runs under the organisation's own row-level security. */
export type Eraser = (platform: Platform, tx: Tx, organisation: OrganisationId) => Promise<void>;

export interface Environment {
  readonly platform: ServerPlatform;
  readonly scopes: Scopes;
  readonly exporters: readonly Exporter[];
  readonly erasers: readonly Eraser[];
  readonly version: string;
  /** Who is behind the request; null for an anonymous one. */
  readonly principal: (request: FastifyRequest) => Principal | null;
  /** Asks again whether the request may be served; throws as at the door. */
  readonly admit: (request: FastifyRequest, access: Access) => Promise<Admission>;
}
