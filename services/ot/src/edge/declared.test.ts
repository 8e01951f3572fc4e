/** Declared protocols at the sensor (OT-N10): told by the configuration, exchanged while it runs, refused one by one. */
import { describe, expect, test } from "vitest";
import { Value } from "typebox/value";
import { tcpConversation, type Timed } from "@yagura/packets/build/conversation.ts";
import { conveyorTalk, exampleOfGuide } from "../../../../tests/support/ot-declared.ts";
import { client, fedOf, server } from "../../../../tests/support/engine.ts";
import { SensorConfiguration } from "../wire/metadata.ts";
import { readConfiguration } from "./configuration.ts";
import { makeEngine, type SensorEngine } from "./engine.ts";

const example = exampleOfGuide();
const frames = tcpConversation({ client, server, serverPort: 9_750 }, conveyorTalk, { fin: false });
function commands({ engine }: SensorEngine, given: readonly Timed[]): string[] {
  for (const { time, frame } of given) engine.packet(frame, 0, frame.length, frame.length, time, 1, 0);
  return fedOf(engine, engine.take((given.at(-1)?.time ?? 0) + 1)).commands();
}

describe("OT-N10 declared protocols at the sensor", () => {
  test("the configuration names them; one of an older server names none", () => {
    const declared = [{ slot: 2, description: example }];
    const document = { interfaces: [], upload: 10_000, rules: [], declared };
    expect(Value.Check(SensorConfiguration, document)).toBe(true);
    expect(readConfiguration(document).declared).toEqual(declared);
    expect(readConfiguration({ interfaces: [], upload: 10_000, rules: [] }).declared).toEqual([]);
    for (const wrong of [
      7,
      [null],
      [{ slot: 17, description: example }],
      Array.from({ length: 17 }, () => declared[0]),
    ])
      expect(() => readConfiguration({ ...document, declared: wrong })).toThrow(/declared/);
  });

  test("one that this sensor does not understand is told, and the others work", () => {
    const sensor = makeEngine();
    const refused = sensor.setDeclared([
      { slot: 1, description: { ...example, checksum: "of a newer version" } },
      { slot: 2, description: example },
    ]);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain("slot 1: checksum is no field here");
    expect(commands(sensor, frames)).toContain("declared-2 32 0 q1 a1 e0");
  });

  test("exchanged without a restart; the same again disturbs nothing", () => {
    const sensor = makeEngine();
    const half = Math.floor(frames.length / 2);
    expect(commands(sensor, frames.slice(0, half))).toEqual([]);
    sensor.setDeclared([{ slot: 2, description: example }]);
    sensor.setDeclared([{ slot: 2, description: example }]);
    expect(commands(sensor, frames.slice(half))).toContain("declared-2 32 0 q1 a1 e0");
    expect(sensor.setDeclared([])).toEqual([]);
  });
});
