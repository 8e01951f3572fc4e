import { expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { OPEN, geSrtp } from "./ge-srtp.ts";

const zeros = (count: number): string => "00 ".repeat(count);
const byte = (value: number): string => value.toString(16).padStart(2, "0");
const open = zeros(56);
const opened = `01 ${zeros(55)}`;
const ask = (sequence: number, service: string): string =>
  `02 00 ${byte(sequence)} 00 00 00 00 00 00 01 ${zeros(7)} 01 ${zeros(8)} 1e 2d 0b 00 ${byte(sequence)} c0
   00 00 00 00 10 0e 00 00 01 01 ${service} ${zeros(14 - bytesOf(service).length)}`;
const askText = (sequence: number, service: string, text: string): string =>
  `02 00 ${byte(sequence)} 00 ${byte(bytesOf(text).length)} 00 00 00 00 02 ${zeros(7)} 02 ${zeros(8)} 1e 2d 0b 00 ${byte(sequence)} 80
   00 00 00 00 10 0e 00 00 01 01 02 00 00 00 00 00 01 01 ${service} ${text}`;
const answer = (sequence: number, kind = "d4", status = "00 00"): string =>
  `03 00 ${byte(sequence)} 00 00 00 00 00 00 01 ${zeros(7)} 01 ${zeros(8)} 1e 2d 0b 00 20 ${kind}
   10 03 00 00 20 5a 00 00 01 01 ${status} ${zeros(12)}`;
// Registers from number 100, ten of them.
const read = ask(5, "04 08 63 00 0a 00");
const write = askText(6, "07 08 00 00 02 00", "12 34 56 78");

test("OST-T02: opening, reads and writes of registers with their responses", () => {
  const told = dissect(geSrtp, [
    { bytes: open },
    { bytes: opened, fromClient: false },
    { bytes: read },
    { bytes: answer(5), fromClient: false },
    { bytes: write },
    { bytes: answer(6, "d1", "02 fe"), fromClient: false },
  ]);
  expect(told.commands.map(({ outcome, code, object, low, high }) => [outcome, code, object, low, high])).toEqual([
    ["request", OPEN, 0, -1, -1],
    ["response", OPEN, 0, -1, -1],
    ["request", 4, 8, 99, 108],
    ["response", 4, 8, 99, 108],
    ["request", 7, 8, 0, 1],
    ["error", 7, 8, 0, 1],
  ]);
  expect(told.identities).toEqual(["source vendor=GE", "source role=plc"]);
  expect(dissect(geSrtp, [{ bytes: read }]).recognised).toBe(recognised.sure);
});

test("run and stop, program load and forcing are of their class", () => {
  const told = dissect(geSrtp, [{ bytes: ask(1, "23 02") }, { bytes: ask(2, "40") }, { bytes: ask(3, "44") }]);
  expect(told.commands.map(({ code }) => geSrtp.functions?.get(code)?.class)).toEqual(["mode", "download", "force"]);
});

test("answers to nothing and unknown services are odd", () => {
  expect(dissect(geSrtp, [{ bytes: answer(9) }]).weirds).toEqual(["response-without-request"]);
  expect(dissect(geSrtp, [{ bytes: ask(1, "77") }]).weirds).toEqual(["unknown-function"]);
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(geSrtp, { messages: [open, opened, read, write, answer(5)], least: 56 });
});
