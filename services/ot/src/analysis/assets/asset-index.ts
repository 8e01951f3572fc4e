/** The assets of one site in memory, found by MAC and by address, with what people decided about them. */
import type { Asset } from "../model.ts";
import { provenBy } from "./claims.ts";

/** A member of an asset that a person may move: a MAC, or the address of a device that is only seen behind a router. */
export type MemberKey = `mac:${string}` | `ip:${string}`;
export const macKey = (mac: string): MemberKey => `mac:${mac}`;
export const addressKey = (address: string): MemberKey => `ip:${address}`;

/** Devices of one site at most: whoever forges MACs in a plant must not fill the server. */
export const MAX_ASSETS = 10_000;
/** Devices that are asked at most when several hold one address: forged claims may be thousands. */
export const MAX_HOLDERS = 64;

export interface IndexOptions {
  /** Devices at most; MAX_ASSETS unless told. */
  readonly most?: number;
  /** Decisions by hand, remembered: this member belongs to that asset, whatever the traffic suggests. */
  readonly pins?: ReadonlyMap<MemberKey, string>;
  /** Vendor of a MAC by the public registry, or null (feeds/oui.ts). */
  readonly vendorOf?: (mac: string) => string | null;
}

/**
 * Made from the stored assets of a site; `resolve` keeps it up to date. When the transaction that stores the result fails, throw
 * the index away and load it again.
 */
export class AssetIndex {
  readonly pins: ReadonlyMap<MemberKey, string>;
  readonly vendorOf: (mac: string) => string | null;
  readonly most: number;
  readonly #assets = new Map<string, Asset>();
  readonly #macs = new Map<string, string>();
  /** Ids of the assets that hold an address. */
  readonly #holders = new Map<string, Set<string>>();
  /** `last` of each asset when it was last handed out as changed. */
  readonly #told = new Map<string, number>();

  constructor(assets: Iterable<Asset> = [], options: IndexOptions = {}) {
    this.pins = options.pins ?? new Map();
    this.vendorOf = options.vendorOf ?? (() => null);
    this.most = options.most ?? MAX_ASSETS;
    for (const asset of assets) {
      this.put(asset);
      this.#told.set(asset.id, asset.last);
    }
  }

  get size(): number {
    return this.#assets.size;
  }
  assets(): IterableIterator<Asset> {
    return this.#assets.values();
  }
  get(id: string): Asset | undefined {
    return this.#assets.get(id);
  }
  byMac(mac: string): Asset | undefined {
    const id = this.#macs.get(mac);
    return id === undefined ? undefined : this.#assets.get(id);
  }
  /**
   * Assets known by the address, MAX_HOLDERS at most; more than one: the address is used twice, or in two closed networks.
   */
  holders(address: string): Asset[] {
    const found: Asset[] = [];
    for (const id of this.#holders.get(address) ?? []) {
      const asset = this.#assets.get(id);
      if (asset !== undefined && found.push(asset) === MAX_HOLDERS) break;
    }
    return found;
  }
  /**
   * The device behind an address: one with a MAC in the same VLAN, else the only one with a MAC anywhere, else one that is known
   * by the address alone. `still`: leaves out those that have just given the address up.
   */
  byAddress(vlan: number, address: string, still: (asset: Asset) => boolean = () => true): Asset | undefined {
    const holders = this.holders(address).filter(still);
    if (holders.length < 2) return holders[0];
    // Whoever has proven it before those of which only packets with it were seen: these may be routers.
    const proven = holders.filter((asset) => provenBy(asset, address));
    const near = proven.length > 0 ? proven : holders.filter((asset) => asset.macs.length > 0);
    const here = near.filter((asset) => asset.vlans.includes(vlan));
    if (here.length === 1) return here[0];
    if (near.length === 1) return near[0];
    return holders.find((asset) => asset.macs.length === 0);
  }

  put(asset: Asset): void {
    this.#forget(asset.id);
    this.#assets.set(asset.id, asset);
    for (const mac of asset.macs) this.#macs.set(mac, asset.id);
    for (const address of asset.addresses) {
      const holders = this.#holders.get(address);
      if (holders === undefined) this.#holders.set(address, new Set([asset.id]));
      else holders.add(asset.id);
    }
  }
  remove(id: string): void {
    this.#forget(id);
    this.#assets.delete(id);
    this.#told.delete(id);
  }
  #forget(id: string): void {
    const known = this.#assets.get(id);
    if (known === undefined) return;
    for (const mac of known.macs) if (this.#macs.get(mac) === id) this.#macs.delete(mac);
    for (const address of known.addresses) {
      const holders = this.#holders.get(address);
      holders?.delete(id);
      if (holders?.size === 0) this.#holders.delete(address);
    }
  }

  /** Milliseconds of last-seen time that were not handed out yet. */
  untold(asset: Asset): number {
    return asset.last - (this.#told.get(asset.id) ?? Number.NEGATIVE_INFINITY);
  }
  tell(asset: Asset): void {
    this.#told.set(asset.id, asset.last);
  }
}
