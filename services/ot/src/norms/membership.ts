/** Taking part in the norms (OT-N9): off until the organisation says so; who gives, gets. */
import { sql } from "kysely";
import type { Static } from "typebox";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { MOST_SITES, NORM_DAYS, NORM_K } from "../analysis/norms/sums.ts";
import { raise } from "../errors.ts";
import type { NormMembership, NormOverview, NormSums } from "../wire/api-norms.ts";
import { announce, byOf, type Work } from "../work.ts";
import { plainSites } from "./share.ts";

type Sums = Static<typeof NormSums>;
export async function readSums(tx: Tx): Promise<Sums | null> {
  const { rows } = await sql<{ at: Date; from_at: Date; organisations: number }>`select at, from_at, organisations
    from ot.norm_run`.execute(tx);
  const [row] = rows;
  if (row === undefined) return null;
  return { at: row.at.toISOString(), from: row.from_at.toISOString(), organisations: row.organisations };
}

interface Row {
  readonly joined_at: Date | null;
  readonly joined_by: string | null;
  readonly counted_sites: number | null;
  readonly sites: number;
  readonly plain: number;
}
export async function readMembership(tx: Tx, organisation: OrganisationId): Promise<NormMembership> {
  const { rows } = await sql<Row>`select m.joined_at, m.joined_by, m.counted_sites, n.sites, n.plain
    from (select count(*)::int as sites, count(*) filter (where ${plainSites})::int as plain from ot.site s
      where s.organisation_id = ${organisation}) n
    left join ot.norm_member m on m.organisation_id = ${organisation}`.execute(tx);
  const row = rows[0] as Row;
  return {
    takesPart: row.joined_at !== null,
    since: row.joined_at?.toISOString() ?? null,
    by: row.joined_by,
    countedSites: row.counted_sites,
    sites: row.sites,
    tokenSites: row.sites - row.plain,
    sums: await readSums(tx),
    limits: { organisations: NORM_K, sites: MOST_SITES, days: NORM_DAYS },
  };
}

/**
 * From now on, or no more: its rows are out of the sums at the next daily run, and it sees none at once. To begin is for the
 * organisation's own people: NORMS_OWN.
 */
export async function changeMembership(work: Work, takesPart: boolean, staff: boolean): Promise<void> {
  const { tx, organisation } = work;
  if (takesPart && staff && !(await isInternal(tx, organisation))) throw raise("NORMS_OWN");
  const { rows } = takesPart
    ? await sql`insert into ot.norm_member (organisation_id, joined_at, joined_by)
        values (${organisation}, ${work.now}, ${byOf(work)}) on conflict do nothing returning 1`.execute(tx)
    : await sql`delete from ot.norm_member where organisation_id = ${organisation} returning 1`.execute(tx);
  if (rows.length === 0) return;
  await work.audit({ action: takesPart ? "ot-norms.join" : "ot-norms.leave", subject: organisation });
  await announce(work, "norms", organisation);
}

/** The provider's own organisation has no other people. */
async function isInternal(tx: Tx, organisation: OrganisationId): Promise<boolean> {
  const { rows } = await sql<{ internal: boolean }>`select internal from server.organisation
    where id = ${organisation}`.execute(tx);
  return rows[0]?.internal === true;
}

/** As the provider: figures are not rounded where they are of membership, which is the provider's own business. */
export async function readOverview(tx: Tx): Promise<NormOverview> {
  const { rows } = await sql<{ members: number; giving: number; sites: number }>`select count(*)::int as members,
    count(*) filter (where counted_sites > 0)::int as giving, coalesce(sum(counted_sites), 0)::int as sites
    from ot.norm_member`.execute(tx);
  const subjects = await sql<{
    level: NormOverview["subjects"][number]["level"];
    vendor: string;
    name: string;
    organisations: number;
    sites: number;
  }>`select level, vendor, name, organisations, sites from ot.norm_subject order by vendor, level, name`.execute(tx);
  return {
    sums: await readSums(tx),
    ...(rows[0] as { members: number; giving: number; sites: number }),
    subjects: subjects.rows.map(({ organisations, sites, ...subject }) => ({
      ...subject,
      of: { organisations, sites },
    })),
  };
}
