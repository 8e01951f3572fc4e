/** The whole at a glance. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { MAX_ASSETS } from "../analysis/assets/asset-index.ts";
import { protocolName } from "../analysis/observe.ts";
import { listSites, siteRow } from "../sites.ts";
import type { Overview, Tally } from "../wire/api.ts";
import { protocols } from "../wire/vocabulary.ts";
import { living } from "./asset-list.ts";
import { noTally, tallyOf } from "./findings.ts";
import { placeOf, type Place } from "./place.ts";
import { sensorFacts, withQuality } from "./sensors.ts";
import { readProtocols } from "./traffic.ts";

const DAY = 86_400_000;

async function readFacts(tx: Tx, platform: Platform, organisation: OrganisationId, site: Uuid | undefined, now: Date) {
  if (site !== undefined) await siteRow(tx, organisation, site);
  const sites = await listSites(tx, organisation, now, { id: site });
  const places: Place[] = [];
  for (const { id } of sites) places.push(await placeOf(tx, platform.telemetry, organisation, id));
  const day = new Date(now.getTime() - DAY);
  const counts = await sql<Omit<Overview["assets"], "roles" | "limit">>`select count(*)::int as total,
      count(*) filter (where a.first_at >= ${day})::int as appeared, count(*) filter (where a.last_at >= ${day})::int as active,
      count(*) filter (where a.learning = 'learning')::int as learning,
      count(*) filter (where a.conflicts > 0)::int as conflicts,
      coalesce((select max(n) from (select count(*)::int as n from ot.asset where organisation_id = ${organisation}
        and merged_into is null and (${site ?? null}::uuid is null or site_id = ${site ?? null}::uuid)
        group by site_id) s), 0)::int as listed
    from ot.asset a where a.organisation_id = ${organisation} and ${living}
      and (${site ?? null}::uuid is null or a.site_id = ${site ?? null}::uuid)`.execute(tx);
  const roles = await sql<Overview["assets"]["roles"][number]>`select a.shown_role as role, count(*)::int as count
    from ot.asset a where a.organisation_id = ${organisation} and ${living}
      and (${site ?? null}::uuid is null or a.site_id = ${site ?? null}::uuid) group by 1 order by 2 desc, 1`.execute(
    tx,
  );
  const permits = await sql<Overview["permits"]>`select count(*) filter (where from_at <= ${now})::int as active,
      count(*) filter (where from_at > ${now})::int as planned
    from ot.permit where organisation_id = ${organisation} and cancelled_at is null and to_at > ${now}
      and (${site ?? null}::uuid is null or site_id = ${site ?? null}::uuid)`.execute(tx);
  const none = { total: 0, appeared: 0, active: 0, learning: 0, conflicts: 0, listed: 0 };
  return {
    sites,
    places,
    sensors: await sensorFacts(tx, organisation, now, { site }),
    assets: { ...(counts.rows[0] ?? none), limit: MAX_ASSETS, roles: roles.rows },
    open: await tallyOf(tx, organisation, site),
    days: await findingDays(tx, organisation, site, now),
    permits: permits.rows[0] ?? { active: 0, planned: 0 },
  };
}

/** New findings by day of Asia/Tokyo, the last fourteen. */
async function findingDays(
  tx: Tx,
  organisation: OrganisationId,
  site: Uuid | undefined,
  now: Date,
): Promise<Overview["days"]> {
  const from = new Date(now.getTime() - 13 * DAY);
  const { rows } = await sql<{ day: string; severity: keyof Tally | null; count: number }>`
    select d::date::text as day, f.severity, count(f.id)::int as count
    from generate_series((${from}::timestamptz at time zone 'Asia/Tokyo')::date, (${now}::timestamptz at time zone 'Asia/Tokyo')::date,
      interval '1 day') d
    left join ot.finding f on f.organisation_id = ${organisation} and f.state not in ('muted', 'expected')
      and f.since >= ${from}::timestamptz - interval '1 day' and (f.since at time zone 'Asia/Tokyo')::date = d::date
      and (${site ?? null}::uuid is null or f.site_id = ${site ?? null}::uuid)
    group by d, f.severity order by d`.execute(tx);
  const days = new Map<string, Tally>();
  for (const { day, severity, count } of rows) {
    const tally = days.get(day) ?? noTally();
    if (severity !== null) tally[severity] = count;
    days.set(day, tally);
  }
  return Array.from(days, ([day, findings]) => ({ day, findings }));
}

export async function readOverview(
  platform: Platform,
  organisation: OrganisationId,
  site: Uuid | undefined,
  now: Date,
): Promise<Overview> {
  const { places, sensors, ...facts } = await platform.store.organisation(organisation, (tx) =>
    readFacts(tx, platform, organisation, site, now),
  );
  const range = { from: now.getTime() - DAY, to: now.getTime() };
  const sums = new Map<number, { bytes: number; packets: number }>();
  for (const place of places) {
    for (const { protocol, bytes, packets } of await readProtocols(place, range)) {
      const sum = sums.get(protocol) ?? { bytes: 0, packets: 0 };
      sums.set(protocol, { bytes: sum.bytes + bytes, packets: sum.packets + packets });
    }
  }
  return {
    at: now.toISOString(),
    ...facts,
    sensors: await withQuality(platform.telemetry, organisation, sensors, now),
    protocols: [...sums]
      .toSorted((a, b) => b[1].bytes - a[1].bytes)
      .map(([id, sum]) => ({ protocol: protocolName(id), ot: protocols[protocolName(id)].ot, ...sum })),
  };
}
