/** Known vulnerabilities by identity (goals 25, N11): which advisories name this very product and version, and why. */
import type { Asset, AssetAttribute } from "../model.ts";
import type { Designation } from "./designations.ts";
import { designationOf } from "./designations.ts";
import { shownOf } from "./evidence.ts";
import { vendorName } from "./vendors.ts";
import type { VersionRange } from "./versions.ts";
import { inRange, parseRange } from "./versions.ts";

/** A product that an advisory names, one row per CVE. */
export interface AdvisoryProduct {
  readonly advisory: string;
  readonly cve: string;
  /** CVSS 3 base score; null when the advisory gives none. */
  readonly cvss: number | null;
  readonly vendor: string;
  readonly product: string;
  /** As written: `< V2.9.7`, `vers:all/*`. */
  readonly versions: string;
}
export interface Exploited {
  readonly cve: string;
  /** Day, ISO 8601. */
  readonly since: string;
  readonly ransomware: boolean;
}
export interface Vulnerability {
  readonly advisory: string;
  readonly cve: string;
  readonly cvss: number | null;
  readonly product: string;
  readonly versions: string;
  /** The field of the device that the product was found by, and what it holds. */
  readonly by: "order-number" | "model" | "family";
  readonly value: string;
  /** `affected`: the firmware lies in the range. `unknown`: no firmware is known, or the range asks for more than firmware. */
  readonly version: "affected" | "unknown";
  readonly firmware: string | null;
  /** 0 to 1: of the product and the version together. */
  readonly confidence: number;
  readonly exploited: Exploited | null;
}

interface Product {
  readonly name: string;
  readonly read: Designation;
  readonly tests: readonly (readonly RegExp[])[];
  readonly rows: { readonly facts: AdvisoryProduct; readonly range: VersionRange }[];
}
/** Vulnerabilities told per device. */
export const MAX_VULNERABILITIES = 200;

/** Advisories made ready to be asked. About 40,000 rows take half a second; keep it. */
export class Advisories {
  readonly #byVendor = new Map<string, Product[]>();
  readonly #byOrder = new Map<string, Product[]>();
  /** Products whose order number has places for any sign. */
  readonly #open: Product[] = [];
  readonly #exploited: ReadonlyMap<string, Exploited>;

