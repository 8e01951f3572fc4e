/**
 * QUIC, RFC 9000, section 17.2, and version 2, RFC 9369: packets with a long header.
 *
 *   0       1         5      6 …
 *   | flags | version | dcid length, dcid | scid length, scid | …
 *
 * The client's Initial packet is protected by keys that anybody can derive (RFC 9001, 5.2): its client hello gives server name and
 * JA4. Limits: three Initials of a conversation are opened; a hello that is spread over more is not read.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { isAddress } from "./codecs/addresses.ts";
import { ja4, readClientHello } from "./codecs/client-hello.ts";
import { functionTable } from "./codecs/functions.ts";

const MAX_TRIES = 3;
const MAX_ID = 20;
const HELLO = 1;
const CRYPTO = 6;

const functions = functionTable([
  [0, "Initial", "session"],
  [1, "0-RTT", "session"],
  [2, "Handshake", "session"],
  [3, "Retry", "session"],
  [4, "Version Negotiation", "session"],
]);
const V2 = 0x6b_33_43_cf;

/** "" for versions that nobody registered. */
function versionName(version: number): string {
  if (version === 1) return "QUIC v1";
  if (version === V2) return "QUIC v2";
  return version >>> 8 === 0xff_00_00 ? `QUIC draft ${version & 255}` : "";
}

interface State {
  tries: number;
  done: boolean;
  told: boolean;
}

function recognise(r: Reader): 0 | 1 | 2 {
  if ((r.peek() & 0xc0) !== 0xc0 || r.left < 16) return recognised.no;
  const version = r.peek32(1);
  const dcid = r.peek(5);
  if (dcid > MAX_ID || versionName(version) === "") return recognised.no;
  if (6 + dcid >= r.left) return recognised.no;
  return r.peek(6 + dcid) <= MAX_ID ? recognised.sure : recognised.no;
}

/** Type of a long header; version 2 turns the numbers by one (RFC 9369, 3.2). */
const typeOf = (first: number, version: number): number => (((first >> 4) & 3) + (version === V2 ? 3 : 0)) & 3;

/** Where the client hello begins in what the packet held, or −1: it may come bare or in CRYPTO frames at offset 0 (19.6). */
function helloAt(plain: Uint8Array): number {
  let at = 0;
  // A bare handshake message: its length of 24 bits is that of what follows, at least roughly.
  if (plain[0] === HELLO && plain[1] === 0 && (plain[2] as number) < 0x40 && plain[4] === 3) return 0;
  while (at < plain.length && (plain[at] as number) <= 1) at++;
  if (plain[at] !== CRYPTO) return -1;
  const size = (place: number): number => 1 << ((plain[place] ?? 0) >> 6);
  if ((plain[at + 1] ?? 0) !== 0) return -1;
  return at + 2 + size(at + 2);
}

function initial(r: Reader, c: Context, state: State): void {
  if (state.done || state.tries >= MAX_TRIES) return;
  state.tries++;
  const plain = c.primitives.openQuicInitial(r.bytes.subarray(r.at, r.end));
  if (plain === null) return;
  c.client(true);
  const at = helloAt(plain);
  if (at < 0 || plain[at] !== HELLO) return;
  const length = ((plain[at + 1] ?? 0) << 16) | ((plain[at + 2] ?? 0) << 8) | (plain[at + 3] ?? 0);
  const hello = readClientHello(plain, at + 4, Math.min(plain.length, at + 4 + length));
  if (hello === null) return;
  state.done = true;
  if (!isAddress(hello.serverName)) c.destination("name", hello.serverName);
  c.source("ja4", ja4(hello, "q", c.primitives));
}

function dissect(r: Reader, c: Context): number {
  const length = r.end - r.start;
  const state = (c.state ??= { tries: 0, done: false, told: false } satisfies State) as State;
  const first = r.peek();
  // Short headers and what a client pads with.
  if (!(first & 0x80)) return length;
  if (r.left < 7) return NOT_MINE;
  const version = r.peek32(1);
  if (version === 0) {
    c.client(false);
    c.commandFast("response", 4, 0, -1, -1, -1);
    return length;
  }
  const name = versionName(version);
  if (name === "") {
    if (!state.told) return NOT_MINE;
    c.weird("bad-version");
    return length;
  }
  if (!state.told) c.source("capability", name);
  state.told = true;
  const type = typeOf(first, version);
  c.commandFast("event", type, 0, -1, -1, -1);
  if (type === 0) initial(r, c, state);
  return length;
}

export const quic: Dissector = {
  protocol: "quic",
  specification: "RFC 9000, 17.2; RFC 9369",
  on: { udp: [443, 784, 853, 8853] },
  recognise,
  dissect,
  functions,
};
