/** The customer's own device list against what traffic shows (goal 10). */
import type { RegisterField } from "../../wire/api-register.ts";
import type { Asset, AssetAttribute } from "../model.ts";
import { agree, valueOf } from "./evidence.ts";
import type { RegisterRow } from "./register-list.ts";
import { addressesIn, macsIn, roleIn } from "./register-list.ts";
import { vendorName } from "./vendors.ts";

export interface Reconciled {
  readonly row: RegisterRow;
  /** matched: seen; differs: seen, but something is otherwise; unseen: never seen; ambiguous: fits several devices. */
  readonly state: "matched" | "differs" | "unseen" | "ambiguous";
  readonly asset: string | null;
  /** Field that the device was found by. */
  readonly by: RegisterField | null;
  readonly differences: readonly { readonly field: RegisterField; readonly listed: string; readonly seen: string }[];
}
export interface Reconciliation {
  readonly entries: readonly Reconciled[];
  /** Seen and not listed. */
  readonly unregistered: readonly string[];
}

/** Finds each row's device by MAC, else serial number, else address, else name; what is seen otherwise is told. */
export function reconcile(rows: readonly RegisterRow[], assets: Iterable<Asset>): Reconciliation {
  const all = [...assets];
  const keys = keysOf(all);
  const byId = new Map(all.map((asset) => [asset.id, asset]));
  const found = rows.map((row) => find(row, keys));
  // One device, one row: a second row that only shares the address or name does not get it.
  const claimed = new Map<string, number>();
  for (const field of ["mac", "serial", "address", "name"] as const) {
    found.forEach((match, i) => {
      if (match?.by === field && match.assets.length === 1 && !claimed.has(match.assets[0] as string))
        claimed.set(match.assets[0] as string, i);
    });
  }
  const entries = rows.map((row, i): Reconciled => {
    const match = found[i];
    if (match === null || match === undefined) return { row, state: "unseen", asset: null, by: null, differences: [] };
    const id = match.assets[0] as string;
    const asset = byId.get(id);
    if (match.assets.length > 1 || claimed.get(id) !== i || asset === undefined)
      return { row, state: "ambiguous", asset: null, by: match.by, differences: [] };
    const differences = differencesOf(row, asset);
    return { row, state: differences.length > 0 ? "differs" : "matched", asset: id, by: match.by, differences };
  });
  const matched = new Set(entries.map(({ asset }) => asset));
  return { entries, unregistered: all.filter(({ id }) => !matched.has(id)).map(({ id }) => id) };
}

/** Devices of one key that are remembered: with two of them a row is ambiguous, and names can be forged by the thousand. */
const MOST_OF_KEY = 8;
type Keys = ReadonlyMap<string, readonly string[]>;
function keysOf(assets: readonly Asset[]): Keys {
  const keys = new Map<string, string[]>();
  const add = (key: string, id: string): void => {
    const list = keys.get(key) ?? [];
    keys.set(key, list);
    if (list.length < MOST_OF_KEY && !list.includes(id)) list.push(id);
  };
  for (const asset of assets) {
    for (const mac of asset.macs) add(`mac ${mac}`, asset.id);
    for (const address of asset.addresses) add(`address ${address}`, asset.id);
    for (const { value } of asset.attributes.serial ?? []) add(`serial ${plainSerial(value)}`, asset.id);
    for (const { value } of asset.attributes.name ?? []) add(`name ${plainName(value)}`, asset.id);
  }
  return keys;
}
const plainSerial = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .replace(/^0+/, "");
/** The name of a host without its domain. */
const plainName = (text: string): string => (text.toLowerCase().split(".")[0] as string).trim();

function find(row: RegisterRow, keys: Keys): { by: RegisterField; assets: readonly string[] } | null {
  const wanted: readonly (readonly [RegisterField, readonly string[]])[] = [
    ["mac", macsIn(row.mac ?? "").map((mac) => `mac ${mac}`)],
    ["serial", row.serial === undefined ? [] : [`serial ${plainSerial(row.serial)}`]],
    ["address", addressesIn(row.address ?? "").map((address) => `address ${address}`)],
    ["name", row.name === undefined ? [] : [`name ${plainName(row.name)}`]],
  ];
  for (const [by, list] of wanted) {
    const assets = [...new Set(list.flatMap((key) => keys.get(key) ?? []))];
    if (assets.length > 0) return { by, assets };
  }
  return null;
}

const compared: readonly (readonly [RegisterField, AssetAttribute])[] = [
  ["vendor", "vendor"],
  ["serial", "serial"],
  ["name", "name"],
];
function differencesOf(row: RegisterRow, asset: Asset): Reconciled["differences"] {
  const found: { field: RegisterField; listed: string; seen: string }[] = [];
  const tell = (field: RegisterField, listed: string, seen: string): void => void found.push({ field, listed, seen });
  const macs = macsIn(row.mac ?? "");
  if (macs.length > 0 && asset.macs.length > 0 && !macs.some((mac) => asset.macs.includes(mac)))
    tell("mac", macs.join(" "), asset.macs.join(" "));
  const addresses = addressesIn(row.address ?? "");
  if (
    addresses.length > 0 &&
    asset.addresses.length > 0 &&
    !addresses.some((address) => asset.addresses.includes(address))
  )
    tell("address", addresses.join(" "), asset.addresses.join(" "));
  for (const [field, attribute] of compared) {
    const [listed, seen] = [row[field], valueOf(asset, attribute)];
    if (listed === undefined || seen === null) continue;
    const all = (asset.attributes[attribute] ?? []).map(({ value }) => value);
    if (!all.some((value) => same(field, listed, value))) tell(field, listed, seen);
  }
  const models = [...(asset.attributes.model ?? []), ...(asset.attributes["order-number"] ?? [])].map(
    ({ value }) => value,
  );
  if (row.model !== undefined && models.length > 0 && !models.some((value) => sameModel(row.model as string, value)))
    tell("model", row.model, models[0] as string);
  const role = row.role === undefined ? null : roleIn(row.role);
  if (row.role !== undefined && role !== null && asset.role !== "unknown" && role !== asset.role)
    tell("role", row.role, asset.role);
  return found;
}
function same(field: RegisterField, listed: string, seen: string): boolean {
  if (field === "vendor") return vendorName(listed).toLowerCase() === vendorName(seen).toLowerCase();
  if (field === "serial") return plainSerial(listed) === plainSerial(seen);
  return plainName(listed) === plainName(seen);
}
const sameModel = (a: string, b: string): boolean => {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return agree("model", a, b) || plain(a).includes(plain(b)) || plain(b).includes(plain(a));
};
