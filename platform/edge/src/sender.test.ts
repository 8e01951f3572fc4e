/** The sender against a real HTTP server on the loopback that answers by a script; time is a test's. */
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AnyBatch } from "@yagura/wire/envelope.ts";
import { createOffsetFilter } from "./clock-offset.ts";
import { createDispatcher } from "./http.ts";
import type { Identity } from "./identity.ts";
import { startSender, type Sender } from "./sender.ts";
import type { EdgeTime } from "./service.ts";
import { openSpool, type Spool } from "./spool.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
type Reply = (sequence: number, response: ServerResponse, request: IncomingMessage) => void;

const ok: Reply = (sequence, response) =>
  void response.end(JSON.stringify({ sequence, duplicate: false, receivedAt: 1_000_000, answeredAt: 1_000_000 }));
const refuse =
  (status: number, code: string, headers: Record<string, string> = {}): Reply =>
  (_sequence, response) =>
    void response
      .writeHead(status, { "content-type": "application/problem+json", ...headers })
      .end(JSON.stringify({ code, detail: code, serverTime: 99_000_000_000 }));

/** Sleeps end at once and are written down. */
function recordedTime(): EdgeTime & { readonly slept: number[] } {
  const slept: number[] = [];
  let monotonic = 0;
  return {
    slept,
    random: () => 0.5,
    clock: { now: () => 1_000 + monotonic, monotonic: () => monotonic },
    async sleep(milliseconds) {
      slept.push(milliseconds);
      monotonic += milliseconds;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

let folder: string;
let server: Server;
let spool: Spool;
let sender: Sender;
let seen: number[];
let stop: AbortController;
let revoked: string[];
let time: ReturnType<typeof recordedTime>;
/** Answers of the first requests, in order; afterwards `ok`. */
let script: Reply[];
beforeEach(async () => {
  [seen, revoked, script, stop, time] = [[], [], [], new AbortController(), recordedTime()];
  folder = mkdtempSync(join(tmpdir(), "yagura-sender-"));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const batch = JSON.parse(zstdDecompressSync(Buffer.concat(chunks)).toString()) as AnyBatch;
      seen.push(batch.sequence);
      (script.shift() ?? ok)(batch.sequence, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  spool = openSpool(folder, 1024 * 1024, quiet);
});
afterEach(async () => {
  stop.abort();
  await sender.ended;
  spool.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(): void {
  const { privateKey } = generateKeyPairSync("ed25519");
  const identity = {
    device: "d",
    sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString("base64"),
  };
  sender = startSender({
    identity: identity as Identity,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dispatcher: createDispatcher(null),
    spool,
    offset: createOffsetFilter(time.clock),
    time,
    log: quiet,
    configuration: () => null,
    revoked(reason) {
      revoked.push(reason);
      stop.abort();
    },
    signal: stop.signal,
  });
}
/** Seals batches that hold their own number. */
function seal(count: number): void {
  for (let i = 0; i < count; i++) spool.append(({ sequence }) => zstdCompressSync(JSON.stringify({ sequence })));
}
const empty = async (): Promise<void> => {
  while (spool.stats().batches > 0) await new Promise((resolve) => setImmediate(resolve));
};
describe("the sender", () => {
  test("sends all there is, oldest first", async () => {
    seal(20);
    begin();
    await empty();
    expect([...seen].sort((a, b) => a - b)).toEqual([...Array(20).keys()].map((i) => i + 1));
    expect(seen[0]).toBe(1);
    expect(sender.state()).toMatchObject({ acknowledged: 20, trouble: null });
  });

  test("sends what is urgent before what waits, and the oldest now and then all the same", async () => {
    seal(8);
    for (let i = 0; i < 6; i++) spool.append(({ sequence }) => zstdCompressSync(JSON.stringify({ sequence })), true);
    const taken: number[] = [];
    const read = spool.read.bind(spool);
    spool.read = (batch) => {
      taken.push(batch.sequence);
      return read(batch);
    };
    begin();
    await empty();
    // 9 to 14 are urgent; every fourth place is the oldest's.
    expect(taken).toEqual([9, 10, 11, 1, 12, 13, 14, 2, 3, 4, 5, 6, 7, 8]);
  });

  test.each([
    { name: "503 with Retry-After", reply: refuse(503, "DOOR_BUSY", { "retry-after": "30" }), least: 30_000 },
    { name: "429 with Retry-After", reply: refuse(429, "DEVICE_RATE_LIMITED", { "retry-after": "5" }), least: 5_000 },
    { name: "426: waits minutes", reply: refuse(426, "WIRE_TOO_OLD"), least: 300_000 },
    { name: "a connection that breaks", reply: ((_s, response) => void response.socket?.destroy()) as Reply, least: 1 },
    {
      name: "an answer for another batch",
      reply: ((s, response, request) => ok(s + 7, response, request)) as Reply,
      least: 1,
    },
    { name: "an answer that is no JSON", reply: ((_s, response) => void response.end("<html>")) as Reply, least: 1 },
    { name: "a proxy's refusal", reply: ((_s, response) => void response.writeHead(403).end("no")) as Reply, least: 1 },
  ])("$name: the batch stays and is sent again after a pause", async ({ reply, least }) => {
    script = [reply];
    seal(1);
    begin();
    await empty();
    expect(seen).toEqual([1, 1]);
    expect(Math.max(...time.slept)).toBeGreaterThanOrEqual(least);
    expect(spool.stats()).toMatchObject({ aside: 0, dropped: 0 });
  });

  test.each(["BATCH_MALFORMED", "BATCH_REFUSED", "BATCH_KIND_UNKNOWN"])(
    "%s: the batch goes aside and does not hold up the others",
    async (code) => {
      script = [refuse(422, code)];
      seal(3);
      begin();
      await empty();
      expect(new Set(seen)).toEqual(new Set([1, 2, 3]));
      expect(spool.stats()).toMatchObject({ aside: 1, dropped: 0 });
      expect(sender.state().acknowledged).toBe(2);
    },
  );

  test("a wrong clock: the next signature has the server's time", async () => {
    const created: number[] = [];
    const note =
      (reply: Reply): Reply =>
      (sequence, response, request) => {
        created.push(Number(/;created=(\d+)/.exec(String(request.headers["signature-input"]))?.[1]));
        reply(sequence, response, request);
      };
    script = [note(refuse(401, "SIGNATURE_TIME")), note(ok)];
    seal(1);
    begin();
    await empty();
    expect(created[0]).toBeLessThan(100);
    expect(Math.abs((created[1] ?? 0) - 99_000)).toBeLessThan(60);
  });

  test("cut off: nothing more is sent", async () => {
    script = [refuse(403, "DEVICE_REVOKED"), refuse(403, "DEVICE_REVOKED")];
    seal(1);
    begin();
    await sender.ended;
    expect(revoked).toEqual(["DEVICE_REVOKED"]);
    expect(seen).toEqual([1]);
    expect(spool.stats().batches).toBe(1);
  });

  test("while there is trouble, one batch tries the way", async () => {
    const busy = refuse(503, "DOOR_BUSY");
    script = Array.from({ length: 6 }, () => busy);
    seal(40);
    begin();
    await empty();
    // Six were under way when the first was refused; none joined them until one was taken.
    expect(seen.length).toBeLessThanOrEqual(40 + 6);
    expect(spool.stats().aside).toBe(0);
  });
});
