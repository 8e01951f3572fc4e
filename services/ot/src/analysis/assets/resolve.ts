/** One upload read into the list of devices (goal 6): which device each endpoint is, and what is newly known of it. */
import type { Asset, HeldAddress, Observation } from "../model.ts";
import { addressKind, isHostAddress, isLocalMac, macKind } from "./addresses.ts";
import type { AssetIndex } from "./asset-index.ts";
import { addressKey, macKey, MAX_HOLDERS } from "./asset-index.ts";
import { sayingsOf } from "./attributes.ts";
import type { Batch, Speaker } from "./batch.ts";
import { isRouter, ownsAddress, readBatch } from "./batch.ts";
import { behavioursOf } from "./behaviour.ts";
import { isProof } from "./claims.ts";
import type { Dispute } from "./disputes.ts";
import { ADDRESS_KEPT, settle } from "./disputes.ts";
import { Draft, isNews } from "./draft.ts";
import { certainTwin } from "./proposals.ts";
import { confidenceOf } from "./sources.ts";

/** An asset of which only the time moved is handed out again after this, milliseconds. */
export const LAST_SEEN_STEP = 60_000;
/** Devices that turn out to be another are joined at most so many in one upload; the others wait for the next. */
const MAX_MERGES = 32;
export interface Resolution {
  /** New and changed assets. Those of which only `last` moved come once a minute. */
  readonly changed: readonly Asset[];
  /** Asset of an endpoint; null for groups and for places in the internet, which are no devices of the site. */
  readonly assetOf: (endpoint: number) => string | null;
  /** `from` was found to be the same device as `into` and is gone: point to `into` instead. */
  readonly merged: readonly { readonly from: string; readonly into: string }[];
  readonly disputes: readonly Dispute[];
  /** MACs and addresses that were not put on the list because it is full. */
  readonly refused: number;
}

/**
 * Resolves the endpoints of an observation and keeps the index up to date. The MAC is the key on the sensor's own segments; behind a
 * router it is the address. Reading the same observation twice changes nothing more.
 */
export function resolve(index: AssetIndex, observation: Observation, newId: () => string): Resolution {
  const work = new Work(index, observation, newId);
  work.place();
  work.learn();
  return work.finish();
}

class Work {
  readonly #index: AssetIndex;
  readonly #observation: Observation;
  readonly #newId: () => string;
  readonly #batch: Batch;
  readonly #routers = new Set<string>();
  readonly #drafts = new Map<string, Draft>();
  /** Drafts of this batch by MAC and by address: the index does not know them yet. */
  readonly #byMac = new Map<string, Draft>();
  readonly #byAddress = new Map<string, Draft>();
  readonly #places: (string | null)[] = [];
  readonly #merged: { from: string; into: string }[] = [];
  /** Drafts with a MAC that hold, or held, an address. */
  readonly #near = new Map<string, Set<Draft>>();
  /** Drafts of devices that are new, and what found no room. */
  #added = 0;
  readonly #refused = new Set<string>();

