import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openHouse, type House } from "../../../tests/support/experience.ts";
import { offers } from "./compose.ts";
import { exportPrices, loadPrices } from "./price-commands.ts";

const example = (name: string): string => new URL(`../../../docs/examples/${name}`, import.meta.url).pathname;

let house: House;
let folder: string;
beforeAll(async () => {
  house = await openHouse("2026-11-20T03:00:00Z");
  folder = await mkdtemp(join(tmpdir(), "yagura-prices-"));
});
afterAll(async () => {
  await house.stop();
  await rm(folder, { recursive: true, force: true });
});

const load = (file: string, input: Record<string, string> = {}) =>
  loadPrices({ platform: house.platform, offers }, { file, ...input });

test("RNS-66 COM-30 the example books are looked through dry, loaded, and change nothing a second time", async () => {
  const dry = await load(example("price-book.csv"), { dryRun: "true" });
  expect(dry).toMatchObject({ applied: false, counts: { new: 10, changed: 1, ended: 1, same: 0, refused: 0 } });
  expect(dry["rows"]).toContainEqual(
    expect.objectContaining({ line: 10, effect: "changed", oldAmount: 12_000, newAmount: 11_000, until: "2028-01-01" }),
  );
  expect(await load(example("price-book.csv"))).toMatchObject({ applied: true, book: "price-book" });
  expect(await load(example("price-book.yaml"))).toMatchObject({ applied: true, book: "remote-2027-04" });
  expect(await load(example("price-book.csv"), { book: "again" })).toMatchObject({
    applied: false,
    counts: { same: 12 },
  });
});

test.each(["csv", "yaml"])("what is exported as %s is loaded again without a change", async (format) => {
  const { text } = await exportPrices({ platform: house.platform, offers }, { format });
  const file = join(folder, `prices.${format}`);
  await writeFile(file, String(text));
  expect(await load(file, { dryRun: "true" })).toMatchObject({ counts: { new: 0, changed: 0, ended: 0, refused: 0 } });
});

test("refused rows are told with their lines, and nothing is loaded", async () => {
  const file = join(folder, "wrong.csv");
  await writeFile(
    file,
    "service,plan,item,amount,from\nremote,router,base,x,2027-04-01\nremote,router,bass,1,2027-04-01\n",
  );
  const answer = await load(file);
  expect(answer).toMatchObject({
    applied: false,
    refused: [
      { line: 2, column: "amount" },
      { line: 3, column: "item" },
    ],
  });
});

test.each([
  { name: "no such file", input: { file: "/nonexistent.csv" }, code: "PRICE_FILE_UNREADABLE" },
  { name: "a folder", input: { file: tmpdir() }, code: "PRICE_FILE_UNREADABLE" },
  { name: "a name that is none", input: { file: example("price-book.csv"), book: "a b" }, code: "OPTION_INVALID" },
])("$name: $code", async ({ input, code }) => {
  await expect(loadPrices({ platform: house.platform, offers }, input)).rejects.toMatchObject({ code });
});
