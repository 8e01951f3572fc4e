/**
 * S7comm of SIMATIC S7-200/300/400 (and S7-1200/1500 where it is switched on), inside COTP. Siemens publishes no specification;
 * fields as the S7 tools send them.
 *
 *  1 byte  1 byte   2 bytes  2 bytes    2 bytes  2 bytes   2 bytes (kinds 2 and 3)
 * | 0x32  | kind   | 0      | reference | params | data    | error class, code |  params … data …
 *           1 job, 2 acknowledgement, 3 acknowledgement with data, 7 user data
 *
 * The unit of a command is the number of the data block, low and high are byte addresses (numbers for counters and timers).
 * Limits: MAX_ITEMS variables of a job, MAX_AREAS areas and blocks of a conversation.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { Asked } from "./codecs/asked.ts";
import { piCodes, s7Functions, s7Objects, SZL, USERDATA } from "./s7comm-functions.ts";
import { tellSzl } from "./s7comm-szl.ts";

const JOB = 1;
const ACK = 2;
const ACK_DATA = 3;
const USER_DATA = 7;
const MAX_ITEMS = 64;
const MAX_AREAS = 64;
const READ_SZL = USERDATA + 0x0401;

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  if (whole < 10 || r.u8() !== 0x32) return NOT_MINE;
  const kind = r.u8();
  r.skip(2);
  const reference = r.u16();
  const params = r.u16();
  const data = r.u16();
  const answer = kind === ACK || kind === ACK_DATA;
  const refused = answer && r.u16() !== 0;
  if (kind !== JOB && !answer && kind !== USER_DATA) {
    c.weird("unknown-function");
    return whole;
  }
  // Data is cut in some captures, parameters never.
  if (r.short || r.at + params + data > r.end) c.weird("bad-length");
  const dataAt = Math.min(r.end, r.at + params);
  if (kind === USER_DATA) userData(r, c, dataAt);
  else if (kind === JOB) job(r, c, reference, params, dataAt);
  else acknowledgement(r, c, reference, params, dataAt, refused);
  return whole;
}

/** What is kept of a conversation: jobs without answer, and which areas were told (at most MAX_AREAS). */
interface State {
  readonly asked: Asked;
  /** Function, area and block → addresses told. */
  readonly areas: Map<number, { low: number; high: number }>;
}
function stateOf(c: Context): State {
  const state: State = (c.state as State | null) ?? { asked: new Asked(), areas: new Map() };
  c.state = state;
  return state;
}
const asked = (c: Context): Asked => stateOf(c).asked;

function job(r: Reader, c: Context, reference: number, params: number, dataAt: number): void {
  if (params === 0) return;
  const code = r.u8();
  if (!s7Functions.has(code)) c.weird("unknown-function");
  if (code === 0x04 || code === 0x05) {
    variables(r, c, code, reference, dataAt);
    return;
  }
  if (code === 0xf0) c.client(true);
  if (code === 0x28) {
    pi(r, c, reference);
    return;
  }
  asked(c).put(reference, code);
  // Download: the PLC fetches the blocks, so the jobs 0x1b and 0x1c come from it.
  if (code === 0x1a || code === 0x1b || code === 0x1d) {
    r.skip(7); // status, unknown, session
    c.command("request", code, { label: r.ascii(r.u8()) });
  } else c.commandFast("request", code, 0, -1, -1, -1);
}

function pi(r: Reader, c: Context, reference: number): void {
  r.skip(7);
  r.skip(r.u16());
  const name = r.ascii(r.u8());
  const code = piCodes.get(name) ?? 0x28;
  asked(c).put(reference, code);
  if (r.short) c.weird("truncated");
  c.command("request", code, { label: name });
}

/**
 * Items of Read Var and Write Var. A job is one command, of its first item's area and block; other areas and blocks in the same
 * job are told when they, or addresses of them, are new in this conversation: a cycle stays one command per job.
 */
