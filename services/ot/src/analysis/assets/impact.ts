/** Who is hurt when a device fails: those that ask it, those that depend on them, and what is plugged into it. */
import type { ProtocolName } from "../../wire/vocabulary.ts";
import { protocols } from "../../wire/vocabulary.ts";
import type { Asset } from "../model.ts";
import { valueOf } from "./evidence.ts";

export interface Dependence {
  readonly client: string;
  readonly server: string;
  readonly protocol: ProtocolName;
  /** When it was last seen, ms. */
  readonly last: number;
}
export interface Impact {
  /** Those that ask the device itself, most protocols first. */
  readonly direct: readonly {
    readonly asset: string;
    readonly protocols: readonly ProtocolName[];
    readonly last: number;
  }[];
  /** Those that ask one of the direct ones, and so on; `through` is the nearest on the way, `steps` at least 2. */
  readonly indirect: readonly { readonly asset: string; readonly through: string; readonly steps: number }[];
  /** Devices that LLDP or CDP shows at a port of it, or that it carries packets for. */
  readonly attached: readonly string[];
  /** Factory protocols among the direct ones. */
  readonly factory: number;
}
/** Steps followed; beyond them everything depends on everything. */
export const MAX_STEPS = 3;

/** A device does not depend on who greets the whole network. */
const noDependence: ReadonlySet<ProtocolName> = new Set<ProtocolName>([
  "arp",
  "mdns",
  "llmnr",
  "nbns",
  "nb-datagram",
  "ssdp",
  "igmp",
  "icmp",
  "icmpv6",
  "lldp",
  "cdp",
  "stp",
]);

export function impactOf(asset: string, dependences: Iterable<Dependence>, assets: Iterable<Asset> = []): Impact {
  const clients = new Map<string, Map<string, { protocols: Set<ProtocolName>; last: number }>>();
  for (const { client, server, protocol, last } of dependences) {
    if (client === server || noDependence.has(protocol)) continue;
    const ofServer = clients.get(server) ?? new Map<string, { protocols: Set<ProtocolName>; last: number }>();
    clients.set(server, ofServer);
    const known = ofServer.get(client) ?? { protocols: new Set<ProtocolName>(), last };
    known.protocols.add(protocol);
    known.last = Math.max(known.last, last);
    ofServer.set(client, known);
  }
  const direct = Array.from(clients.get(asset) ?? [], ([client, { protocols: found, last }]) => ({
    asset: client,
    protocols: [...found].toSorted((a, b) => Number(protocols[b].ot) - Number(protocols[a].ot) || (a < b ? -1 : 1)),
    last,
  })).toSorted((a, b) => b.protocols.length - a.protocols.length || b.last - a.last);
  return {
    direct,
    indirect: beyond(
      asset,
      direct.map((one) => one.asset),
      clients,
    ),
    attached: attachedTo(asset, assets),
    factory: direct.filter((one) => one.protocols.some((protocol) => protocols[protocol].ot)).length,
  };
}

function beyond(
  asset: string,
  direct: readonly string[],
  clients: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
): Impact["indirect"] {
  const seen = new Set([asset, ...direct]);
  const found: { asset: string; through: string; steps: number }[] = [];
  let edge: readonly string[] = direct;
  for (let steps = 2; steps <= MAX_STEPS && edge.length > 0; steps++) {
    const next: string[] = [];
    for (const through of edge) {
      for (const client of clients.get(through)?.keys() ?? []) {
        if (seen.has(client)) continue;
        seen.add(client);
        next.push(client);
        found.push({ asset: client, through, steps });
      }
    }
    edge = next;
  }
  return found;
}

/** `attached-to` says `switch|port`, the switch by name, MAC or address. */
function attachedTo(id: string, assets: Iterable<Asset>): string[] {
  const all = [...assets];
  const device = all.find((one) => one.id === id);
  if (device === undefined) return [];
  const names = new Set(
    [valueOf(device, "name"), ...device.macs, ...device.addresses].flatMap((name) => name?.toLowerCase() ?? []),
  );
  return all.flatMap((one) => {
    const at = one.id === id ? null : valueOf(one, "attached-to");
    return at !== null && names.has((at.split("|")[0] as string).toLowerCase()) ? one.id : [];
  });
}
