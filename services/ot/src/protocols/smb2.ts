/**
 * SMB 2 and 3, MS-SMB2, section 2.2, in the frames of the NetBIOS session service (RFC 1002, 4.3.1; direct TCP is the same).
 *
 *   0           1..3     | 0      4       6       8        12        14        16      20     24    …   64
 *   | 0 | length (24) |  | \xfeSMB | 64 | charge | status | command | credits | flags | next | message id … | body
 *
 * Told: commands with their outcome, dialect, names and systems of NTLM, shares; file names are not. Data of reads and writes
 * pass unread, but for DCE/RPC of pipes. Limits: 32 commands in one frame.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { MAX_MESSAGE, NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";
import { tellNtlm } from "./codecs/ntlmssp.ts";

const PLAIN = 0xfe_53_4d_42;
const ENCRYPTED = 0xfd_53_4d_42;
const COMPRESSED = 0xfc_53_4d_42;
const SMB1 = 0xff_53_4d_42;
const HEADER = 64;
const MAX_CHAIN = 32;
const MORE_PROCESSING = 0xc0_00_00_16;
const PENDING = 0x103;
const NEGOTIATE = 0;
const SESSION_SETUP = 1;
const TREE_CONNECT = 3;
const READ = 8;
const WRITE = 9;
const IOCTL = 11;
const SEALED = 0x100;
const PACKED = 0x101;

const functions = functionTable([
  [NEGOTIATE, "NEGOTIATE", "session"],
  [SESSION_SETUP, "SESSION_SETUP", "login"],
  [2, "LOGOFF", "session"],
  [TREE_CONNECT, "TREE_CONNECT", "session"],
  [4, "TREE_DISCONNECT", "session"],
  [5, "CREATE", "file"],
  [6, "CLOSE", "file"],
  [7, "FLUSH", "file"],
  [READ, "READ", "file"],
  [WRITE, "WRITE", "file"],
  [10, "LOCK", "file"],
  [IOCTL, "IOCTL", "other"],
  [12, "CANCEL", "session"],
  [13, "ECHO", "session"],
  [14, "QUERY_DIRECTORY", "file"],
  [15, "CHANGE_NOTIFY", "file"],
  [16, "QUERY_INFO", "file"],
  [17, "SET_INFO", "file"],
  [18, "OPLOCK_BREAK", "file"],
  [SEALED, "encrypted", "other"],
  [PACKED, "compressed", "other"],
]);

const DIALECTS: Readonly<Record<number, string>> = {
  0x02_02: "SMB 2.0.2",
  0x02_10: "SMB 2.1",
  0x03_00: "SMB 3.0",
  0x03_02: "SMB 3.0.2",
  0x03_11: "SMB 3.1.1",
};

interface State {
  dialectTold: boolean;
}
const stateOf = (c: Context): State => (c.state ??= { dialectTold: false } satisfies State) as State;

function recognise(r: Reader): 0 | 1 | 2 {
  if (r.peek() !== 0 || r.left < 8) return recognised.no;
  const magic = r.peek32(4);
  if (magic === PLAIN) return r.left < 10 || r.peek16le(8) === HEADER ? recognised.sure : recognised.no;
  return magic === ENCRYPTED || magic === COMPRESSED ? recognised.sure : recognised.no;
}

/** Share of `\\server\share`. */
function share(r: Reader, at: number, body: number, to: number): string {
  const offset = (r.bytes[body + 4] as number) | ((r.bytes[body + 5] as number) << 8);
  const length = (r.bytes[body + 6] as number) | ((r.bytes[body + 7] as number) << 8);
  if (body + 8 > to || at + offset + length > to) return "";
  const here = r.at;
  r.at = at + offset;
  const path = r.utf16le(length);
  r.at = here;
  return path.slice(path.lastIndexOf("\\") + 1);
}

