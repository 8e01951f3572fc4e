/** Failures counted in the database, over all processes and restarts: an account cannot be guessed at by many addresses at once. */
import { sql } from "kysely";
import type { ServerPlatform } from "./platform.ts";
import { raise } from "./errors.ts";
import { hashSecret } from "./secrets.ts";

const LIMIT = 10;
const WINDOW = 15 * 60_000;

/** The account is hashed: the table need not hold what strangers typed into the mail field. */
const keyOf = (kind: string, account: string): string =>
  `${kind}:${hashSecret(account.toLowerCase()).toString("base64url")}`;

/** Counts one try in a transaction of its own and throws TOO_MANY_ATTEMPTS when the account has used up its tries. */
export async function countAttempt(platform: ServerPlatform, kind: string, account: string): Promise<void> {
  const now = platform.clock.now();
  const { rows } = await platform.store.provider((tx) =>
    sql<{ count: number; window_ends_at: Date }>`
      insert into server.attempt as a (key, count, window_ends_at)
      values (${keyOf(kind, account)}, 1, ${new Date(now + WINDOW)})
      on conflict (key) do update set
        count = case when a.window_ends_at <= ${new Date(now)} then 1 else a.count + 1 end,
        window_ends_at = case when a.window_ends_at <= ${new Date(now)} then ${new Date(now + WINDOW)} else a.window_ends_at end
      returning count, window_ends_at`.execute(tx),
  );
  const [row] = rows;
  if (row !== undefined && row.count > LIMIT) {
    const minutes = Math.max(1, Math.ceil((new Date(row.window_ends_at).getTime() - now) / 60_000));
    throw raise("TOO_MANY_ATTEMPTS", { minutes, seconds: minutes * 60 });
  }
}

/** Forgets the failures after a success. */
export async function forgetAttempts(platform: ServerPlatform, kind: string, account: string): Promise<void> {
  await platform.store.provider((tx) =>
    sql`delete from server.attempt where key = ${keyOf(kind, account)}`.execute(tx),
  );
}
