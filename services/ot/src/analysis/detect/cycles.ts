/** Rhythm of cyclic talk (OT-20, OT-N8): period and jitter against the median of the past. */
import type { Observation } from "../model.ts";
import { cycleKey } from "./keys.ts";
import { isDevice, isFactory } from "./parties.ts";
import type { Run } from "./run.ts";
import { ripeAge } from "./settings.ts";
import type { CycleBaseline } from "./baselines.ts";
import { atDay, deviation, median, periodText } from "./words.ts";

type Cycle = Observation["cycles"][number];
/** Measurements that are kept, and those that must be there before anything is told. */
const KEPT = 31;
const LEAST_BATCHES = 60;
/** Jitter below this share of the period is never told. */
const LEAST_JITTER = 0.1;
/** A longer period is no cycle of a machine (µs). */
const LONGEST = 600_000_000;
/** Of many measurements each tenth is kept, so that the memory reaches further back. */
const THINNED = 10;

export function cycles(run: Run): void {
  for (const row of run.observation.cycles) {
    const [client, server] = [run.at(row.client), run.at(row.server)];
    if (row.period <= 0 || row.period > LONGEST || (!isDevice(client) && !isDevice(server))) continue;
    if (!isFactory(row.protocol) && !run.isFactory(client) && !run.isFactory(server)) continue;
    judgeCycle(run, row, client, server);
  }
}

function judgeCycle(run: Run, row: Cycle, client: string, server: string): void {
  const key = cycleKey(client, server, row);
  const before = run.baseline("cycle", key) ?? empty(key, run.observation.from);
  const { cycle } = run.input.settings;
  const usual = median(before.periods);
  const usualJitter = median(before.jitters);
  const ripe = before.batches >= LEAST_BATCHES && run.observation.from - before.since >= ripeAge(run.input.settings);
  const off = Math.abs(row.period - usual);
  const isShifted = ripe && off > cycle.shift * usual && off > 5 * deviation(before.periods);
  const isShaky = ripe && row.jitter > cycle.jitter * usualJitter && row.jitter > LEAST_JITTER * row.period;
  const next: CycleBaseline = {
    ...before,
    ...(isShifted || isShaky ? {} : remembered(before, row)),
    batches: before.batches + 1,
    shifted: isShifted ? before.shifted + 1 : 0,
    shaky: isShaky ? before.shaky + 1 : 0,
  };
  run.keep(next);
  if (next.shifted === cycle.batches) tell(run, "ot.cycle.period", row, next);
  else if (next.shaky === cycle.batches) tell(run, "ot.cycle.jitter", row, next);
}

const empty = (key: string, since: number): CycleBaseline => ({
  kind: "cycle",
  key,
  due: null,
  periods: [],
  jitters: [],
  since,
  batches: 0,
  shifted: 0,
  shaky: 0,
});

function remembered({ periods, jitters, batches }: CycleBaseline, row: Cycle): Partial<CycleBaseline> {
  if (periods.length >= KEPT && batches % THINNED !== 0) return {};
  return { periods: [...periods, row.period].slice(-KEPT), jitters: [...jitters, row.jitter].slice(-KEPT) };
}

function tell(run: Run, kind: "ot.cycle.period" | "ot.cycle.jitter", row: Cycle, usual: CycleBaseline): void {
  const [client, server] = [run.at(row.client), run.at(row.server)];
  run.raise({
    kind,
    about: isDevice(server) ? server : client,
    peer: isDevice(server) ? client : server,
    key: usual.key,
    // One slow controller shifts all its cycles: one incident.
    group: `rhythm|${isDevice(server) ? server : client}`,
    since: run.observation.from,
    confidence: 0.85,
    parameters: {
      client: run.name(client),
      server: run.name(server),
      protocol: run.title(row.protocol),
      usual: periodText(median(usual.periods)),
      usualJitter: periodText(median(usual.jitters)),
      now: periodText(kind === "ot.cycle.period" ? row.period : row.jitter),
      since: atDay(usual.since, run.input.settings.utcOffset),
      times: usual.batches,
      batches: run.input.settings.cycle.batches,
    },
    client,
    server,
    protocol: row.protocol,
  });
}
