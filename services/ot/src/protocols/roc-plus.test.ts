import { describe, expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { crc16 } from "./codecs/crc16.ts";
import { recognised } from "./dissector.ts";
import { rocPlus } from "./roc-plus.ts";

/** From (or to) the device 1/2, the host is 3/1. */
function message(opcode: number, data = "", fromHost = true): string {
  const size = bytesOf(data).length;
  const text = `${fromHost ? "01020301" : "03010102"}${Buffer.from([opcode, size]).toString("hex")}${data}`;
  const bytes = bytesOf(text);
  const crc = crc16(bytes, 0, bytes.length);
  return text + Buffer.from([crc & 255, crc >> 8]).toString("hex");
}
const answer = (opcode: number, data = "") => ({
  bytes: message(opcode, data, false),
  fromClient: false,
  sourcePort: 4_000,
  destinationPort: 49_152,
});
const clock = message(7);
const set = message(8, "1e2d0c0f0307e8");
const write = message(181, "01 5f 02 04 2a");

describe("ROC Plus", () => {
  test("questions and answers of a device, by its address", () => {
    const told = dissect(rocPlus, [{ bytes: clock }, answer(7, "1e2d0c0f0307e803"), { bytes: set }, answer(8)]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code, unit }) => [outcome, code, unit])).toEqual([
      ["request", 7, 0x0102],
      ["response", 7, 0x0102],
      ["request", 8, 0x0102],
      ["response", 8, 0x0102],
    ]);
    expect(rocPlus.functions?.get(8)?.class).toBe("time-set");
  });

  test("a written parameter tells its point, not its value; a refusal is an error of its opcode", () => {
    const told = dissect(rocPlus, [{ bytes: write }, answer(255, "14b5")]);
    expect(told.commands.map(({ outcome, code, object, low }) => [outcome, code, object, low])).toEqual([
      ["request", 181, 0x5f, 2],
      ["error", 181, 0, -1],
    ]);
  });

  test("nothing of a login is told but that there was one", () => {
    const login = message(17, Buffer.from("LOI1234").toString("hex"));
    const told = dissect(rocPlus, [{ bytes: login }]);
    expect(told.commands).toHaveLength(1);
    expect(JSON.stringify(told)).not.toMatch(/LOI|1234/);
  });

  test("the system configuration says the model", () => {
    const told = dissect(rocPlus, [answer(6, `${"00".repeat(18)}06${"00".repeat(5)}`)]);
    expect(told.identities).toEqual(["source vendor=Emerson", "source model=ROC800 (827)"]);
  });

  test("wrong checksums and unknown opcodes are odd", () => {
    expect(dissect(rocPlus, [{ bytes: "0102030107000000" }])).toMatchObject({
      recognised: recognised.no,
      weirds: ["bad-checksum"],
    });
    expect(dissect(rocPlus, [{ bytes: message(99) }]).weirds).toEqual(["unknown-function"]);
    expect(dissect(rocPlus, [answer(255)]).weirds).toEqual(["bad-length"]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(rocPlus, { messages: [clock, set, write, { bytes: clock, transport: "udp" }], least: 8 });
  });
});
