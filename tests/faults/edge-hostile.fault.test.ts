/** What comes to the door and should not: broken, repeated, shuffled, huge, slow. Nothing crashes, nothing is stored twice. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { MAX_REQUEST_BYTES, readEnrolmentKey } from "@yagura/wire/envelope.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { enrolTestDevice, told, type SignedRequest, type TestDevice } from "@yagura/testkit/edge-device.ts";
import { labMigrations, labValues, startEdgeLab, type EdgeLab } from "@yagura/testkit/edge-lab.ts";
import { randomFrom } from "@yagura/testkit/random.ts";

const unlimited = { devicePerSecond: 1e6, deviceBurst: 1e6, deviceBytesBurst: 1e15, failuresPerMinute: 1e9 };
let stores: TestStores;
let lab: EdgeLab;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "yagura-hostile-"));
  stores = await testStores({ migrations: labMigrations });
  lab = await startEdgeLab({
    stores,
    dataFolder: folder,
    limits: unlimited,
  });
});
afterAll(async () => {
  await lab.close();
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});

const seed = Number(process.env["YAGURA_SEED"] ?? 20_261_120);
function createRandom(start: number): (below: number) => number {
  const random = randomFrom(start);
  return (below) => Math.floor(random() * below);
}

describe("bodies that are not batches", () => {
  test(
    `10,000 random mutations (seed ${seed}): each is refused with 4xx or was still a batch; memory stays bounded`,
    { timeout: 120_000 },
    async () => {
      const device = await enrolTestDevice(lab, folder);
      const random = createRandom(seed);
      const before = process.memoryUsage().rss;
      const seen = new Map<string, number>();
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < 10_000) {
          const request = mutated(device, ++next, random);
          const answer = await device.send(request);
          const { status, code } = told(answer);
          const key = `${status} ${code ?? ""}`.trim();
          seen.set(key, (seen.get(key) ?? 0) + 1);
          if (status !== 200 && (status < 400 || status > 499)) throw new Error(`mutation ${next}: ${answer.text}`);
        }
      };
      await Promise.all(Array.from({ length: 16 }, worker));
      console.log(Object.fromEntries(seen));
      const kinds = ["400 BATCH_MALFORMED", "400 DIGEST_MISMATCH", "401 SIGNATURE_INVALID", "415 ENCODING_UNKNOWN"];
      for (const kind of kinds) expect(seen.get(kind), kind).toBeGreaterThan(0);
      expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
      expect(told(await device.submit(1_000_001, [1])).status).toBe(200);
    },
  );

  test.each([
    {
      name: "a zstd bomb",
      body: () => zstdCompressSync(Buffer.alloc(64 * 1024 * 1024)),
      encoding: "zstd",
      status: 413,
    },
    { name: "a gzip bomb", body: () => gzipSync(Buffer.alloc(64 * 1024 * 1024)), encoding: "gzip", status: 413 },
    {
      name: "a body above the limit",
      body: () => Buffer.alloc(MAX_REQUEST_BYTES + 1, 32),
      encoding: null,
      status: 413,
    },
    { name: "nothing", body: () => Buffer.alloc(0), encoding: null, status: 400 },
    { name: "deep nesting", body: () => Buffer.from("[".repeat(500_000)), encoding: null, status: 400 },
    {
      name: "deep, well-formed nesting",
      body: () => zstdCompressSync(`${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`),
      encoding: "zstd",
      status: 400,
    },
    { name: "null", body: () => Buffer.from("null"), encoding: null, status: 400 },
    { name: "an unknown encoding", body: () => Buffer.from("x"), encoding: "br", status: 415 },
  ])("$name is refused with $status", async ({ body, encoding, status }) => {
    const device = await enrolTestDevice(lab, folder);
    expect(told(await device.send(device.sign(body(), { encoding }))).status).toBe(status);
  });

  test.each([
    { name: "an old wire version", change: { wire: 0 }, status: 426, code: "WIRE_TOO_OLD" },
    {
      name: "a wire version of the future, whatever its shape",
      change: { wire: 99, colour: "red" },
      status: 426,
      code: "WIRE_TOO_NEW",
    },
    { name: "a kind that nobody takes", change: { kind: "weather.rain" }, status: 422, code: "BATCH_KIND_UNKNOWN" },
    { name: "a field too many", change: { colour: "red" }, status: 400, code: "BATCH_MALFORMED" },
    { name: "a sequence number of zero", change: { sequence: 0 }, status: 400, code: "BATCH_MALFORMED" },
  ])("$name: $code", async ({ change, status, code }) => {
    const device = await enrolTestDevice(lab, folder);
    const answer = await device.send(device.sign(Buffer.from(device.batch(1, [1], change)), { encoding: null }));
    expect(told(answer)).toMatchObject({ status, code });
  });
});

/** One of many ways in which a request can be wrong; a few leave it right. */
function mutated(device: TestDevice, sequence: number, random: (below: number) => number): SignedRequest {
  const text = device.batch(sequence, [sequence]);
  const body = zstdCompressSync(text);
  const flip = (bytes: Buffer, times: number): Buffer => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i < times; i++) {
      const at = random(copy.length);
      copy[at] = (copy[at] as number) ^ (1 << random(8));
    }
    return copy;
  };
  const cut = (bytes: Buffer): Buffer => bytes.subarray(0, random(bytes.length));
  const change = (name: string, alter: (value: string) => string): SignedRequest => {
    const signed = device.sign(body);
    return { ...signed, headers: { ...signed.headers, [name]: alter(signed.headers[name] ?? "") } };
  };
  const visible = (value: string): string => {
    const at = random(value.length);
    return `${value.slice(0, at)}${String.fromCharCode(33 + random(94))}${value.slice(at + 1)}`;
  };
  switch (random(11)) {
    case 0:
      return device.sign(flip(body, 1 + random(4)));
    case 1:
      return device.sign(cut(body));
    case 2:
      return device.sign(zstdCompressSync(flip(Buffer.from(text), 1 + random(3))));
    case 3:
      return device.sign(zstdCompressSync(cut(Buffer.from(text))));
    case 4:
      return device.sign(Buffer.from(Array.from({ length: random(300) }, () => random(256))));
    case 5:
      return device.sign(
        zstdCompressSync(
          text.replace(/\d+/g, (digits) =>
            random(6) === 0 ? (["-1", "1e400", "null", '"1"', "[]", "{}"][random(6)] as string) : digits,
          ),
        ),
      );
    case 6:
      return { ...device.sign(body), body: flip(body, 1) };
    case 7:
      return change("signature", visible);
    case 8:
      return change("signature-input", visible);
    case 9:
      return change(["content-digest", "yagura-state"][random(2)] as string, visible);
    default:
      return device.sign(body, { encoding: ["br", "deflate", "x", "gzip", "zstd, gzip"][random(5)] as string });
  }
}

