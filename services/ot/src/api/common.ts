/** What the routes of the service share: where they stand, who may call, and what they name. */
import { Type } from "typebox";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Access, Platform } from "@yagura/server/route.ts";
import { Id, Instant } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";

export const base = "/api/v1/organisations/:organisation/ot";
export const tag = "ot";
export const mayRead: Access = { kind: "organisation", scope: "ot.read" };
export const mayWrite: Access = { kind: "organisation", scope: "ot.write" };

export const ofOrganisation = Type.Object({ organisation: Id });
export const ofThing = <const N extends string>(name: N) =>
  Type.Object({ organisation: Id, [name]: Id } as { organisation: typeof Id } & Record<N, typeof Id>);

export const ofSite = Type.Object({ site: Type.Optional(Id) });
/** From and to of a question; the last day unless told. */
export const Times = { from: Type.Optional(Instant), to: Type.Optional(Instant) } as const;
export const Limit = (most: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most }));

/** Work in a transaction of its own: telemetry is asked when it is over. */
export const inside =
  (platform: Platform, organisation: OrganisationId) =>
  <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    platform.store.organisation(organisation, work);
