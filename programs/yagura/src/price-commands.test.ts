import { expect, test } from "vitest";
import { sayPrices, type PriceAnswer } from "./price-commands.ts";

const row = { line: 2, service: "remote", plan: "router", item: "base", from: "2027-10-01", until: "2028-01-01" };
const answer: PriceAnswer = {
  book: "list-2027",
  applied: false,
  dryRun: true,
  counts: { new: 0, changed: 1, ended: 0, same: 1, refused: 0 },
  rows: [
    { ...row, effect: "changed", oldAmount: 6000, newAmount: 5000, reachesBilled: true },
    { ...row, effect: "same", oldAmount: 6000, newAmount: 6000, reachesBilled: false },
  ],
  refused: [],
};

test("a dry run says what changes from when to when, and that nothing was changed", () => {
  expect(sayPrices(answer, "en").split("\n")).toEqual([
    "changed  remote/router/base  from 2027-10-01  to 2027-12-31  ¥6,000 → ¥5,000  [reaches back into billed months]",
    "0 new, 1 changed, 0 ended, 1 the same, 0 refused",
    "Dry run: nothing was changed.",
  ]);
  expect(sayPrices(answer, "ja")).toContain("適用開始 2027-10-01  最終日 2027-12-31");
});

test.each([
  { name: "loaded", change: { dryRun: false, applied: true }, says: "The price book list-2027 is loaded." },
  { name: "nothing new", change: { dryRun: false }, says: "Everything in it holds already" },
  {
    name: "refused",
    change: { dryRun: false, refused: [{ line: 3, column: "item", reason: { en: "no such item", ja: "なし" } }] },
    says: "refused  line 3 (item)  no such item",
  },
])("how it ended: $name", ({ change, says }) => {
  expect(sayPrices({ ...answer, ...change }, "en")).toContain(says);
});
