/** IP addresses as text and as the socket addresses that the kernel takes. */
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { AF_INET, AF_INET6 } from "./libc.ts";

export interface Address {
  readonly family: 4 | 6;
  /** As people write it; a link-local IPv6 address has its zone (`fe80::1%eth0`). */
  readonly text: string;
}

/** struct sockaddr_in or sockaddr_in6 as eight little-endian words, and its length in octets. */
export interface SocketAddress {
  readonly family: 4 | 6;
  readonly words: Uint32Array;
  readonly octets: number;
}

/** The address that the text is, or null when it is a name. */
export function readAddress(text: string): Address | null {
  const plain = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const family = isIP(plain);
  return family === 0 ? null : { family: family as 4 | 6, text: plain };
}

export function socketAddress(address: Address, port: number): SocketAddress {
  const octets = new Uint8Array(32);
  const view = new DataView(octets.buffer);
  view.setUint16(2, port);
  if (address.family === 4) {
    view.setUint16(0, AF_INET, true);
    octets.set(address.text.split(".").map(Number), 4);
  } else {
    view.setUint16(0, AF_INET6, true);
    const [text = "", zone] = address.text.split("%");
    octets.set(ipv6Octets(text), 8);
    view.setUint32(24, zone === undefined ? 0 : zoneIndex(zone), true);
  }
  return { family: address.family, words: new Uint32Array(octets.buffer), octets: address.family === 4 ? 16 : 28 };
}

/** RFC 4291 section 2.2: eight groups, `::` for a run of zeros, the last two groups perhaps as an IPv4 address. */
export function ipv6Octets(text: string): Uint8Array {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const whole =
    dotted === null
      ? text
      : `${dotted[1]}${(Number(dotted[2]) * 256 + Number(dotted[3])).toString(16)}:${(Number(dotted[4]) * 256 + Number(dotted[5])).toString(16)}`;
  const [head = "", tail] = whole.split("::");
  const groups = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const left = groups(head);
  const right = groups(tail ?? "");
  const all = tail === undefined ? left : [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
  const octets = new Uint8Array(16);
  all.forEach((group, i) => {
    octets[2 * i] = group >> 8;
    octets[2 * i + 1] = group & 0xff;
  });
  return octets;
}

function zoneIndex(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone);
  const entry = networkInterfaces()[zone]?.find((each) => each.family === "IPv6" && each.scopeid !== 0);
  return entry?.family === "IPv6" ? entry.scopeid : 0;
}

/** Whether a received source is the address asked: a batch's name words at `word` against ours. */
export function sameHost(ours: SocketAddress, names32: Uint32Array, word: number): boolean {
  const { words } = ours;
  if (ours.family === 4) return names32[word + 1] === words[1];
  return (
    names32[word + 2] === words[2] &&
    names32[word + 3] === words[3] &&
    names32[word + 4] === words[4] &&
    names32[word + 5] === words[5]
  );
}