  constructor(rows: Iterable<AdvisoryProduct>, exploited: Iterable<Exploited> = []) {
    this.#exploited = new Map(Array.from(exploited, (one) => [one.cve, one]));
    const products = new Map<string, Product | null>();
    for (const facts of rows) {
      const key = `${facts.vendor}\n${facts.product}`;
      let product = products.get(key);
      if (product === undefined) {
        product = this.#product(facts);
        products.set(key, product);
      }
      // Mitsubishi's serial numbers are written like versions; the product says that they are none.
      const range = /serial|digits/i.test(facts.product) ? "unclear" : parseRange(facts.versions);
      product?.rows.push({ facts, range });
    }
  }
  /** Null: no type, order number or family, so nothing that traffic could show. */
  #product({ vendor, product: name }: AdvisoryProduct): Product | null {
    const read = designationOf(name);
    if (read.orders.length === 0 && (read.software || (read.groups.length === 0 && !read.whole))) return null;
    const tests = read.groups.map((group) => group.map((one) => new RegExp(`^(?:${one})$`)));
    const product: Product = { name, read, tests, rows: [] };
    for (const order of read.orders) push(this.#byOrder, order, product);
    if (read.orders.some((order) => order.includes(".") || order.length < 16)) this.#open.push(product);
    for (const one of vendorsOf(vendor)) push(this.#byVendor, one, product);
    return product;
  }

  /** Best first: known to be exploited, then by score and confidence; one entry per advisory and CVE. */
  of(asset: Pick<Asset, "attributes">): readonly Vulnerability[] {
    const device = identityOf(asset);
    const found = new Map<string, Vulnerability>();
    for (const product of this.#candidates(device)) {
      const match = productMatch(product, device);
      if (match === null) continue;
      for (const row of product.rows) {
        const told = versionMatch(product, row, device, match);
        const key = `${row.facts.advisory} ${row.facts.cve}`;
        if (told === null || (found.get(key)?.confidence ?? 0) >= told.confidence) continue;
        found.set(key, { ...told, exploited: this.#exploited.get(row.facts.cve) ?? null });
      }
    }
    return [...found.values()].toSorted(byUrgency).slice(0, MAX_VULNERABILITIES);
  }
  #candidates(device: Device): Set<Product> {
    const products = new Set<Product>();
    for (const order of device.orders) for (const product of this.#byOrder.get(order) ?? []) products.add(product);
    if (device.orders.length > 0) for (const product of this.#open) products.add(product);
    if (device.vendor === null || device.designation === null) return products;
    for (const product of this.#byVendor.get(device.vendor) ?? []) products.add(product);
    return products;
  }
}
const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
};
const byUrgency = (a: Vulnerability, b: Vulnerability): number =>
  Number(b.exploited !== null) - Number(a.exploited !== null) ||
  Number(b.version === "affected") - Number(a.version === "affected") ||
  (b.cvss ?? 0) * b.confidence - (a.cvss ?? 0) * a.confidence ||
  (a.cve < b.cve ? 1 : -1);

/** `ABB, Phoenix Contact and WAGO` are three; `multiple` is none. */
function vendorsOf(written: string): string[] {
  if (/^multiple/i.test(written)) return [];
  return written.split(/,\s*(?:and\s+)?|\s+and\s+/).flatMap((part) => {
    const name = vendorName(part).toLowerCase();
    return /^(llc|inc\.?|ltd\.?|gmbh|company|co\.?)?$/.test(name) ? [] : [name];
  });
}

interface Device {
  readonly vendor: string | null;
  /** The vendor is only that of the network chip. */
  readonly vendorGuessed: boolean;
  readonly orders: readonly string[];
  readonly orderText: string | null;
  readonly model: string | null;
  readonly designation: Designation | null;
  readonly firmware: string | null;
}
function identityOf(asset: Pick<Asset, "attributes">): Device {
  const shown = (attribute: AssetAttribute): string | null => shownOf(asset, attribute)?.value ?? null;
  const vendor = shownOf(asset, "vendor");
  const orderText = shown("order-number");
  const model = shown("model") ?? orderText;
  const designation = model === null ? null : designationOf(orderText === null ? model : `${model} ${orderText}`);
  return {
    vendor: vendor === null ? null : vendorName(vendor.value).toLowerCase(),
    vendorGuessed: vendor?.source === "oui",
    orders: designation?.orders ?? [],
    orderText,
    model,
    designation,
    firmware: shown("firmware"),
  };
}
/** A number without its last part stands for all of them. */
const fitsOrder = (named: string, order: string): boolean => new RegExp(`^${named}`).test(order);

type ProductMatch = Pick<Vulnerability, "by" | "value" | "confidence">;
function versionMatch(
  { read }: Product,
  { facts, range }: Product["rows"][number],
  device: Device,
  match: ProductMatch,
): Omit<Vulnerability, "exploited"> | null {
  const inside = inRange(device.firmware, range);
  if (inside === false) return null;
  const { line } = read;
  const ofLine = line === null ? true : inRange(device.firmware, parseRange(/\.x$/i.test(line) ? line : `${line}.x`));
  if (ofLine === false) return null;
  const known = inside === true && ofLine === true;
  return {
    advisory: facts.advisory,
    cve: facts.cve,
    cvss: facts.cvss,
    product: facts.product,
    versions: facts.versions,
    ...match,
    version: known ? "affected" : "unknown",
    firmware: device.firmware,
    confidence: Math.round(match.confidence * (known ? 1 : 0.5) * 100) / 100,
  };
}

function productMatch({ read: product, tests }: Product, device: Device): ProductMatch | null {
  const own = device.designation;
  if (own === null) return null;
  if (product.orders.length > 0 && device.orders.length > 0) {
    const order = device.orders.find((one) => product.orders.some((named) => named === one || fitsOrder(named, one)));
    return order === undefined ? null : { by: "order-number", value: device.orderText ?? order, confidence: 0.95 };
  }
  const model = device.model;
  // An order number found the row without a vendor; a model is only unique within its vendor's range.
  if (model === null || device.vendor === null || !sameSet(product.modifiers, own.modifiers)) return null;
  const sure = device.vendorGuessed ? 0.7 : 1;
  if (tests.length === 0) {
    if (!product.whole || product.orders.length > 0) return null;
    if (![...product.families].some((family) => own.families.has(family))) return null;
    return { by: "family", value: model, confidence: 0.6 * sure };
  }
  const names = own.groups.map((group) => group[0] as string);
  const fits = (test: readonly RegExp[], name: string): boolean =>
    test.some((one) => one.test(name.replaceAll("\\", "")));
  // The device's first designation is its type: a row that names only some other part of it is about something else.
  if (
    !tests.every((test) => names.some((name) => fits(test, name))) ||
    !tests.some((test) => fits(test, names[0] ?? ""))
  )
    return null;
  if (
    product.families.size > 0 &&
    own.families.size > 0 &&
    ![...product.families].some((family) => own.families.has(family))
  )
    return null;
  if (product.series.size === 0 || own.series.size === 0) {
    return {
      by: "model",
      value: model,
      confidence: (product.series.size > 0 ? 0.55 : product.orders.length > 0 ? 0.7 : 0.85) * sure,
    };
  }
  return [...own.series].some((letter) => product.series.has(letter))
    ? { by: "model", value: model, confidence: 0.9 * sure }
    : null;
}
const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));
