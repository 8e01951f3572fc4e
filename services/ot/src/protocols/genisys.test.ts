import { describe, expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { crc16 } from "./codecs/crc16.ts";
import { recognised } from "./dissector.ts";
import { genisys } from "./genisys.ts";

/** Checksum, escapes and end byte are added; the header stays as it is. */
function message(hex: string): string {
  const bytes = bytesOf(hex);
  const crc = crc16(bytes, 0, bytes.length);
  const body = [...bytes.slice(1), crc & 255, crc >> 8].flatMap((byte) => (byte >= 0xf0 ? [0xf0, byte & 15] : [byte]));
  return Buffer.from([bytes[0] as number, ...body, 0xf6]).toString("hex");
}
const poll = message("fb 05"); // station 5
const nothing = "f1 05 f6";
const indication = message("f2 05 03 f7 04 01"); // addresses 3 and 4, one value to be escaped
const control = message("fc 05 10 01"); // address 16
const fromServer = (bytes: string) => ({ bytes, fromClient: false });

describe("GENISYS", () => {
  test("checksums are those of the line", () => {
    expect(crc16(bytesOf("313233343536373839"), 0, 9)).toBe(0x4b37);
  });

  test("polls and what the station says", () => {
    const told = dissect(genisys, [{ bytes: poll }, fromServer(nothing), { bytes: poll }, fromServer(indication)]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code, low, high, unit }) => [outcome, code, low, high, unit])).toEqual([
      ["request", 0xfb, -1, -1, 5],
      ["response", 0xf1, -1, -1, 5],
      ["request", 0xfb, -1, -1, 5],
      ["response", 0xf2, 3, 4, 5],
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("control says who controls", () => {
    const told = dissect(genisys, [{ bytes: control, fromClient: false }]);
    expect(told.commands[0]).toMatchObject({ code: 0xfc, fromClient: true, low: 16, high: 16 });
    expect(genisys.functions?.get(0xfc)?.class).toBe("control");
  });

  test("wrong checksums, cut messages and lost bytes are odd", () => {
    expect(dissect(genisys, [{ bytes: poll }, { bytes: "fb 05 00 00 f6" }]).weirds).toEqual(["bad-checksum"]);
    expect(dissect(genisys, [{ bytes: poll }, { bytes: "fc 05 f6" }]).weirds).toEqual(["bad-length"]);
    expect(dissect(genisys, [{ bytes: poll }, { bytes: `0102${poll}` }]).weirds).toEqual(["out-of-sync"]);
    expect(dissect(genisys, [{ bytes: "fb 00 00 00 f6" }]).answers).toEqual([-1]);
  });

  test("whatever comes, nothing breaks", () =>
    keepsTheLaws(genisys, { messages: [poll, indication, control], least: 5 }));
});
