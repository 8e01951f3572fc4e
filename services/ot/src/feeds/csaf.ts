/** Products and CVEs of a CSAF 2.0 document (OASIS Common Security Advisory Framework, sections 3.2.2 and 3.2.3). */
import type { AdvisoryProduct } from "../analysis/assets/vulnerabilities.ts";

type Json = Readonly<Record<string, unknown>>;
const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(object) : []);
const text = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text).filter((one) => one !== "") : []);

interface Product {
  readonly vendor: string;
  readonly name: string;
  readonly versions: string;
}
/** Branches deeper than this are not followed. */
const MAX_DEPTH = 32;
/** Product status that means affected. */
const affected = ["known_affected", "first_affected", "last_affected"] as const;

export const isCsaf = (document: unknown): boolean =>
  text(object(object(document)["document"])["csaf_version"]) === "2.0";

/** One row for each product and CVE that is said to be affected. Empty for a document of another shape. */
export function readCsaf(document: unknown): readonly AdvisoryProduct[] {
  const root = object(document);
  const advisory = text(object(object(root["document"])["tracking"])["id"]);
  const products = productsOf(object(root["product_tree"]));
  const rows: AdvisoryProduct[] = [];
  for (const vulnerability of list(root["vulnerabilities"])) {
    const cve = text(vulnerability["cve"]) || text(object(list(vulnerability["ids"])[0])["text"]);
    if (cve === "" || advisory === "") continue;
    const scores = new Map<string, number>();
    for (const score of list(vulnerability["scores"])) {
      const base = object(score["cvss_v3"])["baseScore"] ?? object(score["cvss_v2"])["baseScore"];
      if (typeof base === "number") for (const id of texts(score["products"])) scores.set(id, base);
    }
    const status = object(vulnerability["product_status"]);
    for (const id of new Set(affected.flatMap((name) => texts(status[name])))) {
      const product = products.get(id);
      if (product === undefined) continue;
      rows.push({
        advisory,
        cve,
        cvss: scores.get(id) ?? null,
        vendor: product.vendor,
        product: product.name,
        versions: product.versions,
      });
    }
  }
  return rows;
}

function productsOf(tree: Json): ReadonlyMap<string, Product> {
  const found = new Map<string, Product>();
  walk(list(tree["branches"]), { vendor: "", name: "", versions: "" }, found, 0);
  for (const full of list(tree["full_product_names"]))
    keep(full, { vendor: "", name: text(full["name"]), versions: "" }, found);
  // "A installed on B" is a product of its own, told as A.
  for (const relation of list(tree["relationships"])) {
    const product = found.get(text(relation["product_reference"]));
    const id = text(object(relation["full_product_name"])["product_id"]);
    if (product !== undefined && id !== "") found.set(id, product);
  }
  return found;
}
function walk(branches: readonly Json[], above: Product, found: Map<string, Product>, depth: number): void {
  if (depth > MAX_DEPTH) return;
  for (const branch of branches) {
    const name = text(branch["name"]);
    let here = above;
    switch (text(branch["category"])) {
      case "vendor":
        here = { ...above, vendor: name };
        break;
      case "product_name":
        here = { ...above, name };
        break;
      case "product_version":
      case "product_version_range":
        here = { ...above, versions: name };
        break;
      case "host_name":
      case "language":
      case "legacy":
      case "patch_level":
      case "service_pack":
        here = { ...above, versions: `${above.versions} ${name}`.trim() };
        break;
      default:
        break;
    }
    walk(list(branch["branches"]), here, found, depth + 1);
    keep(object(branch["product"]), here, found);
  }
}
/** Order and model numbers of the identification helper belong to the name: devices are known by them. */
function keep(product: Json, here: Product, found: Map<string, Product>): void {
  const id = text(product["product_id"]);
  if (id === "") return;
  const helper = object(product["product_identification_helper"]);
  const numbers = [...texts(helper["model_numbers"]), ...texts(helper["skus"])].filter(
    (number) => !here.name.includes(number),
  );
  const name = here.name === "" ? text(product["name"]) : here.name;
  found.set(id, { ...here, name: numbers.length === 0 ? name : `${name} (${numbers.join(", ")})` });
}
