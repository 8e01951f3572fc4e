/** One process per data folder: an advisory lock that the kernel releases when its holder dies, however it dies. */
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { raise } from "./errors.ts";

export interface FolderLock {
  release(): void;
}

const LOCK_EX = 2;
const LOCK_NB = 4;

interface Koffi {
  load(path: string | null): { func(declaration: string): (...args: number[]) => number };
}

let flock: ((fd: number, operation: number) => number) | undefined;

/** flock(2) on an open file; true when the lock is ours. */
export function tryLock(fd: number): boolean {
  // Loaded on first use: programs that use external servers only never need it.
  flock ??= (createRequire(import.meta.url)("koffi") as Koffi)
    .load(process.platform === "darwin" ? "/usr/lib/libSystem.dylib" : null)
    .func("int flock(int fd, int operation)");
  return flock(fd, LOCK_EX | LOCK_NB) === 0;
}

/** Locks a data folder (made when absent). Throws DATA_FOLDER_IN_USE or DATA_FOLDER_NOT_WRITABLE. */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, "yagura.lock");
  let fd: number;
  try {
    mkdirSync(folder, { recursive: true });
    fd = openSync(path, "a+", 0o600);
  } catch (cause) {
    throw raise("DATA_FOLDER_NOT_WRITABLE", { folder, reason: (cause as Error).message }, { cause });
  }
  if (!tryLock(fd)) {
    closeSync(fd);
    throw raise("DATA_FOLDER_IN_USE", { folder, pid: readFileSync(path, "utf8").trim() || "?" });
  }
  try {
    ftruncateSync(fd);
    writeSync(fd, `${process.pid}\n`);
  } catch {
    // A full disk must not stop the start: the number is only for the error message of a second start.
  }
  return { release: () => closeSync(fd) };
}
