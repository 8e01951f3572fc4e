/** A sign-in that is not young proves who uses it before it may add or remove a way to sign in. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { softwareAuthenticator } from "@yagura/testkit/authenticator.ts";
import { PASSWORD, PUBLIC_URL, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";
import { countAttempt } from "./attempts.ts";
import { newSignInLink } from "./setup.ts";

const MINUTE = 60_000;
let server: TestServer;
let organisation: string;
beforeAll(async () => {
  server = await testServer();
  organisation = (await server.organisation("Proof")).id;
});
afterAll(() => server.stop());

interface Coded {
  readonly code: string;
}
interface Begun {
  readonly options: { readonly challenge: string; readonly rp: { readonly id: string } };
}
const begin = (person: Client, body = {}) => person.post<Begun & Coded>("/api/v1/me/passkeys/options", body);
const add = (person: Client, begun: Begun) => {
  const key = softwareAuthenticator();
  const response = key.create(begun.options, PUBLIC_URL);
  return { key, made: person.post<{ id: string }>("/api/v1/me/passkeys", { name: "key", response }) };
};

describe("with a password", () => {
  test.each([
    { name: "a passkey", path: "/api/v1/me/passkeys/options" },
    { name: "an authenticator app", path: "/api/v1/me/totp" },
  ])("$name is added within ten minutes, then with the password only", async ({ name, path }) => {
    const person = await server.member(organisation, `${name.replaceAll(" ", "-")}@proof.test`, "viewer");
    expect((await person.post(path)).status).toBe(200);
    server.clock.advance(11 * MINUTE);
    const refused = await person.post<Coded>(path);
    expect([refused.status, refused.body.code]).toEqual([403, "PROOF_NEEDED"]);
    expect((await person.post<Coded>(path, { password: "another passphrase 5" })).body.code).toBe("PASSWORD_WRONG");
    expect((await person.post(path, { password: PASSWORD })).status).toBe(200);
  });

  test("a passkey is removed with the password", async () => {
    const person = await server.member(organisation, "removes@proof.test", "viewer");
    const { body } = await add(person, (await begin(person)).body).made;
    server.clock.advance(11 * MINUTE);
    expect((await person.delete<Coded>(`/api/v1/me/passkeys/${body.id}`)).body.code).toBe("PROOF_NEEDED");
    expect((await person.delete(`/api/v1/me/passkeys/${body.id}`, { password: PASSWORD })).status).toBe(204);
  });

  test("passwords cannot be tried out here, and right ones do not count as tries", async () => {
    const person = await server.member(organisation, "tries@proof.test", "viewer");
    server.clock.advance(11 * MINUTE);
    for (let n = 0; n < 9; n++) await begin(person, { password: "wrong passphrase 12" });
    for (let n = 0; n < 2; n++) expect((await begin(person, { password: PASSWORD })).status).toBe(200);
    const userId = (await person.me()).user?.id ?? "";
    for (let n = 0; n < 10; n++) await countAttempt(server.platform, "proof", userId);
    expect((await begin(person, { password: PASSWORD })).body.code).toBe("TOO_MANY_ATTEMPTS");
  });
});

test("with passkeys only, removing them is no way around the proof", async () => {
  await server.admin.post("/api/v1/provider/staff", { mail: "keys@provider.test", role: "provider-support" });
  const person = server.client();
  const link = (await newSignInLink(server.platform, "keys@provider.test")).split("#link=")[1] ?? "";
  await person.post(`/api/v1/sign-in-links/${link}`, {});
  const { key, made } = add(person, (await begin(person)).body);
  const { body } = await made;
  server.clock.advance(11 * MINUTE);
  expect((await person.delete<Coded>(`/api/v1/me/passkeys/${body.id}`)).body.code).toBe("SIGN_IN_AGAIN");
  expect((await begin(person)).body.code).toBe("SIGN_IN_AGAIN");
  const again = server.client();
  const challenge = (
    await again.post<{ options: { challenge: string; rpId: string } }>("/api/v1/sign-in/passkey/options")
  ).body.options;
  await again.post("/api/v1/sign-in/passkey", { response: key.get(challenge, PUBLIC_URL) });
  expect((await again.delete(`/api/v1/me/passkeys/${body.id}`)).status).toBe(204);
});

test("a changed password ends reset links that were asked for before", async () => {
  const person = await server.member(organisation, "reset@proof.test", "viewer");
  await server.client().post("/api/v1/password-reset", { mail: "reset@proof.test" });
  const { link } = await server.mailTo("reset@proof.test");
  await person.post("/api/v1/me/password", { current: PASSWORD, next: "another passphrase 5" });
  const used = await server.client().post<Coded>(`/api/v1/sign-in-links/${link}`, { password: "third passphrase 77" });
  expect(used.body.code).toBe("LINK_REVOKED");
});
