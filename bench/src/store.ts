/** Bytes a sample and query times of our store beside Prometheus and rrdtool, on the same samples, in one run. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCommand } from "./peers.ts";
import type { Bench, BenchRow } from "./result.ts";
import {
  blockBytes,
  loadPrometheus,
  sessionTime as prometheusTime,
  startPrometheus,
  worstTime as prometheusWorst,
} from "./store/prometheus.ts";
import { loadRrd, RrdTool, sessionTime as rrdTime, worstTime as rrdWorst } from "./store/rrd.ts";
import { sessionsOf, type Session } from "./store/samples.ts";
import { load, openOwn, seriesTime, sizes, sizesByPlace, START, summaryTime, worstTime } from "./store/yagura.ts";
import { median, ratio } from "./table.ts";

const DAY = 86_400;
const DAYS = 30;
const RUNS = 9;
/** Samples in all; `BENCH_SAMPLES=10000000` for a quick look. A month of 20 sessions at 1 s and 186 at 10 s is 100 million. */
const SAMPLES = Number(process.env["BENCH_SAMPLES"] ?? 100_000_000);
const PORT = 19_090;
const columns = [
  "store",
  "samples",
  "bytes/sample",
  "session 24 h ms",
  "summary 24 h ms",
  "worst 20 of 30 d ms",
  "load samples/s",
];

/** Sessions whose month has about so many samples, half of them at 1 s and half at 10 s. */
function sessionsFor(samples: number): Session[] {
  const quick = Math.max(2, Math.round((0.518 * samples) / (DAYS * DAY)));
  const slow = Math.max(20, Math.round((0.482 * samples * 10) / (DAYS * DAY)));
  return sessionsOf(quick, slow);
}

/** Median over several sessions and days; each question is another one, so that no answer comes from a cache of answers. */
async function medianTime(
  sessions: readonly Session[],
  ask: (session: Session, from: number, i: number) => Promise<number>,
): Promise<number> {
  const quick = sessions.filter(({ interval }) => interval === 1);
  const times: number[] = [];
  for (let n = 0; n < RUNS; n++) {
    const i = n % quick.length;
    times.push(await ask(quick[i] as Session, START + (10 + n) * DAY, i));
  }
  return median(times);
}

async function benchOwn(folder: string): Promise<{ row: BenchRow; bytes: number; session: number; worst: number }> {
  const sessions = sessionsFor(SAMPLES);
  const own = await openOwn(folder);
  try {
    const { samples, seconds } = await load(own, sessions, START, START + DAYS * DAY);
    const size = await sizes(own);
    const session = await medianTime(sessions, (one, from) => seriesTime(own, one, from));
    const summary = await medianTime(sessions, (one, from) => summaryTime(own, one, from));
    const worsts: number[] = [];
    for (let n = 0; n < RUNS; n++) worsts.push(await worstTime(own, START + n * 3600, START + DAYS * DAY));
    const worst = median(worsts);
    const row = {
      store: "Yagura",
      samples,
      "bytes/sample": size.samples,
      "session 24 h ms": session,
      "summary 24 h ms": summary,
      "worst 20 of 30 d ms": worst,
      "load samples/s": samples / seconds,
    };
    return { row, bytes: size.samples, session, worst };
  } finally {
    await own.close();
  }
}

async function benchPrometheus(folder: string): Promise<BenchRow> {
  const sessions = sessionsFor(SAMPLES / 10);
  const prometheus = await startPrometheus(folder, PORT);
  try {
    const { samples, seconds } = await loadPrometheus(prometheus, sessions, START, START + DAYS * DAY);
    const session = await medianTime(sessions, (one, from) => prometheusTime(prometheus, one, from));
    const worst: number[] = [];
    for (let n = 0; n < 3; n++) worst.push(await prometheusWorst(prometheus, DAYS * DAY, START + DAYS * DAY));
    return {
      store: "Prometheus 2.42",
      samples,
      "bytes/sample": blockBytes(folder),
      "session 24 h ms": session,
      "summary 24 h ms": null,
      "worst 20 of 30 d ms": median(worst),
      "load samples/s": samples / seconds,
    };
  } finally {
    await prometheus.stop();
  }
}

async function benchRrd(folder: string): Promise<BenchRow> {
  const sessions = sessionsOf(2, 0);
  const tool = new RrdTool();
  try {
    const { samples, seconds, bytes } = await loadRrd(tool, folder, sessions, START, START + DAYS * DAY);
    const session = await medianTime(sessions, (_, from, i) => rrdTime(tool, folder, i, from));
    const worst: number[] = [];
    for (let n = 0; n < 5; n++) worst.push(await rrdWorst(tool, folder, 2, START, START + DAYS * DAY));
    return {
      store: "rrdtool (SmokePing layout)",
      samples,
      "bytes/sample": bytes / samples,
      "session 24 h ms": session,
      "summary 24 h ms": null,
      "worst 20 of 30 d ms": median(worst),
      "load samples/s": samples / seconds,
    };
  } finally {
    tool.close();
  }
}

export const bench: Bench = {
  name: "store",
  group: "experience",
  summary: "bytes a sample and query times beside Prometheus and rrdtool",
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), "yagura-bench-store-"));
    try {
      const byPlace = await sizesByPlace(join(folder, "places"));
      const own = await benchOwn(join(folder, "own"));
      const peers: BenchRow[] = [];
      if (await hasCommand("prometheus")) peers.push(await benchPrometheus(join(folder, "prometheus")));
      if (await hasCommand("rrdtool")) peers.push(await benchRrd(join(folder, "rrd")));
      const places: BenchRow[] = [...byPlace].map(([place, size]) => ({
        store: `Yagura, ${place} alone`,
        samples: 10 * DAY,
        "bytes/sample": size.all,
      }));
      const least = Math.min(...[...byPlace.values()].map(({ all }) => all));
      return {
        name: "store",
        columns,
        rows: [own.row, ...peers, ...places],
        reach: [
          {
            what: "bytes a sample, round trip lossless to 1 µs",
            wanted: "at most 3.5",
            got: own.bytes.toFixed(2),
            met: own.bytes <= 3.5,
          },
          {
            what: "bytes a sample of a quiet line (gateway)",
            wanted: "aim at 1.0",
            got: least.toFixed(2),
            met: least <= 1 ? true : null,
          },
          {
            what: "session page, 24 h at 1 Hz",
            wanted: "under 30 ms",
            got: `${own.session.toFixed(1)} ms`,
            met: own.session < 30,
          },
          {
            what: "worst 20 of 30 days",
            wanted: "under 100 ms",
            got: `${own.worst.toFixed(1)} ms`,
            met: own.worst < 100,
          },
        ],
        notes: [
          `Query times are medians of ${RUNS} different questions, Prometheus' worst-20 of 3, rrdtool's of 5; loads ran once. The load generator shares the machine; its own time is not in the rates.`,
          "Prometheus holds a tenth of the sessions, in blackbox_exporter's layout (duration and success: two of its samples for each of ours), finished blocks only. rrdtool holds 2 sessions, 20 pings every 20 s; its worst-of is over these 2 and knows no percentiles.",
          ...peers.map(
            (row) =>
              `Yagura's bytes a sample are ${ratio(own.bytes, row["bytes/sample"] as number)} those of ${String(row["store"])}.`,
          ),
          ...[...byPlace].map(
            ([place, size]) =>
              `${place}: round trips to 1 µs take ${size.rtt.toFixed(2)} B; with send delays kept to 1 µs instead of 100 µs a sample would take ${size.exact.toFixed(2)} B.`,
          ),
        ],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
