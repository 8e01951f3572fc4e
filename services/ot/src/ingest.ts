/** Uploads of sensors: what is refused, how they become rows, and that somebody looks at them. */
import type { Uuid } from "@yagura/core/ids.ts";
import type { IngestKind } from "@yagura/devices/devices.ts";
import { raise } from "@yagura/devices/errors.ts";
import type { Platform } from "@yagura/server/route.ts";
import { refusalOf } from "./ingest/body.ts";
import { createOwners, type Owners } from "./ingest/owners.ts";
import { toRows } from "./ingest/rows.ts";
import { MetadataBody } from "./wire/metadata.ts";
import { isFull } from "./watch/inbox.ts";
import { watchOf } from "./watch/watch.ts";

/** Memory of each platform of this process. */
const memory = new WeakMap<Platform["store"], Owners>();
export function ownersOf(platform: Platform): Owners {
  const known = memory.get(platform.store) ?? createOwners(platform);
  memory.set(platform.store, known);
  return known;
}

/** Milliseconds for which it is believed how much waits for a site. */
const BELIEF_MS = 2_000;
const MAX_SITES = 10_000;
const backlogs = new WeakMap<Platform["store"], Map<Uuid, { readonly full: boolean; readonly readAt: number }>>();
async function isBehind(platform: Platform, site: Uuid): Promise<boolean> {
  const known = backlogs.get(platform.store) ?? new Map<Uuid, { full: boolean; readAt: number }>();
  backlogs.set(platform.store, known);
  const readAt = platform.clock.monotonic();
  const fact = known.get(site);
  if (fact !== undefined && readAt - fact.readAt < BELIEF_MS) return fact.full;
  const full = await platform.store.provider((tx) => isFull(tx, site));
  if (known.size >= MAX_SITES) known.clear();
  known.set(site, { full, readAt });
  return full;
}

export const otIngest: IngestKind<MetadataBody> = {
  kind: "ot.metadata",
  schema: MetadataBody,
  toRows,
  async refuse(batch, platform) {
    const refusal = refusalOf(batch);
    if (refusal !== null) return refusal;
    const owner = await ownersOf(platform).of(batch.device);
    if (owner === null || owner.ended) return "METADATA_FOREIGN";
    // Not refused for good: the sensor keeps it and comes again.
    if (await isBehind(platform, owner.site))
      throw raise("DOOR_BUSY", { cause: "uploads of the site wait", seconds: 10 });
    return null;
  },
  async stored(batches, platform) {
    await watchOf(platform).take(batches, ownersOf(platform));
  },
};
