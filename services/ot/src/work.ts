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
type AnyContext = Pick<
  RouteContext<unknown, unknown, unknown>,
  "tx" | "organisation" | "now" | "platform" | "actor" | "audit"
>;

export const workOf = (context: AnyContext, devices: Devices): Work => ({
  tx: context.tx,
  organisation: context.organisation,
  now: context.now,
  devices,
  platform: context.platform,
  actor: "name" in context.actor ? context.actor.name : null,
  audit: (entry) => context.audit(entry),
});

/** Work that the platform does by itself, without a request. */
export const systemWork = (tx: Tx, organisation: OrganisationId, devices: Devices, platform: Platform): Work => ({
  tx,
  organisation,
  now: new Date(platform.clock.now()),
  devices,
  platform,
  actor: null,
  audit: (entry) => platform.audit(tx, { kind: "system", name: "ot" }, organisation, entry),
});

/** Who is written down as the one who decided. */
export const byOf = ({ actor }: Pick<Work, "actor">): string => actor ?? "yagura";

/** Tells the organisation's pages that something changed. */
export const announce = async (work: Work, kind: string, id: string): Promise<void> =>
  work.platform.live.publish(work.tx, work.organisation, { topic: `ot.${kind}`, data: { id } });
