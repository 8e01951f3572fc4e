/**
 * One embedded PostgreSQL for all test files of a run: a process of its own that stops the server and removes its folder when
 * the run (process `owner`) is gone, however it went. Started by database.ts: `node database-server.ts FOLDER OWNER`.
 */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lockFolder } from "@yagura/store/lock.ts";
import { silent } from "@yagura/store/log.ts";
import { startEmbeddedPostgres } from "@yagura/store/postgres/embedded.ts";
import { isAlive } from "@yagura/store/processes.ts";

const [folder = "", owner = ""] = process.argv.slice(2);
process.on("SIGINT", () => undefined);

try {
  // Files of one run may ask at the same moment: the second process leaves.
  lockFolder(folder);
} catch {
  process.exit(0);
}

const server = await startEmbeddedPostgres({
  folder: join(folder, "postgres"),
  log: silent,
  // Tests need the rules of the database, not its durability.
  settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "120" },
});
const { connectionString, adminConnectionString } = server;
const ready = join(folder, "ready.json");
writeFileSync(`${ready}.new`, JSON.stringify({ connectionString, adminConnectionString }), { mode: 0o600 });
renameSync(`${ready}.new`, ready);

while (isAlive(Number(owner))) await sleep(300);
rmSync(ready, { force: true });
await server.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
