/** Who takes part in a conversation, as one word of a key: an asset's id, or what else it can be. */
import { protocols, type ProtocolName } from "../../wire/vocabulary.ts";
import type { Observation } from "../model.ts";
import { isGroup, isPublic } from "./addresses.ts";

export const INTERNET = "internet";
export const GROUP = "group:";
const PLACE = "at:";

export type AssetOf = (endpoint: number) => string | null;

/** One word for each endpoint. All of the Internet is one party, a group address is no device. */
export function partiesOf(observation: Observation, assetOf: AssetOf): readonly string[] {
  return observation.endpoints.map(({ mac, address }, index) => {
    const place = address ?? mac ?? "nobody";
    if (isGroup(mac, address)) return `${GROUP}${place}`;
    const asset = assetOf(index);
    if (asset !== null) return asset;
    return address !== null && isPublic(address) ? INTERNET : `${PLACE}${place}`;
  });
}

export const isDevice = (party: string): boolean => party !== INTERNET && !party.startsWith(GROUP);

/** Office and link talk that goes to everybody: says nothing about who works with whom. */
const chatter = new Set<ProtocolName>([
  "arp",
  "lldp",
  "cdp",
  "stp",
  "dhcp",
  "dhcpv6",
  "mdns",
  "llmnr",
  "nbns",
  "nb-datagram",
  "ssdp",
  "icmpv6",
  "igmp",
  "profinet-dcp",
  "ptp",
]);
export const isChatter = (protocol: ProtocolName): boolean => chatter.has(protocol);
export const isFactory = (protocol: ProtocolName): boolean => protocols[protocol].ot;
