import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { errorPage, errorTables, writtenPage } from "../../scripts/errors.ts";
import { root } from "./imports.ts";

describe("documents", () => {
  test("docs/errors.md is equal to the error tables", async () => {
    expect(writtenPage()).toBe(await errorPage());
  });

  test("no error code stands in two tables with another meaning, and each sentence is there in both languages", async () => {
    const seen = new Map<string, string>();
    for (const { room, rows } of await errorTables()) {
      for (const [code, row] of Object.entries(rows)) {
        expect(seen.get(code), `${code} in ${room} and`).toBeUndefined();
        seen.set(code, room);
        expect(row.en.length, code).toBeGreaterThan(20);
        expect(row.ja, code).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
        const names = (text: string): string[] =>
          [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string).toSorted();
        expect(new Set(names(row.ja)), code).toEqual(new Set(names(row.en)));
      }
    }
    expect(seen.size).toBeGreaterThan(10);
  });

  test("every dependency is explained in docs/dependencies.md", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
      string,
      Record<string, string> | undefined
    >;
    const page = readFileSync(join(root, "docs/dependencies.md"), "utf8");
    const names = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    );
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test("links between documents lead somewhere", () => {
    const pages = globSync("{*.md,docs/**/*.md,platform/*/README.md,services/**/README.md}", { cwd: root });
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)]
        .map((match) => match[1] as string)
        .filter((link) => !existsSync(join(root, dirname(page), link)))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });
});
