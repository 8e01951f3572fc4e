/** One observation read for what it says of MACs and addresses, and which MACs speak for others. */
import type { HeldAddress, Observation } from "../model.ts";
import { protocols } from "../../wire/vocabulary.ts";
import { addressKind, isHostAddress, macKind, subnetOf } from "./addresses.ts";
import type { AssetIndex } from "./asset-index.ts";
import { addressKey } from "./asset-index.ts";
import { isProof, provenBy, stronger } from "./claims.ts";

export interface Speaker {
  readonly mac: string;
  /** Addresses in packets from or to the MAC. */
  readonly spoken: Set<string>;
  /** Addresses that ARP, ND or DHCP bind to the MAC. */
  readonly claims: Map<string, HeldAddress>;
  /** Speaks for a public address to a private one of its own segment: only a router can. */
  outward: boolean;
}
export interface Batch {
  /** Per endpoint: when it was seen, whether it sent a packet (and was not only told of), whether it spoke a factory protocol. */
  readonly spans: { first: number; last: number }[];
  readonly sends: boolean[];
  readonly industrial: boolean[];
  readonly speakers: ReadonlyMap<string, Speaker>;
  /** MACs that claim an address. */
  readonly claimants: ReadonlyMap<string, ReadonlySet<string>>;
}

const namesDevice = (mac: string | null): mac is string =>
  mac !== null && (macKind(mac) === "device" || macKind(mac) === "virtual");

export function readBatch(observation: Observation): Batch {
  const { endpoints } = observation;
  const spans = endpoints.map(() => ({ first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY }));
  const sends = endpoints.map(() => false);
  const industrial = endpoints.map(() => false);
  const speakers = new Map<string, Speaker>();
  const speaker = (mac: string): Speaker => {
    let found = speakers.get(mac);
    if (found === undefined) {
      found = { mac, spoken: new Set(), claims: new Map(), outward: false };
      speakers.set(mac, found);
    }
    return found;
  };
  const seen = (endpoint: number, row: { readonly first: number; readonly last: number }): void => {
    const span = spans[endpoint];
    if (span === undefined) return;
    span.first = Math.min(span.first, row.first);
    span.last = Math.max(span.last, row.last);
  };
  for (const { mac, address } of endpoints) {
    if (namesDevice(mac) && address !== null && isHostAddress(address)) speaker(mac).spoken.add(address);
  }
  for (const row of observation.conversations) {
    seen(row.client, row);
    seen(row.server, row);
    if (row.packetsOut > 0) sends[row.client] = true;
    if (row.packetsIn > 0) sends[row.server] = true;
    if (protocols[row.protocol].ot) industrial[row.client] = industrial[row.server] = true;
    lookOutward(observation, row.client, row.server, speaker);
    lookOutward(observation, row.server, row.client, speaker);
  }
  for (const row of observation.commands) {
    seen(row.client, row);
    seen(row.server, row);
    if (protocols[row.protocol].ot) industrial[row.client] = industrial[row.server] = true;
  }
  for (const row of observation.identities) {
    seen(row.endpoint, row);
  }
  for (const row of observation.bindings) {
    if (!namesDevice(row.mac) || !isHostAddress(row.address)) continue;
    if (isProof(row.kind)) claim(speaker(row.mac), row);
    else if (row.kind === "traffic") speaker(row.mac).spoken.add(row.address);
  }
  for (const span of spans) {
    if (span.first <= span.last) continue;
    span.first = observation.from;
    span.last = observation.to;
  }
  return { spans, sends, industrial, speakers, claimants: claimantsOf(speakers) };
}

function lookOutward({ endpoints }: Observation, one: number, other: number, speaker: (mac: string) => Speaker): void {
  const [a, b] = [endpoints[one], endpoints[other]];
  if (a === undefined || b === undefined || !namesDevice(a.mac) || a.address === null || b.address === null) return;
  if (addressKind(a.address) === "public" && addressKind(b.address) === "private") speaker(a.mac).outward = true;
}

function claim({ claims }: Speaker, row: Observation["bindings"][number]): void {
  const known = claims.get(row.address);
  claims.set(row.address, {
    address: row.address,
    vlan: row.vlan,
    kind: known === undefined ? row.kind : stronger(known.kind, row.kind),
    first: Math.min(known?.first ?? row.first, row.first),
    last: Math.max(known?.last ?? row.last, row.last),
  });
}

function claimantsOf(speakers: ReadonlyMap<string, Speaker>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { mac, claims } of speakers.values())
    for (const address of claims.keys()) {
      const known = found.get(address);
      if (known === undefined) found.set(address, new Set([mac]));
      else known.add(mac);
    }
  return found;
}

/** An answer to ARP for more addresses than this is given for others (proxy ARP, RFC 1027). */
const PROXY_ARP = 16;
/** Addresses of one /24 behind one MAC, none of them proven to be its own, from which on it is taken for a router. */
const SAME_NETWORK = 6;

/** True when ARP, ND or DHCP, now or before, or a person says that the address is this MAC's own. */
export function ownsAddress(index: AssetIndex, speaker: Speaker, address: string): boolean {
  if (speaker.claims.has(address)) return speaker.claims.size <= PROXY_ARP;
  const asset = index.byMac(speaker.mac);
  if (asset === undefined) return false;
  if (index.pins.get(addressKey(address)) === asset.id) return true;
  return (
    asset.addresses.includes(address) &&
    (asset.held ?? []).some((held) => held.address === address && isProof(held.kind))
  );
}

/** True: ARP, ND or DHCP, now or before, say that the address is of another MAC. */
function isOfAnother(
  index: AssetIndex,
  { claimants }: Pick<Batch, "claimants">,
  mac: string,
  address: string,
): boolean {
  for (const other of claimants.get(address) ?? []) if (other !== mac) return true;
  return index.holders(address).some((asset) => !asset.macs.includes(mac) && provenBy(asset, address));
}

/** True: the MAC carries packets of others. One look decides for good; a person can only undo it by splitting. */
export function isRouter(index: AssetIndex, speaker: Speaker, batch: Pick<Batch, "claimants">): boolean {
  const asset = index.byMac(speaker.mac);
  if (asset?.routes === true || macKind(speaker.mac) === "virtual" || speaker.claims.size > PROXY_ARP) return true;
  const spoken = new Set([...speaker.spoken, ...(asset?.addresses ?? [])]);
  const own = new Set<string>(speaker.claims.keys());
  const foreign: string[] = [];
  for (const address of spoken) {
    if (addressKind(address) === "link-local") continue;
    if (ownsAddress(index, speaker, address)) own.add(address);
    else foreign.push(address);
  }
  if (speaker.outward && foreign.some((address) => addressKind(address) === "public")) return true;
  const home = new Set([...own].map(subnetOf));
  const away = foreign.filter((address) => !home.has(subnetOf(address)));
  // One address of another network is enough when it is known whose it is.
  if (own.size > 0 && away.some((address) => isOfAnother(index, batch, speaker.mac, address))) return true;
  if (foreign.length < 2) return false;
  if (own.size > 0) return away.length >= 2 || away.length >= SAME_NETWORK;
  const networks = new Map<string, number>();
  for (const address of away) {
    const network = subnetOf(address);
    if (network !== null) networks.set(network, (networks.get(network) ?? 0) + 1);
  }
  return (
    (away.length >= 3 && networks.size >= 2) ||
    [...networks].some(([network, count]) => network.endsWith("/24") && count >= SAME_NETWORK)
  );
}
