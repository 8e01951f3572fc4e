/**
 * The ledger on the sensor's disk: one line for each upload, added and synced before it is handed on (wire/ledger.ts says what
 * the hashes are). Files of FILE_LINES lines; the oldest are removed beyond KEPT_DAYS or KEPT_FILES.
 *
 *   first line    "yagura-ot-ledger-1" PREVIOUS
 *   other lines   NUMBER FROM TO URGENT(0|1) ROWS TEXTS BYTES TOKENS(check or -) CONTENT HASH
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { syncFolder } from "@yagura/edge/files.ts";
import { chainHash, FIRST_PREVIOUS, ledgerOf, type Sha256 } from "../wire/ledger.ts";
import { tableNames, type MetadataBody } from "../wire/metadata.ts";
import { rowCount } from "./rebuild.ts";

const HEAD = "yagura-ot-ledger-1";
export const FILE_LINES = 10_000;
const KEPT_DAYS = 400;
/** About 200 MB. */
const KEPT_FILES = 100;
const DAY = 86_400_000_000;

export interface LedgerLine {
  readonly number: number;
  /** The interval, µs since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly urgent: boolean;
  readonly rows: number;
  readonly texts: number;
  /** Of the body as JSON. */
  readonly bytes: number;
  readonly tokens: string | null;
  readonly content: string;
  readonly hash: string;
  readonly previous: string;
}
export interface LedgerReading {
  readonly lines: readonly LedgerLine[];
  /** What does not fit, in words; empty: the chain is whole. */
  readonly faults: readonly string[];
}
export interface LedgerFile {
  /** Where the next upload stands. */
  next(): MetadataBody["ledger"];
  /** Notes an upload, durably. Throws the system's error: then it must not be sent. */
  add(body: MetadataBody): LedgerLine;
  close(): void;
}

const write = (line: LedgerLine): string =>
  `${line.number} ${line.from} ${line.to} ${line.urgent ? 1 : 0} ${line.rows} ${line.texts} ${line.bytes} ${line.tokens ?? "-"} ${line.content} ${line.hash}\n`;

const LINE = /^(\d+) (\d+) (\d+) ([01]) (\d+) (\d+) (\d+) ([0-9a-f]{16}|-) ([0-9a-f]{64}) ([0-9a-f]{64})$/;
function read(text: string, previous: string): LedgerLine | null {
  const found = LINE.exec(text);
  if (found === null) return null;
  const [number = 0, from = 0, to = 0, urgent = 0, rows = 0, texts = 0, bytes = 0] = found.slice(1, 8).map(Number);
  const [tokens = "-", content = "", hash = ""] = found.slice(8);
  return { number, from, to, urgent: urgent === 1, rows, texts, bytes, tokens: tokens === "-" ? null : tokens, content, hash, previous }; // prettier-ignore
}

const filesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{12}\.ledger$/.test(name))
      .sort();
  } catch {
    return [];
  }
};

/** Opens it; a line that was torn by a crash is taken away: its upload was never handed on. */
export function openLedger(folder: string, sha256: Sha256): LedgerFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let { number, hash, lines, file } = resume(folder);
  function begin(): number {
    if (file !== null && lines < FILE_LINES) return file;
    if (file !== null) closeSync(file);
    file = openSync(join(folder, `${String(number + 1).padStart(12, "0")}.ledger`), "ax", 0o600);
    writeSync(file, `${HEAD} ${hash}\n`);
    syncFolder(folder);
    lines = 0;
    return file;
  }
  return {
    next: () => ({ number: number + 1, previous: hash }),
    add(body) {
      const handle = begin();
      const { content, hash: own } = ledgerOf(body, sha256);
      const line: LedgerLine = {
        number: body.ledger.number,
        previous: body.ledger.previous,
        from: body.from,
        to: body.to,
        urgent: body.urgent,
        rows: tableNames.reduce((sum, table) => sum + rowCount(body, table), 0),
        texts: body.texts.length,
        bytes: Buffer.byteLength(JSON.stringify(body)),
        tokens: body.tokens?.check ?? null,
        content,
        hash: own,
      };
      appendWhole(handle, write(line));
      [number, hash] = [line.number, line.hash];
      if (++lines === 1) forget(folder, body.to);
      return line;
    },
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

/** All of the line or nothing of it. */
function appendWhole(file: number, text: string): void {
  const octets = Buffer.from(text);
  let done = 0;
  try {
    while (done < octets.length) done += writeSync(file, octets, done);
    fdatasyncSync(file);
  } catch (error) {
    ftruncateSync(file, fstatSync(file).size - done);
    throw error;
  }
}

interface Place {
  number: number;
  hash: string;
  /** Lines of the newest file. */
  lines: number;
  file: number | null;
}
function resume(folder: string): Place {
  for (const name of filesOf(folder).toReversed()) {
    const path = join(folder, name);
    const text = readFileSync(path, "utf8");
    const head = new RegExp(`^${HEAD} ([0-9a-f]{64})\n`).exec(text);
    if (head === null) {
      // The program ended between making the file and its first line.
      rmSync(path);
      continue;
    }
    const place: Place = { number: Number(name.slice(0, 12)) - 1, hash: head[1] as string, lines: 0, file: null };
    const rows = text.slice(head[0].length).split("\n");
    const torn = Buffer.byteLength(rows.pop() ?? "");
    for (const row of rows) {
      const line = read(row, place.hash);
      place.lines++;
      // One that cannot be read in the midst is told by `readLedger`; the chain goes on behind the last that can.
      if (line !== null) [place.number, place.hash] = [line.number, line.hash];
    }
    place.file = openSync(path, "a", 0o600);
    if (torn > 0) ftruncateSync(place.file, fstatSync(place.file).size - torn);
    return place;
  }
  return { number: 0, hash: FIRST_PREVIOUS, lines: 0, file: null };
}

/** Removes files whose successor is older than KEPT_DAYS, and more than KEPT_FILES. */
function forget(folder: string, now: number): void {
  const files = filesOf(folder);
  for (const [i, name] of files.slice(0, -1).entries()) {
    const next = readFileSync(join(folder, files[i + 1] as string), "latin1").split("\n")[1] ?? "";
    const began = Number(next.split(" ")[1] ?? now);
    if (files.length - i <= KEPT_FILES && now - began < KEPT_DAYS * DAY) return;
    rmSync(join(folder, name));
  }
}

/** Reads the whole ledger and checks its chain. */
export function readLedger(folder: string, sha256: Sha256): LedgerReading {
  const lines: LedgerLine[] = [];
  const faults: string[] = [];
  for (const name of filesOf(folder)) {
    const [head = "", ...rest] = readFileSync(join(folder, name), "utf8").split("\n");
    let previous = head.startsWith(`${HEAD} `) ? head.slice(HEAD.length + 1) : "";
    const before = lines.at(-1);
    if (before !== undefined && previous !== before.hash)
      faults.push(`${name} does not begin with the hash of upload ${before.number}`);
    for (const [i, text] of rest.entries()) {
      if (text === "" && i === rest.length - 1) break;
      const line = read(text, previous);
      if (line === null) {
        faults.push(`${name}: line ${i + 2} cannot be read`);
        continue;
      }
      const last = lines.at(-1);
      if (last !== undefined && line.number !== last.number + 1)
        faults.push(`upload ${last.number} is followed by ${line.number}`);
      if (chainHash(line, sha256) !== line.hash) faults.push(`upload ${line.number} does not have its hash`);
      lines.push(line);
      previous = line.hash;
    }
  }
  return { lines, faults };
}
