/** ClickHouse has no row-level security of its own: nobody but this room may talk to it, and nobody may go round `Telemetry`. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const forbidden =
  /from "(chdb|@clickhouse\/client|@yagura\/store\/clickhouse\/[^"]+)"|import\("(chdb|@clickhouse\/client)"\)/;

/** The lines that reach for the engine itself. */
const offences = (source: string): string[] => source.split("\n").filter((line) => forbidden.test(line));

test("only the store room and the test kit import the engine or its client", () => {
  const files = globSync("{platform,services,programs}/*/src/**/*.{ts,tsx}", { cwd: root }).filter(
    (file) => !/^platform\/(store|testkit)\//.test(file) && !/\.test\.tsx?$/.test(file),
  );
  expect(files.length).toBeGreaterThan(50);
  const found = files.filter((file) => offences(readFileSync(`${root}/${file}`, "utf8")).length > 0);
  expect(found).toEqual([]);
});

test.each([
  `import { Session } from "chdb";`,
  `import type { ClickHouseClient } from "@clickhouse/client";`,
  `import { startEmbeddedClickHouse } from "@yagura/store/clickhouse/embedded.ts";`,
  `const { Session } = await import("chdb");`,
])("a planted offence is found: %s", (line) => {
  expect(offences(`// x\n${line}\n`)).toEqual([line]);
});
