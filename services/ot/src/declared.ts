/** Protocols that a customer declares for a site (OT-N10): described, tried with a capture, used by the sensors, removed. */
import { sql } from "kysely";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import { takeCapture } from "./captures.ts";
import { configureSensors } from "./configuration.ts";
import { raise } from "./errors.ts";
import { siteChanged } from "./watch/watch.ts";
import { checkDescription } from "./wire/declared-check.ts";
import { sayProblem } from "./wire/declared-words.ts";
import { MAX_DECLARED, type DeclaredDescription } from "./wire/declared.ts";
import { announce, byOf, type Work } from "./work.ts";

/** PARSER_REFUSED, with each problem at its place. */
function checked(value: unknown): DeclaredDescription {
  const { description, problems } = checkDescription(value);
  if (description !== null) return description;
  const fields = problems.map((problem) => ({
    pointer: `/body/description/${problem.path.replaceAll(/\[(\d+)\]/g, ".$1").replaceAll(".", "/")}`,
    message: sayProblem(problem, "en"),
  }));
  throw raise("PARSER_REFUSED", { problem: fields[0]?.message ?? "" }, { fields });
}

/** What changes names or sensors: memory of the watch, sensors of the site, pages. */
async function changed(work: Work, site: Uuid, id: Uuid): Promise<void> {
  await siteChanged(work.tx, work.organisation, site);
  await configureSensors(work.tx, work.devices, work.organisation, { site });
  await announce(work, "parser", id);
}

/** Takes the lowest slot that nothing is kept of; not used yet. PARSER_REFUSED, PARSERS_FULL. */
export async function addParser(work: Work, site: Uuid, value: unknown): Promise<Uuid> {
  const { tx, organisation, now } = work;
  const description = checked(value);
  // The order of the watch, and two at once would take the same slot.
  await siteChanged(tx, organisation, site);
  const { rows } = await sql<{ slot: number; ended: boolean }>`select slot, ended_at is not null as ended
    from ot.declared_parser where site_id = ${site}`.execute(tx);
  const taken = new Set(rows.map(({ slot }) => slot));
  const slot = Array.from({ length: MAX_DECLARED }, (_, i) => i + 1).find((one) => !taken.has(one));
  if (slot === undefined)
    throw raise("PARSERS_FULL", { limit: MAX_DECLARED, ended: rows.filter(({ ended }) => ended).length });
  const id = newId();
  const by = byOf(work);
  await sql`insert into ot.declared_parser (id, organisation_id, site_id, slot, description, enabled, created_at, created_by,
      changed_at, changed_by)
    values (${id}, ${organisation}, ${site}, ${slot}, ${JSON.stringify(description)}::json, false, ${now}, ${by}, ${now},
      ${by})`.execute(tx);
  await work.audit({ action: "ot-parser.create", subject: id, details: { site, slot, name: description.name } });
  await announce(work, "parser", id);
  return id;
}

interface ParserRow {
  readonly site: Uuid;
  readonly slot: number;
  readonly description: DeclaredDescription;
  readonly enabled: boolean;
}
/** One that was not removed. NOT_FOUND, PARSER_ENDED. */
async function lockParser({ tx, organisation }: Work, id: Uuid): Promise<ParserRow> {
  const { rows } = await sql<ParserRow & { ended_at: Date | null }>`select site_id as site, slot, description, enabled,
      ended_at from ot.declared_parser where organisation_id = ${organisation} and id = ${id} for update`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw raiseServer("NOT_FOUND");
  if (row.ended_at !== null) throw raise("PARSER_ENDED", { name: row.description.name });
  return row;
}

export interface ParserChange {
  readonly description?: unknown;
  readonly enabled?: boolean | undefined;
}
/** PARSER_REFUSED, PARSER_ENDED, NOT_FOUND. */
export async function changeParser(work: Work, id: Uuid, change: ParserChange): Promise<void> {
  const row = await lockParser(work, id);
  const description = change.description === undefined ? row.description : checked(change.description);
  const enabled = change.enabled ?? row.enabled;
  await sql`update ot.declared_parser set description = ${JSON.stringify(description)}::json, enabled = ${enabled},
    changed_at = ${work.now}, changed_by = ${byOf(work)} where id = ${id}`.execute(work.tx);
  const details = { slot: row.slot, name: description.name, enabled, described: change.description !== undefined };
  await work.audit({ action: "ot-parser.change", subject: id, details });
  await changed(work, row.site, id);
}

/** Ends it: sensors forget it, its names stay. PARSER_ENDED, NOT_FOUND. */
export async function removeParser(work: Work, id: Uuid): Promise<void> {
  const row = await lockParser(work, id);
  await sql`update ot.declared_parser set enabled = false, ended_at = ${work.now}, changed_at = ${work.now},
    changed_by = ${byOf(work)} where id = ${id}`.execute(work.tx);
  await work.audit({
    action: "ot-parser.remove",
    subject: id,
    details: { slot: row.slot, name: row.description.name },
  });
  await changed(work, row.site, id);
}

/** Tries it with a capture, as it is now; the answer is the capture's result. PARSER_ENDED, NOT_FOUND and those of takeCapture. */
export async function tryParser(work: Work, id: Uuid, name: string, bytes: Buffer): Promise<Uuid> {
  const { slot, description } = await lockParser(work, id);
  return takeCapture(work, name, bytes, { parser: id, declared: [{ slot, description }] });
}
