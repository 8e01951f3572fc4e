import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { bsap } from "./bsap.ts";
import { recognised } from "./dissector.ts";

const poll = "0e00 0000 0000 00000000 01000000";
const read = `
  0e00 0100 0600 02000000 01000000   # one request
  1300 0000 0c 02000000              # 19 bytes, number 2
  a0 00 04 03d0010f01 4100           # remote data base, read signal by name, one: "A"`;
const given = `
  0e00 0100 0500 05000000 02000000   # one answer
  0f00 0000 0c 02000000 00 01 2a002477`; // no error, one value
const reset = `
  10 02 01 05 a1 0900 03 00 0101     # to slave 1: extension, reset system
  10 03 1234`;
const write = "10 02 81 05 0100 0000 00 a0 0a00 03 00 84 01 10 03 1234"; // through other nodes
const written = { bytes: "10 02 80 05 0000 0100 00 03 0a00 a0 00 80 01 10 03 1234", fromClient: false }; // error

describe("BSAP", () => {
  test("requests and answers are paired by their number, without names and values", () => {
    const told = dissect(bsap, [{ bytes: read }, { bytes: given, fromClient: false }, { bytes: poll }]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 4],
      ["response", 4],
      ["event", 0x3_00_00],
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("the serial form in a datagram: a reset, a refused write through other nodes", () => {
    const told = dissect(bsap, [{ bytes: reset }, { bytes: write }, written]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x1_01_01],
      ["request", 0x84],
      ["error", 0x84],
    ]);
    expect(bsap.functions?.get(0x1_01_01)?.class).toBe("restart");
  });

  test("lengths and kinds that cannot be are odd", () => {
    expect(dissect(bsap, [{ bytes: read.replace("1300 0000", "ff00 0000") }]).weirds).toEqual(["bad-length"]);
    expect(dissect(bsap, [{ bytes: read.replace("0100 0600", "0200 0600") }]).weirds).toEqual(["truncated"]);
    expect(dissect(bsap, [{ bytes: given }]).weirds).toEqual(["response-without-request"]);
    expect(dissect(bsap, [{ bytes: read.replace("0100 0600", "0100 0700") }]).weirds).toEqual(["unknown-function"]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(bsap, {
      messages: [poll, read, given, reset, write].map((bytes) => ({ bytes, transport: "udp" as const })),
      least: 11,
    });
  });
});
