/** Capture files from disk: pcap and pcapng, plain or compressed with gzip or Zstandard, in constant memory. */
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { Transform, Readable } from "node:stream";
import { setImmediate as breathe } from "node:timers/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { CaptureParser, CaptureStream, type CaptureInterface, type OnPacket } from "../capture-file.ts";
import { raise } from "../errors.ts";
import { MAX_RECORD } from "../pcapng.ts";

export interface CaptureSummary {
  readonly packets: number;
  readonly interfaces: readonly CaptureInterface[];
}
export interface ReadOptions {
  /** Stops between two pieces with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Bytes read at a time; a record that is longer makes the buffer grow once, up to MAX_RECORD. Few enough that reading them does not
 * push the tables of whoever looks at the packets out of the processor's second cache.
 */
const PIECE = 64 * 1024;
/** Pieces after which other work of the process gets its turn. */
const PIECES_A_TURN = 256;

/**
 * Reads a capture file and hands each packet to `onPacket`. Throws CAPTURE_* where the file cannot be read or is damaged, after
 * the packets before the damage.
 */
export async function readCapture(
  path: string,
  onPacket: OnPacket,
  options: ReadOptions = {},
): Promise<CaptureSummary> {
  const name = basename(path);
  let descriptor: number;
  const head = new Uint8Array(4);
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    throw unreadable(name, error);
  }
  try {
    readSync(descriptor, head, 0, 4, 0);
  } catch (error) {
    closeSync(descriptor);
    throw unreadable(name, error);
  }
  const unpack = decompressorOf(head);
  if (unpack === null) {
    try {
      return await readPlain(descriptor, name, onPacket, options);
    } finally {
      closeSync(descriptor);
    }
  }
  closeSync(descriptor);
  return readPacked(createReadStream(path), unpack, name, onPacket, options);
}

/** Reads a capture that arrives in pieces, e.g. an upload or standard input, compressed or not. */
export async function readCaptureFrom(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  onPacket: OnPacket,
  options: ReadOptions = {},
): Promise<CaptureSummary> {
  const stream = new CaptureStream(name, onPacket);
  const iterator = pieces[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  for (let bytes = 0; bytes < 4;) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(next.value);
    bytes += next.value.length;
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.concat(first);
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      yield next.value;
    }
  };
  const unpack = decompressorOf(Buffer.concat(first));
  if (unpack !== null) return readPacked(Readable.from(rest()), unpack, name, onPacket, options);
  for await (const piece of rest()) {
    options.signal?.throwIfAborted();
    stream.push(piece);
  }
  stream.end();
  return { packets: stream.parser.packets, interfaces: stream.parser.interfaces };
}

function decompressorOf(head: Uint8Array): Transform | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip();
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return createZstdDecompress();
  return null;
}

async function readPlain(
  descriptor: number,
  name: string,
  onPacket: OnPacket,
  { signal }: ReadOptions,
): Promise<CaptureSummary> {
  const parser = new CaptureParser(name, onPacket);
  let buffer = new Uint8Array(PIECE);
  let left = 0;
  let skip = 0;
  for (let pieces = 1; ; pieces++) {
    if (left === buffer.length) {
      const larger = new Uint8Array(Math.min(2 * buffer.length, 2 * MAX_RECORD));
      larger.set(buffer);
      buffer = larger;
    }
    const read = readSync(descriptor, buffer, left, buffer.length - left, null);
    if (read === 0) break;
    const to = left + read;
    const passed = Math.min(skip, read);
    skip -= passed;
    const at = passed + parser.parse(buffer, passed, to);
    skip += Math.max(0, at - to);
    left = Math.max(0, to - at);
    if (left > 0 && at > 0) buffer.copyWithin(0, at, to);
    if (pieces % PIECES_A_TURN === 0) {
      signal?.throwIfAborted();
      await breathe();
    }
  }
  parser.end(left + skip);
  return { packets: parser.packets, interfaces: parser.interfaces };
}

async function readPacked(
  source: Readable,
  unpack: Transform,
  name: string,
  onPacket: OnPacket,
  { signal }: ReadOptions,
): Promise<CaptureSummary> {
  const stream = new CaptureStream(name, onPacket);
  let unpacking = true;
  source.on("error", (error) => unpack.destroy(error));
  try {
    for await (const piece of source.pipe(unpack) as AsyncIterable<Uint8Array>) {
      signal?.throwIfAborted();
      unpacking = false;
      stream.push(piece);
      unpacking = true;
    }
    unpacking = false;
    stream.end();
  } catch (error) {
    if (!unpacking || signal?.aborted === true) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw raise(
      "CAPTURE_COMPRESSION_DAMAGED",
      { file: name, packets: stream.parser.packets, reason },
      { cause: error },
    );
  } finally {
    source.destroy();
    unpack.destroy();
  }
  return { packets: stream.parser.packets, interfaces: stream.parser.interfaces };
}

const unreadable = (file: string, error: unknown): Error =>
  raise(
    "CAPTURE_UNREADABLE",
    { file, reason: (error as NodeJS.ErrnoException).code ?? String(error) },
    { cause: error },
  );
