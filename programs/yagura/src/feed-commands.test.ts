import { expect, test } from "vitest";
import { sayFeeds } from "./feed-commands.ts";

const answer = { loaded: [{ kind: "advisories", rows: 40_923, files: ["a.tsv"] }], unknown: ["/x/readme.txt"] };
test("what was loaded is told in both languages (OT-25)", () => {
  expect(sayFeeds(answer, "en")).toBe(
    "products of advisories: 40,923\nLeft out, of no kind that is known:\n  /x/readme.txt",
  );
  expect(sayFeeds({ ...answer, unknown: [] }, "ja")).toBe("勧告の対象製品：40,923 件");
});
