import { describe, expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { dnp3Crc } from "./codecs/dnp3-crc.ts";
import { recognised } from "./dissector.ts";
import { dnp3 } from "./dnp3.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const withCrc = (bytes: Uint8Array): string => {
  const crc = dnp3Crc(bytes, 0, bytes.length);
  return hex(bytes) + hex(Uint8Array.of(crc & 255, crc >> 8));
};
/** A link frame with its checksums; master 100, outstation 5. */
function frame(control: number, user: string): string {
  const data = bytesOf(user);
  const addresses = (control & 0x80) === 0 ? [100, 0, 5, 0] : [5, 0, 100, 0];
  let text = withCrc(Uint8Array.of(0x05, 0x64, 5 + data.length, control, ...addresses));
  for (let at = 0; at < data.length; at += 16) text += withCrc(data.subarray(at, at + 16));
  return text;
}
const fromMaster = (user: string): string => frame(0xc4, user);
const fromOutstation = (user: string): { bytes: string; fromClient: boolean } => ({
  bytes: frame(0x44, user),
  fromClient: false,
});

const read = fromMaster("c0 c1 01 3c 01 06"); // Read, class 0
const readTwo = fromMaster("c0 c2 01 3c 02 06 3c 03 06");
const answer = fromOutstation("c0 c1 81 00 00 01 02 00 00 03 81 01 01 81"); // response, IIN clear, binary inputs 0–3
const operate = fromMaster("c1 c3 05 0c 01 28 0100 0800 03 01 f4010000 00000000 00"); // Direct operate of point 8
const refusal = fromOutstation("c1 c3 81 00 01"); // function not supported

describe("DNP3", () => {
  test("checksums are those of the standard", () => {
    expect(dnp3Crc(bytesOf("313233343536373839"), 0, 9)).toBe(0xea82);
  });

  test("a request and its response are one command of the outstation", () => {
    const told = dissect(dnp3, [{ bytes: read }, answer]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands).toEqual([
      { outcome: "request", code: 1, fromClient: true, object: 0x3c01, low: -1, high: -1, unit: 5 },
      { outcome: "response", code: 1, fromClient: false, object: 0x3c01, low: -1, high: -1, unit: 5 },
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("control tells the point; a refusal is an error", () => {
    const told = dissect(dnp3, [{ bytes: operate }, refusal]);
    expect(told.commands.map(({ outcome, code, object, low }) => [outcome, code, object, low])).toEqual([
      ["request", 5, 0x0c01, 8],
      ["error", 5, 0x0c01, -1],
    ]);
    expect(dnp3.functions?.get(5)?.class).toBe("control");
  });

  test("further objects of a read are told once", () => {
    const told = dissect(dnp3, [{ bytes: readTwo }, { bytes: readTwo }]);
    expect(told.commands.map(({ object }) => object)).toEqual([0x3c02, 0x3c03, 0x3c02]);
  });

  test("setting the clock, restarting and stopping are what they are", () => {
    const told = dissect(dnp3, [
      { bytes: fromMaster("c0 c4 02 32 01 07 01 000000000000") }, // write time and date
      { bytes: fromMaster("c0 c5 0d") }, // cold restart
      { bytes: fromMaster("c0 c6 12") }, // stop application
    ]);
    expect(told.commands.map(({ code }) => dnp3.functions?.get(code)?.class)).toEqual(["time-set", "restart", "stop"]);
  });

  test("an unsolicited response is an event, its indications are odd", () => {
    const told = dissect(dnp3, [fromOutstation("c0 f0 82 80 00 02 01 28 0100 0700 81")]);
    expect(told.commands.map(({ outcome, code, object, low }) => [outcome, code, object, low])).toEqual([
      ["event", 130, 0x0201, 7],
    ]);
    expect(told.weirds).toEqual(["device-restarted"]);
  });

  test("device attributes say who the outstation is", () => {
    const told = dissect(dnp3, [
      fromOutstation("c0 c1 81 00 00 00 fc 00 00 00 01 04 41636d65 00 fa 00 00 00 01 05 5254552d37"), // "Acme", "RTU-7"
    ]);
    expect(told.identities).toEqual(["source vendor=Acme", "source model=RTU-7"]);
  });

  test("a fragment in two segments is put together; a lost segment is odd", () => {
    const first = fromOutstation("40 c1 81 00 00 01 02 00 00 03 81"); // FIR, 0
    const second = fromOutstation("81 01 01 81"); // FIN, 1
    const third = fromOutstation("85 01 01 81"); // FIN, 5
    expect(dissect(dnp3, [first, second]).commands).toHaveLength(1);
    const lost = dissect(dnp3, [first, third]);
    expect(lost.commands).toHaveLength(0);
    expect(lost.weirds).toEqual(["out-of-sync"]);
  });

  test("several frames in a datagram", () => {
    const told = dissect(dnp3, [{ bytes: read + operate, transport: "udp" }]);
    expect(told.commands.map(({ code }) => code)).toEqual([1, 5]);
  });

  test("a wrong checksum is odd and nothing is told of it", () => {
    const bytes = bytesOf(read);
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    const told = dissect(dnp3, [{ bytes }]);
    expect(told.weirds).toEqual(["bad-checksum"]);
    expect(told.commands).toEqual([]);
  });

  test("link functions are told apart", () => {
    const told = dissect(dnp3, [{ bytes: frame(0xc9, "") }, { bytes: frame(0x0b, ""), fromClient: false }]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x1_00_09],
      ["response", 0x1_00_8b],
    ]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(dnp3, { messages: [read, answer, operate, readTwo], least: 10 });
  });
});
