/** Findings as pages show them. */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { findingKinds } from "../analysis/findings.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Tally } from "../wire/api.ts";
import type { FindingQuery, FindingView } from "../wire/api-findings.ts";
import { assetRefs } from "./asset-list.ts";

interface Row {
  readonly id: Uuid;
  readonly site_id: Uuid;
  readonly dedupe_key: string;
  readonly kind: string;
  readonly severity: FindingView["severity"];
  readonly confidence: number;
  readonly state: FindingView["state"];
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly since: Date;
  readonly until_at: Date | null;
  readonly last_at: Date;
  readonly count: string;
  readonly parameters: FindingView["parameters"];
  readonly evidence: FindingView["evidence"];
  readonly asset_ids: Uuid[];
  readonly permit_id: Uuid | null;
  readonly mute_id: Uuid | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly decided_reason: string | null;
}
const columns = sql`f.id, f.site_id, f.dedupe_key, f.kind, f.severity, f.confidence, f.state, f.subject_kind, f.subject_id, f.since, f.until_at,
  f.last_at, f.count, f.parameters, f.evidence, f.asset_ids, f.permit_id, f.mute_id, f.decided_by, f.decided_at,
  f.decided_reason`;
export const DEFAULT_LIMIT = 100;

/** Newest first. `cursor`: the last finding of the page before. */
export async function pageOfFindings(
  tx: Tx,
  organisation: OrganisationId,
  query: FindingQuery & { readonly permit?: Uuid; readonly id?: Uuid },
): Promise<{ items: FindingView[]; next: string | null; total: number }> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const orAny = <T>(value: T | undefined): T | null => value ?? null;
  const where = sql`f.organisation_id = ${organisation}
    and (${orAny(query.site)}::uuid is null or f.site_id = ${orAny(query.site)}::uuid)
    and (${orAny(query.id)}::uuid is null or f.id = ${orAny(query.id)}::uuid)
    and (${orAny(query.permit)}::uuid is null or f.permit_id = ${orAny(query.permit)}::uuid)
    and (${orAny(query.state)}::text is null or f.state = ${orAny(query.state)}::text)
    and (${orAny(query.severity)}::text is null or f.severity = ${orAny(query.severity)}::text)
    and (${orAny(query.kind)}::text is null or f.kind = ${orAny(query.kind)}::text)
    and (${orAny(query.asset)}::uuid is null or f.asset_ids @> array[${orAny(query.asset)}::uuid])
    and (${orAny(query.group)}::text is null or f.group_key = ${orAny(query.group)}::text)
    and (${orAny(query.from)}::timestamptz is null or f.last_at >= ${orAny(query.from)}::timestamptz)
    and (${orAny(query.to)}::timestamptz is null or f.since < ${orAny(query.to)}::timestamptz)`;
  const after = orAny(query.cursor);
  const { rows } = await sql<Row>`select ${columns} from ot.finding f where ${where}
      and (${after}::uuid is null or f.ordinal < (select ordinal from ot.finding
        where id = ${after}::uuid and organisation_id = ${organisation}))
    order by f.ordinal desc limit ${limit + 1}`.execute(tx);
  const total = await sql<{ count: number }>`select count(*)::int as count from ot.finding f where ${where}`.execute(
    tx,
  );
  const shown = rows.slice(0, limit);
  return {
    items: await viewsOf(tx, organisation, shown),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    total: total.rows[0]?.count ?? 0,
  };
}

async function viewsOf(tx: Tx, organisation: OrganisationId, rows: readonly Row[]): Promise<FindingView[]> {
  const refs = await assetRefs(
    tx,
    organisation,
    rows.flatMap((row) => row.asset_ids),
  );
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    key: row.dedupe_key,
    kind: row.kind,
    severity: row.severity,
    confidence: row.confidence,
    state: row.state,
    subject: { kind: row.subject_kind, id: row.subject_id },
    assets: row.asset_ids.flatMap((id) => refs.get(id) ?? []),
    since: row.since.toISOString(),
    until: row.until_at?.toISOString() ?? null,
    lastAt: row.last_at.toISOString(),
    count: Number(row.count),
    parameters: row.parameters,
    evidence: row.evidence,
    techniques: techniquesOf(row),
    permitId: row.permit_id,
    muteId: row.mute_id,
    decided:
      row.decided_by === null || row.decided_at === null
        ? null
        : { by: row.decided_by, at: row.decided_at.toISOString(), reason: row.decided_reason ?? "" },
  }));
}

/** The exact technique where the finding names one. */
function techniquesOf({ kind, parameters }: Row): string[] {
  const exact = parameters["technique"];
  return typeof exact === "string" ? [exact] : [...(findingKinds[kind]?.techniques ?? [])];
}

export const noTally = (): Tally => ({ info: 0, notice: 0, bad: 0, critical: 0 });

/** Open findings by severity, of a site or of all. */
export async function tallyOf(tx: Tx, organisation: OrganisationId, site: Uuid | undefined): Promise<Tally> {
  const { rows } = await sql<{ severity: keyof Tally; count: number }>`select severity, count(*)::int as count
    from ot.finding where organisation_id = ${organisation} and state = 'open'
      and (${site ?? null}::uuid is null or site_id = ${site ?? null}::uuid) group by 1`.execute(tx);
  const tally = noTally();
  for (const { severity, count } of rows) tally[severity] = count;
  return tally;
}
