/** Daily: each organisation's telemetry older than its retention is deleted, service by service. */
import { sql } from "kysely";
import type { JobTable } from "@yagura/server/route.ts";
import type { Service } from "@yagura/service/service.ts";

export const serviceJobs = (services: readonly Service[]): JobTable => ({
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
    },
  },
});
