/** Files handed in as evidence: kept as they came, with their hash, and named by the steps that rest on them. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { raise } from "../contracts/errors.ts";
import { raise as raiseApplication } from "./errors.ts";
import type { Evidence } from "./shapes.ts";

/** Largest file: a scanned document of some pages. Larger ones are refused by the host. */
export const MAX_EVIDENCE = 10 * 1024 * 1024;
/** Most files of one organisation, and most bytes of them together: at the limit further ones are refused. */
const LIMITS = { files: 5_000, megabytes: 2_000 };

interface Row extends Omit<Evidence, "uploadedAt"> {
  readonly uploadedAt: Date;
}
const columns = sql`id, name, media_type as "mediaType", sha256, octet_length(bytes) as size, uploaded_by as "uploadedBy",
  uploaded_at as "uploadedAt"`;
const shown = ({ uploadedAt, ...row }: Row): Evidence => ({ ...row, uploadedAt: uploadedAt.toISOString() });

/** Keeps a file as it came. EVIDENCE_FULL. */
export async function storeEvidence(
  tx: Tx,
  organisation: OrganisationId,
  file: { readonly name: string; readonly mediaType: string; readonly bytes: Buffer },
  by: { readonly actor: string; readonly at: Date },
  limits: typeof LIMITS = LIMITS,
): Promise<Evidence> {
  // Of several at once each waits for the one before: else all of them would find room.
  await sql`select pg_advisory_xact_lock(hashtextextended('commerce.evidence:' || ${organisation}::text, 0))`.execute(
    tx,
  );
  const { rows: held } = await sql<{ full: boolean }>`select count(*) >= ${limits.files}
      or coalesce(sum(octet_length(bytes)), 0) + ${file.bytes.length} > ${limits.megabytes} * 1000000::bigint as full
    from commerce.evidence where organisation_id = ${organisation}`.execute(tx);
  if (held[0]?.full === true)
    throw raiseApplication("EVIDENCE_FULL", { limit: limits.files, megabytes: limits.megabytes });
  const sha256 = createHash("sha256").update(file.bytes).digest("hex");
  const { rows } = await sql<Row>`insert into commerce.evidence (id, organisation_id, name, media_type, sha256, bytes,
      uploaded_by, uploaded_at)
    values (${newId()}, ${organisation}, ${file.name}, ${file.mediaType}, ${sha256}, ${file.bytes}, ${by.actor}, ${by.at})
    returning ${columns}`.execute(tx);
  return shown(rows[0] as Row);
}

/** Files of the organisation, newest first. */
export async function evidenceOf(tx: Tx, organisation: OrganisationId, limit = 500): Promise<Evidence[]> {
  const { rows } = await sql<Row>`select ${columns} from commerce.evidence where organisation_id = ${organisation}
    order by id desc limit ${limit}`.execute(tx);
  return rows.map(shown);
}

/** The file itself, or null. */
export async function readEvidence(
  tx: Tx,
  organisation: OrganisationId,
  id: Uuid,
): Promise<{ readonly name: string; readonly mediaType: string; readonly bytes: Buffer } | null> {
  const { rows } = await sql<{ name: string; mediaType: string; bytes: Buffer }>`
    select name, media_type as "mediaType", bytes from commerce.evidence
    where organisation_id = ${organisation} and id = ${id}`.execute(tx);
  return rows[0] ?? null;
}

/** EVIDENCE_UNKNOWN for an id that is no file of the organisation. */
export async function checkEvidence(
  tx: Tx,
  organisation: OrganisationId,
  ids: readonly Uuid[] | undefined,
): Promise<void> {
  if (ids === undefined || ids.length === 0) return;
  const { rows } = await sql<{ id: Uuid }>`select id from commerce.evidence
    where organisation_id = ${organisation} and id = any(${[...ids]}::uuid[])`.execute(tx);
  const known = new Set(rows.map(({ id }) => id));
  const missing = ids.findIndex((id) => !known.has(id));
  if (missing !== -1) throw raise("EVIDENCE_UNKNOWN", { position: missing + 1 });
}
