import { describe, expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { ONE_E } from "./codecs/slmp-commands.ts";
import { recognised } from "./dissector.ts";
import { slmp } from "./slmp.ts";

const text = (words: string): Uint8Array => Uint8Array.from(Buffer.from(words.replaceAll(" ", ""), "ascii"));

const readD100 = `50 00          # 3E request
  00 ff ff 03 00               # own network, connected station, own CPU
  0c 00 10 00                  # 12 bytes follow; timer 4 s
  01 04 00 00                  # Device Read, words
  64 00 00 a8 0a 00            # D100, 10 points`;
const answerWords = (count: number): string =>
  `d0 00 00 ff ff 03 00 ${(2 + count * 2).toString(16).padStart(2, "0")} 00 00 00 ${"00 00 ".repeat(count)}`;
const writeRandom = `54 00 34 12 00 00 00 ff ff 03 00  # 4E request, serial 0x1234
  16 00 10 00 02 14 00 00      # Device Write Random, words
  01 01                        # one word, one double word
  00 00 00 a8 01 00            # D0
  20 00 00 90 02 00 00 00      # M32`;
const refused = `d4 00 34 12 00 00 00 ff ff 03 00 0b 00
  59 c0                        # end code: command refused
  00 ff ff 03 00 02 14 00 00   # where, and what was asked`;
const typeName = "50 00 00 ff ff 03 00 06 00 10 00 01 01 00 00";
const typeAnswer = `d0 00 00 ff ff 03 00 14 00 00 00
  52 30 34 43 50 55 20 20 20 20 20 20 20 20 20 20  # R04CPU
  00 48                                              # 0x4800`;
const stop = "50 00 02 05 ff 03 00 08 00 10 00 02 10 00 00 01 00";
const iqr = `50 00 00 ff ff 03 00 0e 00 10 00 01 14 03 00  # Device Write, bits, iQ-R form
  10 00 00 00 9d 00 02 00      # Y10, 2 points`;
const asciiRead = text("5000 00 FF 03FF 00 0018 0010 0401 0001 X* 00001A 0008");
const oneERead = "01 ff 0a 00 64 00 00 00 20 44 0c 00 # 1E: D100, 12 words";

describe("SLMP and MC protocol (OST-T02, OT-36)", () => {
  test("reads of devices are told with area and range, and their response by the request", () => {
    const told = dissect(slmp, [{ bytes: readD100 }, { bytes: answerWords(10), fromClient: false }]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands).toEqual([
      { outcome: "request", code: 0x0401, fromClient: true, object: 0xa8, low: 100, high: 109, unit: -1 },
      { outcome: "response", code: 0x0401, fromClient: false, object: 0xa8, low: 100, high: 109, unit: -1 },
    ]);
    expect(slmp.objects?.get(0xa8)).toBe("D");
  });

  test("a random write names each kind of device, and a refusal is an error", () => {
    const told = dissect(slmp, [{ bytes: writeRandom }, { bytes: refused, fromClient: false }]);
    expect(told.commands.map(({ outcome, code, object, low, high }) => [outcome, code, object, low, high])).toEqual([
      ["request", 0x1402, 0xa8, 0, 0],
      ["request", 0x1402, 0x90, 32, 33],
      ["error", 0x1402, 0xa8, 0, 0],
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("the type name is the model", () => {
    const told = dissect(slmp, [{ bytes: typeName }, { bytes: typeAnswer, fromClient: false }]);
    expect(told.identities).toEqual([
      "source model=R04CPU",
      "source vendor=Mitsubishi Electric",
      "source role=plc",
      "source device-type=slmp:4800",
    ]);
  });

  test("remote stop of a station in another network is a stop of that unit", () => {
    const told = dissect(slmp, [{ bytes: stop }]);
    expect(told.commands).toMatchObject([{ outcome: "request", code: 0x1002, unit: 0x0205 }]);
    expect(slmp.functions?.get(0x1002)?.class).toBe("stop");
    expect(slmp.functions?.get(0x1006)?.class).toBe("restart");
    expect(slmp.functions?.get(0x1001)?.class).toBe("mode");
  });

  test("the long form of iQ-R and ASCII frames", () => {
    expect(dissect(slmp, [{ bytes: `${iqr} 10` }]).commands).toMatchObject([
      { code: 0x1401, object: 0x9d, low: 16, high: 17 },
    ]);
    const told = dissect(slmp, [
      { bytes: asciiRead },
      { bytes: text("D000 00FF03FF00 000C 0000 00010000"), fromClient: false },
    ]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands).toMatchObject([
      { outcome: "request", code: 0x0401, object: 0x9c, low: 0x1a, high: 0x21 },
      { outcome: "response", code: 0x0401, object: 0x9c },
    ]);
  });

  test("an MC read of blocks counts sixteen bits to a point of a bit block", () => {
    const told = dissect(slmp, [
      { bytes: "50 00 00 ff ff 03 00 14 00 10 00 06 04 00 00 01 01 00 00 00 a8 04 00 00 01 00 a0 02 00" },
    ]);
    expect(told.commands).toMatchObject([
      { object: 0xa8, low: 0, high: 3 },
      { object: 0xa0, low: 0x100, high: 0x11f },
    ]);
  });

  test("1E frames, binary and ASCII", () => {
    const told = dissect(slmp, [
      { bytes: oneERead },
      { bytes: `81 00 ${"00 00 ".repeat(12)}`, fromClient: false },
      { bytes: "14 ff 0a 00" },
      { bytes: "94 5b 10 00", fromClient: false },
      { bytes: "15 ff 0a 00" },
      { bytes: "95 00 f3 00", fromClient: false },
      { bytes: text("03 FF 000A 4420 00000064 02 00 1234 5678") },
      { bytes: text("83 00"), fromClient: false },
    ]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code, low, high }) => [outcome, code - ONE_E, low, high])).toEqual([
      ["request", 0x01, 100, 111],
      ["response", 0x01, 100, 111],
      ["request", 0x14, -1, -1],
      ["error", 0x14, -1, -1],
      ["request", 0x15, -1, -1],
      ["response", 0x15, -1, -1],
      ["request", 0x03, 100, 101],
      ["response", 0x03, 100, 101],
    ]);
    expect(told.identities).toContain("source model=FX3U");
  });

  test("two requests in one segment are two messages; an answer to nothing is odd", () => {
    const two = Buffer.concat([bytesOf(readD100), bytesOf(typeName)]);
    expect(dissect(slmp, [{ bytes: two }]).commands.map(({ code }) => code)).toEqual([0x0401, 0x0101]);
    expect(dissect(slmp, [{ bytes: answerWords(1) }]).weirds).toEqual(["response-without-request"]);
  });

  test("a device that does not exist is odd and tells no area", () => {
    const told = dissect(slmp, [{ bytes: readD100.replace("a8 0a", "13 0a") }]);
    expect(told.weirds).toEqual(["bad-value"]);
    expect(told.commands).toMatchObject([{ code: 0x0401, object: 0, low: -1 }]);
  });

  test("frames of CC-Link IE Field Basic are left to their own dissector", () => {
    const cyclic = "50 00 00 ff ff 03 00 08 00 00 00 70 0e 00 00 01 00";
    expect(dissect(slmp, [{ bytes: cyclic, transport: "udp", destinationPort: 61_450 }]).recognised).toBe(
      recognised.no,
    );
    expect(dissect(slmp, [{ bytes: cyclic, transport: "udp", destinationPort: 5000 }]).recognised).toBe(recognised.no);
  });

  test("keeps the laws of dissectors", () => {
    keepsTheLaws(slmp, {
      messages: [
        readD100,
        writeRandom,
        refused,
        typeAnswer,
        stop,
        `${iqr} 10`,
        oneERead,
        { bytes: asciiRead },
        { bytes: readD100, transport: "udp" },
        { bytes: "00 ff 0a 00 64 00 00 00 20 4d 0c 00", transport: "udp" },
      ],
      least: 12,
    });
  });
});
