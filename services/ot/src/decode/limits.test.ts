import { Value } from "typebox/value";
import { describe, expect, test } from "vitest";
import { TEST_TIME, tcpConversation, udpConversation } from "@yagura/packets/build/conversation.ts";
import { udp } from "@yagura/packets/build/frames.ts";
import { randomFrom, seedOf } from "@yagura/testkit/random.ts";
import { client, engineOf, feed, fedOf, polls, server } from "../../../../tests/support/engine.ts";
import { MetadataBody } from "../wire/metadata.ts";
import type { Dissector } from "../protocols/dissector.ts";
import { NEED_MORE, recognised } from "../protocols/dissector.ts";
import type { Interval } from "./engine.ts";

const bodyOf = (interval: Interval | null): unknown => ({
  version: 1,
  ledger: { number: 1, previous: "0".repeat(64) },
  tokens: null,
  ...interval,
});
const valid = (interval: Interval | null): void => {
  expect([...Value.Errors(MetadataBody, bodyOf(interval))].slice(0, 3)).toEqual([]);
};

describe("OT-N1 what is told fits the closed shapes", () => {
  test("of ordinary traffic", () => {
    valid(
      feed([
        ...tcpConversation({ client, server, serverPort: 502 }, polls(20)),
        ...udpConversation({ client, server, serverPort: 9 }, []),
      ]).interval,
    );
  });

  test("10,000 random frames never throw, and what they give fits", () => {
    const seed = seedOf("YAGURA_SEED");
    const random = randomFrom(seed);
    const byte = (): number => Math.floor(random() * 256);
    const base = [
      ...tcpConversation({ client, server, serverPort: 502 }, polls(3)).map(({ frame }) => frame),
      udp(client, server, { from: 5, to: 53 }, new Uint8Array(30)),
    ];
    const engine = engineOf();
    const links = [1, 1, 1, 101, 113, 276, 0, 9];
    for (let i = 0; i < 10_000; i++) {
      let frame = Uint8Array.from({ length: Math.floor(random() * 200) }, byte);
      if (i % 3 > 0) {
        frame = Uint8Array.from(base[Math.floor(random() * base.length)] as Uint8Array);
        for (let k = 0; k < 1 + random() * 6; k++) frame[Math.floor(random() * frame.length)] = byte();
        frame = frame.subarray(0, Math.floor(frame.length * Math.min(1, random() + 0.5)));
      }
      const link = links[i % links.length] as number;
      engine.packet(frame, 0, frame.length, frame.length + (i % 5 === 0 ? 9 : 0), TEST_TIME + i * 100, link, i % 70);
    }
    const interval = engine.take(TEST_TIME + 2_000_000);
    valid(interval);
    const faults = Object.keys(engine.stats().dropped).filter((name) => name.startsWith("fault:"));
    expect(faults, `seed ${seed}`).toEqual([]);
  });

  test("times that cannot be are not believed", () => {
    const engine = engineOf();
    const frame = udp(client, server, { from: 1_000, to: 2_000 }, new Uint8Array(20));
    for (const time of [TEST_TIME, Number.NaN, -5, 1e19, TEST_TIME + 1_000, TEST_TIME - 3_600e6])
      engine.packet(frame, 0, frame.length, frame.length, time, 1, 0);
    const interval = engine.take(1e19);
    valid(interval);
    expect(interval).toMatchObject({ from: TEST_TIME - 3_600e6, to: TEST_TIME - 3_600e6 });
  });

  test("a flood of addresses is bounded: what has no room is counted, and the engine goes on", () => {
    const engine = engineOf();
    const frame = udp(client, server, { from: 1_000, to: 2_000 }, new Uint8Array(20));
    const view = new DataView(frame.buffer);
    for (let i = 0; i < 60_000; i++) {
      view.setUint32(26, 0x0a00_0000 + i);
      view.setUint16(18, i & 0xffff);
      engine.packet(frame, 0, frame.length, frame.length, TEST_TIME + i, 1, 0);
    }
    const interval = engine.take(TEST_TIME + 1_000_000);
    valid(interval);
    expect(interval?.texts.length).toBeLessThanOrEqual(50_000);
    expect(engine.stats().dropped["endpoints"]).toBeGreaterThan(0);
    expect(engine.stats().dropped["forgotten"]).toBe(1);
    for (const { time, frame: next } of tcpConversation(
      { client, server, serverPort: 502, time: TEST_TIME + 2_000_000 },
      polls(2),
    ))
      engine.packet(next, 0, next.length, next.length, time, 1, 0);
    const after = fedOf(engine, engine.take(TEST_TIME + 9_000_000));
    expect(after.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/502 modbus 6+4"]);
  });
});

describe("a bad dissector harms nobody", () => {
  const of = (dissect: Dissector["dissect"]): Dissector => ({
    protocol: "modbus",
    specification: "none",
    on: { tcp: [502], udp: [502] },
    stream: true,
    recognise: () => recognised.sure,
    dissect,
  });
  const run = (dissect: Dissector["dissect"]): ReturnType<typeof feed> =>
    feed(tcpConversation({ client, server, serverPort: 502 }, polls(5)), { dissectors: [of(dissect)] });

  test("that throws is counted and no longer asked", () => {
    const fed = run(() => {
      throw new Error("bad");
    });
    expect(fed.engine.stats().dropped["fault:modbus"]).toBeGreaterThan(0);
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/502 unknown 9+7"]);
  });

  test("that always wants more gets at most a whole message", () => {
    const big = Array.from({ length: 80 }, () => ({ from: "client" as const, bytes: new Uint8Array(1_400) }));
    let most = 0;
    const fed = feed(tcpConversation({ client, server, serverPort: 502 }, big), {
      dissectors: [of((r) => ((most = Math.max(most, r.left)), NEED_MORE))],
    });
    expect(most).toBeLessThan(65_536 + 1_461);
    expect(fed.rows("weirds").length).toBe(1);
  });

  test("that takes more than there is has the rest passed over", () => {
    const seen: number[] = [];
    const big = [3_000, 50].map((length) => ({
      from: "client" as const,
      bytes: new Uint8Array(length).fill(length & 255),
    }));
    feed(tcpConversation({ client, server, serverPort: 502 }, big), {
      dissectors: [of((r) => (seen.push(r.peek()), r.peek() === 50 ? 50 : 3_000))],
    });
    expect(seen).toEqual([3_000 & 255, 50]);
  });
});
