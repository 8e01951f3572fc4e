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
      if (owner !== null) await takeReport(platform, organisation, owner, body);
    }
  },
};
