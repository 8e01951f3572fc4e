/** A capture file played as if it happened now, at its own pace: for demonstrations and training. */
import { basename } from "node:path";
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import type { EdgeTime } from "@yagura/edge/service.ts";
import type { Capture, OnFrame } from "./capture.ts";
import { raise } from "./errors.ts";

/** Bytes of packets that are kept in memory. */
export const MAX_REPLAY_BYTES = 128 * 1024 * 1024;
/** Packets are played in steps of this, ms. */
const STEP_MS = 20;
/** Between the last packet and the first of the next round, µs. */
const PAUSE = 1_000_000;

interface Kept {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly link: number;
  /** µs after the first packet. */
  readonly after: number;
}

/** Plays a file once, or (`loop`) until stopped. Throws CAPTURE_*, CAPTURE_FILE_UNREADABLE when it is too large or empty. */
export async function startReplay(file: string, loop: boolean, time: EdgeTime, onFrame: OnFrame): Promise<Capture> {
  const packets = await keep(file);
  const stop = new AbortController();
  const span = (packets.at(-1)?.after ?? 0) + PAUSE;
  const play = async (): Promise<void> => {
    const began = time.clock.now() * 1000;
    const rounds = loop ? Number.POSITIVE_INFINITY : 1;
    for (let round = 0; !stop.signal.aborted && round < rounds; round++) {
      const start = began + round * span;
      for (const { bytes, length, link, after } of packets) {
        while (!stop.signal.aborted && start + after > time.clock.now() * 1000) await time.sleep(STEP_MS, stop.signal);
        if (stop.signal.aborted) return;
        onFrame(bytes, 0, bytes.length, length, Math.round(start + after), link, 0);
      }
    }
  };
  return {
    method: "replay",
    names: [basename(file)],
    told: `${basename(file)}, played at its own pace`,
    counters: () => [{ name: basename(file), dropped: 0, freezes: 0, sent: null }],
    ended: play(),
    stop: () => stop.abort(),
  };
}

async function keep(file: string): Promise<Kept[]> {
  const packets: Kept[] = [];
  const refused = (told: string): Error => raise("CAPTURE_FILE_UNREADABLE", { file, told });
  let [size, first] = [0, 0];
  await readCapture(file, (bytes, from, to, length, at, link) => {
    if (packets.length === 0) first = at;
    size += to - from;
    if (size > MAX_REPLAY_BYTES) throw refused("it is larger than what is kept for a replay");
    packets.push({ bytes: bytes.slice(from, to), length, link, after: Math.max(0, at - first) });
  });
  if (packets.length === 0) throw refused("it holds no packets");
  return packets.toSorted((a, b) => a.after - b.after);
}
