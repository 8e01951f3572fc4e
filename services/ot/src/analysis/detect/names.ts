import type { Asset } from "../model.ts";
import { GROUP, INTERNET } from "./parties.ts";

/** How a person calls it: name or model with the address, else the address, else the MAC. */
export function nameOf(party: string, asset: Asset | undefined): string {
  if (asset === undefined) return party === INTERNET ? "Internet" : party.replace(/^at:/, "").replace(GROUP, "");
  const place = asset.addresses[0] ?? asset.macs[0] ?? asset.id;
  const word = best(asset, "name") ?? best(asset, "model");
  return word === undefined || word === place ? place : `${word} (${place})`;
}

function best(asset: Asset, attribute: "name" | "model"): string | undefined {
  let found: { readonly value: string; readonly confidence: number } | undefined;
  for (const one of asset.attributes[attribute] ?? []) {
    if (found === undefined || one.confidence > found.confidence) found = one;
  }
  return found?.value;
}
