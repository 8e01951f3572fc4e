/**
 * Daily: each organisation's telemetry older than its retention is deleted, service by service; and of erased organisations
 * what was acknowledged before the erasure and stored after it.
 */
import { sql } from "kysely";
import type { Eraser } from "@yagura/server/environment.ts";
import type { JobTable } from "@yagura/server/route.ts";
import type { Service } from "@yagura/service/service.ts";

/** Days after an erasure: acknowledged batches wait in the journal for as long as telemetry is away. */
const SWEEP_DAYS = 30;

export const serviceJobs = (services: readonly Service[], erasers: readonly Eraser[]): JobTable => ({
  schedule: { "platform.retention": "41 3 * * *" },
  handlers: {
    "platform.retention": async (_payload, platform) => {
      const organisations = await platform.store.provider(async (tx) => {
        const { rows } = await sql<{ id: string; days: number }>`
          select id, retention_days as days from server.organisation where state = 'active'`.execute(tx);
        return rows;
      });
      const now = new Date(platform.clock.now());
      for (const { id, days } of organisations) {
        for (const service of services) await service.retain(platform, id, days, now);
      }
      const since = new Date(now.getTime() - SWEEP_DAYS * 86_400_000);
      const erased = await platform.store.provider(async (tx) => {
        const { rows } = await sql<{ id: string }>`
          select id from server.organisation where state = 'erased' and erased_at > ${since}`.execute(tx);
        return rows;
      });
      for (const { id } of erased) {
        for (const erase of erasers) await platform.store.organisation(id, (tx) => erase(platform, tx, id));
      }
    },
  },
});
