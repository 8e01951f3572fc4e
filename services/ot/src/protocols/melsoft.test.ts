import { expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { HELLO, melsoft } from "./melsoft.ts";

const le = (value: number): string =>
  `${(value & 255).toString(16).padStart(2, "0")} ${(value >> 8).toString(16).padStart(2, "0")}`;
const size = (hex: string): number => hex.replaceAll(/\s|#.*$/gm, "").length / 2;
/** Request of iQ-R: 24 bytes of command header. */
const ask = (command: string, data = ""): string => {
  const body = `1c 0a 16 14 e0 03 ${"00 ".repeat(5)} 04 ${"00 ".repeat(12)} ${command} 01 00 ${le(size(data))} ${data}`;
  return `57 01 07 00 00 11 11 07 00 01 7d e0 03 00 00 fe 03 00 00 ${le(size(body))} ${body}`;
};
const answer = (command: string, status: string, data = ""): string => {
  const body = `9c 02 18 14 ${status} ${"00 ".repeat(20)} ${command} 01 00 ${le(size(data))} ${data}`;
  return `d7 00 07 00 00 11 11 07 00 00 00 a8 03 01 7d e0 03 00 00 ${le(size(body))} ${body}`;
};
const hello = "5a 00 00 ff";
const helloAnswer = `da 00 00 ff 01 48 ${"00 ".repeat(22)}`;
const model = `52 30 34 43 50 55 ${"20 ".repeat(10)} 00 48 00 00 # R04CPU, 0x4800`;
/** Request of the Q series: a header of twelve bytes. */
const askQ =
  "57 00 00 00 00 11 11 07 00 00 ff ff 03 00 00 fe 03 00 00 14 00 1c 08 0a 08 00 00 00 00 00 00 00 04 01 01 01 00 00 00 00 01";

test("OST-T02 OT-36: hello and opening tell the CPU", () => {
  const told = dissect(melsoft, [
    { bytes: hello },
    { bytes: helloAnswer, fromClient: false },
    { bytes: ask("01 21") },
    { bytes: answer("01 21", "00 00", model), fromClient: false },
  ]);
  expect(told.recognised).toBe(recognised.sure);
  expect(told.commands.map(({ outcome, code, fromClient }) => [outcome, code, fromClient])).toEqual([
    ["request", HELLO, true],
    ["response", HELLO, false],
    ["request", 0x0121, true],
    ["response", 0x0121, false],
  ]);
  expect(told.identities).toEqual([
    "source device-type=slmp:4801",
    "source model=R04CPU",
    "source vendor=Mitsubishi Electric",
    "source role=plc",
    "source device-type=slmp:4800",
  ]);
});

test("stop, file write and refused logins are told by command; nothing of user or password", () => {
  const user = "03 00 62 00 6f 00 62 00";
  const told = dissect(melsoft, [
    { bytes: ask("10 02") },
    { bytes: ask("18 69", "00 01") },
    { bytes: ask("01 31", user) },
    { bytes: answer("01 31", "09 43"), fromClient: false },
  ]);
  expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["request", 0x1002],
    ["request", 0x1869],
    ["request", 0x0131],
    ["error", 0x0131],
  ]);
  expect(told.identities).toEqual([]);
  expect([0x1002, 0x1869, 0x1120, 0x0131].map((code) => melsoft.functions?.get(code)?.class)).toEqual([
    "stop",
    "download",
    "mode",
    "login",
  ]);
});

test("requests of the Q series have a shorter header", () => {
  const told = dissect(melsoft, [{ bytes: askQ, transport: "udp" }]);
  expect(told.recognised).toBe(recognised.sure);
  expect(told.commands).toMatchObject([{ outcome: "request", code: 0x0101 }]);
});

test("a request for a controller behind the one that is spoken to keeps its network and station", () => {
  const told = dissect(melsoft, [{ bytes: ask("10 02").replace("00 01 7d", "00 02 05") }]);
  expect(told.commands).toMatchObject([{ code: 0x1002, unit: 0x0205 }]);
});

test("a command header that is none is odd", () => {
  const told = dissect(melsoft, [{ bytes: ask("10 02").replace("1c 0a 16", "2c 0a 16") }]);
  expect([told.commands, told.weirds]).toEqual([[], ["bad-value"]]);
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(melsoft, {
    messages: [
      hello,
      helloAnswer,
      ask("01 21"),
      answer("01 21", "00 00", model),
      askQ,
      { bytes: askQ, transport: "udp" },
    ],
    least: 4,
  });
});
