/** Frames made by hand, for tests and for the demonstration: each function wraps the payload that it is given, with correct lengths and checksums. */

/** Who sends or receives: `02:00:00:00:00:01`, `192.0.2.1` or `2001:db8::1`. */
export interface Host {
  readonly mac: string;
  readonly address: string;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes of hexadecimal; blanks and `#` comments to the end of the line do not count. */
export const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, "").match(/../g) ?? [], (pair) =>
    Number.parseInt(pair, 16),
  );
export const u16 = (value: number): Uint8Array => Uint8Array.of((value >> 8) & 0xff, value & 0xff);
export const u32 = (value: number): Uint8Array => concat(u16(value >>> 16), u16(value & 0xffff));
export const macBytes = (mac: string): Uint8Array => hex(mac.replaceAll(":", ""));

/** Bytes of an IPv4 or IPv6 address. */
export function addressBytes(address: string): Uint8Array {
  if (!address.includes(":")) return Uint8Array.from(address.split(".").map(Number));
  const [head = "", tail] = address.split("::");
  const words = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((word) => Number.parseInt(word, 16));
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const middle = Array.from({ length: tail === undefined ? 0 : 8 - front.length - back.length }, () => 0);
  return concat(...[...front, ...middle, ...back].map(u16));
}

/** The Internet checksum (RFC 1071). */
export function checksum(...parts: readonly Uint8Array[]): number {
  const bytes = concat(...parts);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Ethernet II. Frames shorter than 60 bytes are padded as the wire does it. */
export function ethernet(
  { source, destination, type }: { readonly source: string; readonly destination: string; readonly type: number },
  payload: Uint8Array,
): Uint8Array {
  const frame = concat(macBytes(destination), macBytes(source), u16(type), payload);
  return frame.length < 60 ? concat(frame, new Uint8Array(60 - frame.length)) : frame;
}

/** 802.3 with an 802.2 header: DSAP, SSAP, unnumbered information. */
export const llc = (
  { source, destination, sap }: { readonly source: string; readonly destination: string; readonly sap: number },
  payload: Uint8Array,
): Uint8Array =>
  ethernet({ source, destination, type: payload.length + 3 }, concat(Uint8Array.of(sap, sap, 3), payload));

/** What follows the tag's EtherType 0x8100 (or 0x88a8): tag control information, the inner EtherType, the payload. */
export const vlan = (
  { id, type, priority = 0 }: { readonly id: number; readonly type: number; readonly priority?: number },
  payload: Uint8Array,
): Uint8Array => concat(u16((priority << 13) | id), u16(type), payload);

/** Puts a tag into a frame that has none, as a trunk port does. */
export const tagged = (frame: Uint8Array, id: number, tpid = 0x8100): Uint8Array =>
  concat(frame.subarray(0, 12), u16(tpid), u16(id), frame.subarray(12));

/** A whole ARP frame (RFC 826): operation 1 asks who has `target.address`, 2 answers. */
export function arp(operation: 1 | 2, sender: Host, target: Host): Uint8Array {
  const asks = operation === 1;
  return ethernet(
    { source: sender.mac, destination: asks ? "ff:ff:ff:ff:ff:ff" : target.mac, type: 0x0806 },
    concat(
      hex("0001 0800 06 04"),
      u16(operation),
      macBytes(sender.mac),
      addressBytes(sender.address),
      asks ? new Uint8Array(6) : macBytes(target.mac),
      addressBytes(target.address),
    ),
  );
}

export interface IpOptions {
  readonly id?: number;
  readonly ttl?: number;
  /** Bytes; the first fragment begins at 0. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
  /** IPv4 options, padded to a multiple of four. */
  readonly options?: Uint8Array;
}

/** An IPv4 packet (RFC 791). */
export function ipv4(
  from: string,
  to: string,
  protocol: number,
  payload: Uint8Array,
  { id = 1, ttl = 64, fragmentOffset = 0, moreFragments = false, options = new Uint8Array(0) }: IpOptions = {},
): Uint8Array {
  const words = Math.ceil(options.length / 4);
  const header = concat(
    Uint8Array.of(0x45 + words, 0),
    u16(20 + words * 4 + payload.length),
    u16(id),
    u16((moreFragments ? 0x2000 : 0) | (fragmentOffset >> 3)),
    Uint8Array.of(ttl, protocol, 0, 0),
    addressBytes(from),
    addressBytes(to),
    options,
    new Uint8Array(words * 4 - options.length),
  );
  header.set(u16(checksum(header)), 10);
  return concat(header, payload);
}

/** An IPv6 packet (RFC 8200); `extensions` stand before the payload and name the next header themselves. */
export const ipv6 = (from: string, to: string, nextHeader: number, payload: Uint8Array, hopLimit = 64): Uint8Array =>
  concat(
    u32(0x6000_0000),
    u16(payload.length),
    Uint8Array.of(nextHeader, hopLimit),
    addressBytes(from),
    addressBytes(to),
    payload,
  );

/** Checksum over the pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1). */
export const pseudoChecksum = (from: string, to: string, protocol: number, segment: Uint8Array): number =>
  checksum(addressBytes(from), addressBytes(to), u32(segment.length), u32(protocol), segment);

/** An IP packet of either version around a payload. */
export const ip = (from: Host, to: Host, protocol: number, payload: Uint8Array, options?: IpOptions): Uint8Array =>
  from.address.includes(":")
    ? ipv6(from.address, to.address, protocol, payload, options?.ttl)
    : ipv4(from.address, to.address, protocol, payload, options);

/** A frame around an IP packet. */
export const ipFrame = (from: Host, to: Host, protocol: number, payload: Uint8Array, options?: IpOptions): Uint8Array =>
  ethernet(
    { source: from.mac, destination: to.mac, type: from.address.includes(":") ? 0x86dd : 0x0800 },
    ip(from, to, protocol, payload, options),
  );

/** A UDP datagram (RFC 768) with its checksum. */
export function udpDatagram(
  from: Host,
  to: Host,
  ports: { readonly from: number; readonly to: number },
  payload: Uint8Array,
): Uint8Array {
  const datagram = concat(u16(ports.from), u16(ports.to), u16(8 + payload.length), u16(0), payload);
  datagram.set(u16(pseudoChecksum(from.address, to.address, 17, datagram) || 0xffff), 6);
  return datagram;
}

/** A whole frame with a UDP datagram. */
export const udp = (
  from: Host,
  to: Host,
  ports: { readonly from: number; readonly to: number },
  payload: Uint8Array,
  options?: IpOptions,
): Uint8Array => ipFrame(from, to, 17, udpDatagram(from, to, ports, payload), options);

export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly sequence: number;
  readonly acknowledgement?: number;
  readonly flags: number;
  readonly payload?: Uint8Array;
  readonly window?: number;
}

/** A TCP segment (RFC 9293) with its checksum. */
export function tcpSegment(from: Host, to: Host, segment: Segment): Uint8Array {
  const bytes = concat(
    u16(segment.from),
    u16(segment.to),
    u32(segment.sequence >>> 0),
    u32((segment.acknowledgement ?? 0) >>> 0),
    Uint8Array.of(0x50, segment.flags),
    u16(segment.window ?? 64_240),
    u32(0),
    segment.payload ?? new Uint8Array(0),
  );
  bytes.set(u16(pseudoChecksum(from.address, to.address, 6, bytes)), 16);
  return bytes;
}

/** A whole frame with a TCP segment. */
export const tcp = (from: Host, to: Host, segment: Segment, options?: IpOptions): Uint8Array =>
  ipFrame(from, to, 6, tcpSegment(from, to, segment), options);
