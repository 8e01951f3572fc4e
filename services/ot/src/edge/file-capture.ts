/** Capture files as a capture: read at once, each interval of capture time becomes an upload. */
import { basename } from "node:path";
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import type { Engine, Interval } from "../decode/engine.ts";
import type { OnFrame } from "./capture.ts";

/** Milliseconds of capture time in one upload, as in the configuration's `upload`. */
export const FILE_INTERVAL = 10_000;

/**
 * Decodes files one after the other and gives the intervals of their own time, as a sensor would have uploaded them. Throws
 * CAPTURE_* at a damaged file, after the intervals before the damage.
 */
export async function* intervalsOf(
  engine: Engine,
  files: readonly string[],
  upload = FILE_INTERVAL,
): AsyncGenerator<Interval> {
  const ready: Interval[] = [];
  let due = 0;
  let last = 0;
  const take = (now: number): void => {
    const interval = engine.take(now);
    if (interval !== null) ready.push(interval);
  };
  for (const [capture, file] of files.entries()) {
    engine.nameInterface(capture, basename(file));
    const onFrame: OnFrame = (bytes, from, to, length, time, link) => {
      // A file that begins earlier than the one before, or holds a clock that was set, begins a new interval.
      if (due === 0 || time < due - 2 * upload * 1000) due = time + upload * 1000;
      else if (time >= due) {
        take(due);
        due += upload * 1000 * Math.ceil((time - due + 1) / (upload * 1000));
      }
      last = Math.max(last, time);
      engine.packet(bytes, from, to, length, time, link, capture);
    };
    let trouble: unknown = null;
    const reading = readCapture(file, (bytes, from, to, length, time, link) =>
      onFrame(bytes, from, to, length, time, link, capture),
    ).catch((error: unknown) => {
      trouble = error;
    });
    await reading;
    if (trouble !== null) {
      take(last);
      yield* ready.splice(0);
      throw trouble;
    }
    yield* ready.splice(0);
  }
  take(last);
  yield* ready.splice(0);
}
