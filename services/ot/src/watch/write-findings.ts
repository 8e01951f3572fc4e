/** Findings as they come: the same trouble seen again is one row; what a permit or a mute covered is kept for its report. */
import { sql } from "kysely";
import type { Finding } from "@yagura/core/finding.ts";
import { isUuid, newId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Logged } from "../analysis/detect/types.ts";
import type { Memory } from "./memory.ts";

type State = "open" | "ended" | "muted" | "expected";
type Place = Pick<Memory, "organisation" | "site">;

/** Devices that a finding names, the one that it is about first. */
export const assetsOf = (finding: Finding): Uuid[] => {
  const peer = finding.parameters["peerId"];
  return [...new Set([finding.subject.id, typeof peer === "string" ? peer : ""])].filter(isUuid);
};

/** Stores what was found at `at` (ms) and gives the ids of those that are new. */
export async function writeFindings(
  tx: Tx,
  place: Place,
  at: number,
  { findings, logged }: { readonly findings: readonly Finding[]; readonly logged: readonly Logged[] },
): Promise<Uuid[]> {
  const fresh: Uuid[] = [];
  for (const finding of findings) {
    const id = await store(tx, place, { at, finding, state: finding.until === undefined ? "open" : "ended" });
    if (id !== null) fresh.push(id);
  }
  for (const { finding, because, id } of logged) {
    if (because === "permit") await store(tx, place, { at, finding, state: "expected", permit: id });
    else if (because === "mute") {
      await store(tx, place, { at, finding, state: "muted", mute: id });
      await hit(tx, "ot.mute", id, at);
    } else if (because === "allow") await hit(tx, "ot.allow_rule", id, at);
  }
  return fresh;
}

const hit = async (tx: Tx, table: string, id: Uuid, at: number): Promise<void> => {
  await sql`update ${sql.table(table)} set hits = hits + 1, last_hit_at = ${new Date(at)} where id = ${id}`.execute(tx);
};

interface Storing {
  readonly at: number;
  readonly finding: Finding;
  readonly state: State;
  readonly permit?: Uuid;
  readonly mute?: Uuid;
}

/** Gives the id of a finding that was not there. */
async function store(tx: Tx, place: Place, { at, finding, state, permit, mute }: Storing): Promise<Uuid | null> {
  const [since, last] = [new Date(finding.since), new Date(at)];
  const until = finding.until === undefined ? null : new Date(finding.until);
  const [parameters, evidence] = [JSON.stringify(finding.parameters), JSON.stringify(finding.evidence)];
  const again = await sql<{
    id: Uuid;
  }>`update ot.finding set last_at = greatest(last_at, ${last}::timestamptz), count = count + 1,
      severity = ${finding.severity}, confidence = ${finding.confidence}, parameters = ${parameters}::jsonb,
      evidence = ${evidence}::jsonb, until_at = ${until}, state = ${state}
    where site_id = ${place.site} and dedupe_key = ${finding.dedupeKey} and state = ${state === "ended" ? "open" : state}
    returning id`.execute(tx);
  if (again.rows.length > 0) return null;
  const id = newId();
  await sql`insert into ot.finding (id, organisation_id, site_id, kind, severity, confidence, state, subject_kind, subject_id,
      dedupe_key, group_key, since, until_at, last_at, count, parameters, evidence, asset_ids, permit_id, mute_id)
    values (${id}, ${place.organisation}, ${place.site}, ${finding.kind}, ${finding.severity}, ${finding.confidence}, ${state},
      ${finding.subject.kind}, ${finding.subject.id}, ${finding.dedupeKey}, ${finding.group ?? null}, ${since}, ${until},
      ${last}, 1, ${parameters}::jsonb, ${evidence}::jsonb, ${assetsOf(finding)}::uuid[], ${permit ?? null},
      ${mute ?? null})`.execute(tx);
  return id;
}
