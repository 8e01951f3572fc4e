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
      writeSync(file, `${process.pid}`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") {
        throw raise("STATE_FOLDER_UNUSABLE", { folder, cause: String(error) }, { cause: error });
      }
      const pid = holder(path);
      if (pid !== null && pid !== process.pid && sameProgram(pid)) throw raise("ALREADY_RUNNING", { pid, folder });
      rmSync(path, { force: true });
    }
  }
  throw raise("STATE_FOLDER_UNUSABLE", { folder, cause: "its lock file comes back" });
}

function holder(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** Whether that process lives and, where it can be told, is one of ours: process ids are used again. */
function sameProgram(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as { code?: string }).code === "ESRCH") return false;
  }
  if (process.platform !== "linux") return true;
  try {
    const [own, other] = [process.pid, pid].map((id) => readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0")[0]);
    return own === other;
  } catch {
    return true;
  }
}
