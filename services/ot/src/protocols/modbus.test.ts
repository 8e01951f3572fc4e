import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { modbus } from "./modbus.ts";

const server = { fromClient: false, sourcePort: 502, destinationPort: 49_152 };
const readHolding = `
  0001 0000 0006  # transaction, protocol, length
  11 03           # unit 17, Read Holding Registers
  006b 0003       # from 107, three of them`;
const readHoldingAnswer = `
  0001 0000 0009
  11 03 06        # byte count
  022b 0000 0064`;
const refusal = `
  0002 0000 0003
  0a 81 02        # Read Coils: illegal data address`;
const askIdentification = `
  0003 0000 0005
  01 2b 0e 01 00  # MEI, Read Device Identification, basic, from object 0`;
const identification = `
  0003 0000 001d
  01 2b 0e 01 01  # conformity level 1
  00 00 03        # no more, next 0, three objects
  00 04 41636d65              # VendorName "Acme"
  01 05 504c432d39            # ProductCode "PLC-9"
  02 06 56322e312e33          # MajorMinorRevision "V2.1.3"`;
const readWrite = `
  0004 0000 000f
  01 17
  0000 0002       # read 0–1
  0010 0002 04    # write 16–17, four bytes
  00010002`;

describe("Modbus/TCP", () => {
  test("a request tells table and addresses, its response the same function", () => {
    const told = dissect(modbus, [{ bytes: readHolding }, { bytes: readHoldingAnswer, ...server }]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands).toEqual([
      { outcome: "request", code: 3, fromClient: true, object: 4, low: 107, high: 109, unit: 17 },
      { outcome: "response", code: 3, fromClient: false, object: 4, low: -1, high: -1, unit: 17 },
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("a refusal is an error of its function", () => {
    const told = dissect(modbus, [{ bytes: refusal, ...server }]);
    expect(told.commands).toEqual([
      { outcome: "error", code: 1, fromClient: false, object: 1, low: -1, high: -1, unit: 10 },
    ]);
  });

  test("identification objects say vendor, model and firmware", () => {
    const told = dissect(modbus, [{ bytes: askIdentification }, { bytes: identification, ...server }]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x2b0e],
      ["response", 0x2b0e],
    ]);
    expect(told.identities).toEqual(["source vendor=Acme", "source model=PLC-9", "source firmware=V2.1.3"]);
  });

  test("reading and writing in one request are two commands", () => {
    const told = dissect(modbus, [{ bytes: readWrite }]);
    expect(told.commands.map(({ code, low, high }) => [code, low, high])).toEqual([
      [23, 0, 1],
      [0x1701, 16, 17],
    ]);
  });

  test("a refused sub-function is told with the sub-function that was asked", () => {
    const told = dissect(modbus, [
      { bytes: "0009 0000 0006 01 08 0004 0000" }, // Diagnostics, Force Listen Only Mode
      { bytes: "0009 0000 0003 01 88 01", ...server },
    ]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x0804],
      ["error", 0x0804],
    ]);
    expect(modbus.functions?.get(0x0804)).toEqual({ name: "Force Listen Only Mode", class: "stop" });
  });

  test("UMAS: stopping the PLC is seen, and its answer belongs to it", () => {
    const told = dissect(modbus, [
      { bytes: "0005 0000 0006 00 5a 01 41 ff 00" }, // key 1, Stop PLC
      { bytes: "0005 0000 0004 00 5a 01 fe", ...server },
    ]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x5a41],
      ["response", 0x5a41],
    ]);
    expect(modbus.functions?.get(0x5a41)?.class).toBe("stop");
  });

  test("UMAS: the CPU names itself", () => {
    const told = dissect(modbus, [
      { bytes: "0006 0000 0004 00 5a 00 02" }, // Read ID
      {
        ...server,
        bytes: `0006 0000 0021 00 5a 00 fe
          0000 00000000 0000    # range, identity, model
          10 03                 # version 3.10
          0000 0000 0000 0000 0000 0000
          06 435055203939       # "CPU 99"
          00`,
      },
    ]);
    expect(told.identities).toEqual([
      "source vendor=Schneider Electric",
      "source model=CPU 99",
      "source firmware=3.10",
    ]);
  });

  test("several messages in one segment are read one after the other", () => {
    expect(dissect(modbus, [{ bytes: readHolding + readWrite }]).answers).toEqual([12, 21]);
  });

  test("addresses past the end, unknown functions and other traffic on the port", () => {
    expect(dissect(modbus, [{ bytes: "0001 0000 0006 01 03 ffff 0002" }]).weirds).toEqual(["address-overflow"]);
    expect(dissect(modbus, [{ bytes: "0001 0000 0002 01 63" }]).weirds).toEqual(["unknown-function"]);
    const http = dissect(modbus, [{ bytes: Buffer.from("GET / HTTP/1.1\r\n\r\n") }]);
    expect(http.recognised).toBe(recognised.no);
    expect(http.answers).toEqual([-1]);
  });

  test("what begins alike by chance is not claimed anywhere", () => {
    // BER of another protocol: a long form of length looks like protocol 0 and a length, texts like addresses.
    const ber = dissect(modbus, [{ bytes: "3184 0000 0006 04 04 02 30 34 38 3084 0000 0028 04 1d 41" }]);
    expect(ber.recognised).toBe(recognised.port);
    // 13,368 registers cannot be asked.
    expect(dissect(modbus, [{ bytes: "0001 0000 0006 01 03 0000 3438" }]).recognised).toBe(recognised.port);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(modbus, {
      messages: [readHolding, { bytes: readHoldingAnswer, ...server }, { bytes: identification, ...server }, readWrite],
      least: 8,
    });
  });
});
