/** What is usual of one thing, kept as a document by key. Times are milliseconds since the epoch. */
import type { ProtocolName } from "../../wire/vocabulary.ts";

interface Kept {
  readonly key: string;
  /** When somebody has to look although nothing came (silence); null: never. */
  readonly due: number | null;
}
/** Since when a sensor watches the site. */
export interface SiteBaseline extends Kept {
  readonly kind: "site";
  readonly since: number;
}
export interface AssetBaseline extends Kept {
  readonly kind: "asset";
  readonly since: number;
  readonly state: "learning" | "watching" | "noisy";
  /** Seen while the site was learned, or approved: what it does while it is learned is not told. */
  readonly approved: boolean;
  /** Partners, services and commands learned of it. */
  readonly items: number;
  /** Day (since the epoch) and new items of it, the last 14 days with any. */
  readonly days: readonly (readonly [day: number, items: number])[];
}
/** Bytes of one pair and protocol in one hour of the week. */
export interface VolumeBaseline extends Kept {
  readonly kind: "volume";
  /** Bytes of that hour in the last weeks, oldest first, at most 8. */
  readonly samples: readonly number[];
  /** The hour (since the epoch) that is being counted, its bytes, and whether it was told. */
  readonly hour: number;
  readonly bytes: number;
  readonly told: boolean;
  readonly client: string;
  readonly server: string;
  readonly protocol: ProtocolName;
}
/** Rhythm of one command, or of the pair as a whole. */
export interface CycleBaseline extends Kept {
  readonly kind: "cycle";
  /** µs: the last values, at most 31. */
  readonly periods: readonly number[];
  readonly jitters: readonly number[];
  readonly since: number;
  readonly batches: number;
  /** Batches in a row off the period, and above the jitter. */
  readonly shifted: number;
  readonly shaky: number;
}
/** When a pair that talks in a cycle was heard, and at which hours of the week it is. */
export interface SilenceBaseline extends Kept {
  readonly kind: "silence";
  readonly client: string;
  readonly server: string;
  readonly protocol: ProtocolName;
  readonly since: number;
  readonly last: number;
  /** µs, of the fastest cycle of the pair. */
  readonly period: number;
  /** Longest usual gap, milliseconds. */
  readonly gap: number;
  /** For each hour of the week one digit (base 36): weeks in which it talked, weeks in which it did not. */
  readonly active: string;
  readonly quiet: string;
  /** Since when it is told as silent, and in which incident; null while it talks. */
  readonly told: number | null;
  readonly group: string | null;
}
/** One function directly after another one: codes, how often, and when it was first so, ms. */
export type Step = readonly [before: number, after: number, count: number, first: number];
/** In which order one client asks one server for the functions of a protocol. */
export interface OrderBaseline extends Kept {
  readonly kind: "order";
  readonly since: number;
  /** At most 256. */
  readonly steps: readonly Step[];
  /** Of the functions, by code. */
  readonly names: Readonly<Record<number, string>>;
  /** Days (since the epoch) after learning that brought a new one, the last 14. */
  readonly days: readonly number[];
}
/** Addresses that one client writes on one server. */
export interface RangeBaseline extends Kept {
  readonly kind: "range";
  readonly since: number;
  readonly count: number;
  readonly ranges: readonly (readonly [low: number, high: number])[];
}
export interface IdentityBaseline extends Kept {
  readonly kind: "identity";
  readonly values: readonly {
    readonly value: string;
    readonly first: number;
    readonly last: number;
    readonly count: number;
  }[];
}
/** Who claims an address. */
export interface AddressBaseline extends Kept {
  readonly kind: "address";
  readonly claims: readonly {
    readonly mac: string;
    readonly first: number;
    readonly last: number;
    readonly count: number;
    readonly dhcp: boolean;
    /** A person said that this device may share the address. */
    readonly shared: boolean;
  }[];
  readonly told: number | null;
}
/** What one device asked lately without being known for it. */
export interface ScanBaseline extends Kept {
  readonly kind: "scan";
  /** When the window began. */
  readonly from: number;
  /** Party and port, parted by a space. */
  readonly asked: readonly string[];
  /** ARP questions in a batch, the usual highest. */
  readonly arpUsual: number;
  /** ARP questions of the batch before, with its end in ms, and what was usual before it; absent in what was stored before they were kept. */
  readonly arpLast?: { readonly to: number; readonly count: number; readonly usual: number };
  readonly told: readonly string[];
}
export interface CaptureBaseline extends Kept {
  readonly kind: "capture";
  readonly from: number;
  readonly counters: Readonly<Record<string, number>>;
}
export type Baseline =
  | SiteBaseline
  | AssetBaseline
  | VolumeBaseline
  | CycleBaseline
  | SilenceBaseline
  | OrderBaseline
  | RangeBaseline
  | IdentityBaseline
  | AddressBaseline
  | ScanBaseline
  | CaptureBaseline;
export type BaselineKind = Baseline["kind"];
export type BaselineOf<K extends BaselineKind> = Extract<Baseline, { readonly kind: K }>;
