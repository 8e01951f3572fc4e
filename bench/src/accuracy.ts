/** Bench: what is reported against what truly happened (the log of a TUN reflector), quiet and with busy cores, beside fping. */
import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { openLab, labProblem, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { startReflector, type Truth } from "@yagura/testkit/lab/reflect.ts";
import type { AccuracyFigures, AccuracyRun } from "./accuracy-run.ts";
import { hasCommand } from "./peers.ts";
import type { Bench, BenchResult, BenchRow } from "./result.ts";
import { figure, median, quantile } from "./table.ts";

const DELAYS = { 1: 10_037, 2: 123_456 } as const;
const HOSTS = 100;
/** 200 hosts each 200 ms are 1,000 probes a second. */
const INTERVAL = 200;
const ROUNDS = 30;
const DROP_EVERY = 20;
const RUNS = 5;
const BUSY_LOOPS = 3;
/** Where the reflector itself was held up for longer, the truth is not known well enough to judge anybody by it, µs. */
const BLUR = 10;

type Network = keyof typeof DELAYS;
const networks = [1, 2] as const;
const hosts = networks.flatMap((network) => Array.from({ length: HOSTS }, (_, i) => `10.77.${network}.${i + 1}`));
/** By host, in the order of sending; null: lost. Microseconds. */
type Reported = Record<string, readonly (number | null)[]>;

interface Judged {
  readonly errors: Record<Network, number[]>;
  readonly lost: number;
  readonly lostTruly: number;
  readonly lossWrong: number;
  readonly blurred: number;
  readonly probes: number;
  readonly seconds: number;
}

/** Joins report and truth: the n-th probe of a host is the n-th request that the reflector saw from it. */
function judge(reported: Reported, truth: readonly Truth[], seconds: number): Judged {
  const by = Map.groupBy(truth, (entry) => `10.77.${entry.network}.${entry.host}`);
  const errors: Record<Network, number[]> = { 1: [], 2: [] };
  let [lost, lostTruly, lossWrong, probes, blurred] = [0, 0, 0, 0, 0];
  for (const [host, times] of Object.entries(reported)) {
    const network = Number(host.split(".")[2]) as Network;
    const entries = by.get(host) ?? [];
    if (entries.length !== times.length)
      throw new Error(`${host}: ${times.length} reported, ${entries.length} arrived`);
    times.forEach((time, i) => {
      const { delay, blur } = entries[i] as Truth;
      if (blur > BLUR) blurred++;
      probes++;
      if (time === null) lost++;
      if (delay === null) lostTruly++;
      if ((time === null) !== (delay === null)) lossWrong++;
      if (time !== null && delay !== null && blur <= BLUR) errors[network].push(Math.abs(time - delay));
    });
  }
  return { errors, lost, lostTruly, lossWrong, probes, blurred, seconds };
}

/** The program and everything below it on processor 0, where the busy loops are; the reflector has the other one. */
const onFirst = (command: string, parameters: readonly string[]): [string, string[]] => [
  "taskset",
  ["-c", "0", command, ...parameters],
];

async function output(child: ChildProcess): Promise<{ out: string; told: string }> {
  const parts = { out: "", told: "" };
  child.stdout?.on("data", (part: Buffer) => (parts.out += part.toString()));
  child.stderr?.on("data", (part: Buffer) => (parts.told += part.toString()));
  await once(child, "close");
  return parts;
}

async function yagura(namespace: Namespace): Promise<Reported> {
  const run: AccuracyRun = { hosts, interval: INTERVAL, timeout: 1000, milliseconds: INTERVAL * ROUNDS };
  const file = join(import.meta.dirname, "accuracy-run.ts");
  const { out, told } = await output(namespace.spawn(...onFirst(process.execPath, [file, JSON.stringify(run)])));
  if (out === "") throw new Error(told);
  const found = JSON.parse(out) as AccuracyFigures;
  return Object.fromEntries(Object.entries(found).map(([host, { rtt }]) => [host, rtt]));
}

/** fping prints three significant digits: this is what its users get. */
async function fping(namespace: Namespace): Promise<Reported> {
  const parameters = ["-q", "-C", String(ROUNDS), "-i", "1", "-p", String(INTERVAL), "-t", "1000", ...hosts];
  const { told } = await output(namespace.spawn(...onFirst("fping", parameters)));
  return Object.fromEntries(
    told
      .split("\n")
      .filter((line) => line.includes(" : "))
      .map((line) => {
        const [host = "", times = ""] = line.split(" : ");
        return [
          host.trim(),
          times
            .trim()
            .split(" ")
            .map((time) => (time === "-" ? null : Number(time) * 1000)),
        ];
      }),
  );
}

async function once1(
  tool: (namespace: Namespace) => Promise<Reported>,
  busy: boolean,
): Promise<Judged & { realtime: boolean }> {
  const lab = await openLab();
  const loops: ChildProcess[] = [];
  try {
    const namespace = await lab.namespace();
    const rules = Object.fromEntries(networks.map((n) => [n, { delay: DELAYS[n], dropEvery: DROP_EVERY }]));
    const reflector = await startReflector(namespace, { rules, spin: true, cpu: 1 });
    if (busy)
      for (let i = 0; i < BUSY_LOOPS; i++)
        loops.push(spawn(...onFirst("sh", ["-c", "while :; do :; done"]), { stdio: "ignore" }));
    const started = performance.now();
    const reported = await tool(namespace);
    const seconds = (performance.now() - started) / 1000;
    const truth = await reflector.stop();
    return { ...judge(reported, truth, seconds), realtime: reflector.realtime };
  } finally {
    for (const loop of loops) loop.kill("SIGKILL");
    await lab.close();
  }
}

const columns = [
  "prober",
  "load",
  "truth ms",
  "samples",
  "truth blurred",
  "|error| median µs",
  "p95 µs",
  "p99 µs",
  "max µs",
  "loss reported",
  "loss true",
  "misjudged",
];

function row(prober: string, load: string, network: Network, runs: readonly Judged[]): BenchRow {
  const of = (q: number): number => median(runs.map((run) => quantile(run.errors[network], q)));
  const sum = (value: (run: Judged) => number): number => runs.reduce((total, run) => total + value(run), 0);
  return {
    prober,
    load,
    "truth ms": String(DELAYS[network] / 1000),
    samples: sum((run) => run.errors[network].length),
    "truth blurred": sum((run) => run.blurred),
    "|error| median µs": of(0.5),
    "p95 µs": of(0.95),
    "p99 µs": of(0.99),
    "max µs": Math.max(...runs.map((run) => quantile(run.errors[network], 1))),
    "loss reported": sum((run) => run.lost),
    "loss true": sum((run) => run.lostTruly),
    misjudged: sum((run) => run.lossWrong),
  };
}

async function run(): Promise<BenchResult> {
  const problem = await labProblem();
  if (problem !== null)
    return { name: bench.name, columns, rows: [], reach: [], notes: [`not measured: ${problem}; run it as root`] };
  const notes = [
    `${hosts.length} hosts, ${(1000 / INTERVAL) * hosts.length} probes/s, one in ${DROP_EVERY} lost on purpose; medians of ${RUNS} runs, max of all`,
    `when busy, the prober shares processor 0 with ${BUSY_LOOPS} busy loops; the reflector waits busily on processor 1`,
    `samples for which the reflector itself was held up by more than ${BLUR} µs are left out of the errors (truth blurred), not out of the losses`,
    "blurred and loss counts are of both delays together; fping prints three significant digits",
  ];
  const tools: [string, (namespace: Namespace) => Promise<Reported>][] = [["yagura", yagura]];
  if (await hasCommand("fping")) tools.push(["fping", fping]);
  else notes.push("fping is missing here (Debian: apt install fping): nothing to compare with");
  const rows: BenchRow[] = [];
  let realtime = true;
  for (const busy of [false, true])
    for (const [name, tool] of tools) {
      const runs: Judged[] = [];
      for (let i = 0; i < RUNS; i++) {
        const judged = await once1(tool, busy);
        realtime &&= judged.realtime;
        runs.push(judged);
      }
      for (const network of networks) rows.push(row(name, busy ? "busy" : "quiet", network, runs));
    }
  if (!realtime) notes.push("the reflector did not get SCHED_FIFO: the truth itself is blurred");
  return { name: bench.name, columns, rows, reach: reach(rows), notes };
}

function reach(rows: readonly BenchRow[]): BenchResult["reach"] {
  const of = (load: string, column: string): number[] =>
    rows.filter((each) => each["prober"] === "yagura" && each["load"] === load).map((each) => each[column] as number);
  const quiet = Math.max(...of("quiet", "|error| median µs"));
  const busy = Math.max(...of("busy", "p95 µs"));
  const wrong = [...of("quiet", "misjudged"), ...of("busy", "misjudged")].reduce((a, b) => a + b, 0);
  return [
    { what: "median error, quiet", wanted: "<= 5 µs", got: `${figure(quiet)} µs`, met: quiet <= 5 },
    { what: "p95 of the error, busy", wanted: "< 50 µs", got: `${figure(busy)} µs`, met: busy < 50 },
    { what: "loss", wanted: "exact", got: `${wrong} misjudged`, met: wrong === 0 },
  ];
}

export const bench: Bench = {
  name: "accuracy",
  group: "experience",
  summary: "reported round trips against a TUN reflector's log at 10.037 and 123.456 ms, quiet and busy, beside fping",
  run,
};
