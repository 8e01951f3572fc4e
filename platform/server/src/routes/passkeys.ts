/** Passkeys (WebAuthn level 3): registering, signing in without a mail address, listing and removing. */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  type RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { Type } from "typebox";
import { newId, type UserId } from "@yagura/core/ids.ts";
import type { Tx } from "@yagura/store/store.ts";
import type { Environment } from "../environment.ts";
import { raise } from "../errors.ts";
import { ownOrigins } from "../guard.ts";
import type { ServerPlatform } from "../platform.ts";
import { profileName } from "../profile.ts";
import { route, type Route, type RouteContext } from "../route.ts";
import { hashSecret } from "../secrets.ts";
import { startSession } from "../sessions.ts";
import { closed, Id, Instant, Name } from "../shapes.ts";
import { instant, tables } from "../tables.ts";
import { Proof, proveRecently, tellChange, userOf } from "./me.ts";

const CHALLENGE_LIFE = 5 * 60_000;
/** What a browser's authenticator answers; its inside is checked by the library. */
const Credential = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 1400 }),
    response: Type.Object({ clientDataJSON: Type.String({ maxLength: 4000 }) }, { additionalProperties: true }),
  },
  { additionalProperties: true },
);
const self = { tag: "account", access: { kind: "self" } } as const;
const Options = Type.Object({ options: Type.Record(Type.String(), Type.Unknown()) });
const Passkey = Type.Object({
  id: Id,
  name: Type.String(),
  createdAt: Instant,
  lastUsedAt: Type.Union([Instant, Type.Null()]),
});

const relyingParty = (platform: ServerPlatform): string => new URL(platform.publicUrl()).hostname;

async function keepChallenge(
  tx: Tx,
  kind: "passkey-sign-in" | "passkey-register",
  challenge: string,
  userId: UserId | null,
  now: Date,
): Promise<void> {
  await tables(tx)
    .insertInto("server.ticket")
    .values({
      id: newId(),
      kind,
      token_hash: hashSecret(challenge),
      user_id: userId,
      expires_at: new Date(now.getTime() + CHALLENGE_LIFE),
    })
    .execute();
}

/** The challenge that the answer names, used up. Each works once and for five minutes. */
async function takeChallenge(
  tx: Tx,
  kind: "passkey-sign-in" | "passkey-register",
  clientData: string,
  userId: UserId | null,
  now: Date,
): Promise<string> {
  const challenge = readChallenge(clientData);
  const taken = await tables(tx)
    .updateTable("server.ticket")
    .set({ used_at: now })
    .where("kind", "=", kind)
    .where("token_hash", "=", hashSecret(challenge))
    .where("user_id", userId === null ? "is" : "=", userId)
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .returning("id")
    .execute();
  if (taken.length === 0) throw raise(kind === "passkey-register" ? "PASSKEY_NOT_MADE" : "PASSKEY_REFUSED");
  return challenge;
}

function readChallenge(clientData: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientData, "base64url").toString("utf8")) as { challenge?: unknown };
    if (typeof challenge === "string") return challenge;
  } catch {
    // Not JSON: refused below like any other answer that fits no challenge.
  }
  throw raise("PASSKEY_REFUSED");
}

export function passkeyRoutes(environment: Environment): Route[] {
  return [...signInRoutes(environment), ...registerRoutes(environment), ...listRoutes(environment)];
}

