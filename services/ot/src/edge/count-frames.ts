/**
 * Captures and counts, for tests and benches: `node count-frames.ts <JSON of CountFrames>` opens, drops its rights if told so,
 * says `ready`, then how many it has seen, line by line, until standard input ends, and at last what it saw as JSON.
 */
import { readFileSync, writeSync } from "node:fs";
import { openRings, startPipes, startRings, type Capture, type CaptureOptions, type OnFrame } from "./capture.ts";
import { makeEngine } from "./engine.ts";
import { dropRights, otherUser } from "./rights.ts";

export interface CountFrames extends CaptureOptions {
  readonly method: "ring" | "pipe";
  readonly user: string | null;
  /** Waits this long in each frame's call, to be too slow on purpose; µs. */
  readonly slow?: number;
  /** Tries to send through each socket; what became of it is in `attempts`. */
  readonly send?: boolean;
  /** Decodes all of it as the sensor does, with an interval each second. */
  readonly decode?: boolean;
}
export interface Counted {
  readonly told: string;
  readonly packets: number;
  readonly bytes: number;
  /** The first frames as hexadecimal. */
  readonly first: readonly string[];
  readonly lengths: readonly number[];
  readonly times: readonly number[];
  readonly counters: ReturnType<Capture["counters"]>;
  readonly sealed: boolean;
  readonly attempts: readonly string[];
  /** User and system time from `ready` to the end, tcpdump's with it, s. */
  readonly cpu: number;
  /** Resident bytes at most. */
  readonly resident: number;
}
const FIRST = 16;

/** User and system time of children that have ended, s (proc(5): cutime and cstime, in hundredths). */
function childrenCpu(): number {
  const fields = readFileSync("/proc/self/stat", "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function attempt(fd: number): string {
  try {
    return `${writeSync(fd, Buffer.alloc(60, 0xff))} bytes were sent`;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

if (import.meta.main) {
  const options = JSON.parse(process.argv[2] as string) as CountFrames;
  let [packets, bytes, sealed] = [0, 0, false];
  const [first, lengths, times]: [string[], number[], number[]] = [[], [], []];
  const { engine } = makeEngine();
  const onFrame: OnFrame = (buffer, from, to, length, time, link, capture) => {
    packets++;
    if (options.decode === true) engine.packet(buffer, from, to, length, time, link, capture);
    bytes += length;
    if (first.length < FIRST) {
      first.push(Buffer.from(buffer.subarray(from, to)).toString("hex"));
      lengths.push(length);
      times.push(time);
    }
    if (options.slow !== undefined) {
      const until = performance.now() + options.slow / 1000;
      while (performance.now() < until);
    }
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const opened = options.method === "ring" ? openRings(options) : "asked for";
  const user = options.user === null ? null : otherUser(options.user);
  if (options.method === "ring" && typeof opened === "string") throw new Error(opened);
  const capture =
    typeof opened === "string"
      ? await startPipes(options, user?.name ?? "root", opened, onFrame, log)
      : ((sealed = dropRights(
          opened.libc,
          user,
          opened.sockets.map(({ fd }) => fd),
        ).sealed),
        startRings(opened, onFrame, log));
  const attempts: string[] = [];
  if (options.send === true && typeof opened !== "string")
    for (const { fd } of opened.sockets) {
      // F_DUPFD: another number for the same socket.
      const doubled = opened.libc.fcntl(fd, 0, 0);
      attempts.push(attempt(fd), doubled < 0 ? "not doubled" : attempt(doubled));
    }
  process.stdout.write("ready\n");
  const before = process.cpuUsage();
  const taking = setInterval(() => options.decode === true && engine.take(Date.now() * 1000), 1_000);
  const telling = setInterval(() => process.stdout.write(`${packets}\n`), 50);
  process.stdin.resume().on("end", () => capture.stop());
  await capture.ended;
  clearInterval(telling);
  clearInterval(taking);
  const { user: own, system } = process.cpuUsage(before);
  const resident = Number(/VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "latin1"))?.[1]) * 1024;
  const counted: Counted = {
    told: capture.told,
    packets,
    bytes,
    first,
    lengths,
    times,
    counters: capture.counters(),
    sealed,
    attempts,
    cpu: (own + system) / 1e6 + childrenCpu(),
    resident,
  };
  process.stdout.write(JSON.stringify(counted));
}
