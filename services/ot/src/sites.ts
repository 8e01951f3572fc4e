/** Sites: places with one space of addresses each. The first is made with the first sensor. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { organisationFacts } from "@yagura/commerce/organisations.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { raise } from "./errors.ts";
import type { Site } from "./wire/api.ts";
import { announce, type Work } from "./work.ts";

const firstName = { ja: "工場", en: "Factory" } as const;

export async function createSite(work: Work, input: { name: string; note?: string | undefined }): Promise<Uuid> {
  const id = newId();
  await sql`insert into ot.site (id, organisation_id, name, note, created_at)
    values (${id}, ${work.organisation}, ${input.name}, ${input.note ?? ""}, ${work.now})`.execute(work.tx);
  await sql`insert into ot.watch (site_id, organisation_id) values (${id}, ${work.organisation})`.execute(work.tx);
  await work.audit({ action: "ot-site.create", subject: id, details: { name: input.name } });
  await announce(work, "site", id);
  return id;
}

export async function changeSite(
  work: Work,
  id: Uuid,
  change: { name?: string | undefined; note?: string | undefined },
): Promise<void> {
  const before = await siteRow(work.tx, work.organisation, id);
  await sql`update ot.site set name = ${change.name ?? before.name}, note = coalesce(${change.note ?? null}, note)
    where organisation_id = ${work.organisation} and id = ${id}`.execute(work.tx);
  await work.audit({ action: "ot-site.change", subject: id, details: { before: before.name, ...change } });
  await announce(work, "site", id);
}

/** With everything that was learned there. SITE_IN_USE while a sensor that has not ended belongs to it. */
export async function removeSite(work: Work, id: Uuid): Promise<void> {
  const { tx, organisation } = work;
  const { name } = await siteRow(tx, organisation, id);
  const { rows } = await sql<{ sensors: number }>`select count(*)::int as sensors from ot.sensor
    where organisation_id = ${organisation} and site_id = ${id}`.execute(tx);
  const sensors = rows[0]?.sensors ?? 0;
  if (sensors > 0) throw raise("SITE_IN_USE", { name, sensors });
  await sql`delete from ot.site where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  await work.audit({ action: "ot-site.remove", subject: id, details: { name } });
  await announce(work, "site", id);
}

/** The one site of an organisation that has one or none; the oldest where it has several. */
export async function firstSite(work: Work): Promise<Uuid> {
  const { rows } = await sql<{ id: Uuid }>`select id from ot.site where organisation_id = ${work.organisation}
    order by ordinal limit 1`.execute(work.tx);
  if (rows[0] !== undefined) return rows[0].id;
  const language = (await organisationFacts(work.tx, work.organisation))?.language ?? "ja";
  return createSite(work, { name: firstName[language] });
}

/** The organisation's site, or NOT_FOUND. */
export async function siteRow(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<{ id: Uuid; name: string }> {
  const { rows } = await sql<{ id: Uuid; name: string }>`select id, name from ot.site
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  return row;
}

/** The site that a question names; without a name the only one. SITE_NEEDED where there are several, NOT_FOUND without any. */
export async function siteAsked(tx: Tx, organisation: OrganisationId, site: Uuid | undefined): Promise<Uuid> {
  if (site !== undefined) return (await siteRow(tx, organisation, site)).id;
  const { rows } = await sql<{ id: Uuid }>`select id from ot.site where organisation_id = ${organisation}
    order by ordinal limit 2`.execute(tx);
  const [only, second] = rows;
  if (only === undefined) throw raiseServer("NOT_FOUND");
  if (second === undefined) return only.id;
  const all = await sql<{ count: number }>`select count(*)::int as count from ot.site
    where organisation_id = ${organisation}`.execute(tx);
  throw raise("SITE_NEEDED", { sites: all.rows[0]?.count ?? 2 });
}

interface SiteRow {
  readonly id: Uuid;
  readonly name: string;
  readonly note: string;
  readonly sensors: number;
  readonly assets: number;
  readonly active: number;
  readonly tokens: string | null;
  readonly last_upload_at: Date | null;
  readonly created_at: Date;
}

/** In the order in which they were made. */
export async function listSites(
  tx: Tx,
  organisation: OrganisationId,
  now: Date,
  only: { readonly id?: Uuid | undefined } = {},
): Promise<Site[]> {
  const day = new Date(now.getTime() - 86_400_000);
  const { rows } = await sql<SiteRow>`
    select s.id, s.name, s.note, s.created_at, coalesce(e.sensors, 0)::int as sensors, e.tokens, e.last_upload_at,
      coalesce(a.assets, 0)::int as assets, coalesce(a.active, 0)::int as active
    from ot.site s
    left join (select site_id, count(*) as sensors, max(tokens) as tokens, max(last_upload_at) as last_upload_at
      from ot.sensor where organisation_id = ${organisation} group by site_id) e on e.site_id = s.id
    left join (select site_id, count(*) as assets, count(*) filter (where last_at >= ${day}) as active
      from ot.asset where organisation_id = ${organisation} and merged_into is null and retired_at is null
      group by site_id) a on a.site_id = s.id
    where s.organisation_id = ${organisation} and (${only.id ?? null}::uuid is null or s.id = ${only.id ?? null}::uuid)
    order by s.ordinal`.execute(tx);
  return rows.map(({ last_upload_at, created_at, ...row }) => ({
    ...row,
    lastUploadAt: last_upload_at?.toISOString() ?? null,
    createdAt: created_at.toISOString(),
  }));
}
