/**
 * ICMP echo packets (RFC 792, RFC 4443 section 4). Our payload begins with 16 octets that only we can have written:
 *
 *   0        1        2      4     6     8       12       16            24
 *   | type   | code   | sum  | id  | seq | index | cookie | run (8)     | zeros …
 */
export const ECHO_HEADER = 8;
/** Octets of the payload that identify a probe. */
export const MARK = 16;
export const types = {
  4: { request: 8, reply: 0, unreachable: 3, timeExceeded: 11 },
  6: { request: 128, reply: 129, unreachable: 1, timeExceeded: 3 },
} as const;

/** Internet checksum (RFC 1071) of the octets, as it is stored. The checksum field itself counts as it stands. */
export function checksum(octets: Uint8Array, offset: number, length: number): number {
  let sum = 0;
  const end = offset + (length & ~1);
  for (let i = offset; i < end; i += 2) sum += ((octets[i] as number) << 8) | (octets[i + 1] as number);
  if ((length & 1) === 1) sum += (octets[end] as number) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Octets of the IP header before the ICMP message of a raw IPv4 socket; −1 when it is too short to be one. */
export function ipv4HeaderOctets(octets: Uint8Array, offset: number, length: number): number {
  const header = ((octets[offset] as number) & 0x0f) * 4;
  return header >= 20 && length >= header + ECHO_HEADER ? header : -1;
}

/** Whether an ICMP "unreachable" means that the target itself said no (port) rather than a router (RFC 792, RFC 4443 3.1). */
export const isPortUnreachable = (family: 4 | 6, type: number, code: number): boolean =>
  family === 4 ? type === 3 && code === 3 : type === 1 && code === 4;
