/**
 * MELSOFT: how GX Works, GT Designer and MX Component talk to MELSEC controllers (TCP 5007 and 5562, UDP 5006 and 5560). Mitsubishi
 * does not publish it; layout and names follow Palanca and Speziale, "Safety is not Security", Black Hat MEA 2023, and the
 * numbering of the MC protocol (SH(NA)-080008), whose commands it shares.
 *
 *   hello    | 5a 00 00 ff |                                answer | da 00 00 ff | model code 2 | … 28 in all
 *   request  | 57 00 or 01 | serial 1 | 00 00 | 11 11 07 | … | size 2 at 19 | header | command 2 | reference 2 | size 2 | data | footer
 *   response | d7 00 or 01 | … the same, the header has a status at its byte 4 | …
 *   header   | 1c or 9c | .. | bytes from here on 1 | …             (24 bytes for requests of iQ-R, 26 for its responses)
 *
 * Commands are big endian, sizes little endian. Codes: the command; HELLO for the hello. Users, passwords and tokens are not read.
 * Only bytes of the commands that name the CPU are looked at. Weirds: "bad-length", "truncated", "bad-value".
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
import { tellModel } from "./slmp.ts";

export const HELLO = 0x1_0000;
const HELLO_ANSWER_SIZE = 28;
/** Bytes up to the command header. */
const HEAD = 21;
const TYPE_NAME = 0x0101;
const OPEN = 0x0121;

const functions = functionTable([
  [HELLO, "Hello", "session"],
  [TYPE_NAME, "Read CPU Model", "identify"],
  [0x0114, "Read CPU Information", "identify"],
  [OPEN, "Open Initial", "session"],
  [0x0131, "Username Login", "login"],
  [0x0132, "Password Login", "login"],
  [0x0133, "Read User Information A", "read"],
  [0x0134, "Read User Information B", "read"],
  [0x0150, "Safety Run Mode Read", "diagnose"],
  [0x0162, "Read Status (0162)", "diagnose"],
  [0x0401, "Device Read", "read"],
  [0x0403, "Device Read Random", "read"],
  [0x0406, "Device Read Block", "read"],
  // Black Hat 2023 calls 0410 "Modify Value"; the tools poll it and 0411 in every monitor session, so both read.
  [0x0410, "Monitor Read (0410)", "read"],
  [0x0411, "Monitor Read (0411)", "read"],
  [0x0613, "Memory Read", "read"],
  [0x0619, "Self Test", "diagnose"],
  [0x0801, "Entry Monitor Device", "read"],
  [0x0802, "Execute Monitor", "read"],
  [0x1001, "Remote Run", "mode"],
  [0x1002, "Remote Stop", "stop"],
  [0x1003, "Remote Pause", "stop"],
  [0x1005, "Remote Latch Clear", "configure"],
  [0x1006, "Remote Reset", "restart"],
  [0x1120, "Safety Run Mode Change", "mode"],
  [0x1133, "User Information Registration", "configure"],
  [0x1401, "Device Write", "write"],
  [0x1402, "Device Write Random", "write"],
  [0x1406, "Device Write Block", "write"],
  [0x1613, "Memory Write", "write"],
  [0x1617, "Clear Error", "diagnose"],
  [0x1810, "Read Directory/File", "file"],
  [0x1811, "Search Directory/File", "file"],
  [0x1820, "New File", "file"],
  [0x1822, "Delete File", "download"],
  [0x1824, "Copy File", "file"],
  [0x1825, "Change File State", "file"],
  [0x1826, "Change File Date", "file"],
  [0x1827, "Open File", "file"],
  [0x1828, "Read File", "upload"],
  [0x1829, "Write File", "download"],
  [0x182a, "Close File", "file"],
  [0x1859, "File List Read", "file"],
  [0x1868, "File Read", "upload"],
  [0x1869, "File Write", "download"],
]);

const isHello = (r: Reader): boolean => (r.peek(0) & 0x7f) === 0x5a && r.peek(1) === 0 && r.peek16(2) === 0x00ff;

/** 57 or d7, the version, zeros and the fixed 11 11 07. */
function isHead(r: Reader): boolean {
  return (
    (r.peek(0) & 0x7f) === 0x57 && r.peek(1) <= 1 && r.peek16(3) === 0 && r.peek16(5) === 0x1111 && r.peek(7) === 0x07
  );
}

