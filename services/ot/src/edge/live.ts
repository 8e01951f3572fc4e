/** A capture of so many seconds as intervals, for the preview and the doctor. */
import type { Engine, Interval } from "../decode/engine.ts";
import type { Capture, OnFrame } from "./capture.ts";
import { FILE_INTERVAL } from "./file-capture.ts";

/** Ends after the seconds. Rejects with what ends the capture by itself. */
export async function* liveIntervals(
  engine: Engine,
  start: (onFrame: OnFrame) => Promise<Capture>,
  seconds: number,
  started: (capture: Capture) => void = () => undefined,
): AsyncGenerator<Interval> {
  const capture = await start((...frame) => engine.packet(...frame));
  started(capture);
  const told: number[] = [];
  for (const [i, name] of capture.names.entries()) engine.nameInterface(i, name);
  const until = performance.now() + seconds * 1000;
  const take = (): Interval | null => {
    for (const [i, { dropped }] of capture.counters().entries()) {
      engine.addDropped(i, dropped - (told[i] ?? 0));
      told[i] = dropped;
    }
    return engine.take(Date.now() * 1000);
  };
  for (;;) {
    const left = Math.min(FILE_INTERVAL, until - performance.now());
    if (left <= 0) break;
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, left);
    });
    await Promise.race([pause, capture.ended]).finally(() => clearTimeout(timer));
    const interval = take();
    if (interval !== null) yield interval;
  }
  capture.stop();
  await capture.ended;
  const rest = take();
  if (rest !== null) yield rest;
}
