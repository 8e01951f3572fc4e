/** Rows of the journal give the batches that went in; buckets hold what they promise. */
import { describe, expect, test } from "vitest";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { MAX_BATCH_BYTES } from "@yagura/wire/envelope.ts";
import { inflate, packGroup, toIngest, unpackGroup, type Encoding, type TakenBatch } from "./journal.ts";
import { createBuckets } from "./limits.ts";

const encoders: Record<Encoding, (text: string) => Buffer> = {
  zstd: zstdCompressSync,
  gzip: gzipSync,
  identity: (text) => Buffer.from(text),
};
function taken(encoding: Encoding, sequence: number, clock: { offset: number } | null): TakenBatch {
  const batch = {
    wire: 1,
    epoch: "0123456789abcdef",
    sequence,
    kind: "lab.values",
    sentAt: 1,
    clock: clock === null ? null : { ...clock, bound: 1, at: 1 },
    dropped: 0,
    body: { values: [sequence, "日本"] },
  };
  const known = { device: "d", organisation: "o", receivedAt: 17, clockOffset: clock?.offset ?? -86_400_000_000 };
  return {
    kind: batch.kind,
    batch: toIngest(batch, known),
    encoding,
    bytes: encoders[encoding](JSON.stringify(batch)),
  };
}

describe("the journal", () => {
  test("a group comes back as it went in, whatever the encodings, with the offset that the door took", () => {
    const group = [
      taken("zstd", 1, { offset: 5 }),
      taken("gzip", 2, null),
      taken("identity", 3, null),
      taken("zstd", 4, null),
    ];
    expect(unpackGroup(packGroup(group))).toEqual(group);
  });
  test("a group of one, and bodies of no bytes of their own", () => {
    const one = [taken("identity", 1, null)];
    expect(unpackGroup(packGroup(one))).toEqual(one);
  });
  test.each(["zstd", "gzip"] as const)(
    "%s: what would inflate beyond the limit is refused before it does",
    (encoding) => {
      const bomb = encoders[encoding](" ".repeat(MAX_BATCH_BYTES + 1));
      expect(bomb.length).toBeLessThan(10_000);
      expect(() => inflate(bomb, encoding)).toThrow(expect.objectContaining({ code: "ERR_BUFFER_TOO_LARGE" }) as Error);
    },
  );
});

describe("token buckets", () => {
  test("a burst, then the rate, per key", () => {
    let now = 0;
    const buckets = createBuckets(2, 3, () => now);
    expect([1, 2, 3, 4].map(() => buckets.take("a"))).toEqual([0, 0, 0, 1]);
    expect(buckets.take("b")).toBe(0);
    now = 500;
    expect([buckets.peek("a"), buckets.take("a"), buckets.take("a")]).toEqual([0, 0, 1]);
    now = 60_000;
    expect([1, 2, 3, 4].map(() => buckets.take("a"))).toEqual([0, 0, 0, 1]);
  });
  test("two hundred thousand keys do not stay in memory, and those that are empty are not forgotten early", () => {
    let now = 0;
    const buckets = createBuckets(1, 1, () => now);
    for (let i = 0; i < 60_000; i++) buckets.take(`old ${i}`);
    now = 10_000;
    buckets.take("mine");
    for (let i = 0; i < 60_000; i++) buckets.take(`new ${i}`);
    expect(buckets.peek("mine")).toBe(1);
  });
});
