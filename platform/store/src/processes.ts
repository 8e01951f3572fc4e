/** Finding and ending what a crash left behind, by proof of what a process is, never by its number alone. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Processes that work inside `folder`: every PostgreSQL process has its data folder as working directory. */
export function processesIn(folder: string, command: string): number[] {
  if (process.platform !== "linux") return [];
  const found: number[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (readlinkSync(`/proc/${pid}/cwd`) !== folder) continue;
      if (readFileSync(`/proc/${pid}/comm`, "utf8").trim() === command) found.push(pid);
    } catch {
      // Gone meanwhile, or not ours to look at.
    }
  }
  return found;
}

/** Whether a process number belongs to `command` started on `folder` (the number may have been given to another program). */
export function isProcessOf(pid: number, folder: string, command: string): boolean {
  if (process.platform === "linux") return processesIn(folder, command).includes(pid);
  try {
    const line = execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return line.includes(command) && line.includes(folder);
  } catch {
    return false;
  }
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return !isZombie(pid);
};

/** A zombie has ended; only its parent has not asked yet. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Sends a signal; a process that is gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

/** Waits until `done` holds; false after `milliseconds`. */
export async function waitFor(
  done: () => boolean | Promise<boolean>,
  milliseconds: number,
  every = 20,
): Promise<boolean> {
  for (const end = performance.now() + milliseconds; ; await sleep(every)) {
    if (await done()) return true;
    if (performance.now() > end) return false;
  }
}
