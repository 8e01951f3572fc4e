/**
 * Simulated agents for the screenshots: the real edge runtime (enrolment, spool, signed batches) with a made-up day of
 * measurements in place of the prober, so that the pictures show what a busy office looks like and never change their story.
 */
import { runEdge } from "@yagura/edge/run.ts";
import type { EdgeHost, EdgeLog, EdgeService } from "@yagura/edge/service.ts";
import type { AgentConfiguration, SessionConfiguration } from "@yagura/experience/wire/configuration.ts";
import { gapReasons, methods, outcomes, type SampleBlock } from "@yagura/experience/wire/samples.ts";

/** Seconds of history. */
const HISTORY = 26 * 3600;
const CHUNK = 10_000;

export interface Character {
  /** Typical round trip, µs. */
  readonly base: number;
  /** Share of probes lost at quiet times. */
  readonly loss: number;
  /** Trouble of the last hours: bursts of loss and delay. */
  readonly troubled: boolean;
}

/** Only trouble is told. */
const quiet: EdgeLog = {
  info: () => undefined,
  warn: (message) => console.error(message),
  error: (message, parameters) => console.error(message, parameters),
};

/** Even and repeatable: 0 to 1 from any number. */
const noise = (x: number): number => {
  const value = Math.sin(x * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
};

/** Stretches in which the PC slept or roamed, seconds before the start: [from, to, reason]. */
const absences = [
  [17 * 3600, 9 * 3600 + 1200, "sleep"],
  [2 * 3600 + 900, 2 * 3600, "network-change"],
  [1900, 1500, "sleep"],
] as const;

interface Sample {
  readonly rtt: number;
  readonly outcome: number;
  readonly delay: number;
}
function sampleAt(second: number, begin: number, seed: number, of: Character): Sample | null {
  const ago = begin - second;
  if (absences.some(([from, to]) => ago <= from && ago > to)) return null;
  const burst = of.troubled && ((ago < 4200 && ago > 3000) || ago < 1100);
  const [a, b, c] = [noise(second + seed), noise(second * 3 + seed), noise(second * 7 + seed)];
  const delay = Math.round(40 + 300 * c * c * c);
  const rush = 0.25 * Math.max(0, Math.sin(((second % 86_400) / 86_400) * 2 * Math.PI));
  if (b < (burst ? 0.09 : of.loss)) return { rtt: 0, outcome: outcomes.indexOf("lost"), delay };
  if (b > 0.9996) return { rtt: 3_100_000 + Math.round(a * 400_000), outcome: outcomes.indexOf("late"), delay };
  const spread = -Math.log(1 - a * 0.998) * (burst ? 0.45 : 0.16);
  return { rtt: Math.round(of.base * (0.92 + rush + spread + (burst ? 0.7 : 0))), outcome: 0, delay };
}

function blocksOf(
  configuration: SessionConfiguration,
  from: number,
  to: number,
  begin: number,
  seed: number,
  of: Character,
): SampleBlock[] {
  const blocks: SampleBlock[] = [];
  for (let start = from; start < to; start += CHUNK) {
    const slots: number[] = [];
    const [delay, rtt, outcome]: [number[], number[], number[]] = [[], [], []];
    for (let second = start; second < Math.min(to, start + CHUNK); second++) {
      const sample = sampleAt(second, begin, seed, of);
      if (sample === null) continue;
      slots.push(second - start);
      delay.push(sample.delay);
      rtt.push(sample.rtt);
      outcome.push(sample.outcome);
    }
    if (slots.length === 0) continue;
    const { kind } = configuration.probe;
    const name = {
      icmp: "icmp-dgram-kernel",
      tcp: "tcp-connect-kernel",
      dns: "dns-udp-kernel",
      http: "http-user",
    } as const;
    blocks.push({
      session: configuration.session,
      method: methods.indexOf(name[kind]),
      start: start * 1e6,
      interval: 1_000_000,
      count: slots.length,
      slot: slots.map((slot, i) => slot - (slots[i - 1] ?? 0)),
      delay,
      rtt,
      outcome,
      flags: [0],
      bound: [kind === "http" ? 250 : 5],
      ...(kind === "http" ? { phases: phasesOf(rtt) } : {}),
    });
  }
  return blocks;
}

function phasesOf(rtt: readonly number[]): NonNullable<SampleBlock["phases"]> {
  const share = (part: number): number[] =>
    rtt.map((value, i) => Math.round(value * part * (0.85 + 0.3 * noise(i + part))));
  return {
    resolve: share(0.05),
    connect: share(0.2),
    tls: share(0.31),
    firstByte: share(0.33),
    transfer: share(0.08),
    status: rtt.map((value) => (value === 0 ? 0 : 200)),
  };
}

/** An experience service that remembers a day and goes on in real time. */
function simulated(characters: ReadonlyMap<string, Character>, host: EdgeHost): EdgeService {
  const begin = Math.floor(host.time.clock.now() / 1000);
  const told = new Map<string, { readonly configuration: SessionConfiguration; readonly seed: number; next: number }>();
  const character = (session: string): Character =>
    characters.get(session) ?? { base: 12_000, loss: 0.001, troubled: false };
  const history = (configuration: SessionConfiguration, seed: number): void => {
    const of = character(configuration.session);
    for (const block of blocksOf(configuration, begin - HISTORY, begin, begin, seed, of)) {
      host.submit("experience.samples", { blocks: [block], gaps: [] });
    }
    const gaps = absences.map(([from, to, reason]) => ({
      session: configuration.session,
      from: (begin - from) * 1e6,
      to: (begin - to) * 1e6,
      reason: gapReasons.indexOf(reason),
    }));
    host.submit("experience.samples", { blocks: [], gaps });
  };
  const timer = setInterval(() => {
    const now = Math.floor(host.time.clock.now() / 1000);
    const blocks = [...told.values()].flatMap((each) => {
      const made = blocksOf(
        each.configuration,
        each.next,
        now,
        begin,
        each.seed,
        character(each.configuration.session),
      );
      each.next = now;
      return made;
    });
    if (blocks.length > 0) host.submit("experience.samples", { blocks, gaps: [] });
  }, 1000);
  return {
    id: "experience",
    configure: (document) => {
      for (const configuration of (document as AgentConfiguration | undefined)?.sessions ?? []) {
        if (told.has(configuration.session)) continue;
        const seed = told.size * 101 + characters.size;
        history(configuration, seed);
        told.set(configuration.session, { configuration, seed, next: begin });
      }
    },
    capabilities: () => ({
      icmp4: "unprivileged socket, kernel time stamps",
      tcp: "kernel round trip of the handshake",
      dns: "kernel time stamps",
      http: "program's clock",
    }),
    stop: () => clearInterval(timer),
  };
}

/** Enrols and runs until the signal. */
export const runSimulated = (options: {
  readonly folder: string;
  readonly server: string;
  readonly key: string;
  readonly characters: ReadonlyMap<string, Character>;
  readonly signal: AbortSignal;
}): Promise<number> =>
  runEdge({
    folder: options.folder,
    program: "agent",
    version: "0.1.0",
    services: [(host) => simulated(options.characters, host)],
    server: options.server,
    key: options.key,
    insecureHttp: true,
    log: quiet,
    signal: options.signal,
  });
