/**
 * The TLS client hello (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2) and its JA4 fingerprint, as published for TLS clients under the BSD
 * licence ("JA4: TLS Client Fingerprinting"). The other fingerprints of that family are licensed otherwise and not here.
 *
 *   | version | random (32) | session id | cipher suites | compression | extensions: type, length, data … |
 *
 * In DTLS (RFC 9147, 5.3; RFC 6347, 4.2.1) a cookie stands before the cipher suites, and versions count downwards from 0xfeff.
 *
 * Limits: 512 cipher suites, 128 extensions.
 */
import type { Primitives } from "../dissector.ts";
import { textOf } from "./text.ts";

const MAX_SUITES = 512;
const MAX_EXTENSIONS = 128;
const SNI = 0;
const ALPN = 16;
const SIGNATURE_ALGORITHMS = 13;
const SUPPORTED_VERSIONS = 43;

export interface ClientHello {
  /** The highest version offered. */
  version: number;
  readonly suites: number[];
  readonly extensions: number[];
  readonly signatures: number[];
  /** "" without the extension. */
  serverName: string;
  /** First protocol of ALPN. */
  alpn: Uint8Array;
}

/** Values that are offered only to keep servers tolerant (RFC 8701): 0x0a0a, 0x1a1a … 0xfafa. */
const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 255);

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

function numbers(bytes: Uint8Array, from: number, to: number, into: number[]): void {
  for (let at = from; at + 2 <= to && into.length < MAX_SUITES; at += 2) {
    const value = u16(bytes, at);
    if (!isGrease(value)) into.push(value);
  }
}

function extension(hello: ClientHello, bytes: Uint8Array, type: number, from: number, to: number): void {
  // server_name: list length, type 0 (host name), length, name (RFC 6066, 3).
  if (type === SNI && to - from > 5)
    hello.serverName = textOf(bytes, from + 5, Math.min(to, from + 5 + u16(bytes, from + 3))); // prettier-ignore
  else if (type === ALPN && to - from > 3)
    hello.alpn = bytes.subarray(from + 3, Math.min(to, from + 3 + (bytes[from + 2] as number)));
  else if (type === SIGNATURE_ALGORITHMS) numbers(bytes, from + 2, to, hello.signatures);
  else if (type === SUPPORTED_VERSIONS) {
    const offered: number[] = [];
    numbers(bytes, from + 1, to, offered);
    if (offered.length > 0) hello.version = isDatagram(hello.version) ? Math.min(...offered) : Math.max(...offered);
  }
}

/** Versions of DTLS: 0xfeff and below; 0x0100 is one of before the standard. */
export const isDatagram = (version: number): boolean => version >> 8 === 0xfe || version === 0x01_00;

/** Reads the body of a client hello in [from, to); null when its parts do not fit. */
export function readClientHello(bytes: Uint8Array, from: number, to: number): ClientHello | null {
  const hello: ClientHello = { version: u16(bytes, from), suites: [], extensions: [], signatures: [], serverName: "", alpn: new Uint8Array(0) }; // prettier-ignore
  let at = from + 34;
  if (at >= to) return null;
  at += 1 + (bytes[at] as number);
  if (isDatagram(hello.version)) at += 1 + (bytes[at] ?? 0);
  const suites = u16(bytes, at);
  at += 2;
  if (at + suites + 1 > to) return null;
  numbers(bytes, at, at + suites, hello.suites);
  at += suites;
  at += 1 + (bytes[at] as number);
  if (at > to) return null;
  if (at + 2 > to) return hello;
  const end = at + 2 + u16(bytes, at);
  if (end > to) return null;
  at += 2;
  for (let i = 0; i < MAX_EXTENSIONS && at + 4 <= end; i++) {
    const type = u16(bytes, at);
    const next = at + 4 + u16(bytes, at + 2);
    if (next > end) return null;
    if (!isGrease(type)) {
      hello.extensions.push(type);
      extension(hello, bytes, type, at + 4, next);
    }
    at = next;
  }
  return hello;
}

/** Names of versions as JA4 writes them. */
const VERSIONS: Readonly<Record<number, string>> = {
  0x03_04: "13",
  0x03_03: "12",
  0x03_02: "11",
  0x03_01: "10",
  0x03_00: "s3",
  0x00_02: "s2",
  0xfe_ff: "d1",
  0xfe_fd: "d2",
  0xfe_fc: "d3",
};

const isWord = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
const count = (value: number): string => String(Math.min(99, value)).padStart(2, "0");
const list = (values: readonly number[]): string => values.map((value) => hex(value, 4)).join(",");

function protocolMark(alpn: Uint8Array): string {
  if (alpn.length === 0) return "00";
  const first = alpn[0] as number;
  const last = alpn.at(-1) as number;
  return isWord(first) && isWord(last)
    ? String.fromCharCode(first, last)
    : `${hex(first, 2)[0] as string}${hex(last, 2)[1] as string}`;
}

/** `t13d1516h2_8daaf6152771_e5627efa2ab1`; `over` is "t" for TLS over TCP, "q" for QUIC, "d" for DTLS. */
export function ja4(hello: ClientHello, over: "t" | "q" | "d", primitives: Pick<Primitives, "sha256">): string {
  const { suites, extensions, signatures } = hello;
  const sorted = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other);
  const short = (values: readonly number[], text: string): string =>
    values.length === 0 ? "000000000000" : primitives.sha256(text).slice(0, 12);
  const hashed = sorted(extensions.filter((type) => type !== SNI && type !== ALPN));
  const tail = list(hashed) + (signatures.length > 0 ? `_${list(signatures)}` : "");
  return [
    over +
      (VERSIONS[hello.version] ?? "00") +
      (extensions.includes(SNI) ? "d" : "i") +
      count(suites.length) +
      count(extensions.length) +
      protocolMark(hello.alpn),
    short(suites, list(sorted(suites))),
    short(extensions, tail),
  ].join("_");
}
