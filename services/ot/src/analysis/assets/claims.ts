/** What a claim to an address is worth. */
import type { BindingKind } from "../../wire/vocabulary.ts";
import type { Asset } from "../model.ts";

/** How well a binding proves that the address is the MAC's own: 0 says nothing, `traffic` may be a router's. */
const strength: Readonly<Record<BindingKind, number>> = {
  dhcp: 4,
  "arp-reply": 3,
  "arp-gratuitous": 3,
  nd: 3,
  "arp-request": 2,
  traffic: 1,
  "arp-probe": 0,
};
export const isProof = (kind: BindingKind): boolean => strength[kind] > 1;
export const stronger = (a: BindingKind, b: BindingKind): BindingKind => (strength[a] >= strength[b] ? a : b);

/** True: the device has shown that the address is its own. */
export const provenBy = (asset: Asset, address: string): boolean =>
  asset.macs.length > 0 && (asset.held ?? []).some((held) => held.address === address && isProof(held.kind));
