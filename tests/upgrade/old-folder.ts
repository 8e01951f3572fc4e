/** Migrations as they were when contracts had no facts, terms no plans and there were no prices. */
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RoomMigrations } from "@yagura/store/migrations/read.ts";

const root = new URL("../../", import.meta.url);
/** How many files each room had then. */
const then = [
  { room: "server", postgres: "platform/server/migrations/", files: 2 },
  { room: "devices", postgres: "platform/devices/migrations/", files: 2 },
  { room: "commerce", postgres: "platform/commerce/migrations/", files: 3 },
  {
    room: "experience",
    postgres: "services/experience/migrations/postgres/",
    files: 3,
    clickhouse: "services/experience/migrations/clickhouse/",
    clickhouseFiles: 1,
  },
] as const;

/** Copies them below the folder: a released file never changes, so today's first files are those of then. */
export const oldMigrations = (folder: string): RoomMigrations[] =>
  then.map((one) => ({
    room: one.room,
    postgres: copied(one.postgres, join(folder, one.room), one.files),
    ...("clickhouse" in one
      ? { clickhouse: copied(one.clickhouse, join(folder, `${one.room}-clickhouse`), one.clickhouseFiles) }
      : {}),
  }));

function copied(from: string, to: string, files: number): URL {
  mkdirSync(to, { recursive: true });
  const names = readdirSync(new URL(from, root)).filter((name) => name.endsWith(".sql"));
  for (const name of names.toSorted().slice(0, files)) copyFileSync(new URL(`${from}${name}`, root), join(to, name));
  return new URL(`${pathToFileURL(to).href}/`);
}
