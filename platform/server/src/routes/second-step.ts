/** The authenticator app of one's own account, and its recovery codes. */
import QRCode from "qrcode";
import { Type } from "typebox";
import { closed } from "../shapes.ts";
import { newId, type UserId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { profileName } from "../profile.ts";
import { route, type Route } from "../route.ts";
import { tables } from "../tables.ts";
import { describeSeed, matchCode, newRecoveryCodes, newSeed, recoveryHash } from "../totp.ts";
import { Proof, proveRecently, proveSelf, tellChange, userOf } from "./me.ts";

const RecoveryCodes = Type.Object({ recoveryCodes: Type.Array(Type.String()) });
const self = { tag: "account", access: { kind: "self" } } as const;

export function totpRoutes(environment: Environment): Route[] {
  return [beginTotp(environment), confirmTotp(environment), removeTotp(environment), renewRecoveryCodes(environment)];
}

function beginTotp(environment: Environment): Route {
  const { platform } = environment;
  return route({
    ...self,
    method: "POST",
    path: "/api/v1/me/totp",
    summary: "Begin to set up an authenticator app; needs a young sign-in or the password",
    transaction: false,
    rate: 20,
    body: Proof,
    response: Type.Object({ secret: Type.String(), uri: Type.String(), qr: Type.String() }),
    handler: async ({ actor, body, now, request }) => {
      const user = userOf(actor);
      await proveRecently(environment, environment.principal(request), body.password, now);
      const { secret, uri } = await platform.store.provider(async (tx) => {
        const row = await tables(tx)
          .selectFrom("server.app_user")
          .select(["mail", "totp_sealed"])
          .where("id", "=", user.id)
          .executeTakeFirstOrThrow();
        if (row.totp_sealed !== null) throw raise("TOTP_ALREADY");
        const seed = newSeed();
        const pending = platform.keys.seal(seed, `totp:${user.id}`);
        await tables(tx)
          .updateTable("server.app_user")
          .set({ totp_pending: pending })
          .where("id", "=", user.id)
          .execute();
        return describeSeed(seed, row.mail, await profileName(tx));
      });
      return { secret, uri, qr: await QRCode.toString(uri, { type: "svg", errorCorrectionLevel: "M", margin: 2 }) };
    },
  });
}

function confirmTotp({ platform }: Environment): Route {
  return route({
    ...self,
    method: "POST",
    path: "/api/v1/me/totp/confirm",
    summary: "Confirm the authenticator app by its first code; gives recovery codes",
    rate: 20,
    body: Type.Object({ code: Type.String({ minLength: 6, maxLength: 8 }) }, closed),
    response: RecoveryCodes,
    handler: async ({ tx, actor, body, now, audit }) => {
      const user = userOf(actor);
      const row = await tables(tx)
        .selectFrom("server.app_user")
        .select("totp_pending")
        .where("id", "=", user.id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (row.totp_pending === null) throw raise("TOTP_NOT_STARTED");
      const step = matchCode(platform.keys.open(row.totp_pending, `totp:${user.id}`), body.code, now.getTime(), 0);
      if (step === null) throw raise("CODE_WRONG");
      await tables(tx)
        .updateTable("server.app_user")
        .set({ totp_sealed: row.totp_pending, totp_pending: null, totp_last_step: step })
        .where("id", "=", user.id)
        .execute();
      await tellChange(platform, tx, user.id, "totpOn", now);
      await audit({ action: "user.totp-on", subject: `user:${user.id}` });
      return { recoveryCodes: await replaceRecoveryCodes(tx, user.id) };
    },
  });
}

function removeTotp(environment: Environment): Route {
  const { platform } = environment;
  return route({
    ...self,
    method: "DELETE",
    path: "/api/v1/me/totp",
    summary: "Remove the authenticator app and its recovery codes",
    transaction: false,
    rate: 20,
    body: Proof,
    handler: async ({ actor, body, now, request }) => {
      const user = userOf(actor);
      await proveSelf(environment, environment.principal(request), body.password, now);
      await platform.store.provider(async (tx) => {
        await tables(tx)
          .updateTable("server.app_user")
          .set({ totp_sealed: null, totp_pending: null })
          .where("id", "=", user.id)
          .execute();
        await tables(tx).deleteFrom("server.recovery_code").where("user_id", "=", user.id).execute();
        await tellChange(platform, tx, user.id, "totpOff", now);
        await platform.audit(tx, actor, null, { action: "user.totp-off", subject: `user:${user.id}` });
      });
    },
  });
}

function renewRecoveryCodes(environment: Environment): Route {
  const { platform } = environment;
  return route({
    ...self,
    method: "POST",
    path: "/api/v1/me/recovery-codes",
    summary: "New recovery codes; the old ones end",
    transaction: false,
    rate: 20,
    body: Proof,
    response: RecoveryCodes,
    handler: async ({ actor, body, now, request }) => {
      const user = userOf(actor);
      await proveSelf(environment, environment.principal(request), body.password, now);
      return platform.store.provider(async (tx) => {
        const recoveryCodes = await replaceRecoveryCodes(tx, user.id);
        await tellChange(platform, tx, user.id, "recoveryCodes", now);
        await platform.audit(tx, actor, null, { action: "user.recovery-codes", subject: `user:${user.id}` });
        return { recoveryCodes };
      });
    },
  });
}

async function replaceRecoveryCodes(tx: Tx, user: UserId): Promise<string[]> {
  const codes = newRecoveryCodes();
  await tables(tx).deleteFrom("server.recovery_code").where("user_id", "=", user).execute();
  await tables(tx)
    .insertInto("server.recovery_code")
    .values(codes.map((code) => ({ id: newId(), user_id: user, code_hash: recoveryHash(code) ?? Buffer.alloc(32) })))
    .execute();
  return codes;
}
