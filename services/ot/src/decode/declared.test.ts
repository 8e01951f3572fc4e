/** Declared protocols beside those that are built in (OT-N10): who is asked when, and what an exchange changes. */
import { describe, expect, test } from "vitest";
import { tcpConversation, TEST_TIME, type Message } from "@yagura/packets/build/conversation.ts";
import { concat, ethernet, hex } from "@yagura/packets/build/frames.ts";
import { bytesOf } from "../../../../tests/support/dissect.ts";
import { client, engineOf, fedOf, feed, polls, server } from "../../../../tests/support/engine.ts";
import { conveyorMessages as kb, exampleOfGuide } from "../../../../tests/support/ot-declared.ts";
import { compile } from "../protocols/declared/compile.ts";
import type { DeclaredDescription } from "../wire/declared.ts";
import type { Engine } from "./engine.ts";

const example = exampleOfGuide();
const strict: DeclaredDescription = { ...example, match: [{ at: 0, bytes: "4b 42 01" }, { at: 3, bytes: "00", mask: "7e" }, { at: 8, bytes: "00", mask: "f0" }] }; // prettier-ignore
const ends = { client, server, serverPort: 9_750 };
const talk: Message[] = [
  { from: "client", bytes: bytesOf(kb.read) },
  { from: "server", bytes: bytesOf(kb.readAnswer) },
  { from: "client", bytes: bytesOf(kb.identify) },
  { from: "server", bytes: bytesOf(kb.identity) },
  { from: "client", bytes: bytesOf(kb.stop) },
  { from: "server", bytes: bytesOf(kb.stopAnswer) },
];
const commands = ["declared-3 1 0 q1 a1 e0", "declared-3 16 0 q1 a1 e0", "declared-3 32 0 q1 a1 e0"];
const declared = [compile(3, example)];
const give = (engine: Engine, frames: ReturnType<typeof tcpConversation>): void => {
  for (const { time, frame } of frames) engine.packet(frame, 0, frame.length, frame.length, time, 1, 0);
};

describe("OT-N10: declared protocols in the engine", () => {
  test("a conversation on the declared port: commands, identities, its slot", () => {
    const fed = feed(tcpConversation(ends, talk), { declared });
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/9750 declared-3 7+5"]);
    expect(fed.commands()).toEqual(commands);
    expect(fed.rows("identities").map(({ value }) => fed.interval?.texts[value])).toEqual(
      expect.arrayContaining(["KB-100", "2.4.1"]),
    );
    expect(fed.capture()).toMatchObject({ payloads: 6, undissected: 0 });
  });

  test("a critical command is urgent", () => {
    const engine = engineOf({ declared });
    const before = tcpConversation(ends, talk.slice(0, 4), { fin: false });
    give(engine, before);
    engine.take((before.at(-1)?.time ?? 0) + 1);
    expect(engine.urgent).toBe(false);
    give(engine, tcpConversation(ends, talk, { fin: false }).slice(before.length));
    expect(engine.urgent).toBe(true);
  });

  test("on a foreign port only what is sure is believed", () => {
    const foreign = { ...ends, serverPort: 40_000 };
    expect(feed(tcpConversation(foreign, talk), { declared }).commands()).toEqual([]);
    expect(feed(tcpConversation(foreign, talk), { declared: [compile(3, strict)] }).commands()).toEqual(commands);
  });

  test("a careless description on the port of Modbus hides no Modbus, not even in mid-stream", () => {
    const careless: DeclaredDescription = {
      name: "Careless",
      specification: "",
      on: { tcp: [502] },
      order: "big",
      match: [{ at: 2, bytes: "00" }],
      reply: { by: "port" },
      function: { at: 7, size: 1 },
      functions: [{ code: 3, name: "Stop", class: "stop" }],
    };
    const onModbus = { ...ends, serverPort: 502 };
    const all = { declared: [compile(1, careless)] };
    for (const frames of [
      tcpConversation(onModbus, polls(5)),
      tcpConversation(onModbus, polls(5).slice(1), { handshake: false, fin: false }),
    ]) {
      const alone = feed(frames);
      expect(feed(frames, all).conversations()).toEqual(alone.conversations());
      expect(feed(frames, all).commands()).toEqual(alone.commands());
    }
    const cut = polls(5).map(({ bytes, ...rest }, i) => ({ ...rest, bytes: i === 0 ? bytes.slice(5) : bytes }));
    const taken = tcpConversation(onModbus, cut, { handshake: false, fin: false });
    expect(feed(taken, all).conversations().join()).not.toContain("declared");
  });

  test("the port of a declared protocol may be used by one that is built in", () => {
    const fed = feed(tcpConversation(ends, polls(5)), { declared });
    expect(fed.conversations()).toEqual(["192.0.2.1 > 192.0.2.2 tcp/9750 modbus 9+7"]);
  });

  test("a conversation that began long ago is looked at again when a description comes, changes and goes", () => {
    const engine = engineOf();
    const frames = tcpConversation(ends, Array.from({ length: 8 }, () => talk).flat(), { fin: false });
    const part = Math.floor(frames.length / 4);
    const slice = (i: number): string[] => {
      give(engine, frames.slice(i * part, (i + 1) * part));
      return fedOf(engine, engine.take((frames[(i + 1) * part - 1]?.time ?? 0) + 1)).commands();
    };
    expect(slice(0)).toEqual([]);
    engine.declare(declared);
    expect(slice(1).join()).toContain("declared-3 1 0");
    engine.declare([compile(7, example)]);
    expect(slice(2).join()).toContain("declared-7 1 0");
    engine.declare([]);
    expect(slice(3)).toEqual([]);
    expect(Object.values(engine.stats().dropped).filter((count) => count > 0)).toEqual([]);
  });

  test("an EtherType of its own, and two that share one", () => {
    const on = { ethertype: ["0x88b5"] };
    const make = (slot: number, bytes: string) =>
      compile(slot, {
        name: `Ring ${slot}`, specification: "", on, order: "big", match: [{ at: 0, bytes }], reply: { by: "none" },
        function: { at: 2, size: 1 }, functions: [{ code: 5, name: "Report", class: "report" }],
      }); // prettier-ignore
    const frame = (bytes: string) => ({
      time: TEST_TIME,
      frame: ethernet(
        { source: client.mac, destination: server.mac, type: 0x88b5 },
        concat(hex(bytes), new Uint8Array(46)),
      ),
    });
    const frames = [frame("aa 01 05"), frame("bb 01 05"), frame("cc 01 05")];
    const one = feed(frames.slice(0, 1), { declared: [make(1, "aa 01")] });
    expect(one.commands()).toEqual(["declared-1 5 0 q0 a0 e0"]);
    const both = feed(frames, { declared: [make(1, "aa 01"), make(2, "bb 01")] });
    expect(both.commands()).toEqual(["declared-1 5 0 q0 a0 e0", "declared-2 5 0 q0 a0 e0"]);
  });
});
