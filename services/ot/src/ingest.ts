/** Uploads of sensors: what is refused, how they become rows, and that somebody looks at them. */
import type { IngestKind } from "@yagura/devices/devices.ts";
import type { Platform } from "@yagura/server/route.ts";
import { refusalOf } from "./ingest/body.ts";
import { createOwners, type Owners } from "./ingest/owners.ts";
import { toRows } from "./ingest/rows.ts";
import { MetadataBody } from "./wire/metadata.ts";
import { watchOf } from "./watch/watch.ts";

/** Memory of each platform of this process. */
const memory = new WeakMap<Platform["store"], Owners>();
function ownersOf(platform: Platform): Owners {
  const known = memory.get(platform.store) ?? createOwners(platform);
  memory.set(platform.store, known);
  return known;
}

export const otIngest: IngestKind<MetadataBody> = {
  kind: "ot.metadata",
  schema: MetadataBody,
  toRows,
  async refuse(batch, platform) {
    const refusal = refusalOf(batch);
    if (refusal !== null) return refusal;
    const owner = await ownersOf(platform).of(batch.device);
    return owner === null || owner.ended ? "METADATA_FOREIGN" : null;
  },
  async stored(batches, platform) {
    await watchOf(platform).take(batches, ownersOf(platform));
  },
};
