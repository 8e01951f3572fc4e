/**
 * Transport Layer Security, RFC 8446 and RFC 5246: records and the handshake messages that go in clear.
 *
 *   0      1         3        5      6        9
 *   | type | version | length | handshake: type | length (24) | …
 *
 * Told: server name, JA4, version and suite, the server's certificate up to TLS 1.2, alerts in clear. Application data pass
 * unread. Limits: handshake messages of 32 KiB; a certificate longer than that is passed over.
 */
import { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector } from "./dissector.ts";
import { isAddress } from "./codecs/addresses.ts";
import { ja4, readClientHello } from "./codecs/client-hello.ts";
import { readCertificate } from "./codecs/certificate.ts";
import { functionTable } from "./codecs/functions.ts";
import { sideOf } from "./codecs/sides.ts";
import { textOf } from "./codecs/text.ts";

const RECORD = 5;
const MAX_RECORD = 16_384 + 2_048;
const MAX_HANDSHAKE = 32_768;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const HEARTBEAT = 24;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const HELLO_VERIFY = 3;
const CERTIFICATE = 11;
export const ALERTS = 0x1500;

/** Also those of DTLS. */
export const handshakeFunctions = functionTable([
  [CLIENT_HELLO, "client_hello", "session"],
  [SERVER_HELLO, "server_hello", "session"],
  [HELLO_VERIFY, "hello_verify_request", "session"],
  [CERTIFICATE, "certificate", "session"],
  [ALERTS, "alert close_notify", "session"],
  [ALERTS + 10, "alert unexpected_message", "session"],
  [ALERTS + 20, "alert bad_record_mac", "session"],
  [ALERTS + 40, "alert handshake_failure", "session"],
  [ALERTS + 42, "alert bad_certificate", "session"],
  [ALERTS + 45, "alert certificate_expired", "session"],
  [ALERTS + 46, "alert certificate_unknown", "session"],
  [ALERTS + 47, "alert illegal_parameter", "session"],
  [ALERTS + 48, "alert unknown_ca", "session"],
  [ALERTS + 50, "alert decode_error", "session"],
  [ALERTS + 51, "alert decrypt_error", "session"],
  [ALERTS + 70, "alert protocol_version", "session"],
  [ALERTS + 71, "alert insufficient_security", "session"],
  [ALERTS + 80, "alert internal_error", "session"],
  [ALERTS + 112, "alert unrecognized_name", "session"],
  [ALERTS + 120, "alert no_application_protocol", "session"],
]);

const VERSIONS: Readonly<Record<number, string>> = {
  0x02_00: "SSL 2.0",
  0x03_00: "SSL 3.0",
  0x03_01: "TLS 1.0",
  0x03_02: "TLS 1.1",
  0x03_03: "TLS 1.2",
  0x03_04: "TLS 1.3",
  0xfe_ff: "DTLS 1.0",
  0xfe_fd: "DTLS 1.2",
  0xfe_fc: "DTLS 1.3",
};

/** Suites without encryption or authentication, of export strength, with RC4, DES or triple DES (IANA registry). */
// prettier-ignore
const WEAK = new Set([
  0x00, 0x01, 0x02, 0x2c, 0x2d, 0x2e, 0x3b, 0xb0, 0xb1, 0xb4, 0xb5, 0xb8, 0xb9, // NULL
  0x03, 0x06, 0x08, 0x0b, 0x0e, 0x11, 0x14, 0x17, 0x19, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, // export
  0x04, 0x05, 0x18, 0x20, 0x24, 0x8a, 0x8e, 0x92, // RC4
  0x09, 0x0c, 0x0f, 0x12, 0x15, 0x1a, 0x1e, 0x22, // DES
  0x0a, 0x0d, 0x10, 0x13, 0x16, 0x1b, 0x1f, 0x23, 0x8b, 0x8f, 0x93, // triple DES
  0x34, 0x3a, 0x46, 0x6c, 0x6d, 0x89, 0x9b, 0xa6, 0xa7, // anonymous
  0xc001, 0xc002, 0xc003, 0xc006, 0xc007, 0xc008, 0xc00b, 0xc00c, 0xc00d, 0xc010, 0xc011, 0xc012, // elliptic: NULL, RC4, 3DES
  0xc015, 0xc016, 0xc017, 0xc018, 0xc019, 0xc01a, 0xc01b, 0xc01c, 0xc033, 0xc034, 0xc039, 0xc03a, 0xc03b,
]);

