/**
 * Damaged traffic for every dissector at once: conversations of all protocols, the synthetic factory and (where it is there) the
 * corpus, with bits turned, lengths changed, ends cut off, halves of two packets joined and packets repeated. Nothing may throw,
 * hang or grow. The same seed gives the same packets.
 */
import type { Timed } from "@yagura/packets/build/conversation.ts";
import { readCapture } from "@yagura/packets/node/open-capture.ts";
import { Factory } from "@yagura/ot/demo/factory.ts";
import { dissectors } from "@yagura/ot/protocols/registry.ts";
import { rowsOf } from "@yagura/ot/wire/metadata.ts";
import { expect, test } from "vitest";
import { cases } from "../../platform/testkit/src/cases.ts";
import { capturesOf, corpusFolder } from "../../scripts/accuracy/corpus.ts";
import { engineOf } from "../support/engine.ts";
import { framesOf, samples } from "../support/ot-samples.ts";

/** Packets in all; a property of `npm run check` draws less. */
const PACKETS = cases(1_000_000).numRuns === 1_000_000 ? 1_000_000 : 20_000;
const SEED = 20_261_120;
/** Packets of the corpus that are taken for it. */
const FROM_CORPUS = 60_000;
/** The longest that one packet may take, ms; far above any garbage collection on a busy machine. */
const LONGEST = 2_000;
/** Memory that may come on top of what the seeds take, bytes. */
const MOST_MEMORY = 400 * 2 ** 20;

/** Xorshift: quick, and the same in every run. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 1;
  }
  below(n: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % n;
  }
}

/** Where the IPv4 header begins, −1 where there is none. */
function ipv4At(frame: Uint8Array): number {
  let at = 12;
  while (at + 4 < frame.length && ((frame[at] === 0x81 && frame[at + 1] === 0) || (frame[at] === 0x88 && frame[at + 1] === 0xa8))) at += 4; // prettier-ignore
  return frame[at] === 8 && frame[at + 1] === 0 && frame.length >= at + 22 ? at + 2 : -1;
}

const EDGES = [0, 1, 0x7f, 0x80, 0xff];

/** Damages a packet in place; gives its new length. */
function damage(dice: Dice, bytes: Uint8Array, length: number, other: Uint8Array): number {
  // Mostly behind the headers, where the dissectors read.
  const from = dice.below(8) === 0 ? 0 : Math.min(42, length - 1);
  const place = (): number => from + dice.below(Math.max(1, length - from));
  switch (dice.below(7)) {
    case 0:
    case 1:
      for (let k = dice.below(4); k >= 0; k--) {
        const at = place();
        bytes[at] = (bytes[at] as number) ^ (1 << dice.below(8));
      }
      return length;
    case 2:
      for (let k = dice.below(3); k >= 0; k--) bytes[place()] = EDGES[dice.below(EDGES.length)] as number;
      return length;
    case 3: {
      // A length field: two bytes a little more or less, or far too much.
      const at = Math.min(place(), length - 2);
      if (at < 0) return length;
      const value = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      const changed = [value + 1, value - 1, value * 2, 0xffff, 0, value + dice.below(64)][dice.below(6)] as number;
      bytes[at] = (changed >> 8) & 255;
      bytes[at + 1] = changed & 255;
      return length;
    }
    case 4:
      return Math.max(1, from + dice.below(Math.max(1, length - from)));
    case 5: {
      // The end of another packet behind the beginning of this one.
      const at = place();
      const end = other.subarray(Math.min(other.length - 1, 42 + dice.below(Math.max(1, other.length - 42))));
      const taken = Math.min(end.length, bytes.length - at);
      bytes.set(end.subarray(0, taken), at);
      return at + taken;
    }
    default: {
      // The same bytes again.
      const at = place();
      const taken = Math.min(length - at, bytes.length - length);
      bytes.copyWithin(length, at, at + taken);
      return length + taken;
    }
  }
}

/** Frames of a part of the corpus, each capture's beginning. */
async function corpusFrames(): Promise<Timed[]> {
  const folder = corpusFolder();
  if (folder === null) return [];
  const captures = capturesOf(folder);
  const each = Math.ceil(FROM_CORPUS / captures.length);
  const frames: Timed[] = [];
  for (const { path } of captures) {
    let taken = 0;
    const enough = new AbortController();
    await readCapture(
      path,
      (bytes, from, to, _wire, time, linkType) => {
        if (linkType !== 1 || taken++ >= each) return;
        frames.push({ time, frame: bytes.slice(from, to) });
        if (taken === each) enough.abort();
      },
      { signal: enough.signal },
    ).catch(() => undefined);
  }
  return frames;
}

test(
  `OST-T01: ${PACKETS.toLocaleString("en-GB")} damaged packets of all protocols: no exception, no hang, bounded memory`,
  { timeout: 300_000 },
  async () => {
    const seeds: Timed[] = [
      ...samples.flatMap((sample) => framesOf(sample)),
      ...new Factory({ start: 1_700_000_000_000_000, engineering: 3, attack: 8 }).first(
        PACKETS === 1_000_000 ? 20 : 12,
      ),
      ...(await corpusFrames()),
    ];
    const dice = new Dice(SEED);
    const engine = engineOf();
    const buffer = new Uint8Array(65_536);
    const before = process.memoryUsage().rss;
    let time = 1_700_000_000_000_000;
    let longest = 0;
    let done = 0;
    let window = 0;
    const reached = new Set<number>();
    const take = (): void => {
      const interval = engine.take(time);
      if (interval !== null) for (const { protocol } of rowsOf(interval, "conversations")) reached.add(protocol);
    };
    while (done < PACKETS) {
      // A stretch of frames in their order, each time between other hosts: else TCP takes them for retransmissions.
      window++;
      const sampled = dice.below(2) === 0 ? Math.min(seeds.length, 400) : seeds.length;
      const begin = dice.below(sampled);
      for (let i = begin; i < Math.min(begin + 12 + dice.below(40), seeds.length) && done < PACKETS; i++) {
        const { frame } = seeds[i] as Timed;
        buffer.set(frame);
        let length = frame.length;
        const ip = ipv4At(frame);
        if (ip >= 0) {
          buffer[ip + 13] = window & 255;
          buffer[ip + 14] = (window >> 8) & 255;
          buffer[ip + 17] = window & 255;
        }
        if (dice.below(3) > 0) length = damage(dice, buffer, length, (seeds[dice.below(seeds.length)] as Timed).frame);
        time += 1 + dice.below(2_000);
        for (let again = dice.below(16) === 0 ? 2 : 1; again > 0; again--) {
          const started = performance.now();
          engine.packet(buffer, 0, length, length, time, 1, 0);
          const took = performance.now() - started;
          if (took > longest) longest = took;
          done++;
        }
        if (done % 10_000 === 0) take();
      }
    }
    take();
    const { dropped, packets } = engine.stats();
    expect(packets).toBeGreaterThanOrEqual(PACKETS);
    expect(Object.keys(dropped).filter((name) => name.startsWith("fault:"))).toEqual([]);
    // The damage leaves enough whole that nearly every dissector is at work.
    expect(reached.size).toBeGreaterThan(dissectors.length * (PACKETS === 1_000_000 ? 0.9 : 0.6));
    expect(longest, "the slowest packet, ms").toBeLessThan(LONGEST);
    expect(process.memoryUsage().rss - before, "memory that came on top, bytes").toBeLessThan(MOST_MEMORY);
  },
);
