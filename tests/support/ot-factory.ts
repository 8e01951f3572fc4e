/**
 * A quiet factory as observations, for tests of false alerts: a line that runs on weekdays, one that always runs, an office with
 * DHCP, a weekly backup, engineering each Monday. Random only by its seed.
 */
import { silence } from "@yagura/ot/analysis/detect/silence.ts";
import type { Finding } from "@yagura/core/finding.ts";
import type { Permit } from "@yagura/ot/analysis/detect/types.ts";
import { OtSite, START, type Batch } from "./ot-site.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** One observation for ten minutes. */
export const STEP = 10 * MINUTE;

type Conversation = NonNullable<Batch["conversations"]>[number];

/** 0 to 1, the same for the same seed (Mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function quietFactory(): OtSite {
  return new OtSite()
    .device("plc1", "plc", "192.168.1.11")
    .device("plc2", "plc", "192.168.1.12")
    .device("plc3", "plc", "192.168.1.13")
    .device("hmi1", "hmi", "192.168.1.21")
    .device("hmi2", "hmi", "192.168.1.22")
    .device("historian", "historian", "192.168.1.30")
    .device("drive1", "drive", "192.168.1.41")
    .device("drive2", "drive", "192.168.1.42")
    .device("laptop", "engineering-station", "192.168.1.50")
    .device("pc", "pc", "192.168.2.10")
    .device("pc2", "pc", "192.168.2.11")
    .device("nas", "server", "192.168.2.5")
    .device("printer", "printer", "192.168.2.9")
    .device("gateway", "router", "192.168.2.1", { routes: true });
}

const hourOf = (at: number): number => new Date(at).getUTCHours();
/** 0 is Sunday. */
const dayOf = (at: number): number => new Date(at).getUTCDay();
const lineRuns = (at: number): boolean => dayOf(at) >= 1 && dayOf(at) <= 5 && hourOf(at) >= 6 && hourOf(at) < 22;
const isOffice = (at: number): boolean => dayOf(at) >= 1 && dayOf(at) <= 5 && hourOf(at) >= 8 && hourOf(at) < 18;
const isEngineering = (at: number): boolean => dayOf(at) === 1 && hourOf(at) >= 9 && hourOf(at) < 11;

/** Each Monday from 09:00 to 11:00 UTC. */
export const mondays = (weeks: number): Permit[] =>
  Array.from({ length: weeks }, (_, week) => ({
    id: `permit-${week}`,
    name: `Monday service, week ${week + 1}`,
    clients: ["laptop"],
    devices: ["plc1", "plc2", "plc3"],
    classes: ["download", "upload", "mode", "configure"],
    // The first Monday after the start, a Tuesday.
    from: START + (6 + week * 7) * DAY + 9 * HOUR,
    to: START + (6 + week * 7) * DAY + 11 * HOUR,
  }));

export class FactoryClock {
  readonly site: OtSite;
  readonly random: () => number;
  /** Pairs that say nothing although they should. */
  readonly still = new Set<string>();

  constructor(site: OtSite, seed = 7) {
    this.site = site;
    this.random = randomOf(seed);
  }

