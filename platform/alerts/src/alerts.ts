/**
 * The door of alerts: findings come in, incidents come of them. One incident gathers what has one cause; it is told when it
 * opens, when it becomes worse, when nobody takes it, and when its cause is over. Everything happens in the caller's
 * transaction: findings that are rolled back were never told.
 */
import { sql } from "kysely";
import type { Finding } from "@yagura/core/finding.ts";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { note } from "./entries.ts";
import { firstStep, tell } from "./notify.ts";
import { severities } from "./shapes.ts";

/** Ends of one incident that are told: a cause that comes and goes all day is one that lasts. */
const MOST_ENDS = 20;
/** Findings of one incident that are kept one by one; more are counted. */
const MOST_FINDINGS = 200;

export const rankOf = (severity: Finding["severity"]): number => severities.indexOf(severity);
const groupOf = (finding: Finding): string => finding.group ?? finding.dedupeKey;
const serviceOf = (finding: Finding): string => finding.kind.split(".")[0] as string;

/** What is needed of the platform. */
export type AlertsPlatform = Pick<Platform, "clock" | "jobs" | "live">;

interface IncidentRow {
  readonly id: Uuid;
  readonly severity: number;
  readonly ended_at: Date | null;
  readonly findings: number;
}

/** Takes findings of any service. The same finding may come as often as it likes; its dedupe key tells. */
export async function takeFindings(tx: Tx, platform: AlertsPlatform, findings: readonly Finding[]): Promise<void> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.organisation}|${serviceOf(finding)}|${groupOf(finding)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const organisations = new Set(findings.map(({ organisation }) => organisation));
  // One at a time of an organisation: two batches that tell of one cause must not open two incidents. In order, so that two
  // transactions never wait for each other.
  for (const organisation of [...organisations].sort())
    await sql`select pg_advisory_xact_lock(hashtextextended(${`alerts ${organisation}`}, 0))`.execute(tx);
  for (const group of groups.values()) await takeGroup(tx, platform, group);
  for (const organisation of organisations)
    await platform.live.publish(tx, organisation, { topic: "alerts", data: {} });
}

async function takeGroup(tx: Tx, platform: AlertsPlatform, group: readonly Finding[]): Promise<void> {
  const first = group[0] as Finding;
  const now = new Date(platform.clock.now());
  const { rows } = await sql<IncidentRow>`select id, severity, ended_at, findings from alerts.incident
    where organisation_id = ${first.organisation} and service = ${serviceOf(first)} and group_key = ${groupOf(first)}
      and state <> 'closed' for update`.execute(tx);
  const known = rows[0];
  if (known === undefined) {
    // What is over before it was ever told is a matter for its service's own history.
    const lasting = group.filter(({ until, severity }) => until === undefined || rankOf(severity) >= rankOf("bad"));
    if (lasting.length > 0) await open(tx, platform, lasting, now);
    return;
  }
  const fresh = await keep(tx, known.id, group, now, MOST_FINDINGS - known.findings);
  await goOn(tx, platform, known, group, { fresh, now });
}

const worstOf = (group: readonly Finding[]): Finding =>
  group.reduce((worst, finding) => (rankOf(finding.severity) > rankOf(worst.severity) ? finding : worst));

async function open(tx: Tx, platform: AlertsPlatform, group: readonly Finding[], now: Date): Promise<void> {
  const worst = worstOf(group);
  const { organisation } = worst;
  const id = newId();
  const ended = group.every(({ until }) => until !== undefined);
  await sql`insert into alerts.incident (id, organisation_id, number, service, group_key, kind, subject_kind, subject_id,
      parameters, severity, state, findings, opened_at, last_at, ended_at)
    select ${id}, ${organisation}, coalesce(max(number), 0) + 1, ${serviceOf(worst)}, ${groupOf(worst)}, ${worst.kind},
      ${worst.subject.kind}, ${worst.subject.id}, ${JSON.stringify(worst.parameters)}::jsonb, ${rankOf(worst.severity)},
      'open', 0, ${now}, ${now}, ${ended ? now : null}
    from alerts.incident where organisation_id = ${organisation}`.execute(tx);
  await keep(tx, id, group, now, MOST_FINDINGS);
  await note(tx, { organisation, incident: id, at: now, kind: "opened", by: "system", detail: { kind: worst.kind } });
  await firstStep(tx, platform, { organisation, incident: id, severity: rankOf(worst.severity), now });
}

