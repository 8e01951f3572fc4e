/**
 * HART-IP (HCF_SPEC-085), TCP and UDP 5094:
 *
 *   | version 1 | type 1 | id 1 | status 1 | sequence 2 | length 2 (with this header) | body |
 *   id 3, token passing | delimiter 1 | address 1 or 5 | expansion 0 to 3 | command 1 | count 1 | [code 1, status 1] data | check 1 |
 *   id 4, direct        | status 1 | status 1 | command 2, count 1, [code 1] data … |
 *
 * Types: 0 request, 1 response, 2 publish, 3 refusal. Codes: HART commands (31 and its number in the data for the extended ones);
 * messages without command from MESSAGE. Unit is the device: its id of three bytes, or the polling address. Identity: commands 0, 13
 * and 20 of the device that a server was first asked for; those of others behind it (a multiplexer) are not the server's.
 * Weirds: "bad-version", "bad-length", "bad-checksum", "truncated".
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { MESSAGE, hartFunctions } from "./codecs/hart-commands.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const HEAD = 8;
/** A token passing PDU has 255 bytes of data, a direct one at most 64 KB; products send below 2 000. */
const MAX_LENGTH = 8_192;
const TOKEN_PASSING = 3;
const DIRECT = 4;
const LAST_ID = 5;
const EXTENDED = 31;
/** Commands of one direct message that are told. */
const MAX_COMMANDS = 64;

interface Known {
  /** The device whose identity is the server's: the first one that answered. −1 while none did. */
  device: number;
}

const plausible = (r: Reader): boolean =>
  (r.peek(0) === 1 || r.peek(0) === 2) &&
  r.peek(1) <= 3 &&
  r.peek(2) <= LAST_ID &&
  r.peek16(6) >= HEAD &&
  r.peek16(6) <= MAX_LENGTH;

/** What only HART-IP has: a session's thirteen bytes, a delimiter of a frame. */
function recognise(r: Reader): Recognised {
  if (r.left < HEAD || !plausible(r)) return recognised.no;
  const length = r.peek16(6);
  if (r.left < 64 ? length > r.left : length < HEAD) return recognised.no;
  const type = r.peek(1);
  const id = r.peek(2);
  if (id === 0 && length === 13 && r.left >= 13)
    return r.peek(8) <= 1 && r.peek(9) === 0 ? recognised.sure : recognised.port;
  if (id !== TOKEN_PASSING || length < HEAD + 5) return recognised.port;
  const frame = r.peek(8) & 0x1f;
  const fits = type === 0 ? frame === 2 : type === 1 ? frame === 6 : frame === 1;
  return fits && r.peek(3) === 0 ? recognised.port : recognised.no;
}

/** Response codes that warn and do not refuse (HCF_SPEC-307). */
const warns = (code: number): boolean =>
  code === 8 ||
  code === 14 ||
  (code >= 24 && code <= 27) ||
  code === 30 ||
  code === 31 ||
  (code >= 33 && code <= 36) ||
  (code >= 96 && code <= 127);
const refuses = (code: number): boolean => code !== 0 && !warns(code);

/** Six-bit characters of HART: four in three bytes. */
function packed(r: Reader, bytes: number): string {
  let text = "";
  for (let k = 0; k + 2 < bytes; k += 3) {
    const three = r.u24();
    for (let shift = 18; shift >= 0; shift -= 6) {
      const six = (three >> shift) & 0x3f;
      text += String.fromCharCode(six < 0x20 ? six + 0x40 : six);
    }
  }
  // Devices that were never given a tag answer with zeros.
  return text.startsWith("@@@") ? "" : text.trim();
}

/** Identity by commands 0, 11, 21 (unique identifier), 13 (tag) and 20 (long tag); `r` is behind the status. */
function tell(r: Reader, c: Context, command: number): void {
  if (command === 20) {
    const tag = r.ascii(32);
    if (!r.short) c.source("name", tag);
    return;
  }
  if (command === 13) {
    const tag = packed(r, 6);
    const descriptor = packed(r, 12);
    if (r.short) return;
    c.source("name", tag);
    c.source("description", descriptor);
    return;
  }
  if (command !== 0 || r.u8() !== 254) return;
  const type = r.u16();
  r.skip(2);
  const revision = r.u8();
  const software = r.u8();
  const hardware = r.u8() >> 3;
  r.skip(1);
  const id = r.u24();
  if (r.short) return;
  c.source("device-type", `hart:${type.toString(16).padStart(4, "0")}`);
  c.source("serial", String(id));
  c.source("firmware", `${revision}.${software}`);
  c.source("hardware", String(hardware));
}