/** Offset and length of a pipe's data in the body, by command and direction (2.2.19 to 2.2.22, 2.2.31, 2.2.32). */
function pipe(r: Reader, c: Context, command: number, response: boolean, at: number, body: number, to: number): void {
  const u32 = (place: number): number => ((r.bytes[place] ?? 0) | ((r.bytes[place + 1] ?? 0) << 8)) + ((r.bytes[place + 2] ?? 0) | ((r.bytes[place + 3] ?? 0) << 8)) * 65_536; // prettier-ignore
  let from = -1;
  let length = 0;
  if (command === WRITE && !response) [from, length] = [at + (u32(body + 2) & 0xffff), u32(body + 4)];
  else if (command === READ && response) [from, length] = [at + (r.bytes[body + 2] ?? 0), u32(body + 4)];
  else if (command === IOCTL && !response) [from, length] = [at + u32(body + 24), u32(body + 28)];
  else if (command === IOCTL && response) [from, length] = [at + u32(body + 32), u32(body + 36)];
  // Version 5.0 of DCE/RPC and a known packet type: a pipe, not a file.
  if (from < at + HEADER || length < 16 || from + length > to) return;
  if (r.bytes[from] !== 5 || r.bytes[from + 1] !== 0 || (r.bytes[from + 2] as number) > 19) return;
  if (((r.bytes[from + 8] as number) | ((r.bytes[from + 9] as number) << 8)) > length) return;
  c.inside("dcerpc", r, from, from + length);
}

function one(r: Reader, c: Context, at: number, to: number): void {
  const { bytes } = r;
  const command = (bytes[at + 12] as number) | ((bytes[at + 13] as number) << 8);
  const response = ((bytes[at + 16] as number) & 1) !== 0;
  const status = (((bytes[at + 8] as number) | ((bytes[at + 9] as number) << 8)) + ((bytes[at + 10] as number) | ((bytes[at + 11] as number) << 8)) * 65_536) >>> 0; // prettier-ignore
  const body = at + HEADER;
  c.client(!response);
  if (!functions.has(command)) c.weird("unknown-function");
  if (response && status === PENDING) return;
  const failed = response && status >>> 30 === 3 && status !== MORE_PROCESSING;
  const outcome = !response ? "request" : failed ? "error" : "response";
  if (command === TREE_CONNECT && !response) c.command(outcome, command, { label: share(r, at, body, to) });
  else c.commandFast(outcome, command, 0, -1, -1, -1);
  if (failed) return;
  if (command === SESSION_SETUP) tellNtlm(r, c, body, to);
  else if (command === NEGOTIATE && response) {
    const dialect = DIALECTS[(bytes[body + 4] as number) | ((bytes[body + 5] as number) << 8)];
    const state = stateOf(c);
    if (dialect !== undefined && !state.dialectTold) c.source("capability", dialect);
    state.dialectTold = true;
  } else pipe(r, c, command, response, at, body, to);
}

/** True: the rest of the frame decides; false: its head is enough. */
const wantsWhole = (r: Reader): boolean => {
  const command = r.peek16le(16);
  return command === NEGOTIATE || command === SESSION_SETUP || command === TREE_CONNECT || command === IOCTL || r.peek32(24) !== 0; // prettier-ignore
};

function dissect(r: Reader, c: Context): number {
  if (r.left < 8) return r.left > 0 && r.peek() !== 0 && r.peek() < 0x81 ? NOT_MINE : NEED_MORE;
  if (r.peek() >= 0x81 && r.peek() <= 0x85) return r.left < 4 + r.peek16(2) ? NEED_MORE : 4 + r.peek16(2);
  const length = r.peek32() & 0xff_ff_ff;
  const magic = r.peek32(4);
  if (r.peek() !== 0) return NOT_MINE;
  if (magic === SMB1) return c.inside("smb1", r, r.at, r.end);
  if (magic === ENCRYPTED || magic === COMPRESSED) {
    c.commandFast("event", magic === ENCRYPTED ? SEALED : PACKED, 0, -1, -1, -1);
    return 4 + length;
  }
  if (magic !== PLAIN || length < HEADER) return NOT_MINE;
  if (r.left < 4 + HEADER) return NEED_MORE;
  const small = length <= 4_096 || (wantsWhole(r) && length < MAX_MESSAGE - 4);
  if (r.left < Math.min(4 + length, small ? 4 + length : 4 + HEADER + 48)) return NEED_MORE;
  const to = Math.min(r.end, r.start + 4 + length);
  for (let at = r.start + 4, i = 0; i < MAX_CHAIN && at + HEADER <= to; i++) {
    if (r.bytes[at] !== 0xfe) break;
    const next = (r.bytes[at + 20] as number) | ((r.bytes[at + 21] as number) << 8);
    one(r, c, at, next > 0 ? Math.min(to, at + next) : to);
    if (next < HEADER) break;
    at += next;
  }
  return 4 + length;
}

export const smb2: Dissector = {
  protocol: "smb2",
  specification: "MS-SMB2, 2.2",
  on: { tcp: [445, 139] },
  stream: true,
  recognise,
  dissect,
  functions,
};
