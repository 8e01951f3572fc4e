/** Bench: how many echo probes a second, for how long, and at what cost, beside fping and blackbox_exporter. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Agent, request } from "undici";
import { cpuOf, hasCommand, startPeer, timed } from "./peers.ts";
import type { ProberFigures, ProberRun } from "./prober-run.ts";
import type { Bench, BenchResult, BenchRow } from "./result.ts";
import { figure, median, ratio } from "./table.ts";

const TARGETS = 1000;
const ROUNDS = 60;
const RUNS = 5;
const SUSTAINED_SECONDS = 60;
/** blackbox_exporter is an order of magnitude slower: fewer rounds, the same work per probe. */
const BLACKBOX_ROUNDS = 12;
const BLACKBOX_RUNS = 5;
const IN_FLIGHT = 50;

const targets = Array.from({ length: TARGETS }, (_, i) => `127.1.${Math.floor(i / 250)}.${(i % 250) + 1}`);
const RATE = "probes/s";
const CPU = "CPU µs/probe";
const columns = ["prober", "work", "runs", "probes", "answered", "seconds", RATE, CPU, "RTT median µs"];

interface Figures {
  readonly probes: number;
  readonly answered: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly rtt: number | null;
}

function row(prober: string, work: string, runs: readonly Figures[]): BenchRow {
  const of = (value: (run: Figures) => number): number => median(runs.map(value));
  return {
    prober,
    work,
    runs: runs.length,
    probes: of((run) => run.probes),
    answered: of((run) => run.answered),
    seconds: of((run) => run.seconds),
    [RATE]: of((run) => run.answered / run.seconds),
    [CPU]: of((run) => run.cpu / run.answered),
    "RTT median µs": runs[0]?.rtt === null ? null : of((run) => run.rtt ?? 0),
  };
}

async function ours(run: Omit<ProberRun, "targets">): Promise<Figures> {
  const file = join(import.meta.dirname, "prober-run.ts");
  const settings: ProberRun = { ...run, targets };
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(settings)]);
  const got = JSON.parse(stdout) as ProberFigures;
  return {
    probes: got.sent,
    answered: got.answered,
    seconds: got.milliseconds / 1000,
    cpu: got.cpuMicroseconds,
    rtt: got.rttMedian,
  };
}

