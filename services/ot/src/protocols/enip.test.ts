import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { cip } from "./cip.ts";
import { recognised } from "./dissector.ts";
import { enip } from "./enip.ts";

const fromServer = { fromClient: false, sourcePort: 44_818, destinationPort: 49_152 };
const le16 = (n: number): string => [n & 255, n >> 8].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const size = (hex: string): number => hex.replaceAll(/\s|#.*$/gm, "").length / 2;
/** Encapsulation: command, length, session 1, status 0, sender context, options 0. */
const message = (command: number, data: string, context = "0100000000000000", session = "01000000"): string =>
  `${le16(command)} ${le16(size(data))} ${session} 00000000 ${context} 00000000\n${data}`;
/** Interface 0, timeout 0, null address, unconnected data. */
const unconnected = (data: string): string =>
  message(0x6f, `00000000 0000 0200 0000 0000 b200 ${le16(size(data))}\n${data}`);
/** Interface 0, timeout 0, connected address, connected data with its sequence number. */
const connected = (sequence: number, data: string): string =>
  message(
    0x70,
    `00000000 0000 0200 a100 0400 78563412 b100 ${le16(size(data) + 2)} ${le16(sequence)}\n${data}`,
    "00".repeat(8),
  );

const identity = `
  0100            # vendor: Rockwell Automation
  0e00            # type: PLC
  3600            # product code
  1f 0b           # revision 31.11
  6000            # status
  efbeadde        # serial
  06 504c432d3432 # "PLC-42"`;
const listIdentity = message(
  0x63,
  `0100 0c00 ${le16(18 + 14 + 7 + 1)} 0100 0002af120a00000100000000 00000000 ${identity} 03`,
);
const register = message(0x65, "0100 0000", "0100000000000000", "00000000");
const registered = message(0x65, "0100 0000");
const io = "0200 0280 0800 11223344 05000000 b100 0600 aabbccddeeff";

const readTag = "4c 04 91 05 5370656564 00 0100"; // Read Tag "Speed", one element
const tagRead = "cc 00 00 00 c400 2a000000";

describe("EtherNet/IP", () => {
  test("ListIdentity says who the device is", () => {
    const told = dissect(enip, [{ bytes: listIdentity, ...fromServer }], [cip]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.identities).toEqual([
      "source vendor=Rockwell Automation",
      "source device-type=cip:14",
      "source role=plc",
      "source firmware=31.011",
      "source serial=DEADBEEF",
      "source model=PLC-42",
    ]);
    expect(told.commands.map(({ outcome, code, fromClient }) => [outcome, code, fromClient])).toEqual([
      ["response", 0x63, false],
    ]);
  });

  test("a session: who registers is the client", () => {
    const told = dissect(enip, [{ bytes: register, fromClient: false }, { bytes: registered }], [cip]);
    expect(told.commands.map(({ outcome, fromClient }) => [outcome, fromClient])).toEqual([
      ["request", true],
      ["response", false],
    ]);
  });

  test("implicit I/O is a cyclic report without any value", () => {
    const told = dissect(enip, [{ bytes: io, transport: "udp", sourcePort: 2_222, destinationPort: 2_222 }]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([["event", 0x8002]]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(enip, {
      messages: [register, listIdentity, connected(7, readTag), unconnected(readTag), { bytes: io, transport: "udp" }],
      least: 18,
      others: [cip],
    });
  });
});

describe("CIP", () => {
  const told = (...messages: (string | { bytes: string; fromClient: boolean })[]) =>
    dissect(
      enip,
      messages.map((one) => (typeof one === "string" ? { bytes: one } : one)),
      [cip],
    );
  const answer = (bytes: string) => ({ bytes, ...fromServer });

  test("a tag is named, and its answer belongs to it", () => {
    const { commands } = told(connected(7, readTag), answer(connected(7, tagRead)));
    expect(commands).toEqual([
      { outcome: "request", code: 0x6b4c, fromClient: true, object: 0x6b, label: "Speed" },
      { outcome: "response", code: 0x6b4c, fromClient: false, object: 0x6b, label: "Speed" },
    ]);
  });

  test("a refused request is an error of its class and instance", () => {
    const { commands } = told(
      unconnected("10 03 20 04 24 64 30 03 0100"), // Set Attribute Single: Assembly, instance 100, attribute 3
      answer(unconnected("90 00 0e 00")), // attribute not settable
    );
    expect(commands.map(({ outcome, code, object, low }) => [outcome, code, object, low])).toEqual([
      ["request", 0x10, 4, 100],
      ["error", 0x10, 4, 100],
    ]);
  });

  test("each service of a Multiple Service Packet is told, with the answers", () => {
    const { commands } = told(
      // two services at 6 and 12: Identity, Get Attributes All; TCP/IP Interface, Get Attribute Single
      connected(9, "0a 02 20 02 24 01 0200 0600 0c00 01 02 20 01 24 01 0e 03 20 f5 24 01 30 01"),
      answer(connected(9, "8a 00 00 00 0200 0600 0a00 81 00 00 00 8e 00 14 00")),
    );
    expect(commands.map(({ outcome, code, object }) => [outcome, code, object])).toEqual([
      ["request", 0x0a, 2],
      ["request", 0x0101, 1],
      ["request", 0x0e, 0xf5],
      ["response", 0x0a, 2],
      ["response", 0x0101, 1],
      ["error", 0x0e, 0xf5],
    ]);
  });

  test("Unconnected Send: what is carried is told; a module of the chassis is not the device", () => {
    const { commands, identities } = told(
      unconnected("52 02 20 06 24 01 05 f7 0600 01 02 20 01 24 01 01 00 01 00"), // to backplane, slot 0
      answer(unconnected(`81 00 00 00 ${identity}`)),
    );
    expect(commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x0652],
      ["request", 0x0101],
      ["response", 0x0101],
    ]);
    expect(identities).toEqual(["source description=chassis: PLC-42"]);
  });

  test("PCCC is told by command and function", () => {
    const { commands } = told(
      unconnected("4b 02 20 67 24 01 07 4d00 11223344 0f 00 0100 80 06"), // change CPU mode
      answer(unconnected("cb 00 00 00 07 4d00 11223344 4f 10 0100")), // refused
    );
    expect(commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x4b_0f_80],
      ["error", 0x4b_0f_80],
    ]);
    expect(cip.functions?.get(0x4b_0f_80)?.class).toBe("mode");
  });

  test("attributes asked one by one and in a list make the same identity", () => {
    const { identities } = told(
      unconnected("0e 03 20 01 24 01 30 07"),
      answer(unconnected("8e 00 00 00 06 504c432d3432")),
      unconnected("03 02 20 01 24 01 0200 0100 0400"),
      answer(unconnected("83 00 00 00 0200 0100 0000 2f00 0400 0000 02 05")),
    );
    expect(identities).toEqual(["source model=PLC-42", "source vendor=OMRON", "source firmware=2.005"]);
  });

  test("the mode of a Logix controller and a reset are critical", () => {
    expect(cip.functions?.get(0x8e07)?.class).toBe("stop");
    expect(cip.functions?.get(0x0105)?.class).toBe("restart");
    const { commands } = told(unconnected("05 02 20 01 24 01 00"));
    expect(commands[0]?.code).toBe(0x0105);
  });
});
