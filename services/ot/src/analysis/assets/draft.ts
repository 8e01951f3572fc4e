/** An asset while a batch is read into it. */
import type { ProtocolName } from "../../wire/vocabulary.ts";
import { addressKind } from "./addresses.ts";
import type { Asset, AssetAttribute, Evidence, HeldAddress, Role } from "../model.ts";
import { isProof, stronger } from "./claims.ts";
import { sameSaying, withEvidence } from "./evidence.ts";
import { judgeRole } from "./roles.ts";

/** Addresses remembered per asset; the one that was silent longest goes (IPv6 hosts take a new address every day). */
export const MAX_ADDRESSES = 32;
/** Sources that speak below IP: what they say stays true of a MAC that turns out to be a router. */
const belowIp: ReadonlySet<Evidence["source"]> = new Set<Evidence["source"]>([
  "lldp",
  "cdp",
  "stp",
  "arp",
  "oui",
  "hand",
  "register",
  "profinet-dcp",
]);

export class Draft {
  readonly id: string;
  readonly before: Asset | null;
  readonly macs: Set<string>;
  readonly vlans: Set<number>;
  readonly protocols: Set<ProtocolName>;
  readonly held = new Map<string, HeldAddress>();
  attributes: Partial<Record<AssetAttribute, readonly Evidence[]>>;
  first: number;
  last: number;
  routes: boolean;
  heirOf: string | undefined;

  constructor(id: string, before: Asset | null, span: { readonly first: number; readonly last: number }) {
    this.id = id;
    this.before = before;
    this.macs = new Set(before?.macs);
    this.vlans = new Set(before?.vlans);
    this.protocols = new Set(before?.protocols);
    this.attributes = { ...before?.attributes };
    this.first = before?.first ?? span.first;
    this.last = before?.last ?? span.last;
    this.routes = before?.routes ?? false;
    this.heirOf = before?.heirOf;
    const proofs = new Map((before?.held ?? []).map((held) => [held.address, held]));
    for (const address of before?.addresses ?? []) {
      const vlan = before?.vlans[0] ?? 0;
      this.held.set(
        address,
        proofs.get(address) ?? { address, vlan, kind: "traffic", first: this.first, last: this.last },
      );
    }
  }

  seen(span: { readonly first: number; readonly last: number }): void {
    this.first = Math.min(this.first, span.first);
    this.last = Math.max(this.last, span.last);
  }
  addMac(mac: string): void {
    this.macs.add(mac);
  }
  addVlan(vlan: number): void {
    this.vlans.add(vlan);
  }
  addProtocol(protocol: ProtocolName): void {
    if (protocol !== "unknown") this.protocols.add(protocol);
  }
  hold(claim: HeldAddress): void {
    const known = this.held.get(claim.address);
    const kind = known === undefined ? claim.kind : stronger(known.kind, claim.kind);
    this.held.set(claim.address, {
      address: claim.address,
      // Where it was proven to be counts more than where packets of it were seen.
      vlan: known !== undefined && kind === known.kind && kind !== claim.kind ? known.vlan : claim.vlan,
      kind,
      first: Math.min(known?.first ?? claim.first, claim.first),
      last: Math.max(known?.last ?? claim.last, claim.last),
    });
  }
  release(address: string): void {
    this.held.delete(address);
  }
  say(attribute: AssetAttribute, evidence: Evidence): void {
    this.attributes[attribute] = withEvidence(this.attributes[attribute] ?? [], evidence);
  }
  /** The MAC turned out to speak for others: what was learned through their packets is not about it. */
  becomeRouter(owns: (address: string) => boolean): void {
    if (this.routes) return;
    this.routes = true;
    for (const held of this.held.values())
      if (!isProof(held.kind) && !owns(held.address)) this.held.delete(held.address);
    const kept: Partial<Record<AssetAttribute, readonly Evidence[]>> = {};
    for (const [attribute, list] of Object.entries(this.attributes) as [AssetAttribute, readonly Evidence[]][]) {
      const own = list.filter((evidence) => belowIp.has(evidence.source));
      if (own.length > 0) kept[attribute] = own;
    }
    this.attributes = kept;
  }
  /** Takes over all that another asset of the same device had. */
  absorb(other: Asset): void {
    this.seen(other);
    for (const mac of other.macs) this.macs.add(mac);
    for (const vlan of other.vlans) this.vlans.add(vlan);
    for (const protocol of other.protocols) this.protocols.add(protocol);
    for (const held of new Draft(other.id, other, other).held.values()) this.hold(held);
    for (const [attribute, list] of Object.entries(other.attributes) as [AssetAttribute, readonly Evidence[]][]) {
      for (const evidence of list) this.say(attribute, evidence);
    }
    this.routes ||= other.routes;
    this.heirOf ??= other.heirOf;
  }

  finish(): Asset {
    const held = [...this.held.values()].toSorted((a, b) => b.last - a.last).slice(0, MAX_ADDRESSES);
    const { role, confidence } = judgeRole(this.attributes.role ?? [], this.routes);
    return {
      id: this.id,
      macs: [...this.macs].toSorted(),
      addresses: held.toSorted(byClaim).map(({ address }) => address),
      vlans: [...this.vlans].toSorted((a, b) => a - b),
      attributes: { ...this.attributes },
      role: role satisfies Role,
      roleConfidence: confidence,
      protocols: [...this.protocols].toSorted(),
      routes: this.routes,
      held: held.toSorted((a, b) => compareAddresses(a.address, b.address)),
      ...(this.heirOf === undefined ? {} : { heirOf: this.heirOf }),
      first: this.first,
      last: this.last,
    };
  }
}

const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a === b || (a.length === b.length && a.every((one, i) => one === b[i]));
const sameHeld = (a: readonly HeldAddress[] = [], b: readonly HeldAddress[] = []): boolean =>
  a.length === b.length && a.every(({ address, kind }, i) => address === b[i]?.address && kind === b[i]?.kind);
/** The same sayings; the order changes with what was seen last and is no news. */
const sameEvidence = (a: readonly Evidence[] = [], b: readonly Evidence[] = []): boolean =>
  a === b || (a.length === b.length && a.every((one) => b.some((other) => sameSaying(one, other))));
/** True when more was learned than newer times and higher counts. */
export function isNews(before: Asset | null, after: Asset): boolean {
  if (before === null || before.role !== after.role || before.routes !== after.routes || before.first !== after.first)
    return true;
  for (const list of ["macs", "addresses", "vlans", "protocols"] as const)
    if (!sameList(before[list], after[list])) return true;
  if (!sameHeld(before.held, after.held) || before.heirOf !== after.heirOf) return true;
  const names = Object.keys(after.attributes) as AssetAttribute[];
  if (names.length !== Object.keys(before.attributes).length) return true;
  return names.some((name) => !sameEvidence(before.attributes[name], after.attributes[name]));
}

/**
 * The first address is what the device is called by: link-local ones last, then the one it had first. A device that takes
 * another's address (spoofing) must not be called by it.
 */
function byClaim(a: HeldAddress, b: HeldAddress): number {
  const local = (one: HeldAddress): number => (addressKind(one.address) === "link-local" ? 1 : 0);
  return local(a) - local(b) || a.first - b.first || compareAddresses(a.address, b.address);
}

/** IPv4 by number before all others by text. */
export function compareAddresses(a: string, b: string): number {
  const key = (address: string): string =>
    /^\d+\.\d+\.\d+\.\d+$/.test(address)
      ? address.replaceAll(/\d+/g, (octet) => octet.padStart(3, "0"))
      : `~${address}`;
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
