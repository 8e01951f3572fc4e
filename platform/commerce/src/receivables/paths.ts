/** What the routes of this folder have in common. */
import { Type } from "typebox";
import { dayOf, isDay, type Day } from "@yagura/core/calendar.ts";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Actor, Platform, RouteContext, ScopeTable } from "@yagura/server/route.ts";
import { CivilDate, closed, Id } from "@yagura/server/shapes.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { MoneyWork } from "./claims.ts";
import { raise } from "./errors.ts";
import type { Settled } from "./settle.ts";

export const scopes: ScopeTable = {
  "invoice.read": ["owner", "admin", "provider-admin", "provider-operator", "provider-support", "provider-billing"],
  "payment.write": ["provider-admin", "provider-billing"],
};

export const own = "/api/v1/organisations/:organisation";
export const office = "/api/v1/provider";
export const ofOrganisation = Type.Object({ organisation: Id });

export const AsOf = Type.Object({ on: Type.Optional(CivilDate) }, closed);
export const Range = Type.Object({ from: Type.Optional(CivilDate), to: Type.Optional(CivilDate) }, closed);

type Context = Pick<RouteContext<unknown, unknown, unknown>, "tx" | "now" | "actor">;
export const workOf = ({ tx, now, actor }: Context): MoneyWork => ({ tx, now, actor });

/** The day that was asked for, today unless told. PAYMENT_DAY_INVALID for a text that is no day. */
export function dayAsked(text: string | undefined, now: Date): Day {
  if (text === undefined) return dayOf(now);
  if (!isDay(text)) throw raise("PAYMENT_DAY_INVALID", { day: text });
  return text;
}

/** Moved allocations stand in the audit one by one; of very many the first hundred. */
export async function auditMoney(
  { tx, platform, actor }: { readonly tx: Tx; readonly platform: Platform; readonly actor: Actor },
  organisation: OrganisationId,
  action: string,
  subject: string,
  details: Readonly<Record<string, unknown>>,
  moved: Settled["moved"] = [],
): Promise<void> {
  await platform.audit(tx, actor, organisation, { action, subject, details });
  if (moved.length > 0) {
    await platform.audit(tx, actor, organisation, {
      action: "payment.reallocate",
      subject,
      details: { because: action, moved: moved.length, allocations: moved.slice(0, 100) },
    });
  }
  await platform.live.publish(tx, organisation, { topic: "receivables", data: {} });
}
