import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcp, type AddressInfo, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { nodeDispatcher, type Dispatcher } from "./connection.ts";
import { call } from "./http.ts";

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function listen(server: Server): Promise<string> {
  open.push({ close: () => void server.close() });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
function dispatcher(): Dispatcher {
  const made = nodeDispatcher(() => ({}));
  open.push({ close: () => made.destroy() });
  return made;
}
const echo = (request: IncomingMessage, response: ServerResponse): void => {
  response.setHeader("x-port", String(request.socket.remotePort));
  request.pipe(response);
};

test("a body comes back, and connections are used again", async () => {
  const origin = await listen(createServer(echo));
  const by = dispatcher();
  const ask = { method: "POST" as const, path: "/a?b=c", headers: { "x-test": "1" }, body: Buffer.from("body") };
  const first = await call(by, origin, ask);
  const second = await call(by, origin, ask);
  expect([first.status, first.text, second.text]).toEqual([200, "body", "body"]);
  expect(second.headers["x-port"]).toBe(first.headers["x-port"]);
});

test("an answer larger than it may be is not read to its end", async () => {
  const origin = await listen(createServer((_, response) => void response.end(Buffer.alloc(2 * 1024 * 1024))));
  await expect(call(dispatcher(), origin, { method: "GET", path: "/", headers: {} })).rejects.toThrow(
    "an answer of more than",
  );
});

test("aborting ends a request before and within its answer", async () => {
  const origin = await listen(
    createServer((request, response) => {
      if (request.url === "/within") response.write("line\n");
    }),
  );
  const by = dispatcher();
  const before = new AbortController();
  const silent = by.request({ origin, path: "/silent", method: "GET", headers: {}, signal: before.signal });
  before.abort();
  await expect(silent).rejects.toMatchObject({ code: "ABORT_ERR" });
  const within = new AbortController();
  const answer = await by.request({
    origin,
    path: "/within",
    method: "GET",
    headers: {},
    signal: within.signal,
    bodyTimeout: 0,
  });
  await expect(
    (async () => {
      for await (const chunk of answer.body) if (chunk.length > 0) within.abort();
    })(),
  ).rejects.toThrow();
});

test.each([
  { name: "nobody listens", serve: false, code: "ECONNREFUSED" },
  { name: "the connection is cut", serve: true, code: "ECONNRESET" },
])("when $name the network's own code is told", async ({ serve, code }) => {
  const server = createTcp((socket) => void socket.destroy());
  const origin = await listen(server);
  if (!serve) await new Promise((resolve) => server.close(resolve));
  const asked = call(dispatcher(), origin, { method: "GET", path: "/", headers: {} });
  await expect(asked).rejects.toMatchObject({ code });
});

test("the proxy of the environment is used", async () => {
  const asked: string[] = [];
  const proxy = await listen(
    createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end("by the proxy");
    }),
  );
  const kept = process.env["http_proxy"];
  process.env["http_proxy"] = proxy;
  try {
    const answer = await call(dispatcher(), "http://server.example", { method: "GET", path: "/x", headers: {} });
    expect(answer.text).toBe("by the proxy");
    expect(asked).toEqual(["http://server.example/x"]);
  } finally {
    if (kept === undefined) delete process.env["http_proxy"];
    else process.env["http_proxy"] = kept;
  }
});