/** fping's own numbers are whole microseconds in milliseconds: `0.004`. */
async function fping(rounds: number, period: number): Promise<Figures & { refused: string | null }> {
  const parameters = ["-q", "-C", String(rounds), "-i", "0", "-p", String(period)];
  const ran = await timed("fping", parameters, targets.join("\n"));
  const times = ran.told
    .split("\n")
    .filter((line) => line.includes(" : "))
    .flatMap((line) => (line.split(" : ")[1] ?? "").trim().split(" "))
    .filter((time) => time !== "-");
  const refused =
    ran.code > 1 ? (/fping error: ([^(]*)/.exec(ran.told)?.[1]?.trim() ?? `exit status ${ran.code}`) : null;
  return {
    probes: rounds * TARGETS,
    answered: times.length,
    seconds: ran.seconds,
    cpu: ran.cpu * 1e6,
    rtt: median(times.map((time) => Number(time) * 1000)),
    refused,
  };
}

async function blackbox(): Promise<Figures[]> {
  const folder = mkdtempSync(join(tmpdir(), "blackbox-"));
  const settings = join(folder, "blackbox.yml");
  writeFileSync(settings, "modules: { icmp: { prober: icmp, timeout: 2s, icmp: { preferred_ip_protocol: ip4 } } }\n");
  const port = 40_000 + (process.pid % 20_000);
  const parameters = [`--config.file=${settings}`, `--web.listen-address=127.0.0.1:${port}`, "--log.level=error"];
  const child = startPeer("prometheus-blackbox-exporter", parameters);
  const agent = new Agent({ connections: IN_FLIGHT });
  const ask = async (target: string): Promise<boolean> => {
    const url = `http://127.0.0.1:${port}/probe?module=icmp&target=${target}`;
    const answer = await request(url, { dispatcher: agent });
    return (await answer.body.text()).includes("probe_success 1");
  };
  try {
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await ask("127.0.0.1").catch(() => false)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const runs: Figures[] = [];
    for (let run = 0; run < BLACKBOX_RUNS; run++) {
      const cpu = cpuOf(child);
      const started = performance.now();
      let next = 0;
      let answered = 0;
      const total = TARGETS * BLACKBOX_ROUNDS;
      const worker = async (): Promise<void> => {
        while (next < total) if (await ask(targets[next++ % TARGETS] as string)) answered++;
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
      const seconds = (performance.now() - started) / 1000;
      runs.push({ probes: total, answered, seconds, cpu: (cpuOf(child) - cpu) * 1e6, rtt: null });
    }
    return runs;
  } finally {
    child.kill();
    await agent.close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * fping's highest rate that it holds: it gives up when the 65,535 sequence numbers of the last 10 s are used up. Periods are
 * milliseconds between two probes of a target.
 */
async function fpingSustained(notes: string[]): Promise<Figures | null> {
  for (const period of [100, 155, 165, 180, 200]) {
    const ran = await fping(Math.floor((SUSTAINED_SECONDS * 1000) / period), period);
    if (ran.refused === null) return ran;
    const asked = figure(Math.round((TARGETS * 1000) / period));
    notes.push(`fping at ${asked} probes/s gives up after ${figure(ran.seconds)} s: "${ran.refused}"`);
  }
  return null;
}

async function run(): Promise<BenchResult> {
  const notes = [
    `${TARGETS} targets on loopback; the targets' side (the kernel) shares the machine and is inside the processor time of whoever sends`,
    "our processor time is that of the probing itself, without the start of Node; the agent runs for months",
    "one thread is how the agent runs; two threads are two echo sockets, each with half of the targets",
  ];
  const rows: BenchRow[] = [];
  const repeat = async <T>(times: number, work: () => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (let i = 0; i < times; i++) results.push(await work());
    return results;
  };
  const burst = `${TARGETS} x ${ROUNDS}`;
  const withFping = await hasCommand("fping");
  const one = row("yagura, 1 thread", burst, await repeat(RUNS, () => ours({ rounds: ROUNDS, threads: 1 })));
  const two = row("yagura, 2 threads", burst, await repeat(RUNS, () => ours({ rounds: ROUNDS, threads: 2 })));
  rows.push(one, two);
  const peer = withFping ? row("fping", burst, await repeat(RUNS, () => fping(ROUNDS, 1))) : null;
  if (peer === null) notes.push("fping is missing here (Debian: apt install fping): nothing to compare with");
  else rows.push(peer);
  if (await hasCommand("prometheus-blackbox-exporter"))
    rows.push(row("blackbox_exporter", `${TARGETS} x ${BLACKBOX_ROUNDS}`, await blackbox()));
  else notes.push("blackbox_exporter is missing here (Debian: apt install prometheus-blackbox-exporter)");
  const long = `${SUSTAINED_SECONDS} s`;
  const held = row("yagura, 1 thread", long, [await ours({ seconds: SUSTAINED_SECONDS, threads: 1 })]);
  rows.push(held);
  const fpingHeld = withFping ? await fpingSustained(notes) : null;
  const peerHeld = fpingHeld === null ? null : row("fping", long, [fpingHeld]);
  if (peerHeld !== null) rows.push(peerHeld);
  return { name: bench.name, columns, rows, reach: reach(one, two, peer, held, peerHeld), notes };
}

type Row = BenchRow | null;
function reach(one: BenchRow, two: BenchRow, peer: Row, held: BenchRow, peerHeld: Row): BenchResult["reach"] {
  const value = (of: Row, column: string): number | null => (of === null ? null : (of[column] as number));
  const times = (a: BenchRow, b: Row, least: number): boolean | null =>
    b === null ? null : (a[RATE] as number) >= least * (b[RATE] as number);
  const complete = [one, two, held].every((each) => each["answered"] === each["probes"]);
  return [
    {
      what: "burst rate over fping's, 2 threads",
      wanted: ">= 2x",
      got: `${ratio(value(two, RATE), value(peer, RATE))} (1 thread: ${ratio(value(one, RATE), value(peer, RATE))})`,
      met: times(two, peer, 2),
    },
    {
      what: "rate held for a minute over fping's, 1 thread",
      wanted: ">= 10x",
      got: ratio(value(held, RATE), value(peerHeld, RATE)),
      met: times(held, peerHeld, 10),
    },
    {
      what: "CPU per probe, 1 thread",
      wanted: `<= fping's ${figure(value(peer, CPU))} µs`,
      got: `${figure(value(one, CPU))} µs`,
      met: peer === null ? null : (one[CPU] as number) <= (peer[CPU] as number),
    },
    { what: "every probe answered", wanted: "all", got: complete ? "all" : "not all", met: complete },
  ];
}

export const bench: Bench = {
  name: "prober",
  group: "experience",
  summary:
    "ICMP probes per second, held for a minute, and processor time per probe, beside fping and blackbox_exporter",
  run,
};