function variables(r: Reader, c: Context, code: number, reference: number, end: number): void {
  const count = r.u8();
  const first = { area: 0, block: -1, low: -1, high: -1 };
  for (let i = 0; i < Math.min(count, MAX_ITEMS); i++) {
    const size = r.peek(1);
    if (r.peek() !== 0x12 || r.at + 2 + size > end) {
      c.weird("bad-value");
      break;
    }
    const any = size === 10 && r.peek(2) === 0x10;
    const area = any ? r.peek(8) : 0;
    const block = any && (area === 0x84 || area === 0x85) ? r.peek16(6) : -1;
    const low = any ? addressOf(r, area) : -1;
    const high = any ? low + Math.max(1, spanOf(r.peek(3), r.peek16(4))) - 1 : -1;
    if (i === 0) {
      first.area = area;
      first.block = block;
      first.low = low;
      first.high = high;
    } else if (area === first.area && block === first.block) {
      first.low = Math.min(first.low, low);
      first.high = Math.max(first.high, high);
    } else if (area !== 0) further(c, code, area, low, high, block);
    r.skip(2 + size + (size & 1));
  }
  c.commandFast("request", code, first.area, first.low, first.high, first.block);
  asked(c).put(reference, packed(code, first.area, first.block));
}

function further(c: Context, code: number, area: number, low: number, high: number, block: number): void {
  const { areas } = stateOf(c);
  const key = packed(code, area, block);
  const told = areas.get(key);
  if (told !== undefined && low >= told.low && high <= told.high) return;
  if (told !== undefined) {
    told.low = Math.min(told.low, low);
    told.high = Math.max(told.high, high);
  } else if (areas.size < MAX_AREAS) areas.set(key, { low, high });
  else return;
  c.commandFast("request", code, area, low, high, block);
}

/** Function, area and block (−1 to 65,535) in one number above 0xffff. */
const packed = (code: number, area: number, block: number): number => ((area + 1) * 65_537 + block + 1) * 256 + code;

/** Byte address of an S7 ANY item; counters and timers are counted, not addressed by bit. */
function addressOf(r: Reader, area: number): number {
  const bits = (r.peek(9) << 16) | r.peek16(10);
  return area === 0x1c || area === 0x1d ? bits : bits >>> 3;
}
/** Bytes of `count` elements of a transport size: BIT, BYTE, CHAR 1; WORD, INT 2; DWORD, DINT, REAL 4; COUNTER, TIMER 1 number. */
function spanOf(size: number, count: number): number {
  return size === 4 || size === 5 ? 2 * count : size >= 6 && size <= 8 ? 4 * count : count;
}

function acknowledgement(
  r: Reader,
  c: Context,
  reference: number,
  params: number,
  dataAt: number,
  refused: boolean,
): void {
  const kept = asked(c).take(reference);
  const written = params > 0 ? r.u8() : -1;
  const variable = kept > 0xff_ff;
  const code = kept === -1 ? written : variable ? kept % 256 : kept;
  if (code === -1) return;
  if (written === 0xf0) c.client(false);
  // The first item's return code: 0xff is success.
  const failed = (written === 4 || written === 5) && dataAt < r.end && r.bytes[dataAt] !== 0xff;
  const place = variable ? Math.floor(kept / 256) : 65_537;
  const area = Math.floor(place / 65_537) - 1;
  c.commandFast(refused || failed ? "error" : "response", code, area, -1, -1, (place % 65_537) - 1);
}

function userData(r: Reader, c: Context, dataAt: number): void {
  const head = r.u24();
  const size = r.u8();
  r.skip(1); // method
  const kind = r.u8();
  const code = USERDATA + (kind & 15) * 256 + r.u8();
  if (head !== 0x00_01_12 || size < 4 || r.short) {
    c.weird("bad-value");
    return;
  }
  const way = kind >> 4;
  const answer = way === 8 || way === 11;
  r.skip(1); // sequence
  const refused = size >= 8 && answer && (r.skip(2), r.u16() !== 0);
  r.at = dataAt;
  const outcome = answer ? (refused ? "error" : "response") : way === 4 || way === 7 ? "request" : "event";
  if (!s7Functions.has(code)) c.weird("unknown-function");
  if (code !== READ_SZL) {
    c.commandFast(outcome, code, 0, -1, -1, -1);
    return;
  }
  const good = r.u8() === 0xff && r.left >= 7;
  r.skip(3); // transport size, length
  const id = r.u16();
  c.commandFast(answer && !good ? "error" : outcome, code, good ? SZL + id : 0, -1, -1, -1);
  if (answer && good) tellSzl(r, c, id);
}

export const s7comm: Dissector = {
  protocol: "s7comm",
  specification: "none published; S7 communication of SIMATIC Manager and TIA Portal",
  // Found inside COTP only.
  on: {},
  recognise: () => recognised.no,
  dissect,
  functions: s7Functions,
  objects: s7Objects,
};
