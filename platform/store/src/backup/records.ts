/**
 * The file of a backup: one line of JSON that a person can read (`head -1 FILE`), then a zstd stream of records.
 *
 * | u32 length of head | head: JSON | u32 length of body | body |      (little endian)
 *
 * The last record has kind `end`, the number of records before it and the SHA-256 of their bytes: a file that was cut or
 * changed is recognised before anything is restored.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress, createZstdDecompress } from "node:zlib";
import type { Applied } from "../migrations/read.ts";
import { raise } from "../errors.ts";

export const BACKUP_VERSION = 1;

export interface BackupHeader {
  readonly format: "yagura-backup";
  readonly version: number;
  readonly createdAt: string;
  /** What was applied in the stores when the backup was made. */
  readonly postgres: readonly Applied[];
  readonly clickhouse: readonly Applied[];
}

export type RecordHead =
  | { readonly kind: "file"; readonly path: string; readonly mode: number }
  | {
      readonly kind: "table";
      readonly table: string;
      readonly columns: readonly string[];
      readonly types: readonly string[];
    }
  /** Body: an array of rows, each an array of text or null, as JSON. */
  | { readonly kind: "rows" }
  | { readonly kind: "sequence"; readonly sequence: string; readonly value: string; readonly called: boolean }
  | {
      readonly kind: "telemetry";
      readonly table: string;
      readonly columns: readonly string[];
      readonly rows: number | null;
    }
  /** Body: a piece of the table's rows in ClickHouse's Native format. */
  | { readonly kind: "native" }
  | { readonly kind: "end"; readonly records: number; readonly sha256: string };

export interface BackupRecord {
  readonly head: RecordHead;
  readonly body: Uint8Array;
}

const nothing = new Uint8Array(0);
/** Bytes of a record's head or body at most; a larger number means that the file is damaged. */
const PART_LIMIT = 1 << 30;
const HEADER_LIMIT = 1 << 22;

export const record = (head: RecordHead, body: Uint8Array = nothing): BackupRecord => ({ head, body });

/** Writes and syncs a file that must not exist. Gives its records' number. */
export async function writeRecords(
  path: string,
  header: BackupHeader,
  records: AsyncIterable<BackupRecord>,
): Promise<number> {
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, flush: true });
  let count = 0;
  const encode = async function* (): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    const encoded = (one: BackupRecord): Buffer => {
      const head = Buffer.from(JSON.stringify(one.head));
      const front = Buffer.allocUnsafe(8);
      front.writeUInt32LE(head.length, 0);
      front.writeUInt32LE(one.body.length, 4);
      return Buffer.concat([front.subarray(0, 4), head, front.subarray(4), one.body]);
    };
    for await (const one of records) {
      const bytes = encoded(one);
      hash.update(bytes);
      count++;
      yield bytes;
    }
    yield encoded(record({ kind: "end", records: count, sha256: hash.digest("hex") }));
  };
  const title = Buffer.from(`${JSON.stringify(header)}\n`);
  let titled = false;
  // The first line stays readable: it is put before the compressed bytes.
  const before = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!titled) this.push(title);
      titled = true;
      done(null, chunk);
    },
  });
  await pipeline(Readable.from(encode(), { objectMode: true, highWaterMark: 2 }), createZstdCompress(), before, file);
  return count;
}

/** Reads the first line. Throws BACKUP_FILE_INVALID. */
export async function readHeader(path: string): Promise<{ header: BackupHeader; offset: number }> {
  let file;
  try {
    file = await open(path, "r");
  } catch (cause) {
    throw raise("BACKUP_FILE_INVALID", { file: path, reason: (cause as Error).message }, { cause });
  }
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_LIMIT), 0, HEADER_LIMIT, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(10);
    const header = JSON.parse(buffer.toString("utf8", 0, Math.max(0, end))) as BackupHeader;
    if (header.format !== "yagura-backup" || header.version !== BACKUP_VERSION)
      throw new Error("another format or version");
    return { header, offset: end + 1 };
  } catch (cause) {
    throw raise(
      "BACKUP_FILE_INVALID",
      { file: path, reason: `its first line: ${(cause as Error).message}` },
      { cause },
    );
  } finally {
    await file.close();
  }
}

/** The records in order, without the last. Throws BACKUP_FILE_INVALID at the first damage, at the latest at the end. */
export async function* readRecords(path: string, offset: number): AsyncGenerator<BackupRecord> {
  const invalid = (reason: string, cause?: unknown): Error =>
    raise("BACKUP_FILE_INVALID", { file: path, reason }, { cause });
  const hash = createHash("sha256");
  let count = 0;
  let end: (RecordHead & { kind: "end" }) | undefined;
  const source = createReadStream(path, { start: offset });
  const stream = source.pipe(createZstdDecompress());
  source.on("error", (error) => stream.destroy(error));
  try {
    for await (const { bytes, one } of split(stream)) {
      if (end !== undefined) throw new Error("records after the end");
      if (one.head.kind === "end") {
        end = one.head;
        continue;
      }
      hash.update(bytes);
      count++;
      yield one;
    }
  } catch (error) {
    throw invalid((error as Error).message, error);
  } finally {
    source.destroy();
  }
  if (end === undefined) throw invalid("it was cut short");
  if (end.records !== count || end.sha256 !== hash.digest("hex")) throw invalid("its checksum does not fit");
}

async function* split(stream: AsyncIterable<Buffer>): AsyncGenerator<{ bytes: Buffer; one: BackupRecord }> {
  let have: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    have = have.length === 0 ? chunk : Buffer.concat([have, chunk]);
    for (let one = take(have); one !== undefined; one = take(have)) {
      yield { bytes: have.subarray(0, one.length), one: one.record };
      have = have.subarray(one.length);
    }
  }
  if (have.length > 0) throw new Error("it was cut short");
}

function take(have: Buffer): { length: number; record: BackupRecord } | undefined {
  if (have.length < 8) return undefined;
  const head = have.readUInt32LE(0);
  if (head > PART_LIMIT) throw new Error("a record is damaged");
  if (have.length < 8 + head) return undefined;
  const body = have.readUInt32LE(4 + head);
  if (body > PART_LIMIT) throw new Error("a record is damaged");
  const length = 8 + head + body;
  if (have.length < length) return undefined;
  const text = have.toString("utf8", 4, 4 + head);
  return { length, record: { head: JSON.parse(text) as RecordHead, body: have.subarray(8 + head, length) } };
}