interface Side {
  /** Behind ChangeCipherSpec nothing can be read. */
  sealed: boolean;
  /** The beginning of a handshake message that goes on in the next record. */
  kept: Uint8Array | null;
}
interface State {
  readonly sides: readonly [Side, Side];
}
const stateOf = (c: Context): State =>
  (c.state ??= {
    sides: [
      { sealed: false, kept: null },
      { sealed: false, kept: null },
    ],
  } satisfies State) as State;

/** Client hello in the form of SSL 2.0 (RFC 5246, E.2): length with the top bit, type 1, version. */
const isOldHello = (r: Reader): boolean =>
  (r.peek() & 0xc0) === 0x80 && r.peek(2) === 1 && (r.peek16(3) === 2 || (r.peek(3) === 3 && r.peek(4) <= 3)) && r.left >= 11 && r.peek16(5) % 3 === 0 && r.peek16(5) > 0 && (r.peek16() & 0x3fff) === 9 + r.peek16(5) + r.peek16(7) + r.peek16(9); // prettier-ignore

const fits = (r: Reader): boolean =>
  r.peek() >= CHANGE_CIPHER_SPEC && r.peek() <= HEARTBEAT && r.peek(1) === 3 && r.peek(2) <= 4 && r.peek16(3) > 0 && r.peek16(3) <= MAX_RECORD; // prettier-ignore

function recognise(r: Reader): 0 | 1 | 2 {
  if (isOldHello(r)) return recognised.sure;
  if (r.left < RECORD || !fits(r)) return recognised.no;
  if (r.peek() === HANDSHAKE && r.left >= 11) {
    const type = r.peek(5);
    const length = (r.peek(6) << 16) | r.peek16(7);
    const hello = type === CLIENT_HELLO || type === SERVER_HELLO;
    return hello && r.peek(9) === 3 && r.peek(10) <= 4 && length >= 38 && length < MAX_HANDSHAKE
      ? recognised.sure
      : recognised.port;
  }
  return recognised.port;
}

function clientHello(c: Context, bytes: Uint8Array, from: number, to: number, over: "t" | "d"): void {
  const hello = readClientHello(bytes, from, to);
  c.client(true);
  if (hello === null) {
    c.weird("bad-value");
    return;
  }
  c.command("request", CLIENT_HELLO, { label: hello.serverName });
  if (!isAddress(hello.serverName)) c.destination("name", hello.serverName);
  c.source("ja4", ja4(hello, over, c.primitives));
}

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

function serverHello(c: Context, bytes: Uint8Array, from: number, to: number): void {
  c.client(false);
  c.commandFast("response", SERVER_HELLO, 0, -1, -1, -1);
  const session = from + 34;
  const at = session + 1 + (bytes[session] ?? 0);
  if (at + 3 > to) {
    c.weird("bad-value");
    return;
  }
  let version = u16(bytes, from);
  const suite = u16(bytes, at);
  for (let place = at + 5, i = 0; i < 64 && place + 4 <= to; i++) {
    const type = u16(bytes, place);
    const length = u16(bytes, place + 2);
    if (type === 43 && length === 2) version = u16(bytes, place + 4);
    else if (type === 16 && length > 3)
      c.source("capability", textOf(bytes, place + 7, Math.min(to, place + 4 + length)));
    place += 4 + length;
  }
  c.source("capability", VERSIONS[version] ?? "");
  if (version < 0x03_03 || version === 0xfe_ff) c.weakness("tls-old");
  if (WEAK.has(suite)) c.weakness("weak-cipher");
}

