/** A fleet over HTTP, all the way to durable rows: how much one machine takes, and ten thousand agents held in real time. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { everyOrganisation } from "@yagura/store/store.ts";
import { openFleetStores, seedFleet } from "./fleet/seed.ts";
import type { SimulatorOptions, SimulatorReport } from "./fleet/simulator.ts";
import type { Bench, BenchRow } from "./result.ts";
import { memoryOfTree } from "./running.ts";

const AGENTS = Number(process.env["BENCH_AGENTS"] ?? 10_000);
const SESSIONS = 10;
/** Seconds of the paced row: five minutes unless `BENCH_SECONDS` says otherwise. */
const PACED_SECONDS = Number(process.env["BENCH_SECONDS"] ?? 300);
/** Seconds of samples in a batch of the paced fleet. */
const PACED_UPLOAD = Number(process.env["BENCH_UPLOAD"] ?? 10);
const PEAK_SECONDS = 15;
const CONNECTIONS = 64;
const columns = [
  "fleet",
  "samples/s",
  "batches/s",
  "answer p50 ms",
  "answer p99 ms",
  "all in telemetry after s",
  "server CPU",
  "server CPU µs/sample",
  "simulator CPU",
  "peak memory MB",
  "B/sample on the wire",
];

interface Server {
  readonly port: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

async function startServer(data: string): Promise<Server> {
  const program = new URL("../../programs/control-plane/src/main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, "--data", data, "--port", "0", "--local-agent", "off"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the control plane ended with status ${code}`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("ready ")) resolve(line.slice(6));
    });
  });
  return {
    port: Number(new URL(url).port),
    process: child,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

function simulate(options: SimulatorOptions): Promise<SimulatorReport> {
  const program = new URL("fleet/simulator.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
  return new Promise((resolve, reject) =>
    child.once("exit", (code) =>
      code === 0
        ? resolve(JSON.parse(text) as SimulatorReport)
        : reject(new Error(`the simulator ended with status ${code}`)),
    ),
  );
}

/** Rows that the mover has put into telemetry, by the server's own metrics. */
async function rowsMoved(server: Server): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  return Number(/yagura_edge_rows_total\{table="experience_sample"\} (\d+)/.exec(text)?.[1] ?? 0);
}

type Part = "control plane" | "ClickHouse" | "PostgreSQL";

/** Processor seconds of the server's processes that are alive, by what they are. */
function cpuByPart(root: number): Record<Part, number> {
  const out: Record<Part, number> = { "control plane": 0, ClickHouse: 0, PostgreSQL: 0 };
  const { pids, each } = memoryOfTree(root);
  for (const [i, pid] of pids.entries()) {
    const command = each[i]?.command ?? "";
    const part = pid === root ? "control plane" : command.includes("clickhouse") ? "ClickHouse" : "PostgreSQL";
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
        .replace(/^.*\) /, "")
        .split(" ");
      // Own and of children that ended: user, system, user of children, system of children; hundredths.
      out[part] += fields.slice(11, 15).reduce((a, b) => a + Number(b), 0) / 100;
    } catch {
      // It ended between the two readings.
    }
  }
  return out;
}
const sum = (parts: Record<Part, number>): number => Object.values(parts).reduce((a, b) => a + b, 0);

interface Row {
  readonly row: BenchRow;
  readonly report: SimulatorReport;
  readonly drained: number;
  readonly rate: number;
  /** Processor µs a batch, by process. */
  readonly split: string;
}

