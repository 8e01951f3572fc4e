/**
 * Sampled values, IEC 61850-9-2 (edition 2), clause 8.5 (header: annex A of 8-1).
 *
 *  2 bytes  2 bytes             2 + 2 bytes    0x60, BER
 * | APPID  | length with header | reserved    | number of ASDUs 80, security 81, ASDUs a2: | 30 | id 80, data set 81, counter 82,
 *                                               revision 83, time 84, synchronised 85, rate 86, samples 87, mode 88 | … |
 *
 * A packet is an event: label id and data set, object the configuration revision, unit the APPID. Samples are never looked at.
 * Thousands come each second: only the first ASDU is read. Limits: MAX_FIELDS fields, 64 streams remembered per conversation.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { berNumber, berSize, expectBer, openBer } from "./codecs/ber.ts";
import { functionTable } from "./codecs/functions.ts";
import { keyOf, Remembered } from "./codecs/remembered.ts";
import {
  NOT_MINE,
  recognised,
  type CommandDetail,
  type Context,
  type Dissector,
  type Recognised,
} from "./dissector.ts";

const HEADER = 8;
/** A revision has 32 bits. */
const MOST = 0xff_ff_ff_ff;
const MAX_FIELDS = 12;
const PDU = 0x60;
const SAMPLES = 0x87;
const SV = 0;

function recognise(r: Reader): Recognised {
  if (r.left < HEADER + 2 || r.peek(HEADER) !== PDU) return recognised.no;
  const length = r.peek16(2);
  return length >= HEADER + 2 && (length <= r.left || r.left >= 60) ? recognised.port : recognised.no;
}

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  if (whole < HEADER + 2) return NOT_MINE;
  const unit = r.u16();
  const length = r.u16();
  r.skip(4);
  if (length < HEADER || length > whole) c.weird("bad-length");
  else r.end = r.start + length;
  if (r.peek() !== PDU) return NOT_MINE;
  if (openBer(r) === -1) {
    c.weird("truncated");
    return whole;
  }
  r.end = r.at + berSize();
  if (!firstAsdu(r)) {
    c.weird("bad-value");
    return whole;
  }
  asdu(r, c, unit);
  return whole;
}

/** Moves to the fields of the first ASDU. */
function firstAsdu(r: Reader): boolean {
  for (let i = 0; i < 4; i++) {
    const tag = openBer(r);
    if (tag === -1) return false;
    if (tag === 0xa2) break;
    r.skip(berSize());
  }
  const size = expectBer(r, 0x30);
  if (size > 0) r.end = r.at + size;
  return size > 0;
}

function asdu(r: Reader, c: Context, unit: number): void {
  let idAt = 0;
  let idTo = 0;
  let setAt = 0;
  let setTo = 0;
  let revision = 0;
  for (let i = 0; i < MAX_FIELDS && r.left > 0; i++) {
    const tag = openBer(r);
    if (tag === -1) {
      c.weird("truncated");
      break;
    }
    const end = r.at + berSize();
    if (tag === 0x80) {
      idAt = r.at;
      idTo = end;
    } else if (tag === 0x81) {
      setAt = r.at;
      setTo = end;
    } else if (tag === 0x83) revision = Math.min(MOST, berNumber(r, berSize()));
    r.at = end;
    if (tag === SAMPLES) break;
  }
  const known = (c.state as Remembered<CommandDetail> | null) ?? new Remembered<CommandDetail>();
  c.state = known;
  const key = keyOf(r.bytes, idAt, idTo, unit + revision * 65_536);
  const detail = known.get(key);
  if (detail !== undefined) {
    c.command("event", SV, detail);
    return;
  }
  r.at = idAt;
  const id = idTo === 0 ? "" : r.ascii(idTo - idAt);
  r.at = setAt;
  const set = setTo === 0 ? "" : r.ascii(setTo - setAt);
  c.source("application", id);
  c.command("event", SV, known.put(key, { object: revision, unit, label: `${id} ${set}`.trim().slice(0, 128) }));
}

export const sv: Dissector = {
  protocol: "sv",
  specification: "IEC 61850-9-2:2011, clause 8.5",
  on: { ethertype: [0x88_ba] },
  recognise,
  dissect,
  functions: functionTable([[SV, "Sampled values", "report"]]),
};
