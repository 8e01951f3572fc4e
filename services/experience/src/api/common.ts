/** What the routes of the service share: where they stand, who may call, and what one thing of a list is. */
import { Type } from "typebox";
import { raise } from "@yagura/server/errors.ts";
import type { Access } from "@yagura/server/route.ts";
import { Id } from "@yagura/server/shapes.ts";

export const base = "/api/v1/organisations/:organisation/experience";
export const tag = "experience";
export const mayRead: Access = { kind: "organisation", scope: "experience.read" };
export const mayWrite: Access = { kind: "organisation", scope: "experience.write" };

export const closed = { additionalProperties: false } as const;
export const ofOrganisation = Type.Object({ organisation: Id });
export const ofTenant = Type.Object({ organisation: Id, tenant: Id });
export const ofTarget = Type.Object({ organisation: Id, target: Id });
export const ofAgent = Type.Object({ organisation: Id, agent: Id });
export const ofSession = Type.Object({ organisation: Id, session: Id });

/** The only item of a list by id. NOT_FOUND when the list is empty. */
export function one<T>(items: readonly T[]): T {
  const item = items[0];
  if (item === undefined) throw raise("NOT_FOUND");
  return item;
}
