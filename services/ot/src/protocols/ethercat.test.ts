import { expect, test } from "vitest";
import { bytesOf, dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { MAILBOX, STATE, ethercat } from "./ethercat.ts";

const le = (value: number): string =>
  `${(value & 255).toString(16).padStart(2, "0")} ${(value >> 8).toString(16).padStart(2, "0")}`;
interface Datagram {
  readonly command: number;
  readonly adp?: number;
  readonly ado: number;
  readonly data: string;
  readonly counter?: number;
}
const frame = (...datagrams: readonly Datagram[]): Sent => {
  const body = datagrams
    .map(({ command, adp = 0, ado, data, counter = 0 }, k) => {
      const more = k < datagrams.length - 1 ? 0x8000 : 0;
      return `${le(command).slice(0, 2)} 01 ${le(adp)} ${le(ado)} ${le(bytesOf(data).length + more)} 00 00 ${data} ${le(counter)}`;
    })
    .join(" ");
  return { bytes: `${le(0x1000 + bytesOf(body).length)} ${body}`, transport: "ethernet" };
};
const cyclic = frame({ command: 12, ado: 1, data: "00 ".repeat(24) }, { command: 7, ado: 0x0130, data: "00 00" });
const back = frame(
  { command: 12, ado: 1, data: "00 ".repeat(24), counter: 3 },
  { command: 7, ado: 0x0130, data: "08 00", counter: 2 },
);
const boot = frame({ command: 5, adp: 0x03e9, ado: 0x0120, data: "03 00" });
const upload = frame({ command: 5, adp: 0x03e9, ado: 0x1000, data: "0a 00 00 00 00 13 00 20 40 18 10 01 00 00 00 00" });
const answer = frame({
  command: 4,
  adp: 0x03e9,
  ado: 0x1080,
  data: "0a 00 00 00 00 23 00 30 43 18 10 01 02 00 00 00",
  counter: 1,
});
const firmware = frame({
  command: 5,
  adp: 0x03e9,
  ado: 0x1000,
  data: "0c 00 00 00 00 34 02 00 00 00 00 00 61 2e 65 66 77 00",
});

test("OST-T02: a cycle is one command for each datagram, back with a working counter as its response", () => {
  const told = dissect(ethercat, [cyclic, back]);
  expect(told.recognised).toBe(recognised.port);
  expect(told.commands.map(({ outcome, code, low, high }) => [outcome, code, low, high])).toEqual([
    ["request", 12, 0x1_0000, 0x1_0017],
    ["request", 7, 0x130, 0x131],
    ["response", 12, 0x1_0000, 0x1_0017],
    ["response", 7, 0x130, 0x131],
  ]);
  expect(told.weirds).toEqual([]);
});

test("states, SDO and firmware by mailbox are told with the station", () => {
  const told = dissect(ethercat, [boot, upload, answer, firmware]);
  expect(told.commands.map(({ outcome, code, low, unit }) => [outcome, code, low, unit])).toEqual([
    ["request", STATE + 3, 0x120, 0x3e9],
    ["request", MAILBOX + 0x322, 0x10_18_01, 0x3e9],
    ["response", MAILBOX + 0x322, 0x10_18_01, 0x3e9],
    ["request", MAILBOX + 0x402, -1, 0x3e9],
  ]);
  expect([STATE + 3, MAILBOX + 0x402, STATE + 8].map((code) => ethercat.functions?.get(code)?.class)).toEqual([
    "firmware",
    "firmware",
    "session",
  ]);
});

test("datagrams that run past the frame and unknown commands are odd", () => {
  const bytes = bytesOf(cyclic.bytes);
  expect(dissect(ethercat, [{ bytes: bytes.slice(0, 30), transport: "ethernet" }]).weirds).toEqual([
    "bad-length",
    "truncated",
  ]);
  expect(dissect(ethercat, [frame({ command: 77, ado: 0, data: "" })]).weirds).toEqual(["unknown-function"]);
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(ethercat, { messages: [cyclic, back, boot, upload, firmware], least: 1600 });
});
