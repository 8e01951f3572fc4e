import { expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { ASND, STOPPED, powerlink } from "./powerlink.ts";

const zeros = (count: number): string => "00 ".repeat(count);
const soc = `01 ff f0 00 ${zeros(42)}`;
const preq = `03 05 f0 00 01 00 20 00 02 00 aa bb ${zeros(34)}   # poll of node 5`;
const pres = `04 ff 05 fd 00 00 20 00 02 00 aa bb ${zeros(34)}   # node 5, operational`;
const halted = `04 ff 05 1d 00 00 20 00 02 00 aa bb ${zeros(34)} # node 5, pre-operational 1`;
const ident = `06 f0 05 01 00 00 1c 00 20 00 ${zeros(4)} dc 05 ${zeros(10)}
  91 01 04 00                                 # device profile 401
  5e 00 00 00 34 12 00 00 02 00 01 00 4e 61 bc 00  # vendor 0x5e, product 0x1234, revision, serial 12345678
  ${zeros(24)} 05 02 00 c0 00 ff ff ff fe 02 00 c0 ${Buffer.from("io5".padEnd(32, "\0")).toString("hex")} ${zeros(48)}`;
const stop = `06 05 f0 04 22 ${zeros(41)}     # NMTStopNode for node 5
`;
const sdo = `06 05 f0 05 02 02 00 00 00 01 00 01 08 00 00 00 06 10 01 00 ${zeros(26)}  # write by index, 0x1006:1`;
const sdoDone = `06 f0 05 05 02 02 00 00 00 01 80 01 00 00 00 00 ${zeros(30)}`;

test("OST-T02: a cycle is SoC, polls and answers of nodes", () => {
  const told = dissect(powerlink, [{ bytes: soc }, { bytes: preq }, { bytes: pres }, { bytes: halted }]);
  expect(told.recognised).toBe(recognised.port);
  expect(told.commands.map(({ outcome, code, unit }) => [outcome, code, unit])).toEqual([
    ["event", 1, 240],
    ["request", 3, 5],
    ["event", 4, 5],
    ["event", 4 + STOPPED, 5],
  ]);
  expect(told.identities).toEqual(["source station-address=240", "source role=plc", "source station-address=5"]);
});

test("the ident response is vendor, product, serial number, name and address", () => {
  const told = dissect(powerlink, [{ bytes: ident }]);
  expect(told.identities).toEqual([
    "source device-type=powerlink:0000005e:00001234",
    "source capability=device profile 401",
    "source firmware=00010002",
    "source serial=12345678",
    "source name=io5",
    "source station-address=5",
  ]);
  expect(told.bindings).toMatchObject([{ address: "192.0.2.5" }]);
});

test("stop of a node is a stop, SDO tells the object", () => {
  const told = dissect(powerlink, [{ bytes: stop }, { bytes: sdo }, { bytes: sdoDone, fromClient: false }]);
  expect(told.commands.map(({ outcome, code, low, unit }) => [outcome, code, low, unit])).toEqual([
    ["request", ASND + 0x422, -1, 5],
    ["request", ASND + 0x501, 0x10_06_01, 5],
    ["response", ASND + 0x501, -1, 5],
  ]);
  expect(powerlink.functions?.get(ASND + 0x422)?.class).toBe("stop");
});

test("short and unknown messages are odd", () => {
  expect(dissect(powerlink, [{ bytes: "01 ff f0" }]).weirds).toEqual(["truncated"]);
  expect(dissect(powerlink, [{ bytes: `4d ff f0 ${zeros(43)}` }]).weirds).toEqual(["unknown-function"]);
  expect(dissect(powerlink, [{ bytes: bytesOf(ident).slice(0, 60) }]).weirds).toEqual(["truncated"]);
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(powerlink, { messages: [soc, preq, pres, ident, stop, sdo], least: 1600 });
});
