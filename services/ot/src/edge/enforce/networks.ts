/** Addresses and networks of the list of what is never blocked. */
import { readIpv4, readIpv6 } from "../../wire/addresses.ts";

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

export function contains({ bits, first, length }: Network, address: string): boolean {
  const found = numberOf(address);
  return found !== null && found.bits === bits && found.value >> BigInt(bits - length) === first;
}
