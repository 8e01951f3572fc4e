/**
 * Tabular Data Stream (Microsoft SQL Server), MS-TDS, section 2.2.3.
 *
 *   0      1        2        4      6           7        8
 *   | type | status | length | SPID | packet id | window | PRELOGIN: options; LOGIN7: fixed part, offsets, texts …
 *
 * Told: packet types, the server's version, the client's and application's names of a login in clear. Its password is only turned
 * about, not encrypted: such a login is a weakness. Queries and results pass.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { functionTable } from "./codecs/functions.ts";

const HEADER = 8;
const RESPONSE = 4;
const LOGIN = 0x10;
const PRELOGIN = 0x12;
const MAX_OPTIONS = 16;
const functions = functionTable([
  [0x01, "SQL batch", "read"],
  [0x02, "login before version 7", "login"],
  [0x03, "RPC", "other"],
  [0x06, "attention", "session"],
  [0x07, "bulk load", "write"],
  [0x08, "federated authentication", "login"],
  [0x0e, "transaction manager", "session"],
  [LOGIN, "LOGIN7", "login"],
  [0x11, "SSPI", "login"],
  [PRELOGIN, "PRELOGIN", "session"],
]);

interface State {
  asked: number;
  versionTold: boolean;
}

function fits(r: Reader): boolean {
  const type = r.peek();
  const length = r.peek16(2);
  return (functions.has(type) || type === RESPONSE) && r.peek(1) < 0x20 && length >= HEADER && length <= 32_768 && r.peek(7) === 0; // prettier-ignore
}

/** The options of a PRELOGIN begin with the version, whose data lie behind the list (2.2.6.5). */
const isPrelogin = (r: Reader): boolean =>
  r.peek(HEADER) === 0 && r.peek16(HEADER + 3) === 6 && r.peek16(HEADER + 1) >= 6 && r.peek16(HEADER + 1) < 128 && r.peek(HEADER + 5) <= 7; // prettier-ignore

function recognise(r: Reader): 0 | 1 | 2 {
  if (r.left < HEADER || !fits(r)) return recognised.no;
  const type = r.peek();
  if (type === PRELOGIN && isPrelogin(r)) return recognised.sure;
  return recognised.port;
}

function prelogin(r: Reader, c: Context, state: State): void {
  const base = r.at;
  for (let i = 0; i < MAX_OPTIONS && r.left >= 5; i++) {
    const option = r.u8();
    if (option === 255) return;
    const offset = r.u16();
    r.skip(2);
    if (option !== 0 || base + offset + 4 > r.end) continue;
    const here = r.at;
    r.at = base + offset;
    const version = `${r.u8()}.${r.u8()}.${r.u16()}`;
    r.at = here;
    c.source("server-software", `Microsoft SQL Server ${version}`);
    state.versionTold = true;
  }
}

/** Offsets and lengths in characters from the beginning of the message (2.2.6.4). */
function login(r: Reader, c: Context): void {
  const base = r.at;
  const text = (field: number): string => {
    const from = base + r.peek16le(field);
    const length = 2 * r.peek16le(field + 2);
    if (length === 0 || from + length > r.end) return "";
    r.at = from;
    const value = r.utf16le(length);
    r.at = base;
    return value;
  };
  c.source("name", text(36));
  c.source("user-agent", text(48));
  if (r.peek16le(46) > 0) c.weakness("cleartext-login");
}

function dissect(r: Reader, c: Context): number {
  const state = (c.state ??= { asked: 0, versionTold: false } satisfies State) as State;
  if (r.left < HEADER) return NEED_MORE;
  if (!fits(r)) return NOT_MINE;
  const type = r.peek();
  const length = r.peek16(2);
  const wanted = type === LOGIN || type === PRELOGIN || (type === RESPONSE && state.asked === PRELOGIN);
  if (wanted && r.left < length) return NEED_MORE;
  const all = r.end;
  r.end = Math.min(all, r.start + length);
  const prelogins = isPrelogin(r);
  r.skip(HEADER);
  if (type === RESPONSE) {
    c.client(false);
    if (state.asked !== 0) c.commandFast("response", state.asked, 0, -1, -1, -1);
    if (state.asked === PRELOGIN && prelogins) prelogin(r, c, state);
    state.asked = 0;
  } else if (type !== PRELOGIN || prelogins) {
    c.client(true);
    c.commandFast("request", type, 0, -1, -1, -1);
    state.asked = type;
    if (type === LOGIN) login(r, c);
  }
  r.end = all;
  return length;
}

export const tds: Dissector = {
  protocol: "tds",
  specification: "MS-TDS, 2.2.3 and 2.2.6",
  on: { tcp: [1433, 1434] },
  stream: true,
  recognise,
  dissect,
  functions,
};
