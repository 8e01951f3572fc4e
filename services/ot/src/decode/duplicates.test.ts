import { TEST_TIME, type Timed } from "@yagura/packets/build/conversation.ts";
import { hex, udp } from "@yagura/packets/build/frames.ts";
import { describe, expect, test } from "vitest";
import { feed } from "../../../../tests/support/engine.ts";

/** BACnet Who-Is to everybody, from a station by its number. */
const whoIs = (station: number, id: number, time: number): Timed => ({
  time: TEST_TIME + time,
  frame: udp(
    { mac: `02:00:00:00:00:${station.toString(16).padStart(2, "0")}`, address: `192.0.2.${station}` },
    { mac: "ff:ff:ff:ff:ff:ff", address: "192.0.2.255" },
    { from: 47_808, to: 47_808 },
    hex("810b000c 0120ffff00ff 1008"),
    { id },
  ),
});

describe("copies of a mirror", () => {
  test("the same packet within milliseconds is one", () => {
    const fed = feed([whoIs(20, 7, 0), whoIs(20, 7, 100)]);
    expect(fed.capture()).toMatchObject({ packets: 2, duplicates: 1 });
  });

  test("stations that started together and ask the same are no copies, though their checksums make up for their addresses", () => {
    const frames = Array.from({ length: 200 }, (_, i) => whoIs(1 + (i % 100), 1 + Math.floor(i / 100), i));
    expect(feed(frames).capture()).toMatchObject({ packets: 200, duplicates: 0 });
  });
});
