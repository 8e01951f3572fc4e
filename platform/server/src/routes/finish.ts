/** The last step of every way to sign in: the session, or a ticket while the code of the authenticator is awaited. */
import { newId, type UserId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { ServerPlatform } from "../platform.ts";
import type { RouteContext } from "../route.ts";
import { hashSecret, newSecret } from "../secrets.ts";
import { startSession, type SignInMethod } from "../sessions.ts";
import { tables } from "../tables.ts";

const TICKET_LIFE = 5 * 60_000;

export type Done = { state: "signed-in" } | { state: "totp-needed"; ticket: string };
export type Context = Pick<RouteContext<unknown, unknown, unknown>, "request" | "reply" | "now" | "actor">;

/** Signs in, or asks for the code first when the account has an authenticator app. */
export async function finish(
  platform: ServerPlatform,
  tx: Tx,
  context: Context,
  user: { id: UserId; name: string },
  method: SignInMethod,
  codeNeeded: boolean,
): Promise<Done> {
  if (!codeNeeded) {
    await startSession(platform, tx, context.request, context.reply, user, method);
    return { state: "signed-in" };
  }
  const ticket = newSecret();
  await tables(tx)
    .insertInto("server.ticket")
    .values({
      id: newId(),
      kind: "totp",
      token_hash: hashSecret(ticket),
      user_id: user.id,
      method,
      expires_at: new Date(context.now.getTime() + TICKET_LIFE),
    })
    .execute();
  return { state: "totp-needed", ticket };
}
