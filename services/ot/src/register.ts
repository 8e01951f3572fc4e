/** The customer's own list of devices (OT-10): imported from CSV, and held against what is seen. */
import { sql } from "kysely";
import { newId, type OrganisationId, type Uuid } from "@yagura/core/ids.ts";
import { addressesIn, columnsOf, macsIn, rowOf, type RegisterRow } from "./analysis/assets/register-list.ts";
import { reconcile, type Reconciliation } from "./analysis/assets/reconcile.ts";
import type { Asset } from "./analysis/model.ts";
import { raise } from "./errors.ts";
import { readCsv } from "./feeds/csv.ts";
import { allAssets, assetRefs } from "./store/asset-list.ts";
import type { Tx } from "@yagura/store/store.ts";
import { registerFields, type NewRegisterImport, type Register, type RegisterImport } from "./wire/api-register.ts";
import { announce, byOf, type Work } from "./work.ts";

/** Rows of one list. */
const MAX_ROWS = 20_000;
/** Columns of which one is asked what it is. */
const MOST_HEADERS = 200;
/** Lines told as left out. */
const MOST_REFUSED = 200;

/** Fields of which one at least must be there to find a device again. */
const identifying = ["number", "name", "mac", "address", "serial"] as const;

interface Read {
  readonly headers: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: readonly RegisterRow[];
  readonly refused: readonly { readonly line: number; readonly reason: string }[];
}

