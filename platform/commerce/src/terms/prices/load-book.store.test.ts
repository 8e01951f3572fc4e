import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { billMonth } from "../../../../../tests/support/billed.ts";
import { openHouse, type House } from "../../../../../tests/support/experience.ts";
import { sampleOffer } from "../../../../../tests/support/sample-offer.ts";
import { loadTables } from "../load.ts";
import { shipOffers } from "../ship.ts";
import { exportBook } from "./export-book.ts";
import { loadBook, type LoadOptions } from "./load-book.ts";
import { readPriceFile } from "./read-file.ts";

let house: House;
let books = 0;
const audited: { action: string; subject: string }[] = [];
beforeAll(async () => {
  house = await openHouse("2026-11-20T03:00:00Z");
  await shipOffers(house.platform, [sampleOffer]);
});
afterAll(async () => house.stop());
beforeEach(() => audited.splice(0));

const head = "service,plan,item,amount,with_tax,from,last_day\n";
const load = (csv: string, options: Partial<LoadOptions> = {}) =>
  house.stores.store.provider((tx) =>
    loadBook(
      {
        tx,
        now: new Date(house.clock.now()),
        actor: { kind: "system", name: "test" },
        audit: async (entry) => void audited.push(entry),
      },
      [sampleOffer],
      readPriceFile(new TextEncoder().encode(head + csv)),
      { book: `book-${++books}`, source: "test", dryRun: false, confirmPast: false, reason: undefined, ...options },
    ),
  );
const prices = async () =>
  (await house.stores.store.provider(loadTables)).prices.map(({ item, amount, from, until }) => [
    item,
    amount,
    from,
    until,
  ]);

describe("a price book", () => {
  test("COM-02 RNS-66 a dry run says what changes from when, and changes nothing; then it is loaded whole", async () => {
    const before = await prices();
    const csv =
      "sample,basic,seat,250,275,2027-04-01,\nsample,basic,initial,3000,,2027-04-01,\nsample,basic,seat,200,220,2026-12-01,\n";
    const dry = await load(csv, { dryRun: true });
    expect(dry).toMatchObject({
      applied: false,
      dryRun: true,
      counts: { new: 1, changed: 1, ended: 0, same: 1, refused: 0 },
    });
    expect(dry.rows).toMatchObject([
      { line: 2, effect: "changed", oldAmount: 200, newAmount: 250, from: "2027-04-01", until: null },
      { line: 3, effect: "new", oldAmount: null, newAmount: 3000 },
      { line: 4, effect: "same" },
    ]);
    expect(await prices()).toEqual(before);
    expect(audited).toEqual([]);
    const done = await load(csv);
    expect(done).toMatchObject({ ...dry, book: done.book, applied: true, dryRun: false });
    expect(await prices()).toEqual([
      ["initial", 3000, "2027-04-01", null],
      ["seat", 200, "2025-01-01", "2027-04-01"],
      ["seat", 250, "2027-04-01", null],
    ]);
    expect(audited).toMatchObject([{ action: "terms.price-book" }]);
  });

  test("what is exported and loaded again changes nothing", async () => {
    const { prices: all } = await house.stores.store.provider(loadTables);
    const csv = exportBook(all, null, "2026-11-20", "csv");
    const again = await load(csv.replace(/^.*\n/, ""));
    expect(again).toMatchObject({ applied: false, counts: { new: 0, changed: 0, ended: 0, same: 3 } });
  });

  test("an item is ended on purpose, and a price for a time gives way to the old one again", async () => {
    await load("sample,basic,initial,end,,2028-01-01,\nsample,basic,seat,240,,2027-06-01,2027-06-30\n");
    expect(await prices()).toEqual([
      ["initial", 3000, "2027-04-01", "2028-01-01"],
      ["seat", 200, "2025-01-01", "2027-04-01"],
      ["seat", 250, "2027-04-01", "2027-06-01"],
      ["seat", 240, "2027-06-01", "2027-07-01"],
      ["seat", 250, "2027-07-01", null],
    ]);
    const history = await house.stores.store.provider((tx) =>
      sql`select key, effect, before, after from commerce.dated_change where kind = 'price' and from_day > '2027-04-01' order by key`.execute(
        tx,
      ),
    );
    expect(history.rows).toEqual([
      { key: "sample/basic/initial", effect: "ended", before: 3000, after: null },
      { key: "sample/basic/seat", effect: "changed", before: 250, after: 240 },
    ]);
  });

  test("one bad row and nothing is loaded; each is named with its line", async () => {
    const before = await prices();
    const csv =
      "sample,basic,seat,300,,2029-01-01,\nsample,basic,saet,1,,2029-01-01,\nsmaple,basic,seat,1,,2029-01-01,\nsample,basic,seat,x,,2029-01-01,\n";
    const dry = await load(csv, { dryRun: true });
    expect(dry.refused.map(({ line, column }) => ({ line, column }))).toEqual([
      { line: 3, column: "item" },
      { line: 4, column: "service" },
      { line: 5, column: "amount" },
    ]);
    await expect(load(csv)).rejects.toMatchObject({
      code: "PRICE_BOOK_REFUSED",
      parameters: { count: 3 },
      fields: [{ pointer: "/lines/3/item" }, { pointer: "/lines/4/service" }, { pointer: "/lines/5/amount" }],
    });
    expect(await prices()).toEqual(before);
  });

  test("two books of one name are refused", async () => {
    await load("sample,basic,seat,260,,2029-01-01,\n", { book: "twice" });
    await expect(load("sample,basic,seat,270,,2029-01-01,\n", { book: "twice" })).rejects.toMatchObject({
      code: "PRICE_BOOK_TAKEN",
    });
  });

  test("a change inside billed months is refused, or confirmed", async () => {
    await billMonth(house.stores.store, "2026-10-01");
    const csv = "sample,basic,seat,210,,2026-10-15,2026-10-31\n";
    expect((await load(csv, { dryRun: true })).rows).toMatchObject([{ effect: "changed", reachesBilled: true }]);
    await expect(load(csv)).rejects.toMatchObject({
      code: "DATED_CHANGE_PAST",
      parameters: { key: "sample/basic/seat", from: "2026-10-15", billed: "2026-10" },
    });
    expect((await load("sample,basic,seat,205,,2026-11-01,\n", { dryRun: true })).rows).toMatchObject([
      { reachesBilled: false },
    ]);
    expect(await load(csv, { confirmPast: true })).toMatchObject({ applied: true });
  });

  test("two offices that load at once never leave two prices in force on a day", async () => {
    const rows = (amount: number): string =>
      Array.from({ length: 10 }, (_, index) => `sample,basic,seat,${amount + index},,20${30 + index}-01-01,\n`).join(
        "",
      );
    await Promise.all([1000, 2000, 3000].map((amount) => load(rows(amount))));
    const seats = (await prices()).filter(([item]) => item === "seat");
    for (const [index, [, , from]] of seats.entries()) {
      if (index > 0) expect(seats[index - 1]?.[3]).toBe(from);
    }
  });
});