function answers(r: Reader, c: Context, command: number, unit: number, failed: boolean): void {
  c.commandFast(failed ? "error" : "response", command, 0, -1, -1, unit);
  if (failed) return;
  const known = (c.state ??= { device: -1 } satisfies Known) as Known;
  if (known.device < 0 && command !== 74 && command !== 84) known.device = unit;
  if (known.device === unit) tell(r, c, command);
}

function tokenPassing(r: Reader, c: Context, type: number): void {
  const { at } = r;
  const delimiter = r.u8();
  let unit = 0;
  if ((delimiter & 0x80) === 0) unit = r.u8() & 0x3f;
  else {
    r.skip(2);
    unit = r.u24();
  }
  r.skip((delimiter >> 5) & 0x03);
  let command = r.u8();
  const count = r.u8();
  if (r.short || count + 1 > r.left) {
    c.weird("truncated");
    return;
  }
  const end = r.at + count;
  let check = 0;
  for (let k = at; k < end; k++) check ^= r.bytes[k] as number;
  if (check !== r.bytes[end]) c.weird("bad-checksum");
  r.end = end;
  const responds = (delimiter & 0x07) !== 2;
  const code = responds && count >= 2 ? r.u8() : 0;
  if (responds && count >= 2) r.skip(1);
  if (command === EXTENDED && r.left >= 2) command = r.u16();
  if (!responds) c.commandFast("request", command, 0, -1, -1, unit);
  else if (type === 2 || (delimiter & 0x07) === 1) c.commandFast("event", command, 0, -1, -1, unit);
  // Bit 7: errors of the wire between a multiplexer and the device.
  else answers(r, c, command, unit, (code & 0x80) !== 0 || refuses(code));
}

function direct(r: Reader, c: Context, type: number): void {
  r.skip(2);
  for (let k = 0; k < MAX_COMMANDS && r.left >= 3; k++) {
    const command = r.u16();
    const count = r.u8();
    if (count > r.left) {
      c.weird("truncated");
      return;
    }
    const { at, end } = r;
    r.end = at + count;
    if (type === 0) c.commandFast("request", command, 0, -1, -1, -1);
    else if (type === 2) c.commandFast("event", command, 0, -1, -1, -1);
    else answers(r, c, command, -1, count > 0 && refuses(r.u8()));
    r.end = end;
    r.at = at + count;
  }
}

function dissect(r: Reader, c: Context): number {
  const tcp = c.transport === "tcp";
  const { at, left, end } = r;
  if (left < HEAD) {
    if (tcp && (left < 1 || r.peek(0) === 1 || r.peek(0) === 2)) return NEED_MORE;
    return NOT_MINE;
  }
  if (!plausible(r)) {
    c.weird(r.peek(0) > 2 ? "bad-version" : "bad-length");
    return NOT_MINE;
  }
  r.skip(1);
  const type = r.u8();
  const id = r.u8();
  const status = r.u8();
  r.skip(2);
  const length = r.u16();
  if (length > left) {
    if (tcp) return NEED_MORE;
    c.weird("truncated");
  } else r.end = at + length;
  c.client(type === 0);
  if (id === TOKEN_PASSING && r.left > 0) tokenPassing(r, c, type);
  else if (id === DIRECT && r.left > 0) direct(r, c, type);
  else {
    const failed = type === 3 || (status !== 0 && !warns(status) && type === 1);
    const outcome = type === 0 ? "request" : type === 2 ? "event" : failed ? "error" : "response";
    c.commandFast(outcome, MESSAGE + id, 0, -1, -1, -1);
  }
  r.end = end;
  return tcp ? length : left;
}

export const hartIp: Dissector = {
  protocol: "hart-ip",
  specification: "HART-IP HCF_SPEC-085, commands HCF_SPEC-127 and HCF_SPEC-151",
  on: { tcp: [5094], udp: [5094] },
  stream: true,
  recognise,
  dissect,
  functions: hartFunctions,
};
