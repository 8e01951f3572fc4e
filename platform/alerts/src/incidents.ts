/** Incidents as people see them, and what they do with them. */
import { sql, type RawBuilder } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import type { Language } from "@yagura/core/errors.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { AuditRecord, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { entriesOf, note } from "./entries.ts";
import { raise } from "./errors.ts";
import {
  severities,
  type Incident,
  type IncidentCounts,
  type IncidentDetail,
  type IncidentFinding,
  type IncidentQuery,
} from "./shapes.ts";
import { fill, kindOf, sentences, type Kinds, type Parameters } from "./text.ts";

export interface IncidentRow {
  readonly id: Uuid;
  readonly organisation: OrganisationId;
  readonly organisation_name: string;
  readonly number: number;
  readonly service: string;
  readonly group_key: string;
  readonly kind: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly parameters: Parameters;
  readonly severity: number;
  readonly state: Incident["state"];
  readonly findings: number;
  readonly opened_at: Date;
  readonly last_at: Date;
  readonly ended_at: Date | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly assignee: string | null;
  readonly closed_at: Date | null;
  readonly closed_by: string | null;
  readonly close_reason: Incident["closeReason"];
  readonly step: number;
}
const columns = sql`i.*, i.organisation_id as organisation, o.name as organisation_name`;
const from = sql`alerts.incident i join server.organisation o on o.id = i.organisation_id`;

export const showIncident = (row: IncidentRow, kinds: Kinds, language: Language): Incident => ({
  id: row.id,
  organisation: row.organisation,
  organisationName: row.organisation_name,
  number: row.number,
  service: row.service,
  kind: row.kind,
  subject: { kind: row.subject_kind, id: row.subject_id },
  group: row.group_key,
  severity: severities[row.severity] ?? "notice",
  state: row.state,
  title: fill(kindOf(kinds, row.kind).title[language], row.parameters),
  parameters: row.parameters,
  findings: row.findings,
  openedAt: row.opened_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  assignee: row.assignee,
  acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
  acknowledgedBy: row.acknowledged_by,
  closedAt: row.closed_at?.toISOString() ?? null,
  closedBy: row.closed_by,
  closeReason: row.close_reason,
});

function conditions(query: IncidentQuery, organisation: OrganisationId | null): RawBuilder<unknown> {
  const [subjectKind = "", ...subjectId] = (query.subject ?? "").split(":");
  const all = [
    organisation === null ? null : sql`i.organisation_id = ${organisation}`,
    query.state === undefined
      ? null
      : query.state === "active"
        ? sql`i.state <> 'closed'`
        : sql`i.state = ${query.state}`,
    query.severity === undefined ? null : sql`i.severity >= ${severities.indexOf(query.severity)}`,
    query.service === undefined ? null : sql`i.service = ${query.service}`,
    query.kind === undefined
      ? null
      : sql`exists (select from alerts.finding f where f.incident_id = i.id and f.kind = ${query.kind})`,
    query.subject === undefined
      ? null
      : sql`exists (select from alerts.finding f where f.incident_id = i.id and f.subject_kind = ${subjectKind}
          and f.subject_id = ${subjectId.join(":")})`,
    query.from === undefined ? null : sql`i.last_at >= ${query.from}::date at time zone 'Asia/Tokyo'`,
    query.until === undefined ? null : sql`i.opened_at < (${query.until}::date + 1) at time zone 'Asia/Tokyo'`,
  ].filter((condition) => condition !== null);
  return all.length === 0 ? sql`true` : sql.join(all, sql` and `);
}

