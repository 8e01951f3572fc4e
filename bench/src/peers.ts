/** Runs the programs that we are measured against, and says so when one is missing. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Timed {
  readonly code: number;
  readonly out: string;
  readonly told: string;
  readonly seconds: number;
  /** User and system time, seconds. */
  readonly cpu: number;
}

export const hasCommand = (name: string): Promise<boolean> =>
  new Promise((resolve) => execFile("sh", ["-c", `command -v ${name}`], (error) => resolve(error === null)));

/** Runs a command to its end and tells what processor time it took (bash's `time`: to the millisecond). */
export function timed(command: string, parameters: readonly string[], input = ""): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const script = 'TIMEFORMAT="%R %U %S"; time "$@"';
    const child = execFile(
      "bash",
      ["-c", script, "bash", command, ...parameters],
      { maxBuffer: 256 << 20 },
      (error, out, told) => {
        const line = /([\d.]+) ([\d.]+) ([\d.]+)\s*$/.exec(told);
        if (line === null) return reject(error ?? new Error(`${command} told no times: ${told}`));
        resolve({
          code: typeof error?.code === "number" ? error.code : 0,
          out,
          told,
          seconds: Number(line[1]),
          cpu: Number(line[2]) + Number(line[3]),
        });
      },
    );
    child.stdin?.end(input);
  });
}

/** A server among the peers: its processor time so far, seconds (/proc/PID/stat, in hundredths). */
export function cpuOf(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export const startPeer = (command: string, parameters: readonly string[]): ChildProcess =>
  spawn(command, parameters, { stdio: "ignore" });
