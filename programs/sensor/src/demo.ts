/** `--demo`: instead of an interface a factory that does not exist, replayed as time goes by. Needs no rights and no network. */
import type { Capture, OnFrame } from "@yagura/ot/edge/capture.ts";
import { Factory, type Scene } from "@yagura/ot/demo/factory.ts";

/** How often frames are given out, ms. */
const TICK_MS = 100;
/** A pause longer than this (a laptop that slept) is left out, not caught up. */
const LONGEST_MS = 2_000;
/** A clock that was set by more than this is followed, µs. */
const DRIFT = 500_000;
const ETHERNET_LINK = 1;
const NAME = "demo-mirror";

/** Seconds after the start at which a scene begins; the attack comes again, seldom enough that nobody drowns in it. */
const scenes: readonly (readonly [scene: Scene, at: number, every: number])[] = [
  ["engineering", 20, Number.POSITIVE_INFINITY],
  ["attack", 40, 1_800],
];

export function startDemo(onFrame: OnFrame): Capture {
  const start = Date.now() * 1000;
  const factory = new Factory({ start });
  const next = scenes.map(([scene, at, every]) => ({ scene, at: start + at * 1e6, every: every * 1e6 }));
  // Time of the factory, µs, and what makes the machine's time of it.
  let [now, offset] = [start, 0];
  let last = performance.now();

  function tick(): void {
    const time = performance.now();
    const passed = time - last;
    last = time;
    now += Math.round((passed > LONGEST_MS ? TICK_MS : passed) * 1000);
    const drift = Date.now() * 1000 - (now + offset);
    if (Math.abs(drift) > DRIFT) offset += drift;
    for (const entry of next) {
      if (entry.at > now) continue;
      factory.play(entry.scene, now);
      entry.at += entry.every;
    }
    for (const { frame, time: at } of factory.frames(now))
      onFrame(frame, 0, frame.length, frame.length, at + offset, ETHERNET_LINK, 0);
  }

  const timer = setInterval(tick, TICK_MS);
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    method: "replay",
    names: [NAME],
    told: "a synthetic factory, for demonstration: nothing is captured",
    counters: () => [{ name: NAME, dropped: 0, freezes: 0, sent: null }],
    ended,
    stop() {
      clearInterval(timer);
      end();
    },
  };
}
