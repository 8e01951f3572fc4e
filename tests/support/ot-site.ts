/**
 * A site that remembers what detections learn, for tests: devices by name, observations from few words. It hands `detect`
 * exactly what `keysOf` and `baselineKeysOf` name, as the server does.
 */
import type { Finding } from "@yagura/core/finding.ts";
import type { Asset, Learned, Observation, Role } from "@yagura/ot/analysis/model.ts";
import { detect } from "@yagura/ot/analysis/detect/detect.ts";
import { baselineKeysOf, keysOf } from "@yagura/ot/analysis/detect/keys.ts";
import { defaultSettings } from "@yagura/ot/analysis/detect/settings.ts";
import type { Baseline, Conditions, Input, Logged } from "@yagura/ot/analysis/detect/types.ts";
import { protocols, type ProtocolName } from "@yagura/ot/wire/vocabulary.ts";

type Rows<K extends keyof Observation> = Observation[K] extends readonly (infer R)[] ? R : never;
type Named<R> = {
  [P in keyof R]?: P extends "client" | "server" | "source" | "destination" | "endpoint" ? string : R[P];
};
export interface Batch {
  readonly conversations?: readonly Named<Rows<"conversations">>[];
  readonly commands?: readonly Named<Rows<"commands">>[];
  readonly identities?: readonly Named<Rows<"identities">>[];
  readonly bindings?: readonly Partial<Rows<"bindings">>[];
  readonly lookups?: readonly Named<Rows<"lookups">>[];
  readonly cycles?: readonly Named<Rows<"cycles">>[];
  readonly transitions?: readonly Named<Rows<"transitions">>[];
  readonly weaknesses?: readonly Named<Rows<"weaknesses">>[];
  readonly weirds?: readonly Named<Rows<"weirds">>[];
  readonly signatures?: readonly Named<Rows<"signatures">>[];
  readonly captures?: Observation["captures"];
}

const defaults = {
  conversations: {
    transport: "tcp",
    port: 502,
    protocol: "modbus",
    packetsOut: 10,
    bytesOut: 1_000,
    packetsIn: 10,
    bytesIn: 1_000,
    connections: 1,
    refused: 0,
    unanswered: 0,
    retransmissions: 0,
    missing: 0,
    rtt: null,
  },
  commands: {
    port: 502,
    protocol: "modbus",
    code: 3,
    class: "read",
    name: "Read Holding Registers",
    object: 0,
    objectName: null,
    low: null,
    high: null,
    unit: null,
    label: null,
    requests: 10,
    responses: 10,
    errors: 0,
    events: 0,
  },
  identities: { attribute: "firmware", value: "1.0", protocol: "cip", count: 1 },
  bindings: { mac: "02:00:00:00:00:01", vlan: 0, address: "192.168.0.1", kind: "arp-reply", count: 1 },
  lookups: { protocol: "dns", name: "example.test", type: 1, outcome: 0, count: 1 },
  cycles: {
    port: 502,
    protocol: "modbus",
    code: null,
    object: null,
    period: 100_000,
    jitter: 1_000,
    longest: 120_000,
    count: 100,
  },
  transitions: {
    protocol: "modbus",
    from: { code: 3, class: "read", name: "Read Holding Registers" },
    to: { code: 16, class: "write", name: "Write Multiple Registers" },
    count: 100,
  },
  weaknesses: { port: 23, protocol: "telnet", kind: "telnet", count: 1 },
  weirds: { protocol: "modbus", kind: "bad-length", count: 1 },
  signatures: { port: 502, rule: 1_000_001, revision: 1, count: 1 },
} as const;

/** Tuesday 2026-09-01 00:00 UTC. */
export const START = Date.UTC(2026, 8, 1);

export class OtSite {
  readonly assets = new Map<string, Asset>();
  readonly learned = new Map<string, Learned>();
  readonly baselines = new Map<string, Baseline>();
  readonly findings: Finding[] = [];
  readonly logged: Logged[] = [];
  conditions: Conditions;
  readonly #mac = new Map<string, string>();

  constructor(conditions: Partial<Conditions> = {}) {
    this.conditions = {
      organisation: "organisation",
      site: "site",
      settings: defaultSettings,
      permits: [],
      mutes: [],
      allowed: [],
      ...conditions,
    };
  }