/** Worst and newest of what is not closed first, then what is closed. `organisation` null: all of them, for the provider. */
export async function listIncidents(
  tx: Tx,
  organisation: OrganisationId | null,
  query: IncidentQuery,
): Promise<{ readonly rows: IncidentRow[]; readonly total: number; readonly next: string | null }> {
  const limit = query.limit ?? 100;
  const offset = Number(query.cursor ?? 0);
  const where = conditions(query, organisation);
  const { rows } = await sql<IncidentRow>`select ${columns} from ${from} where ${where}
    order by (i.state = 'closed'), (case when i.state = 'closed' then 0 else i.severity end) desc, i.last_at desc, i.id desc
    limit ${limit + 1} offset ${offset}`.execute(tx);
  const counted = await sql<{ n: number }>`select count(*)::int as n from ${from} where ${where}`.execute(tx);
  return {
    rows: rows.slice(0, limit),
    total: counted.rows[0]?.n ?? 0,
    next: rows.length > limit ? String(offset + limit) : null,
  };
}

export async function countIncidents(
  tx: Tx,
  organisation: OrganisationId | null,
  service?: string,
): Promise<IncidentCounts> {
  const { rows } = await sql<{ severity: number; n: number; open: number }>`select severity, count(*)::int as n,
      (count(*) filter (where state = 'open'))::int as open
    from alerts.incident where state <> 'closed' and (${organisation}::uuid is null or organisation_id = ${organisation})
      and (${service ?? null}::text is null or service = ${service ?? null})
    group by severity`.execute(tx);
  const of = (severity: number): number => rows.find((row) => row.severity === severity)?.n ?? 0;
  return {
    info: of(0),
    notice: of(1),
    bad: of(2),
    critical: of(3),
    open: rows.reduce((sum, { open }) => sum + open, 0),
  };
}

/** NOT_FOUND. `lock`: it will be changed. */
export async function incidentOf(tx: Tx, organisation: OrganisationId, id: Uuid, lock = false): Promise<IncidentRow> {
  const { rows } = await sql<IncidentRow>`select ${columns} from ${from}
    where i.id = ${id} and i.organisation_id = ${organisation} ${lock ? sql`for update of i` : sql``}`.execute(tx);
  if (rows[0] === undefined) throw raiseServer("NOT_FOUND");
  return rows[0];
}

interface FindingRow {
  readonly id: Uuid;
  readonly dedupe_key: string;
  readonly kind: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly severity: number;
  readonly confidence: number;
  readonly parameters: Parameters;
  readonly evidence: IncidentFinding["evidence"];
  readonly since: Date;
  readonly until: Date | null;
  readonly last_at: Date;
  readonly times: number;
}
const MOST_SHOWN = 100;
/** Links lead to pages of ours: what a service took over from elsewhere may be `javascript:` or another site. */
const linked = ({ href, ...rest }: IncidentFinding["evidence"][number]): IncidentFinding["evidence"][number] =>
  href !== undefined && /^\/(?![/\\])/.test(href) ? { ...rest, href } : rest;

export async function incidentDetail(
  tx: Tx,
  row: IncidentRow,
  kinds: Kinds,
  language: Language,
): Promise<IncidentDetail> {
  const { rows } = await sql<FindingRow>`select * from alerts.finding where incident_id = ${row.id}
    order by severity desc, since, id limit ${MOST_SHOWN}`.execute(tx);
  return {
    ...showIncident(row, kinds, language),
    worst: rows.map((finding) => {
      const { techniques, ...said } = sentences(kinds, finding.kind, finding.parameters, language);
      return {
        id: finding.id,
        key: finding.dedupe_key,
        kind: finding.kind,
        subject: { kind: finding.subject_kind, id: finding.subject_id },
        severity: severities[finding.severity] ?? "notice",
        confidence: finding.confidence,
        ...said,
        parameters: finding.parameters,
        techniques: [...techniques],
        evidence: finding.evidence.map(linked),
        since: finding.since.toISOString(),
        until: finding.until?.toISOString() ?? null,
        lastAt: finding.last_at.toISOString(),
        times: finding.times,
      };
    }),
    entries: await entriesOf(tx, row.id),
  };
}

/** What a verb needs of its request. */
export interface Doing {
  readonly tx: Tx;
  readonly organisation: OrganisationId;
  readonly now: Date;
  /** Name of the person or token. */
  readonly by: string;
  readonly audit: (entry: AuditRecord) => Promise<void>;
  readonly platform: Platform;
}

