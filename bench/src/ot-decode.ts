/** Bench: full decoding of a merged capture with all dissectors, beside tshark, ndpiReader, tcpdump and argus; size of the uploads. */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";
import type { DecodeFigures } from "./ot/decode-run.ts";
import { mergedCapture, type Merged } from "./ot/merged.ts";
import { hasCommand, timed, type Timed } from "./peers.ts";
import type { Bench, BenchResult, BenchRow } from "./result.ts";
import { figure, median, ratio } from "./table.ts";

const RUNS = 3;
const RATE = "packets/CPU s";
const columns = ["program", "runs", "packets", "seconds", "CPU s", RATE, "Mbit/CPU s", "memory MB"];
const source = join(import.meta.dirname, "ot/decode-run.ts");

/** What each peer is asked to do; all write to nowhere. */
const peers: readonly { name: string; command: string; parameters: (path: string) => readonly string[] }[] = [
  { name: "tcpdump -nn", command: "tcpdump", parameters: (path) => ["-nn", "-r", path] },
  { name: "argus", command: "argus", parameters: (path) => ["-r", path, "-w", "/dev/null"] },
  { name: "ndpiReader", command: "ndpiReader", parameters: (path) => ["-q", "-i", path] },
  {
    name: "tshark, 8 fields",
    command: "tshark",
    parameters: (path) =>
      ["-n", "-r", path, "-T", "fields"].concat(
        ["frame.time_epoch", "eth.src", "ip.src", "ip.dst", "frame.len", "_ws.col.Protocol", "_ws.col.Info", "modbus.func_code"].flatMap((field) => ["-e", field]), // prettier-ignore
      ),
  },
];

const row = (
  program: string,
  merged: Merged,
  packets: number,
  runs: readonly Timed[],
  memory: number | null,
): BenchRow => {
  const cpu = median(runs.map((run) => run.cpu));
  return {
    program,
    runs: runs.length,
    packets,
    seconds: median(runs.map((run) => run.seconds)),
    "CPU s": cpu,
    [RATE]: packets / cpu,
    "Mbit/CPU s": (((packets / merged.packets) * merged.bytes) / cpu / 1e6) * 8,
    "memory MB": memory === null ? null : memory / 2 ** 20,
  };
};

/** The run program as the sensor is shipped: one file of JavaScript. */
async function bundled(folder: string): Promise<string> {
  const file = join(folder, "decode-run.mjs");
  const bundle = await rolldown({ input: source, platform: "node" });
  await bundle.write({ file, format: "esm", codeSplitting: false });
  await bundle.close();
  return file;
}

interface Ours {
  readonly row: BenchRow;
  readonly figures: DecodeFigures;
}

/** As the sensor's launcher (programs/sensor/package/yagura-sensor) starts the runtime. */
const ENVIRONMENT = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";
const RUNTIME = [process.execPath, "--max-semi-space-size=4", "--max-old-space-size=160"];

async function ours(program: string, file: string, merged: Merged, runs: number): Promise<Ours> {
  const all: Timed[] = [];
  for (let i = 0; i < runs; i++) all.push(await timed("env", [ENVIRONMENT, ...RUNTIME, file, merged.path]));
  const told = all.map(({ out }) => JSON.parse(out) as DecodeFigures);
  const memory = Math.max(...told.map((one) => one.memory));
  return { row: row(program, merged, merged.packets, all, memory), figures: told[0] as DecodeFigures };
}

async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "ot-decode-"));
  try {
    const merged = await mergedCapture(folder, LEAST);
    const long = await mergedCapture(folder, LONG);
    const file = await bundled(folder);
    const shipped = await ours("yagura, as shipped", file, long, RUNS);
    const once = await ours("yagura, once through", file, merged, RUNS);
    const raw = await ours("yagura, from sources", source, long, 1);
    const { out } = await timed(process.execPath, [file, long.path, "--sizes"]);
    const sizes = JSON.parse(out) as DecodeFigures;
    const notes = [
      `${long.what}: ${figure(long.packets)} packets, ${figure(long.bytes)} bytes; "once through" and the peers read ${figure(merged.packets)} packets of the same`,
      "captures of one origin follow each other, origins run side by side, silences are cut to 10 ms; uploads every 10 s of the capture",
      "start-up, compilation and collection of garbage are inside, on all threads; a capture is read once",
      `${figure(shipped.figures.dissectors)} dissectors; ${figure(shipped.figures.conversations)} rows of conversations and ${figure(shipped.figures.commands)} of commands; ${figure((100 * sizes.undissected) / sizes.payloads)} % of packets with payload are of no known protocol`,
      `load of the machine at the end: ${figure(loadavg()[0])} on ${figure(availableParallelism())} processors; processor time grows with what else runs, the peers' as well`,
      `a body of ${figure(sizes.packed / sizes.intervals)} bytes for each of ${figure(sizes.intervals)} uploads, Zstandard as the sensor packs it`,
    ];
    const rows = [shipped.row, once.row, raw.row];
    const beside = new Map<string, BenchRow>();
    for (const { name, command, parameters } of peers) {
      if (!(await hasCommand(command))) {
        notes.push(`${command} is missing here (Debian: apt install ${command}): nothing to compare with`);
        continue;
      }
      const ran = await timed(command, parameters(merged.path)).catch((error: unknown) => String(error).slice(0, 200));
      if (typeof ran === "string") notes.push(`${name} gave up: ${ran}`);
      else {
        if (ran.code !== 0) notes.push(`${name} ended with status ${ran.code}`);
        const line = row(name, merged, merged.packets, [ran], null);
        rows.push(line);
        beside.set(command, line);
      }
    }
    return { name: bench.name, columns, rows, reach: reach(shipped, beside.get("tshark"), sizes), notes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Packets of the two captures: the corpus as often as needed. */
const LEAST = 500_000;
const LONG = 4_000_000;

function reach(
  { row: shipped, figures }: Ours,
  tshark: BenchRow | undefined,
  sizes: DecodeFigures,
): BenchResult["reach"] {
  const rate = shipped[RATE] as number;
  const theirs = tshark === undefined ? null : (tshark[RATE] as number);
  const memory = shipped["memory MB"] as number;
  const size = sizes.packed / sizes.packets;
  return [
    { what: "packets per CPU second, all dissectors", wanted: ">= 1,000,000", got: figure(rate), met: rate >= 1e6 },
    {
      what: "over tshark",
      wanted: ">= 15x",
      got: ratio(rate, theirs),
      met: theirs === null ? null : rate >= 15 * theirs,
    },
    { what: "resident memory", wanted: "<= 256 MB", got: `${figure(memory)} MB`, met: memory <= 256 },
    { what: "uploaded bytes per packet", wanted: "<= 1.0", got: figure(size), met: size <= 1 },
    { what: "exceptions of dissectors", wanted: "0", got: figure(figures.faults), met: figures.faults === 0 },
  ];
}

export const bench: Bench = {
  name: "ot-decode",
  group: "ot",
  summary: "packets per CPU second of the whole sensor engine, memory and size of uploads, beside tshark and others",
  run,
};
