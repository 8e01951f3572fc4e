/**
 * Niagara Fox (Tridium; TCP 1911, and inside TLS 4911), text:
 *
 *   fox <kind> <number> <answer to> <channel> <command> LF  { LF  key=type:value LF …  };; LF
 *   value of type b, o: length[bytes]
 *
 * Tridium does not publish it; layout as in captures and in nmap's fox-info. Codes: those of this file's table; other commands are OTHER
 * with "channel command" as label. Identity: the hello of each side. User names, passwords and answers to challenges are not read.
 * Limits: MAX_LINES. Weirds: "bad-value", "too-long".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { functionTable } from "./codecs/functions.ts";
import {
  MAX_MESSAGE,
  NEED_MORE,
  NOT_MINE,
  recognised,
  type Context,
  type Dissector,
  type Recognised,
} from "./dissector.ts";

/** Lines of one message that are read. */
const MAX_LINES = 2_048;
const LF = 0x0a;
const MAGIC = 0x66_6f_78_20;

export const OTHER = 0;
const HELLO = 1;

const functions = functionTable([
  [OTHER, "other", "other"],
  [HELLO, "fox hello", "session"],
  [2, "fox challenge", "login"],
  [3, "fox login", "login"],
  [4, "fox welcome", "login"],
  [5, "fox rejected", "login"],
  [6, "fox keepAlive", "session"],
  [7, "fox close", "session"],
  [8, "channel open", "session"],
  [9, "channel close", "session"],
]);
const codes: ReadonlyMap<string, number> = new Map([
  ["fox hello", HELLO],
  ["fox challenge", 2],
  ["fox login", 3],
  ["fox welcome", 4],
  ["fox rejected", 5],
  ["fox keepAlive", 6],
  ["fox close", 7],
]);

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

function recognise(r: Reader): Recognised {
  if (r.left < 8 || r.peek32() !== MAGIC) return recognised.no;
  const kind = r.peek(4);
  return kind >= 0x61 && kind <= 0x7a && r.peek(5) === 0x20 && (isDigit(r.peek(6)) || r.peek(6) === 0x2d)
    ? recognised.sure
    : recognised.no;
}

/** Bytes of the next line without its LF, −1 when it is not whole. */
function lineLength(r: Reader): number {
  for (let k = r.at; k < r.end; k++) if (r.bytes[k] === LF) return k - r.at;
  return -1;
}

/** `b:44[` or `o:bog 61[` at the end of the key: bytes to skip behind the bracket; −1 when the line holds its value. */
function blobLength(r: Reader, length: number): number {
  const { at } = r;
  let k = at;
  const end = at + length;
  while (k < end && r.bytes[k] !== 0x3d) k++;
  const type = r.bytes[k + 1];
  if (k + 2 >= end || r.bytes[k + 2] !== 0x3a || (type !== 0x62 && type !== 0x6f)) return -1;
  let size = -1;
  for (k += 3; k < end && k < at + 256; k++) {
    const byte = r.bytes[k] as number;
    if (isDigit(byte)) size = (size < 0 ? 0 : size) * 10 + byte - 0x30;
    else if (byte === 0x5b) {
      if (size < 0 || size > MAX_MESSAGE) return -1;
      bracket = k + 1;
      return size;
    } else if (byte === 0x20) size = -1;
  }
  return -1;
}
/** Where the bytes of the blob in hand begin. */
let bracket = 0;

/** Goes over one message, showing each line without blobs. Gives its bytes, 0 when it is not whole, −1 when it is none. */
function walk(r: Reader, start: number, line: (length: number) => void): number {
  for (let k = 0; k < MAX_LINES; k++) {
    const length = lineLength(r);
    const blob = blobLength(r, length < 0 ? r.left : length);
    if (blob >= 0) {
      const next = bracket + blob;
      if (next + 2 > r.end) return 0;
      r.at = next;
      const rest = lineLength(r);
      if (rest < 0) return 0;
      r.at += rest + 1;
      continue;
    }
    if (length < 0) return 0;
    if (length === 3 && r.peek16() === 0x7d3b && r.peek(2) === 0x3b) return r.at + 4 - start;
    const { at } = r;
    line(length);
    r.at = at + length + 1;
  }
  return -1;
}

const nothing = (): void => undefined;

/** What a side says of itself in its hello, by key. */
function tell(c: Context, key: string, value: string, app: { name: string; os: string }): void {
  switch (key) {
    case "hostName": {
      // Stations without a name tell their address.
      if (!/^\d+\.\d+\.\d+\.\d+$/u.test(value)) c.source("name", value);
      return;
    }
    case "station.name": {
      c.source("description", value);
      c.source("role", "building-controller");
      return;
    }
    case "app.name": {
      app.name = value;
      if (value === "Workbench") c.source("role", "engineering-station");
      return;
    }
    case "app.version": {
      c.source("application", `Niagara ${app.name} ${value}`);
      return;
    }
    case "os.name": {
      app.os = value;
      return;
    }
    case "os.version": {
      c.source("os", `${app.os} ${value}`);
      return;
    }
    case "hostId": {
      c.source("serial", value);
      const model = /^Qnx-([A-Z\d]+)-/u.exec(value)?.[1];
      if (model !== undefined) {
        c.source("vendor", "Tridium");
        c.source("model", model);
      }
      return;
    }
    default:
  }
}

function head(r: Reader, length: number): { kind: string; answers: boolean; command: string } | null {
  const words = r.ascii(Math.min(length, 160)).split(" ");
  if (words.length < 6) return null;
  return { kind: words[1] ?? "", answers: words[3] !== "-1", command: `${words[4]} ${words[5]}` };
}

function whole(r: Reader, c: Context): void {
  const length = lineLength(r);
  const { at } = r;
  const first = head(r, length);
  if (first === null) {
    c.weird("bad-value");
    return;
  }
  r.at = at + length + 1;
  const code = codes.get(first.command) ?? OTHER;
  const outcome = first.kind === "e" || code === 5 ? "error" : first.answers ? "response" : code === HELLO || code === 3 ? "request" : "event"; // prettier-ignore
  if (code === 2 || code === 4 || code === 5) c.client(false);
  else if (code === 3) c.client(true);
  c.command(outcome, code, code === OTHER ? { label: first.command } : {});
  if (code !== HELLO && code !== 2) return;
  const app = { name: "", os: "" };
  walk(r, at, (size) => {
    const text = r.ascii(Math.min(size, 256));
    const equals = text.indexOf("=");
    if (equals < 1 || text[equals + 2] !== ":") return;
    const key = text.slice(0, equals);
    const value = text.slice(equals + 3);
    if (code === HELLO) tell(c, key, value, app);
    else if (key === "method" && value === "basic") c.weakness("cleartext-login");
  });
}

function dissect(r: Reader, c: Context): number {
  const { at, left } = r;
  for (let k = 0; k < Math.min(4, left); k++) if (r.peek(k) !== "fox ".charCodeAt(k)) return NOT_MINE;
  if (left < 8) return NEED_MORE;
  const total = walk(r, at, nothing);
  if (total === 0) {
    if (left < MAX_MESSAGE) return NEED_MORE;
    c.weird("too-long");
    return NOT_MINE;
  }
  if (total < 0) {
    c.weird("too-long");
    return NOT_MINE;
  }
  r.at = at;
  whole(r, c);
  return total;
}

export const fox: Dissector = {
  protocol: "fox",
  specification: "not published; Niagara Fox as seen in captures, nmap fox-info",
  on: { tcp: [1911, 3011] },
  stream: true,
  recognise,
  dissect,
  functions,
};