  constructor(index: AssetIndex, observation: Observation, newId: () => string) {
    this.#index = index;
    this.#observation = observation;
    this.#newId = newId;
    this.#batch = readBatch(observation);
    for (const speaker of this.#batch.speakers.values()) {
      if (isRouter(index, speaker, this.#batch)) this.#routers.add(speaker.mac);
    }
  }

  /** Finds or makes the device of every binding and endpoint: proven addresses first, so that order does not matter. */
  place(): void {
    const { endpoints } = this.#observation;
    for (const speaker of this.#batch.speakers.values()) {
      if (this.#routers.has(speaker.mac)) this.#route(speaker);
      for (const claim of speaker.claims.values()) this.#claim(speaker, claim);
    }
    const places = Array.from<string | null>({ length: endpoints.length });
    // Endpoints with a MAC before those that are only an address; of these, those that were heard before those that were not.
    const rank = (i: number): number => {
      const mac = endpoints[i]?.mac ?? null;
      if (mac !== null && !this.#routers.has(mac) && macKind(mac) !== "group") return 0;
      return this.#batch.sends[i] === true ? 1 : 2;
    };
    const order = Array.from(endpoints.keys()).toSorted((a, b) => rank(a) - rank(b));
    for (const i of order) places[i] = this.#endpoint(i);
    // What was no device by itself may be one that a later endpoint brought.
    for (const i of order) places[i] ??= this.#endpoint(i);
    this.#places.push(...places);
  }

  #route(speaker: Speaker): void {
    const draft = this.#ofMac(speaker.mac, spanOf(this.#observation));
    if (draft === null) return;
    draft.becomeRouter((address) => ownsAddress(this.#index, speaker, address));
    if (macKind(speaker.mac) === "virtual") this.#byBehaviour(draft, "router", 0.9, "virtual-router");
  }
  #claim(speaker: Speaker, claim: HeldAddress): void {
    if (!ownsAddress(this.#index, speaker, claim.address)) return;
    const draft = this.#ofMac(speaker.mac, claim, claim.address);
    if (draft === null) return;
    draft.seen(claim);
    draft.addVlan(claim.vlan);
    this.#hold(draft, claim);
    this.#unite(draft, claim.address);
  }

  #endpoint(i: number): string | null {
    const endpoint = this.#observation.endpoints[i];
    const span = this.#batch.spans[i];
    if (endpoint === undefined || span === undefined) return null;
    const { mac, vlan } = endpoint;
    const address = endpoint.address !== null && isHostAddress(endpoint.address) ? endpoint.address : null;
    const group = mac !== null && macKind(mac) === "group";
    // No group sends; captures whose MACs were made unreadable show such senders.
    if (group && (address === null || this.#batch.sends[i] !== true)) return null;
    const near = mac !== null && !group && macKind(mac) !== "none";
    let draft: Draft | null;
    if (near && address === null) draft = this.#ofMac(mac, span);
    else if (near && address !== null && !this.#speaksForOther(mac, address)) {
      draft = this.#ofMac(mac, span, address);
      if (draft === null) return null;
      this.#hold(draft, { address, vlan, kind: "traffic", ...span });
      this.#unite(draft, address);
    } else draft = address === null ? null : this.#ofAddress(i, vlan, address);
    if (draft === null) return null;
    draft.seen(span);
    draft.addVlan(vlan);
    return draft.id;
  }

  /** True: the packet of this MAC comes from, or goes to, a device behind it. */
  #speaksForOther(mac: string, address: string): boolean {
    const speaker = this.#batch.speakers.get(mac);
    // No router forwards link-local packets (RFC 3927, 2.7; RFC 4291, 2.5.6).
    if (speaker === undefined || addressKind(address) === "link-local") return false;
    if (ownsAddress(this.#index, speaker, address)) return false;
    if (this.#routers.has(mac)) return true;
    const owner = this.#byAddress.get(address) ?? null;
    if (owner !== null) return !owner.macs.has(mac) && isProof(owner.held.get(address)?.kind ?? "traffic");
    const known = this.#index
      .holders(address)
      .find((asset) => asset.held?.some((held) => held.address === address && isProof(held.kind)));
    return (
      known !== undefined &&
      !known.macs.includes(mac) &&
      this.#observation.from - heldUntil(known, address) < ADDRESS_KEPT
    );
  }

  /** Null: the list is full. */
  #ofMac(
    mac: string,
    span: { readonly first: number; readonly last: number },
    address: string | null = null,
  ): Draft | null {
    const known = this.#byMac.get(mac);
    if (known !== undefined) return known;
    const pin = this.#index.pins.get(macKey(mac));
    const asset = pin === undefined ? this.#index.byMac(mac) : this.#index.get(pin);
    const adopted = asset === undefined && pin === undefined ? this.#addressOnly(address) : undefined;
    const id = pin ?? asset?.id ?? adopted?.id ?? this.#room(mac);
    if (id === null) return null;
    const draft = this.#draft(id, span);
    const fresh = !draft.macs.has(mac);
    draft.addMac(mac);
    this.#byMac.set(mac, draft);
    if (fresh && !isLocalMac(mac)) {
      const vendor = macKind(mac) === "virtual" ? null : this.#index.vendorOf(mac);
      if (vendor !== null)
        draft.say("vendor", {
          value: vendor,
          source: "oui",
          confidence: confidenceOf("oui", "vendor"),
          count: 1,
          ...span,
        });
    }
    return draft;
  }
  /** A device so far known by this address alone; not when a person put the address elsewhere. */
  #addressOnly(address: string | null): Asset | undefined {
    if (address === null || this.#index.pins.has(addressKey(address))) return undefined;
    return this.#index
      .holders(address)
      .find((asset) => asset.macs.length === 0 && (this.#drafts.get(asset.id)?.macs.size ?? 0) === 0);
  }
  #ofAddress(i: number, vlan: number, address: string): Draft | null {
    const pin = this.#index.pins.get(addressKey(address));
    const here = pin === undefined ? this.#byAddress.get(address) : undefined;
    if (here !== undefined) return here;
    const still = ({ id: one }: Asset): boolean => this.#drafts.get(one)?.held.has(address) !== false;
    const asset = pin === undefined ? this.#index.byAddress(vlan, address, still) : this.#index.get(pin);
    const id = pin ?? asset?.id ?? null;
    const span = this.#batch.spans[i] ?? spanOf(this.#observation);
    if (id === null && !this.#isDevice(i, address)) return null;
    const one = id ?? this.#room(address);
    if (one === null) return null;
    const draft = this.#draft(one, span);
    draft.heirOf ??= this.#takenFor(i, address, one);
    this.#hold(draft, { address, vlan, kind: "traffic", ...span });
    this.#byAddress.set(address, draft);
    return draft;
  }
  /** The device that this address was taken for before its MAC turned out to speak for others. */
  #takenFor(i: number, address: string, id: string): string | undefined {
    const { mac } = this.#observation.endpoints[i] as { mac: string | null };
    const asset = mac === null ? undefined : this.#index.byMac(mac);
    return asset !== undefined && asset.id !== id && asset.addresses.includes(address) ? asset.id : undefined;
  }
  /**
   * An address alone is a device when it was heard and lies in the site: the internet is not on the list, nor is what others only
   * tell of.
   */
  #isDevice(i: number, address: string): boolean {
    const { mac } = this.#observation.endpoints[i] as { mac: string | null };
    if (this.#batch.sends[i] !== true) return false;
    return mac === null || addressKind(address) !== "public" || this.#batch.industrial[i] === true;
  }

  /** The id of one more device; null when the list is full. */
  #room(member: string): string | null {
    if (this.#index.size + this.#added >= this.#index.most) {
      this.#refused.add(member);
      return null;
    }
    this.#added++;
    return this.#newId();
  }
  #hold(draft: Draft, claim: HeldAddress): void {
    draft.hold(claim);
    this.#note(draft, claim.address);
  }
  #note(draft: Draft, address: string): void {
    const known = this.#near.get(address);
    if (known === undefined) this.#near.set(address, new Set([draft]));
    else if (known.size < MAX_HOLDERS) known.add(draft);
  }

  #draft(id: string, span: { readonly first: number; readonly last: number }): Draft {
    let draft = this.#drafts.get(id);
    if (draft === undefined) {
      draft = new Draft(id, this.#index.get(id) ?? null, span);
      this.#drafts.set(id, draft);
      for (const address of draft.held.keys()) this.#note(draft, address);
    }
    return draft;
  }
  /** The address has shown its MAC: whoever was known by the address alone is the same device. */
  #unite(draft: Draft, address: string): void {
    if (!this.#byAddress.has(address)) this.#byAddress.set(address, draft);
    const alone = this.#addressOnly(address);
    if (alone === undefined || alone.id === draft.id || this.#isShared(draft, address)) return;
    if (this.#merged.length >= MAX_MERGES) return;
    this.#absorb(draft, this.#drafts.get(alone.id)?.finish() ?? alone);
    this.#replace(alone.id, draft);
  }
  #absorb(draft: Draft, other: Asset): void {
    draft.absorb(other);
    for (const address of other.addresses) this.#note(draft, address);
  }
  /** Another device with a MAC has the address too, so it does not tell whose it is. */
  #isShared(draft: Draft, address: string): boolean {
    const known = this.#index.holders(address).some(({ id, macs }) => {
      const other = this.#drafts.get(id);
      return id !== draft.id && macs.length > 0 && other?.held.has(address) !== false;
    });
    return (
      known ||
      [...(this.#near.get(address) ?? [])].some(
        (other) =>
          other !== draft && this.#drafts.get(other.id) === other && other.macs.size > 0 && other.held.has(address),
      )
    );
  }
  #replace(from: string, into: Draft): void {
    this.#drafts.delete(from);
    this.#index.remove(from);
    this.#merged.push({ from, into: into.id });
    this.#places.forEach((id, i) => {
      if (id === from) this.#places[i] = into.id;
    });
    for (const map of [this.#byMac, this.#byAddress]) {
      for (const [key, draft] of map) if (draft.id === from) map.set(key, into);
    }
  }

  /** Identities, protocols and behaviour. */
  learn(): void {
    const observation = this.#observation;
    for (const row of [...observation.conversations, ...observation.commands]) {
      for (const place of [row.client, row.server]) this.#at(place)?.addProtocol(row.protocol);
    }
    for (const row of observation.identities) {
      const draft = this.#at(row.endpoint);
      if (draft === undefined) continue;
      draft.addProtocol(row.protocol);
      for (const { attribute, ...evidence } of sayingsOf(row)) draft.say(attribute, evidence);
    }
    for (const { asset, ...evidence } of behavioursOf(observation, (endpoint) => this.#places[endpoint] ?? null)) {
      this.#drafts.get(asset)?.say("role", evidence);
    }
  }
  #at(place: number): Draft | undefined {
    const id = this.#places[place] ?? null;
    return id === null ? undefined : this.#drafts.get(id);
  }
  #byBehaviour(draft: Draft, value: string, confidence: number, reason: string): void {
    draft.say("role", { value, source: "behaviour", confidence, reason, count: 1, ...spanOf(this.#observation) });
  }

  finish(): Resolution {
    const { from } = this.#observation;
    const disputes = settle(this.#index, this.#drafts, (id, span) => this.#draft(id, span), {
      from,
      near: (address) => this.#near.get(address) ?? [],
    });
    const assets = new Map<string, Asset>();
    for (const draft of this.#drafts.values()) {
      const asset = draft.finish();
      this.#index.put(asset);
      assets.set(asset.id, asset);
    }
    for (const draft of this.#drafts.values()) {
      const own = assets.get(draft.id) as Asset;
      const twin = this.#merged.length < MAX_MERGES && isNews(draft.before, own) ? certainTwin(this.#index, own) : null;
      if (twin === null) continue;
      const into = this.#draft(twin, spanOf(this.#observation));
      this.#absorb(into, own);
      this.#replace(draft.id, into);
      assets.delete(draft.id);
      const asset = into.finish();
      this.#index.put(asset);
      assets.set(asset.id, asset);
    }
    const changed: Asset[] = [];
    for (const asset of assets.values()) {
      const before = this.#drafts.get(asset.id)?.before ?? null;
      if (!isNews(before, asset) && this.#index.untold(asset) < LAST_SEEN_STEP) continue;
      this.#index.tell(asset);
      changed.push(asset);
    }
    const places = this.#places;
    return {
      changed,
      assetOf: (endpoint) => places[endpoint] ?? null,
      merged: this.#merged,
      disputes,
      refused: this.#refused.size,
    };
  }
}

const spanOf = ({ from, to }: Observation): { first: number; last: number } => ({ first: from, last: to });
const heldUntil = (asset: Asset, address: string): number =>
  asset.held?.find((held) => held.address === address)?.last ?? Number.NEGATIVE_INFINITY;
