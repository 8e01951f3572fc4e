/** Servers that tell devices where things are: a new one takes over the traffic of all. */
import { insideCidr } from "./addresses.ts";
import { serverKey, toldServers } from "./keys.ts";
import { INTERNET, isDevice } from "./parties.ts";
import type { Run } from "./run.ts";

type Service = "dhcp" | "dns" | "gateway";
const kindOf = {
  dhcp: "ot.dhcp.unexpected",
  dns: "ot.dns.unexpected",
  gateway: "ot.gateway.unexpected",
} as const;

export function infrastructure(run: Run): void {
  for (const row of run.observation.conversations) {
    if (row.packetsIn === 0 || (row.protocol !== "dhcp" && row.protocol !== "dns")) continue;
    const [client, server] = [run.at(row.client), run.at(row.server)];
    // Broadcast questions have no server; a lookup in the Internet is told as access to it.
    if (!isDevice(server) || client === server) continue;
    const addresses = run.asset(server)?.addresses ?? [server.replace(/^at:/, "")];
    meet(run, {
      service: row.protocol,
      key: serverKey(row.protocol, server),
      server,
      addresses,
      client,
      row,
      confidence: 0.95,
    });
  }
  for (const row of run.observation.identities) {
    const service = row.attribute === "gateway" ? "gateway" : "dns";
    for (const party of toldServers(row)) {
      const address = party.replace(/^at:/, "");
      const server = holderOf(run, address) ?? party;
      const key = serverKey(service, party);
      meet(run, { service, key, server, addresses: [address], client: run.at(row.endpoint), row, confidence: 0.85 });
    }
  }
}

interface Meeting {
  readonly service: Service;
  readonly key: string;
  readonly server: string;
  readonly addresses: readonly string[];
  readonly client: string;
  readonly row: { readonly first: number; readonly last: number };
  readonly confidence: number;
}

function holderOf(run: Run, address: string): string | undefined {
  for (const asset of run.input.assets.values()) if (asset.addresses.includes(address)) return asset.id;
  return undefined;
}

function meet(run: Run, { service, key, server, addresses, client, row: span, confidence }: Meeting): void {
  const before = run.see(key, span, run.siteLearns);
  if (run.siteLearns || !run.isNew(before, span.first)) return;
  const meant = run.input.settings.servers[service];
  if (addresses.some((address) => meant.some((pattern) => insideCidr(address, pattern)))) return;
  run.raise({
    kind: kindOf[service],
    about: isDevice(server) ? server : client,
    peer: client,
    key,
    ...run.groupOf(server),
    since: span.first,
    confidence,
    parameters: {
      server: run.name(server),
      client: client === INTERNET ? "-" : run.name(client),
      known: meant.length === 0 ? "-" : meant.join(", "),
      seenEn: service === "gateway" ? "it was told by DHCP or asked of a device." : "its answers were seen.",
      seenJa: service === "gateway" ? "DHCPなどで通知されたものです。" : "応答を確認しています。",
      ...run.history("site"),
    },
    client,
    server,
  });
}
