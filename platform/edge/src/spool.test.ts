/** The spool over stops, torn tails, bit errors, a full spool and a disk that refuses. */
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { openSpool, type Spool, type SpooledBatch } from "./spool.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "yagura-spool-"));
  folders.push(made);
  return made;
};
afterEach(() => folders.splice(0).forEach((made) => rmSync(made, { recursive: true, force: true })));

const MB = 1024 * 1024;
const put = (spool: Spool, text: string): number | null => spool.append(() => Buffer.from(text));
/** All that waits, oldest first, as `sequence:bytes`. */
function waiting(spool: Spool): string[] {
  const seen = new Set<SpooledBatch>();
  for (;;) {
    const batch = spool.next(seen);
    if (batch === null) return [...seen].map((b) => `${b.sequence}:${spool.read(b)?.toString() ?? "gone"}`);
    seen.add(batch);
  }
}
const segmentFiles = (place: string): string[] => readdirSync(place).filter((name) => name.endsWith(".seg"));
const lastSegment = (place: string): string => join(place, segmentFiles(place).sort().at(-1) as string);

describe("the spool", () => {
  test("keeps batches in order over a stop, and numbers go on", () => {
    const place = folder();
    const spool = openSpool(place, MB, quiet);
    for (const text of ["a", "b", "c"]) put(spool, text);
    spool.done(spool.next(new Set()) as SpooledBatch);
    spool.close();
    const again = openSpool(place, MB, quiet);
    expect(waiting(again)).toEqual(["2:b", "3:c"]);
    expect(put(again, "d")).toBe(4);
    again.close();
  });

  test("urgent batches go before all that waits, also after a restart", () => {
    const place = folder();
    const spool = openSpool(place, MB, quiet);
    put(spool, "a");
    put(spool, "b");
    spool.append(() => Buffer.from("urgent"), true);
    put(spool, "c");
    expect(waiting(spool)).toEqual(["3:urgent", "1:a", "2:b", "4:c"]);
    expect(spool.next(new Set(), false)?.sequence).toBe(1);
    expect(spool.oldest(spool.next(new Set()) as SpooledBatch)).toBe(1);
    spool.close();
    const again = openSpool(place, MB, quiet);
    expect(waiting(again)).toEqual(["3:urgent", "1:a", "2:b", "4:c"]);
    again.done(again.next(new Set()) as SpooledBatch);
    expect(waiting(again)).toEqual(["1:a", "2:b", "4:c"]);
    again.close();
  });

  test("numbers go on after everything was acknowledged and removed", () => {
    const place = folder();
    const spool = openSpool(place, MB, quiet);
    put(spool, "a");
    spool.done(spool.next(new Set()) as SpooledBatch);
    spool.close();
    const again = openSpool(place, MB, quiet);
    expect(waiting(again)).toEqual([]);
    let head = { epoch: "", sequence: 0 };
    again.append((given) => {
      head = given;
      return Buffer.from("b");
    });
    expect(head.sequence).toBe(2);
    again.close();
  });

  test("after kill -9 all that was appended is there (nothing was closed)", () => {
    const place = folder();
    const spool = openSpool(place, MB, quiet);
    for (let i = 0; i < 50; i++) put(spool, `batch ${i}`);
    expect(waiting(openSpool(place, MB, quiet))).toHaveLength(50);
    spool.close();
  });

  test.each([
    { name: "cut in the record", damage: (file: string) => truncateSync(file, readFileSync(file).length - 1), left: 2 },
    {
      name: "cut in the record's head",
      damage: (file: string) => truncateSync(file, readFileSync(file).length - 8),
      left: 2,
    },
    { name: "half a record appended", damage: (file: string) => appendFileSync(file, Buffer.alloc(9, 1)), left: 3 },
    { name: "a huge length", damage: (file: string) => appendFileSync(file, Buffer.alloc(40, 255)), left: 3 },
    {
      name: "a flipped bit",
      damage: (file: string) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
        writeFileSync(file, bytes);
      },
      left: 2,
    },
  ])("torn tail, $name: whole batches stay, new ones get a new epoch", ({ damage, left }) => {
    const place = folder();
    const spool = openSpool(place, MB, quiet);
    let first = "";
    for (const text of ["aaa", "bbbb", "ccccc"]) {
      spool.append((head) => {
        first = head.epoch;
        return Buffer.from(text);
      });
    }
    damage(lastSegment(place));
    const again = openSpool(place, MB, quiet);
    expect(waiting(again)).toHaveLength(left);
    again.append((head) => {
      expect(head.epoch).not.toBe(first);
      expect(head.sequence).toBe(1);
      return Buffer.from("new");
    });
    again.close();
  });

  test("a segment with an unreadable head is removed, and the epoch is new", () => {
    const place = folder();
    put(openSpool(place, MB, quiet), "a");
    writeFileSync(lastSegment(place), "garbage");
    const again = openSpool(place, MB, quiet);
    expect(waiting(again)).toEqual([]);
    expect(put(again, "b")).toBe(1);
    again.close();
  });

  test("full: the oldest are dropped and counted, the newest stay, the limit holds", () => {
    const place = folder();
    const limit = 64 * 1024;
    const spool = openSpool(place, limit, quiet);
    for (let i = 0; i < 400; i++) expect(put(spool, "x".repeat(1_000))).toBe(i + 1);
    const { batches, bytes, dropped } = spool.stats();
    expect(bytes).toBeLessThanOrEqual(limit);
    expect(batches + dropped).toBe(400);
    expect(batches).toBeGreaterThan(45);
    const oldest = spool.next(new Set()) as SpooledBatch;
    expect(oldest.sequence).toBe(dropped + 1);
    expect(spool.oldest(oldest)).toBe(dropped + 1);
    spool.close();
    const again = openSpool(place, limit, quiet);
    expect(again.stats().dropped).toBe(dropped);
    expect(put(again, "y")).toBe(401);
    again.close();
  });

  test("the oldest number told is the least that may still be sent, whatever was acknowledged", () => {
    const spool = openSpool(folder(), MB, quiet);
    for (const text of ["a", "b", "c", "d"]) put(spool, text);
    const all = new Set<SpooledBatch>();
    const batches = [1, 2, 3, 4].map(() => {
      const batch = spool.next(all) as SpooledBatch;
      all.add(batch);
      return batch;
    });
    const [a, b, , d] = batches as [SpooledBatch, SpooledBatch, SpooledBatch, SpooledBatch];
    expect(spool.oldest(d)).toBe(1);
    spool.done(b);
    expect(spool.oldest(d)).toBe(1);
    spool.done(a);
    expect(spool.oldest(d)).toBe(3);
    spool.close();
  });

  test("a bad batch goes aside, is counted, and the next one is sent", () => {
    const place = folder();
    const spool = openSpool(place, MB, quiet);
    put(spool, "bad");
    put(spool, "good");
    spool.setAside(spool.next(new Set()) as SpooledBatch, "BATCH_MALFORMED");
    expect(waiting(spool)).toEqual(["2:good"]);
    expect(spool.stats().aside).toBe(1);
    expect(readdirSync(join(place, "aside"))).toHaveLength(1);
    spool.close();
  });
});
