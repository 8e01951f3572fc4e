/** Devices that may be one (several MACs of a device): said to a person, joined by itself only when nothing else can be. */
import type { Asset } from "../model.ts";
import { writeMac } from "../../wire/addresses.ts";
import { isLocalMac, macKind, macNumber } from "./addresses.ts";
import type { AssetIndex } from "./asset-index.ts";
import { macKey } from "./asset-index.ts";
import { valueOf } from "./evidence.ts";
import { sameVendor } from "./vendors.ts";

/** Ports of one device bear MACs that follow each other; more than this apart is another device. */
export const PORT_SPAN = 8;

export const proposalReasons = {
  "same-serial": { en: "Both tell the same vendor and serial number.", ja: "メーカーと製造番号が同じです。" },
  "same-name-adjacent": {
    en: "Their MACs follow each other and they tell the same name.",
    ja: "MACアドレスが連続し、同じ名前を名乗っています。",
  },
  "same-address-adjacent": {
    en: "Their MACs follow each other and they used the same address.",
    ja: "MACアドレスが連続し、同じIPアドレスを使っています。",
  },
  "same-description-adjacent": {
    en: "Their MACs follow each other and they tell the same description, without addresses.",
    ja: "MACアドレスが連続し、同じ説明文を名乗り、IPアドレスがありません。",
  },
} as const;
export interface Proposal {
  /** Ids in order. */
  readonly assets: readonly [string, string];
  readonly reason: keyof typeof proposalReasons;
  readonly confidence: number;
}

const names = (asset: Asset): Set<string> =>
  new Set((asset.attributes.name ?? []).map(({ value }) => value.toLowerCase()));
const shareName = (a: Asset, b: Asset): boolean => {
  const known = names(a);
  return [...names(b)].some((name) => known.has(name));
};
const sameDescription = (a: Asset, b: Asset): boolean => {
  const [left, right] = [valueOf(a, "description"), valueOf(b, "description")];
  return left !== null && left === right;
};
/** Assets with a MAC within the span of ports, nearest first. */
function neighbours(index: AssetIndex, asset: Asset): Asset[] {
  const found = new Set<Asset>();
  for (let distance = 1; distance <= PORT_SPAN; distance++) {
    for (const mac of asset.macs) {
      if (macKind(mac) !== "device" || isLocalMac(mac)) continue;
      for (const sign of [-1, 1]) {
        const other = index.byMac(writeMac(macNumber(mac) + sign * distance));
        // Beyond the vendor's own block (24 bits) lies another device.
        if (
          other !== undefined &&
          other.id !== asset.id &&
          other.macs.some((theirs) => theirs.slice(0, 8) === mac.slice(0, 8))
        )
          found.add(other);
      }
    }
  }
  return [...found];
}
/** Protocols in which a port of a switch or PROFINET device speaks with its own MAC. */
const portProtocols: ReadonlySet<string> = new Set(["lldp", "cdp", "stp", "ptp", "profinet-dcp", "profinet-rt"]);

/**
 * The asset whose port this one is, or null: no address, only protocols of ports, a MAC beside the other's and the same name. What a
 * person has split stays split.
 */
export function certainTwin(index: AssetIndex, asset: Asset): string | null {
  const isPort = (one: Asset): boolean =>
    one.addresses.length === 0 && !one.routes && one.protocols.every((protocol) => portProtocols.has(protocol));
  if (!isPort(asset) || names(asset).size === 0 || asset.macs.some((mac) => index.pins.has(macKey(mac)))) return null;
  for (const other of neighbours(index, asset)) {
    if (other.macs.some((mac) => index.pins.has(macKey(mac))) || !shareName(asset, other)) continue;
    if (!isPort(other) || other.first < asset.first || (other.first === asset.first && other.id < asset.id))
      return other.id;
  }
  return null;
}

/** All pairs of a site that look like one device. `apart`: pairs that a person said are two, as `id id` in order. */
export function proposalsOf(index: AssetIndex, apart: ReadonlySet<string> = new Set()): readonly Proposal[] {
  const found = new Map<string, Proposal>();
  const add = (a: Asset, b: Asset, reason: Proposal["reason"], confidence: number): void => {
    const pair = [a.id, b.id].toSorted() as [string, string];
    const key = pair.join(" ");
    if (a.id !== b.id && !apart.has(key) && (found.get(key)?.confidence ?? 0) < confidence)
      found.set(key, { assets: pair, reason, confidence });
  };
  const serials = new Map<string, Asset>();
  for (const asset of index.assets()) {
    const serial = valueOf(asset, "serial");
    if (serial !== null && serial.length >= 4) {
      const other = serials.get(serial);
      if (other === undefined) serials.set(serial, asset);
      else if (sameVendor(valueOf(asset, "vendor") ?? "", valueOf(other, "vendor") ?? ""))
        add(asset, other, "same-serial", 0.9);
    }
    if (asset.macs.length === 0) continue;
    for (const other of neighbours(index, asset)) {
      if (shareName(asset, other)) add(asset, other, "same-name-adjacent", 0.8);
      else if (asset.addresses.some((address) => other.addresses.includes(address)))
        add(asset, other, "same-address-adjacent", 0.7);
      else if (asset.addresses.length === 0 && sameDescription(asset, other))
        add(asset, other, "same-description-adjacent", 0.5);
    }
  }
  return [...found.values()].toSorted((a, b) => b.confidence - a.confidence || (a.assets[0] < b.assets[0] ? -1 : 1));
}
