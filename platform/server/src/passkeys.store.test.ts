/** Passkeys, with a software authenticator at the real library. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { softwareAuthenticator, type Authenticator } from "@yagura/testkit/authenticator.ts";
import { PUBLIC_URL, testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";

let server: TestServer;
let organisation: string;
beforeAll(async () => {
  server = await testServer();
  organisation = (await server.organisation("Passkeys")).id;
});
afterAll(() => server.stop());

interface Options {
  readonly options: { readonly challenge: string; readonly rp: { readonly id: string }; readonly rpId: string };
}

async function registered(mail: string): Promise<{ person: Client; key: Authenticator; id: string }> {
  const person = await server.member(organisation, mail, "viewer");
  const key = softwareAuthenticator();
  const begun = await person.post<Options>("/api/v1/me/passkeys/options");
  expect(begun.body.options.rp.id).toBe("localhost");
  const made = await person.post<{ id: string }>("/api/v1/me/passkeys", {
    name: "laptop",
    response: key.create(begun.body.options, PUBLIC_URL),
  });
  expect(made.status).toBe(201);
  return { person, key, id: made.body.id };
}

const challenge = async (client: Client): Promise<Options["options"]> =>
  (await client.post<Options>("/api/v1/sign-in/passkey/options")).body.options;
const answerWith = (client: Client, response: unknown) =>
  client.post<{ state: string; code: string }>("/api/v1/sign-in/passkey", { response });

test("a passkey is registered, listed, signs in without a mail address, and is removed", async () => {
  const { person, key, id } = await registered("happy@customer.test");
  expect((await person.me()).user?.passkeys).toBe(1);
  const other = server.client();
  expect((await answerWith(other, key.get(await challenge(other), PUBLIC_URL))).body.state).toBe("signed-in");
  expect((await other.me()).user?.mail).toBe("happy@customer.test");
  expect((await person.get<{ id: string }[]>("/api/v1/me/passkeys")).body).toMatchObject([{ id, name: "laptop" }]);
  expect((await person.delete(`/api/v1/me/passkeys/${id}`)).status).toBe(204);
  const again = server.client();
  expect((await answerWith(again, key.get(await challenge(again), PUBLIC_URL))).body.code).toBe("PASSKEY_REFUSED");
  expect((await server.mailTo("happy@customer.test")).text).toContain("a passkey was removed");
});

test("an answer works once, for five minutes, for this site and for the verified person only", async () => {
  const { key } = await registered("strict@customer.test");
  const client = server.client();
  const given = await challenge(client);
  const answer = key.get(given, PUBLIC_URL);
  expect((await answerWith(server.client(), answer)).status).toBe(200);
  expect((await answerWith(server.client(), answer)).body.code).toBe("PASSKEY_REFUSED");
  const late = key.get(await challenge(client), PUBLIC_URL);
  server.clock.advance(6 * 60_000);
  expect((await answerWith(client, late)).body.code).toBe("PASSKEY_REFUSED");
  expect((await answerWith(client, key.get(await challenge(client), "https://evil.test"))).body.code).toBe(
    "PASSKEY_REFUSED",
  );
  const elsewhere = { ...(await challenge(client)), rpId: "evil.test" };
  expect((await answerWith(client, key.get(elsewhere, PUBLIC_URL))).body.code).toBe("PASSKEY_REFUSED");
  const unverified = key.get(await challenge(client), PUBLIC_URL, { verified: false });
  expect((await answerWith(client, unverified)).body.code).toBe("PASSKEY_REFUSED");
  const foreign = softwareAuthenticator().get(await challenge(client), PUBLIC_URL);
  expect((await answerWith(client, foreign)).body.code).toBe("PASSKEY_REFUSED");
});

test("a copied authenticator is noticed by its counter", async () => {
  const { key } = await registered("copied@customer.test");
  const client = server.client();
  expect((await answerWith(client, key.get(await challenge(client), PUBLIC_URL))).status).toBe(200);
  key.rewind(0);
  expect((await answerWith(server.client(), key.get(await challenge(server.client()), PUBLIC_URL))).status).toBe(401);
});

test("somebody else's registration challenge is refused", async () => {
  const one = await server.member(organisation, "one@customer.test", "viewer");
  const two = await server.member(organisation, "two@customer.test", "viewer");
  const begun = await one.post<Options>("/api/v1/me/passkeys/options");
  const response = softwareAuthenticator().create(begun.body.options, PUBLIC_URL);
  expect((await two.post<{ code: string }>("/api/v1/me/passkeys", { name: "x", response })).body.code).toBe(
    "PASSKEY_NOT_MADE",
  );
});

test("nonsense is refused without a fault of ours", async () => {
  const junk = [
    {},
    { id: "x", response: { clientDataJSON: "%%%" } },
    { id: "x", response: { clientDataJSON: "bnVsbA" } },
  ];
  for (const response of junk) {
    const { status } = await answerWith(server.client(), response);
    expect([401, 422]).toContain(status);
  }
});
