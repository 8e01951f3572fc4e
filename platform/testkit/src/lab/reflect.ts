/** Starts the TUN reflector inside a namespace and reads its log of what truly happened. */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Namespace } from "./namespace.ts";

/** Times in microseconds. A packet is counted per rule; `…Every: 20` means the 20th, 40th … */
export interface ReflectorRule {
  readonly delay: number;
  /** Uniform, plus or minus. */
  readonly jitter?: number;
  readonly dropEvery?: number;
  /** Answered twice. */
  readonly duplicateEvery?: number;
  /** Answered later by `hold`: overtaken by those after it. */
  readonly holdEvery?: number;
  readonly hold?: number;
  /** Answered from another address. */
  readonly otherSource?: boolean;
}

export interface ReflectorSettings {
  readonly device: string;
  /** By network number: 10.77.N.x and fd77::N:x. */
  readonly rules: Readonly<Record<number, ReflectorRule>>;
  readonly log: string;
  /** Waits busily under SCHED_FIFO (needs root): exact to about 2 µs. Otherwise it sleeps, and is exact to about 100 µs. */
  readonly spin: boolean;
  /** Processor to stay on while spinning. */
  readonly cpu?: 0 | 1;
}

/** One echo request that reached the reflector. */
export interface Truth {
  readonly network: number;
  readonly host: number;
  /** ICMP sequence number. */
  readonly sequence: number;
  /** Octets 4 to 8 of the payload: our probes' cookie. */
  readonly mark: number;
  /** Microseconds between reading the request and writing the answer; null: dropped (or not yet answered). */
  readonly delay: number | null;
  readonly copies: number;
  /**
   * How far the delay may be from the truth, µs: the reflector cannot tell when a packet came that it found after it had been
   * held up itself.
   */
  readonly blur: number;
}

export interface Reflector {
  /** Whether it got SCHED_FIFO. */
  readonly realtime: boolean;
  /** Ends it and gives what it did, in the order of arrival. */
  stop(): Promise<Truth[]>;
}

/** Starts it and routes 10.77.0.0/16 and fd77::/64 to it from 10.76.0.1 and fd76::1. */
export async function startReflector(
  namespace: Namespace,
  settings: Pick<ReflectorSettings, "rules"> & Partial<Pick<ReflectorSettings, "spin" | "cpu">>,
): Promise<Reflector> {
  const folder = mkdtempSync(join(tmpdir(), "reflector-"));
  const log = join(folder, "truth");
  const device = "tun0";
  const all: ReflectorSettings = { spin: false, ...settings, device, log };
  await namespace.shell(`
    ip tuntap add dev ${device} mode tun
    ip link set ${device} txqueuelen 20000 up
    ip address add 10.76.0.1/32 dev ${device}
    ip address add fd76::1/128 dev ${device} nodad
    ip route add 10.77.0.0/16 dev ${device} src 10.76.0.1
    ip -6 route add fd77::/64 dev ${device} src fd76::1`);
  const child = namespace.node(join(import.meta.dirname, "reflector.ts"), [JSON.stringify(all)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  const [line] = (await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, "data"),
    gone.then(() => Promise.reject(new Error("the reflector did not start"))),
  ])) as [Buffer];
  const { realtime } = JSON.parse(line.toString()) as { realtime: boolean };
  return {
    realtime,
    stop: async () => {
      child.stdin?.end();
      const [code] = (await gone) as [number | null];
      if (code !== 0) throw new Error(`the reflector ended with status ${code}`);
      const truth = readTruth(readFileSync(log, "utf8"));
      rmSync(folder, { recursive: true });
      return truth;
    },
  };
}

export function readTruth(text: string): Truth[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [destination = 0, sequence = 0, mark = 0, delay = -1, copies = 0, blur = 0] = line.split(" ").map(Number);
      return {
        network: destination >> 8,
        host: destination & 0xff,
        sequence,
        mark,
        delay: delay < 0 ? null : delay,
        copies,
        blur,
      };
    });
}
