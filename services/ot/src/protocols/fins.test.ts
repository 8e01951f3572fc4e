import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { TCP_COMMAND } from "./codecs/fins-commands.ts";
import { recognised } from "./dissector.ts";
import { fins } from "./fins.ts";

const ascii = (text: string, size: number): string => Buffer.from(text.padEnd(size), "ascii").toString("hex");
const ask = (rest: string): string => `80 00 02 00 0a 00 00 14 00 2a ${rest} # to node 10, CPU, from node 20, SID 0x2a`;
const answer = (rest: string): string => `c0 00 02 00 14 00 00 0a 00 2a ${rest}`;
const udp = (bytes: string, fromClient = true): Sent => ({ bytes, fromClient, transport: "udp" });
const tcp = (frame: string): string => {
  const bytes = frame.replaceAll(/\s|#.*$/gm, "");
  return `46 49 4e 53 ${(8 + bytes.length / 2).toString(16).padStart(8, "0")} 00000002 00000000 ${bytes}`;
};
const readDm = ask("01 01 82 00 64 00 00 0a");
const words = answer(`01 01 00 00 ${"00 01 ".repeat(10)}`);
const identity = answer(`05 01 00 40 ${ascii("CJ2M-CPU33", 20)} ${ascii("02.01", 20)} ${"00".repeat(52)}`);
const hello = "46 49 4e 53 00 00 00 0c 00 00 00 00 00 00 00 00 00 00 00 00";
const helloAnswer = "46 49 4e 53 00 00 00 10 00 00 00 01 00 00 00 00 00 00 00 14 00 00 00 0a";

describe("OMRON FINS (OST-T02, OT-36)", () => {
  test("a read of data memory and its response have area and words", () => {
    const told = dissect(fins, [udp(readDm), udp(words, false)]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands).toEqual([
      { outcome: "request", code: 0x0101, fromClient: true, object: 0x82, low: 100, high: 109, unit: 0 },
      { outcome: "response", code: 0x0101, fromClient: false, object: 0x82, low: 100, high: 109, unit: 0 },
    ]);
    expect(told.identities).toEqual(["source station-address=0.10"]);
  });

  test("controller data are model and firmware; a battery fault of the CPU is no refusal", () => {
    const told = dissect(fins, [udp(ask("05 01")), udp(identity, false)]);
    expect(told.commands.map(({ outcome }) => outcome)).toEqual(["request", "response"]);
    expect(told.identities).toEqual([
      "source station-address=0.10",
      "source vendor=OMRON",
      "source model=CJ2M-CPU33",
      "source firmware=02.01",
      "source role=plc",
    ]);
    const second = dissect(fins, [udp(ask("05 01 01")), udp(identity, false)]);
    expect(second.identities).toEqual(["source station-address=0.10"]);
  });

  test("stop over TCP behind the exchange of node addresses, refused", () => {
    const told = dissect(fins, [
      { bytes: hello },
      { bytes: helloAnswer, fromClient: false },
      { bytes: tcp(ask("04 02")) },
      { bytes: tcp(answer("04 02 21 01")), fromClient: false },
    ]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", TCP_COMMAND],
      ["response", TCP_COMMAND + 1],
      ["request", 0x0402],
      ["error", 0x0402],
    ]);
    const classes = [0x0402, 0x0401, 0x0307, 0x2301, 0x0702].map((code) => fins.functions?.get(code)?.class);
    expect(classes).toEqual(["stop", "mode", "download", "force", "time-set"]);
  });

  test("multiple reads tell each area, bits count sixteen to a word, transfers tell where they write", () => {
    const told = dissect(fins, [
      udp(ask("01 04 82 00 05 00 b0 00 07 00 82 00 02 00")),
      udp(ask("01 01 30 00 0a 0f 00 02")),
      udp(ask("01 05 82 00 00 00 b1 00 10 00 00 04")),
    ]);
    expect(told.commands.map(({ code, object, low, high }) => [code, object, low, high])).toEqual([
      [0x0104, 0x82, 2, 5],
      [0x0104, 0xb0, 7, 7],
      [0x0101, 0x30, 10, 11],
      [0x0105, 0xb1, 16, 19],
    ]);
  });

  test("units behind gateways keep network and node; a gateway's refusal is odd", () => {
    const told = dissect(fins, [
      udp("80 00 02 03 05 10 00 14 00 01 06 01"),
      udp("c0 00 02 00 14 00 03 05 10 01 06 01 82 01", false),
    ]);
    expect(told.commands.map(({ outcome, unit }) => [outcome, unit])).toEqual([
      ["request", 0x03_05_10],
      ["error", 0x03_05_10],
    ]);
    expect(told.weirds).toEqual(["relay-error"]);
  });

  test("unknown commands and areas are odd", () => {
    expect(dissect(fins, [udp(ask("77 01"))]).weirds).toEqual(["unknown-function"]);
    expect(dissect(fins, [udp(ask("01 01 ff 00 00 00 00 01"))]).weirds).toEqual(["bad-value"]);
  });

  test("keeps the laws of dissectors", () => {
    keepsTheLaws(fins, {
      messages: [hello, helloAnswer, tcp(readDm), tcp(identity), udp(readDm), udp(words)],
      least: 12,
    });
  });
});
