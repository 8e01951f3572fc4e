/**
 * The bounded spool: batches that wait to be acknowledged, in append-only segment files.
 *
 *   segment   "YSP1" | u32 length | u32 crc | JSON { epoch, first, dropped } | records …
 *   record    u32 length | u32 crc of sequence and bytes | u64 sequence, top bit: urgent | bytes
 *
 * A record is written when the batch is sealed (so it survives kill -9) and synced to the disk before it is first sent (so a
 * number that the server may know is never given to other bytes, even after a loss of power). A tail that is torn ends the
 * epoch: what is after it gets new numbers of a new epoch. Which batches were acknowledged is noted now and then, without
 * haste: a batch sent again is answered as a duplicate. When full, the oldest segment is dropped and its batches are counted.
 * Urgent batches go before all others, however much waits.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { readJson, syncFolder, writeWhole } from "./files.ts";
import type { EdgeLog } from "./service.ts";

const MAGIC = 0x31505359;
const HEAD = 12;
const RECORD = 16;
const URGENT = 1n << 63n;
/** A segment is closed at this size, or at an eighth of the spool's limit if that is less. */
const SEGMENT_BYTES = 1024 * 1024;
/** Acknowledgements are noted after this many. */
const NOTE_EVERY = 32;

export interface SpooledBatch {
  readonly epoch: string;
  readonly sequence: number;
  readonly bytes: number;
  readonly urgent: boolean;
}
export interface SpoolHead {
  readonly epoch: string;
  readonly sequence: number;
  /** Batches dropped unsent since the epoch began. */
  readonly dropped: number;
}
export interface Spool {
  /** Seals and keeps a batch; null when the disk would not take it (then it is counted as dropped). */
  append(seal: (head: SpoolHead) => Buffer, urgent?: boolean): number | null;
  /** The oldest urgent batch (unless `urgentFirst` is false) that waits and is not in `except`, else the oldest. */
  next(except: ReadonlySet<SpooledBatch>, urgentFirst?: boolean): SpooledBatch | null;
  /** Its bytes, or null when it was dropped meanwhile. */
  read(batch: SpooledBatch): Buffer | null;
  /** Makes all that is appended durable. */
  sync(): Promise<void>;
  /** Acknowledged: it will not be sent again. */
  done(batch: SpooledBatch): void;
  /** The batch is bad: it is moved beside the spool (the newest 16 are kept there) and counted. */
  setAside(batch: SpooledBatch, why: string): void;
  /** No number of the batch's epoch below this will be sent any more. */
  oldest(batch: SpooledBatch): number;
  stats(): { batches: number; bytes: number; limit: number; dropped: number; aside: number };
  /** Notes the acknowledgements and closes the files. */
  close(): void;
}

interface Segment {
  readonly index: number;
  readonly path: string;
  readonly epoch: string;
  size: number;
  /** Batches in it that wait. */
  waiting: Set<Entry>;
}
interface Entry extends SpooledBatch {
  readonly segment: Segment;
  readonly offset: number;
}
interface Note {
  readonly epoch: string;
  readonly oldest: number;
  readonly next: number;
  readonly dropped: number;
  readonly aside: number;
}

