/**
 * The watch: looks at each upload, site by site, each site's in order, in one transaction for a few of them. Whoever holds the lock
 * of a site's row in ot.watch is the only one who writes about it.
 */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { IngestBatch } from "@yagura/devices/devices.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { FactsKeeper } from "../feeds/facts.ts";
import type { Owners } from "../ingest/owners.ts";
import type { MetadataBody } from "../wire/metadata.ts";
import { dropWaiting, MAX_ATTEMPTS, noteFailure, putWaiting, sitesWaiting, takeWaiting } from "./inbox.ts";
import { loadMemory, type Memory } from "./memory.ts";
import { noNews, pass, type News } from "./pass.ts";
import { tellAlerts } from "./alerts.ts";

/** Uploads looked at in one transaction. */
const AT_ONCE = 8;
/** Sites looked at side by side in this process: their work is this process's, so more gains nothing. */
const SIDE_BY_SIDE = 2;
/** Sites remembered; the one that was silent longest is forgotten, and read again when it comes back. */
const MAX_SITES = 64;
/** Ids in one hint: an event carries at most 6 kB. */
const HINTED = 100;

interface Place {
  readonly organisation: OrganisationId;
  readonly site: Uuid;
}
export interface Watch {
  /** Keeps the uploads that were stored, and looks at them soon. */
  take(batches: readonly IngestBatch<MetadataBody>[], owners: Owners): Promise<void>;
  /** Looks at what waits at every site, e.g. what another process left. */
  sweep(): Promise<void>;
  /** Runs work under the lock of a site, with what is remembered of it; what it writes counts up the revision. */
  within<T>(place: Place, work: (tx: Tx, memory: Memory, news: News) => Promise<T>): Promise<T>;
  /** When nothing is under way any more. For tests and a clean stop. */
  settled(): Promise<void>;
}

const watches = new WeakMap<Platform["store"], Watch>();
/** The watch of this process. */
export function watchOf(platform: Platform): Watch {
  const known = watches.get(platform.store) ?? createWatch(platform);
  watches.set(platform.store, known);
  return known;
}

export function createWatch(platform: Platform): Watch {
  const memories = new Map<Uuid, Memory>();
  const keeper = new FactsKeeper();
  const waiting = new Map<Uuid, Place>();
  const busy = new Set<Uuid>();
  const running = new Set<Promise<void>>();

  async function within<T>(place: Place, work: (tx: Tx, memory: Memory, news: News) => Promise<T>): Promise<T> {
    const { organisation, site } = place;
    let [memory, news]: [Memory | null, News] = [null, noNews()];
    let answer: T;
    try {
      answer = await platform.store.organisation(organisation, async (tx) => {
        news = noNews();
        memory = await enter(tx, place);
        memory.dirty = true;
        const done = await work(tx, memory, news);
        const { rows } = await sql<{ revision: string }>`update ot.watch set revision = revision + 1
          where site_id = ${site} returning revision`.execute(tx);
        memory.revision = Number(rows[0]?.revision);
        await tellAlerts(tx, platform, news.raised);
        return done;
      });
    } catch (error) {
      memories.delete(site);
      throw error;
    }
    ((memory as Memory | null) ?? { dirty: false }).dirty = false;
    hint(organisation, site, news);
    return answer;
  }

  /** Takes the lock, and the memory that is still true or a new one. */
  async function enter(tx: Tx, { organisation, site }: Place): Promise<Memory> {
    await sql`insert into ot.watch (site_id, organisation_id) values (${site}, ${organisation})
      on conflict (site_id) do nothing`.execute(tx);
    const { rows } = await sql<{
      revision: string;
    }>`select revision from ot.watch where site_id = ${site} for update`.execute(tx);
    const revision = Number(rows[0]?.revision);
    const known = memories.get(site);
    memories.delete(site);
    const facts = await keeper.of(tx);
    const memory =
      known !== undefined && !known.dirty && known.revision === revision
        ? known
        : await loadMemory(tx, { organisation, site, revision, now: platform.clock.now(), facts });
    if (memory.facts !== facts) {
      memory.facts = facts;
      memory.held.clear();
    }
    memories.set(site, memory);
    for (const oldest of memories.keys()) {
      if (memories.size <= MAX_SITES) break;
      memories.delete(oldest);
    }
    return memory;
  }

  function hint(organisation: OrganisationId, site: Uuid, { assets, findings }: News): void {
    for (const [topic, ids] of [
      ["ot.assets", assets],
      ["ot.findings", findings],
    ] as const) {
      if (ids.size > 0) platform.live.hint(organisation, { topic, data: { site, ids: [...ids].slice(0, HINTED) } });
    }
  }

  /** Looks at all that waits for a site. A batch that fails is tried again with company left out, and set aside after some tries. */
  async function look(place: Place): Promise<void> {
    for (let limit = AT_ONCE; ;) {
      try {
        const count = await within(place, async (tx, memory, news) => {
          const batches = await takeWaiting(tx, place.site, limit);
          for (const batch of batches) {
            await pass(tx, platform, memory, batch, news);
            await dropWaiting(tx, batch);
          }
          return batches.length;
        });
        if (count < limit) return;
        limit = AT_ONCE;
      } catch (error) {
        const alone = limit === 1;
        limit = 1;
        platform.log.error({ err: error, site: place.site }, "an upload could not be looked at");
        if (!alone) continue;
        const attempts = await platform.store.organisation(place.organisation, (tx) =>
          noteFailure(tx, place.site, String(error)),
        );
        // What one try cannot do now the sweep tries again later.
        if (attempts < MAX_ATTEMPTS) return;
      }
    }
  }

  function start(): void {
    for (const [site, place] of waiting) {
      if (running.size >= SIDE_BY_SIDE) return;
      if (busy.has(site)) continue;
      waiting.delete(site);
      busy.add(site);
      const one: Promise<void> = look(place)
        .catch((error: unknown) => {
          platform.log.error({ err: error, site }, "a site could not be looked at");
        })
        .finally(() => {
          busy.delete(site);
          running.delete(one);
          start();
        });
      running.add(one);
    }
  }

  return {
    within,
    async take(batches, owners) {
      for (const batch of batches) {
        const owner = await owners.of(batch.device);
        if (owner === null) continue;
        const { organisation, site } = owner;
        await platform.store.organisation(organisation, (tx) => putWaiting(tx, batch, owner));
        waiting.set(site, { organisation, site });
      }
      start();
    },
    async sweep() {
      for (const place of await platform.store.provider(sitesWaiting)) waiting.set(place.site, place);
      start();
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** What is remembered of the site does not hold any more: somebody changed by hand what the watch goes by. */
export async function siteChanged(tx: Tx, organisation: OrganisationId, site: Uuid): Promise<void> {
  await sql`insert into ot.watch (site_id, organisation_id, revision) values (${site}, ${organisation}, 1)
    on conflict (site_id) do update set revision = ot.watch.revision + 1`.execute(tx);
}
