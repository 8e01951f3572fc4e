/** A capture file played as if it happened now. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EdgeTime } from "@yagura/edge/service.ts";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { startReplay } from "./replay.ts";

/** A clock that only sleeping moves. */
function testTime(): EdgeTime {
  let now = 1_800_000_000_000;
  return {
    random: () => 0.5,
    clock: { now: () => now, monotonic: () => now },
    async sleep(milliseconds) {
      now += milliseconds;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("packets come at the pace of the file, with times of now, round after round", async () => {
  const folder = mkdtempSync(join(tmpdir(), "replay-"));
  const file = join(folder, "capture.pcap");
  const frames = [0, 100, 250].map((ms) => ({
    time: 1_600_000_000_000_000 + ms * 1000,
    frame: new Uint8Array(60).fill(ms),
  }));
  writeFileSync(file, writePcap(frames));
  const time = testTime();
  const began = time.clock.now();
  const seen: [number, number, number][] = [];
  const capture = await startReplay(file, true, time, (bytes, from, to, length, at) => {
    seen.push([bytes[from] as number, at / 1000 - began, time.clock.now() - began]);
    if (seen.length === 5) capture.stop();
    expect([to - from, length]).toEqual([60, 60]);
  });
  await capture.ended;
  expect(seen.map(([which, at]) => [which, at])).toEqual([
    [0, 0],
    [100, 100],
    [250, 250],
    [0, 1_250],
    [100, 1_350],
  ]);
  for (const [, at, real] of seen) expect(real - at).toBeLessThanOrEqual(20);
  expect(capture.names).toEqual(["capture.pcap"]);
  writeFileSync(file, writePcap([]));
  await expect(startReplay(file, false, time, () => undefined)).rejects.toMatchObject({
    code: "CAPTURE_FILE_UNREADABLE",
  });
  rmSync(folder, { recursive: true });
});