  /** A device; the name is its id. */
  device(name: string, role: Role, address: string, more: Partial<Asset> = {}): this {
    const mac = `02:00:00:00:${(this.assets.size >> 8).toString(16).padStart(2, "0")}:${(this.assets.size & 255).toString(16).padStart(2, "0")}`;
    const spoken: ProtocolName[] = ["plc", "hmi", "drive"].includes(role) ? ["modbus"] : [];
    const asset: Asset = {
      id: name,
      macs: [mac],
      addresses: [address],
      vlans: [0],
      attributes: {},
      role,
      roleConfidence: 0.9,
      protocols: spoken,
      routes: false,
      first: START,
      last: START,
      ...more,
    };
    this.assets.set(name, asset);
    this.#mac.set(name, asset.macs[0] ?? mac);
    return this;
  }
  mac(name: string): string {
    return this.#mac.get(name) ?? "";
  }

  observation(from: number, batch: Batch, length = 10_000): Observation {
    const names: string[] = [];
    const index = (name: string | undefined): number => {
      const text = name ?? "nobody";
      const found = names.indexOf(text);
      return found >= 0 ? found : names.push(text) - 1;
    };
    const span = { first: from, last: from + length - 1 };
    const pairs = <K extends keyof typeof defaults>(table: K): never[] =>
      (batch[table] ?? []).map((row) => {
        const given: Record<string, unknown> = { ...span, ...defaults[table], ...row };
        for (const column of ["client", "server", "source", "destination", "endpoint"]) {
          if (column in given) given[column] = index(given[column] as string);
        }
        return given as never;
      });
    const made = {
      conversations: pairs("conversations"),
      commands: pairs("commands"),
      identities: pairs("identities"),
      bindings: pairs("bindings"),
      lookups: pairs("lookups"),
      cycles: pairs("cycles"),
      transitions: pairs("transitions"),
      weaknesses: pairs("weaknesses"),
      weirds: pairs("weirds"),
      signatures: pairs("signatures"),
    };
    const endpoints = names.map((name) => {
      const asset = this.assets.get(name);
      // A name that is no device is an address.
      return { mac: asset?.macs[0] ?? null, vlan: 0, address: asset?.addresses[0] ?? name };
    });
    return { sensor: "sensor", from, to: from + length, endpoints, ...made, captures: batch.captures ?? [] };
  }

  assetOf(observation: Observation): (endpoint: number) => string | null {
    return (endpoint) => {
      const place = observation.endpoints[endpoint];
      if (place === undefined) return null;
      for (const asset of this.assets.values()) {
        if (place.mac === null ? asset.addresses.includes(place.address ?? "") : asset.macs.includes(place.mac)) {
          return asset.id;
        }
      }
      return null;
    };
  }

  /** Runs a batch and gives what was found in it. */
  see(from: number, batch: Batch, more: Partial<Input> = {}, length = 10_000): readonly Finding[] {
    const observation = this.observation(from, batch, length);
    const assetOf = this.assetOf(observation);
    const heirOf = (asset: string): string | undefined => this.assets.get(asset)?.heirOf;
    const also = { ...this.conditions, ...more, heirOf };
    const input: Input = {
      ...this.conditions,
      observation,
      assets: this.assets,
      assetOf,
      learned: pick(this.learned, keysOf(observation, assetOf, also)),
      baselines: pick(this.baselines, baselineKeysOf(observation, assetOf)),
      now: observation.to,
      ...more,
    };
    const output = detect(input);
    for (const item of output.learned) this.learned.set(item.key, item);
    for (const item of output.baselines) this.baselines.set(item.key, item);
    this.findings.push(...output.findings);
    this.logged.push(...output.logged);
    return output.findings;
  }
  /** The same batch at each step until `to`. */
  live(from: number, to: number, step: number, batch: Batch, more: Partial<Input> = {}): readonly Finding[] {
    const found: Finding[] = [];
    for (let at = from; at < to; at += step) found.push(...this.see(at, batch, more));
    return found;
  }
}

function pick<T>(all: ReadonlyMap<string, T>, keys: readonly string[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const key of keys) {
    const value = all.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}

export const kinds = (findings: readonly Finding[]): readonly string[] => [
  ...new Set(findings.map(({ kind }) => kind)),
];
export const isFactoryProtocol = (name: ProtocolName): boolean => protocols[name].ot;
