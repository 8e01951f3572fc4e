/** A download that nobody reads holds neither the database nor the downloads of others. */
import { request, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testServer, type Client, type TestServer } from "@yagura/testkit/server.ts";

let server: TestServer;
beforeAll(async () => {
  const endless = async function* () {
    for (let n = 0; n < 20_000; n++) yield { table: "test.thing", row: { text: "x".repeat(5_000) } };
  };
  server = await testServer({ exporters: [endless], timeouts: { download: 300 } });
  await server.app.listen({ port: 0, host: "127.0.0.1" });
});
afterAll(() => server.stop());

/** Asks for the export over a real connection and gives the answer unread. */
async function unread(person: Client, organisation: string): Promise<IncomingMessage> {
  await person.me();
  const { port } = server.app.server.address() as AddressInfo;
  return new Promise((done, failed) => {
    const call = request({
      port,
      host: "127.0.0.1",
      method: "POST",
      path: `/api/v1/organisations/${organisation}/export`,
      headers: {
        origin: `http://127.0.0.1:${port}`,
        cookie: `yagura_session=${person.cookie}`,
        "x-yagura-csrf": person.csrf ?? "",
      },
    });
    call.once("response", done).once("error", failed).end();
  });
}

test("one at a time of an organisation; who does not read is cut off, and the next one is let in", async () => {
  const { id } = await server.organisation("Slow");
  const [one, two] = [
    await server.member(id, "one@slow.test", "owner"),
    await server.member(id, "two@slow.test", "owner"),
  ];
  const answer = await unread(one, id);
  expect(answer.statusCode).toBe(200);
  const gone = new Promise((done) => answer.once("close", done).once("error", done));
  const busy = await unread(two, id);
  expect(busy.statusCode).toBe(429);
  expect(Number(busy.headers["retry-after"])).toBeGreaterThan(0);
  busy.resume();
  await expect
    .poll(
      async () => {
        const again = await unread(two, id);
        again.destroy();
        return again.statusCode;
      },
      { timeout: 20_000, interval: 2_000 },
    )
    .toBe(200);
  // Read at last, but too late: what was in flight comes, and no whole file.
  answer.resume();
  await gone;
  expect(answer.complete).toBe(false);
});
