/** Fills a small file system through the spool: `filler.ts FOLDER`; tells its counts as JSON. Run inside a mount namespace. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openSpool, type SpooledBatch } from "@yagura/edge/spool.ts";

const [folder] = process.argv.slice(2) as [string];
const said: string[] = [];
const log = {
  info: () => undefined,
  warn: (text: string) => void said.push(text),
  error: (text: string) => void said.push(text),
};
// The limit of the spool is far above what the file system holds, and another program takes half of that.
writeFileSync(join(folder, "other"), Buffer.alloc(512 * 1024));
const place = join(folder, "spool");
const spool = openSpool(place, 8 * 1024 * 1024, log);
const sealed: number[] = [];
let refused = 0;
const put = (): void => {
  const sequence = spool.append((head) => Buffer.from(`${head.sequence} `.padEnd(4_000, "x")));
  if (sequence === null) refused++;
  else sealed.push(sequence);
};
for (let i = 0; i < 300; i++) put();
const full = spool.stats();
rmSync(join(folder, "other"));
for (let i = 0; i < 20; i++) put();
const seen = new Set<SpooledBatch>();
const whole: number[] = [];
for (let batch = spool.next(seen); batch !== null; batch = spool.next(seen)) {
  seen.add(batch);
  const text = spool.read(batch)?.toString() ?? "";
  if (text.length === 4_000 && Number.parseInt(text, 10) === batch.sequence) whole.push(batch.sequence);
}
const after = spool.stats();
spool.close();
const again = openSpool(place, 8 * 1024 * 1024, log);
const reopened = again.stats().batches;
console.log(
  JSON.stringify({
    sealed: sealed.length,
    refused,
    full,
    after,
    whole,
    waiting: seen.size,
    reopened,
    said: [...new Set(said)],
  }),
);