/** Writes findings; gives those that are new to the incident. */
async function keep(tx: Tx, incident: Uuid, group: readonly Finding[], now: Date, room: number): Promise<Finding[]> {
  const fresh: Finding[] = [];
  for (const finding of group) {
    const until = finding.until === undefined ? null : new Date(finding.until);
    const known = await sql`update alerts.finding set times = times + 1, last_at = ${now}, until = ${until},
        severity = greatest(severity, ${rankOf(finding.severity)}::smallint), confidence = ${finding.confidence},
        parameters = ${JSON.stringify(finding.parameters)}::jsonb, evidence = ${JSON.stringify(finding.evidence)}::jsonb
      where incident_id = ${incident} and dedupe_key = ${finding.dedupeKey} returning id`.execute(tx);
    if (known.rows.length > 0) continue;
    fresh.push(finding);
    if (fresh.length > room) continue;
    await sql`insert into alerts.finding (id, organisation_id, incident_id, dedupe_key, kind, subject_kind, subject_id,
        severity, confidence, parameters, evidence, since, until, last_at, times)
      values (${newId()}, ${finding.organisation}, ${incident}, ${finding.dedupeKey}, ${finding.kind},
        ${finding.subject.kind}, ${finding.subject.id}, ${rankOf(finding.severity)}, ${finding.confidence},
        ${JSON.stringify(finding.parameters)}::jsonb, ${JSON.stringify(finding.evidence)}::jsonb,
        ${new Date(finding.since)}, ${until}, ${now}, 1)`.execute(tx);
  }
  await sql`update alerts.incident set findings = findings + ${fresh.length}, last_at = ${now} where id = ${incident}`.execute(
    tx,
  );
  return fresh;
}

/** What a known incident becomes: worse, over, or back again. */
async function goOn(
  tx: Tx,
  platform: AlertsPlatform,
  known: IncidentRow,
  group: readonly Finding[],
  { fresh, now }: { readonly fresh: readonly Finding[]; readonly now: Date },
): Promise<void> {
  const worst = worstOf(group);
  const { organisation } = worst;
  const rank = rankOf(worst.severity);
  const incident = known.id;
  if (fresh.length > 0 && known.findings < MOST_FINDINGS)
    await note(tx, {
      organisation,
      incident,
      at: now,
      kind: "finding",
      by: "system",
      detail: { kinds: [...new Set(fresh.map(({ kind }) => kind))].slice(0, 10), count: fresh.length },
    });
  if (rank > known.severity) {
    await sql`update alerts.incident set severity = ${rank}, kind = ${worst.kind}, subject_kind = ${worst.subject.kind},
      subject_id = ${worst.subject.id}, parameters = ${JSON.stringify(worst.parameters)}::jsonb where id = ${incident}`.execute(
      tx,
    );
    await note(tx, {
      organisation,
      incident,
      at: now,
      kind: "worse",
      by: "system",
      detail: { severity: worst.severity },
    });
    await tell(tx, platform, { organisation, incident, severity: rank, now, occasion: "worse" });
  }
  const lasting =
    await sql`select 1 from alerts.finding where incident_id = ${incident} and until is null limit 1`.execute(tx);
  const over = lasting.rows.length === 0;
  if (over === (known.ended_at !== null)) return;
  await sql`update alerts.incident set ended_at = ${over ? now : null} where id = ${incident}`.execute(tx);
  if (!over) return;
  const ends = await sql<{ n: number }>`select count(*)::int as n from alerts.entry
    where incident_id = ${incident} and kind = 'ended'`.execute(tx);
  if ((ends.rows[0]?.n ?? 0) >= MOST_ENDS) return;
  await note(tx, { organisation, incident, at: now, kind: "ended", by: "system", detail: {} });
  await tell(tx, platform, {
    organisation,
    incident,
    severity: Math.max(rank, known.severity),
    now,
    occasion: "ended",
  });
}

/**
 * Findings of a service that are not over, in incidents that are not closed: a service that looks now and then ends by these what
 * it does not find any more.
 */
export async function openFindings(tx: Tx, organisation: OrganisationId, service: string): Promise<Finding[]> {
  const { rows } =
    await sql<OpenRow>`select f.kind, f.subject_kind, f.subject_id, f.dedupe_key, f.severity, f.confidence,
      f.parameters, f.evidence, f.since, i.group_key
    from alerts.finding f join alerts.incident i on i.id = f.incident_id
    where i.organisation_id = ${organisation} and i.service = ${service} and i.state <> 'closed' and f.until is null
    order by f.id`.execute(tx);
  return rows.map((row) => ({
    kind: row.kind,
    subject: { kind: row.subject_kind, id: row.subject_id },
    organisation,
    dedupeKey: row.dedupe_key,
    group: row.group_key,
    since: row.since.getTime(),
    severity: severities[row.severity] ?? "notice",
    confidence: row.confidence,
    parameters: row.parameters,
    evidence: row.evidence,
  }));
}

/** Organisations with incidents of a service that are not closed. For the platform's jobs. */
export async function troubledOrganisations(tx: Tx, service: string): Promise<OrganisationId[]> {
  const { rows } = await sql<{ id: OrganisationId }>`select distinct organisation_id as id from alerts.incident
    where service = ${service} and state <> 'closed'`.execute(tx);
  return rows.map(({ id }) => id);
}

interface OpenRow {
  readonly kind: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly dedupe_key: string;
  readonly severity: number;
  readonly confidence: number;
  readonly parameters: Finding["parameters"];
  readonly evidence: Finding["evidence"];
  readonly since: Date;
  readonly group_key: string;
}
