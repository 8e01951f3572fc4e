/**
 * GOOSE, IEC 61850-8-1 (edition 2), clause 18 and annex A (header: annex C).
 *
 *  2 bytes  2 bytes             2 + 2 bytes    0x61, BER
 * | APPID  | length with header | reserved    | control block 80, time to live 81, data set 82, id 83, time 84, state number 85,
 *                                               sequence 86, test 87, revision 88, commissioning 89, entries 8a, data ab |
 *
 * A publication is an event: label control block and data set, object the configuration revision, unit the APPID. Data is never
 * looked at. A publisher that goes back in its state numbers, or in its sequence within a state, is odd: it restarted, or
 * another one speaks in its name. Limits: MAX_FIELDS fields, 64 control blocks remembered per conversation.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { berNumber, berSize, openBer } from "./codecs/ber.ts";
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
const MAX_FIELDS = 16;
const PDU = 0x61;
const GOOSE = 1;

interface Publisher {
  readonly detail: CommandDetail;
  readonly revision: number;
  state: number;
  sequence: number;
}

function recognise(r: Reader): Recognised {
  if (r.left < HEADER + 2 || r.peek(HEADER) !== PDU) return recognised.no;
  const length = r.peek16(2);
  return length >= HEADER + 2 && (length <= r.left || r.left >= 60) ? recognised.port : recognised.no;
}

/** Fields of the PDU that is read: one object for all. */
const field = { blockAt: 0, blockTo: 0, setAt: 0, setTo: 0, idAt: 0, idTo: 0, state: -1, sequence: -1, revision: 0, test: false, complete: false }; // prettier-ignore

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
  fields(r);
  if (!field.complete) c.weird("truncated");
  if (field.blockTo === 0) {
    c.weird("bad-value");
    c.commandFast("event", GOOSE, field.revision, -1, -1, unit);
    return whole;
  }
  const publisher = publisherOf(r, c, unit);
  if (field.test) c.weird("test");
  if (field.state !== -1 && publisher.state !== -1) {
    if (field.state < publisher.state) c.weird("state-went-back");
    else if (field.state === publisher.state && field.sequence < publisher.sequence && field.sequence > 1)
      c.weird("sequence-went-back");
  }
  publisher.state = field.state;
  publisher.sequence = field.sequence;
  c.command("event", GOOSE, publisher.detail);
  return whole;
}

/** Reads fields up to the data, which nobody looks at. */
function fields(r: Reader): void {
  field.blockTo = 0;
  field.setTo = 0;
  field.idTo = 0;
  field.state = -1;
  field.sequence = -1;
  field.revision = 0;
  field.test = false;
  field.complete = false;
  for (let i = 0; i < MAX_FIELDS && r.left > 0; i++) {
    const tag = openBer(r);
    if (tag === -1) return;
    const end = r.at + berSize();
    if (tag === 0x80) {
      field.blockAt = r.at;
      field.blockTo = end;
    } else if (tag === 0x82) {
      field.setAt = r.at;
      field.setTo = end;
    } else if (tag === 0x83) {
      field.idAt = r.at;
      field.idTo = end;
    } else if (tag === 0x85) field.state = berNumber(r, berSize());
    else if (tag === 0x86) field.sequence = berNumber(r, berSize());
    else if (tag === 0x87) field.test = r.peek() !== 0;
    else if (tag === 0x88) field.revision = Math.min(MOST, berNumber(r, berSize()));
    r.at = end;
    if (tag === 0xab) break;
  }
  field.complete = true;
}

function publisherOf(r: Reader, c: Context, unit: number): Publisher {
  const known = (c.state as Remembered<Publisher> | null) ?? new Remembered<Publisher>();
  c.state = known;
  const key = keyOf(r.bytes, field.blockAt, field.blockTo, unit + field.revision * 65_536);
  const old = known.get(key);
  if (old !== undefined) return old;
  const text = (at: number, to: number): string => {
    r.at = at;
    return r.ascii(to - at);
  };
  const block = text(field.blockAt, field.blockTo);
  const set = field.setTo === 0 ? "" : text(field.setAt, field.setTo);
  const id = field.idTo === 0 ? "" : text(field.idAt, field.idTo);
  // The reference begins with the logical device: IED and instance.
  c.source("name", block.slice(0, Math.max(0, block.indexOf("/"))));
  c.source("application", id);
  const label = set === "" ? block : `${block} ${set.slice(set.indexOf("/") + 1)}`;
  return known.put(key, {
    detail: { object: field.revision, unit, label: label.slice(0, 128) },
    revision: field.revision,
    state: -1,
    sequence: -1,
  });
}

export const goose: Dissector = {
  protocol: "goose",
  specification: "IEC 61850-8-1:2011, clause 18, annexes A and C",
  on: { ethertype: [0x88_b8] },
  recognise,
  dissect,
  functions: functionTable([[GOOSE, "GOOSE", "report"]]),
  weirds: ["test", "state-went-back", "sequence-went-back"],
};
