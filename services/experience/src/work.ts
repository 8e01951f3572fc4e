/** What every verb of the service is handed: the transaction, the clock, who acts, and the platform. */
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { AuditRecord, Platform, RouteContext } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";

export interface Work {
  readonly tx: Tx;
  readonly organisation: OrganisationId;
  readonly now: Date;
  readonly devices: Devices;
  readonly platform: Platform;
  /** Name of who acts; null: the platform by itself. */
  readonly actor: string | null;
  /** Writes an audit entry in the same transaction. */
  readonly audit: (entry: AuditRecord) => Promise<void>;
}

export const workOf = (context: AnyContext, devices: Devices): Work => ({
  tx: context.tx,
  organisation: context.organisation,
  now: context.now,
  devices,
  platform: context.platform,
  actor: "name" in context.actor ? context.actor.name : null,
  audit: (entry) => context.audit(entry),
});
type AnyContext = Pick<
  RouteContext<unknown, unknown, unknown>,
  "tx" | "organisation" | "now" | "platform" | "actor" | "audit"
>;

/** Tells the organisation's pages that the inventory changed. */
export const announce = async (work: Work, kind: string, id: string): Promise<void> =>
  work.platform.live.publish(work.tx, work.organisation, { topic: `experience.${kind}`, data: { id } });
