/**
 * Pairs that talk in a cycle and fall silent: the line stopped (OT-21, OT-N8). Nights and weekends in which the pair never
 * talks are learned by the hour of the week, so that a planned stop says nothing.
 */
import type { Finding } from "@yagura/core/finding.ts";
import type { Asset, Observation } from "../model.ts";
import { hourOfWeek, silenceKey } from "./keys.ts";
import { judge } from "./judge.ts";
import { isChatter, isDevice, isFactory } from "./parties.ts";
import { Run } from "./run.ts";
import { HOUR, ripeAge } from "./settings.ts";
import type { Baseline, SilenceBaseline, VolumeBaseline } from "./baselines.ts";
import type { Conditions, Logged } from "./types.ts";
import { closeHour } from "./volume.ts";
import { atDay, atMinute, periodText } from "./words.ts";

/** µs: slower talk is no cycle whose end anybody would notice. */
const SLOWEST = 60_000_000;
/** Share of the weeks in which the pair talked at this hour. */
const USUALLY = 0.75;
/** Longest usual gap that is believed, milliseconds. */
const LONGEST_GAP = 10 * 60_000;
const NOTHING = "0".repeat(168);

/** Notes who talked, and ends what was told as silent. */
export function heardPairs(run: Run): void {
  for (const row of run.observation.cycles) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    const factory = isFactory(row.protocol) || run.isFactory(client) || run.isFactory(server);
    if (!factory || isChatter(row.protocol) || row.period <= 0 || row.period > SLOWEST || !isDevice(client)) continue;
    const key = silenceKey(client, server, row.protocol);
    const before = run.baseline("silence", key);
    const last = Math.max(before?.last ?? 0, row.last);
    const gap = Math.min(LONGEST_GAP, Math.max(before?.gap ?? 0, row.longest / 1_000));
    const period = Math.min(before?.period ?? Number.POSITIVE_INFINITY, row.period);
    const since = before?.since ?? run.observation.from;
    const hours = withHours(before, last);
    const who = { client, server, protocol: row.protocol };
    const next: SilenceBaseline = {
      kind: "silence",
      key,
      due: null,
      ...who,
      since,
      last,
      period,
      gap,
      ...hours,
      told: null,
      group: null,
    };
    if (before?.told != null) run.raise({ ...sentence(run, before, before.told), until: run.observation.from });
    run.keep({
      ...next,
      due: run.siteLearns || last - since < ripeAge(run.input.settings) ? null : last + patience(run, next),
    });
  }
  // Between two measurements of the cycle any packet of the pair is a sign of life.
  for (const row of run.observation.conversations) {
    const key = silenceKey(run.at(row.client), run.at(row.server), row.protocol);
    const before = run.baseline("silence", key);
    if (before === undefined || before.told !== null || row.last <= before.last) continue;
    const due = before.due === null ? null : row.last + patience(run, before);
    run.keep({ ...before, ...withHours(before, row.last), last: row.last, due });
  }
}

const patience = (run: Run, { gap, period }: SilenceBaseline): number => {
  const { silentPeriods, silentFloor } = run.input.settings.cycle;
  return Math.max(silentFloor, silentPeriods * Math.max(gap, period / 1_000));
};

/** Counts the hour of `last` as active, and the hours since the last sign of life as quiet. */
function withHours(before: SilenceBaseline | undefined, last: number): Pick<SilenceBaseline, "active" | "quiet"> {
  const active = before?.active ?? NOTHING;
  const quiet = before?.quiet ?? NOTHING;
  const hour = Math.floor(last / HOUR);
  const previous = before === undefined ? hour - 1 : Math.floor(before.last / HOUR);
  if (hour === previous) return { active, quiet };
  let silent = quiet;
  for (let at = Math.max(previous + 1, hour - 167); at < hour; at++) silent = plusOne(silent, at % 168);
  return { active: plusOne(active, hourOfWeek(last)), quiet: silent };
}
function plusOne(digits: string, at: number): string {
  const value = Math.min(35, Number.parseInt(digits[at] ?? "0", 36) + 1);
  return digits.slice(0, at) + value.toString(36) + digits.slice(at + 1);
}
export function shareAt({ active, quiet }: Pick<SilenceBaseline, "active" | "quiet">, time: number): number {
  const at = hourOfWeek(time);
  const [yes, no] = [Number.parseInt(active[at] ?? "0", 36), Number.parseInt(quiet[at] ?? "0", 36)];
  return yes + no === 0 ? 0 : yes / (yes + no);
}

