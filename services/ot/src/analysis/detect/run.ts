/** One pass over one observation: what was known, what changed, and the drafts of findings that came up. */
import type { Severity } from "@yagura/core/finding.ts";
import { protocols, type CommandClass, type ProtocolName } from "../../wire/vocabulary.ts";
import type { Asset, Learned, Observation } from "../model.ts";
import { isDevice, isFactory, partiesOf } from "./parties.ts";
import { assetKey, inheritedKey, scanKey, siteKey } from "./keys.ts";
import { nameOf } from "./names.ts";
import { DAY } from "./settings.ts";
import type { AssetBaseline, Baseline, BaselineKind, BaselineOf, SiteBaseline } from "./baselines.ts";
import type { Input } from "./types.ts";
import { atDay, daysBetween } from "./words.ts";

/** A finding before the rules of the site are asked. */
export interface Draft {
  readonly kind: string;
  /** Party that it is about, and the other one. */
  readonly about: string;
  /** What `about` is; absent: an asset. */
  readonly subject?: "sensor" | "site";
  readonly peer?: string;
  /** What makes it the same trouble when seen again. */
  readonly key: string;
  /** Absent: by the kind and `about`. */
  readonly group?: string;
  readonly since: number;
  readonly until?: number;
  readonly severity?: Severity;
  readonly confidence: number;
  /** The exact technique, where the kind has several. */
  readonly technique?: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly evidence?: readonly { readonly label: string; readonly value: string; readonly href?: string }[];
  /** For allow rules and permits. */
  readonly client?: string;
  readonly server?: string;
  readonly protocol?: ProtocolName;
  readonly class?: CommandClass;
}
interface Seen {
  readonly first: number;
  readonly last: number;
}

const factoryRoles = new Set<Asset["role"]>([
  "plc",
  "rtu",
  "ied",
  "io",
  "drive",
  "robot",
  "cnc",
  "safety",
  "hmi",
  "scada",
  "historian",
  "engineering-station",
  "gateway",
  "meter",
  "sensor",
  "building-controller",
]);
/** Devices of the factory are always learned to the pair and never count as noisy. A router speaks what others say. */
export const isFactoryAsset = (asset: Asset | undefined): boolean =>
  asset !== undefined && !asset.routes && (factoryRoles.has(asset.role) || asset.protocols.some(isFactory));

export class Run {
  readonly input: Input;
  readonly observation: Observation;
  readonly drafts: Draft[] = [];
  /** Asset ids of the site by MAC. */
  readonly byMac: ReadonlyMap<string, string>;
  readonly site: SiteBaseline;
  /** What this sensor sees of the site is still being learned. */
  readonly siteLearns: boolean;
  /** Devices that came up new in this run. */
  readonly fresh = new Set<string>();
  /** Devices that scan in this run. */
  readonly scanners = new Set<string>();
  /** Pairs, `client|server`, whose conversation came up new in this run, and those of which a verb was told. */
  readonly newTalks = new Set<string>();
  readonly verbPairs = new Set<string>();
  readonly #party: readonly string[];
  /** Parties and the routers that they were taken for. */
  readonly #heirs = new Map<string, string>();
  readonly #learned = new Map<string, Learned>();
  readonly #baselines = new Map<string, Baseline>();
  readonly #newItems = new Map<string, number>();

  constructor(input: Input) {
    this.input = input;
    this.observation = input.observation;
    this.#party = partiesOf(input.observation, input.assetOf);
    const byMac = new Map<string, string>();
    for (const asset of input.assets.values()) for (const mac of asset.macs) byMac.set(mac, asset.id);
    this.byMac = byMac;
    for (const party of this.#party) {
      const from = input.assets.get(party)?.heirOf;
      if (from !== undefined) this.#heirs.set(party, from);
    }
    const key = siteKey(input.observation.sensor);
    const site = this.baseline("site", key);
    this.site = site ?? { kind: "site", key, due: null, since: input.observation.from };
    if (site === undefined) this.keep(this.site);
    this.siteLearns = input.observation.to - this.site.since < input.settings.learning.minimumDays * DAY;
  }

