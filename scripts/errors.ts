/** Writes docs/errors.md from the error tables of all rooms (`node scripts/errors.ts`); a test keeps the two equal. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ErrorRow, ErrorTable } from "@yagura/core/errors.ts";

const root = new URL("../", import.meta.url).pathname;
export const page = join(root, "docs/errors.md");

/** Every room's table: the room's path and its rows. */
export async function errorTables(): Promise<{ room: string; rows: ErrorTable }[]> {
  const files = [
    "platform/*/src/errors.ts",
    "platform/*/src/*/errors.ts",
    "services/*/src/errors.ts",
    "services/*/src/edge/errors.ts",
    "programs/*/src/errors.ts",
  ]
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .filter((file) => file !== "platform/core/src/errors.ts")
    .toSorted();
  return Promise.all(
    files.map(async (file) => {
      const { errors } = (await import(join(root, file))) as { errors: ErrorTable | { rows: ErrorTable } };
      const rows =
        "rows" in errors && typeof errors.rows === "object" && !("status" in errors.rows) ? errors.rows : errors;
      return {
        room: file.replace(/\/src\/([^/]+\/)?errors\.ts$/, (_, folder: string | undefined) =>
          folder === undefined ? "" : `/${folder.slice(0, -1)}`,
        ),
        rows: rows as ErrorTable,
      };
    }),
  );
}

/** The page as Markdown. */
export async function errorPage(): Promise<string> {
  const head =
    "# Errors\n\nEvery error that the API, the command line or an edge program can give, by room. The API sends them as RFC 9457 problem\ndetails with the `code` below, in English or Japanese by `accept-language`. `{name}` stands for a value of the case at hand.\nThis page is made from the tables in the code (`node scripts/errors.ts`) and kept equal to them by a test.\n";
  const sections = (await errorTables()).map(({ room, rows }) => {
    const lines = Object.entries(rows as Record<string, ErrorRow>).map(
      ([code, row]) => `| \`${code}\` | ${row.status} | ${cell(row.en)} | ${cell(row.ja)} |`,
    );
    return `\n## ${room}\n\n| code | status | English | 日本語 |\n|---|---|---|---|\n${lines.join("\n")}\n`;
  });
  return head + sections.join("");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

if (import.meta.main) writeFileSync(page, await errorPage());
export const writtenPage = (): string => readFileSync(page, "utf8");
