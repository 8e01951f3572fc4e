/** What people decide about findings: normal from now on, muted for a while, dealt with. */
import { sql } from "kysely";
import type { Finding } from "@yagura/core/finding.ts";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { approve, keysToApprove } from "./analysis/detect/approve.ts";
import { raise } from "./errors.ts";
import { tellAlerts } from "./watch/alerts.ts";
import { needBaselines, needLearned, present } from "./watch/memory.ts";
import { MAX_MUTES, needRoom } from "./room.ts";
import { siteChanged, watchOf } from "./watch/watch.ts";
import { writeBaselines, writeLearned } from "./watch/write-learned.ts";
import type { AuditRecord } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { announce, byOf, type Work } from "./work.ts";

interface Row {
  readonly id: Uuid;
  readonly site_id: Uuid;
  readonly kind: string;
  readonly severity: Finding["severity"];
  readonly confidence: number;
  readonly state: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly dedupe_key: string;
  readonly group_key: string | null;
  readonly evidence: Finding["evidence"];
  readonly since: Date;
  readonly parameters: Record<string, string | number>;
  readonly asset_ids: Uuid[];
}

/** The finding while it is open or was muted. NOT_FOUND, FINDING_DECIDED. */
async function undecided(work: Pick<Work, "tx" | "organisation">, id: Uuid): Promise<Row> {
  const { rows } =
    await sql<Row>`select id, site_id, kind, severity, confidence, state, subject_kind, subject_id, dedupe_key,
      group_key, evidence, since, parameters, asset_ids
    from ot.finding where organisation_id = ${work.organisation} and id = ${id} for update`.execute(work.tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  if (row.state === "learned" || row.state === "closed") throw raise("FINDING_DECIDED", { state: row.state });
  return row;
}

async function decide(work: Work, row: Row, state: "learned" | "closed" | "muted", reason: string): Promise<void> {
  await sql`update ot.finding set state = ${state}, decided_by = ${byOf(work)}, decided_at = ${work.now},
      decided_reason = ${reason} where id = ${row.id}`.execute(work.tx);
  // Its part of the incident is over.
  if (row.state === "open")
    await tellAlerts(work.tx, work.platform, [{ ...findingOf(row, work.organisation), until: work.now.getTime() }]);
  const details = { kind: row.kind, subject: row.subject_id, reason };
  await work.audit({ action: `ot-finding.${state}`, subject: row.id, details });
  const news = { topic: "ot.findings", data: { site: row.site_id, ids: [row.id] } };
  await work.platform.live.publish(work.tx, work.organisation, news);
}

const findingOf = (row: Row, organisation: string): Finding => ({
  kind: row.kind,
  subject: { kind: row.subject_kind, id: row.subject_id },
  organisation,
  dedupeKey: row.dedupe_key,
  ...(row.group_key === null ? {} : { group: row.group_key }),
  since: row.since.getTime(),
  severity: row.severity,
  confidence: row.confidence,
  parameters: row.parameters,
  evidence: row.evidence,
});

/** Work whose transaction the watch opens. */
export interface OuterWork extends Omit<Work, "tx" | "audit"> {
  readonly auditIn: (tx: Tx, entry: AuditRecord) => Promise<void>;
}

/**
 * This is normal: what the finding was told for is learned, under the lock of the site, so that no batch writes over it.
 * NOT_FOUND, FINDING_DECIDED.
 */
export async function approveFinding(work: OuterWork, id: Uuid, reason: string): Promise<void> {
  const { organisation, platform } = work;
  const found = await platform.store.organisation(organisation, (tx) => undecided({ tx, organisation }, id));
  await watchOf(platform).within({ organisation, site: found.site_id }, async (tx, memory) => {
    const row = await undecided({ tx, organisation }, id);
    const finding = findingOf(row, organisation);
    const keys = keysToApprove(finding);
    await needLearned(tx, memory, keys.learned);
    await needBaselines(tx, memory, keys.baselines);
    const stored = { learned: present(memory.learned), baselines: present(memory.baselines) };
    const { learned, baselines } = approve(finding, stored);
    // Written whatever the time: what a person says does not wait.
    for (const { key } of learned) memory.written.delete(`learned ${key}`);
    for (const { key } of baselines) memory.written.delete(`baseline ${key}`);
    const writing = { tx, memory, now: work.now };
    await writeLearned(writing, learned);
    await writeBaselines(writing, work.now.getTime(), baselines);
    const inside: Work = { ...work, tx, audit: (entry) => work.auditIn(tx, entry) };
    await decide(inside, row, "learned", reason);
  });
}

/** Dealt with: it comes again when it is seen again. NOT_FOUND, FINDING_DECIDED. */
export async function closeFinding(work: Work, id: Uuid, reason: string): Promise<void> {
  await decide(work, await undecided(work, id), "closed", reason);
}

/** Longest mute, days. */
export const MUTE_DAYS = 366;

/** MUTE_UNTIL. */
export function checkUntil(until: string, now: Date): Date {
  const at = new Date(until);
  if (!(at > now) || at.getTime() - now.getTime() > MUTE_DAYS * 86_400_000)
    throw raise("MUTE_UNTIL", { until, limit: MUTE_DAYS });
  return at;
}

export interface NewMute {
  readonly site: Uuid;
  readonly kind: string | null;
  readonly asset: Uuid | null;
  readonly dedupeKey: string | null;
  readonly reason: string;
  readonly until: string;
}
/** MUTE_UNTIL, MUTES_FULL. */
export async function createMute(work: Work, input: NewMute): Promise<Uuid> {
  const until = checkUntil(input.until, work.now);
  const active = sql`ended_at is null and until_at > ${work.now}`;
  await needRoom(work, { table: "ot.mute", site: input.site, of: active, limit: MAX_MUTES, full: "MUTES_FULL" });
  const id = newId();
  await sql`insert into ot.mute (id, organisation_id, site_id, kind, asset_id, dedupe_key, reason, until_at, created_at, created_by)
    values (${id}, ${work.organisation}, ${input.site}, ${input.kind}, ${input.asset}, ${input.dedupeKey}, ${input.reason},
      ${until}, ${work.now}, ${byOf(work)})`.execute(work.tx);
  await siteChanged(work.tx, work.organisation, input.site);
  await work.audit({ action: "ot-mute.create", subject: id, details: { ...input } });
  await announce(work, "mute", id);
  return id;
}

/** Mutes what a finding tells of. NOT_FOUND, FINDING_DECIDED, MUTE_UNTIL, MUTES_FULL. */
export async function muteFinding(
  work: Work,
  id: Uuid,
  input: { reason: string; until: string; scope: "same" | "asset" | "kind" },
): Promise<Uuid> {
  const row = await undecided(work, id);
  const mute = await createMute(work, {
    site: row.site_id,
    kind: row.kind,
    asset: input.scope === "asset" ? (row.asset_ids[0] ?? null) : null,
    dedupeKey: input.scope === "same" ? row.dedupe_key : null,
    reason: input.reason,
    until: input.until,
  });
  // One that was muted before makes room: of each trouble one row is muted.
  await sql`update ot.finding set state = 'closed' where site_id = ${row.site_id} and dedupe_key = ${row.dedupe_key}
    and state = 'muted' and id <> ${id}`.execute(work.tx);
  await sql`update ot.finding set mute_id = ${mute} where id = ${id}`.execute(work.tx);
  await decide(work, row, "muted", input.reason);
  return mute;
}

/** Ends a mute before its end. NOT_FOUND. */
export async function endMute(work: Work, id: Uuid): Promise<void> {
  const { rows } = await sql<{
    site: Uuid;
    reason: string;
  }>`update ot.mute set ended_at = coalesce(ended_at, ${work.now})
    where organisation_id = ${work.organisation} and id = ${id} returning site_id as site, reason`.execute(work.tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  await siteChanged(work.tx, work.organisation, row.site);
  await work.audit({ action: "ot-mute.end", subject: id, details: { reason: row.reason } });
  await announce(work, "mute", id);
}