function sentence(run: Pick<Run, "name" | "input" | "title">, one: SilenceBaseline, last: number) {
  const { client, server, protocol } = one;
  const { utcOffset } = run.input.settings;
  return {
    kind: "ot.cycle.silent",
    about: isDevice(server) ? server : client,
    peer: isDevice(server) ? client : server,
    key: one.key,
    group: one.group ?? `silent|${server}`,
    since: last,
    confidence: 0.9,
    parameters: {
      client: run.name(client),
      server: run.name(server),
      protocol: run.title(protocol),
      usual: periodText(one.period),
      since: atDay(one.since, utcOffset),
      last: atMinute(last, utcOffset),
      share: Math.round(shareAt(one, last) * 100),
    },
    client,
    server,
    protocol,
  };
}

export interface OverdueInput extends Conditions {
  /** Those whose `due` has come. */
  readonly baselines: readonly Baseline[];
  readonly assets: ReadonlyMap<string, Asset>;
  /** Time of the last upload: while the sensor itself is not heard nothing is silent. */
  readonly heard: number;
  readonly now: number;
}

/** What a timer finds because nothing came: silent pairs, and usual traffic that is missing. Store the baselines by key. */
export function silence(input: OverdueInput): {
  readonly findings: readonly Finding[];
  readonly logged: readonly Logged[];
  readonly baselines: readonly Baseline[];
} {
  const run = new Run({
    ...input,
    observation: nothing(input.now),
    assetOf: () => null,
    learned: new Map(),
    baselines: new Map(),
  });
  const until = Math.min(input.now, input.heard);
  const baselines: Baseline[] = [];
  const silent: SilenceBaseline[] = [];
  // What a router was heard to say was said by a device behind it, which now has a name of its own.
  const left = new Set(Array.from(input.assets.values(), ({ heirOf }) => heirOf));
  for (const one of input.baselines) {
    if (one.due === null || one.due > input.now) continue;
    if (one.kind === "volume") baselines.push(closeHour(run, one satisfies VolumeBaseline, input.heard));
    if (one.kind !== "silence" || one.told !== null || one.due > until) continue;
    if (left.has(one.client) || left.has(one.server)) baselines.push({ ...one, due: null });
    else if (shareAt(one, until) >= USUALLY) silent.push(one);
    // Not an hour in which it usually talks: look again when the next hour begins.
    else baselines.push({ ...one, due: (Math.floor(until / HOUR) + 1) * HOUR + 1 });
  }
  const groups = grouped(silent);
  for (const one of silent) {
    const told = { ...one, told: one.last, group: groups.get(one.key) ?? null, due: null };
    run.raise(sentence(run, told, one.last));
    baselines.push(told);
  }
  return { ...judge(run), baselines };
}

/** One incident for the device that most of the silent pairs share: it stands, or its cable is out. */
function grouped(silent: readonly SilenceBaseline[]): Map<string, string> {
  const groups = new Map<string, string>();
  let rest = [...silent];
  while (rest.length > 0) {
    const counts = new Map<string, number>();
    for (const { client, server } of rest) {
      for (const party of [server, client]) counts.set(party, (counts.get(party) ?? 0) + 1);
    }
    const [most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    for (const one of rest) if (one.client === most || one.server === most) groups.set(one.key, `silent|${most}`);
    rest = rest.filter(({ key }) => !groups.has(key));
  }
  return groups;
}

const nothing = (at: number): Observation => ({
  sensor: "",
  from: at,
  to: at,
  endpoints: [],
  conversations: [],
  commands: [],
  identities: [],
  bindings: [],
  lookups: [],
  cycles: [],
  transitions: [],
  weaknesses: [],
  weirds: [],
  signatures: [],
  captures: [],
});