async function row(server: Server, name: string, options: SimulatorOptions): Promise<Row> {
  const pid = server.process.pid as number;
  const before = await rowsMoved(server);
  const cpu = cpuByPart(pid);
  let memory = 0;
  const watch = setInterval(() => (memory = Math.max(memory, memoryOfTree(pid).bytes)), 1000);
  const report = await simulate(options);
  const answered = performance.now();
  if (report.refused > 0) throw new Error(`${report.refused} batches were refused: ${report.trouble}`);
  while ((await rowsMoved(server)) - before < report.samples) {
    if (performance.now() - answered > 120_000) throw new Error("samples did not reach telemetry within two minutes");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  clearInterval(watch);
  const drained = (performance.now() - answered) / 1000;
  const after = cpuByPart(pid);
  const used = sum(after) - sum(cpu);
  const split = (Object.keys(after) as Part[])
    .map((part) => `${part} ${(((after[part] - cpu[part]) * 1e6) / report.batches).toFixed(0)}`)
    .join(", ");
  // The time until the last row stands in telemetry counts: an acknowledged sample is durable, yet not done.
  const seconds = report.seconds + drained;
  const rate = report.samples / seconds;
  return {
    report,
    drained,
    rate,
    split,
    row: {
      fleet: name,
      "samples/s": rate,
      "batches/s": report.batches / seconds,
      "answer p50 ms": report.p50,
      "answer p99 ms": report.p99,
      "all in telemetry after s": drained,
      "server CPU": used / seconds,
      "server CPU µs/sample": (used * 1e6) / report.samples,
      "simulator CPU": report.cpu / seconds,
      "peak memory MB": memory / 1e6,
      "B/sample on the wire": report.bytes / report.samples,
    },
  };
}

export const bench: Bench = {
  name: "ingest",
  group: "experience",
  summary: "fleet simulator over HTTP to durable rows",
  run: async () => {
    const data = mkdtempSync(join(tmpdir(), "yagura-bench-ingest-"));
    try {
      const { organisation } = await seedFleet(data, AGENTS, SESSIONS);
      const server = await startServer(data);
      const common = { fleet: join(data, "fleet.json"), port: server.port, connections: CONNECTIONS };
      const rows: BenchRow[] = [];
      const splits: string[] = [];
      let sent = 0;
      let peak = 0;
      let held: { behind: number; drained: number } = { behind: Infinity, drained: Infinity };
      try {
        const warm = await row(server, "warm-up", { ...common, upload: 60, duration: 3, paced: false });
        sent += warm.report.samples;
        const runs: Row[] = [];
        for (let n = 0; n < 5; n++) {
          const one = await row(server, "a minute of samples a batch, as fast as it goes (median of 5)", {
            ...common,
            upload: 60,
            duration: PEAK_SECONDS,
            paced: false,
          });
          runs.push(one);
          sent += one.report.samples;
        }
        const middle = runs.sort((a, b) => a.rate - b.rate)[2] as Row;
        peak = middle.rate;
        rows.push(middle.row);
        splits.push(`Processor µs a batch of ${SESSIONS * 60} samples: ${middle.split}.`);
        const fleet = `${AGENTS.toLocaleString("en-US")} agents x ${SESSIONS} sessions x 1 Hz, ${PACED_SECONDS} s, upload every ${PACED_UPLOAD} s`;
        const paced = await row(server, fleet, {
          ...common,
          upload: PACED_UPLOAD,
          duration: PACED_SECONDS,
          paced: true,
        });
        rows.push(paced.row);
        splits.push(`Processor µs a batch of ${SESSIONS * PACED_UPLOAD} samples: ${paced.split}.`);
        sent += paced.report.samples;
        held = { behind: paced.report.behind, drained: paced.drained };
      } finally {
        await server.stop();
      }
      const stored = await countRows(data, organisation);
      return {
        name: "ingest",
        columns,
        rows,
        reach: [
          {
            what: "samples/s over HTTP to rows in telemetry",
            wanted: "300,000 on 2 cores",
            got: Math.round(peak).toLocaleString("en-US"),
            met: peak >= 300_000,
          },
          {
            what: `${AGENTS.toLocaleString("en-US")} agents x ${SESSIONS} sessions x 1 Hz held`,
            wanted: "with room to spare",
            got: `${held.behind.toFixed(2)} s behind at most, the last row ${held.drained.toFixed(1)} s after the last answer`,
            met: held.behind < PACED_UPLOAD && held.drained < 5,
          },
          {
            what: "each sample stored exactly once",
            wanted: sent.toLocaleString("en-US"),
            got: stored.toLocaleString("en-US"),
            met: stored === sent,
          },
        ],
        notes: [
          ...splits,
          "The simulator shares the machine with PostgreSQL, ClickHouse and the control plane; its processor time is in the table (1 = one core). Every batch is compressed, signed with its agent's own key, verified, journalled and fsynced before it is answered.",
          "The rate counts the time until the last row stands in ClickHouse. The paced row ran once (BENCH_SECONDS for another length).",
        ],
      };
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  },
};

async function countRows(data: string, organisation: string): Promise<number> {
  const stores = await openFleetStores(data);
  try {
    const [row] = await stores.telemetry.query<{ n: number }>(
      everyOrganisation,
      "select count() as n from experience_sample where organisation = {of:UUID}",
      { of: organisation },
      { timeout: 60_000 },
    );
    return row?.n ?? 0;
  } finally {
    await stores.stop();
  }
}
