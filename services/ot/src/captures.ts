/** Captures handed in for a one-off analysis (OT-32): kept in the data folder until they are analysed, in a process of their own. */
import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { raise as raiseServer } from "@yagura/server/errors.ts";
import type { JobTable, Platform } from "@yagura/server/route.ts";
import type { Tx } from "@yagura/store/store.ts";
import { analyseFile, packetsOf } from "./analyse-file.ts";
import { raise } from "./errors.ts";
import { inTurn } from "./heavy.ts";
import type { CaptureUpload } from "./wire/api-register.ts";
import type { DeclaredSlot } from "./wire/declared.ts";
import { announce, byOf, type Work } from "./work.ts";

/** Bytes of one capture. */
export const MAX_CAPTURE_BYTES = 128 * 1024 * 1024;
/** Captures of an organisation that wait or are analysed. */
const MAX_WAITING = 4;
/** Captures of an organisation with their results: as many as the list shows. */
const MAX_KEPT = 200;
export const captureJob = "ot.capture";

const folderOf = (platform: Pick<Platform, "dataFolder">, organisation: OrganisationId): string =>
  join(platform.dataFolder, "captures", organisation);
const fileOf = (platform: Pick<Platform, "dataFolder">, organisation: OrganisationId, id: Uuid): string =>
  join(folderOf(platform, organisation), id);

/** With what a capture is read: the protocols that are declared for a site, or one of them that is tried. */
export interface ReadWith {
  readonly parser: Uuid | null;
  readonly declared: readonly DeclaredSlot[];
}

/** CAPTURE_EMPTY, CAPTURE_BUSY, CAPTURES_FULL. */
export async function takeCapture(
  work: Work,
  name: string,
  bytes: Buffer,
  { parser, declared }: ReadWith,
): Promise<Uuid> {
  const { tx, organisation, platform, now } = work;
  if (bytes.length === 0) throw raise("CAPTURE_EMPTY");
  // Several at once would each count the others out.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`ot captures ${organisation}`}, 0))`.execute(tx);
  const { rows } = await sql<{ kept: number; waiting: number }>`select
      (count(*) filter (where parser_id is not distinct from ${parser}::uuid))::int as kept,
      (count(*) filter (where state in ('queued', 'running')))::int as waiting
    from ot.capture where organisation_id = ${organisation}`.execute(tx);
  if ((rows[0]?.waiting ?? 0) >= MAX_WAITING) throw raise("CAPTURE_BUSY", { limit: MAX_WAITING });
  if ((rows[0]?.kept ?? 0) >= MAX_KEPT) throw raise("CAPTURES_FULL", { limit: MAX_KEPT });
  const id = newId();
  await mkdir(folderOf(platform, organisation), { recursive: true, mode: 0o700 });
  await writeFile(fileOf(platform, organisation, id), bytes, { mode: 0o600 });
  await sql`insert into ot.capture (id, organisation_id, name, bytes, state, created_at, created_by, parser_id, declared)
    values (${id}, ${organisation}, ${name}, ${bytes.length}, 'queued', ${now}, ${byOf(work)}, ${parser},
      ${JSON.stringify(declared)}::json)`.execute(tx);
  await platform.jobs.add(tx, captureJob, { organisation, capture: id }, { key: `${captureJob}:${id}` });
  const digest = createHash("sha256").update(bytes).digest("hex");
  await work.audit({
    action: "ot-capture.create",
    subject: id,
    details: { name, bytes: bytes.length, sha256: digest, ...(parser === null ? {} : { parser }) },
  });
  await announce(work, "capture", id);
  return id;
}

export const captureJobs = (): JobTable => ({
  handlers: {
    [captureJob]: async ({ organisation, capture }, platform) => {
      const job = { name: captureJob, payload: { organisation, capture }, key: `${captureJob}:${String(capture)}` };
      await inTurn(platform, job, () => analyseCapture(platform, organisation as OrganisationId, capture as Uuid));
    },
  },
});

