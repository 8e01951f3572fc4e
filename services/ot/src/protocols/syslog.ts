/**
 * Syslog: RFC 5424, section 6, and the older form of RFC 3164, section 4.
 *
 *   <PRI>1 2026-11-20T10:00:00Z host application …        <PRI>Nov 20 10:00:00 host tag: …
 *
 * Told: severities as functions, the host's name. What is logged is not read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { indexOf, Once, textOf, word } from "./codecs/text.ts";

const MAX_HOST = 255;
const functions = functionTable(
  ["emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"].map(
    (name, severity) => [severity, name, "report"] as const,
  ),
);
const MONTHS = ["Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "].map(
  word,
);

/** Length of `<PRI>`, 0 when there is none; facilities are 0 to 23. */
function priorityLength(r: Reader): number {
  if (r.peek() !== 0x3c) return 0;
  let value = 0;
  for (let i = 1; i < 5; i++) {
    const digit = r.peek(i) - 0x30;
    if (r.peek(i) === 0x3e) return i > 1 && value <= 191 ? i + 1 : 0;
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

function host(r: Reader, c: Context, at: number, kind: 1 | 2): void {
  const { bytes, end } = r;
  let from = r.start + at + (kind === 1 ? 2 : 16);
  if (kind === 1) from = indexOf(bytes, 0x20, from, Math.min(end, from + 64)) + 1;
  if (from <= 0 || from >= end) return;
  const to = indexOf(bytes, 0x20, from, Math.min(end, from + MAX_HOST));
  // Some senders leave the name out: then a tag with its colon stands here; "-" is nobody.
  if (to <= from || bytes[to - 1] === 0x3a || (to === from + 1 && bytes[from] === 0x2d)) return;
  const once = (c.state ??= new Once()) as Once;
  if (once.first(bytes, from, to)) c.source("name", textOf(bytes, from, to));
}

function dissect(r: Reader, c: Context): number {
  const at = priorityLength(r);
  if (at === 0) return NOT_MINE;
  let value = 0;
  for (let i = 1; i < at - 1; i++) value = value * 10 + r.peek(i) - 0x30;
  c.client(true);
  c.commandFast("event", value & 7, 0, -1, -1, -1);
  const kind = form(r, at);
  if (kind !== 0) host(r, c, at, kind);
  return r.end - r.start;
}

export const syslog: Dissector = {
  protocol: "syslog",
  specification: "RFC 5424, 6; RFC 3164, 4",
  on: { udp: [514] },
  recognise(r) {
    const at = priorityLength(r);
    if (at === 0) return recognised.no;
    return form(r, at) === 0 ? recognised.port : recognised.sure;
  },
  dissect,
  functions,
};
