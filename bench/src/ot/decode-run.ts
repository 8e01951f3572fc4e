/**
 * `node decode-run.ts CAPTURE [--sizes]`: one capture, once, through the engine with all dissectors, an upload's tables every ten
 * seconds of the capture; prints the figures as JSON. With `--sizes` the uploads are packed as well, which the sensor does only
 * every ten seconds of real time.
 */
import { constants, zstdCompressSync } from "node:zlib";
import { createEngine, type Interval } from "@yagura/ot/decode/engine.ts";
import { dissectors } from "@yagura/ot/protocols/registry.ts";
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";

export interface DecodeFigures {
  readonly packets: number;
  readonly intervals: number;
  /** Bytes of the packed uploads, 0 without `--sizes`. */
  readonly packed: number;
  readonly commands: number;
  readonly conversations: number;
  /** Packets with payload, and those of unknown protocols among them. */
  readonly payloads: number;
  readonly undissected: number;
  readonly dissectors: number;
  /** Exceptions of dissectors. */
  readonly faults: number;
  /** Largest resident size, bytes. */
  readonly memory: number;
}

/** µs of the capture between two uploads. */
const INTERVAL = 10_000_000;
const [path = "", ...flags] = process.argv.slice(2);
const engine = createEngine({ dissectors, primitives: { sha256, openQuicInitial } });
const sums = { intervals: 0, packed: 0, commands: 0, conversations: 0, payloads: 0, undissected: 0 };
const total = (column: readonly number[] | undefined): number => (column ?? []).reduce((sum, value) => sum + value, 0);

function upload(interval: Interval | null): void {
  if (interval === null) return;
  const { commands, conversations, captures } = interval.tables;
  sums.intervals++;
  sums.commands += commands?.code.length ?? 0;
  sums.conversations += conversations?.port.length ?? 0;
  sums.payloads += total(captures?.payloads);
  sums.undissected += total(captures?.undissected);
  if (!flags.includes("--sizes")) return;
  const text = JSON.stringify(interval);
  // As platform/edge packs a batch.
  const level = text.length <= 131_072 ? 19 : 9;
  sums.packed += zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: level } }).length;
}

let next = 0;
await readCapture(path, (bytes, from, to, wireLength, time, linkType, face) => {
  if (time >= next) {
    if (next > 0) upload(engine.take(next));
    next = time + INTERVAL;
  }
  engine.packet(bytes, from, to, wireLength, time, linkType, face);
});
upload(engine.take(next));
const { packets, dropped } = engine.stats();
const figures: DecodeFigures = {
  packets,
  ...sums,
  dissectors: dissectors.length,
  faults: Object.entries(dropped).reduce((sum, [name, count]) => sum + (name.startsWith("fault:") ? count : 0), 0),
  memory: process.resourceUsage().maxRSS * 1_024,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
