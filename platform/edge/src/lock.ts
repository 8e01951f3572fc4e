/** One program per state folder: a file with the process id, taken over from a process that is gone. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { raise } from "./errors.ts";

/** Takes the folder; gives the function that frees it. Throws ALREADY_RUNNING or STATE_FOLDER_UNUSABLE. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "lock");
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, `${process.pid} ${startOf(process.pid)}`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") {
        throw raise("STATE_FOLDER_UNUSABLE", { folder, cause: String(error) }, { cause: error });
      }
      const pid = livingHolder(path);
      if (pid !== null) throw raise("ALREADY_RUNNING", { pid, folder });
      rmSync(path, { force: true });
    }
  }
  throw raise("STATE_FOLDER_UNUSABLE", { folder, cause: "its lock file comes back" });
}

/** The process that holds the lock, or null when it is gone. A number alone may come back as another process. */
function livingHolder(path: string): number | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  const [pid, start] = text.split(" ");
  const number = Number(pid);
  if (!Number.isInteger(number) || number <= 0) return null;
  try {
    process.kill(number, 0);
  } catch (error) {
    // EPERM: it lives, as another user.
    if ((error as { code?: string }).code === "ESRCH") return null;
  }
  return startOf(number) === start ? number : null;
}

/** When a process started, in the kernel's ticks; empty where that cannot be told. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
