import { expect, test } from "vitest";
import { TEST_TIME, tcpConversation, type Timed } from "@yagura/packets/build/conversation.ts";
import { client, engineOf, feed, fedOf, server, type Fed } from "../../../../tests/support/engine.ts";
import { MAX_PAIR_TRANSITIONS, TRANSITION_EVERY, TRANSITIONS_OF_UPLOAD } from "./limits.ts";

const ends = { client, server, serverPort: 502 };
/** A Modbus/TCP request of a function, with a quantity or value behind its address. */
const ask = (code: number, i: number, unit = 1): Uint8Array =>
  Uint8Array.from([i >> 8, i & 255, 0, 0, 0, 6, unit, code, 0, 100, 0, 1]);
const asks = (codes: readonly number[], units: readonly number[] = [1]) =>
  codes.map((code, i) => ({
    from: "client" as const,
    bytes: ask(code, i + 1, units[i % units.length]),
    after: 100_000,
  }));
const cycle = (count: number, ...codes: readonly number[]): number[] =>
  Array.from({ length: count }, () => codes).flat();
/** `3>16 x5`, in order of their first time. */
const order = (fed: Fed): string[] =>
  fed.rows("transitions").map(({ fromCode, toCode, count }) => `${fromCode}>${toCode} x${count}`);
const run = (engine: ReturnType<typeof engineOf>, frames: readonly Timed[]): number => {
  for (const { time, frame } of frames) engine.packet(frame, 0, frame.length, frame.length, time, 1, 0);
  return frames.at(-1)?.time ?? 0;
};

test("OT-20 the order of functions of a pair is counted: what came after what, not what was repeated", () => {
  const fed = feed(tcpConversation(ends, asks(cycle(5, 3, 3, 1, 6))));
  expect(order(fed)).toEqual(["3>1 x5", "1>6 x5", "6>3 x4"]);
  const [row] = fed.rows("transitions");
  expect([fed.who(row?.client ?? -1), fed.who(row?.server ?? -1), row?.protocol]).toEqual([
    client.address,
    server.address,
    1,
  ]);
  expect(row?.first).toBeLessThan(row?.last ?? 0);
});

test("OT-20 the units behind a gateway are one order, and answers have no part in it", () => {
  expect(order(feed(tcpConversation(ends, asks(cycle(4, 3, 3, 6), [1, 2, 3]))))).toEqual(["3>6 x4", "6>3 x3"]);
  const answered = asks([3, 6, 3]).flatMap((one, i) => [
    one,
    { from: "server" as const, bytes: ask(one.bytes[7] === 6 ? 6 : 0x83, i + 1) },
  ]);
  expect(order(feed(tcpConversation(ends, answered)))).toEqual(["3>6 x1", "6>3 x1"]);
});

test("OT-20 two connections of a pair do not mix, and a new one begins anew", () => {
  const one = tcpConversation({ ...ends, clientPort: 40_001 }, asks(cycle(4, 3)));
  const two = tcpConversation({ ...ends, clientPort: 40_002, time: TEST_TIME + 50_000 }, asks(cycle(4, 6)));
  expect(order(feed([...one, ...two].toSorted((a, b) => a.time - b.time)))).toEqual([]);
  const later = tcpConversation({ ...ends, clientPort: 40_001, time: TEST_TIME + 60_000_000 }, asks([6, 6]));
  expect(order(feed([...one, ...later]))).toEqual([]);
});

test("OT-20 lost bytes break the order: nobody knows what was asked in them", () => {
  const frames = tcpConversation(ends, asks(cycle(60, 3, 1, 6)));
  // One request of the 6 is missing (behind the three segments of the handshake): 1 > 3 never was.
  const seen = order(feed(frames.filter((_, i) => i !== 3 + 32)));
  expect(seen.map((text) => text.split(" ")[0])).toEqual(["3>1", "1>6", "6>3"]);
});

test("OT-20 session handling stands outside the order", () => {
  // IEC 60870-5-104: interrogation, a test of the link, a clock, a test, a single command.
  const asdu = (type: number) => Uint8Array.from([0x68, 14, 0, 0, 0, 0, type, 1, 6, 0, 1, 0, 0, 0, 0, 20]);
  const clock = Uint8Array.from([0x68, 20, 0, 0, 0, 0, 103, 1, 6, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 26]);
  const link = Uint8Array.from([0x68, 4, 0x43, 0, 0, 0]);
  const messages = [link, asdu(100), link, clock, link, asdu(45)];
  const fed = feed(
    tcpConversation(
      { ...ends, serverPort: 2_404 },
      messages.map((bytes) => ({ from: "client", bytes, after: 100_000 })),
    ),
  );
  expect(order(fed)).toEqual(["100>103 x1", "103>45 x1"]);
});

test("OT-20 a transition is told when it is new, then at most once an hour with its count", () => {
  const engine = engineOf();
  const at = run(engine, tcpConversation(ends, asks(cycle(3, 3, 6)), { fin: false }));
  expect(order(fedOf(engine, engine.take(at)))).toEqual(["3>6 x3", "6>3 x2"]);
  const more = { ...ends, clientPort: 40_009, time: at + 10_000_000 };
  const next = run(engine, tcpConversation(more, asks([3, 6, 1]), { fin: false }));
  expect(order(fedOf(engine, engine.take(next)))).toEqual(["6>1 x1"]);
  const late = { ...ends, clientPort: 40_010, time: at + TRANSITION_EVERY };
  const last = run(engine, tcpConversation(late, asks([3, 6]), { fin: false }));
  // With what the interval before counted and did not tell.
  expect(order(fedOf(engine, engine.take(last)))).toEqual(["3>6 x2"]);
});

test("OT-20 who asks in every order fills neither the table nor the upload", () => {
  const codes = Array.from({ length: 40 }, (_, i) => Array.from({ length: 40 }, (_, k) => [i + 1, k + 1])).flat(2);
  const engine = engineOf();
  const at = run(engine, tcpConversation(ends, asks(codes), { fin: false }));
  const fed = fedOf(engine, engine.take(at));
  expect(fed.rows("transitions")).toHaveLength(MAX_PAIR_TRANSITIONS);
  expect(engine.stats().dropped["transitions"]).toBeGreaterThan(1_000);
  expect(MAX_PAIR_TRANSITIONS).toBeLessThanOrEqual(TRANSITIONS_OF_UPLOAD);
});

test("OT-20 the office has no order", () => {
  const frames = tcpConversation({ ...ends, serverPort: 80 }, [
    { from: "client", bytes: new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n") },
    { from: "client", bytes: new TextEncoder().encode("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n") },
  ]);
  const fed = feed(frames);
  expect(fed.rows("commands").length).toBeGreaterThan(1);
  expect(order(fed)).toEqual([]);
});
