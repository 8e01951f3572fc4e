/** ICMP by the system's own ping command: where the program may open no ICMP socket, and on macOS and Windows. */
import { execFile } from "node:child_process";
import type { Address } from "./address.ts";
import type { Lag } from "./lag.ts";
import { discard, forbid, inTime, lateWindow, type Prober } from "./measured.ts";
import type { Names } from "./names.ts";
import type { IcmpQuestion } from "./icmp-prober.ts";

const METHOD = "icmp-command";
/** ping takes its send time by its own clock before the kernel has sent, µs (measured: 37 typical, more when busy). */
const COMMAND_BOUND = 500;
/** Ping processes at once; more are not started, and their slots are "agent-overloaded". */
const AT_ONCE = 16;

/** Counts the ping processes of one agent. */
export interface PingGate {
  running: number;
  /** Why the command is of no use here, or null as long as it is. */
  useless: string | null;
}

/** Arguments for one echo request: destination, octets of payload, whole milliseconds to wait. */
export function pingArguments(
  platform: NodeJS.Platform,
  address: Address,
  size: number,
  wait: number,
): [string, string[]] {
  const { family, text } = address;
  if (platform === "win32") return ["ping", [`-${family}`, "-n", "1", "-w", String(wait), "-l", String(size), text]];
  if (platform === "darwin")
    return family === 4
      ? ["ping", ["-n", "-c", "1", "-W", String(wait), "-s", String(size), text]]
      : ["ping6", ["-n", "-c", "1", "-s", String(size), text]];
  return ["ping", [`-${family}`, "-n", "-c", "1", "-W", (wait / 1000).toFixed(3), "-s", String(size), text]];
}

export interface PingAnswer {
  readonly outcome: "ok" | "lost" | "unreachable" | "failed" | "forbidden";
  /** Microseconds. */
  readonly rtt: number;
  /** Half the last digit that was printed, µs. */
  readonly resolution: number;
}

/** Reads what ping printed, in any language: a round trip stands after `=` or `<` and before `ms`. */
export function readPing(text: string): PingAnswer {
  const answer = /[=<]\s?(\d+)(?:[.,](\d+))?\s?ms/.exec(text);
  if (answer !== null) {
    const [, whole = "0", fraction = ""] = answer;
    const rtt = Number(`${whole}.${fraction === "" ? "0" : fraction}`) * 1000;
    return { outcome: "ok", rtt: Math.max(1, rtt), resolution: 500 / 10 ** fraction.length };
  }
  if (/unreachable|到達でき/i.test(text)) return { outcome: "unreachable", rtt: 0, resolution: 0 };
  if (/permitted|denied|capabilit/i.test(text)) return { outcome: "forbidden", rtt: 0, resolution: 0 };
  if (/failure|unknown|invalid|usage/i.test(text)) return { outcome: "failed", rtt: 0, resolution: 0 };
  return { outcome: "lost", rtt: 0, resolution: 0 };
}

export function pingProber(gate: PingGate, lag: Lag, names: Names, question: IcmpQuestion, now: () => number): Prober {
  return {
    method: METHOD,
    start: (slot, finished) =>
      names.forSlot(slot, question, METHOD, finished, (address) => {
        if (gate.running >= AT_ONCE) {
          discard(slot);
          slot.finalAt = now();
          return;
        }
        gate.running++;
        slot.sent = now();
        slot.finalAt = Number.POSITIVE_INFINITY;
        const wait = Math.ceil((question.timeout + lateWindow(question.timeout)) / 1000);
        const [command, parameters] = pingArguments(process.platform, address, question.size ?? 56, wait);
        const settings = { timeout: wait + 2000, windowsHide: true, env: { ...process.env, LC_ALL: "C" } };
        const child = execFile(command, parameters, settings, (error, out, told) => {
          gate.running--;
          slot.release = null;
          const missing = (error as NodeJS.ErrnoException | null)?.code === "ENOENT";
          const { outcome, rtt, resolution } = readPing(`${out}\n${told}`);
          if (missing || outcome === "forbidden") {
            gate.useless = missing ? "there is no ping command" : "the ping command is not permitted";
            forbid(slot);
          } else {
            gate.useless = null;
            finished(slot, {
              outcome: outcome === "ok" ? inTime(rtt, question.timeout) : outcome,
              method: METHOD,
              rtt,
              bound: rtt > 0 ? COMMAND_BOUND + resolution : 0,
            });
          }
          slot.finalAt = now();
        });
        slot.release = () => child.kill();
      }),
  };
}
