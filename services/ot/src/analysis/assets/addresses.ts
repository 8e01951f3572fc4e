/** Kinds of MAC and IP addresses: which name one device, which a group, and which a router's shared identity. */

/**
 * `device`: burned in or set by an administrator. `virtual`: shared by routers of a redundancy group. `group`: multicast and
 * broadcast (I/G bit). `none`: all zeros.
 */
export type MacKind = "device" | "virtual" | "group" | "none";

/** Shared MACs of first-hop redundancy: VRRP and CARP for IPv4 and IPv6 (RFC 9568, 7.3), HSRP 1 and 2, GLBP. */
const virtualMacs = ["00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "00:07:b4:00:"] as const;

export function macKind(mac: string): MacKind {
  if (mac === "00:00:00:00:00:00") return "none";
  if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return "group";
  return virtualMacs.some((prefix) => mac.startsWith(prefix)) ? "virtual" : "device";
}
/** True: U/L bit set, so the prefix tells no vendor (IEEE 802-2014, 8.2). */
export const isLocalMac = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 2) === 2;
export const macNumber = (mac: string): number => Number.parseInt(mac.replaceAll(":", ""), 16);
export const isMac = (text: string): boolean => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text);

/** `token`: not an address, but the customer's own word for one. */
export type AddressKind = "none" | "group" | "link-local" | "private" | "public" | "token";

/** Four octets as one number, or null. */
export function ipv4Number(address: string): number | null {
  const parts = address.split(".");
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    const octet = Number(part);
    if (!/^\d{1,3}$/.test(part) || octet > 255) return null;
    value = value * 256 + octet;
  }
  return value;
}

/** Eight groups of an IPv6 address, or null. A zone (`%eth0`) is left out. */
export function ipv6Groups(address: string): readonly number[] | null {
  const text = address.split("%")[0] as string;
  if (!/^[0-9a-f:]*(:\d+\.\d+\.\d+\.\d+)?$/i.test(text) || !text.includes(":")) return null;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = dotted === null ? null : ipv4Number(dotted[2] as string);
  if (dotted !== null && tail === null) return null;
  const plain =
    tail === null ? text : `${dotted?.[1]}${Math.floor(tail / 65_536).toString(16)}:${(tail % 65_536).toString(16)}`;
  const halves = plain.split("::");
  if (halves.length > 2) return null;
  const groups = (half: string | undefined): number[] =>
    half === undefined || half === "" ? [] : half.split(":").map((group) => Number.parseInt(group, 16));
  const head = groups(halves[0]);
  const rest = groups(halves[1]);
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...Array.from({ length: missing }, () => 0), ...rest];
  return all.every((group) => group >= 0 && group <= 65_535) ? all : null;
}

const inside = (value: number, network: number, bits: number): boolean =>
  Math.floor(value / 2 ** (32 - bits)) === Math.floor(network / 2 ** (32 - bits));
/** RFC 1918 and the shared address space of RFC 6598. */
const privateNetworks = [
  [0x0a000000, 8],
  [0xac100000, 12],
  [0xc0a80000, 16],
  [0x64400000, 10],
] as const;

export function addressKind(address: string): AddressKind {
  const four = ipv4Number(address);
  if (four !== null) {
    if (inside(four, 0, 8)) return "none";
    if (four >= 0xe0000000) return "group";
    // Loopback is seen in captures that a machine made of itself.
    if (inside(four, 0xa9fe0000, 16) || inside(four, 0x7f000000, 8)) return "link-local";
    return privateNetworks.some(([network, bits]) => inside(four, network, bits)) ? "private" : "public";
  }
  const six = ipv6Groups(address);
  if (six === null) return "token";
  const first = six[0] as number;
  if (first === 0 && six.slice(1, 7).every((group) => group === 0) && (six[7] as number) <= 1)
    return six[7] === 0 ? "none" : "link-local";
  if (first >= 0xff00) return "group";
  if (first >= 0xfe80 && first <= 0xfebf) return "link-local";
  return first >= 0xfc00 && first <= 0xfdff ? "private" : "public";
}

/** True: the address names one device of the network and no more than one. */
export const isHostAddress = (address: string): boolean => !["none", "group"].includes(addressKind(address));

/**
 * The network that an address most likely lies in: `192.168.1.0/24`, `2001:db8:0:0::/64`. Masks are not seen on the wire, so
 * /24 and /64 are assumed. Null for tokens and link-local addresses.
 */
export function subnetOf(address: string): string | null {
  const kind = addressKind(address);
  if (kind !== "private" && kind !== "public") return null;
  if (address.includes(".") && !address.includes(":")) return `${address.slice(0, address.lastIndexOf("."))}.0/24`;
  const groups = ipv6Groups(address);
  return groups === null
    ? null
    : `${groups
        .slice(0, 4)
        .map((group) => group.toString(16))
        .join(":")}::/64`;
}
