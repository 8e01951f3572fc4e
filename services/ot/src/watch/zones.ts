/** Which zone a device belongs to (OT-12): given by hand, else the first zone of people that has it, else one that was found. */
import type { Uuid } from "@yagura/core/ids.ts";
import { subnetOf } from "../analysis/assets/addresses.ts";
import { zoneOf as firstZone, type ZoneRule } from "../analysis/assets/zones.ts";
import type { Asset } from "../analysis/model.ts";

export interface PlacedZone extends ZoneRule {
  readonly id: Uuid;
  readonly name: string;
  readonly origin: "found" | "given";
}

/** `zones` in their order. */
export function zoneOf(asset: Pick<Asset, "addresses" | "vlans">, zones: readonly PlacedZone[]): Uuid | null {
  for (const origin of ["given", "found"] as const) {
    const id = firstZone(
      asset,
      zones.filter((zone) => zone.origin === origin),
    );
    if (id !== null) return id;
  }
  return null;
}

/** The network of a device that no zone has, to be found as one: of IPv4 first, else a VLAN. Null: it has neither. */
export function foundNetwork(
  asset: Pick<Asset, "addresses" | "vlans">,
): { readonly name: string; readonly subnets: string[]; readonly vlans: number[] } | null {
  const networks = asset.addresses.flatMap((address) => subnetOf(address) ?? []);
  const network = networks.find((one) => one.endsWith("/24")) ?? networks[0];
  if (network !== undefined) return { name: network, subnets: [network], vlans: [] };
  const vlan = asset.vlans.find((one) => one !== 0);
  return vlan === undefined ? null : { name: `VLAN ${vlan}`, subnets: [], vlans: [vlan] };
}
