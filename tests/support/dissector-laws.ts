/** Laws that every dissector keeps whatever it reads: no exception, no hang, no reading past the end, no claim on noise. */
import { expect } from "vitest";
import { Reader } from "@yagura/packets/reader.ts";
import { NEED_MORE, NOT_MINE, recognised, type Dissector } from "@yagura/ot/protocols/dissector.ts";
import { bytesOf, dissect, type Sent } from "./dissect.ts";

/** Random numbers that are the same in each run (xorshift). */
function dice(seed: number): (below: number) => number {
  let x = seed | 1;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

const quiet = (dissector: Dissector, bytes: Uint8Array): number =>
  dissector.recognise(new Reader().open(bytes, 0, Math.min(64, bytes.length)), contextOf(dissector));

/** A context whose answers are thrown away. */
function contextOf(dissector: Dissector): Parameters<Dissector["recognise"]>[1] {
  let kept: unknown = null;
  dissect({ ...dissector, recognise: (_r, c) => ((kept = c), recognised.no), dissect: () => NOT_MINE }, [
    { bytes: "" },
  ]);
  return kept as Parameters<Dissector["recognise"]>[1];
}

export interface Laws {
  /** Whole messages, each valid in itself. */
  readonly messages: readonly (string | Sent)[];
  /** A beginning shorter than this is never claimed as `sure`. */
  readonly least: number;
  readonly others?: readonly Dissector[];
}

export function keepsTheLaws(dissector: Dissector, { messages, least, others = [] }: Laws): void {
  const roll = dice(20_261_120);
  const sent = messages.map((one) => (typeof one === "string" ? { bytes: one } : one));
  for (const one of sent) {
    const bytes = bytesOf(one.bytes);
    const answer = (part: Uint8Array): number =>
      dissect(dissector, [{ ...one, bytes: part }], others).answers[0] as number;
    expect(answer(bytes), "a whole message is read to its end").toBe(bytes.length);
    for (let length = 0; length < bytes.length; length++) {
      const part = bytes.slice(0, length);
      const got = answer(part);
      if (dissector.stream === true && (one.transport ?? "tcp") === "tcp")
        expect(got, `${length} of ${bytes.length} bytes`).toBe(NEED_MORE);
      expect(got).toBeLessThanOrEqual(length);
      if (length < least) expect(quiet(dissector, part), `sure at ${length} bytes`).not.toBe(recognised.sure);
    }
    for (let round = 0; round < 300; round++) {
      const changed = bytes.slice(0, roll(4) === 0 ? roll(bytes.length + 1) : bytes.length);
      for (let k = roll(4); k >= 0 && changed.length > 0; k--) changed[roll(changed.length)] = roll(256);
      quiet(dissector, changed);
      for (const got of dissect(dissector, [{ ...one, bytes: changed }], others).answers)
        expect(got).toBeLessThanOrEqual(changed.length);
    }
  }
  for (let round = 0; round < 5_000; round++) {
    const noise = Uint8Array.from({ length: roll(80) }, () => roll(256));
    expect(quiet(dissector, noise), "noise is claimed").not.toBe(recognised.sure);
    if (round % 10 === 0) dissect(dissector, [{ bytes: noise }], others);
  }
}