function signInRoutes({ platform }: Environment): Route[] {
  const base = { tag: "sign-in", access: { kind: "public" }, rate: 20 } as const;
  return [
    route({
      ...base,
      method: "POST",
      path: "/api/v1/sign-in/passkey/options",
      summary: "A challenge for any passkey of this site",
      response: Options,
      handler: async ({ tx, now }) => {
        // No list of credentials: the authenticator offers its own, and nothing is told about accounts.
        const options = await generateAuthenticationOptions({
          rpID: relyingParty(platform),
          userVerification: "required",
          timeout: CHALLENGE_LIFE,
        });
        await keepChallenge(tx, "passkey-sign-in", options.challenge, null, now);
        return { options };
      },
    }),
    route({
      ...base,
      method: "POST",
      path: "/api/v1/sign-in/passkey",
      summary: "Sign in with a passkey",
      body: Type.Object({ response: Credential }, closed),
      response: Type.Object({ state: Type.Literal("signed-in") }),
      handler: async (context) => {
        await signInByPasskey(platform, context, context.body.response as unknown as AuthenticationResponseJSON);
        return { state: "signed-in" };
      },
    }),
  ];
}

type Context = Pick<RouteContext<unknown, unknown, unknown>, "tx" | "now" | "request" | "reply">;

/** A passkey proves two factors by itself (possession, and the person verified by the authenticator), so no code is asked for. */
async function signInByPasskey(
  platform: ServerPlatform,
  context: Context,
  response: AuthenticationResponseJSON,
): Promise<void> {
  const { tx, now, request, reply } = context;
  const challenge = await takeChallenge(tx, "passkey-sign-in", response.response.clientDataJSON, null, now);
  const passkey = await tables(tx)
    .selectFrom("server.passkey as p")
    .innerJoin("server.app_user as u", "u.id", "p.user_id")
    .select(["p.id", "p.user_id", "p.credential_id", "p.public_key", "p.counter", "p.transports", "u.name"])
    .where("p.credential_id", "=", response.id)
    .executeTakeFirst();
  if (passkey === undefined) throw raise("PASSKEY_REFUSED");
  const result = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: ownOrigins(platform, request),
    expectedRPID: relyingParty(platform),
    requireUserVerification: true,
    credential: {
      id: passkey.credential_id,
      publicKey: new Uint8Array(passkey.public_key),
      counter: Number(passkey.counter),
      transports: passkey.transports,
    },
  }).catch((cause: unknown) => {
    throw raise("PASSKEY_REFUSED", {}, { cause });
  });
  if (!result.verified) throw raise("PASSKEY_REFUSED");
  await tables(tx)
    .updateTable("server.passkey")
    .set({ counter: result.authenticationInfo.newCounter, last_used_at: now })
    .where("id", "=", passkey.id)
    .execute();
  await startSession(platform, tx, request, reply, { id: passkey.user_id, name: passkey.name }, "passkey");
}

function registerRoutes(environment: Environment): Route[] {
  return [registerOptions(environment), registerPasskey(environment)];
}

function registerOptions(environment: Environment): Route {
  const { platform } = environment;
  return route({
    ...self,
    method: "POST",
    path: "/api/v1/me/passkeys/options",
    summary: "Begin to register a passkey; needs a young sign-in or the password",
    transaction: false,
    rate: 20,
    body: Proof,
    response: Options,
    handler: async ({ actor, body, now, request }) => {
      const user = userOf(actor);
      await proveRecently(environment, environment.principal(request), body.password, now);
      return { options: await platform.store.provider((tx) => creationOptions(platform, tx, user.id, now)) };
    },
  });
}

