/**
 * What devices of several organisations are put together by (OT-N9): product, family of products, or role, each of one vendor.
 * Names are made of what `designationOf` recognises - order numbers, type designations, families - and never of other words, so
 * that no name that somebody gave a device can become one.
 */
import { slotOf } from "../../wire/declared.ts";
import { isToken } from "../../wire/tokens.ts";
import { designationOf } from "../assets/designations.ts";
import { shownOf } from "../assets/evidence.ts";
import { isCanonicalVendor, vendorName } from "../assets/vendors.ts";
import type { Asset, AssetAttribute, Evidence } from "../model.ts";

/** The most telling first. */
export const subjectLevels = ["model", "family", "role"] as const;
export type SubjectLevel = (typeof subjectLevels)[number];

export interface Subject {
  readonly level: SubjectLevel;
  readonly vendor: string;
  /** Designation, family, or a role of analysis/model.ts. */
  readonly name: string;
}
export const subjectKey = ({ level, vendor, name }: Subject): string => `${level}|${vendor}|${name}`;

/** Letters of a designation at most; longer ones are no type plate. */
const LONGEST = 48;
type Known = Pick<Asset, "attributes" | "role">;

/** What the device says of itself, or the registry of MACs: neither the customer's list, nor what somebody wrote or declared. */
function told(asset: Known, attribute: AssetAttribute): Evidence | null {
  const own = (asset.attributes[attribute] ?? []).filter(
    ({ source, value }) => source !== "hand" && source !== "register" && slotOf(source) === 0 && !isToken(value),
  );
  return shownOf({ attributes: { [attribute]: own } }, attribute);
}

/** The vendor in its one spelling; null when only an unknown name was told, which may be a name of somebody's own. */
function vendorOf(asset: Known): string | null {
  const found = told(asset, "vendor");
  if (found === null) return null;
  const name = vendorName(found.value);
  return name !== "" && (found.source === "oui" || isCanonicalVendor(name)) ? name : null;
}

interface Product {
  readonly model: string | null;
  readonly families: readonly string[];
}
/** Exact designations only: a catalogue's placeholder or choice names no device. */
const exact = (pattern: string): string | null => {
  const plain = pattern.replaceAll("\\", "");
  return /^[A-Z0-9][A-Z0-9.+/#_-]*$/.test(plain) ? plain : null;
};

/** `CPU 315-2 PN/DP` → `S7-300 315-2`; null for a program or a text without a designation. */
export function productOf(written: string): Product | null {
  // Types are written in capitals whatever somebody typed.
  const found = designationOf(written.trim().toUpperCase());
  if (found.software) return null;
  const families = [...found.families].toSorted();
  const order = found.orders.find((one) => !one.includes("."));
  const parts = found.groups.map((group) => (group.length === 1 ? exact(group[0] as string) : null));
  // Variants of one device differ in the last group of its order number.
  const name =
    order === undefined
      ? parts.includes(null)
        ? ""
        : [...families, ...parts, ...[...found.modifiers].toSorted()].join(" ")
      : `${order.slice(0, 4)} ${order.slice(4, 7)}-${order.slice(7, 12)}`;
  const model = (order !== undefined || parts.length > 0) && name !== "" && name.length <= LONGEST ? name : null;
  return model === null && families.length === 0 ? null : { model, families };
}

/** The most telling first; empty while the vendor is not known. */
export function subjectsOf(asset: Known): readonly Subject[] {
  const vendor = vendorOf(asset);
  if (vendor === null) return [];
  const written = [told(asset, "model"), told(asset, "order-number")];
  const products = written.flatMap((one) => (one === null ? [] : (productOf(one.value) ?? [])));
  const model = products.find((one) => one.model !== null)?.model ?? null;
  const families = new Set(products.flatMap((one) => one.families));
  return [
    ...(model === null ? [] : [{ level: "model" as const, vendor, name: model }]),
    ...Array.from(families, (name) => ({ level: "family" as const, vendor, name })),
    ...(asset.role === "unknown" ? [] : [{ level: "role" as const, vendor, name: asset.role }]),
  ];
}
