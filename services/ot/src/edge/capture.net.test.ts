/** Capturing on a veth pair between namespaces, by ring and by tcpdump. Needs root or user namespaces. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arp, tagged, udp } from "@yagura/packets/build/frames.ts";
import { generate } from "@yagura/testkit/lab/generate.ts";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { until } from "@yagura/testkit/until.ts";
import type { Counted, CountFrames } from "./count-frames.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

const one = { mac: "02:00:00:00:00:01", address: "192.0.2.1" };
const two = { mac: "02:00:00:00:00:02", address: "192.0.2.2" };
const datagram = (size: number): Uint8Array => udp(one, two, { from: 20_000, to: 502 }, new Uint8Array(size));

/** A wire: packets are sent at `mirror` and captured at `tap`, which is silent. */
async function wire(): Promise<{ mirror: Namespace; tap: Namespace }> {
  const [mirror, tap] = [await lab.namespace(), await lab.namespace()];
  for (const place of [mirror, tap]) await place.shell("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 || true");
  await lab.link({ in: mirror, name: "mirror", addresses: [] }, { in: tap, name: "tap", addresses: [] });
  await tap.run("ip", "link", "set", "tap", "arp", "off", "multicast", "off");
  return { mirror, tap };
}

async function start(tap: Namespace, options: Partial<CountFrames> = {}) {
  const all: CountFrames = {
    method: "ring",
    user: null,
    interfaces: ["tap"],
    allowLoud: false,
    ...options,
    ring: { promiscuous: true, ignoreOutgoing: false, ...options.ring },
  };
  const child: ChildProcess = tap.node(join(import.meta.dirname, "count-frames.ts"), [JSON.stringify(all)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [out, told] = ["", ""];
  child.stderr?.on("data", (piece: Buffer) => (told += piece.toString()));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (piece: Buffer) => {
      out += piece.toString();
      if (out.startsWith("ready\n")) resolve();
    });
    child.on("close", () => reject(new Error(told)));
  });
  await ready;
  const last = (): string => out.split("\n").at(-1) ?? "";
  return {
    child,
    /** Stops when so many were seen. */
    async stop(packets = 0): Promise<Counted> {
      await until(() => child.exitCode !== null || Number(out.split("\n").at(-2)) >= packets);
      child.stdin?.end();
      if (child.exitCode === null) await once(child, "close");
      if (!last().startsWith("{")) throw new Error(told);
      return JSON.parse(last()) as Counted;
    },
  };
}

// Debian's tcpdump changes its user, which only root may: as an ordinary user the pipe is left out.
const methods = userInfo().uid === 0 ? (["ring", "pipe"] as const) : (["ring"] as const);
describe.each(methods)("capture by %s (OST-T01)", (method) => {
  test("every packet is counted, with its bytes and its time", async () => {
    const { mirror, tap } = await wire();
    const capture = await start(tap, { method });
    const before = Date.now() * 1000;
    const frames = [datagram(18), datagram(400), datagram(1_400), arp(1, one, two)];
    await generate(mirror, { device: "mirror", frames, packets: 20_000, rate: 10_000 });
    const got = await capture.stop(20_000);
    expect(got.packets).toBe(20_000);
    expect(got.bytes).toBe(5_000 * frames.reduce((sum, { length }) => sum + length, 0));
    expect(got.first.slice(0, 4)).toEqual(frames.map((frame) => Buffer.from(frame).toString("hex")));
    expect(got.lengths.slice(0, 4)).toEqual(frames.map(({ length }) => length));
    for (const time of got.times) {
      expect(time).toBeGreaterThan(before - 1e6);
      expect(time).toBeLessThan(Date.now() * 1000 + 1e6);
    }
    expect(got.counters).toEqual([{ name: "tap", dropped: 0, freezes: 0, sent: 0 }]);
  });

  test("VLAN tags stand in the frame as on the wire: one, two of 802.1Q, QinQ of 802.1ad (OT-35)", async () => {
    const { mirror, tap } = await wire();
    const frames = [
      tagged(datagram(100), 10),
      tagged(tagged(datagram(100), 20), 30),
      tagged(tagged(datagram(100), 40), 50, 0x88a8),
      tagged(arp(2, two, one), 60),
    ];
    const capture = await start(tap, { method });
    await generate(mirror, { device: "mirror", frames, packets: 4, rate: 1_000 });
    const got = await capture.stop(4);
    expect(got.first).toEqual(frames.map((frame) => Buffer.from(frame).toString("hex")));
    expect(got.lengths).toEqual(frames.map(({ length }) => length));
  });

  test("several interfaces at once", async () => {
    const { mirror, tap } = await wire();
    await lab.link({ in: mirror, name: "mirror2", addresses: [] }, { in: tap, name: "tap2", addresses: [] });
    const capture = await start(tap, { method, interfaces: ["tap", "tap2"] });
    await generate(mirror, { device: "mirror", frames: [datagram(10)], packets: 300, rate: 10_000 });
    await generate(mirror, { device: "mirror2", frames: [datagram(10)], packets: 200, rate: 10_000 });
    const got = await capture.stop(500);
    expect(got.packets).toBe(500);
    expect(got.counters.map(({ name }) => name)).toEqual(["tap", "tap2"]);
  });
});

describe("the ring under pressure", () => {
  test("what it cannot take is counted: seen and dropped are all that was sent (OT-34)", async () => {
    const { mirror, tap } = await wire();
    const capture = await start(tap, { slow: 200, ring: { promiscuous: true, ignoreOutgoing: false, bytes: 4 << 20 } });
    const { sent } = await generate(mirror, { device: "mirror", frames: [datagram(1_000)], packets: 30_000, rate: 0 });
    const got = await capture.stop();
    const [counters] = got.counters;
    expect(counters?.dropped).toBeGreaterThan(0);
    expect(counters?.freezes).toBeGreaterThan(0);
    expect(got.packets + (counters?.dropped ?? 0)).toBe(sent);
  });

  test("an interface that goes down and comes up again is captured on", async () => {
    const { mirror, tap } = await wire();
    const capture = await start(tap);
    await generate(mirror, { device: "mirror", frames: [datagram(10)], packets: 100, rate: 10_000 });
    await tap.run("ip", "link", "set", "tap", "down");
    await tap.run("ip", "link", "set", "tap", "up");
    await generate(mirror, { device: "mirror", frames: [datagram(10)], packets: 100, rate: 10_000 });
    expect((await capture.stop(200)).packets).toBe(200);
  });

  test("an interface that is taken away ends the capture with a reason", async () => {
    const { mirror, tap } = await wire();
    const capture = await start(tap);
    await mirror.run("ip", "link", "delete", "mirror");
    await expect(capture.stop(1)).rejects.toThrow(/tap ended: the interface is gone/);
  });
});