/** Compares as much of the beginning as there is. */
function mayBegin(r: Reader): boolean {
  const first = r.peek(0) & 0x7f;
  if (r.left === 0) return true;
  if (first !== 0x57 && first !== 0x5a) return false;
  if (first === 0x5a) return (r.left < 2 || r.peek(1) === 0) && (r.left < 4 || isHello(r));
  return (r.left < 2 || r.peek(1) <= 1) && (r.left < 8 || isHead(r));
}

function recognise(r: Reader): Recognised {
  if (r.left >= 4 && isHello(r)) {
    const size = r.peek(0) === 0x5a ? 4 : HELLO_ANSWER_SIZE;
    return r.left === size ? recognised.sure : recognised.port;
  }
  return r.left >= HEAD && isHead(r) ? recognised.sure : recognised.no;
}

function hello(r: Reader, c: Context): number {
  if (r.left < 4) return NEED_MORE;
  const asks = r.peek(0) === 0x5a;
  if (!asks && r.left < HELLO_ANSWER_SIZE) {
    if (c.transport === "tcp") return NEED_MORE;
    c.weird("truncated");
    return r.left;
  }
  c.client(asks);
  c.commandFast(asks ? "request" : "response", HELLO, 0, -1, -1, -1);
  if (asks) return 4;
  r.skip(4);
  tellCode(r, c);
  return HELLO_ANSWER_SIZE;
}

function tellCode(r: Reader, c: Context): void {
  const code = r.u16le();
  if (!r.short && code !== 0) c.source("device-type", `slmp:${code.toString(16).padStart(4, "0")}`);
}

/**
 * Network and station of the controller that a request is for (bytes 9 and 10) or that answers (13 and 14), −1 for the one that is
 * spoken to: 0 and 255, or 1 and 125 with iQ-R.
 */
function unitAt(r: Reader, at: number): number {
  const network = r.peek(at);
  const station = r.peek(at + 1);
  return (network === 0 && station === 0xff) || (network === 1 && station === 0x7d) ? -1 : network * 256 + station;
}

function message(r: Reader, c: Context, asks: boolean): void {
  const unit = unitAt(r, asks ? 9 : 13);
  r.skip(HEAD);
  const size = r.peek(2) + 2;
  const status = asks ? 0 : r.peek16(4);
  if (size < 8 || (r.peek(0) !== 0x1c && r.peek(0) !== 0x9c)) {
    c.weird("bad-value");
    return;
  }
  r.skip(size);
  const command = r.u16();
  r.skip(4);
  if (r.short) {
    c.weird("truncated");
    return;
  }
  c.client(asks);
  c.commandFast(asks ? "request" : status === 0 ? "response" : "error", command, 0, -1, -1, unit);
  if (asks || status !== 0 || (command !== OPEN && command !== TYPE_NAME)) return;
  const name = r.ascii(16);
  if (r.short || !/^[A-Z][\w/-]+$/u.test(name)) return;
  tellModel(c, name);
  tellCode(r, c);
}

function dissect(r: Reader, c: Context): number {
  if (!mayBegin(r)) return NOT_MINE;
  const { at, left } = r;
  const tcp = c.transport === "tcp";
  if (left >= 1 && (r.peek(0) & 0x7f) === 0x5a) return hello(r, c);
  if (left < HEAD) return tcp || left === 0 ? NEED_MORE : NOT_MINE;
  const total = HEAD + r.peek16le(19);
  if (total > MAX_MESSAGE) {
    c.weird("bad-length");
    return NOT_MINE;
  }
  if (total > left) {
    if (tcp) return NEED_MORE;
    c.weird("truncated");
    return left;
  }
  const { end } = r;
  r.end = at + total;
  message(r, c, r.peek(0) === 0x57);
  r.end = end;
  return tcp ? total : left;
}

export const melsoft: Dissector = {
  protocol: "melsoft",
  specification: "not published; Palanca, Speziale: Safety is not Security (Black Hat MEA 2023)",
  on: { tcp: [5007, 5006, 5562, 5001], udp: [5006, 5560, 5001] },
  stream: true,
  recognise,
  dissect,
  functions,
};
