/**
 * Header of connectionless DCE/RPC (C706, section 12.5), 80 bytes:
 *
 *   | 04 | type | flags 2 | data representation 3 | serial | object 16 | interface 16 | activity 16 | boot 4 | version 4 | sequence 4
 *   | operation 2 | hints 4 | length 2 | fragment 2 | authentication | serial |
 */
import type { Reader } from "@yagura/packets/reader.ts";

export const DATAGRAM_HEAD = 80;
const INTERFACE_AT = 24;

export const packetTypes = {
  request: 0,
  ping: 1,
  response: 2,
  fault: 3,
  working: 4,
  nocall: 5,
  reject: 6,
  ack: 7,
  cancel: 8,
  fack: 9,
  cancelAck: 10,
} as const;

/** Where `readDatagram` leaves the header. */
export const datagram = {
  type: 0,
  little: false,
  sequence: 0,
  operation: 0,
  length: 0,
  fragment: 0,
  /** Where the object's UUID begins in the bytes. */
  objectAt: 0,
};

/** Version, type and data representation are as they must be. */
export const mayBeDatagram = (r: Reader): boolean =>
  r.left >= 8 && r.peek(0) === 4 && r.peek(1) <= 10 && (r.peek(4) & 0xef) === 0 && r.peek(5) <= 3 && r.peek(6) === 0;

/**
 * Compares the interface with a UUID given as its first 32 bits and the rest (`tail`, big endian as written). With `any`, the
 * first 32 bits may differ in their lowest byte.
 */
export function isInterface(r: Reader, first: number, tail: readonly number[], any = false): boolean {
  const little = (r.peek(4) & 0x10) !== 0;
  const at = INTERFACE_AT;
  const low = little ? r.peek(at) : r.peek(at + 3);
  const high = little
    ? r.peek(at + 3) * 65_536 + r.peek(at + 2) * 256 + r.peek(at + 1)
    : r.peek(at) * 65_536 + r.peek(at + 1) * 256 + r.peek(at + 2);
  if (high !== first >>> 8 || (!any && low !== (first & 0xff))) return false;
  // Two 16-bit fields follow in the order of the representation, then eight bytes as they are.
  for (let k = 0; k < 12; k++) {
    const place = k < 4 && little ? k ^ 1 : k;
    if (r.peek(at + 4 + place) !== tail[k]) return false;
  }
  return true;
}

/** The interface's lowest byte of its first field: numbers interfaces of one family. */
export const interfaceNumber = (r: Reader): number =>
  (r.peek(4) & 0x10) !== 0 ? r.peek(INTERFACE_AT) : r.peek(INTERFACE_AT + 3);

export const rpc16 = (r: Reader): number => (datagram.little ? r.u16le() : r.u16());
export const rpc32 = (r: Reader): number => (datagram.little ? r.u32le() : r.u32());

/** Reads the header; false when it ends early. */
export function readDatagram(r: Reader): boolean {
  if (r.left < DATAGRAM_HEAD) return false;
  r.skip(1);
  datagram.type = r.u8();
  r.skip(2);
  datagram.little = (r.u8() & 0x10) !== 0;
  r.skip(3);
  datagram.objectAt = r.at;
  r.skip(48);
  r.skip(8);
  datagram.sequence = rpc32(r);
  datagram.operation = rpc16(r);
  r.skip(4);
  datagram.length = rpc16(r);
  datagram.fragment = rpc16(r);
  r.skip(2);
  return true;
}
