/** `yagura ot analyse --log zeek`: captures through the sensor's engine into logs with Zeek's names and format. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { createEngine } from "../decode/engine.ts";
import type { LoadedDeclared } from "../protocols/declared/load.ts";
import { dissectors } from "../protocols/registry.ts";
import { zeekText } from "./zeek-format.ts";
import { ZeekGathering } from "./zeek-gather.ts";
import { zeekLogs } from "./zeek-logs.ts";

/** µs of capture time that the engine keeps together, as in a sensor. */
const SLICE = 10_000_000;

export interface ZeekWritten {
  readonly files: readonly { readonly path: string; readonly rows: number }[];
  /** Files that could be read in part only, and why. */
  readonly damaged: readonly { readonly file: string; readonly error: Error }[];
}

/** Writes the logs of all files together into a folder, which is made; logs without rows are not written. */
export async function writeZeekLogs(
  files: readonly string[],
  directory: string,
  declared?: LoadedDeclared,
): Promise<ZeekWritten> {
  const engine = createEngine({
    dissectors,
    primitives: { sha256, openQuicInitial },
    ...(declared === undefined ? {} : { declared: declared.dissectors }),
  });
  const gathering = new ZeekGathering(declared);
  const damaged: { file: string; error: Error }[] = [];
  let end = Number.NEGATIVE_INFINITY;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  const take = (): void => {
    const interval = engine.take(last + 1);
    if (interval !== null) gathering.add(interval);
  };
  for (const file of files) {
    try {
      await readCapture(file, (bytes, from, to, wireLength, time, linkType) => {
        if (time >= end || time < end - 2 * SLICE) {
          if (Number.isFinite(end)) take();
          end = time + SLICE;
        }
        if (time < first) first = time;
        last = time;
        engine.packet(bytes, from, to, wireLength, time, linkType, 0);
      });
    } catch (error) {
      damaged.push({ file, error: error as Error });
    }
  }
  take();
  mkdirSync(directory, { recursive: true });
  const written = zeekLogs(gathering).map((log) => {
    const path = join(directory, `${log.path}.log`);
    writeFileSync(path, zeekText(log, first / 1000, last / 1000));
    return { path, rows: log.rows.length };
  });
  return { files: written, damaged };
}
