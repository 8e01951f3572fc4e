import { expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { cclinkIefBasic } from "./cclink-ief-basic.ts";
import { recognised } from "./dissector.ts";

const zeros = (count: number): string => "00 ".repeat(count);
const request = `50 00 00 ff ff 03 00 86 00     # 3E request, 134 bytes
  00 00 70 0e 00 00                # Cyclic Data
  01 00 00 00 24 00 ${zeros(14)}   # version 1, cyclic part at 36
  01 00 00 00 ${zeros(8)}          # application runs; no time
  01 02 00 c0 01 00                # master 192.0.2.1, group 1
  07 00 f4 01 03 00 0b 00 01 00    # frame 7, 500 ms, 3 times, parameters 11, 1 station
  01 00 00 00 02 02 00 c0          # station 1 takes part: 192.0.2.2
  ${zeros(72)}                     # outputs`;
const response = `d0 00 00 ff ff 03 00 7a 00 00 00
  01 00 00 00 28 00 ${zeros(14)}
  34 12 00 00 78 56 34 12 02 00 00 00  # vendor 0x1234, model 0x12345678, version 2
  01 00 00 00 ${zeros(4)} 02 02 00 c0 01 00 07 00 ${zeros(72)}`;

test("OST-T02 OT-36: a cycle is a request to the group and an answer of each slave, with who takes part told once", () => {
  const cycle = [{ bytes: request }, { bytes: response, fromClient: false }];
  const told = dissect(cclinkIefBasic, [...cycle, ...cycle]);
  expect(told.recognised).toBe(recognised.sure);
  expect(told.commands.map(({ outcome, code, fromClient, unit }) => [outcome, code, fromClient, unit])).toEqual([
    ["request", 0x0e70, true, 1],
    ["response", 0x0e70, false, 1],
    ["request", 0x0e70, true, 1],
    ["response", 0x0e70, false, 1],
  ]);
  expect(told.identities).toEqual([
    "192.0.2.1 role=plc",
    "192.0.2.2 station-address=1.1",
    "source device-type=cclink:1234:12345678",
    "source hardware=2",
  ]);
  expect(told.weirds).toEqual([]);
  expect(dissect(cclinkIefBasic, [{ bytes: response }]).recognised).toBe(recognised.sure);
});

test("a second master is refused, wrong lengths and too many stations are odd", () => {
  const refused = "d0 00 00 ff ff 03 00 02 00 e0 cf";
  const told = dissect(cclinkIefBasic, [{ bytes: refused }]);
  expect([told.commands[0]?.outcome, told.weirds]).toEqual(["error", ["second-master"]]);
  const long = bytesOf(request);
  long[61] = 200;
  expect(dissect(cclinkIefBasic, [{ bytes: long }]).weirds).toEqual(["too-many-stations"]);
  expect(dissect(cclinkIefBasic, [{ bytes: bytesOf(request).slice(0, 100) }]).weirds).toContain("truncated");
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(cclinkIefBasic, { messages: [request, response], least: 64 });
});
