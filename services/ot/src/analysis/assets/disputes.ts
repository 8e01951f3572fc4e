/** Addresses that change hands, and addresses that two devices claim at once. */
import type { HeldAddress } from "../model.ts";
import { MAX_HOLDERS, type AssetIndex } from "./asset-index.ts";
import { isProof } from "./claims.ts";
import type { Draft } from "./draft.ts";

/** A device that was silent at an address for this long, milliseconds, has given it up when another claims it. */
export const ADDRESS_KEPT = 600_000;

/** An address that several devices claim at the same time, each by ARP, ND or DHCP. */
export interface Dispute {
  readonly address: string;
  readonly vlan: number;
  readonly assets: readonly string[];
}
type DraftOf = (id: string, span: { readonly first: number; readonly last: number }) => Draft;

/**
 * An address that is claimed after `from` leaves the device that had it before, unless that one still claims it: then it is a
 * dispute, and both keep it. Changes the drafts. `near`: drafts that hold, or held, an address, MAX_HOLDERS at most.
 */
export function settle(
  index: AssetIndex,
  drafts: ReadonlyMap<string, Draft>,
  draftOf: DraftOf,
  { from, near }: { readonly from: number; readonly near: (address: string) => Iterable<Draft> },
): Dispute[] {
  const disputes = new Map<string, Dispute>();
  // Rivals that slept are added to the drafts meanwhile.
  for (const draft of Array.from(drafts.values())) {
    for (const held of draft.held.values()) {
      if (!isProof(held.kind) || held.last < from) continue;
      const rivals = [draft.id];
      for (const other of rivalsOf(index, { drafts, draftOf, near }, draft, held)) {
        const theirs = other.held.get(held.address) as HeldAddress;
        const silent = held.last - theirs.last > ADDRESS_KEPT || (held.kind === "dhcp" && theirs.last < held.last);
        if (!isProof(theirs.kind) || silent) other.release(held.address);
        else rivals.push(other.id);
      }
      const { address, vlan } = held;
      if (rivals.length > 1) disputes.set(address, { address, vlan, assets: rivals.toSorted() });
    }
  }
  return [...disputes.values()];
}

interface Around {
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly draftOf: DraftOf;
  /** Drafts that hold, or held, an address. */
  readonly near: (address: string) => Iterable<Draft>;
}
function rivalsOf(index: AssetIndex, { drafts, draftOf, near }: Around, draft: Draft, held: HeldAddress): Draft[] {
  const ids = new Set(index.holders(held.address).map(({ id }) => id));
  for (const other of near(held.address)) {
    if (ids.size > MAX_HOLDERS) break;
    if (drafts.get(other.id) === other && other.held.has(held.address)) ids.add(other.id);
  }
  ids.delete(draft.id);
  const others = Array.from(ids, (id) => draftOf(id, held));
  return others.filter((other) => other.macs.size > 0 && other.held.get(held.address)?.vlan === held.vlan);
}
