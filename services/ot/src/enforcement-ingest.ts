/** What sensors answer to orders: small, rare, and kept in PostgreSQL only. */
import type { IngestKind } from "@yagura/devices/devices.ts";
import { ownersOf } from "./ingest.ts";
import { takeReport } from "./enforcement.ts";
import { EnforcementBody } from "./wire/enforcement.ts";

/** Milliseconds that a report may be ahead of the server. */
const AHEAD_MS = 86_400_000;

export const enforcementIngest: IngestKind<EnforcementBody> = {
  kind: "ot.enforcement",
  schema: EnforcementBody,
  toRows: () => [],
  async refuse({ device, body, receivedAt }, platform) {
    if (body.at > receivedAt / 1000 + AHEAD_MS) return "METADATA_FUTURE";
    const owner = await ownersOf(platform).of(device);
    return owner === null || owner.ended ? "METADATA_FOREIGN" : null;
  },
  async stored(batches, platform) {
    for (const { device, organisation, body } of batches) {
      const owner = await ownersOf(platform).of(device);
      if (owner === null) continue;
      // One that fails must not keep those of others from being taken; the sensor repeats it.
      await takeReport(platform, organisation, owner, body).catch((error: unknown) =>
        platform.log.error({ err: error, device }, "a report of the enforcer could not be taken"),
      );
    }
  },
};
