/** Merging and splitting by hand: the new assets, and the pins that make the decision last. */
import type { Asset, AssetAttribute, Evidence, HeldAddress } from "../model.ts";
import type { MemberKey } from "./asset-index.ts";
import { addressKey, macKey } from "./asset-index.ts";
import { Draft } from "./draft.ts";

export interface Decision {
  /** Assets as they are afterwards. */
  readonly assets: readonly Asset[];
  /** Ids that no longer exist. */
  readonly gone: readonly string[];
  /** To be stored with the site and given to every AssetIndex. */
  readonly pins: readonly (readonly [MemberKey, string])[];
}
const keysOf = (asset: Asset): MemberKey[] =>
  asset.macs.length > 0 ? asset.macs.map(macKey) : asset.addresses.map(addressKey);

/** `others` become part of `into`, which keeps its id. */
export function mergeByHand(into: Asset, others: readonly Asset[]): Decision {
  const draft = new Draft(into.id, into, into);
  for (const other of others) draft.absorb(other);
  const pins = [into, ...others].flatMap((asset) => keysOf(asset).map((key) => [key, into.id] as const));
  return { assets: [draft.finish()], gone: others.map(({ id }) => id), pins };
}

/**
 * The given MACs and addresses become a device of their own. Evidence does not tell by which MAC it came, so both start with what
 * people said only, and learn the rest again; addresses go with whoever they are named for.
 */
export function splitByHand(
  asset: Asset,
  taken: { readonly macs: readonly string[]; readonly addresses: readonly string[] },
  newId: string,
): Decision {
  const part = (id: string, belongs: (kind: "mac" | "address", value: string) => boolean): Asset => {
    const draft = new Draft(id, null, asset);
    for (const mac of asset.macs) if (belongs("mac", mac)) draft.addMac(mac);
    for (const vlan of asset.vlans) draft.addVlan(vlan);
    for (const held of heldOf(asset)) if (belongs("address", held.address)) draft.hold(held);
    if (id === asset.id) {
      draft.routes = asset.routes;
      for (const [attribute, list] of Object.entries(asset.attributes) as [AssetAttribute, readonly Evidence[]][]) {
        for (const evidence of list)
          if (evidence.source === "hand" || evidence.source === "register") draft.say(attribute, evidence);
      }
    }
    draft.seen(asset);
    return draft.finish();
  };
  const isTaken = (kind: "mac" | "address", value: string): boolean =>
    (kind === "mac" ? taken.macs : taken.addresses).includes(value);
  const rest = part(asset.id, (kind, value) => !isTaken(kind, value));
  const split = part(newId, isTaken);
  const pins = [rest, split].flatMap((one) => keysOf(one).map((key) => [key, one.id] as const));
  return { assets: [rest, split], gone: [], pins };
}
const heldOf = (asset: Asset): Iterable<HeldAddress> => new Draft(asset.id, asset, asset).held.values();
