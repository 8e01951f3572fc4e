/** Counts the devices of the whole installation and tells running agents when their upload interval changes, a few at a time. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Devices } from "@yagura/devices/devices.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { configureAgents } from "./configuration.ts";
import { readUpload, uploadInterval } from "./pace.ts";
import { lockTenant } from "./quota.ts";

export const countJob = "experience.fleet";
export const paceJob = "experience.upload-pace";

/** Agents told in one transaction, which holds their tenant. */
export const CHUNK = 50;
/** Milliseconds between two chunks: 10,000 agents are told in about four minutes, and the server has time for its own work. */
export const PAUSE = 1_000;

export const fleetJobs = (devices: Devices): JobTable => ({
  handlers: {
    [countJob]: async (_payload, platform) => {
      await countFleet(platform);
    },
    [paceJob]: async (payload, platform) => {
      await tellChunk(platform, devices, payload["organisation"] as OrganisationId);
    },
  },
  schedule: { [countJob]: "*/5 * * * *" },
});

/** Agents that run and were told another interval than the one in force. */
const behind = (upload: number) => sql`from experience.agent a
    join devices.device d on d.id = a.device_id and d.revoked_at is null
    join devices.configuration c on c.device_id = a.device_id and c.service = 'experience'
  where a.ended_at is null and c.document->'upload' is distinct from to_jsonb(${upload}::integer)`;

/**
 * Counts, writes the interval, and queues the telling of each organisation whose agents are behind, one organisation after
 * the other. Asks what was told rather than what changed: a telling that was cut off goes on with the next count.
 */
export async function countFleet(platform: Platform): Promise<{ devices: number; upload: number }> {
  return platform.store.provider(async (tx) => {
    const now = platform.clock.now();
    const { rows } = await sql<{ devices: number; current: number | null }>`select
      (select count(*)::int from devices.device where revoked_at is null) as devices,
      (select upload_ms from experience.fleet) as current`.execute(tx);
    const { devices, current } = rows[0] ?? { devices: 0, current: null };
    const upload = uploadInterval(devices, current);
    await sql`insert into experience.fleet (devices, upload_ms, counted_at) values (${devices}, ${upload}, ${new Date(now)})
      on conflict (single) do update set devices = excluded.devices, upload_ms = excluded.upload_ms,
        counted_at = excluded.counted_at`.execute(tx);
    const late = await sql<{ organisation: OrganisationId; agents: number }>`
      select a.organisation_id as organisation, count(*)::int as agents ${behind(upload)} group by 1 order by 1`.execute(
      tx,
    );
    let wait = 0;
    for (const { organisation, agents } of late.rows) {
      await queue(platform, tx, organisation, now + wait);
      wait += Math.ceil(agents / CHUNK) * PAUSE;
    }
    return { devices, upload };
  });
}

/** Publishes the configuration of the next few agents of an organisation, and queues itself while there are more. */
export async function tellChunk(platform: Platform, devices: Devices, organisation: OrganisationId): Promise<void> {
  await platform.store.organisation(organisation, async (tx) => {
    const upload = await readUpload(tx);
    const found = await sql<{ tenant: Uuid }>`select a.tenant_id as tenant ${behind(upload)}
      and a.organisation_id = ${organisation} order by a.tenant_id limit 1`.execute(tx);
    const tenant = found.rows[0]?.tenant;
    if (tenant === undefined) return;
    // Under the tenant's lock, so that a session made at the same time is in the configuration that stays.
    await lockTenant(tx, organisation, tenant);
    const { rows } = await sql<{ id: Uuid }>`select a.id ${behind(upload)} and a.tenant_id = ${tenant}
      order by a.id limit ${CHUNK}`.execute(tx);
    const now = platform.clock.now();
    await configureAgents(
      tx,
      devices,
      organisation,
      new Date(now),
      rows.map(({ id }) => id),
    );
    await queue(platform, tx, organisation, now + PAUSE);
  });
}

const queue = (platform: Platform, tx: Tx, organisation: OrganisationId, at: number): Promise<void> =>
  platform.jobs.add(tx, paceJob, { organisation }, { key: `${paceJob}:${organisation}`, runAt: new Date(at) });
