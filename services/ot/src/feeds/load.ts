/** `yagura ot feeds load FILE…`: public facts from files that the provider brought, without asking the internet. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Platform } from "@yagura/server/route.ts";
import { raise } from "../errors.ts";
import { readFeed, type Feed } from "./read.ts";
import { MAX_FEED_ROWS, storeFeed, type FeedKind, type FeedState } from "./store.ts";

/** A file larger than this is refused, bytes. */
export const MAX_FEED_BYTES = 200_000_000;
/** Files taken at once; a folder of advisories has a few thousand. */
export const MAX_FEED_FILES = 20_000;

export interface LoadedFeeds {
  readonly loaded: readonly FeedState[];
  /** Files of no kind that is known. */
  readonly unknown: readonly string[];
}

/** Folders stand for the files in them. All or nothing. Throws FEED_UNREADABLE, FEED_UNKNOWN, FEED_TOO_LARGE. */
export async function loadFeeds(
  platform: Pick<Platform, "store" | "clock">,
  paths: readonly string[],
): Promise<LoadedFeeds> {
  const byKind = new Map<FeedKind, { feeds: Feed[]; files: string[]; rows: number }>();
  const unknown: string[] = [];
  for (const file of await filesOf(paths)) {
    const feed = readFeed(await textOf(file));
    if (feed === null) {
      unknown.push(file);
      continue;
    }
    const kind = byKind.get(feed.kind) ?? { feeds: [], files: [], rows: 0 };
    byKind.set(feed.kind, kind);
    kind.feeds.push(feed);
    kind.files.push(basename(file));
    kind.rows += feed.kind === "oui" ? feed.rows.size : feed.rows.length;
    if (kind.rows > MAX_FEED_ROWS) throw raise("FEED_TOO_LARGE", { file, limit: MAX_FEED_ROWS });
  }
  if (byKind.size === 0) throw raise("FEED_UNKNOWN", { file: unknown.slice(0, 3).join(", ") || paths.join(", ") });
  const now = new Date(platform.clock.now());
  const loaded = await platform.store.provider(async (tx) => {
    const states: FeedState[] = [];
    for (const { feeds, files } of byKind.values()) states.push(await storeFeed(tx, feeds, files.slice(0, 50), now));
    return states;
  });
  return { loaded, unknown };
}

async function filesOf(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((error: unknown) => {
      throw raise("FEED_UNREADABLE", { file: path }, { cause: error });
    });
    if (!found.isDirectory()) files.push(path);
    else {
      const inside = await readdir(path, { recursive: true, withFileTypes: true });
      for (const entry of inside) if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
    }
    if (files.length > MAX_FEED_FILES) throw raise("FEED_TOO_LARGE", { file: path, limit: MAX_FEED_FILES });
  }
  return files.toSorted();
}
async function textOf(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MAX_FEED_BYTES) throw raise("FEED_TOO_LARGE", { file, limit: MAX_FEED_BYTES });
  return readFile(file, "utf8").catch((error: unknown) => {
    throw raise("FEED_UNREADABLE", { file }, { cause: error });
  });
}
