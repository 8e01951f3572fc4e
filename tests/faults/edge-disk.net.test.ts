/** The disk of an edge program is full: real, on a file system of one megabyte in a namespace of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the spool drops what it must, counts it, damages nothing, and goes on when there is room again", () => {
  const folder = mkdtempSync(join(tmpdir(), "yagura-full-"));
  try {
    const program = fileURLToPath(new URL("edge-programs/filler.ts", import.meta.url));
    const script = `mount -t tmpfs -o size=1m none "$0" && exec "$1" "$2" "$0"`;
    const run = spawnSync("unshare", ["-Urm", "sh", "-c", script, folder, process.execPath, program], {
      encoding: "utf8",
    });
    expect(run.status, run.stderr).toBe(0);
    const { sealed, refused, full, after, whole, waiting, reopened } = JSON.parse(run.stdout) as {
      sealed: number;
      refused: number;
      full: { dropped: number; batches: number };
      after: { dropped: number; batches: number };
      whole: number[];
      waiting: number;
      reopened: number;
    };
    expect(full.dropped).toBeGreaterThan(0);
    // Each batch is waiting or counted: none vanished.
    expect(after.batches + after.dropped).toBe(320);
    expect(sealed + refused).toBe(320);
    expect(whole).toHaveLength(waiting);
    expect(reopened).toBe(waiting);
    // After the other program gave room, the last twenty were all kept.
    expect(whole.slice(-20)).toEqual(Array.from({ length: 20 }, (_, i) => (whole.at(-1) as number) - 19 + i));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
