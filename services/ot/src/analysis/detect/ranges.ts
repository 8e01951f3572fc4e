/** Writes outside the addresses that a client usually writes. */
import { wordsOf, type Command } from "./commands.ts";
import { isWrite, outsideKey, rangeKey } from "./keys.ts";
import { isDevice, isFactory } from "./parties.ts";
import type { Run } from "./run.ts";
import type { RangeBaseline } from "./baselines.ts";
import { atDay } from "./words.ts";

/** Separate ranges that are kept for one client and server; then the two nearest become one. */
const MAX_RANGES = 24;
/** Ranges that are written in a sentence. */
const SHOWN = 4;

type Range = readonly [low: number, high: number];

export function writesOutside(run: Run): void {
  for (const row of run.observation.commands) {
    if (!isWrite(row.class) || row.low === null || row.high === null || !isFactory(row.protocol)) continue;
    const [client, server] = [run.at(row.client), run.at(row.server)];
    if (!isDevice(server) || client === server) continue;
    const range: Range = [row.low, Math.max(row.low, row.high)];
    const key = rangeKey(client, server, row);
    const before = run.baseline("range", key);
    if (before !== undefined && covers(before.ranges, range)) {
      run.keep({ ...before, count: before.count + row.requests });
    } else if (before === undefined || (run.learns(client) && run.learns(server))) {
      // A first write is told as a new command: here begins what is usual.
      run.keep(grown(before, key, row, range));
    } else if (run.novel(outsideKey(client, server, row), row, client, server)) {
      tell(run, row, before, range);
    }
  }
}

const covers = (ranges: readonly Range[], [low, high]: Range): boolean =>
  ranges.some(([from, to]) => from <= low && high <= to);

/** What is usual, with one more range; also used when a person approves it. */
export function withRange(ranges: readonly Range[], range: Range): readonly Range[] {
  const sorted = [...ranges, range].sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else joined.push([low, high]);
  }
  while (joined.length > MAX_RANGES) {
    let nearest = 1;
    for (let i = 2; i < joined.length; i++) if (gap(joined, i) < gap(joined, nearest)) nearest = i;
    const [gone] = joined.splice(nearest, 1);
    (joined[nearest - 1] as [number, number])[1] = gone?.[1] ?? 0;
  }
  return joined;
}
const gap = (ranges: readonly Range[], i: number): number => (ranges[i]?.[0] ?? 0) - (ranges[i - 1]?.[1] ?? 0);

function grown(before: RangeBaseline | undefined, key: string, row: Command, range: Range): RangeBaseline {
  return {
    kind: "range",
    key,
    due: null,
    since: before?.since ?? row.first,
    count: (before?.count ?? 0) + row.requests,
    ranges: withRange(before?.ranges ?? [], range),
  };
}

function tell(run: Run, row: Command, before: RangeBaseline, [low, high]: Range): void {
  const [client, server] = [run.at(row.client), run.at(row.server)];
  const shown = before.ranges.slice(0, SHOWN).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  run.raise({
    kind: "ot.write.outside-range",
    about: server,
    peer: client,
    key: outsideKey(client, server, row),
    group: run.groupOf(client).group ?? `pair|${client}|${server}`,
    since: row.first,
    confidence: 0.95,
    parameters: {
      ...wordsOf(run, row),
      low,
      high,
      object: row.objectName ?? "-",
      usual: before.ranges.length > SHOWN ? `${shown.join(", ")} …` : shown.join(", "),
      since: atDay(before.since, run.input.settings.utcOffset),
      times: before.count,
      range: rangeKey(client, server, row),
    },
    client,
    server,
    protocol: row.protocol,
    class: row.class,
  });
}
