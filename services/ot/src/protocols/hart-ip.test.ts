import { expect, test } from "vitest";
import { bytesOf, dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { MESSAGE } from "./codecs/hart-commands.ts";
import { recognised } from "./dissector.ts";
import { hartIp } from "./hart-ip.ts";

const be = (value: number, bytes: number): string => value.toString(16).padStart(bytes * 2, "0");
const message = (type: number, id: number, body: string): string =>
  `01 ${be(type, 1)} ${be(id, 1)} 00 00 07 ${be(8 + bytesOf(body).length, 2)} ${body}`;
/** Adds the check byte. */
const pdu = (body: string): string =>
  `${body} ${be(
    bytesOf(body).reduce((a, b) => a ^ b, 0),
    1,
  )}`;
const device = "a6 95 12 34 56";
const open = message(0, 0, "01 00 09 27 c0");
const opened = message(1, 0, "01 00 09 27 c0");
const ask = (command: number, data = ""): string =>
  message(0, 3, pdu(`82 ${device} ${be(command, 1)} ${be(bytesOf(data).length, 1)} ${data}`));
const answer = (command: number, data: string): string =>
  message(1, 3, pdu(`86 ${device} ${be(command, 1)} ${be(bytesOf(data).length, 1)} ${data}`));
const identity = answer(0, "00 00 fe e1 80 05 07 02 32 48 00 12 34 56 05 03 00 01 00 60 96 60 96 01");

test("OST-T02: a session, and who the device is by command 0 and its long tag", () => {
  const told = dissect(hartIp, [
    { bytes: open },
    { bytes: opened, fromClient: false },
    { bytes: ask(0) },
    { bytes: identity, fromClient: false },
    { bytes: ask(20) },
    { bytes: answer(20, `00 00 ${Buffer.from("FT-101".padEnd(32)).toString("hex")}`), fromClient: false },
  ]);
  expect(told.recognised).toBe(recognised.sure);
  expect(told.commands.map(({ outcome, code, unit }) => [outcome, code, unit])).toEqual([
    ["request", MESSAGE, -1],
    ["response", MESSAGE, -1],
    ["request", 0, 0x123456],
    ["response", 0, 0x123456],
    ["request", 20, 0x123456],
    ["response", 20, 0x123456],
  ]);
  expect(told.identities).toEqual([
    "source device-type=hart:e180",
    "source serial=1193046",
    "source firmware=2.50",
    "source hardware=9",
    "source name=FT-101",
  ]);
  expect(told.weirds).toEqual([]);
});

test("reset, fixed current and writes are of their class; a refusal is an error, a warning is none", () => {
  const told = dissect(hartIp, [
    { bytes: ask(42) },
    { bytes: answer(42, "07 00"), fromClient: false },
    { bytes: ask(40, "00 00 00 00") },
    { bytes: answer(40, "08 00 00 00 00 00"), fromClient: false },
  ]);
  expect(told.commands.map(({ outcome }) => outcome)).toEqual(["request", "error", "request", "response"]);
  expect([42, 40, 18].map((code) => hartIp.functions?.get(code)?.class)).toEqual(["restart", "force", "configure"]);
});

test("tags are packed letters; direct messages hold several commands; publications are events", () => {
  // "PT7     " and blanks, six bits to a letter.
  const told = dissect(hartIp, [
    { bytes: ask(13) },
    { bytes: answer(13, "00 00 41 4d e0 82 08 20 82 08 20 82 08 20 82 08 20 82 08 20 01 01 78"), fromClient: false },
    { bytes: message(0, 4, "00 00 00 00 00 00 03 00") },
    { bytes: message(2, 3, pdu("81 26 95 12 34 56 03 02 00 00")), fromClient: false },
  ]);
  expect(told.identities).toEqual(["source name=PT7"]);
  expect(told.commands.slice(2).map(({ outcome, code }) => [outcome, code])).toEqual([
    ["request", 0],
    ["request", 3],
    ["event", 3],
  ]);
});

test("a wrong check byte and another version are odd", () => {
  const bytes = bytesOf(ask(0));
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  expect(dissect(hartIp, [{ bytes }]).weirds).toEqual(["bad-checksum"]);
  expect(dissect(hartIp, [{ bytes: open.replace("01 00", "09 00") }])).toMatchObject({
    weirds: ["bad-version"],
    answers: [-1],
  });
});

test("keeps the laws of dissectors", () => {
  const udp: Sent = { bytes: identity, transport: "udp" };
  keepsTheLaws(hartIp, { messages: [open, opened, ask(0), identity, udp], least: 13 });
});
