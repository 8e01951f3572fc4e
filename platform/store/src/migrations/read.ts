/** Migration files: `NNNN-name.sql`, numbered 1, 2, 3 … in each room and engine, forward only, never changed once applied. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { raise } from "../errors.ts";

export type Engine = "postgres" | "clickhouse";

/** Where a room keeps its migrations. */
export interface RoomMigrations {
  readonly room: string;
  /** Folder of PostgreSQL files, e.g. `new URL("../migrations/", import.meta.url)`. */
  readonly postgres?: URL;
  readonly clickhouse?: URL;
}

export interface Migration {
  readonly room: string;
  readonly version: number;
  /** File name. */
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** What the ledger in the database remembers. */
export interface Applied {
  readonly room: string;
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const FILE = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;

/** The files of one folder in order. Throws MIGRATION_ORDER. */
export function readMigrations(room: string, folder: URL): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  return names.map((name, index) => {
    const version = Number(FILE.exec(name)?.[1] ?? 0);
    if (version !== index + 1) throw raise("MIGRATION_ORDER", { room, name });
    const sql = readFileSync(new URL(name, folder.href.endsWith("/") ? folder : new URL(`${folder.href}/`)), "utf8");
    return { room, version, name, sql, checksum: checksumOf(sql) };
  });
}

/** Line ends are no change: a checkout on another system must not look like drift. */
export const checksumOf = (sql: string): string =>
  createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");

/**
 * What is still to be applied, in order. `known` holds every room that this program brings.
 * Throws MIGRATION_CHANGED, MIGRATION_MISSING, MIGRATION_NEWER.
 */
export function pending(engine: Engine, known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const byKey = new Map(known.map((one) => [`${one.room}/${one.version}`, one]));
  const newest = new Map<string, number>();
  for (const one of known) newest.set(one.room, one.version);
  for (const one of applied) {
    const file = byKey.get(`${one.room}/${one.version}`);
    const where = { room: one.room, version: one.version, engine };
    if (file === undefined) {
      throw raise(one.version > (newest.get(one.room) ?? Infinity) ? "MIGRATION_NEWER" : "MIGRATION_MISSING", where);
    }
    if (file.checksum !== one.checksum) throw raise("MIGRATION_CHANGED", { ...where, name: one.name });
  }
  const done = new Set(applied.map((one) => `${one.room}/${one.version}`));
  return known.filter((one) => !done.has(`${one.room}/${one.version}`));
}

/** The files of all rooms for one engine, in the order of the rooms. */
export function migrationsOf(engine: Engine, rooms: readonly RoomMigrations[]): Migration[] {
  return rooms.flatMap((room) => {
    const folder = room[engine];
    return folder === undefined ? [] : readMigrations(room.room, folder);
  });
}

/** The files of those that were applied, in the order of the rooms. Throws as `pending` does. */
export function appliedOf(engine: Engine, known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const rest = new Set(pending(engine, known, applied));
  return known.filter((one) => !rest.has(one));
}
