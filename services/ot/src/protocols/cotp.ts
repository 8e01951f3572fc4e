/**
 * COTP over TCP: ISO 8073 / X.224 class 0 (section 13) in TPKT (RFC 1006).
 *
 *  TPKT                          COTP                      DT: 1 byte
 * | 3 | 0 | length, 2 bytes |   | LI | type | fixed part … | EOT 0x80 + number |  user data
 *
 * CR and CC carry parameters (code, length, value): 0xc0 TPDU size, 0xc1 calling TSAP, 0xc2 called TSAP. User data goes to
 * S7comm (first byte 0x32), S7comm-plus (0x72) or the session layer of MMS. A TSDU in several DT is put together, at most
 * MAX_TSDU bytes per direction; a longer one is dropped.
 */
import { Reader } from "@yagura/packets/reader.ts";
import { Half } from "@yagura/packets/reassembly.ts";
import type { ProtocolName } from "../wire/vocabulary.ts";
import { functionTable } from "./codecs/functions.ts";
import { TPKT_HEADER, tpktLength } from "./codecs/tpkt.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "./dissector.ts";

const MAX_TSDU = 65_536;
const MAX_PARAMETERS = 16;
const CR = 0xe0;
const CC = 0xd0;
const DT = 0xf0;
const ER = 0x70;
const known = new Set([CR, CC, 0x80, 0xc0, DT, 0x10, 0x60, 0x20, 0x50, ER]);

interface State {
  inner: ProtocolName | null;
  /** Beginning of a TSDU by direction (lower source port first), null between two. */
  readonly begun: [Half | null, Half | null];
}

function recognise(r: Reader): Recognised {
  const length = tpktLength(r);
  if (length <= 0 || r.left < TPKT_HEADER + 2) return recognised.no;
  const li = r.peek(4);
  const type = r.peek(5) & 0xf0;
  if (li < 2 || li === 255 || 5 + li > length || !known.has(type)) return recognised.no;
  if (type === CR || type === CC) return li > 6 && tsapsFit(r, li) ? recognised.sure : recognised.port;
  if (type !== DT || li !== 2) return recognised.port;
  const first = r.peek(7);
  const s7 =
    first === 0x32 && r.left >= 17 && r.peek(8) >= 1 && r.peek(8) <= 7 && 17 + r.peek16(13) + r.peek16(15) <= length;
  const plus = first === 0x72 && r.left >= 11 && r.peek(8) <= 3 && 11 + r.peek16(9) <= length;
  return s7 || plus ? recognised.sure : recognised.port;
}

/** The parameters fill the header, and there is a TSAP among them: RDP, which has the same first bytes, sends none. */
function tsapsFit(r: Reader, li: number): boolean {
  let at = 11;
  let tsap = false;
  for (let i = 0; i < MAX_PARAMETERS && at < 5 + li; i++) {
    const code = r.peek(at);
    if (code < 0xc0 || code > 0xf2) return false;
    tsap ||= code === 0xc1 || code === 0xc2;
    at += 2 + r.peek(at + 1);
  }
  return at === 5 + li && tsap && at <= r.left;
}

function dissect(r: Reader, c: Context): number {
  const length = tpktLength(r);
  if (length === -1) return NOT_MINE;
  if (length === 0 || r.left < length) return NEED_MORE;
  const start = r.at;
  r.end = start + length;
  r.skip(TPKT_HEADER);
  const li = r.u8();
  const type = r.u8() & 0xf0;
  if (li < 2 || 5 + li > length) {
    c.weird("bad-length");
    return length;
  }
  if (!known.has(type)) {
    c.weird("unknown-function");
    return length;
  }
  const user = start + 5 + li;
  if (type === DT) data(r, c, user, li === 2 && (r.u8() & 0x80) !== 0);
  else if (type === CR || type === CC) connection(r, c, type, user);
  else c.command(type === ER ? "error" : "event", type);
  return length;
}

function connection(r: Reader, c: Context, type: number, end: number): void {
  c.client(type === CR);
  r.skip(5); // destination and source reference, class
  let calling = "";
  let called = "";
  for (let i = 0; i < MAX_PARAMETERS && r.at + 2 <= end; i++) {
    const code = r.u8();
    const size = r.u8();
    if (r.at + size > end) {
      c.weird("bad-length");
      break;
    }
    if (code === 0xc1) calling = tsap(r, size);
    else if (code === 0xc2) called = tsap(r, size);
    else r.skip(size);
  }
  c.command(type === CR ? "request" : "response", CR, { label: `${calling} > ${called}` });
}

/** A TSAP is text (SIMATIC-ROOT-ES) or a few bytes, for S7: kind of connection, rack and slot. */
function tsap(r: Reader, size: number): string {
  const at = r.at;
  const text = r.ascii(size);
  if (text.length === size && size > 0 && !text.includes("·")) return text;
  r.at = at;
  return r.hex(size);
}

function data(r: Reader, c: Context, from: number, last: boolean): void {
  const state: State = (c.state as State | null) ?? { inner: null, begun: [null, null] };
  c.state = state;
  const way = c.sourcePort < c.destinationPort ? 0 : 1;
  const begun = state.begun[way];
  if (begun === null && last) return inner(r, c, state, from, r.end);
  if ((begun?.length ?? 0) + r.end - from > MAX_TSDU) {
    c.weird("too-long");
    state.begun[way] = null;
    return;
  }
  const joined = begun ?? new Half();
  joined.append(r.bytes, from, r.end);
  state.begun[way] = last ? null : joined;
  if (last) inner(new Reader().open(joined.kept, 0, joined.length), c, state, 0, joined.length);
}

function inner(r: Reader, c: Context, state: State, from: number, to: number): void {
  if (to <= from) return;
  const protocol = carried(r.bytes[from] as number);
  if (protocol === null) {
    c.weird("unknown-user-data");
    return;
  }
  if (state.inner !== protocol) {
    state.inner = protocol;
    c.become(protocol);
  }
  c.inside(protocol, r, from, to);
}

function carried(first: number): ProtocolName | null {
  if (first === 0x32) return "s7comm";
  if (first === 0x72) return "s7comm-plus";
  // Session SPDUs (ISO 8327): 1 give tokens + data, 13 connect, 14 accept, 12 refuse, 9/10 finish, 25 abort.
  return first === 1 || (first >= 8 && first <= 14) || first === 25 ? "mms" : null;
}

export const cotp: Dissector = {
  protocol: "cotp",
  specification: "ISO/IEC 8073, section 13; RFC 1006",
  on: { tcp: [102] },
  stream: true,
  recognise,
  dissect,
  functions: functionTable([
    [CR, "Connection Request", "session"],
    [0x80, "Disconnect Request", "session"],
    [0xc0, "Disconnect Confirm", "session"],
    [0x10, "Expedited Data", "other"],
    [0x60, "Data Acknowledgement", "other"],
    [0x20, "Expedited Data Acknowledgement", "other"],
    [0x50, "Reject", "other"],
    [ER, "TPDU Error", "other"],
  ]),
  weirds: ["unknown-user-data"],
};