async function noted(
  { tx, organisation, now, by, audit, platform }: Doing,
  row: IncidentRow,
  kind: "acknowledged" | "assigned" | "note" | "closed" | "reopened",
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await note(tx, { organisation, incident: row.id, at: now, kind, by, detail });
  // Notes are people's own words; the audit log says that there was one.
  const { note: words, ...rest } = detail;
  await audit({
    action: `incident.${kind}`,
    subject: row.id,
    details: { number: row.number, ...rest, ...(words === undefined ? {} : { note: true }) },
  });
  await platform.live.publish(tx, organisation, { topic: "alerts", data: { incident: row.id } });
}
const stillOpen = (row: IncidentRow): void => {
  if (row.state === "closed") throw raise("INCIDENT_CLOSED", { number: row.number });
};
const said = (words: string | undefined): Readonly<Record<string, unknown>> =>
  words === undefined ? {} : { note: words };

/** Somebody looks after it: the escalation ends. Again by another person: the first stays. */
export async function acknowledge(doing: Doing, row: IncidentRow, words: string | undefined): Promise<void> {
  stillOpen(row);
  if (row.state === "acknowledged" && words === undefined) return;
  await sql`update alerts.incident set state = 'acknowledged', acknowledged_at = coalesce(acknowledged_at, ${doing.now}),
    acknowledged_by = coalesce(acknowledged_by, ${doing.by}), escalate_at = null where id = ${row.id}`.execute(
    doing.tx,
  );
  await noted(doing, row, "acknowledged", said(words));
}

/** To oneself (staff of the provider too), to a member of the organisation, or to nobody. ASSIGNEE_UNKNOWN. */
export async function assign(doing: Doing, row: IncidentRow, to: Uuid | "me" | null): Promise<void> {
  stillOpen(row);
  const name = to === null ? null : to === "me" ? doing.by : await memberName(doing, to);
  await sql`update alerts.incident set assignee = ${name} where id = ${row.id}`.execute(doing.tx);
  await noted(doing, row, "assigned", { to: name });
}
async function memberName({ tx, organisation }: Doing, member: Uuid): Promise<string> {
  const { rows } = await sql<{ name: string }>`select name from server.membership
    where id = ${member} and organisation_id = ${organisation} and revoked_at is null`.execute(tx);
  const name = rows[0]?.name;
  if (name === undefined) throw raise("ASSIGNEE_UNKNOWN");
  return name;
}

export async function addNote(doing: Doing, row: IncidentRow, words: string): Promise<void> {
  await noted(doing, row, "note", { note: words });
}

export async function close(
  doing: Doing,
  row: IncidentRow,
  reason: NonNullable<Incident["closeReason"]>,
  words: string | undefined,
): Promise<void> {
  stillOpen(row);
  await sql`update alerts.incident set state = 'closed', closed_at = ${doing.now}, closed_by = ${doing.by},
    close_reason = ${reason}, escalate_at = null where id = ${row.id}`.execute(doing.tx);
  await noted(doing, row, "closed", { reason, ...said(words) });
}

export async function reopen(doing: Doing, row: IncidentRow): Promise<void> {
  if (row.state !== "closed") throw raise("INCIDENT_NOT_CLOSED", { number: row.number });
  const { rows } = await sql<{ number: number }>`select number from alerts.incident
    where organisation_id = ${doing.organisation} and service = ${row.service} and group_key = ${row.group_key}
      and state <> 'closed'`.execute(doing.tx);
  if (rows[0] !== undefined) throw raise("INCIDENT_BACK", { number: row.number, other: rows[0].number });
  await sql`update alerts.incident set state = 'acknowledged', closed_at = null, closed_by = null, close_reason = null,
    acknowledged_at = coalesce(acknowledged_at, ${doing.now}), acknowledged_by = coalesce(acknowledged_by, ${doing.by})
    where id = ${row.id}`.execute(doing.tx);
  await noted(doing, row, "reopened", {});
}