/** Opens the spool of a folder; `limit` in bytes of files. */
export function openSpool(folder: string, limit: number, log: EdgeLog): Spool {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const segmentBytes = Math.min(SEGMENT_BYTES, Math.floor(limit / 8));
  const noteFile = join(folder, "acknowledged.json");
  const note = readJson<Note>(noteFile);
  const segments: Segment[] = [];
  /** Urgent batches that wait, oldest first. */
  const urgents = new Set<Entry>();
  let dropped = note?.dropped ?? 0;
  let aside = note?.aside ?? 0;
  let [epoch, sequence] = recover();
  let active: { segment: Segment; file: number } | null = null;
  let acknowledged = 0;
  // Batches appended, and of these how many are durable.
  let [appended, durable] = [0, 0];

  /** Reads what is there; gives the epoch and the first number for what comes next. */
  function recover(): [epoch: string, next: number] {
    let last: [string, number] | null = null;
    let torn = false;
    for (const name of readdirSync(folder)
      .filter((file) => /^\d{8}\.seg$/.test(file))
      .sort()) {
      const read = readSegment(join(folder, name), Number(name.slice(0, 8)), note);
      torn = read === null || read.torn;
      if (read === null) {
        log.warn("a spool segment was unreadable and is removed", { file: name });
        rmSync(join(folder, name), { force: true });
        continue;
      }
      if (read.torn) log.warn("a spool segment has a torn tail; what is whole will be sent", { file: name });
      segments.push(read.segment);
      for (const entry of read.segment.waiting) if (entry.urgent) urgents.add(entry);
      last = [read.segment.epoch, read.next];
      dropped = Math.max(dropped, read.dropped);
    }
    for (const segment of segments.filter(({ waiting }) => waiting.size === 0)) remove(segment);
    const noted: [string, number] | null = note === null ? null : [note.epoch, note.next];
    if (last === null || (noted !== null && noted[0] === last[0] && noted[1] > last[1])) last = noted;
    if (last !== null && !torn) return last;
    dropped = 0;
    return [randomBytes(8).toString("hex"), 1];
  }

  function remove(segment: Segment): void {
    rmSync(segment.path, { force: true });
    segments.splice(segments.indexOf(segment), 1);
  }
  const size = (): number => segments.reduce((sum, segment) => sum + segment.size, 0);

  /** A new active segment; its first bytes say which number comes first, so that the number outlives the segment before. */
  function rotate(): { segment: Segment; file: number } {
    const index = (segments.at(-1)?.index ?? 0) + 1;
    const path = join(folder, `${String(index).padStart(8, "0")}.seg`);
    const head = Buffer.from(JSON.stringify({ epoch, first: sequence, dropped }));
    const start = Buffer.alloc(HEAD);
    start.writeUInt32LE(MAGIC, 0);
    start.writeUInt32LE(head.length, 4);
    start.writeUInt32LE(crc32(head), 8);
    const file = openSync(path, "w+", 0o600);
    try {
      writeAll(file, Buffer.concat([start, head]), 0);
    } catch (error) {
      closeSync(file);
      rmSync(path, { force: true });
      throw error;
    }
    const segment: Segment = { index, path, epoch, size: HEAD + head.length, waiting: new Set() };
    segments.push(segment);
    if (active !== null) {
      const before = active;
      // A file that is closed cannot be synced any more.
      if (durable < appended) fdatasyncSync(before.file);
      durable = appended;
      closeSync(before.file);
      if (before.segment.waiting.size === 0) remove(before.segment);
    }
    active = { segment, file };
    syncFolder(folder);
    return active;
  }

  function dropOldest(why: string): boolean {
    const oldest = segments.find((segment) => segment !== active?.segment);
    if (oldest === undefined) return false;
    dropped += oldest.waiting.size;
    for (const entry of oldest.waiting) urgents.delete(entry);
    log.warn("the spool is full: the oldest batches were dropped", { batches: oldest.waiting.size, why });
    oldest.waiting.clear();
    remove(oldest);
    return true;
  }

  function write(bytes: Buffer, urgent: boolean): void {
    let place = active;
    if (place === null || place.segment.size + RECORD + bytes.length > segmentBytes) {
      if (place === null || place.segment.size > 1_000) place = rotate();
    }
    while (size() + RECORD + bytes.length > limit && dropOldest("limit reached"));
    const head = Buffer.alloc(RECORD);
    head.writeUInt32LE(bytes.length, 0);
    head.writeBigUInt64LE(BigInt(sequence) | (urgent ? URGENT : 0n), 8);
    head.writeUInt32LE(crc32(bytes, crc32(head.subarray(8))), 4);
    const { segment, file } = place;
    try {
      writeAll(file, Buffer.concat([head, bytes]), segment.size);
    } catch (error) {
      ftruncateSync(file, segment.size);
      throw error;
    }
    const entry = { epoch, sequence, bytes: bytes.length, segment, offset: segment.size + RECORD, urgent };
    segment.waiting.add(entry);
    if (urgent) urgents.add(entry);
    segment.size += RECORD + bytes.length;
    appended++;
  }

  function noteNow(): void {
    acknowledged = 0;
    let first = sequence;
    for (const segment of segments) {
      if (segment.epoch !== epoch) continue;
      for (const entry of segment.waiting) first = Math.min(first, entry.sequence);
    }
    writeNote({ epoch, oldest: first, next: sequence, dropped, aside });
  }
  function writeNote(what: Note): void {
    try {
      writeWhole(noteFile, JSON.stringify(what));
    } catch (error) {
      log.warn("the spool's note could not be written", { cause: String(error) });
    }
  }

  return {
    append(seal, urgent = false) {
      const bytes = seal({ epoch, sequence, dropped });
      for (;;) {
        try {
          write(bytes, urgent);
          return sequence++;
        } catch (error) {
          if (dropOldest(String(error))) continue;
          dropped++;
          log.error("a batch was dropped: the disk would not take it", { cause: String(error) });
          return null;
        }
      }
    },
    next(except, urgentFirst = true) {
      if (urgentFirst) for (const entry of urgents) if (!except.has(entry)) return entry;
      for (const segment of segments) for (const entry of segment.waiting) if (!except.has(entry)) return entry;
      return null;
    },
    read(batch) {
      const { segment, offset, bytes } = batch as Entry;
      if (!segment.waiting.has(batch as Entry)) return null;
      const buffer = Buffer.alloc(bytes);
      const own = active?.segment === segment ? active.file : openSync(segment.path, "r");
      try {
        return readSync(own, buffer, 0, bytes, offset) === bytes ? buffer : null;
      } finally {
        if (own !== active?.file) closeSync(own);
      }
    },
    sync() {
      if (durable === appended || active === null) return Promise.resolve();
      const [{ file }, upTo] = [active, appended];
      return new Promise((resolve, reject) => {
        fdatasync(file, (error) => {
          // EBADF: a new segment was begun meanwhile, which synced this one.
          if (error !== null && error.code !== "EBADF") return reject(error);
          durable = Math.max(durable, upTo);
          resolve();
        });
      });
    },
    done(batch) {
      const entry = batch as Entry;
      if (!entry.segment.waiting.delete(entry)) return;
      urgents.delete(entry);
      if (entry.segment.waiting.size === 0 && entry.segment !== active?.segment) remove(entry.segment);
      if (++acknowledged >= NOTE_EVERY) noteNow();
    },
    setAside(batch, why) {
      const bytes = this.read(batch);
      aside++;
      if (bytes !== null) {
        const place = join(folder, "aside");
        try {
          mkdirSync(place, { recursive: true, mode: 0o700 });
          writeWhole(
            join(place, `${batch.epoch}-${batch.sequence}.json`),
            JSON.stringify({ why, body: bytes.toString("base64") }),
          );
          for (const old of readdirSync(place).sort().slice(0, -16)) rmSync(join(place, old), { force: true });
        } catch (error) {
          log.warn("a refused batch could not be kept beside the spool", { cause: String(error) });
        }
      }
      this.done(batch);
      noteNow();
    },
    oldest(batch) {
      let least = batch.epoch === epoch ? sequence : Number.MAX_SAFE_INTEGER;
      for (const segment of segments) {
        if (segment.epoch !== batch.epoch) continue;
        // Entries of a segment are in order: the first that waits is the least of it.
        for (const entry of segment.waiting) {
          least = Math.min(least, entry.sequence);
          break;
        }
      }
      return Math.min(least, batch.sequence);
    },
    stats: () => ({
      batches: segments.reduce((sum, { waiting }) => sum + waiting.size, 0),
      bytes: size(),
      limit,
      dropped,
      aside,
    }),
    close() {
      noteNow();
      if (active !== null) closeSync(active.file);
      active = null;
    },
  };
}

