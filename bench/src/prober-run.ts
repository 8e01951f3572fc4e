/**
 * One run of our echo socket at full speed against loopback targets; prints JSON. A process of its own, so that its processor
 * time is its own: `node prober-run.ts <JSON of ProberRun>`.
 */
import { once } from "node:events";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { socketAddress } from "@yagura/experience/edge/address.ts";
import { systemAgentClock } from "@yagura/experience/edge/clock.ts";
import { EchoProbe, EchoSocket } from "@yagura/experience/edge/echo.ts";
import { loadLibc } from "@yagura/experience/edge/libc.ts";
import { quantile } from "./table.ts";

export interface ProberRun {
  readonly targets: readonly string[];
  /** Probes per target, or seconds to go on for. */
  readonly rounds?: number;
  readonly seconds?: number;
  readonly threads: number;
}
export interface ProberFigures {
  readonly sent: number;
  readonly answered: number;
  /** Answers with both kernel stamps. */
  readonly stamped: number;
  readonly milliseconds: number;
  readonly cpuMicroseconds: number;
  readonly rttMedian: number;
  readonly mode: string;
}
type Part = Omit<ProberFigures, "milliseconds" | "cpuMicroseconds">;

const BATCH = 64;
/** Probes under way: what fits into a socket buffer that nobody was allowed to enlarge. */
const WINDOW = 256;
/** Round trips kept for the median. */
const KEPT = 100_000;

function measure(run: ProberRun): Part {
  const libc = loadLibc();
  if (typeof libc === "string") throw new Error(libc);
  let answered = 0;
  let stamped = 0;
  const trips: number[] = [];
  const idle: EchoProbe[] = [];
  const sink = {
    answered: (probe: EchoProbe): void => {
      answered++;
      const trip = probe.received - probe.transmitted;
      if (trip >= 0) stamped++;
      if (trips.length < KEPT) trips.push(trip);
      socket.release(probe);
      idle.push(probe);
    },
    duplicate: (): void => undefined,
    refused: (): void => undefined,
  };
  const clock = systemAgentClock(libc);
  let opened = EchoSocket.open(libc, clock, sink, { family: 4, mode: "raw", batch: BATCH });
  if (typeof opened === "number")
    opened = EchoSocket.open(libc, clock, sink, { family: 4, mode: "dgram", batch: BATCH });
  if (typeof opened === "number") throw new Error(`no ICMP socket: errno ${opened}`);
  const socket = opened;
  const targets = run.targets.map((text) => socketAddress({ family: 4, text }, 0));
  const started = performance.now();
  const total = run.rounds === undefined ? Number.POSITIVE_INFINITY : targets.length * run.rounds;
  let until = run.seconds === undefined ? Number.POSITIVE_INFINITY : started + run.seconds * 1000;
  let sent = 0;
  let next = 0;
  const batch: EchoProbe[] = [];
  while (answered < Math.min(total, sent + 1)) {
    const open = performance.now() < until;
    if (open && sent < total && sent - answered <= WINDOW - BATCH) {
      batch.length = Math.min(BATCH, total - sent);
      for (let i = 0; i < batch.length; i++) {
        const target = targets[next] as EchoProbe["target"];
        next = next + 1 === targets.length ? 0 : next + 1;
        const probe = idle.pop() ?? new EchoProbe(target, 56);
        probe.target = target;
        probe.answered = false;
        probe.transmitted = probe.received = Number.NaN;
        batch[i] = probe;
      }
      sent += Math.max(0, socket.send(batch, 0, batch.length));
    }
    socket.read();
    if (!open && (answered >= sent || performance.now() > until + 1000)) break;
    if (performance.now() - started > 120_000) until = 0;
  }
  socket.close();
  return { sent, answered, stamped, rttMedian: quantile(trips, 0.5), mode: socket.mode };
}

/** Work for a thread of its own, and the flag that lets all start together. */
interface Share {
  readonly run: ProberRun;
  readonly go: Int32Array<SharedArrayBuffer>;
}

/** Threads that have loaded everything and wait; call the answer to let them go. */
async function threads(run: ProberRun): Promise<() => Promise<Part[]>> {
  if (run.threads === 1) return async () => [measure(run)];
  const share = Math.ceil(run.targets.length / run.threads);
  const go = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from({ length: run.threads }, (_, i) => {
    const part: ProberRun = { ...run, targets: run.targets.slice(i * share, (i + 1) * share) };
    return new Worker(new URL(import.meta.url), { workerData: { run: part, go } satisfies Share });
  });
  await Promise.all(workers.map((worker) => once(worker, "message")));
  return () => {
    const results = Promise.all(workers.map(async (worker) => ((await once(worker, "message")) as [Part])[0]));
    Atomics.store(go, 0, 1);
    Atomics.notify(go, 0);
    return results;
  };
}

if (parentPort !== null) {
  const { run, go } = workerData as Share;
  const tell = parentPort.postMessage.bind(parentPort);
  tell("ready");
  Atomics.wait(go, 0, 0);
  tell(measure(run));
} else {
  const run = JSON.parse(process.argv[2] as string) as ProberRun;
  const start = await threads(run);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const parts = await start();
  const milliseconds = performance.now() - started;
  const used = process.cpuUsage(cpu);
  const sum = (key: "sent" | "answered" | "stamped"): number => parts.reduce((total, part) => total + part[key], 0);
  const figures: ProberFigures = {
    sent: sum("sent"),
    answered: sum("answered"),
    stamped: sum("stamped"),
    milliseconds,
    cpuMicroseconds: used.user + used.system,
    rttMedian: Math.max(...parts.map((part) => part.rttMedian)),
    mode: parts[0]?.mode ?? "",
  };
  process.stdout.write(JSON.stringify(figures));
}
