/** Batches of samples: what is refused, how they become rows, who is told. */
import type { IngestBatch, IngestKind } from "@yagura/devices/devices.ts";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import { createOwners, type Owners } from "./ingest/owners.ts";
import { isConsistent, reachOf, samplesOf, toRows } from "./ingest/rows.ts";
import type { errors } from "./errors.ts";
import { MAX_SAMPLES_PER_BATCH, SamplesBody } from "./wire/samples.ts";

const DAY = 86_400_000_000;
/** Samples further ahead of the server than this, µs, after the clock's correction, are refused. */
export const AHEAD_LIMIT = DAY;
/** Samples older than this, µs, are refused: no spool is so long, and each week of data is a partition of its own. */
export const AGE_LIMIT = 400 * DAY;
/** Session ids named in a live hint (an event carries at most 6 kB). */
const HINTED_SESSIONS = 100;

/** What speaks against a batch by itself, without asking anybody. Null: nothing. */
export function refusalOf(batch: IngestBatch<SamplesBody>): (keyof typeof errors & string) | null {
  for (const block of batch.body.blocks) if (!isConsistent(block)) return "SAMPLES_COLUMNS";
  if (batch.body.gaps.some(({ from, to }) => to < from)) return "SAMPLES_COLUMNS";
  if (samplesOf(batch.body) > MAX_SAMPLES_PER_BATCH) return "SAMPLES_TOO_MANY";
  for (const item of [...batch.body.blocks, ...batch.body.gaps]) {
    const [first, last] = reachOf(item, batch.clockOffset);
    if (last > batch.receivedAt + AHEAD_LIMIT) return "SAMPLES_FUTURE";
    if (first < batch.receivedAt - AGE_LIMIT) return "SAMPLES_ANCIENT";
  }
  return null;
}

const sessionsOf = (body: SamplesBody): Set<Uuid> => {
  const sessions = new Set<Uuid>();
  for (const { session } of body.blocks) sessions.add(session);
  for (const { session } of body.gaps) sessions.add(session);
  return sessions;
};

/**
 * A new ingest kind with an empty memory of owners. Samples of a session that was just removed are taken: the agent may
 * not know yet, and refusing would keep its spool from moving on. Nobody can see them, and the daily sweep deletes them.
 */
export function createIngest(): IngestKind<SamplesBody> {
  const memory = new WeakMap<Platform["store"], Owners>();
  const ownersOf = (platform: Platform): Owners => {
    const known = memory.get(platform.store) ?? createOwners(platform);
    memory.set(platform.store, known);
    return known;
  };
  return {
    kind: "experience.samples",
    schema: SamplesBody,
    toRows,
    async refuse(batch, platform) {
      const refusal = refusalOf(batch);
      if (refusal !== null) return refusal;
      const found = await ownersOf(platform).check(batch.device, sessionsOf(batch.body));
      const removed = [...found].filter(([, ownership]) => ownership === "removed").map(([session]) => session);
      if (removed.length > 0) {
        platform.log.debug(
          { device: batch.device, sessions: removed.slice(0, 10), count: removed.length },
          "samples of removed sessions",
        );
      }
      return [...found.values()].includes("foreign") ? "SAMPLES_FOREIGN" : null;
    },
    async stored(batches, platform) {
      for (const [organisation, hint] of hintsOf(batches)) {
        platform.live.hint(organisation, { topic: "experience.samples", data: hint });
      }
    },
  };
}

/** One hint for each organisation: which sessions have news, and until when (ISO). */
export function hintsOf(
  batches: readonly IngestBatch<SamplesBody>[],
): Map<OrganisationId, { sessions: Uuid[]; until: string }> {
  const news = new Map<OrganisationId, { sessions: Set<Uuid>; until: number }>();
  for (const { organisation, body, clockOffset } of batches) {
    const entry = news.get(organisation) ?? { sessions: new Set<Uuid>(), until: 0 };
    news.set(organisation, entry);
    for (const block of body.blocks) {
      if (entry.sessions.size < HINTED_SESSIONS) entry.sessions.add(block.session);
      entry.until = Math.max(entry.until, reachOf(block, clockOffset)[1]);
    }
  }
  return new Map(
    [...news].map(([organisation, { sessions, until }]) => [
      organisation,
      { sessions: [...sessions], until: new Date(until / 1000).toISOString() },
    ]),
  );
}

/** The ingest kind of this process. */
export const experienceIngest: IngestKind<SamplesBody> = createIngest();