/** Comma, semicolon or tab: the sign that the first line has most often. */
function separatorOf(text: string): string {
  const end = text.indexOf("\n");
  const first = end < 0 ? text : text.slice(0, end);
  const count = (sign: string): number => first.split(sign).length;
  return [",", ";", "\t"].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** REGISTER_HEADERS, REGISTER_TOO_LONG. */
export function readRegister(csv: string, given: Readonly<Record<string, string>> = {}): Read {
  const [first = [], ...lines] = readCsv(csv, separatorOf(csv));
  const headers = first.slice(0, MOST_HEADERS).map((header) => header.slice(0, 200));
  const columns = columnsOf(headers, given);
  if (!identifying.some((field) => columns.has(field)))
    throw raise("REGISTER_HEADERS", { headers: headers.join(", ").slice(0, 300) });
  if (lines.length > MAX_ROWS) throw raise("REGISTER_TOO_LONG", { limit: MAX_ROWS });
  const rows: RegisterRow[] = [];
  const refused: { line: number; reason: string }[] = [];
  for (const [i, cells] of lines.entries()) {
    const row = rowOf(cells, columns);
    if (identifying.some((field) => row[field] !== undefined)) rows.push(row);
    else if (cells.some((text) => text.trim() !== "") && refused.length < MOST_REFUSED)
      refused.push({ line: i + 2, reason: "no number, name, MAC, address or serial number" });
  }
  const names = [...columns].map(([field, at]): [string, string] => [field, headers[at] ?? ""]);
  return { headers, columns: Object.fromEntries(names), rows, refused };
}

const keyOf = (row: RegisterRow): string => row.number ?? row.mac ?? row.address ?? row.serial ?? row.name ?? "";

/** Replaces the list of the site, or only says what would be. REGISTER_HEADERS, REGISTER_TOO_LONG. */
export async function importRegister(work: Work, input: NewRegisterImport): Promise<RegisterImport> {
  const { tx, organisation, now } = work;
  const read = readRegister(input.csv, input.columns as Record<string, string> | undefined);
  const before = await storedRows(tx, input.siteId);
  const known = new Map(before.map(({ row }) => [keyOf(row), JSON.stringify(row)]));
  const keys = new Set(read.rows.map(keyOf));
  const found = reconcile(read.rows, await siteAssets(tx, input.siteId));
  const seen = (states: readonly string[]): number =>
    found.entries.filter(({ state }) => states.includes(state)).length;
  const summary: RegisterImport = {
    id: input.dryRun ? null : newId(),
    siteId: input.siteId,
    at: now.toISOString(),
    by: byOf(work),
    rows: read.rows.length,
    headers: [...read.headers],
    columns: { ...read.columns },
    refused: [...read.refused],
    added: read.rows.filter((row) => !known.has(keyOf(row))).length,
    changed: read.rows.filter((row) => known.has(keyOf(row)) && known.get(keyOf(row)) !== JSON.stringify(row)).length,
    removed: before.filter(({ row }) => !keys.has(keyOf(row))).length,
    matched: seen(["matched", "differs"]),
    unseen: seen(["unseen"]),
    unregistered: found.unregistered.length,
  };
  if (summary.id === null) return summary;
  await sql`delete from ot.register_entry where site_id = ${input.siteId}`.execute(tx);
  const entries = read.rows.map((row) => ({
    id: newId(),
    fields: row,
    macs: macsIn(row.mac ?? ""),
    addresses: addressesIn(row.address ?? ""),
    serial: row.serial ?? null,
  }));
  await sql`insert into ot.register_entry (id, organisation_id, site_id, fields, macs, addresses, serial)
    select x.id, ${organisation}, ${input.siteId}, x.fields, x.macs, x.addresses, x.serial
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
      as x (id uuid, fields jsonb, macs text[], addresses text[], serial text)`.execute(tx);
  await sql`insert into ot.register_import (id, organisation_id, site_id, at, by_name, summary)
    values (${summary.id}, ${organisation}, ${input.siteId}, ${now}, ${summary.by}, ${JSON.stringify(summary)}::jsonb)`.execute(
    tx,
  );
  const { rows, added, changed, removed } = summary;
  await work.audit({ action: "ot-register.import", subject: input.siteId, details: { rows, added, changed, removed } });
  await announce(work, "register", input.siteId);
  return summary;
}

/** The site has no list any more. */
export async function removeRegister(work: Work, site: Uuid): Promise<void> {
  await sql`delete from ot.register_entry where organisation_id = ${work.organisation} and site_id = ${site}`.execute(
    work.tx,
  );
  await work.audit({ action: "ot-register.remove", subject: site });
  await announce(work, "register", site);
}

async function storedRows(tx: Tx, site: Uuid): Promise<{ id: Uuid; row: RegisterRow }[]> {
  const { rows } = await sql<{ id: Uuid; row: RegisterRow }>`select id, fields as row from ot.register_entry
    where site_id = ${site} order by ordinal`.execute(tx);
  // The order of the fields is that of the table, as when they are read.
  return rows.map(({ id, row }) => ({
    id,
    row: Object.fromEntries(registerFields.flatMap((field) => (row[field] === undefined ? [] : [[field, row[field]]]))),
  }));
}
async function siteAssets(tx: Tx, site: Uuid): Promise<Asset[]> {
  const { rows } = await sql<{ id: Uuid; document: Omit<Asset, "id"> }>`select id, document from ot.asset
    where site_id = ${site} and merged_into is null and retired_at is null order by ordinal`.execute(tx);
  return rows.map(({ id, document }) => ({ ...document, id }));
}

/** The list with what was seen of each, and what is not on it. */
export async function readRegisterOf(tx: Tx, organisation: OrganisationId, site: Uuid): Promise<Register> {
  const stored = await storedRows(tx, site);
  const at = await sql<{
    at: Date;
  }>`select at from ot.register_import where site_id = ${site} order by ordinal desc limit 1`.execute(tx);
  if (stored.length === 0) return { siteId: site, importedAt: null, entries: [], unregistered: [] };
  const found: Reconciliation = reconcile(
    stored.map(({ row }) => row),
    await siteAssets(tx, site),
  );
  const refs = await assetRefs(
    tx,
    organisation,
    found.entries.flatMap(({ asset }) => asset ?? []),
  );
  const unknown = new Set(found.unregistered);
  return {
    siteId: site,
    importedAt: at.rows[0]?.at.toISOString() ?? null,
    entries: found.entries.map(({ row, state, asset, by, differences }, i) => ({
      id: (stored[i] as { id: Uuid }).id,
      fields: { ...row } as Record<string, string>,
      state,
      asset: refs.get(asset ?? "") ?? null,
      by,
      differences: differences.map((one) => ({ ...one })),
    })),
    unregistered: (await allAssets(tx, organisation, { site })).filter(({ id }) => unknown.has(id)),
  };
}

/** Newest first. */
export async function listImports(tx: Tx, organisation: OrganisationId, site: Uuid): Promise<RegisterImport[]> {
  const { rows } = await sql<{ summary: RegisterImport }>`select summary from ot.register_import
    where organisation_id = ${organisation} and site_id = ${site} order by ordinal desc limit 50`.execute(tx);
  return rows.map(({ summary }) => summary);
}
