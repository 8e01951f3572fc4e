/** A full disk: a clear error, nothing acknowledged lost, and everything goes on when there is space again. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("store-programs/disk-full.ts", import.meta.url));

test("the disk fills up under load, and is emptied again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "yagura-full-"));
  // The file system is ours alone, and goes with its namespace.
  const namespace = process.getuid?.() === 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
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
