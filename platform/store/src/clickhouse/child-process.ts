/** The process that holds the embedded ClickHouse (child.ts): how it is started, found again after a crash, and explained. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { raise } from "../errors.ts";
import type { Log } from "../log.ts";
import { isAlive, signal, waitFor } from "../processes.ts";
import { boundLog, logTail, saysDiskFull } from "../supervise.ts";
import type { ChildOptions } from "./protocol.ts";

export interface ChildPlace {
  /** Data folder of the engine. The caller holds the lock of the data folder. */
  readonly folder: string;
  readonly log: Log;
  /** Bytes the engine may use in all; a quarter of the machine's, at least 700 MB, unless told. */
  readonly memory?: number;
}

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

export function spawnChild(options: ChildPlace): ChildProcess {
  const log = logFile(options.folder);
  boundLog(log);
  const output = openSync(log, "a", 0o600);
  const child: ChildOptions = {
    folder: join(options.folder, "data"),
    memory: options.memory ?? Math.max(700e6, Math.floor(totalmem() / 4)),
    lanes: 3,
  };
  try {
    // Its own process group: Ctrl-C in the terminal must reach only us, who stop it in order.
    return spawn(process.execPath, [CHILD, JSON.stringify(child)], {
      cwd: "/",
      detached: true,
      env: { PATH: process.env["PATH"], HOME: options.folder, TZ: "UTC", LANG: "C.UTF-8", UV_THREADPOOL_SIZE: "12" },
      stdio: ["ignore", output, output, "pipe"],
    });
  } finally {
    closeSync(output);
  }
}

const logFile = (folder: string): string => join(folder, "log");
const pidFile = (folder: string): string => join(folder, "child.pid");

export function writePid(folder: string, pid: number): void {
  try {
    writeFileSync(pidFile(folder), String(pid));
  } catch {
    // A full disk: the child ends with us anyway; the number only helps to end one that does not.
  }
}

export const forgetPid = (folder: string): void => rmSync(pidFile(folder), { force: true });

/** A child ends when its parent does. Should one not have, it is ended here, after proof that it is ours. */
export async function endOrphan(folder: string, log: Log): Promise<void> {
  try {
    const pid = Number(readFileSync(pidFile(folder), "utf8"));
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    if (!line.includes(CHILD) || !line.includes(JSON.stringify(join(folder, "data")))) return;
    if (!isAlive(pid)) return;
    log("warn", "ending an embedded ClickHouse that was left over by a crash", { pid });
    signal(pid, "SIGKILL");
    await waitFor(() => !isAlive(pid), 5_000);
  } catch {
    // None was left, or the system has no /proc.
  }
}

/** Why it did not start, as a row of errors.ts: DISK_FULL or TELEMETRY_UNAVAILABLE. */
export function startFailure(folder: string, reason: string): Error {
  if (saysDiskFull(logTail(logFile(folder)) + reason)) return raise("DISK_FULL", { place: folder });
  return raise("TELEMETRY_UNAVAILABLE", { reason: `${reason}; log: ${logFile(folder)}` });
}
