import { createServer, get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer as createNetServer, type AddressInfo } from "node:net";
import { tmpdir, networkInterfaces } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureAuthority, type Authority } from "@yagura/devices/authority.ts";
import { createRedirects, listen, type Listener } from "./listener.ts";
import { startError } from "./start-error.ts";

const folder = mkdtempSync(join(tmpdir(), "yagura-listener-"));
let authority: Authority;
let listener: Listener;
const http = createServer(
  { headersTimeout: 1_000, requestTimeout: 1_000, connectionsCheckingInterval: 100 },
  (request, response) => {
    response.end(`${"encrypted" in request.socket ? "tls" : "plain"} ${request.url}`);
  },
);

beforeAll(async () => {
  authority = await ensureAuthority(folder, []);
  listener = await listen({ http, hosts: ["127.0.0.1", "::1"], port: 0, tls: authority, plainHttp: false });
});
afterAll(async () => {
  http.close();
  await listener.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (url: string): Promise<string> =>
  new Promise((done, failed) => {
    const call = url.startsWith("https:")
      ? httpsGet(url, { ca: authority.anchor, agent: false }, (response) => void text(response).then(done))
      : httpGet(url, { agent: false }, (response) => void text(response).then(done));
    call.on("error", failed);
  });

describe("one port for HTTP and TLS", () => {
  test.each([
    { scheme: "http", host: "127.0.0.1", said: "plain /x" },
    { scheme: "https", host: "127.0.0.1", said: "tls /x" },
    { scheme: "https", host: "localhost", said: "tls /x" },
  ])("$scheme to $host", async ({ scheme, host, said }) => {
    expect(await ask(`${scheme}://${host}:${listener.port}/x`)).toBe(said);
  });

  test("IPv6 loopback serves at the same port where there is one", async () => {
    const present = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === "::1"));
    const answer = await ask(`http://[::1]:${listener.port}/y`).catch(() => "refused");
    expect(answer).toBe(present ? "plain /y" : "refused");
  });

  test("a client that trickles its header is cut off", async () => {
    const socket = connect(listener.port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n");
    socket.on("error", () => {});
    socket.resume();
    const ended = new Promise<void>((done) => socket.on("close", () => done()));
    await ended;
    expect(socket.destroyed).toBe(true);
  }, 30_000);

  test("a broken handshake harms nobody else", async () => {
    const socket = connect(listener.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    const ended = new Promise<void>((done) => socket.on("close", () => done()));
    socket.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 1, 2, 3, 4, 5]));
    await ended;
    expect(await ask(`https://localhost:${listener.port}/z`)).toBe("tls /z");
  });

  test("what keeps a port from opening is a sentence", async () => {
    const other = createServer();
    const error = await listen({
      http: other,
      hosts: ["127.0.0.1"],
      port: listener.port,
      tls: null,
      plainHttp: true,
    }).catch((found: unknown) => found);
    expect(startError(error, { host: "127.0.0.1", port: listener.port })).toMatchObject({ code: "PORT_IN_USE" });
    const foreign = await listen({ http: other, hosts: ["192.0.2.1"], port: 0, tls: null, plainHttp: true }).catch(
      (found: unknown) => found,
    );
    expect(startError(foreign, { host: "192.0.2.1", port: 0 })).toMatchObject({ code: "HOST_UNKNOWN" });
  });
});

describe("plain HTTP from elsewhere", () => {
  const redirects = createRedirects(300);
  const door = createNetServer((socket) => redirects.emit("connection", socket));
  let port = 0;
  beforeAll(async () => {
    await new Promise<void>((done) => door.listen(0, "127.0.0.1", done));
    port = (door.address() as AddressInfo).port;
  });
  afterAll(() => {
    door.close();
    redirects.close();
  });
  const say = (head: string): Promise<string> =>
    new Promise((done) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(head));
      let heard = "";
      socket.on("data", (bytes) => (heard += bytes.toString()));
      socket.on("error", () => {});
      socket.on("close", () => done(heard));
    });

  test.each([
    { head: "GET /a?b=c HTTP/1.1\r\nhost: y.example:8480\r\n\r\n", says: "location: https://y.example:8480/a?b=c\r\n" },
    { head: "GET / HTTP/1.1\r\nhost: [2001:db8::1]:8480\r\n\r\n", says: "location: https://[2001:db8::1]:8480/\r\n" },
    { head: "GET / HTTP/1.1\r\nhost: y.example/@evil.example\r\n\r\n", says: "400 Bad Request" },
    { head: "GET / HTTP/1.1\r\nhost: y.example@evil.example\r\n\r\n", says: "400 Bad Request" },
    { head: "GET http://evil.example/ HTTP/1.1\r\nhost: y.example\r\n\r\n", says: "400 Bad Request" },
    { head: "GET / HTTP/1.0\r\n\r\n", says: "400 Bad Request" },
  ])("$head", async ({ head, says }) => {
    expect(await say(head)).toContain(says);
  });

  test("a head that trickles in is cut off", async () => {
    expect(await say("GET / HTTP/1.1\r\nhost: y\r\n")).not.toContain("308");
  });
});
