/** The sensor as a program on a mirror port between namespaces. Needs root or user namespaces. */
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Counted, CountFrames } from "@yagura/ot/edge/count-frames.ts";
import { MetadataBody, rowsOf } from "@yagura/ot/wire/metadata.ts";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { arp, tagged, udp } from "@yagura/packets/build/frames.ts";
import { generate } from "@yagura/testkit/lab/generate.ts";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { enrolledState, startReceiver } from "@yagura/testkit/lab/receive.ts";
import { until } from "@yagura/testkit/until.ts";

const main = join(import.meta.dirname, "main.ts");
const counting = join(import.meta.dirname, "../../../services/ot/src/edge/count-frames.ts");
const root = userInfo().uid === 0;

let lab: Lab;
let folder: string;
beforeAll(async () => {
  lab = await openLab();
  folder = mkdtempSync(join(tmpdir(), "sensor-"));
  // The sensor becomes another user, who must reach its state.
  chmodSync(folder, 0o755);
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});
let folders = 0;
const place = (): string => join(folder, String(++folders));

const plc = { mac: "00:1b:1b:00:00:01", address: "192.0.2.10" };
const hmi = { mac: "00:0c:29:00:00:02", address: "192.0.2.20" };
/** Modbus: read holding registers. */
const ask = Uint8Array.of(0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 2);
const frames = [
  arp(1, hmi, plc),
  arp(2, plc, hmi),
  udp(hmi, plc, { from: 40_000, to: 502 }, ask),
  tagged(udp(hmi, plc, { from: 40_001, to: 502 }, ask), 7),
];

/** A mirror port: `mirror` is where packets come from, `tap` the sensor's interface, as loud as a system makes it. */
async function mirrorPort(): Promise<{ mirror: Namespace; tap: Namespace }> {
  const [mirror, tap] = [await lab.namespace(), await lab.namespace()];
  await mirror.shell("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
  await mirror.run("ip", "link", "add", "mirror", "type", "veth", "peer", "name", "tap", "netns", String(tap.pid));
  await mirror.run("ip", "link", "set", "mirror", "arp", "off", "multicast", "off", "up");
  return { mirror, tap };
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly told: string;
}
function start(namespace: Namespace, parameters: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = namespace.node(main, parameters, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C", ...env },
  });
  let [out, told] = ["", ""];
  child.stdout?.on("data", (piece: Buffer) => (out += piece.toString()));
  child.stderr?.on("data", (piece: Buffer) => (told += piece.toString()));
  const ended = once(child, "close").then(([code]): Ran => ({ code: code as number | null, out, told }));
  /** Waits for something that the program does. */
  const shows = <T>(ask: () => T): Promise<Exclude<T, false | null | undefined>> =>
    until(() => {
      if (child.exitCode !== null) throw new Error(`the sensor ended with ${child.exitCode}: ${told}`);
      return ask();
    });
  return { child, ended, shows };
}
const run = (namespace: Namespace, ...parameters: string[]): Promise<Ran> => start(namespace, parameters).ended;

async function count(namespace: Namespace, device: string, more: Partial<CountFrames> = {}) {
  const settings: CountFrames = {
    method: "ring",
    user: null,
    interfaces: [device],
    allowLoud: true,
    ...more,
    ring: { promiscuous: true, ignoreOutgoing: true },
  };
  const child = namespace.node(counting, [JSON.stringify(settings)], { stdio: ["pipe", "pipe", "inherit"] });
  let out = "";
  child.stdout?.on("data", (piece: Buffer) => (out += piece.toString()));
  await until(() => out.startsWith("ready"));
  return async (): Promise<Counted> => {
    child.stdin?.end();
    await once(child, "close");
    return JSON.parse(out.split("\n").at(-1) ?? "") as Counted;
  };
}

