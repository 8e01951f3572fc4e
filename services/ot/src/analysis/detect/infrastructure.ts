/** Servers that tell devices where things are: a new one takes over the traffic of all. */
import { insideCidr } from "./addresses.ts";
import { serverKey } from "./keys.ts";
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
    if (isDevice(server) && client !== server)
      meet(run, row.protocol, server, addressesOf(run, server), client, row, 0.95);
  }
  for (const row of run.observation.identities) {
    if (row.attribute !== "gateway" && row.attribute !== "dns-server") continue;
    const service = row.attribute === "gateway" ? "gateway" : "dns";
    const device = run.at(row.endpoint);
    for (const address of row.value.split(/[\s,]+/).filter((text) => text !== "")) {
      meet(run, service, holderOf(run, address), [address], device, row, 0.85);
    }
  }
}

const addressesOf = (run: Run, party: string): readonly string[] => run.asset(party)?.addresses ?? [party];
function holderOf(run: Run, address: string): string {
  for (const asset of run.input.assets.values()) if (asset.addresses.includes(address)) return asset.id;
  return `at:${address}`;
}

function meet(
  run: Run,
  service: Service,
  server: string,
  addresses: readonly string[],
  client: string,
  span: { readonly first: number; readonly last: number },
  confidence: number,
): void {
  const key = serverKey(service, server);
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