/** What the authenticator is asked to make, with a challenge that is kept. */
async function creationOptions(
  platform: ServerPlatform,
  tx: Tx,
  user: UserId,
  now: Date,
): ReturnType<typeof generateRegistrationOptions> {
  const row = await tables(tx)
    .selectFrom("server.app_user")
    .select(["mail", "name"])
    .where("id", "=", user)
    .executeTakeFirstOrThrow();
  const present = await tables(tx)
    .selectFrom("server.passkey")
    .select(["credential_id", "transports"])
    .where("user_id", "=", user)
    .execute();
  const options = await generateRegistrationOptions({
    rpName: await profileName(tx),
    rpID: relyingParty(platform),
    userName: row.mail,
    userDisplayName: row.name,
    userID: new TextEncoder().encode(user),
    attestationType: "none",
    timeout: CHALLENGE_LIFE,
    excludeCredentials: present.map((one) => ({
      id: one.credential_id,
      transports: one.transports as AuthenticatorTransport[],
    })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await keepChallenge(tx, "passkey-register", options.challenge, user, now);
  return options;
}

function registerPasskey({ platform }: Environment): Route {
  return route({
    ...self,
    method: "POST",
    path: "/api/v1/me/passkeys",
    summary: "Register the passkey that the authenticator made",
    status: 201,
    body: Type.Object({ name: Name, response: Credential }, closed),
    response: Passkey,
    handler: async ({ tx, actor, now, body, request, audit }) => {
      const user = userOf(actor);
      const response = body.response as unknown as RegistrationResponseJSON;
      const challenge = await takeChallenge(tx, "passkey-register", response.response.clientDataJSON, user.id, now);
      const result = await verifyRegistrationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: ownOrigins(platform, request),
        expectedRPID: relyingParty(platform),
        requireUserVerification: true,
      }).catch((cause: unknown) => {
        throw raise("PASSKEY_NOT_MADE", {}, { cause });
      });
      if (!result.verified) throw raise("PASSKEY_NOT_MADE");
      const { credential } = result.registrationInfo;
      const id = newId();
      const added = await tables(tx)
        .insertInto("server.passkey")
        .values({
          id,
          user_id: user.id,
          credential_id: credential.id,
          public_key: Buffer.from(credential.publicKey),
          counter: credential.counter,
          transports: [...(credential.transports ?? [])],
          name: body.name,
          created_at: now,
        })
        .onConflict((conflict) => conflict.column("credential_id").doNothing())
        .returning("id")
        .execute();
      if (added.length === 0) throw raise("PASSKEY_NOT_MADE");
      await tellChange(platform, tx, user.id, "passkeyAdded", now);
      await audit({ action: "user.passkey-add", subject: `passkey:${id}`, details: { name: body.name } });
      return { id, name: body.name, createdAt: now.toISOString(), lastUsedAt: null };
    },
  });
}

const listRoutes = (environment: Environment): Route[] => [listPasskeys(), removePasskey(environment)];

const listPasskeys = (): Route =>
  route({
    method: "GET",
    path: "/api/v1/me/passkeys",
    summary: "One's passkeys",
    tag: "account",
    access: { kind: "self" },
    response: Type.Array(Passkey),
    handler: async ({ tx, actor }) => {
      const rows = await tables(tx)
        .selectFrom("server.passkey")
        .selectAll()
        .where("user_id", "=", userOf(actor).id)
        .orderBy("created_at")
        .execute();
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        createdAt: instant(row.created_at),
        lastUsedAt: instant(row.last_used_at),
      }));
    },
  });

function removePasskey(environment: Environment): Route {
  const { platform } = environment;
  return route({
    ...self,
    method: "DELETE",
    path: "/api/v1/me/passkeys/:id",
    summary: "Remove a passkey; needs a young sign-in or the password",
    transaction: false,
    rate: 20,
    params: Type.Object({ id: Id }),
    body: Proof,
    handler: async ({ actor, params, body, now, request }) => {
      const user = userOf(actor);
      await proveRecently(environment, environment.principal(request), body.password, now);
      await platform.store.provider(async (tx) => {
        const gone = await tables(tx)
          .deleteFrom("server.passkey")
          .where("id", "=", params.id)
          .where("user_id", "=", user.id)
          .returning("name")
          .execute();
        if (gone.length === 0) throw raise("NOT_FOUND");
        await tellChange(platform, tx, user.id, "passkeyRemoved", now);
        await platform.audit(tx, actor, null, {
          action: "user.passkey-remove",
          subject: `passkey:${params.id}`,
          details: { name: gone[0]?.name ?? "" },
        });
      });
    },
  });
}
