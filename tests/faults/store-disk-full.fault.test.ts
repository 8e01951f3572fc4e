/** A full disk: a clear error, nothing acknowledged lost, and everything goes on when there is space again. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const program = at("store-programs/disk-full.ts");
const starts = at("store-programs/start-on-full-disk.sh");
const stores = at("../../platform/testkit/src/stores-program.ts");
// The file system is ours alone, and goes with its namespace.
const namespace = process.getuid?.() === 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"];

test("the disk fills up under load, and is emptied again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "yagura-full-"));
  try {
    const { stdout } = await promisify(execFile)("unshare", [...namespace, process.execPath, program, folder]);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual({
      before: { samples: true, rows: true },
      during: { samples: false, rows: false },
      recovered: true,
      after: { samples: true, rows: true },
      refusals: ["DISK_FULL"],
      lostSamples: [],
      lostRows: [],
      twice: 0,
      rollup: true,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);

test("a start on a disk that is too small or full says so, and works when there is space", async () => {
  const folder = mkdtempSync(join(tmpdir(), "yagura-full-"));
  try {
    const args = [...namespace, "sh", starts, process.execPath, stores, folder];
    const { stdout } = await promisify(execFile)("unshare", args);
    const said = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { code?: string; answers?: boolean })
      .map((one) => one.code ?? one.answers);
    expect(said).toEqual(["DISK_FULL", true, "DISK_FULL", true]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
