import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { s7comm } from "./s7comm.ts";

const fromServer = { fromClient: false };
const item = (size: string, count: string, block: string, area: string, address: string): string =>
  `12 0a 10 ${size} ${count} ${block} ${area} ${address}\n`;
const setup = "32 01 0000 0000 0008 0000 f0 00 0001 0001 01e0";
const read = `
  32 01 0000 0005 000e 0000   # job 5
  04 01                       # Read Var, one item
  ${item("02", "0010", "0007", "84", "000050")} # 16 bytes of DB7 from byte 10`;
const readAnswer = "32 03 0000 0005 0002 0005 0000 04 01 ff 04 0008 2a"; // success, one byte
const readRefused = "32 03 0000 0005 0002 0004 0000 04 01 0a 00 0000"; // object does not exist
const stop = "32 01 0000 0007 0010 0000 29 0000000000 09 505f50524f4752414d"; // "P_PROGRAM"
const insert = `
  32 01 0000 0009 001a 0000
  28 00 0000 0000 00 fd      # PI service
  000a 01 00 30383030303031 50 # parameter: block 0800001 to P
  05 5f494e5345`; // "_INSE"
const download = `
  32 01 0000 000b 0020 0000
  1a 00 0100 00000000        # Request download
  09 5f3038303030303150      # "_0800001P"
  0d 31303030303332303030303130 `;
const askSzl = "32 07 0000 0002 0008 0008 000112 04 11 44 01 00 ff 09 0004 001c 0000";
const text = (value: string, size: number): string => Buffer.from(value.padEnd(size, "\0")).toString("hex");
const component = (index: number, value: string): string => index.toString(16).padStart(4, "0") + text(value, 32);
const szl = `
  32 07 0000 0002 000c 0072
  000112 08 12 84 01 00 00 00 0000   # response, SZL, last unit, no error
  ff 09 006e 001c 0000 0022 0003     # list 0x1c, three records of 34
  ${component(1, "PRESS-3")} ${component(5, "S Q-1234")} ${component(7, "CPU 999-1")}`;
const module = (index: number, order: string, version: string): string =>
  index.toString(16).padStart(4, "0") + text(order, 20) + "00c0" + version;
const moduleList = `
  32 07 0000 0003 000c 0044
  000112 08 12 84 01 00 00 00 0000
  ff 09 0040 0011 0000 001c 0002
  ${module(1, "6ES7 999-0AB00-0AB0", "0004 0001")} ${module(7, "", "5602 0304")}`;

describe("S7comm", () => {
  test("reading a data block tells area, block and bytes; the answer is counted in the same place", () => {
    const told = dissect(s7comm, [{ bytes: setup }, { bytes: read }, { bytes: readAnswer, ...fromServer }]);
    expect(told.commands.slice(1)).toEqual([
      { outcome: "request", code: 4, fromClient: true, object: 0x84, low: 10, high: 25, unit: 7 },
      { outcome: "response", code: 4, fromClient: false, object: 0x84, low: -1, high: -1, unit: 7 },
    ]);
  });

  test("a variable that does not exist is an error", () => {
    const told = dissect(s7comm, [{ bytes: read }, { bytes: readRefused, ...fromServer }]);
    expect(told.commands.map(({ outcome }) => outcome)).toEqual(["request", "error"]);
  });

  test("several areas of one job are told once, then a cycle is one command per job", () => {
    const both = `32 01 0000 0005 001a 0000 04 02 ${item("02", "0001", "0007", "84", "000050")} ${item("02", "0001", "0000", "83", "000000")}`;
    const told = dissect(s7comm, [{ bytes: both }, { bytes: both }, { bytes: both }]);
    expect(told.commands.map(({ object }) => object)).toEqual([0x83, 0x84, 0x84, 0x84]);
  });

  test("stopping, activating and downloading blocks are critical functions with names", () => {
    const told = dissect(s7comm, [{ bytes: stop }, { bytes: insert }, { bytes: download }]);
    expect(told.commands.map(({ code, label }) => [s7comm.functions?.get(code)?.class, label])).toEqual([
      ["stop", undefined],
      ["download", "_INSE"],
      ["download", "_0800001P"],
    ]);
  });

  test("an acknowledgement without parameters belongs to its job", () => {
    const told = dissect(s7comm, [{ bytes: stop }, { bytes: "32 02 0000 0007 0000 0000 8104", ...fromServer }]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x29],
      ["error", 0x29],
    ]);
  });

  test("system status lists say who the CPU is", () => {
    const told = dissect(s7comm, [
      { bytes: askSzl },
      { bytes: szl, ...fromServer },
      { bytes: moduleList, ...fromServer },
    ]);
    expect(told.commands.map(({ outcome, code, object }) => [outcome, code, object])).toEqual([
      ["request", 0x07_04_01, 0x1_00_1c],
      ["response", 0x07_04_01, 0x1_00_1c],
      ["response", 0x07_04_01, 0x1_00_11],
    ]);
    expect(told.identities).toEqual([
      "source name=PRESS-3",
      "source serial=S Q-1234",
      "source model=CPU 999-1",
      "source order-number=6ES7 999-0AB00-0AB0",
      "source vendor=Siemens",
      "source firmware=V2.3.4",
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("the CPU's own mode transition is an event", () => {
    const told = dissect(s7comm, [
      { bytes: "32 07 0000 0000 000c 0000 000112 08 12 00 00 00 00 00 0000", ...fromServer },
    ]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([["event", 0x07_00_00]]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(s7comm, { messages: [setup, read, stop, insert, szl, moduleList], least: 64 });
  });
});
