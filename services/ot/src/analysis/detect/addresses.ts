/** Addresses as the detections need them: group, public, inside a CIDR. A token is no address: private, and in no CIDR. */
import { addressKind, ipv4Number, ipv6Groups } from "../assets/addresses.ts";

/** `192.168.0.0/16`, `2001:db8::/32`, or a single address. */
export function insideCidr(address: string, cidr: string): boolean {
  const [network = "", length] = cidr.split("/");
  const [four, net] = [ipv4Number(address), ipv4Number(network)];
  if (four !== null && net !== null) return samePrefix([four], [net], length === undefined ? 32 : Number(length), 32);
  const [six, net6] = [ipv6Groups(address), ipv6Groups(network)];
  if (six === null || net6 === null) return false;
  return samePrefix(six, net6, length === undefined ? 128 : Number(length), 16);
}

function samePrefix(a: readonly number[], b: readonly number[], bits: number, width: 16 | 32): boolean {
  if (!Number.isInteger(bits) || bits < 0 || bits > a.length * width) return false;
  for (let i = 0; i < a.length; i++) {
    const rest = 2 ** (width - Math.min(width, Math.max(0, bits - i * width)));
    if (Math.floor((a[i] as number) / rest) !== Math.floor((b[i] as number) / rest)) return false;
  }
  return true;
}

const known = new Map<string, boolean>();
/** Addresses whose answer is kept; then all are forgotten. */
const KEPT = 4_096;

export function isPublic(address: string): boolean {
  const seen = known.get(address);
  if (seen !== undefined) return seen;
  const answer = addressKind(address) === "public";
  if (known.size >= KEPT) known.clear();
  known.set(address, answer);
  return answer;
}

/** Multicast or broadcast: no device. */
export function isGroup(mac: string | null, address: string | null): boolean {
  if (mac !== null && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return true;
  return address !== null && addressKind(address) === "group";
}
