/** What nobody uses any more is found: allowances of packages, words of the portal, packages of package.json. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf, readSource, root, sourceFiles } from "./imports.ts";
import { thirdParty } from "./rules.ts";

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path);
const files = sourceFiles().filter((path) => existsSync(join(root, path)));
const foreign = files
  .flatMap((path) => importsOf(path, readSource(path)))
  .filter(({ ours, to }) => !ours && !to.startsWith("node:"))
  .map(({ from, to }) => ({ from, name: to.split("/", to.startsWith("@") ? 2 : 1).join("/") }));

describe("nothing stands about unused", () => {
  test("every package that a room may import, it imports", () => {
    const idle = Object.entries(thirdParty).flatMap(([place, names]) => {
      const [kind = "", room = "", station] = place.split("/");
      const inside = new RegExp(
        `^${kind}/${room.replace("*", "[^/]+")}/${station === undefined ? "" : `src/${station}`}`,
      );
      return names
        .filter((name) => !foreign.some((one) => one.name === name && inside.test(one.from) && !isTest(one.from)))
        .map((name) => `${place}: ${name}`);
    });
    expect(idle).toEqual([]);
  });

  test("every package of `dependencies` is imported by the product", () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const used = new Set(
      foreign.filter(({ from }) => /^(platform|services|programs)\//.test(from)).map(({ name }) => name),
    );
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
  });

  test("every word of the portal is said somewhere", () => {
    // A word may be said under the name of a value of the wire.
    const sources = globSync("{platform/portal,services/*/src/portal,services/*/src/wire}/**/*.{ts,tsx}", { cwd: root })
      .filter((path) => !path.includes("node_modules") && !isTest(path))
      .map(readSource);
    const catalogues = sources.filter((text) => text.includes("= catalogue({"));
    const speakers = sources.filter((text) => !text.includes("= catalogue({"));
    const said = new Set(
      speakers.flatMap((text) => [...text.matchAll(/"([\w.]+)"/g)].map((match) => match[1] as string)),
    );
    // Keys made of a beginning and a value: t(`state.${state}`).
    const beginnings = [...new Set(speakers.flatMap((text) => text.match(/(?<=`)[\w.]+\.(?=\$\{)/g) ?? []))];
    const silent = catalogues
      .flatMap((text) => [...text.matchAll(/^ {2}"?([\w.]+)"?: \{/gm)].map((match) => match[1] as string))
      .filter((key) => !said.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)));
    expect(silent).toEqual([]);
  });
});