function writeAll(file: number, bytes: Buffer, at: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}

/** A segment as it stands on the disk; null when even its head is unreadable. */
function readSegment(
  path: string,
  index: number,
  note: Note | null,
): { segment: Segment; next: number; torn: boolean; dropped: number } | null {
  const file = readFileSync(path);
  if (file.length < HEAD || file.readUInt32LE(0) !== MAGIC) return null;
  const start = HEAD + file.readUInt32LE(4);
  if (start > file.length || crc32(file.subarray(HEAD, start)) !== file.readUInt32LE(8)) return null;
  const head = JSON.parse(file.toString("utf8", HEAD, start)) as { epoch: string; first: number; dropped: number };
  const segment: Segment = { index, path, epoch: head.epoch, size: start, waiting: new Set() };
  let next = head.first;
  let at = start;
  while (at + RECORD <= file.length) {
    const length = file.readUInt32LE(at);
    const end = at + RECORD + length;
    if (end > file.length) break;
    const sum = crc32(file.subarray(at + RECORD, end), crc32(file.subarray(at + 8, at + RECORD)));
    if (sum !== file.readUInt32LE(at + 4)) break;
    const number = file.readBigUInt64LE(at + 8);
    const [sequence, urgent] = [Number(number & ~URGENT), (number & URGENT) !== 0n];
    const known = note !== null && note.epoch === head.epoch && sequence < note.oldest;
    if (!known)
      segment.waiting.add({ epoch: head.epoch, sequence, bytes: length, segment, offset: at + RECORD, urgent });
    next = sequence + 1;
    at = end;
  }
  segment.size = at;
  return { segment, next, torn: at !== file.length, dropped: head.dropped };
}