/** Only the first certificate is the server's own (7.4.2). */
function certificate(c: Context, bytes: Uint8Array, from: number, to: number): void {
  const length = (bytes[from + 3] as number) * 65_536 + u16(bytes, from + 4);
  if (from + 6 + length > to || length === 0) return;
  const read = readCertificate(new Reader().open(bytes, from + 6, from + 6 + length));
  // A client's certificate is its owner's name: not told.
  if (read === null || c.fromClient) return;
  c.commandFast("response", CERTIFICATE, 0, -1, -1, -1);
  if (!isAddress(read.subject)) c.source("name", read.subject);
  if (read.issuer !== "") c.source("description", `certificate of ${read.issuer}`);
  if (read.notAfter * 1_000 < c.time) c.weakness("certificate-expired");
}

/** A whole handshake message; its body is [from, to). */
export function tellHandshake(
  c: Context,
  type: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  over: "t" | "d",
): void {
  if (type === CLIENT_HELLO) clientHello(c, bytes, from, to, over);
  else if (type === SERVER_HELLO) serverHello(c, bytes, from, to);
  else if (type === CERTIFICATE && to - from > 6) certificate(c, bytes, from, to);
  else if (type === HELLO_VERIFY && over === "d") {
    c.client(false);
    c.commandFast("response", HELLO_VERIFY, 0, -1, -1, -1);
  }
}

/** Handshake messages of one record; the last one may go on in the next. */
function handshake(c: Context, side: Side, bytes: Uint8Array, from: number, to: number): void {
  let [all, at, end] = [bytes, from, to];
  if (side.kept !== null) {
    all = new Uint8Array(side.kept.length + to - from);
    all.set(side.kept);
    all.set(bytes.subarray(from, to), side.kept.length);
    [at, end] = [0, all.length];
    side.kept = null;
  }
  while (at + 4 <= end) {
    const length = (all[at + 1] as number) * 65_536 + u16(all, at + 2);
    if (at + 4 + length > end) break;
    tellHandshake(c, all[at] as number, all, at + 4, at + 4 + length, "t");
    at += 4 + length;
  }
  if (at < end && end - at < MAX_HANDSHAKE) side.kept = all.slice(at, end);
}

function dissect(r: Reader, c: Context): number {
  const state = stateOf(c);
  if (isOldHello(r)) {
    c.client(true);
    c.commandFast("request", CLIENT_HELLO, 0, -1, -1, -1);
    if (r.peek16(3) === 2) c.weakness("tls-old");
    return r.left < 2 + (r.peek16() & 0x3fff) ? NEED_MORE : 2 + (r.peek16() & 0x3fff);
  }
  if (r.left < RECORD) return NEED_MORE;
  if (!fits(r)) return NOT_MINE;
  const type = r.peek();
  const length = r.peek16(3);
  const side = state.sides[sideOf(c)];
  if (type !== HANDSHAKE && type !== ALERT) {
    if (type === CHANGE_CIPHER_SPEC) side.sealed = true;
    return RECORD + length;
  }
  if (side.sealed) return RECORD + length;
  if (r.left < RECORD + length) return NEED_MORE;
  const from = r.at + RECORD;
  if (type === HANDSHAKE) handshake(c, side, r.bytes, from, from + length);
  else if (length === 2) c.commandFast("event", ALERTS + r.peek(6), 0, -1, -1, -1);
  return RECORD + length;
}

export const tls: Dissector = {
  protocol: "tls",
  specification: "RFC 8446, 4 and 5; RFC 5246, 7.4",
  on: { tcp: [443, 465, 636, 853, 989, 990, 992, 993, 995, 3269, 5061, 8443, 8883, 4843, 6514] },
  stream: true,
  recognise,
  dissect,
  functions: handshakeFunctions,
};
