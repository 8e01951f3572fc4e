/** Texts and cursors that no database takes are the sender's mistake, told as such; and nobody opens streams without end. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { testServer, type TestServer } from "@yagura/testkit/server.ts";
import { encodeCursor } from "./pages.ts";
import { MOST_STREAMS } from "./routes/live.ts";

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await testServer();
  ({ id } = await server.organisation("Nonsense"));
});
afterAll(() => server.stop());

test.each([
  { name: "a zero byte", text: "a\u0000b" },
  { name: "a line break, which would write lines of our mails", text: "Yagura\n\nPay here: https://evil.example" },
  { name: "a control character", text: "a\u001bb" },
])("a name with $name is refused", async ({ text }) => {
  for (const [method, path, body] of [
    ["PATCH", "/api/v1/me", { name: text }],
    ["PATCH", `/api/v1/organisations/${id}`, { name: text }],
    ["POST", `/api/v1/organisations/${id}/members`, { mail: "a@nonsense.test", role: "viewer", name: text }],
  ] as const) {
    expect([path, (await server.admin.call(method, path, body)).status]).toEqual([path, 422]);
  }
});

test.each([
  { path: "/api/v1/provider/audit?action=%00" },
  { path: "/api/v1/organisations?search=%00" },
  { path: `/api/v1/organisations?cursor=${encodeCursor(["a", "b"])}` },
  { path: `/api/v1/provider/audit?cursor=${encodeCursor(["nothing"])}` },
  { path: `/api/v1/provider/audit?cursor=${encodeCursor(["99999999999999999999"])}` },
  { path: `/api/v1/provider/outbox?cursor=${encodeCursor(["yesterday", "b"])}` },
])("$path is refused", async ({ path }) => {
  const { status, body } = await server.admin.get<{ code: string }>(path);
  expect([status, body.code]).toEqual([422, "INVALID_INPUT"]);
});

test("one person has so many live streams and no more", async () => {
  const base = await server.app.listen({ port: 0, host: "127.0.0.1" });
  const person = await server.member(id, "streams@nonsense.test", "viewer");
  const abort = new AbortController();
  const open = async (): Promise<number> =>
    (
      await fetch(`${base}/api/v1/organisations/${id}/live`, {
        headers: { cookie: `yagura_session=${person.cookie}` },
        signal: abort.signal,
      })
    ).status;
  const statuses: number[] = [];
  for (let n = 0; n <= MOST_STREAMS; n++) statuses.push(await open());
  abort.abort();
  expect(statuses.slice(0, -1).every((status) => status === 200)).toBe(true);
  expect(statuses.at(-1)).toBe(429);
});
