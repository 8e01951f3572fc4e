/** Evidence: adding to it, keeping it bounded, choosing what is shown, seeing what contradicts. */
import type { Asset, AssetAttribute, Evidence } from "../model.ts";

/** Evidence kept per attribute of an asset. Beyond it the weakest goes, and of equally weak ones the oldest. */
export const MAX_EVIDENCE = 8;

const lasting = (evidence: Evidence): boolean => evidence.source === "hand" || evidence.source === "register";
/** Better first: higher confidence, then later seen, then by value so that the order never depends on arrival. */
export const byStrength = (a: Evidence, b: Evidence): number =>
  Number(lasting(b)) - Number(lasting(a)) ||
  b.confidence - a.confidence ||
  b.last - a.last ||
  (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);

export const sameSaying = (a: Evidence, b: Evidence): boolean =>
  a.source === b.source && a.value === b.value && a.reason === b.reason;

/**
 * The list with one more saying; the same value of the same source is widened in time. The count grows only by what is later
 * than all seen before, so a batch that comes twice counts once.
 */
export function withEvidence(list: readonly Evidence[], added: Evidence): readonly Evidence[] {
  const known = list.find((evidence) => sameSaying(evidence, added));
  if (known === undefined) return list.concat(added).toSorted(byStrength).slice(0, MAX_EVIDENCE);
  const merged: Evidence = {
    ...known,
    confidence: Math.max(known.confidence, added.confidence),
    first: Math.min(known.first, added.first),
    last: Math.max(known.last, added.last),
    count: added.last > known.last ? known.count + added.count : Math.max(known.count, added.count),
  };
  return list.map((evidence) => (evidence === known ? merged : evidence)).toSorted(byStrength);
}

/** Attributes of which a device has one value at a time; of the others it may have several. */
const single: ReadonlySet<AssetAttribute> = new Set<AssetAttribute>([
  "vendor",
  "model",
  "order-number",
  "firmware",
  "hardware",
  "serial",
  "os",
  "location",
  "role",
]);
/** A later saying of the same source replaces the older one: not a conflict but a change, e.g. of firmware. */
const current = (list: readonly Evidence[]): Evidence[] => {
  const newest = new Map<string, Evidence>();
  for (const evidence of list) {
    const known = newest.get(evidence.source);
    if (known === undefined || evidence.last > known.last) newest.set(evidence.source, evidence);
  }
  return [...newest.values()].toSorted(byStrength);
};

/** What is shown for an attribute, and how sure; null when nothing was said. */
export function shownOf(asset: Pick<Asset, "attributes">, attribute: AssetAttribute): Evidence | null {
  const list = asset.attributes[attribute];
  if (list === undefined || list.length === 0) return null;
  return (single.has(attribute) ? current(list) : list.toSorted(byStrength))[0] ?? null;
}
export const valueOf = (asset: Pick<Asset, "attributes">, attribute: AssetAttribute): string | null =>
  shownOf(asset, attribute)?.value ?? null;

/** Same thing written differently: case, spaces, punctuation, a leading V of versions, and one value that continues another. */
export function agree(attribute: AssetAttribute, a: string, b: string): boolean {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(attribute === "firmware" || attribute === "hardware" ? /^(v|ver|version|rev)\.?\s*(?=\d)/ : "", "")
      .replaceAll(/[^a-z0-9.\u0080-\uffff]/g, "");
  const [left, right] = [plain(a), plain(b)];
  if (left === right) return true;
  if (attribute === "os" || attribute === "model") return left.startsWith(right) || right.startsWith(left);
  return false;
}

/** Below this the source is a guess, and a guess contradicts nobody. */
export const CONFLICT_FLOOR = 0.3;

export interface Conflict {
  readonly attribute: AssetAttribute;
  /** The strongest of each value, better first: at least two. */
  readonly sayings: readonly Evidence[];
}
/**
 * Attributes on which two sources differ (N5: LLDP says X, CIP identity says Z). The vendor of the network chip (`oui`) is told
 * beside a vendor that the device states of itself.
 */
export function conflictsOf(asset: Pick<Asset, "attributes">): readonly Conflict[] {
  const conflicts: Conflict[] = [];
  for (const attribute of single) {
    const list = asset.attributes[attribute];
    if (list === undefined || list.length < 2 || attribute === "role") continue;
    const sayings: Evidence[] = [];
    for (const evidence of current(list)) {
      if (evidence.confidence < CONFLICT_FLOOR) continue;
      if (!sayings.some((said) => agree(attribute, said.value, evidence.value))) sayings.push(evidence);
    }
    if (sayings.length > 1) conflicts.push({ attribute, sayings });
  }
  return conflicts;
}
