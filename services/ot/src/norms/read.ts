/** What others do, asked for a finding and for a device (OT-N9). Rows are seen by organisations that give (migration 0003). */
import { sql } from "kysely";
import type { OrganisationId, Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { Tx } from "@yagura/store/store.ts";
import { functionOf, protocolName } from "../analysis/observe.ts";
import type { Asset } from "../analysis/model.ts";
import { questionsOf, type Question } from "../analysis/norms/questions.ts";
import { habitKey, habitOf, verdictOf, type Habit } from "../analysis/norms/sums.ts";
import { subjectLevels, subjectsOf } from "../analysis/norms/subjects.ts";
import { assetRefs } from "../store/asset-list.ts";
import type { AssetNorms, FindingNorms, NormAnswer, NormFigures, NormSubject } from "../wire/api-norms.ts";
import { commandClasses } from "../wire/vocabulary.ts";
import { readSums } from "./membership.ts";

interface Standing {
  readonly state: FindingNorms["state"];
  readonly sums: FindingNorms["sums"];
}
async function standingOf(tx: Tx, organisation: OrganisationId): Promise<Standing> {
  const { rows } = await sql<{ counted: number | null }>`select counted_sites as counted from ot.norm_member
    where organisation_id = ${organisation}`.execute(tx);
  const [row] = rows;
  if (row === undefined) return { state: "off", sums: null };
  const sums = await readSums(tx);
  return (row.counted ?? 0) === 0 || sums === null ? { state: "waiting", sums } : { state: "told", sums };
}

interface Found {
  readonly id: number;
  readonly subject: NormSubject;
}
/** The most telling subject of a device that enough others have. */
async function subjectOf(tx: Tx, document: Omit<Asset, "id">): Promise<Found | null> {
  const asked = subjectsOf(document);
  if (asked.length === 0) return null;
  const { rows } = await sql<{
    id: number;
    level: NormSubject["level"];
    vendor: string;
    name: string;
    organisations: number;
    sites: number;
  }>`select s.id, s.level, s.vendor, s.name, s.organisations, s.sites from ot.norm_subject s
    join jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as x (level text, vendor text, name text)
      on x.level = s.level and x.vendor = s.vendor and x.name = s.name
    order by array_position(${[...subjectLevels]}::text[], s.level), s.name`.execute(tx);
  const [row] = rows;
  if (row === undefined) return null;
  const { id, level, vendor, name, organisations, sites } = row;
  return { id, subject: { level, vendor, name, of: { organisations, sites } } };
}

/** What is done by devices like it, by `habitKey`. */
async function normsOf(tx: Tx, subject: number): Promise<Map<string, NormFigures>> {
  const { rows } = await sql<Omit<Habit, "code"> & NormFigures & { code: string }>`select kind, protocol, code,
      organisations, sites from ot.norm where subject_id = ${subject}`.execute(tx);
  return new Map(
    rows.map(({ organisations, sites, code, ...habit }) => [
      habitKey({ ...habit, code: Number(code) }),
      { organisations, sites },
    ]),
  );
}

interface AssetRow {
  readonly id: Uuid;
  readonly document: Omit<Asset, "id">;
}
/** The device, or what it was joined into. */
async function assetRow(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<AssetRow | null> {
  const { rows } = await sql<AssetRow>`select b.id, b.document from ot.asset a
    join ot.asset b on b.id = coalesce(a.merged_into, a.id)
    where a.organisation_id = ${organisation} and a.id = ${id}`.execute(tx);
  return rows[0] ?? null;
}

const viewOf = ({ kind, protocol, code }: Habit): NormAnswer["habit"] => {
  const named = protocolName(protocol);
  const done = kind === "function" ? functionOf(named, code) : null;
  const of = kind === "class" ? (commandClasses[code] ?? null) : (done?.class ?? null);
  return { kind, protocol: named, name: done?.name ?? null, class: of };
};

async function answer(tx: Tx, organisation: OrganisationId, question: Question): Promise<NormAnswer | null> {
  const asset = await assetRow(tx, organisation, question.asset);
  const ref = (await assetRefs(tx, organisation, asset === null ? [] : [asset.id])).get(asset?.id ?? "");
  if (asset === null || ref === undefined) return null;
  const habit = question.habit === null ? null : viewOf(question.habit);
  const found = await subjectOf(tx, asset.document);
  if (found === null) return { asset: ref, subject: null, habit, seen: null, verdict: null };
  const { id, subject } = found;
  const seen = question.habit === null ? subject.of : ((await normsOf(tx, id)).get(habitKey(question.habit)) ?? null);
  return { asset: ref, subject, habit, seen, verdict: verdictOf(subject.of, seen) };
}

/** NOT_FOUND. */
export async function findingNorms(tx: Tx, organisation: OrganisationId, finding: Uuid): Promise<FindingNorms> {
  const { rows } = await sql<{ key: string }>`select dedupe_key as key from ot.finding
    where organisation_id = ${organisation} and id = ${finding}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  const questions = questionsOf(row.key);
  const standing = await standingOf(tx, organisation);
  if (questions.length === 0) return { state: "unasked", sums: null, answers: [] };
  if (standing.state !== "told") return { ...standing, answers: [] };
  const answers: NormAnswer[] = [];
  for (const question of questions) {
    const one = await answer(tx, organisation, question);
    if (one !== null) answers.push(one);
  }
  return answers.length === 0 ? { state: "unasked", sums: null, answers } : { ...standing, answers };
}

/** NOT_FOUND. */
export async function assetNorms(tx: Tx, organisation: OrganisationId, id: Uuid): Promise<AssetNorms> {
  const asset = await assetRow(tx, organisation, id);
  if (asset === null) throw raiseServer("NOT_FOUND");
  const standing = await standingOf(tx, organisation);
  const found = standing.state === "told" ? await subjectOf(tx, asset.document) : null;
  const norms =
    found === null ? [] : [...(await normsOf(tx, found.id))].map(([key, seen]) => ({ ...habitOf(key), seen }));
  const of = (kind: Habit["kind"]) =>
    norms
      .filter((one) => one.kind === kind)
      .map(({ protocol, code, seen }) => ({ protocol: protocolName(protocol), code, seen }));
  const talk = (kind: "serves" | "uses") => of(kind).map(({ protocol, seen }) => ({ protocol, seen }));
  return {
    ...standing,
    subject: found?.subject ?? null,
    functions: of("function"),
    serves: talk("serves"),
    uses: talk("uses"),
  };
}