describe("batches sent again and out of order", () => {
  test("a replayed request, byte for byte, is acknowledged as a duplicate and stored once", async () => {
    const device = await enrolTestDevice(lab, folder);
    const request = device.sign(zstdCompressSync(device.batch(1, [7])));
    const answers = await Promise.all(Array.from({ length: 20 }, () => device.send(request)));
    expect(answers.map(told).filter(({ duplicate }) => duplicate === false)).toHaveLength(1);
    expect(told(await device.send(request)).duplicate).toBe(true);
    await lab.door.drain();
    expect(await labValues(stores.telemetry, device.organisation, device.id)).toEqual([7]);
  });

  test("300 batches in a shuffled order, each three times, are each stored once", async () => {
    const device = await enrolTestDevice(lab, folder);
    const random = createRandom(seed);
    const all = Array.from({ length: 900 }, (_, i) => ({ sequence: 1 + (i % 300), at: random(1e9) })).sort(
      (a, b) => a.at - b.at,
    );
    await Promise.all(all.map(({ sequence }) => device.submit(sequence, [sequence])));
    await lab.door.drain();
    expect(await labValues(stores.telemetry, device.organisation, device.id)).toEqual(
      [...Array(300).keys()].map((i) => i + 1),
    );
  });

  test("the same number with other bytes is not stored: the first bytes stand", async () => {
    const device = await enrolTestDevice(lab, folder);
    await device.submit(1, [1]);
    expect(told(await device.submit(1, [2])).duplicate).toBe(true);
    await lab.door.drain();
    expect(await labValues(stores.telemetry, device.organisation, device.id)).toEqual([1]);
  });

  test("a batch that cannot become rows is set aside; those of the same group are stored", async () => {
    const device = await enrolTestDevice(lab, folder);
    await Promise.all([device.submit(1, [1]), device.submit(2, [13_131_313]), device.submit(3, [3])]);
    await lab.door.drain();
    expect(await labValues(stores.telemetry, device.organisation, device.id)).toEqual([1, 3]);
    const { rows } = await stores.store.organisation(device.organisation, (tx) =>
      tx
        .withTables<{ "devices.batch_aside": { sequence: string } }>()
        .selectFrom("devices.batch_aside")
        .select("sequence")
        .execute()
        .then((found) => ({ rows: found })),
    );
    expect(rows).toEqual([{ sequence: "2" }]);
  });

  test("a signed request is not taken as another device's, nor long after", async () => {
    const [one, other] = [await enrolTestDevice(lab, folder), await enrolTestDevice(lab, folder)];
    const body = zstdCompressSync(one.batch(1, [1]));
    const signed = one.sign(body);
    const input = (signed.headers["signature-input"] as string).replace(one.id, other.id);
    expect(told(await one.send({ body, headers: { ...signed.headers, "signature-input": input } })).code).toBe(
      "SIGNATURE_INVALID",
    );
    expect(told(await one.send(one.sign(body, { now: Date.now() - 600_000 }))).code).toBe("SIGNATURE_TIME");
    expect(told(await one.send(one.sign(body, { now: Date.now() + 600_000 }))).code).toBe("SIGNATURE_TIME");
  });
});

