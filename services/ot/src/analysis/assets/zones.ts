/** Zones by subnet, VLAN and Purdue level, and talk across them (goal 12). */
import type { Asset, Role } from "../model.ts";
import { ipv4Number, ipv6Groups, subnetOf } from "./addresses.ts";

/** Purdue level; 3.5 is the zone between factory and office. */
export type PurdueLevel = 0 | 0.5 | 1 | 1.5 | 2 | 2.5 | 3 | 3.5 | 4 | 4.5 | 5;

/** Where devices of a role stand (ISA-95, IEC 62264-1); network equipment stands where its neighbours do. */
const levels: Readonly<Partial<Record<Role, PurdueLevel>>> = {
  sensor: 0,
  io: 0,
  drive: 0,
  meter: 0,
  plc: 1,
  rtu: 1,
  ied: 1,
  safety: 1,
  robot: 1,
  cnc: 1,
  "building-controller": 1,
  gateway: 1,
  hmi: 2,
  scada: 2,
  "engineering-station": 2,
  historian: 3,
  server: 3,
  "time-server": 3,
  "domain-controller": 4,
  pc: 4,
  printer: 4,
  phone: 4,
  mobile: 4,
};

/**
 * Level of a device by its role, corrected by its talk: an office computer or server that itself asks controllers works at level 2
 * or 3. Null while the role does not tell.
 */
export function levelOf(asset: Pick<Asset, "role" | "protocols">, asksControllers = false): PurdueLevel | null {
  const level = levels[asset.role] ?? null;
  if (!asksControllers || level === null || level < 3) return level;
  return asset.role === "pc" ? 2 : 3;
}

/** Zones as people made them, in order: a device belongs to the first that has it. */
export interface ZoneRule {
  readonly id: string;
  /** `192.0.2.0/24`, `2001:db8::/64`. */
  readonly subnets: readonly string[];
  readonly vlans: readonly number[];
  readonly level: number | null;
}
/** True when the address lies in the subnet; false for what is no subnet. */
export function inSubnet(address: string, subnet: string): boolean {
  const [network = "", length] = subnet.split("/");
  const [a, b] = [ipv4Number(address), ipv4Number(network)];
  if (a !== null && b !== null) {
    const bits = length === undefined ? 32 : Number(length);
    return bits >= 0 && bits <= 32 && Math.floor(a / 2 ** (32 - bits)) === Math.floor(b / 2 ** (32 - bits));
  }
  const [left, right] = [ipv6Groups(address), ipv6Groups(network)];
  if (left === null || right === null || a !== null || b !== null) return false;
  const bits = length === undefined ? 128 : Number(length);
  if (!(bits >= 0 && bits <= 128)) return false;
  return left.every((group, i) => {
    const keep = Math.min(16, Math.max(0, bits - i * 16));
    return group >> (16 - keep) === (right[i] as number) >> (16 - keep);
  });
}
/** Id of the zone, or null. A zone that names subnets and VLANs takes devices that fit either. */
export function zoneOf(asset: Pick<Asset, "addresses" | "vlans">, zones: readonly ZoneRule[]): string | null {
  for (const zone of zones) {
    if (asset.addresses.some((address) => zone.subnets.some((subnet) => inSubnet(address, subnet)))) return zone.id;
    if (asset.vlans.some((vlan) => vlan !== 0 && zone.vlans.includes(vlan))) return zone.id;
  }
  return null;
}

export interface FoundZone {
  /** The subnet, or `VLAN 12` where devices have no addresses. */
  readonly name: string;
  readonly subnets: readonly string[];
  readonly vlans: readonly number[];
  /** Level that most of its devices have; null when none has one. */
  readonly level: PurdueLevel | null;
  readonly assets: readonly string[];
}
/**
 * Zones that traffic shows: one per subnet (/24, /64), one per VLAN for devices without addresses. Greatest first. A device stands in
 * one zone: the subnet that most devices share with it.
 */
export function foundZones(
  assets: Iterable<Asset>,
  asksControllers: (id: string) => boolean = () => false,
): readonly FoundZone[] {
  const all = [...assets];
  const size = new Map<string, number>();
  const networks = (asset: Asset): string[] => [
    ...new Set(asset.addresses.flatMap((address) => subnetOf(address) ?? [])),
  ];
  for (const asset of all) for (const network of networks(asset)) size.set(network, (size.get(network) ?? 0) + 1);
  const members = new Map<string, Asset[]>();
  for (const asset of all) {
    const four = networks(asset).toSorted(
      (a, b) =>
        Number(b.endsWith("/24")) - Number(a.endsWith("/24")) ||
        (size.get(b) ?? 0) - (size.get(a) ?? 0) ||
        (a < b ? -1 : 1),
    );
    const vlan = asset.vlans.find((one) => one !== 0);
    const key = four[0] ?? (vlan === undefined ? null : `VLAN ${vlan}`);
    if (key !== null) members.set(key, (members.get(key) ?? []).concat(asset));
  }
  return [...members]
    .map(([name, list]): FoundZone => {
      const subnet = name.includes("/");
      return {
        name,
        subnets: subnet ? [name] : [],
        vlans: subnet ? [] : [Number(name.slice(5))],
        level: commonLevel(list.map((asset) => levelOf(asset, asksControllers(asset.id)))),
        assets: list.map(({ id }) => id),
      };
    })
    .toSorted((a, b) => b.assets.length - a.assets.length || (a.name < b.name ? -1 : 1));
}
/** The most frequent, of equals the lower: a mistake should err towards more protection. */
function commonLevel(found: readonly (PurdueLevel | null)[]): PurdueLevel | null {
  const counts = new Map<PurdueLevel, number>();
  for (const level of found) if (level !== null) counts.set(level, (counts.get(level) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? null;
}

export interface Crossing {
  readonly client: string;
  readonly server: string;
  readonly from: string | null;
  readonly to: string | null;
  /** `level`: skips a level, e.g. from the office (4) to a controller (1), past the zone between. `zone`: another zone of a near level. */
  readonly kind: "zone" | "level";
  readonly levels: readonly [number | null, number | null];
}
/** How far apart two levels may be to talk without question. */
const NEAR = 1.5;
interface Standing {
  readonly zone: string | null;
  readonly level: number | null;
}
/** Talk from one zone into another; each pair of devices once. */
export function crossings(
  pairs: Iterable<{ readonly client: string; readonly server: string }>,
  standing: (asset: string) => Standing,
): readonly Crossing[] {
  const found = new Map<string, Crossing>();
  for (const { client, server } of pairs) {
    const [from, to] = [standing(client), standing(server)];
    const apart = from.level !== null && to.level !== null && Math.abs(from.level - to.level) > NEAR;
    if (client === server || (from.zone === to.zone && !apart)) continue;
    found.set(`${client} ${server}`, {
      client,
      server,
      from: from.zone,
      to: to.zone,
      kind: apart ? "level" : "zone",
      levels: [from.level, to.level],
    });
  }
  return [...found.values()];
}
