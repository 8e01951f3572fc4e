/** What every dissector must bear: truncation at every length, single-byte damage and garbage, without a throw or a loop. */
import { Reader } from "@yagura/packets/reader.ts";
import type { Dissector } from "@yagura/ot/protocols/dissector.ts";
import { expect } from "vitest";
import { bytesOf, dissect, type Sent } from "./dissect.ts";

/** A generator of numbers that is the same in every run (LCG of Numerical Recipes). */
function* numbers(seed: number): Generator<number> {
  for (let state = seed >>> 0; ; yield state >>> 8) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
}

export function endure(dissector: Dissector, samples: readonly Sent[], others: readonly Dissector[] = []): void {
  const random = numbers(7);
  const next = (below: number): number => (random.next().value as number) % below;
  for (const sample of samples) {
    const whole = bytesOf(sample.bytes);
    const feed = (bytes: Uint8Array): void => {
      const { answers } = dissect(dissector, [{ ...sample, bytes }], others);
      // A stream's message may go on behind what is here; a datagram's may not.
      const taken = answers.reduce((sum, answer) => sum + Math.max(0, answer), 0);
      if (dissector.stream !== true) expect(taken).toBeLessThanOrEqual(bytes.length);
      for (const answer of answers) expect(answer).toBeGreaterThanOrEqual(-1);
    };
    for (let length = 0; length < whole.length; length++) feed(whole.subarray(0, length));
    for (let i = 0; i < 200; i++) {
      const damaged = Uint8Array.from(whole);
      damaged[next(damaged.length)] = next(256);
      damaged[next(damaged.length)] = next(256);
      feed(damaged);
    }
  }
  const sample = samples[0];
  for (let i = 0; i < 500; i++) {
    const garbage = Uint8Array.from({ length: next(300) }, () => next(256));
    const told = dissect(dissector, [{ ...sample, bytes: garbage }], others);
    expect(told.recognised, Buffer.from(garbage).toString("hex")).not.toBe(2);
  }
}

/** A stream's message that is cut at every byte asks for more (or takes a part) and tells the same in the end. */
export function splitEverywhere(dissector: Dissector, sample: Sent, others: readonly Dissector[] = []): void {
  const whole = bytesOf(sample.bytes);
  const { answers: _, recognised: __, ...expected } = dissect(dissector, [sample], others);
  for (let cut = 1; cut < whole.length; cut++) {
    const first = dissect(dissector, [{ ...sample, bytes: whole.subarray(0, cut) }], others);
    expect(first.answers.at(-1), `cut at ${cut}`).not.toBe(-1);
    const kept = first.answers.reduce((sum, answer) => sum + Math.max(0, answer), 0);
    const parts = [whole.subarray(0, cut), whole.subarray(kept)].map((bytes) => ({ ...sample, bytes }));
    const { answers, recognised: ___, ...told } = dissect(dissector, parts, others);
    expect(answers).not.toContain(-1);
    expect(told, `cut at ${cut}`).toEqual(expected);
  }
}

/** A reader on hexadecimal bytes. */
export const readerOf = (hex: string): Reader => {
  const bytes = bytesOf(hex);
  return new Reader().open(bytes, 0, bytes.length);
};