describe("enrolment keys (EXP-T08)", () => {
  const publicKey = (): string => generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }).x as string;
  async function enrol(
    key: string,
    own = publicKey(),
    program = "agent",
  ): Promise<{ status: number; code: string | undefined; device: string | undefined }> {
    const secret = readEnrolmentKey(key)?.secret ?? key;
    const answer = await fetch(`${lab.url}/edge/v1/enrol`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        wire: 1,
        key: secret,
        publicKey: own,
        program,
        version: "0",
        hostname: "h",
        platform: "p",
      }),
    });
    const { code, device } = (await answer.json()) as { code?: string; device?: string };
    return { status: answer.status, code, device };
  }

  test("EXP-T08: raced by twenty programs, a key makes exactly one device", async () => {
    const organisation = newId();
    const key = await lab.key(organisation);
    const answers = await Promise.all(Array.from({ length: 20 }, () => enrol(key)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ code }) => code === "KEY_USED")).toHaveLength(19);
  });

  test("EXP-T08: the same program asking again (its answer was lost) gets the same device", async () => {
    const key = await lab.key(newId());
    const own = publicKey();
    const [first, again] = [await enrol(key, own), await enrol(key, own)];
    expect(again).toEqual(first);
    expect(first.status).toBe(200);
  });

  test.each([
    {
      name: "expired",
      make: (organisation: string) => lab.key(organisation, { expiresAt: new Date(Date.now() - 1) }),
      code: "KEY_EXPIRED",
    },
    {
      name: "of another program",
      make: (organisation: string) => lab.key(organisation, { program: "sensor" }),
      code: "KEY_OTHER_PROGRAM",
    },
    { name: "unknown", make: async () => "x".repeat(43), code: "KEY_UNKNOWN" },
    { name: "malformed", make: async () => "short", code: "ENROLMENT_MALFORMED" },
    {
      name: "revoked",
      make: async (organisation: string) => {
        const subject = { service: "lab", kind: "thing", id: newId() };
        const input = { organisation, subject, program: "agent", expiresAt: new Date(Date.now() + 60_000) };
        return stores.store.organisation(organisation, async (tx) => {
          const { id, key } = await lab.devices.issueKey(tx, input);
          await lab.devices.revokeKey(tx, organisation, id);
          return key;
        });
      },
      code: "KEY_REVOKED",
    },
    {
      name: "replaced by a newer one",
      make: async (organisation: string) => {
        const subject = { service: "lab", kind: "thing", id: newId() };
        const input = { organisation, subject, program: "agent", expiresAt: new Date(Date.now() + 60_000) };
        return stores.store.organisation(organisation, async (tx) => {
          const { key } = await lab.devices.issueKey(tx, input);
          await lab.devices.issueKey(tx, input);
          return key;
        });
      },
      code: "KEY_REVOKED",
    },
  ])("EXP-T08: a key that is $name gets $code", async ({ make, code }) => {
    expect((await enrol(await make(newId()))).code).toBe(code);
  });
});

describe("slow clients", () => {
  let short: EdgeLab;
  beforeAll(async () => {
    const limits = { ...unlimited, bodyTimeout: 700 };
    short = await startEdgeLab({ stores, dataFolder: folder, headersTimeout: 700, limits });
  });
  afterAll(() => short.close());
  const closed = (text: (write: (chunk: string) => void) => void): Promise<void> =>
    new Promise((resolve) => {
      const { port, hostname } = new URL(short.url);
      const socket = connect(Number(port), hostname, () => text((chunk) => void socket.write(chunk)));
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
      socket.resume();
    });

  test("200 clients that trickle their headers or bodies are cut off, and others are served meanwhile", async () => {
    const device = await enrolTestDevice(short, folder);
    const timers: NodeJS.Timeout[] = [];
    const trickle = (head: string) =>
      closed((write) => {
        write(head);
        timers.push(setInterval(() => write("x"), 100));
      });
    const signed = device.sign(Buffer.alloc(1_000));
    const headers = Object.entries(signed.headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join("");
    const slow = Array.from({ length: 200 }, (_, i) =>
      trickle(
        [
          "POST /edge/v1/batches HTTP/1.1\r\nhost: x\r\nslow: ",
          `POST /edge/v1/batches HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n${headers}\r\n`,
          "POST /edge/v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\ncontent-type: application/json\r\n\r\n",
          "POST /edge/v1/batches HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n",
        ][i % 4] as string,
      ),
    );
    expect(told(await device.submit(1, [1])).status).toBe(200);
    await Promise.all(slow);
    for (const timer of timers) clearInterval(timer);
    expect(told(await device.submit(2, [2])).status).toBe(200);
  });
});
