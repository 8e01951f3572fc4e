/** IP addresses as numbers and back, in their shortest form (RFC 5952); networks (CIDR, RFC 4632); MACs. */

/** 32 bits; null when it is none. */
export function readIpv4(text: string): bigint | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}
export const writeIpv4 = (value: bigint): string =>
  [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");

/** 128 bits; null when it is none. A zone (`%eth0`) is none. */
export function readIpv6(text: string): bigint | null {
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(":")) return null;
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded !== null) {
    const ipv4 = readIpv4(embedded[2] as string);
    if (ipv4 === null) return null;
    return readIpv6(`${embedded[1]}${(ipv4 >> 16n).toString(16)}:${(ipv4 & 0xffffn).toString(16)}`);
  }
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [front = [], back = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const words = [...front, ...Array.from({ length: missing }, () => "0"), ...back];
  if (words.some((word) => !/^[0-9a-f]{1,4}$/i.test(word))) return null;
  return words.reduce((sum, word) => sum * 65_536n + BigInt(`0x${word}`), 0n);
}

export function writeIpv6(value: bigint): string {
  const words = Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i)) & 0xffffn);
  let [best, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && words[j] === 0n) j++;
    if (j - i > length) [best, length] = [i, j - i];
  }
  const hex = (part: readonly bigint[]): string => part.map((word) => word.toString(16)).join(":");
  return best < 0 ? hex(words) : `${hex(words.slice(0, best))}::${hex(words.slice(best + length))}`;
}

/** The first `length` of `bits` bits. */
export interface Network {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly length: number;
}

const numberOf = (text: string): { readonly bits: 32 | 128; readonly value: bigint } | null => {
  const ipv4 = readIpv4(text);
  if (ipv4 !== null) return { bits: 32, value: ipv4 };
  const ipv6 = readIpv6(text);
  return ipv6 === null ? null : { bits: 128, value: ipv6 };
};

/** An address, or an address and a length; null when it is none. */
export function readNetwork(text: string): Network | null {
  const [address = "", length, more] = text.split("/");
  const found = numberOf(address);
  if (found === null || more !== undefined || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const { bits, value } = found;
  const kept = length === undefined ? bits : Number(length);
  return kept > bits ? null : { bits, first: value >> BigInt(bits - kept), length: kept };
}

export function networkHas({ bits, first, length }: Network, address: string): boolean {
  const found = numberOf(address);
  return found !== null && found.bits === bits && found.value >> BigInt(bits - length) === first;
}

/** `aa:bb:cc:dd:ee:ff` as 48 bits; null when it is none. */
export const readMac = (text: string): number | null =>
  /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text) ? Number.parseInt(text.replaceAll(":", ""), 16) : null;
export const writeMac = (value: number): string =>
  value
    .toString(16)
    .padStart(12, "0")
    .replace(/(..)(?!$)/g, "$1:");
