/** What lists show of a device, made of its evidence and of what people set by hand. Pure. */
import { conflictsOf, valueOf } from "../analysis/assets/evidence.ts";
import { ipv4Number } from "../analysis/assets/addresses.ts";
import type { Asset, Role } from "../analysis/model.ts";

/** What people set; null: not. */
export interface Given {
  readonly name: string | null;
  readonly role: Role | null;
  readonly note: string;
}
export const nothingGiven: Given = { name: null, role: null, note: "" };

export interface Shown {
  readonly name: string;
  readonly role: Role;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly os: string | null;
  readonly serial: string | null;
  readonly search: string;
  readonly conflicts: number;
  readonly addressOrder: number | null;
}

/** Attributes whose changes are told on the time line. */
export const toldAttributes = ["name", "role", "vendor", "model", "firmware", "os", "serial"] as const;

export function shownOf(asset: Asset, given: Given): Shown {
  const of = (attribute: "name" | "vendor" | "model" | "order-number" | "firmware" | "os" | "serial"): string | null =>
    valueOf(asset, attribute);
  const name = given.name ?? of("name") ?? asset.addresses[0] ?? asset.macs[0] ?? asset.id;
  const model = of("model") ?? of("order-number");
  const names = (asset.attributes.name ?? []).map(({ value }) => value);
  const words = [name, ...names, ...asset.addresses, ...asset.macs, of("vendor"), model, of("serial"), given.note];
  const first = asset.addresses.map(ipv4Number).find((number) => number !== null) ?? null;
  return {
    name,
    role: given.role ?? asset.role,
    vendor: of("vendor"),
    model,
    firmware: of("firmware"),
    os: of("os"),
    serial: of("serial"),
    search: [...new Set(words.filter((word) => word !== null))].join("\n").toLowerCase(),
    conflicts: conflictsOf(asset).length,
    addressOrder: first,
  };
}
