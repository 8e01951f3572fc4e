/** Which devices are sensors: facts kept in memory, so that the steady state asks the database nothing. */
import { sql } from "kysely";
import type { DeviceId, OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";

/** Devices remembered; at the limit the memory is emptied and filled again by what arrives. */
const MAX_OWNERS = 100_000;
/** Milliseconds for which a fact that speaks against a batch is believed, and one that speaks for it. */
const DOUBT_MS = 2_000;
const BELIEF_MS = 60_000;

export interface Owner {
  readonly sensor: Uuid;
  readonly site: Uuid;
  readonly organisation: OrganisationId;
  /** The contract is over. */
  readonly ended: boolean;
}
export interface Owners {
  /** The sensor that the device is or was; null when it never was one. */
  of(device: DeviceId): Promise<Owner | null>;
}

export function createOwners(platform: Pick<Platform, "store" | "clock">): Owners {
  const facts = new Map<DeviceId, { readonly owner: Owner | null; readonly readAt: number }>();
  let asked = new Set<DeviceId>();
  let reading: Promise<void> | null = null;

  /** Everybody who asks in the same turn is answered by one query: many sensors may come back at once. */
  function read(device: DeviceId): Promise<void> {
    asked.add(device);
    reading ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      const all = [...asked];
      asked = new Set();
      reading = null;
      return load(all);
    });
    return reading;
  }

  async function load(devices: readonly DeviceId[]): Promise<void> {
    const readAt = platform.clock.monotonic();
    const { rows } = await platform.store.provider((tx) =>
      sql<Owner & { device: DeviceId }>`select d.device_id as device, d.sensor_id as sensor, d.site_id as site,
          d.organisation_id as organisation, s.ended_at is not null as ended
        from ot.sensor_device d join ot.sensor s on s.id = d.sensor_id
        where d.device_id = any(${devices}::uuid[])`.execute(tx),
    );
    if (facts.size + devices.length > MAX_OWNERS) facts.clear();
    for (const device of devices) facts.set(device, { owner: null, readAt });
    for (const { device, ...owner } of rows) facts.set(device, { owner, readAt });
  }

  return {
    async of(device) {
      const fact = facts.get(device);
      const age = fact === undefined ? Number.POSITIVE_INFINITY : platform.clock.monotonic() - fact.readAt;
      const belief = fact?.owner != null && !fact.owner.ended ? BELIEF_MS : DOUBT_MS;
      if (age > belief) await read(device);
      return facts.get(device)?.owner ?? null;
    },
  };
}