  #cyclic(client: string, server: string, period: number): Batch {
    const noise = 1 + (this.random() - 0.5) * 0.06;
    const jitter = Math.round(period * 0.02 * (0.5 + this.random()));
    return {
      conversations: [{ client, server, packetsOut: 6_000, packetsIn: 6_000, bytesOut: 4e5, bytesIn: 8e5 }],
      commands: [
        { client, server, code: 3, class: "read", name: "Read Holding Registers", low: 0, high: 40, requests: 6_000 },
        {
          client,
          server,
          code: 16,
          class: "write",
          name: "Write Multiple Registers",
          low: 100,
          high: 120,
          requests: 600,
        },
      ],
      cycles: [{ client, server, period: Math.round(period * noise), jitter, longest: Math.round(period * 1.5) }],
      transitions: this.#orders(client, server),
    };
  }

  /** Reads in turn; writes in between when somebody wants to, by a panel a few times in ten minutes. */
  #orders(client: string, server: string): NonNullable<Batch["transitions"]> {
    const read = { code: 3, class: "read", name: "Read Holding Registers" } as const;
    const coils = { code: 1, class: "read", name: "Read Coils" } as const;
    const write = { code: 16, class: "write", name: "Write Multiple Registers" } as const;
    const turn = [read, coils] as const;
    const rows = turn.map((from, i) => ({ client, server, from, to: turn[1 - i] ?? read, count: 3_000 }));
    const [before, after] = [turn[Math.floor(this.random() * 2)] ?? read, turn[Math.floor(this.random() * 2)] ?? read];
    if (client.startsWith("hmi") && this.random() > 0.1) return rows;
    const ways = [
      { from: before, to: write },
      { from: write, to: after },
    ];
    return [...rows, ...ways.map((way) => ({ client, server, ...way, count: 1 }))];
  }

  #office(at: number): Batch {
    const random = this.random;
    const talk: Conversation[] = [];
    const https = (client: string): Conversation => ({
      client,
      server: `${20 + Math.floor(random() * 60)}.${Math.floor(random() * 250)}.${Math.floor(random() * 250)}.7`,
      protocol: "tls",
      port: 443,
      bytesIn: Math.round(random() * 4e6),
    });
    for (const pc of ["pc", "pc2"]) {
      talk.push({ client: pc, server: "gateway", protocol: "dns", port: 53, transport: "udp" });
      if (random() < 0.7) talk.push(https(pc), https(pc));
      if (random() < 0.5)
        talk.push({ client: pc, server: "nas", protocol: "smb2", port: 445, bytesIn: Math.round(random() * 2e7) });
      if (random() < 0.1) talk.push({ client: pc, server: "printer", protocol: "http", port: 80 });
      if (random() < 0.05)
        talk.push({
          client: pc,
          server: "192.168.2.200",
          port: 9_100,
          protocol: "unknown",
          connections: 1,
          unanswered: 1,
          packetsIn: 0,
          bytesIn: 0,
          packetsOut: 3,
        });
      if (hourOf(at) === 8) talk.push({ client: pc, server: "gateway", protocol: "dhcp", port: 67, transport: "udp" });
    }
    return {
      conversations: talk,
      commands: [
        {
          client: "pc",
          server: "ff:ff:ff:ff:ff:ff",
          protocol: "arp",
          code: 1,
          class: "identify",
          name: "request",
          low: 0xc0a80201,
          high: 0xc0a802c8,
          requests: 20 + Math.floor(random() * 40),
        },
      ],
      identities: [{ endpoint: "pc", attribute: "gateway", value: "192.168.2.1", protocol: "dhcp" }],
      bindings: [
        {
          mac: this.site.mac("pc"),
          address: `192.168.2.${10 + (Math.floor((at - START) / DAY / 7) % 5)}`,
          kind: "dhcp",
        },
        { mac: this.site.mac("nas"), address: "192.168.2.5" },
      ],
    };
  }

  #engineering(): Batch {
    return {
      conversations: [{ client: "laptop", server: "plc1", protocol: "s7comm", port: 102 }],
      commands: [
        {
          client: "laptop",
          server: "plc1",
          protocol: "s7comm",
          port: 102,
          code: 0x1a,
          class: "download",
          name: "Request Download",
          requests: 3,
        },
        {
          client: "laptop",
          server: "plc1",
          protocol: "s7comm",
          port: 102,
          code: 0x1d,
          class: "upload",
          name: "Start Upload",
          requests: 3,
        },
        {
          client: "laptop",
          server: "plc1",
          protocol: "s7comm",
          port: 102,
          code: 0x28,
          class: "mode",
          name: "PI Service",
          requests: 1,
        },
      ],
    };
  }

  /** What the sensor tells of the ten minutes from `at`. */
  batch(at: number): Batch {
    const random = this.random;
    const parts: Batch[] = [this.#cyclic("hmi2", "plc2", 250_000), this.#cyclic("plc3", "drive2", 20_000)];
    if (lineRuns(at)) parts.push(this.#cyclic("hmi1", "plc1", 100_000), this.#cyclic("plc1", "drive1", 20_000));
    const all = ["plc1", "plc2", "plc3"];
    parts.push({ conversations: all.map((server) => ({ client: "historian", server, bytesIn: 5e5 })) });
    parts.push({ commands: all.map((server) => ({ client: "historian", server, low: 0, high: 200 })) });
    parts.push({
      identities: all.map((endpoint) => ({ endpoint, attribute: "firmware", value: "2.8.1", protocol: "s7comm" })),
    });
    if (hourOf(at) === 3 && at % HOUR === 0) {
      parts.push({
        commands: [{ client: "historian", server: "plc1", code: 99, class: "time-set", name: "Set Clock" }],
      });
    }
    if (random() < 0.02)
      parts.push({ weirds: [{ source: "pc", destination: "nas", protocol: "smb2", kind: "tcp-gap", count: 30 }] });
    if (isOffice(at)) parts.push(this.#office(at));
    // The backup begins on Sunday at 02:00 and takes one to two hours.
    if (dayOf(at) === 0 && (hourOf(at) === 2 || (hourOf(at) === 3 && random() < 0.5))) {
      const bytesOut = 3e9 * (0.8 + random() * 0.4);
      parts.push({
        conversations: [{ client: "historian", server: "nas", protocol: "smb2", port: 445, bytesOut, packetsOut: 2e6 }],
      });
    }
    if (isEngineering(at)) parts.push(this.#engineering());
    return this.#joined(parts);
  }

  #joined(parts: readonly Batch[]): Batch {
    const pick = <K extends keyof Batch>(table: K) => parts.flatMap((part) => (part[table] ?? []) as never[]);
    const talks = <R extends { readonly client?: string; readonly server?: string }>(rows: readonly R[]): R[] =>
      rows.filter(({ client, server }) => !this.still.has(client ?? "") && !this.still.has(server ?? ""));
    return {
      conversations: talks(pick("conversations") as NonNullable<Batch["conversations"]>),
      commands: talks(pick("commands") as NonNullable<Batch["commands"]>),
      cycles: talks(pick("cycles") as NonNullable<Batch["cycles"]>),
      transitions: talks(pick("transitions") as NonNullable<Batch["transitions"]>),
      identities: pick("identities"),
      bindings: pick("bindings"),
      weirds: pick("weirds"),
      weaknesses: pick("weaknesses"),
      signatures: pick("signatures"),
    };
  }

  /** Lives from `from` to `to`, with the server's timer; gives what was found. */
  live(from: number, to: number, also: (at: number) => Batch | null = () => null): readonly Finding[] {
    const { site } = this;
    const found: Finding[] = [];
    for (let at = from; at < to; at += STEP) {
      const extra = also(at);
      const batch = extra === null ? this.batch(at) : this.#joined([this.batch(at), extra]);
      found.push(...site.see(at, batch, {}, STEP));
      const now = at + STEP;
      const due = [...site.baselines.values()].filter((one) => one.due !== null && one.due <= now);
      const late = silence({ ...site.conditions, baselines: due, assets: site.assets, heard: now, now });
      for (const one of late.baselines) site.baselines.set(one.key, one);
      found.push(...late.findings);
    }
    return found;
  }
}