/** Processes and threads of a program, as /proc tells. */
const threadsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/status`, "latin1"));
/** The process that a helper (nsenter) became is the same one. */
const enrolled = (port: number, upload: number): string =>
  enrolledState(place(), port, { ot: { interfaces: [], upload, rules: [] } });
const common = (state: string): string[] => ["--interface", "tap", "--state", state, "--ring-megabytes", "4"];

describe("the sensor", () => {
  test("OST-T05: refuses an interface that could send, makes it silent, and then nothing leaves at start, capture and stop", async () => {
    const { mirror, tap } = await mirrorPort();
    const refused = await run(tap, "--preview", "--interface", "tap", "--seconds", "1");
    expect(refused.code).toBe(2);
    expect(refused.told).toMatch(/^INTERFACE_LOUD: .*arp, ipv6, multicast/);
    const stop = await count(mirror, "mirror");
    expect(await run(tap, "--prepare", "--interface", "tap")).toMatchObject({ code: 0, told: "" });
    const receiver = await startReceiver(tap);
    const sensor = start(tap, common(enrolled(receiver.port, 1_000)));
    await sensor.shows(() => receiver.batches.length > 0);
    await generate(mirror, { device: "mirror", frames, packets: 2_000, rate: 1_000 });
    await sensor.shows(() => receiver.batches.some(({ kind }) => kind === "ot.metadata"));
    sensor.child.kill("SIGTERM");
    expect((await sensor.ended).code).toBe(0);
    // Whole address resolution, neighbour discovery, group reports: none of it.
    expect((await stop()).packets).toBe(0);
    expect(await run(tap, "--prepare", "--interface", "tap")).toMatchObject({ out: "tap: silent and up\n" });
    receiver.stop();
  });

  test("an address that somebody gave to the interface is taken away by --prepare", async () => {
    const { tap } = await mirrorPort();
    await tap.shell("ip address add 192.0.2.1/24 dev tap; ip address add 198.51.100.1/24 dev tap; ip link set tap up");
    expect((await run(tap, "--prepare", "--interface", "tap")).out).toContain(
      "taken away: address, arp, ipv6, multicast",
    );
    expect((await tap.run("ip", "-o", "address", "show", "tap")).out).toBe("");
  });

  test("--prepare leaves alone what this machine itself needs", async () => {
    const { tap } = await mirrorPort();
    await tap.shell("ip address add 192.0.2.1/24 dev tap; ip link set tap up; ip route add default via 192.0.2.254");
    const { code, told } = await run(tap, "--prepare", "--interface", "tap");
    expect([code, told.split(":")[0]]).toEqual([2, "INTERFACE_IN_USE"]);
    expect((await tap.run("ip", "-o", "-4", "address", "show", "tap")).out).toContain("192.0.2.1/24");
    expect((await run(tap, "--prepare", "--interface", "lo")).told).toContain("INTERFACE_NOT_ETHERNET");
  });

  test("the kernel refuses to send through the capture socket (OST-T05)", async () => {
    const { mirror, tap } = await mirrorPort();
    await run(tap, "--prepare", "--interface", "tap");
    const seen = await count(mirror, "mirror");
    const stop = await count(tap, "tap", { send: true, user: "nobody" });
    expect(await stop()).toMatchObject({ sealed: true, attempts: ["EPERM", "not doubled"] });
    expect((await seen()).packets).toBe(0);
  });

  test("rights are gone in every thread once the interface is open", async () => {
    const { tap } = await mirrorPort();
    await run(tap, "--prepare", "--interface", "tap");
    const receiver = await startReceiver(tap);
    const sensor = start(tap, common(enrolled(receiver.port, 1_000)));
    await sensor.shows(() => receiver.batches.length > 0);
    const threads = threadsOf(sensor.child.pid as number);
    expect(threads.length).toBeGreaterThan(3);
    for (const status of threads) {
      for (const set of ["CapPrm", "CapEff", "CapInh", "CapAmb"])
        expect(status).toMatch(new RegExp(`^${set}:\\s*0{16}$`, "m"));
      expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
      expect(status).toMatch(/^Seccomp:\s*2$/m);
      // In a user namespace there is nobody else to become.
      if (root) expect(status).toMatch(/^Uid:\s*65534\s+65534\s+65534\s+65534$/m);
    }
    sensor.child.kill("SIGTERM");
    expect((await sensor.ended).code).toBe(0);
    receiver.stop();
  });

  test("what the server received is what the ledger says (OT-N1)", async () => {
    const { mirror, tap } = await mirrorPort();
    await run(tap, "--prepare", "--interface", "tap");
    const receiver = await startReceiver(tap);
    const state = enrolled(receiver.port, 1_000);
    const sensor = start(tap, common(state));
    const bodies = (): MetadataBody[] =>
      receiver.batches.filter(({ kind }) => kind === "ot.metadata").map(({ body }) => body as MetadataBody);
    const seen = (): number =>
      bodies().reduce((sum, body) => sum + [...rowsOf(body, "captures")].reduce((all, row) => all + row.packets, 0), 0);
    await sensor.shows(() => receiver.batches.length > 0);
    await generate(mirror, { device: "mirror", frames, packets: 3_000, rate: 1_000 });
    await sensor.shows(() => seen() >= 3_000);
    sensor.child.kill("SIGTERM");
    expect((await sensor.ended).code).toBe(0);
    expect(seen()).toBe(3_000);
    for (const body of bodies()) expect(Value.Check(MetadataBody, body)).toBe(true);
    const endpoints = bodies().flatMap((body) => [...rowsOf(body, "endpoints")].map(({ vlan }) => vlan));
    expect(new Set(endpoints)).toEqual(new Set([0, 7]));

    const { out, code } = await run(tap, "--ledger", "--state", state, "--json");
    expect(code).toBe(0);
    const { lines, faults } = JSON.parse(out) as {
      lines: { number: number; hash: string; previous: string }[];
      faults: string[];
    };
    expect(faults).toEqual([]);
    expect(lines.map(({ number, previous }) => ({ number, previous }))).toEqual(bodies().map(({ ledger }) => ledger).toSorted((a, b) => a.number - b.number)); // prettier-ignore
    const exported = join(folder, "export.json");
    writeFileSync(exported, JSON.stringify({ items: lines }));
    expect(await run(tap, "ledger", "verify", exported, "--state", state)).toMatchObject({ code: 0 });
    writeFileSync(
      exported,
      JSON.stringify(lines.map((line, i) => (i === 0 ? { ...line, hash: "f".repeat(64) } : line))),
    );
    const changed = await run(tap, "ledger", "verify", exported, "--state", state);
    expect(changed.code).toBe(1);
    expect(changed.out).toContain("CHANGED, the hashes differ: 1");
    receiver.stop();
  });

  test("with a key that only root can read, names and addresses leave as tokens (OT-N1)", async () => {
    const { mirror, tap } = await mirrorPort();
    await run(tap, "--prepare", "--interface", "tap");
    const key = join(folder, "token.key");
    const made = await run(tap, "--make-key", key);
    expect(made.out).toMatch(/made, key [0-9a-f]{16}/);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const receiver = await startReceiver(tap);
    const sensor = start(tap, [...common(enrolled(receiver.port, 1_000)), "--token-key", key]);
    await sensor.shows(() => receiver.batches.length > 0);
    await generate(mirror, { device: "mirror", frames, packets: 400, rate: 1_000 });
    const { body } = await sensor.shows(() => receiver.batches.find(({ kind }) => kind === "ot.metadata"));
    const { tokens, texts } = body as MetadataBody;
    expect(made.out).toContain(tokens?.check);
    expect(texts.filter((text) => /^\d+\.\d+\.\d+\.\d+$/.test(text)).length).toBeGreaterThan(0);
    for (const { address } of [plc, hmi]) expect(texts).not.toContain(address);
    sensor.child.kill("SIGTERM");
    await sensor.ended;
    receiver.stop();
  });

  test("64 kbit/s is enough: 100 devices at 1,000 packets a second, nothing piles up (OT-5)", async () => {
    const { mirror, tap } = await mirrorPort();
    await run(tap, "--prepare", "--interface", "tap");
    const receiver = await startReceiver(tap);
    await tap.run("tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", "64kbit", "burst", "4kb", "latency", "60s");
    const state = enrolled(receiver.port, 2_000);
    const sensor = start(tap, common(state));
    await sensor.shows(() => receiver.batches.length > 0);
    const devices = Array.from({ length: 100 }, (_, i) => ({ mac: `00:1b:1b:00:01:${i.toString(16).padStart(2, "0")}`, address: `192.0.2.${100 + i}` })); // prettier-ignore
    const cycle = devices.flatMap((device, i) => [
      udp(hmi, device, { from: 40_000 + i, to: 502 }, ask),
      udp(device, hmi, { from: 502, to: 40_000 + i }, Uint8Array.of(0, 1, 0, 0, 0, 7, 1, 3, 4, 0, i, 0, i)),
    ]);
    await generate(mirror, { device: "mirror", frames: cycle, packets: 12_000, rate: 1_000 });
    const seen = (): number =>
      receiver.batches
        .filter(({ kind }) => kind === "ot.metadata")
        .flatMap(({ body }) => [...rowsOf(body as MetadataBody, "captures")])
        .reduce((sum, { packets }) => sum + packets, 0);
    await sensor.shows(() => seen() >= 12_000);
    const bytes = receiver.batches.reduce((sum, each) => sum + each.bytes, 0);
    process.stdout.write(
      `64 kbit/s: ${bytes} bytes for 12,000 packets of 100 devices in ${receiver.batches.length} batches\n`,
    );
    const { batches } = (JSON.parse(readFileSync(join(state, "status.json"), "utf8")) as { spool: { batches: number } })
      .spool;
    expect(batches).toBeLessThan(6);
    sensor.child.kill("SIGTERM");
    await sensor.ended;
    receiver.stop();
  });

  test("news leave at once, however long the interval is, and before what waits", async () => {
    const { mirror, tap } = await mirrorPort();
    await run(tap, "--prepare", "--interface", "tap");
    const receiver = await startReceiver(tap);
    const sensor = start(tap, common(enrolled(receiver.port, 60_000)));
    await sensor.shows(() => receiver.batches.length > 0);
    await generate(mirror, { device: "mirror", frames, packets: 400, rate: 1_000 });
    const first = await sensor.shows(() => receiver.batches.find(({ kind }) => kind === "ot.metadata"));
    expect((first.body as MetadataBody).urgent).toBe(true);
    sensor.child.kill("SIGTERM");
    await sensor.ended;
    receiver.stop();
  });

  test("capture files are uploaded once, with their own times, to the letter as the preview shows it (OT-32, OT-N1)", async () => {
    const { tap } = await mirrorPort();
    const receiver = await startReceiver(tap);
    const file = join(folder, "capture.pcap.gz");
    const began = 1_700_000_000_000_000;
    const timed = Array.from({ length: 300 }, (_, i) => ({
      time: began + i * 100_000,
      frame: frames[i % 4] as Uint8Array,
    }));
    writeFileSync(file, gzipSync(writePcap(timed)));
    const state = enrolled(receiver.port, 10_000);
    expect(await run(tap, "--file", file, "--state", state)).toMatchObject({ code: 0 });
    const bodies = receiver.batches
      .filter(({ kind }) => kind === "ot.metadata")
      .map(({ body }) => body as MetadataBody);
    const rows = bodies.flatMap((body) => [...rowsOf(body, "captures")]);
    expect(rows.reduce((sum, { packets }) => sum + packets, 0)).toBe(300);
    expect(Math.min(...bodies.map(({ from }) => from))).toBe(began);
    expect(bodies).toHaveLength(3);
    const shown = await run(tap, "--preview", "--file", file, "--json");
    expect(shown.out.trim().split("\n")).toEqual(bodies.map((body) => JSON.stringify(body)));
    expect((await run(tap, "--ledger", "--state", state)).out).toMatch(/3 uploads, 1 to 3[\s\S]*the chain is whole/);
    const broken = join(folder, "broken.pcap");
    writeFileSync(broken, "this is no capture");
    expect(await run(tap, "--file", broken, "--state", state)).toMatchObject({ code: 2, told: expect.stringContaining("CAPTURE_FORMAT_UNKNOWN") }); // prettier-ignore
    receiver.stop();
  });

  // Debian's tcpdump changes its user, which only root may.
  test.runIf(root)("without koffi it goes on through tcpdump, and says so", async () => {
    const { mirror, tap } = await mirrorPort();
    await run(tap, "--prepare", "--interface", "tap");
    const receiver = await startReceiver(tap);
    const state = enrolled(receiver.port, 1_000);
    const sensor = start(tap, common(state), { YAGURA_WITHOUT_KOFFI: "1" });
    await sensor.shows(() => receiver.batches.length > 0);
    await generate(mirror, { device: "mirror", frames, packets: 400, rate: 1_000 });
    await sensor.shows(() => receiver.batches.some(({ kind }) => kind === "ot.metadata"));
    const status = await run(tap, "status", "--state", state);
    expect(status.out).toContain("tcpdump pipe (koffi was not asked for");
    sensor.child.kill("SIGTERM");
    expect((await sensor.ended).code).toBe(0);
    receiver.stop();
  });

  test("the doctor says what a port without a mirror sees (OT-N6)", async () => {
    const { mirror, tap } = await mirrorPort();
    await run(tap, "--prepare", "--interface", "tap");
    const sensor = start(tap, ["--doctor", "--interface", "tap", "--seconds", "3"]);
    await generate(mirror, { device: "mirror", frames: [arp(1, hmi, plc)], packets: 1_500, rate: 300 });
    const { code, out } = await sensor.ended;
    expect(code).toBe(1);
    expect(out).toMatch(/almost only broadcasts[\s\S]*monitor session 1 source interface <port> both/);
  });
});
