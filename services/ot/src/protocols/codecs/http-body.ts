/** What lies between the heads of HTTP messages of one direction (RFC 9112, sections 6 and 7): chunks, tunnels, the rest of a connection. */
import type { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, type Context } from "../dissector.ts";
import { nextLine } from "./headers.ts";
import { goOnAsTls } from "./sides.ts";
import { begins, word } from "./text.ts";

const VERSION = word("HTTP/1.");
const SSH = word("SSH-");
const TLS_HANDSHAKE = 22;
/** A longer trailer, or a longer line of a chunk's size, is none. */
const MAX_TRAILER = 32_768;
const MAX_SIZE_LINE = 256;

/** What follows in one direction. */
export const follow = {
  head: 0,
  chunkSize: 1,
  trailer: 2,
  close: 3,
  tunnel: 4,
  secured: 5,
  lost: 6,
  opened: 7,
  frames: 8,
} as const;
export interface Side {
  next: number;
}
/** Passes it. Gives the bytes taken, or −2 when a head begins here; `heads` tells whether one does, of a request or an answer. */
export function body(r: Reader, c: Context, side: Side, heads: (r: Reader) => boolean): number {
  switch (side.next) {
    case follow.chunkSize: {
      const line = nextLine(r.bytes, r.at, r.end);
      if (r.bytes[line - 1] === 0x0a || r.left === 0) return r.left === 0 ? NEED_MORE : chunk(r, side, line, heads);
      return r.left > MAX_SIZE_LINE ? NOT_MINE : NEED_MORE;
    }
    case follow.trailer: {
      // After a gap.
      if (heads(r)) return -2;
      const line = nextLine(r.bytes, r.at, r.end);
      if (r.left === 0 || r.bytes[line - 1] !== 0x0a) return r.left > MAX_TRAILER ? NOT_MINE : NEED_MORE;
      if (line - r.at <= 2) side.next = follow.head;
      return line - r.at;
    }
    case follow.close:
    case follow.lost:
      // Until the end of the connection, unless the next head begins here after all.
      if (side.next === follow.close ? !begins(r, VERSION) : !heads(r)) return r.left;
      side.next = follow.head;
      return -2;
    case follow.opened:
      return opened(r, c, side);
    case follow.secured:
      return goOnAsTls(r, c);
    case follow.tunnel:
      return r.left;
    default:
      return -2;
  }
}

/** The first bytes in a tunnel say what it carries. */
function opened(r: Reader, c: Context, side: Side): number {
  if (r.left < 4) return NEED_MORE;
  const sealed = r.peek() === TLS_HANDSHAKE && r.peek(1) === 3;
  side.next = sealed ? follow.secured : follow.tunnel;
  if (sealed) c.become("tls");
  else if (begins(r, SSH)) c.become("ssh");
  return sealed ? goOnAsTls(r, c) : r.left;
}

/** A chunk: its size in hexadecimal, its data, a line end (7.1). Gives the length of all of it. */
function chunk(r: Reader, side: Side, line: number, heads: (r: Reader) => boolean): number {
  let size = -1;
  for (let i = r.at; i < line && i < r.at + 8; i++) {
    const byte = (r.bytes[i] as number) | 0x20;
    const digit = byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
    if (digit < 0) break;
    size = (size < 0 ? 0 : size) * 16 + digit;
  }
  if (size < 0) {
    // Bytes are missing: a head may begin here.
    side.next = follow.lost;
    return heads(r) ? -2 : line - r.at;
  }
  if (size === 0) side.next = follow.trailer;
  return line - r.at + (size === 0 ? 0 : size + 2);
}
