/**
 * Datagram Transport Layer Security, RFC 6347 and RFC 9147: records and the handshake messages that go in clear.
 *
 *   0      1         3       5          11       13     14       17         19       22       25
 *   | type | version | epoch | sequence | length | type | length | sequence | offset | length | …
 *
 * A message that is longer than a packet comes in fragments (RFC 9147, 5.5). Records with the header of DTLS 1.3 (RFC 9147, 4) are
 * encrypted and pass. Told as of TLS: server name, JA4, version and suite, the server's certificate, alerts in clear.
 * Limits: 32 records of a datagram, messages of 16 KiB.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { dropPieces, piecesOf } from "./codecs/pieces.ts";
import { sideOf } from "./codecs/sides.ts";
import { ALERTS, handshakeFunctions, tellHandshake } from "./tls.ts";

const RECORD = 13;
const FRAGMENT = 12;
const MAX_RECORDS = 32;
const MAX_MESSAGE = 16_384;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const LAST_TYPE = 26;
/** Those of records: 1.0, 1.2 (which 1.3 writes, too), and one of before the standard. */
const versions: ReadonlySet<number> = new Set([0xfe_ff, 0xfe_fd, 0x01_00]);

interface Side {
  /** Number of the message whose fragments are gathered, −1 for none. */
  gathers: number;
}
interface State {
  readonly sides: readonly [Side, Side];
  known: boolean;
}

const fits = (r: Reader): boolean =>
  r.left >= RECORD &&
  r.peek() >= CHANGE_CIPHER_SPEC &&
  r.peek() <= LAST_TYPE &&
  versions.has(r.peek16(1)) &&
  r.peek16(11) > 0;

/** First byte of a record of DTLS 1.3: 001CSLEE. */
const isUnified = (byte: number): boolean => byte >> 5 === 1;

function recognise(r: Reader): 0 | 1 | 2 {
  if (!fits(r)) return recognised.no;
  const length = r.peek16(11);
  if (r.peek() === HANDSHAKE && r.peek16(3) === 0 && r.left >= RECORD + FRAGMENT) {
    const size = (r.peek(14) << 16) | r.peek16(15);
    const offset = (r.peek(19) << 16) | r.peek16(20);
    const part = (r.peek(22) << 16) | r.peek16(23);
    return offset + part <= size && part + FRAGMENT <= length && size <= MAX_MESSAGE ? recognised.sure : recognised.no;
  }
  // A length that fills the datagram, or leaves room for a further record.
  return length + RECORD === r.left ? recognised.sure : length + RECORD < r.left ? recognised.port : recognised.no;
}

function handshake(r: Reader, c: Context, side: Side, to: number): void {
  const type = r.u8();
  const length = r.u24();
  const number = r.u16();
  const offset = r.u24();
  const part = r.u24();
  if (r.at + part > to || offset + part > length || length > MAX_MESSAGE) {
    c.weird("bad-length");
    return;
  }
  if (part === length) {
    tellHandshake(c, type, r.bytes, r.at, r.at + length, "d");
    return;
  }
  if (side.gathers !== number) dropPieces(side);
  side.gathers = number;
  const pieces = piecesOf(side);
  pieces.put(offset, r.bytes, r.at, r.at + part);
  if (pieces.end < length) return;
  tellHandshake(c, type, pieces.bytes, 0, length, "d");
  dropPieces(side);
  side.gathers = -1;
}

function dissect(r: Reader, c: Context): number {
  const all = r.left;
  const state = (c.state ??= { sides: [{ gathers: -1 }, { gathers: -1 }], known: false } satisfies State) as State;
  if (state.known && isUnified(r.peek())) return all;
  if (!fits(r)) return NOT_MINE;
  state.known = true;
  const { end } = r;
  for (let i = 0; i < MAX_RECORDS && fits(r); i++) {
    const type = r.peek();
    const epoch = r.peek16(3);
    const next = r.at + RECORD + r.peek16(11);
    if (next > end) {
      c.weird("truncated");
      break;
    }
    // From the second epoch on all is encrypted.
    if (epoch === 0 && type === HANDSHAKE && next - r.at >= RECORD + FRAGMENT) {
      r.skip(RECORD);
      handshake(r, c, state.sides[sideOf(c)], next);
    } else if (epoch === 0 && type === ALERT && next - r.at === RECORD + 2)
      c.commandFast("event", ALERTS + r.peek(RECORD + 1), 0, -1, -1, -1);
    r.at = next;
  }
  return all;
}

export const dtls: Dissector = {
  protocol: "dtls",
  specification: "RFC 6347, 4; RFC 9147, 4 and 5",
  on: { udp: [2_221, 3_391, 4_433, 4_740, 5_684, 10_161] },
  recognise,
  dissect,
  functions: handshakeFunctions,
};