  at(endpoint: number): string {
    return this.#party[endpoint] ?? "nobody";
  }
  get parties(): readonly string[] {
    return this.#party;
  }
  /** What the site calls a protocol. */
  title(protocol: ProtocolName): string {
    return this.input.titleOf?.(protocol) ?? protocols[protocol].title;
  }
  asset(party: string): Asset | undefined {
    return this.input.assets.get(party);
  }
  name(party: string): string {
    return nameOf(party, this.input.assets.get(party));
  }
  isFactory(party: string): boolean {
    return isFactoryAsset(this.asset(party));
  }

  baseline<K extends BaselineKind>(kind: K, key: string): BaselineOf<K> | undefined {
    const found = this.#baselines.get(key) ?? this.input.baselines.get(key);
    return found?.kind === kind ? (found as BaselineOf<K>) : undefined;
  }
  keep(baseline: Baseline): void {
    this.#baselines.set(baseline.key, baseline);
  }
  learned(key: string): Learned | undefined {
    const own = this.#learned.get(key) ?? this.input.learned.get(key);
    return own ?? (this.#heirs.size === 0 ? undefined : this.input.learned.get(inheritedKey(key, this.#heirs)));
  }

  state(party: string): AssetBaseline | undefined {
    return this.baseline("asset", assetKey(party));
  }
  /** What it does is learned without a word. A party that is no device has no say. */
  learns(party: string): boolean {
    if (!isDevice(party)) return true;
    const state = this.state(party);
    return state === undefined ? this.siteLearns : state.state === "learning" && state.approved;
  }
  isNoisy(party: string): boolean {
    return this.state(party)?.state === "noisy";
  }

  /** Counts an item and gives what was known before. */
  see(key: string, { first, last }: Seen, knownIfNew: boolean, count = 1): Learned | undefined {
    const before = this.learned(key);
    this.#learned.set(key, {
      key,
      first: Math.min(first, before?.first ?? first),
      last: Math.max(last, before?.last ?? last),
      count: (before?.count ?? 0) + count,
      known: before?.known ?? knownIfNew,
    });
    return before;
  }
  /** Takes back what was seen in this run: planned work teaches nothing. */
  unsee(key: string): void {
    this.#learned.delete(key);
  }
  /** Was never seen, or so long ago that it counts as forgotten. */
  isNew(before: Learned | undefined, first: number): boolean {
    const { forgetDays } = this.input.settings.learning;
    return before === undefined || (forgetDays > 0 && first - before.last > forgetDays * DAY);
  }
  /** Sees an item of a pair; true when somebody should hear of it. */
  novel(key: string, span: Seen, client: string, server: string): boolean {
    const quiet = this.learns(client) && this.learns(server);
    const before = this.see(key, span, quiet);
    if (!this.isNew(before, span.first)) return false;
    if (before === undefined) for (const party of [client, server]) this.countItem(party);
    return !quiet;
  }
  countItem(party: string): void {
    if (isDevice(party)) this.#newItems.set(party, (this.#newItems.get(party) ?? 0) + 1);
  }
  newItems(party: string): number {
    return this.#newItems.get(party) ?? 0;
  }

  /** One incident for a new device and all that it does in its first day. */
  groupOf(...parties: readonly string[]): { readonly group?: string } {
    const scanner = parties.find((party) => this.scanners.has(party));
    if (scanner !== undefined && !this.fresh.has(scanner)) return { group: scanKey(scanner) };
    const fresh = parties.find((party) => this.fresh.has(party) || this.isUnapproved(party));
    return fresh === undefined ? {} : { group: `device|${fresh}` };
  }
  isUnapproved(party: string): boolean {
    const state = this.state(party);
    return state !== undefined && !state.approved && this.observation.to - state.since < DAY;
  }
  raise(draft: Draft): void {
    this.drafts.push(draft);
  }

  /** Parameters of the sentence "what was normal": since when, for how long, how much is known of it. */
  history(party: string): Record<string, string | number> {
    const state = this.state(party);
    const since = state?.since ?? this.site.since;
    return {
      watchedSince: atDay(since, this.input.settings.utcOffset),
      watchedDays: daysBetween(since, this.observation.to),
      items: state?.items ?? 0,
    };
  }

  results(): { readonly learned: readonly Learned[]; readonly baselines: readonly Baseline[] } {
    return { learned: [...this.#learned.values()], baselines: [...this.#baselines.values()] };
  }
}
