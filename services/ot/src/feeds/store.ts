/** Loaded facts in PostgreSQL: each kind whole, as text under Zstandard. Read once, kept in memory by `facts.ts`. */
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { sql } from "kysely";
import type { Tx } from "@yagura/store/store.ts";
import type { SupportRow } from "../analysis/assets/end-of-support.ts";
import type { AdvisoryProduct, Exploited } from "../analysis/assets/vulnerabilities.ts";
import { packOui } from "./oui.ts";
import type { Feed } from "./read.ts";

export type FeedKind = Feed["kind"];
/** What a kind holds at most after loading; more is refused by FEED_TOO_LARGE. */
export const MAX_FEED_ROWS = 1_000_000;

export interface FeedState {
  readonly kind: FeedKind;
  readonly loadedAt: Date;
  readonly files: readonly string[];
  readonly rows: number;
}
export interface StoredFeeds {
  readonly states: readonly FeedState[];
  /** Packed table of `oui.ts`. */
  readonly oui: string | null;
  readonly support: readonly SupportRow[] | null;
  readonly advisories: readonly AdvisoryProduct[];
  readonly exploited: readonly Exploited[];
}

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

interface Row {
  readonly kind: FeedKind;
  readonly loaded_at: Date;
  readonly files: string[];
  readonly row_count: number;
  readonly body: Buffer;
}

/** `known`: the states that the caller has already; null when nothing was loaded since. */
export async function readFeeds(tx: Tx, known: readonly FeedState[] | null = null): Promise<StoredFeeds | null> {
  const states = await feedStates(tx);
  const mark = (list: readonly FeedState[]): string =>
    list.map(({ kind, loadedAt }) => `${kind} ${loadedAt.getTime()}`).join();
  if (known !== null && mark(known) === mark(states)) return null;
  const bodies = new Map<FeedKind, string>();
  const { rows } = await sql<Row>`select kind, body from ot.feed`.execute(tx);
  for (const { kind, body } of rows) bodies.set(kind, (await decompress(body)).toString("utf8"));
  const list = <T>(kind: FeedKind): readonly T[] | null => {
    const text = bodies.get(kind);
    return text === undefined ? null : (JSON.parse(text) as readonly T[]);
  };
  return {
    states,
    oui: bodies.get("oui") ?? null,
    support: list<SupportRow>("support"),
    advisories: (list<(string | number | null)[]>("advisories") ?? []).map(advisoryOf),
    exploited: list<Exploited>("exploited") ?? [],
  };
}
export async function feedStates(tx: Tx): Promise<readonly FeedState[]> {
  const { rows } = await sql<Row>`select kind, loaded_at, files, row_count from ot.feed order by kind`.execute(tx);
  return rows.map(({ kind, loaded_at, files, row_count }) => ({ kind, loadedAt: loaded_at, files, rows: row_count }));
}

// Without names of columns: of 40,000 rows they would be half of the text.
const cellsOf = (row: AdvisoryProduct): (string | number | null)[] => [
  row.advisory,
  row.cve,
  row.cvss,
  row.vendor,
  row.product,
  row.versions,
];
const advisoryOf = (cells: readonly (string | number | null)[]): AdvisoryProduct => {
  const [advisory, cve, cvss, vendor, product, versions] = cells as [
    string,
    string,
    number | null,
    string,
    string,
    string,
  ];
  return { advisory, cve, cvss, vendor, product, versions };
};

/**
 * Stores what was read of one kind and gives how many rows there are now. Advisories replace those of the same number and keep the
 * others, because documents come one by one; the other kinds are replaced whole. The caller's transaction is the provider's.
 */
export async function storeFeed(
  tx: Tx,
  feeds: readonly Feed[],
  files: readonly string[],
  now: Date,
): Promise<FeedState> {
  const kind = (feeds[0] as Feed).kind;
  // Two loadings at once must not lose what the other keeps.
  await sql`select pg_advisory_xact_lock(hashtext('ot.feed'))`.execute(tx);
  const { text, rows } = kind === "advisories" ? await mergedAdvisories(tx, feeds) : replaced(feeds, now);
  const body = await compress(Buffer.from(text), { params: { [constants.ZSTD_c_compressionLevel]: 12 } });
  await sql`insert into ot.feed (kind, loaded_at, files, row_count, body) values (${kind}, ${now}, ${[...files]}::text[], ${rows}, ${body})
    on conflict (kind) do update set loaded_at = excluded.loaded_at, files = excluded.files, row_count = excluded.row_count, body = excluded.body`.execute(
    tx,
  );
  return { kind, loadedAt: now, files, rows };
}
async function mergedAdvisories(tx: Tx, feeds: readonly Feed[]): Promise<{ text: string; rows: number }> {
  const added = feeds.flatMap((feed) => (feed.kind === "advisories" ? feed.rows : []));
  const renewed = new Set(added.map(({ advisory }) => advisory));
  const before = (await readFeeds(tx))?.advisories ?? [];
  const all = before.filter(({ advisory }) => !renewed.has(advisory)).concat(added);
  return { text: JSON.stringify(all.map(cellsOf)), rows: all.length };
}
function replaced(feeds: readonly Feed[], now: Date): { text: string; rows: number } {
  const prefixes = new Map(feeds.flatMap((feed) => (feed.kind === "oui" ? [...feed.rows] : [])));
  if (prefixes.size > 0) return { text: packOui(prefixes, now.toISOString().slice(0, 10)), rows: prefixes.size };
  const rows = feeds.flatMap((feed): readonly unknown[] =>
    feed.kind === "support" || feed.kind === "exploited" ? feed.rows : [],
  );
  return { text: JSON.stringify(rows), rows: rows.length };
}
