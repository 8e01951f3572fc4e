import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf, readSource, root, sourceFiles } from "./imports.ts";
import { judge } from "./rules.ts";

describe("who may import whom", () => {
  test("no file breaks a rule", () => {
    const files = sourceFiles().filter((path) => existsSync(join(root, path)));
    expect(files.length).toBeGreaterThan(20);
    const broken = files
      .flatMap((path) => importsOf(path, readSource(path)))
      .map((item) => ({ ...item, why: judge(item) }))
      .filter(({ why }) => why !== null)
      .map(({ from, to, why }) => `${from} imports ${to}: ${why}`);
    expect(broken).toEqual([]);
  });

  test.each([
    {
      rule: "nothing imports programs",
      path: "services/experience/src/api.ts",
      text: `import { main } from "../../../programs/agent/src/main.ts";`,
    },
    {
      rule: "platform knows no service",
      path: "platform/server/src/host.ts",
      text: `import type { Service } from "@yagura/experience/index.ts";`,
    },
    {
      rule: "a service never imports another",
      path: "services/ot/src/store.ts",
      text: `import type { Series } from "@yagura/experience/wire/api.ts";`,
    },
    {
      rule: "platform/store stands before platform/server",
      path: "platform/store/src/open.ts",
      text: `import type { Route } from "@yagura/server/route.ts";`,
    },
    {
      rule: "edge/ sees wire, protocols, decode and platform/{core,wire,packets,edge}",
      path: "services/experience/src/edge/agent.ts",
      text: `import type { Tx } from "@yagura/store/store.ts";`,
    },
    {
      rule: "edge/ sees wire, protocols, decode and platform/{core,wire,packets,edge}",
      path: "services/experience/src/edge/agent.ts",
      text: `import { x } from "../analysis/score.ts";`,
    },
    {
      rule: "a pure place has no Node modules",
      path: "services/experience/src/analysis/score.ts",
      text: `import { readFileSync } from "node:fs";`,
    },
    {
      rule: "a pure place imports only pure places",
      path: "services/experience/src/analysis/score.ts",
      text: `import { query } from "../store.ts";`,
    },
    {
      rule: "a pure place has no Node modules",
      path: "services/ot/src/offer/terms.ts",
      text: `import { readFileSync } from "node:fs";`,
    },
    {
      rule: "a pure place imports only pure places",
      path: "services/ot/src/charges.ts",
      text: `import { loadTables } from "@yagura/commerce/terms/load.ts";`,
    },
    {
      rule: "a pure place imports only pure places",
      path: "platform/core/src/ids.ts",
      text: `export * from "@yagura/store/store.ts";`,
    },
    {
      rule: "portal/ sees wire, analysis, and platform/{core,wire,portal} and shapes; never the store",
      path: "services/experience/src/portal/page.tsx",
      text: `import { query } from "../store.ts";`,
    },
    {
      rule: "the portal sees only core, wire and the shapes of other rooms",
      path: "platform/portal/src/api.ts",
      text: `import { createHost } from "@yagura/server/host.ts";`,
    },
    {
      rule: "the portal has no Node modules",
      path: "platform/portal/src/api.ts",
      text: `import { join } from "node:path";`,
    },
    {
      rule: "testkit is for tests only",
      path: "platform/server/src/host.ts",
      text: `const x = await import("@yagura/testkit/database.ts");`,
    },
    {
      rule: "nothing imports a test file",
      path: "platform/server/src/host.ts",
      text: `import { y } from "./host.test.ts";`,
    },
    {
      rule: "only the portal imports portal/",
      path: "services/experience/src/api.ts",
      text: `import { Page } from "./portal/page.tsx";`,
    },
    {
      rule: "only edge programs import edge/",
      path: "services/experience/src/api.ts",
      text: `import { prober } from "./edge/prober.ts";`,
    },
    {
      rule: "products never import tests, benches or scripts",
      path: "platform/server/src/host.ts",
      text: `import { z } from "../../../bench/src/table.ts";`,
    },
    {
      rule: "left-pad is not on the list of platform/edge (tests/architecture/rules.ts)",
      path: "platform/edge/src/spool.ts",
      text: `import pad from "left-pad";`,
    },
    {
      rule: "left-pad is not on the list of platform/store (tests/architecture/rules.ts)",
      path: "platform/store/src/lock.ts",
      text: `const pad = createRequire(import.meta.url)("left-pad");`,
    },
  ])("a planted violation is seen: $rule ($path)", ({ rule, path, text }) => {
    expect(importsOf(path, text).map(judge)).toEqual([rule]);
  });

  test("type-only and dynamic imports count", () => {
    const text = `import type { A } from "@yagura/server/route.ts"; type B = import("@yagura/devices/shapes.ts").Device;`;
    expect(importsOf("platform/store/src/x.ts", text).map(judge)).toHaveLength(2);
    expect(importsOf("platform/store/src/x.ts", text).map(judge)).not.toContain(null);
  });
});

describe("the floor plan", () => {
  test("every room says in one page what it is", () => {
    const rooms = ["platform", "services"].flatMap((kind) =>
      readdirSync(join(root, kind)).map((room) => `${kind}/${room}`),
    );
    const silent = rooms.filter(
      (room) => existsSync(join(root, room, "package.json")) && !existsSync(join(root, room, "README.md")),
    );
    expect(silent).toEqual([]);
  });

  test("a program's main is a table of contents of at most 60 lines", () => {
    const long = sourceFiles()
      .filter((path) => /^programs\/[^/]+\/src\/main\.tsx?$/.test(path))
      .filter((path) => readSource(path).trimEnd().split("\n").length > 60);
    expect(long).toEqual([]);
  });

  test("source files stay under 500 lines", () => {
    const long = sourceFiles()
      .filter((path) => !/\.test\.tsx?$/.test(path) && existsSync(join(root, path)))
      .filter((path) => readSource(path).split("\n").length > 500);
    expect(long).toEqual([]);
  });

  test("no machine path, registry host or left-over stands in the sources", () => {
    const words = [
      ["/wor", "k/main"],
      ["/wor", "k/shared"],
      ["registry.", "npmjs"],
      ["deb.", "debian.org"],
      ["@ts-", "ignore"],
      ["@ts-", "nocheck"],
    ].map((parts) => parts.join(""));
    const found = sourceFiles()
      .filter((path) => existsSync(join(root, path)))
      .flatMap((path) => words.filter((word) => readSource(path).includes(word)).map((word) => `${path}: ${word}`));
    expect(found).toEqual([]);
  });
});
