/** Versions of a service's terms: shown, added from a day with their text, and given dated copies of documents (COM-02, OST-22). */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { dayOf, type Day } from "@yagura/core/calendar.ts";
import { newId, type Uuid } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import { actorName } from "../actor.ts";
import type { Text } from "../charging/tables.ts";
import { isBilled, keepHistory, lockValue, past } from "./dated.ts";
import { raise } from "./errors.ts";
import { planEdit, type Segment } from "./ranges.ts";
import type { DatedChange, NewDocument, NewTerms, TermsDetail, TermsDocument, TermsItem } from "./shapes.ts";
import { billedUntil, type TermsWork } from "./work.ts";

export interface VersionRow {
  readonly id: Uuid;
  readonly service: string;
  readonly code: string;
  readonly from: Day | null;
  readonly until: Day | null;
  readonly sourceDocument: string;
  readonly textHash: string;
  readonly known: boolean;
  readonly orderable: readonly string[];
  readonly labels: Record<string, Text>;
  readonly parameters: Record<string, unknown>;
  readonly documents: number;
}

/** Versions of one service or of all, oldest first. */
export async function readVersions(tx: Tx, service: string | null): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`select v.id, v.service, v.code, lower(v.in_force)::text as "from",
      upper(v.in_force)::text as until, v.source_document as "sourceDocument", v.text_hash as "textHash", v.known,
      to_jsonb(v.orderable) as orderable, v.labels,
      coalesce((select jsonb_object_agg(p.key, p.value) from commerce.rule_parameter p where p.version_id = v.id), '{}')
        as parameters,
      (select count(*)::int from commerce.terms_document d where d.version_id = v.id) as documents
    from commerce.service_version v where ${service}::text is null or v.service = ${service}
    order by v.service, lower(v.in_force) nulls first`.execute(tx);
  return rows;
}

export async function readVersion(tx: Tx, id: Uuid): Promise<VersionRow | null> {
  const { rows } = await sql<{
    service: string;
  }>`select service from commerce.service_version where id = ${id}`.execute(tx);
  const service = rows[0]?.service;
  return service === undefined ? null : ((await readVersions(tx, service)).find((one) => one.id === id) ?? null);
}

const planKey = "plan:";
export const showVersion = (row: VersionRow): TermsItem => ({
  id: row.id,
  service: row.service,
  code: row.code,
  from: row.from,
  until: row.until,
  sourceDocument: row.sourceDocument,
  textHash: row.textHash,
  known: row.known,
  plans: Object.entries(row.parameters)
    .filter(([key]) => key.startsWith(planKey))
    .map(([key, value]) => {
      const plan = key.slice(planKey.length);
      return {
        plan,
        name: (value as { name?: Text }).name ?? { ja: plan, en: plan },
        orderable: row.orderable.includes(plan),
      };
    }),
  documents: row.documents,
});

export async function detailOf(tx: Tx, row: VersionRow): Promise<TermsDetail> {
  return {
    ...showVersion(row),
    labels: row.labels,
    parameters: row.parameters,
    copies: await readDocuments(tx, row.id),
  };
}

async function readDocuments(tx: Tx, version: Uuid): Promise<TermsDocument[]> {
  const { rows } = await sql<Omit<TermsDocument, "addedAt"> & { addedAt: Date }>`select id, name,
      media_type as "mediaType", sha256, octet_length(bytes) as bytes, copied_on::text as "copiedOn",
      added_by as "addedBy", added_at as "addedAt"
    from commerce.terms_document where version_id = ${version} order by copied_on desc, id desc`.execute(tx);
  return rows.map((row) => ({ ...row, addedAt: row.addedAt.toISOString() }));
}

/**
 * A new version from a day: the one in force ends, what is planned for later stays. Its parameters are those of the version
 * it is based on, changed where told. TERMS_CODE_TAKEN, TERMS_VERSION_SAME_DAY, TERMS_VERSION_UNKNOWN,
 * TERMS_PARAMETER_INVALID, TERMS_DOCUMENT_INVALID, DATED_CHANGE_PAST.
 */
