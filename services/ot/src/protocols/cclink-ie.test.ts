import { expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { cclinkIeControl } from "./cclink-ie-control.ts";
import { cclinkIeField } from "./cclink-ie-field.ts";
import { cclinkIeTsn } from "./cclink-ie-tsn.ts";
import { recognised } from "./dissector.ts";
import { slmp } from "./slmp.ts";

const all = [cclinkIeField, cclinkIeControl, cclinkIeTsn, slmp];
const zeros = (count: number): string => "00 ".repeat(count);
const cyclic = `84 00 00 00 00 00 00 03 01 00 ${zeros(36)}    # CyclicData RWr of node 3, Field`;
const persuasion = `10 01 00 00 00 30 00 01 01 00 ${zeros(36)} # master node 1`;
const stop = `22 05 00 00 13 00 00 01 01 00 ${zeros(42)} 09 ${zeros(8)}  # Transient1, common: stop`;
const stopAnswer = `22 05 00 00 13 00 00 02 01 00 ${zeros(42)} 89 ${zeros(8)}`;
const token = `06 00 00 00 00 00 00 02 00 00 ${zeros(36)}      # Token of node 2, Control`;
const detection = `c1 00 00 00 00 20 02 00 00 00 00 01 ${zeros(10)} c0 00 02 01 ff ff ff 00 ${zeros(20)}`;
const answer = `c2 00 01 01 20 01 02 00 00 00 00 01 ${zeros(46)} c0 00 02 09 ${zeros(66)} 00 21 ${zeros(56)} # servo`;
const config = `68 00 07 00 00 00 00 ff ff 03 00 00 00 00 08 00 # LMT request, serial 7
  00 00 93 0e 01 00 01 00                                     # CyclicConfig TrnSubPayload`;
const notice = "e8 00 07 00 00 00 00 ff ff 03 00 00 00 00 08 00 00 00 94 0e 00 00 00 00";

test("OST-T02 OT-36: frames of Field are events of their node, a node tells its station once", () => {
  const told = dissect(cclinkIeField, [{ bytes: cyclic }, { bytes: persuasion }, { bytes: persuasion }], all);
  expect(told.recognised).toBe(recognised.port);
  expect(told.commands.map(({ outcome, code, unit }) => [outcome, code, unit])).toEqual([
    ["event", 0x84, 3],
    ["event", 0x10, 1],
    ["event", 0x10, 1],
  ]);
  expect(told.identities).toEqual(["source station-address=1", "source role=plc"]);
});

test("run and stop by transient transmission are commands of their class, with their answers", () => {
  const told = dissect(cclinkIeField, [{ bytes: stop }, { bytes: stopAnswer }], all);
  expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["request", 0x22_05_09],
    ["response", 0x22_05_09],
  ]);
  expect(cclinkIeField.functions?.get(0x22_05_09)?.class).toBe("stop");
  expect(cclinkIeControl.functions?.get(0x25_00_08)?.class).toBe("mode");
});

test("each network of the family is recognised as itself and hands over frames of its sisters", () => {
  expect(dissect(cclinkIeControl, [{ bytes: token }], all).recognised).toBe(recognised.port);
  expect(dissect(cclinkIeField, [{ bytes: token }], all).recognised).toBe(recognised.no);
  expect(dissect(cclinkIeField, [{ bytes: token }], all).commands).toMatchObject([{ code: 0x06, unit: 2 }]);
  expect(dissect(cclinkIeField, [{ bytes: detection }], all).commands).toMatchObject([{ code: 0xc1 }]);
});

test("detection in TSN tells addresses and what the device is", () => {
  const told = dissect(cclinkIeTsn, [
    { bytes: detection, transport: "ethernet" },
    { bytes: answer, transport: "ethernet" },
  ]);
  expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["request", 0xc1],
    ["response", 0xc2],
  ]);
  expect(told.identities).toEqual([
    "source device-type=cclink-ie-tsn:33",
    "source description=servo",
    "source role=drive",
  ]);
  expect(told.bindings.map(({ address }) => address)).toEqual(["192.0.2.1", "192.0.2.9"]);
});

test("the set-up of TSN by SLMP is told with its subcommand", () => {
  const told = dissect(cclinkIeTsn, [
    { bytes: config, transport: "udp" },
    { bytes: notice, transport: "udp", fromClient: false },
  ]);
  expect(told.recognised).toBe(recognised.sure);
  expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["request", 0x0e93_0001],
    ["response", 0x0e94_0000],
  ]);
});

test("unknown frame types are odd", () => {
  expect(dissect(cclinkIeField, [{ bytes: `77 ${zeros(20)}` }]).weirds).toEqual(["unknown-function"]);
  expect(dissect(cclinkIeField, [{ bytes: bytesOf(cyclic).slice(0, 9) }]).weirds).toEqual(["truncated"]);
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(cclinkIeField, { messages: [cyclic, persuasion, stop], least: 14 });
  keepsTheLaws(cclinkIeControl, { messages: [token], least: 14 });
  const ethernet = [detection, answer].map((bytes) => ({ bytes, transport: "ethernet" as const }));
  keepsTheLaws(cclinkIeTsn, { messages: [...ethernet, { bytes: config, transport: "udp" }], least: 22 });
});
