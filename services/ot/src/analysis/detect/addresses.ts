/** Addresses as the detections need them: group, public, inside a CIDR. A token is no address: private, and in no CIDR. */
import { networkHas, readNetwork } from "../../wire/addresses.ts";
import { addressKind } from "../assets/addresses.ts";

/** `192.168.0.0/16`, `2001:db8::/32`, or a single address. */
export function insideCidr(address: string, cidr: string): boolean {
  const network = readNetwork(cidr);
  return network !== null && networkHas(network, address);
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
