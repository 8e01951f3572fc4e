/**
 * The daily sums over the organisations that take part (OT-N9). Each is read with its own scope; only here their shares meet, and
 * only sums of at least five leave. Who withdrew before the sums are written is not in them.
 */
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { coarse, NORM_DAYS, sumsOf, type SubjectNorms } from "../analysis/norms/sums.ts";
import type { Range } from "../range.ts";
import { readShare, type Given } from "./share.ts";

export const normJob = "ot.norms";
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Rows written by one statement. */
const CHUNK = 5_000;

/** At 03:40 in Japan. */
export const normJobs = (): JobTable => ({
  handlers: { [normJob]: (_payload, platform) => sumNorms(platform) },
  schedule: { [normJob]: "40 18 * * *" },
});

type Shares = ReadonlyMap<OrganisationId, Given>;

export async function sumNorms(platform: Platform): Promise<void> {
  const now = platform.clock.now();
  const to = Math.floor(now / HOUR) * HOUR;
  const range = { from: to - NORM_DAYS * DAY, to };
  const shares = new Map<OrganisationId, Given>();
  for (const organisation of await platform.store.provider(members)) {
    try {
      shares.set(organisation, await readShare(platform, organisation, range));
    } catch (error) {
      // The others still get their sums; it is in them again tomorrow.
      platform.log.error({ err: error, organisation }, "an organisation's share of the norms could not be read");
    }
  }
  await platform.store.provider((tx) => write(tx, shares, range, new Date(now)));
}

/** Organisations that take part and are active. */
async function members(tx: Tx): Promise<OrganisationId[]> {
  const { rows } = await sql<{ id: OrganisationId }>`select m.organisation_id as id from ot.norm_member m
    join server.organisation o on o.id = m.organisation_id where o.state = 'active' order by 1 for share of m`.execute(
    tx,
  );
  return rows.map(({ id }) => id);
}

async function write(tx: Tx, shares: Shares, range: Range, now: Date): Promise<void> {
  // Two runs at once must not mix their rows.
  await sql`select pg_advisory_xact_lock(hashtext('ot.norms'))`.execute(tx);
  const given = (await members(tx)).flatMap((id) => {
    const own = shares.get(id);
    return own === undefined ? [] : [{ id, ...own }];
  });
  const giving = given.filter(({ sites }) => sites > 0);
  await sql`delete from ot.norm_subject`.execute(tx);
  await writeSums(tx, sumsOf(giving.map(({ share }) => share)));
  await sql`insert into ot.norm_run (at, from_at, organisations)
    values (${now}, ${new Date(range.from)}, ${coarse(giving.length)})
    on conflict (single) do update set at = excluded.at, from_at = excluded.from_at,
      organisations = excluded.organisations`.execute(tx);
  const sites = given.map((one) => ({ id: one.id, sites: one.sites }));
  await sql`update ot.norm_member m set counted_sites = x.sites
    from jsonb_to_recordset(${JSON.stringify(sites)}::jsonb) as x (id uuid, sites integer)
    where m.organisation_id = x.id`.execute(tx);
}

async function writeSums(tx: Tx, sums: readonly SubjectNorms[]): Promise<void> {
  const subjects = sums.map(({ subject, organisations, sites }, id) => ({ id, ...subject, organisations, sites }));
  for (const part of chunks(subjects)) {
    await sql`insert into ot.norm_subject (id, level, vendor, name, organisations, sites)
      select id, level, vendor, name, organisations, sites from jsonb_to_recordset(${JSON.stringify(part)}::jsonb)
        as x (id integer, level text, vendor text, name text, organisations integer, sites integer)`.execute(tx);
  }
  const norms = sums.flatMap((sum, subject) =>
    sum.norms.map(({ habit, organisations, sites }) => ({ subject, ...habit, organisations, sites })),
  );
  for (const part of chunks(norms)) {
    await sql`insert into ot.norm (subject_id, kind, protocol, code, organisations, sites)
      select subject, kind, protocol, code, organisations, sites from jsonb_to_recordset(${JSON.stringify(part)}::jsonb)
        as x (subject integer, kind text, protocol integer, code bigint, organisations integer, sites integer)`.execute(
      tx,
    );
  }
}
const chunks = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, i) => rows.slice(i * CHUNK, (i + 1) * CHUNK));
