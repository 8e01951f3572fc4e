/** The agent's clocks, handed in so that tests can let a machine sleep or its clock step. All in microseconds. */
import { readFileSync } from "node:fs";
import { CLOCK_BOOTTIME, CLOCK_REALTIME, type Libc } from "./libc.ts";

export interface AgentClock {
  /** Since the epoch. Steps when somebody sets the clock. */
  wall(): number;
  /** Never steps; stands still while the machine sleeps (Linux, macOS). */
  monotonic(): number;
  /** Like `monotonic`, but goes on while the machine sleeps; null where the system does not tell. */
  boot(): number | null;
}

export const monotonicNow = (): number => performance.now() * 1000;

/** The machine's clocks: to the nanosecond through libc, else to the millisecond (wall) and 10 ms (boot, /proc/uptime). */
export function systemAgentClock(libc: Libc | null): AgentClock {
  if (libc === null)
    return {
      wall: () => Date.now() * 1000,
      monotonic: monotonicNow,
      boot: process.platform === "linux" ? uptime : none,
    };
  const timespec = libc.allocate(16);
  const read = (clock: number): number => {
    libc.clock_gettime(clock, timespec.address);
    return (
      (timespec.u32[1] as number) * 4_294_967_296e6 +
      (timespec.u32[0] as number) * 1e6 +
      (timespec.u32[2] as number) / 1e3
    );
  };
  return { wall: () => read(CLOCK_REALTIME), monotonic: monotonicNow, boot: () => read(CLOCK_BOOTTIME) };
}

const none = (): null => null;

function uptime(): number | null {
  try {
    return Number(readFileSync("/proc/uptime", "latin1").split(" ")[0]) * 1e6;
  } catch {
    return null;
  }
}

/** Wall minus monotonic, read so closely together that being preempted between the two does not matter. */
export function wallOffset(clock: AgentClock): number {
  let best = 0;
  let width = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = clock.monotonic();
    const wall = clock.wall();
    const after = clock.monotonic();
    if (after - before < width) {
      width = after - before;
      best = wall - (before + after) / 2;
    }
    if (width < 3) break;
  }
  return best;
}
