/** Where the server's migrations are, for `openStores` and `testStores`; `prepareJobs` (jobs.ts) makes the job worker's tables. */
export const serverMigrations = { room: "server", postgres: new URL("../migrations/", import.meta.url) } as const;
