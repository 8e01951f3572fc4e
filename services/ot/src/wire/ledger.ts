/**
 * The ledger of uploads (N1 of the goals): a chain of hashes that the sensor keeps beside the customer and the server keeps
 * for itself, so that either can prove to the other what was uploaded and that nothing else was.
 *
 *   content   SHA-256 of the body without `ledger`, as canonical JSON (RFC 8785)
 *   hash      SHA-256 of "yagura-ot-ledger-1 NUMBER PREVIOUS CONTENT"
 *   previous  hash of the upload before; of the first, 64 zeros
 *
 * Hashes are lower-case hexadecimal. The sensor notes an upload before it hands it on: a number that the server does not know
 * was lost on the way (the spool was full), a number that the sensor does not know was never sent by it.
 */
import type { MetadataBody } from "./metadata.ts";

export const FIRST_PREVIOUS = "0".repeat(64);
/** SHA-256 of a text in UTF-8, lower-case hexadecimal. */
export type Sha256 = (text: string) => string;

/** JSON with sorted names and without blanks (RFC 8785; metadata has whole numbers only). */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(",")}}`;
}

/** Hash of what an upload says, wherever it stands in the chain. */
export function contentHash(body: MetadataBody, sha256: Sha256): string {
  const { ledger: _, ...content } = body;
  return sha256(canonical(content));
}
/** Hash of the upload at its place in the chain. */
export const chainHash = (
  entry: { readonly number: number; readonly previous: string; readonly content: string },
  sha256: Sha256,
): string => sha256(`yagura-ot-ledger-1 ${entry.number} ${entry.previous} ${entry.content}`);

/** What the server computes of a body that it received, and the sensor of one that it sends. */
export function ledgerOf(body: MetadataBody, sha256: Sha256): LedgerLink & { readonly content: string } {
  const content = contentHash(body, sha256);
  return { ...body.ledger, content, hash: chainHash({ ...body.ledger, content }, sha256) };
}

export interface LedgerLink {
  readonly number: number;
  readonly previous: string;
  readonly hash: string;
}

/** What does not agree between the sensor's ledger and the server's. */
export interface LedgerComparison {
  /** Uploads that both know with the same hash. */
  readonly same: number;
  /** Both know the number, but not with the same hash: one of them was changed. */
  readonly different: readonly number[];
  /** The server has them; the sensor (which keeps only so many) should know them and does not. */
  readonly unknown: readonly number[];
  /** Sent but not (yet) with the server, between its first and its last. */
  readonly missing: readonly number[];
  /** Newer than the server's last: on the way. */
  readonly waiting: number;
  /** The server has them, and the sensor's ledger no longer reaches back so far. */
  readonly older: number;
}

/** Compares the two. Order does not matter. */
export function compareLedgers(
  sensor: readonly Pick<LedgerLink, "number" | "hash">[],
  server: readonly Pick<LedgerLink, "number" | "hash">[],
): LedgerComparison {
  const own = new Map(sensor.map(({ number, hash }) => [number, hash]));
  const theirs = new Set(server.map(({ number }) => number));
  const firstOwn = sensor.reduce((least, { number }) => Math.min(least, number), Number.POSITIVE_INFINITY);
  const firstTheirs = server.reduce((least, { number }) => Math.min(least, number), Number.POSITIVE_INFINITY);
  const lastTheirs = server.reduce((most, { number }) => Math.max(most, number), 0);
  const [different, unknown, missing]: number[][] = [[], [], []];
  let [same, older, waiting] = [0, 0, 0];
  for (const { number, hash } of server) {
    const found = own.get(number);
    if (found === hash) same++;
    else if (found !== undefined) different?.push(number);
    else if (number < firstOwn) older++;
    else unknown?.push(number);
  }
  for (const { number } of sensor) {
    if (theirs.has(number) || number < firstTheirs) continue;
    if (number > lastTheirs) waiting++;
    else missing?.push(number);
  }
  const sorted = (numbers: number[] = []): number[] => numbers.toSorted((a, b) => a - b);
  return { same, different: sorted(different), unknown: sorted(unknown), missing: sorted(missing), waiting, older };
}