export async function addVersion(
  work: TermsWork,
  input: NewTerms,
): Promise<DatedChange & { readonly id: Uuid | null }> {
  const { tx } = work;
  const { service, code, from } = input;
  await lockValue(work, "terms", service);
  const versions = await readVersions(tx, service);
  if (versions.some((version) => version.code === code)) throw raise("TERMS_CODE_TAKEN", { service, code });
  const sameDay = versions.find((version) => version.from === from);
  if (sameDay !== undefined) throw raise("TERMS_VERSION_SAME_DAY", { service, code: sameDay.code, from });
  const segments = versions.map((version) => ({ ...version, value: version.code }));
  const plan = planEdit<string, Segment<string> & { id: Uuid }>(
    segments,
    { from, until: null, value: code },
    Object.is,
  );
  const base = baseOf(versions, input.basedOn ?? plan.before, service);
  const parameters = merged(base?.parameters ?? {}, input.parameters ?? {});
  const bytes = bytesOf(input.document);
  const reachesBilled = isBilled(from, await billedUntil(tx));
  const answer: DatedChange = {
    effect: plan.effect,
    applied: input.dryRun !== true,
    from,
    until: plan.until,
    before: plan.before,
    after: code,
    timeline: plan.after.map(({ from: first, until, value }) => ({ from: first, until, value })),
    reachesBilled,
  };
  if (input.dryRun === true) return { ...answer, id: null };
  if (reachesBilled && input.confirmPast !== true) throw past(`${service}/${code}`, from, await billedUntil(tx));
  for (const { segment, until } of plan.shorten) {
    await sql`update commerce.service_version set in_force = daterange(lower(in_force), ${until}::date)
      where id = ${segment.id}`.execute(tx);
  }
  const id = newId();
  const plans = Object.keys(parameters).filter((key) => key.startsWith(planKey));
  const orderable = base?.orderable ?? plans.map((key) => key.slice(planKey.length));
  await sql`insert into commerce.service_version (id, service, code, in_force, source_document, text_hash, labels, known,
      orderable)
    values (${id}, ${service}, ${code}, daterange(${from}::date, ${plan.until}::date), ${input.document.name},
      ${hashOf(bytes)}, ${JSON.stringify({ ...base?.labels, ...input.labels })}::jsonb, true, ${[...orderable]})`.execute(
    tx,
  );
  await writeParameters(tx, id, parameters);
  await writeDocument(work, id, input.document);
  await keepHistory(work, { kind: "terms", key: service, plan, edit: { from, value: code }, reason: input.reason });
  await work.audit({
    action: "terms.version",
    subject: id,
    details: {
      service,
      code,
      from,
      before: plan.before,
      textHash: hashOf(bytes),
      changed: Object.keys(input.parameters ?? {}),
    },
  });
  return { ...answer, id };
}

function baseOf(versions: readonly VersionRow[], code: string | null, service: string): VersionRow | undefined {
  if (code === null) return undefined;
  const base = versions.find((version) => version.code === code);
  if (base === undefined) throw raise("TERMS_VERSION_UNKNOWN", { service, code });
  return base;
}

/** Whole values replace whole values; null takes one away. */
function merged(
  base: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  for (const [key, value] of Object.entries(changes)) {
    if (value !== null && key.startsWith(planKey) && !isPlan(value)) throw raise("TERMS_PARAMETER_INVALID", { key });
  }
  return Object.fromEntries(Object.entries({ ...base, ...changes }).filter(([, value]) => value !== null));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
/** Enough of a plan's terms for charging to read: a name, items of a kind and a tax class, a rule of cancellation. */
function isPlan(value: unknown): boolean {
  if (!isObject(value) || !isObject(value["name"]) || !isObject(value["items"])) return false;
  const { cancellation, items } = value;
  const texts = (object: Record<string, unknown>, ...names: string[]): boolean =>
    names.every((name) => typeof object[name] === "string");
  return (
    isObject(cancellation) &&
    texts(cancellation, "rule") &&
    isObject(cancellation["notice"]) &&
    Object.values(items as object).every(
      (item) => isObject(item) && isObject(item["name"]) && texts(item, "kind", "taxClass", "rule"),
    )
  );
}

async function writeParameters(tx: Tx, version: Uuid, parameters: Readonly<Record<string, unknown>>): Promise<void> {
  await sql`insert into commerce.rule_parameter (version_id, key, value)
    select ${version}, e.key, e.value from jsonb_each(${JSON.stringify(parameters)}::jsonb) e
    on conflict (version_id, key) do update set value = excluded.value`.execute(tx);
}

/** UTM-86, SEC-73: the text of a version of which only the date was known. TERMS_DOCUMENT_INVALID, TERMS_PARAMETER_INVALID. */
export async function supplyText(
  work: TermsWork,
  row: VersionRow,
  input: {
    readonly document: NewDocument;
    readonly parameters?: Record<string, unknown>;
    readonly confirmPast?: boolean;
  },
): Promise<void> {
  if (row.known) throw raise("TERMS_CODE_TAKEN", { service: row.service, code: row.code });
  const billed = await billedUntil(work.tx);
  if (isBilled(row.from, billed) && input.confirmPast !== true)
    throw past(`${row.service}/${row.code}`, row.from, billed);
  const parameters = merged(row.parameters, input.parameters ?? {});
  const textHash = hashOf(bytesOf(input.document));
  await sql`update commerce.service_version set known = true, text_hash = ${textHash},
    source_document = ${input.document.name} where id = ${row.id}`.execute(work.tx);
  await writeParameters(work.tx, row.id, parameters);
  await writeDocument(work, row.id, input.document);
  await work.audit({
    action: "terms.text",
    subject: row.id,
    details: { service: row.service, code: row.code, textHash },
  });
}

/** A dated copy. The same file on the same day is one copy. */
export async function writeDocument(work: TermsWork, version: Uuid, document: NewDocument): Promise<void> {
  const bytes = bytesOf(document);
  await sql`insert into commerce.terms_document (id, version_id, name, media_type, sha256, bytes, copied_on, added_by, added_at)
    values (${newId()}, ${version}, ${document.name}, ${document.mediaType}, ${hashOf(bytes)}, ${bytes},
      ${document.copiedOn ?? dayOf(work.now)}::date, ${actorName(work)}, ${work.now})
    on conflict do nothing`.execute(work.tx);
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const LARGEST = 1_048_576;

function bytesOf({ content }: NewDocument): Buffer {
  const bytes = Buffer.from(content, "base64");
  // Buffer skips what is not base64: what does not come back the same was something else.
  const same = bytes.toString("base64").replace(/=+$/, "") === content.replace(/\s|=+$/g, "");
  if (bytes.length === 0 || bytes.length > LARGEST || !same) throw raise("TERMS_DOCUMENT_INVALID");
  return bytes;
}
