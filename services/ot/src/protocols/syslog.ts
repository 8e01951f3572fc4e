/**
 * Syslog: RFC 5424, section 6, and the older form of RFC 3164, section 4; over TCP as RFC 6587.
 *
 *   <PRI>1 2026-11-20T10:00:00Z host application …        <PRI>Nov 20 10:00:00 host tag: …
 *   over TCP with its length before it (3.4.1), "57 <PRI>…", or with a line end behind it (3.4.2)
 *
 * Told: severities as functions, the host's name; a message without priority counts as a notice (RFC 3164, 4.3.3). What is logged
 * is not read. Limits: lines of 8 KiB, of which the head is looked at.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { indexOf, lineLength, Once, textOf, word } from "./codecs/text.ts";

const MAX_HOST = 255;
const MAX_LINE = 8_192;
const MAX_COUNT = 65_536;
/** Bytes of a message that are looked at. */
const HEAD = 384;
const NOTICE = 5;
/** Printable bytes that a message without priority begins with, at least, if it is not shorter. */
const TEXT = 24;
const PORT = 514;
const functions = functionTable(
  ["emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"].map(
    (name, severity) => [severity, name, "report"] as const,
  ),
);
const MONTHS = ["Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "].map(
  word,
);

interface State {
  readonly once: Once;
  /** A message was read: a line without priority goes on with one. */
  known: boolean;
}

/** Length of `<PRI>` at an offset, 0 when there is none; facilities are 0 to 23. */
function priorityLength(r: Reader, at = 0): number {
  if (r.peek(at) !== 0x3c) return 0;
  let value = 0;
  for (let i = 1; i < 5; i++) {
    const digit = r.peek(at + i) - 0x30;
    if (r.peek(at + i) === 0x3e) return i > 1 && value <= 191 ? i + 1 : 0;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return 0;
}

const isMonth = (r: Reader, at: number): boolean =>
  MONTHS.some((month) => month[0] === r.peek(at) && month[1] === r.peek(at + 1) && month[2] === r.peek(at + 2) && r.peek(at + 3) === 0x20); // prettier-ignore

/** 1: the new form, 2: the old one, 0: neither. */
function form(r: Reader, at: number): 0 | 1 | 2 {
  if (r.peek(at) === 0x31 && r.peek(at + 1) === 0x20 && (r.peek(at + 2) === 0x32 || r.peek(at + 2) === 0x2d)) return 1;
  // "Nov 20 10:00:00 " has its colons at fixed places.
  return isMonth(r, at) && r.peek(at + 9) === 0x3a && r.peek(at + 12) === 0x3a ? 2 : 0;
}

function host(r: Reader, c: Context, state: State, at: number, to: number, kind: 1 | 2): void {
  const { bytes } = r;
  const end = Math.min(to, r.at + HEAD);
  let from = r.at + at + (kind === 1 ? 2 : 16);
  if (kind === 1) from = indexOf(bytes, 0x20, from, Math.min(end, from + 64)) + 1;
  if (from <= 0 || from >= end) return;
  const last = indexOf(bytes, 0x20, from, Math.min(end, from + MAX_HOST));
  // Some senders leave the name out: then a tag with its colon stands here; "-" is nobody.
  if (last <= from || bytes[last - 1] === 0x3a || (last === from + 1 && bytes[from] === 0x2d)) return;
  if (state.once.first(bytes, from, last)) c.source("name", textOf(bytes, from, last));
}

/** One message from `<PRI>` at an offset on; what goes beyond `to` is another's. */
function message(r: Reader, c: Context, state: State, from: number, to: number): void {
  const length = priorityLength(r, from);
  let value = 0;
  for (let i = from + 1; i < from + length - 1; i++) value = value * 10 + r.peek(i) - 0x30;
  state.known = true;
  c.client(true);
  c.commandFast("event", length === 0 ? NOTICE : value & 7, 0, -1, -1, -1);
  const kind = length === 0 ? 0 : form(r, from + length);
  if (kind !== 0) host(r, c, state, from + length, to, kind);
}

let counted = 0;
/** The digits of a length before a message with their blank, 0 when none stand here. `counted` is the length. */
function countLength(r: Reader): number {
  counted = 0;
  for (let i = 0; i < 6; i++) {
    const digit = r.peek(i) - 0x30;
    if (i > 0 && r.peek(i) === 0x20) return r.peek(i + 1) === 0x3c || i + 1 >= r.left ? i + 1 : 0;
    if (digit < (i === 0 ? 1 : 0) || digit > 9) return 0;
    counted = counted * 10 + digit;
  }
  return 0;
}

/** RFC 6587: senders use one of the two framings, some both. */
function stream(r: Reader, c: Context, state: State): number {
  const digits = countLength(r);
  if (digits > 0 && counted <= MAX_COUNT) {
    const head = Math.min(counted, HEAD);
    if (r.left < digits + head) return NEED_MORE;
    if (priorityLength(r, digits) > 0) {
      message(r, c, state, digits, r.at + digits + head);
      return digits + counted;
    }
  }
  const line = lineLength(r, MAX_LINE);
  const begins = priorityLength(r) > 0;
  if (!begins && !state.known) return r.left < 12 && couldBegin(r) ? NEED_MORE : NOT_MINE;
  if (line === 0 && r.left < MAX_LINE) return NEED_MORE;
  const length = line === 0 ? r.left : line;
  if (begins) message(r, c, state, 0, r.at + length);
  return length;
}

/** A priority or a length that is cut. */
function couldBegin(r: Reader): boolean {
  for (let i = 0; i < r.left; i++) {
    const byte = r.peek(i);
    const digit = byte >= 0x30 && byte <= 0x39;
    if (!digit && !(byte === 0x3c && (i === 0 || r.peek(i - 1) === 0x20)) && !(byte === 0x20 && i > 0)) return false;
  }
  return true;
}

/** Senders that know no priority: text to the port of syslog. */
function isText(r: Reader): boolean {
  const length = Math.min(TEXT, r.left);
  for (let i = 0; i < length; i++) {
    const byte = r.peek(i);
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && (byte !== 0 || i + 1 < r.left)) return false;
    if (byte === 0x7f) return false;
  }
  return length >= 4;
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { once: new Once(), known: false } satisfies State) as State;
  if (c.transport === "tcp") return stream(r, c, state);
  if (priorityLength(r) === 0 && !(c.destinationPort === PORT && isText(r))) return NOT_MINE;
  message(r, c, state, 0, r.end);
  return r.left;
}

function recognise(r: Reader, c: Context): 0 | 1 | 2 {
  const digits = c.transport === "tcp" ? countLength(r) : 0;
  const at = digits + priorityLength(r, digits);
  if (at === digits)
    return c.transport !== "tcp" && c.destinationPort === PORT && isText(r) ? recognised.port : recognised.no;
  return form(r, at) === 0 ? recognised.port : recognised.sure;
}

export const syslog: Dissector = {
  protocol: "syslog",
  specification: "RFC 5424, 6; RFC 3164, 4; RFC 6587, 3.4",
  on: { udp: [PORT], tcp: [PORT, 601, 1468] },
  stream: true,
  recognise,
  dissect,
  functions,
};
