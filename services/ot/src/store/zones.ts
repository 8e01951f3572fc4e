/** Zones of a site, in the order in which they are asked. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Zone } from "../wire/api-assets.ts";

interface Row extends Omit<Zone, "siteId" | "level"> {
  readonly site_id: Uuid;
  readonly level: string | null;
}

export async function listZones(
  tx: Tx,
  organisation: OrganisationId,
  only: { readonly site?: Uuid | undefined; readonly id?: Uuid | undefined } = {},
): Promise<Zone[]> {
  const { rows } = await sql<Row>`select z.id, z.site_id, z.name, z.level, z.subnets, z.vlans, z.origin, z.position,
      coalesce(n.assets, 0)::int as assets
    from ot.zone z left join (select coalesce(a.given_zone, a.zone_id) as zone, count(*) as assets from ot.asset a
      where a.organisation_id = ${organisation} and a.merged_into is null and a.retired_at is null group by 1) n on n.zone = z.id
    where z.organisation_id = ${organisation}
      and (${only.site ?? null}::uuid is null or z.site_id = ${only.site ?? null}::uuid)
      and (${only.id ?? null}::uuid is null or z.id = ${only.id ?? null}::uuid)
    order by z.origin desc, z.position, z.ordinal`.execute(tx);
  return rows.map(({ site_id, level, ...row }) => ({
    ...row,
    siteId: site_id,
    level: level === null ? null : Number(level),
  }));
}
