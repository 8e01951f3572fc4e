/** How long `npm start` takes from the second time on, what it holds in memory when idle, how long Ctrl-C takes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, BenchRow } from "./result.ts";
import { memoryOfTree, startYagura } from "./running.ts";
import { median } from "./table.ts";

const STARTS = 5;
/** Milliseconds after `ready` at which memory is read: the first collections are over by then. */
const IDLE = 20_000;

export const bench: Bench = {
  name: "start",
  group: "experience",
  summary: "time to ready on the second start, memory when idle",
  run: async () => {
    const data = mkdtempSync(join(tmpdir(), "yagura-bench-start-"));
    try {
      const first = await startYagura(data);
      const firstStop = await first.stop();
      const ready: number[] = [];
      const stops: number[] = [];
      let memory = 0;
      let processes = 0;
      for (let i = 0; i < STARTS; i++) {
        const running = await startYagura(data);
        ready.push(running.readyAfter);
        if (i === STARTS - 1) {
          await new Promise((done) => setTimeout(done, IDLE));
          const tree = memoryOfTree(running.process.pid ?? 0);
          memory = tree.bytes;
          processes = tree.processes;
          for (const { command, bytes } of tree.each)
            console.error(`  ${(bytes / 1e6).toFixed(0).padStart(5)} MB  ${command}`);
        }
        stops.push((await running.stop()).after);
      }
      const rows: BenchRow[] = [
        {
          start: "first (empty data folder)",
          "ready s": first.readyAfter / 1000,
          "stop s": firstStop.after / 1000,
          "PSS MB": null,
          processes: null,
        },
        {
          start: `second to sixth (median of ${STARTS})`,
          "ready s": median(ready) / 1000,
          "stop s": median(stops) / 1000,
          "PSS MB": memory / 1e6,
          processes,
        },
      ];
      return {
        name: "start",
        columns: ["start", "ready s", "stop s", "PSS MB", "processes"],
        rows,
        reach: [
          {
            what: "ready on the second start",
            wanted: "under 5 s",
            got: `${(median(ready) / 1000).toFixed(1)} s`,
            met: median(ready) < 5000,
          },
          {
            what: "memory when idle, all processes",
            wanted: "under 650 MB PSS",
            got: `${(memory / 1e6).toFixed(0)} MB`,
            met: memory < 650e6,
          },
        ],
        notes: ["With the agent of this machine measuring its sessions at 1 Hz; packages and portal already built."],
      };
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  },
};
