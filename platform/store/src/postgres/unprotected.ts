/** Finds tables that row-level security does not cover as the platform promises. A test of every composition runs this. */
import type { ClientBase } from "pg";

export interface UnprotectedTable {
  /** `schema.table`. */
  readonly table: string;
  readonly reason: string;
}

/**
 * Tables that hold an organisation's rows: those with a column `organisation_id`, those that refer to such a table
 * (directly or through others), and everything that the role yagura_app may touch at all.
 */
const QUERY = `
with recursive
  place as (
    select c.oid, c.relkind, c.relrowsecurity, c.relforcerowsecurity, n.nspname || '.' || c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm', 'f')
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  ),
  own as (
    select attrelid as oid from pg_attribute
    where attname = 'organisation_id' and not attisdropped and attrelid in (select oid from place)
  ),
  held (oid, why) as (
    select oid, 'has organisation_id' from own
    union
    select k.conrelid, 'refers to such a table'
    from pg_constraint k join held h on h.oid = k.confrelid
    where k.contype = 'f'
  ),
  touched as (
    select oid, 'may be used by yagura_app' as why from place
    where has_table_privilege('yagura_app', oid, 'select, insert, update, delete')
  ),
  subject as (
    select oid, min(why) as why from (select * from held union all select * from touched) as s group by oid
  )
select p.name as table, s.why,
  p.relkind = 'm' as materialised,
  p.relrowsecurity as enabled,
  p.relforcerowsecurity as forced,
  exists (select from pg_policy where polrelid = p.oid) as policies,
  exists (
    select from pg_policy
    where polrelid = p.oid and p.oid in (select oid from own)
      -- 0 is PUBLIC.
      and (0 = any (polroles) or 'yagura_app'::regrole = any (polroles))
      and (polcmd <> 'a' and pg_get_expr(polqual, polrelid) !~ 'organisation_id'
        or polcmd in ('a', 'w', '*') and coalesce(pg_get_expr(polwithcheck, polrelid), pg_get_expr(polqual, polrelid)) !~ 'organisation_id')
  ) as too_wide
from subject s join place p using (oid)
order by 1`;

interface Row {
  readonly table: string;
  readonly why: string;
  readonly materialised: boolean;
  readonly enabled: boolean;
  readonly forced: boolean;
  readonly policies: boolean;
  readonly too_wide: boolean;
}

/** Every such table that is not under forced row-level security with policies that compare the organisation; none, one hopes. */
export async function findUnprotectedTables(client: ClientBase): Promise<UnprotectedTable[]> {
  const { rows } = await client.query<Row>(QUERY);
  return rows.flatMap((row) => {
    const fault = faultOf(row);
    return fault === undefined ? [] : [{ table: row.table, reason: `${row.why}, but ${fault}` }];
  });
}

function faultOf(row: Row): string | undefined {
  if (row.materialised) return "a materialised view cannot have row-level security";
  if (!row.enabled) return "row-level security is not enabled";
  if (!row.forced) return "row-level security is not forced on the owner";
  if (!row.policies) return "it has no policy";
  if (row.too_wide) return "a policy for yagura_app does not compare organisation_id";
  return undefined;
}
