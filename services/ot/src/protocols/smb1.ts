/**
 * SMB 1 (CIFS), MS-CIFS, section 2.2.3, in the frames of the NetBIOS session service (RFC 1002, 4.3).
 *
 *   0           1..3     | 0         4         5        9       10       12  …  32         33
 *   | 0 | length (24) |  | \xffSMB | command | status | flags | flags2 | … | words (n) | 2n bytes | bytes (2) | …
 *
 * Its use is a weakness once a server speaks it: a client that only offers it beside version 2 does not count. Told: commands,
 * native OS and LAN manager, domain, names and systems of NTLM.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { MAX_MESSAGE, NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import type { Outcome } from "../wire/vocabulary.ts";
import { functionTable } from "./codecs/functions.ts";
import { tellNtlm } from "./codecs/ntlmssp.ts";

const SMB1 = 0xff_53_4d_42;
const SMB2 = new Set([0xfe_53_4d_42, 0xfd_53_4d_42, 0xfc_53_4d_42]);
const HEADER = 32;
const TRANSACTION = 0x25;
const READ_ANDX = 0x2e;
const WRITE_ANDX = 0x2f;
const NEGOTIATE = 0x72;
const SESSION_SETUP = 0x73;
const MORE_PROCESSING = 0xc0_00_00_16;
const UNICODE = 0x8000;

const functions = functionTable([
  [0x00, "CREATE_DIRECTORY", "file"],
  [0x01, "DELETE_DIRECTORY", "file"],
  [0x02, "OPEN", "file"],
  [0x03, "CREATE", "file"],
  [0x04, "CLOSE", "file"],
  [0x05, "FLUSH", "file"],
  [0x06, "DELETE", "file"],
  [0x07, "RENAME", "file"],
  [0x08, "QUERY_INFORMATION", "file"],
  [0x09, "SET_INFORMATION", "file"],
  [0x0a, "READ", "file"],
  [0x0b, "WRITE", "file"],
  [0x0c, "LOCK_BYTE_RANGE", "file"],
  [0x0d, "UNLOCK_BYTE_RANGE", "file"],
  [0x0e, "CREATE_TEMPORARY", "file"],
  [0x0f, "CREATE_NEW", "file"],
  [0x10, "CHECK_DIRECTORY", "file"],
  [0x11, "PROCESS_EXIT", "session"],
  [0x12, "SEEK", "file"],
  [0x13, "LOCK_AND_READ", "file"],
  [0x14, "WRITE_AND_UNLOCK", "file"],
  [0x1a, "READ_RAW", "file"],
  [0x1d, "WRITE_RAW", "file"],
  [0x22, "SET_INFORMATION2", "file"],
  [0x23, "QUERY_INFORMATION2", "file"],
  [0x24, "LOCKING_ANDX", "file"],
  [TRANSACTION, "TRANSACTION", "other"],
  [0x26, "TRANSACTION_SECONDARY", "other"],
  [0x27, "IOCTL", "other"],
  [0x28, "IOCTL_SECONDARY", "other"],
  [0x2b, "ECHO", "session"],
  [0x2c, "WRITE_AND_CLOSE", "file"],
  [0x2d, "OPEN_ANDX", "file"],
  [READ_ANDX, "READ_ANDX", "file"],
  [WRITE_ANDX, "WRITE_ANDX", "file"],
  [0x32, "TRANSACTION2", "file"],
  [0x33, "TRANSACTION2_SECONDARY", "file"],
  [0x34, "FIND_CLOSE2", "file"],
  [0x70, "TREE_CONNECT", "session"],
  [0x71, "TREE_DISCONNECT", "session"],
  [NEGOTIATE, "NEGOTIATE", "session"],
  [SESSION_SETUP, "SESSION_SETUP_ANDX", "login"],
  [0x74, "LOGOFF_ANDX", "session"],
  [0x75, "TREE_CONNECT_ANDX", "session"],
  [0x80, "QUERY_INFORMATION_DISK", "file"],
  [0x81, "SEARCH", "file"],
  [0x82, "FIND", "file"],
  [0x83, "FIND_UNIQUE", "file"],
  [0x84, "FIND_CLOSE", "file"],
  [0xa0, "NT_TRANSACT", "file"],
  [0xa1, "NT_TRANSACT_SECONDARY", "file"],
  [0xa2, "NT_CREATE_ANDX", "file"],
  [0xa4, "NT_CANCEL", "session"],
  [0xa5, "NT_RENAME", "file"],
  [0xc0, "OPEN_PRINT_FILE", "file"],
  [0xc1, "WRITE_PRINT_FILE", "file"],
  [0xc2, "CLOSE_PRINT_FILE", "file"],
]);

interface State {
  weak: boolean;
}
const stateOf = (c: Context): State => (c.state ??= { weak: false } satisfies State) as State;
const word16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

function recognise(r: Reader): 0 | 1 | 2 {
  if (r.peek() === 0 && r.left >= 9 && r.peek32(4) === SMB1) return recognised.sure;
  // A conversation that went over to version 2 is found again behind a gap; as a new one it is offered to SMB 2 first.
  if (r.peek() === 0 && SMB2.has(r.peek32(4))) return recognised.port;
  // Session request: called and calling name of 34 bytes each (RFC 1002, 4.3.2).
  const request = r.peek() === 0x81 && r.peek16(2) === 68 && r.peek(4) === 32 && r.peek(38) === 32;
  return request && r.peek(1) === 0 ? recognised.sure : recognised.no;
}

/** Where the text at `at` ends: at a zero of `step` bytes, or at `to`. */
function endOf(bytes: Uint8Array, at: number, to: number, step: number): number {
  for (let i = at; i + step <= to; i += step) if (bytes[i] === 0 && (step === 1 || bytes[i + 1] === 0)) return i;
  return to;
}

