/**
 * What goes into a detection and what comes out. All are values that the caller stores; nothing here knows a clock or a
 * database. Times are milliseconds since the epoch.
 */
import type { Finding } from "@yagura/core/finding.ts";
import type { CommandClass, ProtocolName } from "../../wire/vocabulary.ts";
import type { Asset, Learned, Observation } from "../model.ts";
import type { Baseline } from "./baselines.ts";

export type { Baseline };

/** What a customer may turn. Defaults and units in settings.ts. */
export interface Settings {
  readonly learning: {
    /** A device is learned at least this long, and at most `maximumDays`. */
    readonly minimumDays: number;
    readonly maximumDays: number;
    /** New items a day below which a device is known (mean of the last three days). */
    readonly saturation: number;
    /** Days of silence after which something known but rare is told again; 0: never. */
    readonly forgetDays: number;
  };
  readonly volume: {
    /** Deviations (scaled MAD) above the median of that hour of the week. */
    readonly deviations: number;
    /** Hours with less than this are never told, bytes. */
    readonly floor: number;
    /** Weeks that must be known before anything is told. */
    readonly weeks: number;
  };
  readonly cycle: {
    /** Share of the usual period by which it must move, e.g. 0.25. */
    readonly shift: number;
    /** How many times the usual jitter. */
    readonly jitter: number;
    /** Batches in a row that must say so. */
    readonly batches: number;
    /** Usual longest gaps that make a silence, and its smallest length in milliseconds. */
    readonly silentPeriods: number;
    readonly silentFloor: number;
  };
  readonly scan: {
    /** Within `window` milliseconds: hosts asked on one port, ports asked on one host, addresses asked for by ARP. */
    readonly window: number;
    readonly hosts: number;
    readonly ports: number;
    readonly addresses: number;
  };
  readonly malformed: {
    /** Odd messages a minute between two devices. */
    readonly perMinute: number;
  };
  readonly capture: {
    /** Shares from 0 to 1. */
    readonly dropped: number;
    readonly missing: number;
    readonly oneWay: number;
    readonly duplicates: number;
  };
  /** Findings of one kind about one device in one batch; the rest is counted in the last one's `more`. */
  readonly burst: number;
  /** Minutes that the site's clock is ahead of UTC, for the times in sentences. */
  readonly utcOffset: number;
  /** Kinds that are switched off. */
  readonly off: readonly string[];
  /** Servers that are meant to be there, by address: never told, also when new. */
  readonly servers: {
    readonly dhcp: readonly string[];
    readonly dns: readonly string[];
    readonly gateway: readonly string[];
  };
}

/** Planned work: who, on what, doing what, when. Inside it nothing is told, but kept for the report. */
export interface Permit {
  readonly id: string;
  readonly name: string;
  /** Assets that work; null: any. */
  readonly clients: readonly string[] | null;
  /** Assets that are worked on; null: any. */
  readonly devices: readonly string[] | null;
  /** Null: any. */
  readonly classes: readonly CommandClass[] | null;
  readonly from: number;
  readonly to: number;
}

/** Silenced by a person, with the reason and the end. Absent conditions match all. */
export interface Mute {
  readonly id: string;
  readonly kind: string | null;
  /** The asset that the finding is about, or its peer. */
  readonly asset: string | null;
  /** One finding exactly. */
  readonly dedupeKey: string | null;
  readonly reason: string;
  /** Null: until taken back. */
  readonly until: number | null;
}

/** What is always in order, known or not. Each condition that is given must hold. */
export interface AllowRule {
  readonly id: string;
  /** Asset id, address, CIDR, `role:plc`, `zone:Cell 1`, `internet`, `group` or `*`. */
  readonly client?: string;
  readonly server?: string;
  readonly protocol?: ProtocolName;
  readonly class?: CommandClass;
  /** Kinds of findings it holds for; absent: all that name a client and a server. */
  readonly kinds?: readonly string[];
  readonly note: string;
}

export interface Zone {
  readonly name: string;
  /** Purdue level 0 to 5, or null. */
  readonly level: number | null;
}

/** What the rule file says of a signature. */
export interface RuleFacts {
  readonly message: string;
  /** 1 is the worst. */
  readonly priority: number;
  readonly classtype: string | null;
  readonly techniques?: readonly string[];
}
/** An operating system or device that gets no corrections any more. */
export interface EndOfSupport {
  readonly asset: string;
  readonly product: string;
  /** `2020-01-14`. */
  readonly ended: string;
  readonly confidence: number;
}
/** An advisory that names the device. */
export interface KnownVulnerability {
  readonly asset: string;
  readonly advisory: string;
  readonly cve: string;
  readonly product: string;
  /** Which field of the device matched, e.g. `model 1756-L61, firmware 20.11`. */
  readonly matched: string;
  /** In the list of vulnerabilities that are known to be exploited. */
  readonly exploited: boolean;
  readonly confidence: number;
  readonly href?: string;
}

/** The standing things that a run needs. */
export interface Conditions {
  readonly organisation: string;
  /** Asset space; part of each dedupe key. */
  readonly site: string;
  readonly settings: Settings;
  readonly permits: readonly Permit[];
  readonly mutes: readonly Mute[];
  readonly allowed: readonly AllowRule[];
  /** By asset id; absent: the site has no zones. */
  readonly zoneOf?: (asset: string) => Zone | null;
  readonly rules?: ReadonlyMap<number, RuleFacts>;
  /** What the site calls a protocol; absent: no protocols are declared for it. */
  readonly titleOf?: (protocol: ProtocolName) => string;
}
export interface Input extends Conditions {
  readonly observation: Observation;
  /** At least those that `assetOf` names. */
  readonly assets: ReadonlyMap<string, Asset>;
  readonly assetOf: (endpoint: number) => string | null;
  /** At least those that `keysOf` names, as far as they exist. */
  readonly learned: ReadonlyMap<string, Learned>;
  /** At least those that `baselineKeysOf` names, as far as they exist. */
  readonly baselines: ReadonlyMap<string, Baseline>;
  /** For the assets whose identity is new in this batch. */
  readonly endOfSupport?: readonly EndOfSupport[];
  readonly vulnerabilities?: readonly KnownVulnerability[];
  /** Devices of this batch for which the site's list had no room, and how many it holds. */
  readonly unlisted?: { readonly count: number; readonly limit: number };
  readonly now: number;
}

/** A finding that nobody is alerted of, and why: planned, muted or allowed. Kept for reports and what-if. */
export interface Logged {
  readonly finding: Finding;
  readonly because: "permit" | "mute" | "allow" | "off";
  /** Of the permit, the mute or the rule; empty for `off`. */
  readonly id: string;
}
export interface Output {
  readonly findings: readonly Finding[];
  readonly logged: readonly Logged[];
  /** Those that changed: to be stored whole, by key. */
  readonly learned: readonly Learned[];
  readonly baselines: readonly Baseline[];
}
