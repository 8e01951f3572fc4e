/**
 * QUIC, RFC 9000, section 17.2, and version 2, RFC 9369: packets with a long header.
 *
 *   0       1         5      6 …
 *   | flags | version | dcid length, dcid | scid length, scid | …
 *
 * An Initial goes on with | token length, token |, then as 0-RTT and Handshake with | length, packet |; several packets may lie in
 * one datagram (12.2). The client's Initials are protected by keys that anybody can derive (RFC 9001, 5.2): the client hello in
 * their CRYPTO frames (19.6), in pieces in any order and over several packets, gives server name and JA4.
 *
 * Limits: twelve Initials of a conversation are opened, 512 frames of each are read, eight packets of a datagram; hellos of 16 KiB.
 */
import { Reader, varint } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { isAddress } from "./codecs/addresses.ts";
import { ja4, readClientHello } from "./codecs/client-hello.ts";
import { functionTable } from "./codecs/functions.ts";
import { dropPieces, piecesOf } from "./codecs/pieces.ts";

const MAX_TRIES = 12;
const MAX_ID = 20;
const MAX_FRAMES = 512;
const MAX_PACKETS = 8;
const MAX_ACKS = 64;
const HELLO = 1;
/** Frames of an Initial (RFC 9000, 12.4); a CONNECTION_CLOSE ends what can be read. */
const PADDING = 0;
const PING = 1;
const ACK = 2;
const ACK_ECN = 3;
const CRYPTO = 6;
const INITIAL = 0;
const RETRY = 3;
const NEGOTIATION = 4;

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
  /** The hello was read, or cannot be. */
  done: boolean;
  told: boolean;
  /** Connection id that the keys follow from; null until an Initial opened. */
  connection: Uint8Array | null;
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

/** The frames of an Initial, null when it is not one of the client. */
function unseal(packet: Uint8Array, c: Context, state: State): Uint8Array | null {
  const known = state.connection;
  // Later packets carry the connection id that the server chose, but the keys stay (RFC 9001, 5.2) …
  const frames = known === null ? null : c.primitives.openQuicInitial(packet, known);
  if (frames !== null) return frames;
  // … but for a Retry, after which they follow from the new one.
  const fresh = c.primitives.openQuicInitial(packet);
  if (fresh !== null) state.connection = packet.slice(6, 6 + (packet[5] as number));
  return fresh;
}

const frame = new Reader();

/** Puts the pieces of CRYPTO frames to those of other packets; true: the hello is whole. */
function gather(frames: Uint8Array, state: State): boolean {
  const pieces = piecesOf(state);
  const r = frame.open(frames, 0, frames.length);
  for (let i = 0; i < MAX_FRAMES && r.left > 0; i++) {
    while (r.left > 0 && r.peek() === PADDING) r.skip(1);
    const type = varint(r);
    if (type === CRYPTO) {
      const offset = varint(r);
      const length = varint(r);
      if (r.short || length > r.left) break;
      if (!pieces.put(offset, frames, r.at, r.at + length)) state.done = true;
      r.skip(length);
    } else if (type === ACK || type === ACK_ECN) skipAck(r, type === ACK_ECN);
    else if (type !== PING) break;
  }
  const { bytes, end } = pieces;
  if (end > 0 && bytes[0] !== HELLO) state.done = true;
  return end > 4 && end >= 4 + helloLength(bytes);
}

const helloLength = (bytes: Uint8Array): number =>
  ((bytes[1] as number) << 16) | ((bytes[2] as number) << 8) | (bytes[3] as number);

/** Section 19.3. */
function skipAck(r: Reader, ecn: boolean): void {
  varint(r);
  varint(r);
  const ranges = Math.min(MAX_ACKS, varint(r));
  varint(r);
  for (let i = 2 * ranges + (ecn ? 3 : 0); i > 0 && !r.short; i--) varint(r);
}

function initial(packet: Uint8Array, c: Context, state: State): void {
  // Once a packet of the client opened, those of the server are known for what they are.
  if (state.connection !== null && !c.fromClient) return;
  state.tries++;
  const frames = unseal(packet, c, state);
  if (frames !== null) {
    c.client(true);
    if (gather(frames, state)) {
      tell(c, state);
      state.done = true;
    }
  }
  state.done ||= state.tries >= MAX_TRIES;
  if (state.done) dropPieces(state);
}

function tell(c: Context, state: State): void {
  const { bytes } = piecesOf(state);
  const hello = readClientHello(bytes, 4, 4 + helloLength(bytes));
  if (hello === null) {
    c.weird("bad-value");
    return;
  }
  if (!isAddress(hello.serverName)) c.destination("name", hello.serverName);
  c.source("ja4", ja4(hello, "q", c.primitives));
}

/** Bytes of the packet with a long header that begins here, those behind it are another packet's; 0 when it does not fit. */
function packetLength(r: Reader, type: number): number {
  const { at } = r;
  r.skip(5);
  r.skip(r.u8());
  r.skip(r.u8());
  if (type === INITIAL) r.skip(varint(r));
  const length = type === RETRY ? r.left : varint(r);
  const whole = r.short || length > r.left ? 0 : r.at + length - at;
  r.at = at;
  r.short = false;
  return whole;
}

function dissect(r: Reader, c: Context): number {
  const length = r.end - r.start;
  const state = (c.state ??= { tries: 0, done: false, told: false, connection: null } satisfies State) as State;
  for (let i = 0; i < MAX_PACKETS; i++) {
    // Short headers are the last of a datagram; zeros are what a client pads with.
    if (!(r.peek() & 0x80)) return length;
    if (r.left < 7) return i === 0 ? NOT_MINE : length;
    const version = r.peek32(1);
    if (version === 0) {
      c.client(false);
      c.commandFast("response", NEGOTIATION, 0, -1, -1, -1);
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
    const type = typeOf(r.peek(), version);
    c.commandFast("event", type, 0, -1, -1, -1);
    const whole = packetLength(r, type);
    if (whole === 0) {
      c.weird("truncated");
      return length;
    }
    if (type === INITIAL && !state.done) initial(r.bytes.subarray(r.at, r.at + whole), c, state);
    r.skip(whole);
  }
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
