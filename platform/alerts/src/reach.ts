/**
 * Whereto messages may go. Customers name addresses, and this process stands inside the provider's network: without a fence a
 * webhook could talk to the provider's own machines (server-side request forgery). Names are resolved once, judged, and the
 * connection goes to the address that was judged.
 */
import { lookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { raise } from "./errors.ts";

/** `public`: addresses on the internet only; `any`: private networks and this machine too. */
export type Reach = "public" | "any";

/** Of IPv6 only 2000::/3 is handed out (RFC 4291, section 2.4); whatever else a network routes is its own. */
const isGlobalIpv6 = (bytes: readonly number[]): boolean => ((bytes[0] ?? 0) & 0xe0) === 0x20;

/** Whether an address may be told: global unicast; IPv4 inside IPv6 is judged as IPv4 or refused. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === "unicast" && (parsed.kind() === "ipv4" || isGlobalIpv6(parsed.toByteArray()));
}

/** The address to connect to. CHANNEL_NO_ADDRESS, CHANNEL_UNREACHABLE. */
export async function addressOf(
  host: string,
  reach: Reach,
): Promise<{ readonly address: string; readonly family: 4 | 6 }> {
  const bare = host.replace(/^\[|\]$/g, "");
  const found = await lookup(bare, { all: true }).catch(() => []);
  const first = found[0];
  if (first === undefined) throw raise("CHANNEL_NO_ADDRESS", { host });
  const refused = reach === "any" ? undefined : found.find(({ address }) => !isPublic(address));
  if (refused !== undefined) throw raise("CHANNEL_UNREACHABLE", { host, address: refused.address });
  return { address: first.address, family: first.family === 6 ? 6 : 4 };
}

/** A look-up that answers with the judged address, whatever is asked. */
export const pinned =
  ({ address, family }: { readonly address: string; readonly family: 4 | 6 }): LookupFunction =>
  (_host, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
