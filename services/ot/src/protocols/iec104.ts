/**
 * IEC 60870-5-104 (second edition, sections 5 and 7) with the ASDUs of IEC 60870-5-101, section 7.
 *
 *  APCI: | 0x68 | length 4–253 | control, 4 bytes |   I: bit 0 of the first is 0; S: 01; U: 11 and one function bit
 *  ASDU: | type | SQ 0x80 + number | cause, 0x40 negative, 0x80 test | originator | common address, 2 bytes |
 *        then objects: | address, 3 bytes | elements …; with SQ one address and elements one after the other
 *
 * The object of a command is its cause of transmission (a confirmation is counted where its activation was), the unit is the
 * common address, low and high are information object addresses. S frames tell nothing.
 *
 * A connection begins stopped: until STARTDT is asked for, and after STOPDT is confirmed, neither side may send I frames (5.3). A
 * conversation that is taken up in the middle counts as started, unless its first I frame has the numbers 0 and 0.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import type { Outcome } from "../wire/vocabulary.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";
import { iec104Causes, iec104ElementSize, iec104Functions, U_FORMAT } from "./iec104-types.ts";

const START = 0x68;
const LEAST = 4;
const MOST = 253;
const ASDU_HEADER = 6;

/** State of a conversation; null: nothing was read yet. `heard`: nobody knows yet whether it was started. */
const state = { heard: 1, started: 2, stopped: 3 } as const;

/** U functions: activation → its confirmation bit. */
const isActivation = (control: number): boolean => control === 0x07 || control === 0x13 || control === 0x43;
const isConfirmation = (control: number): boolean => control === 0x0b || control === 0x23 || control === 0x83;

function recognise(r: Reader): Recognised {
  const length = r.peek(1);
  if (r.left < 6 || r.peek() !== START || length < LEAST || length > MOST) return recognised.no;
  const control = r.peek(2);
  const third = r.peek(4);
  if ((control & 3) === 3) {
    const known = isActivation(control) || isConfirmation(control);
    return known && length === 4 && r.peek(3) === 0 && r.peek16(4) === 0 ? recognised.sure : recognised.no;
  }
  if ((third & 1) !== 0) return recognised.no;
  if ((control & 3) === 1) return length === 4 && control === 1 && r.peek(3) === 0 ? recognised.sure : recognised.no;
  if (length < LEAST + ASDU_HEADER) return recognised.no;
  const type = r.peek(6);
  const cause = r.peek(8) & 0x3f;
  if (!iec104Functions.has(type) || (r.peek(7) & 0x7f) === 0 || cause === 0 || cause > 47) return recognised.no;
  const size = sizeOf(type, r.peek(7));
  return size === length - LEAST - ASDU_HEADER && r.left >= 12 ? recognised.sure : recognised.port;
}

/** Bytes behind the ASDU's header, −1 where the type has no fixed size. */
function sizeOf(type: number, qualifier: number): number {
  const element = iec104ElementSize[type] ?? -1;
  const count = qualifier & 0x7f;
  return element === -1 ? -1 : qualifier >= 0x80 ? 3 + count * element : count * (3 + element);
}

function dissect(r: Reader, c: Context): number {
  const whole = r.left;
  if (whole === 0) return NEED_MORE;
  if (r.peek() !== START) return resynchronise(r, c);
  if (whole < 2) return NEED_MORE;
  const length = r.peek(1);
  if (length < LEAST || length > MOST) {
    c.weird("bad-length");
    return NOT_MINE;
  }
  if (whole < length + 2) return NEED_MORE;
  r.end = r.at + length + 2;
  r.skip(2);
  const control = r.u8();
  // With the send number's first part: I frames of a new connection have 0 here.
  const numbers = control | r.u8() | r.u16le();
  if ((control & 3) === 3) unnumbered(c, control);
  else if ((control & 1) === 0) asdu(r, c, numbers === 0);
  else if (length !== 4) c.weird("bad-length");
  return length + 2;
}

/** After lost bytes: on to the next beginning. A conversation that began with other bytes is another protocol. */
function resynchronise(r: Reader, c: Context): number {
  if (c.state === null) return NOT_MINE;
  c.weird("out-of-sync");
  let at = 1;
  while (at < r.left && r.peek(at) !== START) at++;
  return at;
}

function unnumbered(c: Context, control: number): void {
  if (control === 0x07 || control === 0x0b) c.state = state.started;
  else if (control === 0x23) c.state = state.stopped;
  else if (c.state === null) c.state = state.heard;
  if (isActivation(control)) {
    // Only the controlling station starts and stops the transfer; both may test.
    if (control !== 0x43) c.client(true);
    c.commandFast("request", U_FORMAT + control, 0, -1, -1, -1);
  } else if (isConfirmation(control)) {
    const activation = control === 0x0b ? 0x07 : control === 0x23 ? 0x13 : 0x43;
    if (control !== 0x83) c.client(false);
    c.commandFast("response", U_FORMAT + activation, 0, -1, -1, -1);
  } else c.weird("unknown-function");
}

function asdu(r: Reader, c: Context, isFirst: boolean): void {
  const before = c.state ?? state.heard;
  // Told once where no STARTDT was seen: it may be that only the sensor missed it.
  if (before === state.stopped || (before === state.heard && isFirst)) c.weird("data-while-stopped");
  if (before !== state.stopped) c.state = state.started;
  const type = r.u8();
  const qualifier = r.u8();
  const transmission = r.u8();
  r.skip(1);
  const unit = r.u16le();
  if (r.short) {
    c.weird("truncated");
    return;
  }
  const cause = transmission & 0x3f;
  if (!iec104Functions.has(type)) c.weird("unknown-function");
  if (!iec104Causes.has(cause)) c.weird("unknown-cause");
  const size = sizeOf(type, qualifier);
  const count = qualifier & 0x7f;
  if (size !== -1 && size !== r.left) c.weird("bad-length");
  const first = r.left >= 3 ? r.u16le() + r.u8() * 65_536 : -1;
  let low = first;
  let high = first;
  if (qualifier >= 0x80) high = first === -1 ? -1 : Math.min(0xff_ff_ff, first + Math.max(0, count - 1));
  else if (size !== -1) {
    const element = iec104ElementSize[type] as number;
    for (let i = 1; i < count && r.left >= element + 3; i++) {
      r.skip(element);
      const address = r.u16le() + r.u8() * 65_536;
      if (address < low) low = address;
      if (address > high) high = address;
    }
  }
  c.commandFast(outcomeOf(cause, transmission), type, activationOf(cause), low, high, unit);
}

function outcomeOf(cause: number, transmission: number): Outcome {
  if (cause === 6 || cause === 8) return "request";
  if ((transmission & 0x40) !== 0 || cause >= 44) return "error";
  return cause === 7 || cause === 9 || cause === 10 || cause === 5 || cause >= 13 ? "response" : "event";
}
/** Confirmation and termination belong to their activation, 9 to the deactivation. */
const activationOf = (cause: number): number => (cause === 7 || cause === 10 ? 6 : cause === 9 ? 8 : cause);

export const iec104: Dissector = {
  protocol: "iec104",
  specification: "IEC 60870-5-104:2006, sections 5, 7; IEC 60870-5-101, section 7",
  on: { tcp: [2_404] },
  stream: true,
  recognise,
  dissect,
  functions: iec104Functions,
  objects: iec104Causes,
  weirds: ["unknown-cause", "data-while-stopped"],
};
