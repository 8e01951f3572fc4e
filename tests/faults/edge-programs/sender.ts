/**
 * An edge program that seals batches as fast as it is told, to be killed: `sender.ts STATE TRUTH FIRST SERVER [KEY]`. A value
 * is written to TRUTH after its batch was sealed, so that every value in it must be stored once.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { runEdge } from "@yagura/edge/run.ts";
import { systemTime } from "@yagura/edge/time.ts";

const [folder, truthFile, first, server, key] = process.argv.slice(2) as [string, string, string, string, string?];
const truth = openSync(truthFile, "a");
const stop = new AbortController();
process.on("message", () => stop.abort());
const orphaned = (): void => process.exit(1);
process.on("disconnect", orphaned);
process.exitCode = await runEdge({
  folder,
  program: "agent",
  version: "0",
  server,
  ...(key === undefined ? {} : { key }),
  signal: stop.signal,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  services: [
    (host) => {
      process.send?.("enrolled");
      let value = Number(first);
      // A negative FIRST seals nothing: what is in the spool is sent.
      if (value < 0) return { id: "lab", configure: () => undefined, stop: () => undefined };
      const timer = setInterval(() => {
        const values = Array.from({ length: 1 + Math.floor(systemTime.random() * 20) }, () => value++);
        if (host.submit("lab.values", { values }) !== null) writeSync(truth, values.map((one) => `${one}\n`).join(""));
      }, 40);
      return {
        id: "lab",
        configure: () => undefined,
        stop: () => clearInterval(timer),
      };
    },
  ],
});
closeSync(truth);
process.off("disconnect", orphaned);
process.disconnect();
