/** Jobs that remove what is over: ended sign-ins, used links, people who belong nowhere after an erasure. */
import { sql } from "kysely";
import type { JobHandler } from "./route.ts";

const KEEP_DAYS = 30;

export const housekeeping: Readonly<Record<string, JobHandler>> = {
  /** Nightly. Audit entries and mails stay; what has ended for a month goes. */
  "server.housekeeping": async (_payload, platform) => {
    const now = new Date(platform.clock.now());
    const before = new Date(now.getTime() - KEEP_DAYS * 86_400_000);
    await platform.store.provider(async (tx) => {
      await sql`delete from server.session where coalesce(revoked_at, expires_at) < ${before}`.execute(tx);
      await sql`delete from server.sign_in_link where expires_at < ${before}`.execute(tx);
      await sql`delete from server.ticket where expires_at < ${now}`.execute(tx);
      await sql`delete from server.attempt where window_ends_at < ${now}`.execute(tx);
    });
  },
  /** After an erasure: the named people, unless they still belong somewhere. */
  "server.forget-users": async (payload, platform) => {
    const users = Array.isArray(payload["users"]) ? payload["users"].map(String) : [];
    await platform.store.provider((tx) =>
      sql`delete from server.app_user u where u.id = any(${users}::uuid[])
        and not exists (select 1 from server.staff s where s.user_id = u.id)
        and not exists (select 1 from server.membership m where m.user_id = u.id)`.execute(tx),
    );
  },
};
