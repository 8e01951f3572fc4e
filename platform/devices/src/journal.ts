/** The journal's row format: the bodies of one group as they came (compressed), each with what the door knew. Pure but for zlib. */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import type { AnyBatch } from "@yagura/wire/envelope.ts";
import { MAX_BATCH_BYTES } from "@yagura/wire/envelope.ts";
import type { IngestBatch } from "./devices.ts";

export type Encoding = "zstd" | "gzip" | "identity";

/** A batch that the door has let in. */
export interface TakenBatch {
  readonly kind: string;
  readonly batch: IngestBatch<unknown>;
  readonly encoding: Encoding;
  /** The request's body. */
  readonly bytes: Buffer;
}

interface Head {
  readonly device: string;
  readonly organisation: string;
  readonly receivedAt: number;
  readonly clockOffset: number;
  readonly encoding: Encoding;
  readonly bytes: number;
}

/** Inflates a body. Throws a RangeError with code ERR_BUFFER_TOO_LARGE above the limit: a small body may hide a huge one. */
export function inflate(bytes: Buffer, encoding: Encoding): Buffer {
  if (encoding === "identity") return bytes;
  const options = { maxOutputLength: MAX_BATCH_BYTES };
  return encoding === "zstd" ? zstdDecompressSync(bytes, options) : gunzipSync(bytes, options);
}

/** What the door knows of a batch beside its bytes. */
export interface Known {
  readonly device: string;
  readonly organisation: string;
  /** Microseconds, the server's clock. */
  readonly receivedAt: number;
  /** Server minus program clock, µs: as the batch says, else as the program knew when it sent it, else 0. */
  readonly clockOffset: number;
}

/** The batch as the services see it. */
export function toIngest(batch: AnyBatch, known: Known): IngestBatch<unknown> {
  return {
    device: known.device,
    organisation: known.organisation,
    epoch: batch.epoch,
    sequence: batch.sequence,
    receivedAt: known.receivedAt,
    clockOffset: known.clockOffset,
    body: batch.body,
  };
}

/** One row: a line of JSON per batch, then the bodies one after another. */
export function packGroup(group: readonly TakenBatch[]): Buffer {
  const heads = group.map(({ batch, encoding, bytes }): Head => ({
    device: batch.device,
    organisation: batch.organisation,
    receivedAt: batch.receivedAt,
    clockOffset: batch.clockOffset,
    encoding,
    bytes: bytes.length,
  }));
  const text = Buffer.from(JSON.stringify(heads));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, ...group.map(({ bytes }) => bytes)]);
}

/** The same batches again, read from the row. */
export function unpackGroup(row: Buffer): TakenBatch[] {
  const start = 4 + row.readUInt32LE(0);
  const heads = JSON.parse(row.toString("utf8", 4, start)) as Head[];
  let at = start;
  return heads.map((head) => {
    const bytes = row.subarray(at, at + head.bytes);
    at += head.bytes;
    const parsed = JSON.parse(inflate(bytes, head.encoding).toString("utf8")) as AnyBatch;
    return { kind: parsed.kind, batch: toIngest(parsed, head), encoding: head.encoding, bytes };
  });
}