/** Analyses one that waits; a failure is told to who handed it in, and not tried again. */
export async function analyseCapture(platform: Platform, organisation: OrganisationId, id: Uuid): Promise<void> {
  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => platform.store.organisation(organisation, work);
  const started = await within((tx) =>
    sql<ReadWith>`update ot.capture set state = 'running' where id = ${id} and state in ('queued', 'running')
      returning parser_id as parser, declared`.execute(tx),
  );
  const [capture] = started.rows;
  if (capture === undefined) return;
  const file = fileOf(platform, organisation, id);
  const parsers = `${file}.parsers.json`;
  try {
    const { parser, declared } = capture;
    if (declared.length > 0) await writeFile(parsers, JSON.stringify(declared), { mode: 0o600 });
    const result = await analyseFile(file, declared.length === 0 ? null : { file: parsers, tried: parser !== null });
    const body = zstdCompressSync(Buffer.from(JSON.stringify(result)));
    await within((tx) =>
      sql`update ot.capture set state = 'done', result = ${body}, packets = ${packetsOf(result)},
        finished_at = ${new Date(platform.clock.now())} where id = ${id}`.execute(tx),
    );
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    await within((tx) =>
      sql`update ot.capture set state = 'failed', error = ${cause.slice(0, 1_000)},
        finished_at = ${new Date(platform.clock.now())} where id = ${id}`.execute(tx),
    );
  } finally {
    await rm(file, { force: true });
    await rm(parsers, { force: true });
  }
  platform.live.hint(organisation, { topic: "ot.capture", data: { id } });
}

interface Row {
  readonly id: Uuid;
  readonly name: string;
  readonly bytes: string;
  readonly state: CaptureUpload["state"];
  readonly error: string | null;
  readonly packets: string | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly finished_at: Date | null;
}
/** Newest first, at most 200. Those with which a declared protocol is tried are listed there only. */
export async function listCaptures(
  tx: Tx,
  organisation: OrganisationId,
  which: { readonly id?: Uuid; readonly parser?: Uuid } = {},
): Promise<CaptureUpload[]> {
  const { id, parser = null } = which;
  const only = id === undefined ? sql`parser_id is not distinct from ${parser}::uuid` : sql`id = ${id}`;
  const { rows } = await sql<Row>`select id, name, bytes, state, error, packets, created_at, created_by, finished_at
    from ot.capture where organisation_id = ${organisation} and ${only}
    order by ordinal desc limit ${MAX_KEPT}`.execute(tx);
  return rows.map(({ bytes, packets, created_at, created_by, finished_at, ...row }) => ({
    ...row,
    bytes: Number(bytes),
    packets: packets === null ? null : Number(packets),
    createdAt: created_at.toISOString(),
    createdBy: created_by,
    finishedAt: finished_at?.toISOString() ?? null,
  }));
}

/** NOT_FOUND. */
export async function captureResult(
  tx: Tx,
  organisation: OrganisationId,
  id: Uuid,
): Promise<{ capture: CaptureUpload; result: unknown }> {
  const [capture] = await listCaptures(tx, organisation, { id });
  if (capture === undefined) throw raiseServer("NOT_FOUND");
  const { rows } = await sql<{ result: Buffer | null }>`select result from ot.capture where id = ${id}`.execute(tx);
  const result = rows[0]?.result ?? null;
  return {
    capture,
    result: result === null ? null : (JSON.parse(zstdDecompressSync(result).toString("utf8")) as unknown),
  };
}

/** NOT_FOUND. */
export async function removeCapture(work: Work, id: Uuid): Promise<void> {
  const { rows } = await sql<{ name: string }>`delete from ot.capture
    where organisation_id = ${work.organisation} and id = ${id} returning name`.execute(work.tx);
  if (rows[0] === undefined) throw raiseServer("NOT_FOUND");
  await rm(fileOf(work.platform, work.organisation, id), { force: true });
  await work.audit({ action: "ot-capture.remove", subject: id, details: { name: rows[0].name } });
}

/** Files of an erased organisation. */
export async function removeCaptures(platform: Platform, organisation: OrganisationId): Promise<void> {
  await rm(folderOf(platform, organisation), { recursive: true, force: true });
}