/** Texts behind a security blob: native OS, then native LAN manager and perhaps the domain. */
function natives(r: Reader, c: Context, from: number, to: number, unicode: boolean, base: number): void {
  const step = unicode ? 2 : 1;
  let at = unicode && (from - base) & 1 ? from + 1 : from;
  for (let i = 0; i < 3 && at < to; i++) {
    const end = endOf(r.bytes, at, to, step);
    r.at = at;
    const text = unicode ? r.utf16le(end - at) : r.ascii(end - at);
    if (i === 0) c.source("os", text);
    else c.source(i === 1 ? "server-software" : "domain", text);
    at = end + step;
  }
}

function sessionSetup(r: Reader, c: Context, base: number, to: number, response: boolean): void {
  const words = r.bytes[base + HEADER] as number;
  const parameters = base + HEADER + 1;
  const data = parameters + 2 * words + 2;
  const unicode = (word16(r.bytes, base + 10) & UNICODE) !== 0;
  if (data > to) return;
  if (words === 12 || (response && words === 4)) {
    const blob = word16(r.bytes, parameters + (response ? 6 : 14));
    if (data + blob > to) return;
    tellNtlm(r, c, data, data + blob);
    natives(r, c, data + blob, to, unicode, base);
  } else if (response && words === 3) natives(r, c, data, to, unicode, base);
}

/** DCE/RPC in a pipe: where the data lie, by command and direction. */
function pipe(r: Reader, c: Context, command: number, response: boolean, base: number, to: number): void {
  const parameters = base + HEADER + 1;
  const place = command === TRANSACTION ? (response ? 12 : 22) : command === WRITE_ANDX && !response ? 20 : command === READ_ANDX && response ? 10 : -1; // prettier-ignore
  if (place < 0 || parameters + place + 4 > to) return;
  const length = word16(r.bytes, parameters + place);
  const from = base + word16(r.bytes, parameters + place + 2);
  if (length < 16 || from < parameters || from + length > to) return;
  if (r.bytes[from] !== 5 || r.bytes[from + 1] !== 0 || (r.bytes[from + 2] as number) > 19) return;
  c.inside("dcerpc", r, from, from + length);
}

/** Commands that bring a further one along (2.2.3.4), each with its place from the header's beginning. */
const ANDX = new Set([0x24, 0x2d, READ_ANDX, WRITE_ANDX, SESSION_SETUP, 0x74, 0x75, 0xa2]);
const MAX_CHAIN = 8;

function chain(r: Reader, c: Context, first: number, outcome: Outcome, base: number, to: number): void {
  let command = first;
  let at = base + HEADER;
  for (let i = 0; i < MAX_CHAIN && ANDX.has(command) && at + 5 <= to && (r.bytes[at] as number) >= 2; i++) {
    const next = base + word16(r.bytes, at + 3);
    command = r.bytes[at + 1] as number;
    if (command === 0xff || next <= at || next >= to) return;
    c.commandFast(outcome, command, 0, -1, -1, -1);
    at = next;
  }
}

function message(r: Reader, c: Context, base: number, to: number): void {
  const { bytes } = r;
  const command = bytes[base + 4] as number;
  const response = ((bytes[base + 9] as number) & 0x80) !== 0;
  const status = (word16(bytes, base + 5) + word16(bytes, base + 7) * 65_536) >>> 0;
  const state = stateOf(c);
  c.client(!response);
  if (!functions.has(command)) c.weird("unknown-function");
  const failed = response && status !== 0 && status !== MORE_PROCESSING && (status >>> 30 === 3 || (status & 0xff) !== 0 && status >>> 30 === 0); // prettier-ignore
  const outcome = !response ? "request" : failed ? "error" : "response";
  c.commandFast(outcome, command, 0, -1, -1, -1);
  chain(r, c, command, outcome, base, to);
  const refused = command === NEGOTIATE && (!response || bytes[base + HEADER] === 0 || word16(bytes, base + HEADER + 1) === 0xffff); // prettier-ignore
  if (!state.weak && !refused) {
    state.weak = true;
    c.weakness("smb1");
  }
  if (failed) return;
  if (command === SESSION_SETUP) sessionSetup(r, c, base, to, response);
  else pipe(r, c, command, response, base, to);
}

function dissect(r: Reader, c: Context): number {
  const kind = r.peek();
  if (r.left > 0 && kind !== 0 && (kind < 0x81 || kind > 0x85)) return NOT_MINE;
  if (r.left < 4) return NEED_MORE;
  const length = r.peek32() & 0x01_ff_ff;
  if (kind !== 0) {
    // Session request and its answers, keep-alive.
    if (length > 256) return NOT_MINE;
    if (r.left < 4 + length) return NEED_MORE;
    if (kind === 0x81) c.client(true);
    return 4 + length;
  }
  if (length === 0) return 4;
  if (r.left < 8) return NEED_MORE;
  if (SMB2.has(r.peek32(4))) {
    c.become("smb2");
    return c.inside("smb2", r, r.at, r.end);
  }
  if (r.peek32(4) !== SMB1 || length < HEADER + 3) return NOT_MINE;
  if (r.left < Math.min(4 + length, MAX_MESSAGE / 2)) return NEED_MORE;
  message(r, c, r.start + 4, Math.min(r.end, r.start + 4 + length));
  return 4 + length;
}

export const smb1: Dissector = {
  protocol: "smb1",
  specification: "MS-CIFS, 2.2; RFC 1002, 4.3",
  on: { tcp: [139, 445] },
  stream: true,
  recognise,
  dissect,
  functions,
};
