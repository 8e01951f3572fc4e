/** Where the server's migrations are, for `openStores` and `testStores`, and what else its database needs. */
import { runMigrations } from "graphile-worker";

export const serverMigrations = { room: "server", postgres: new URL("../migrations/", import.meta.url) } as const;

/** Makes the tables of the job worker; `createPlatform` does so too, but a test template saves the time. */
export async function prepareJobs(connectionString: string): Promise<void> {
  await runMigrations({ connectionString });
}
