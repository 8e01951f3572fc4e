/** Reads the imports of every source file in the repository, type-only ones too. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { parseSync } from "oxc-parser";
import type { Import } from "./rules.ts";

export const root = new URL("../../", import.meta.url).pathname;

/** Source files that git knows or would take. */
export function sourceFiles(): string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx", "*.mts"],
    { cwd: root, encoding: "utf8" },
  );
  return listed.split("\n").filter((path) => path !== "" && !path.includes("/testdata/"));
}

/**
 * Imports of one file's text: static, dynamic, re-exports, `import("…")` types, and `require` and `require.resolve` as made by
 * `createRequire`.
 */
export function importsOf(path: string, text: string): Import[] {
  const parsed = parseSync(path, text);
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0]?.message}`);
  const specifiers = new Set<string>();
  for (const item of parsed.module.staticImports) specifiers.add(item.moduleRequest.value);
  for (const item of parsed.module.staticExports)
    for (const entry of item.entries) if (entry.moduleRequest) specifiers.add(entry.moduleRequest.value);
  const called = /(?<!`)\b(?:import|(?:require|createRequire\([^()]*\))(?:\.resolve)?)\(\s*["']([^"']+)["']\s*\)/g;
  for (const match of text.matchAll(called)) specifiers.add(match[1] as string);
  return [...specifiers].map((specifier) => resolve(path, specifier));
}

function resolve(from: string, specifier: string): Import {
  if (specifier.startsWith(".")) return { from, to: normalize(join(dirname(from), specifier)), ours: true };
  const match = /^@yagura\/([a-z-]+)\/(.+)$/.exec(specifier);
  if (match === null) return { from, to: specifier, ours: false };
  const [, room = "", rest = ""] = match;
  const kind = ["experience", "security", "remote", "ot", "utm"].includes(room) ? "services" : "platform";
  return { from, to: `${kind}/${room}/src/${rest}`, ours: true };
}

export const readSource = (path: string): string => readFileSync(join(root, path), "utf8");
