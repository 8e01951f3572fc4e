import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { bacnet } from "./bacnet.ts";
import { BVLC, UNCONFIRMED } from "./codecs/bacnet-names.ts";
import { recognised } from "./dissector.ts";

const size = (hex: string): number => hex.replaceAll(/\s|#.*$/gm, "").length / 2;
const bvlc = (apdu: string, npdu = "01 04", kind = "0a"): string =>
  `81 ${kind} ${(4 + size(npdu) + size(apdu)).toString(16).padStart(4, "0")} ${npdu} ${apdu}`;
const text = (value: string): string =>
  `75 ${(value.length + 1).toString(16).padStart(2, "0")} 00 ${Buffer.from(value).toString("hex")}`;

const whoIs = bvlc("10 08", "01 20 ff ff 00 ff", "0b");
const iAm = bvlc(
  "10 00 c4 02 00 00 65 22 05 c4 91 00 21 05 # device 101, 1476 bytes, both ways, vendor 5",
  "01 20 ff ff 00 ff",
  "0b",
);
const read = bvlc("00 05 07 0c 0c 02 00 00 65 19 4d   # readProperty, device 101, object-name");
const answer = bvlc(`30 07 0c 0c 02 00 00 65 19 4d 3e ${text("AHU-1")} 3f`);
const write = bvlc(
  "00 05 08 0f 0c 00 40 00 03 19 55 3e 44 00 00 00 00 3f  # writeProperty, analog-output 3, present-value",
);
const done = bvlc("20 08 0f");
const refused = bvlc("50 08 0f 91 02 91 28");
const multiple = `30 09 0e 0c 02 00 00 65 1e
  29 46 4e ${text("PXC36")} 4f           # model-name
  29 2c 4e ${text("3.1")} 4f             # firmware-revision
  29 78 4e 21 07 4f                      # vendor-identifier 7
  29 79 5e 91 02 91 20 5f                # vendor-name: unknown property
  29 4c 4e c4 02 00 00 65 c4 00 00 00 01 4f  # object-list
  1f 0c 00 00 00 01 1e 29 4d 4e ${text("temperature")} 4f 1f`;
const readMultiple = bvlc("00 05 09 0e 0c 02 00 00 65 1e 09 08 1f");
const shutUp = bvlc(
  "00 05 0a 11 09 05 19 01 2d 03 00 61 62   # deviceCommunicationControl, 5 minutes, disable, password",
);
const restart = bvlc("00 05 0b 14 09 00");
const restore = bvlc("00 05 0c 14 09 04");

describe("BACnet/IP (OST-T02)", () => {
  test("who-is and i-am: device instance and vendor", () => {
    const told = dissect(bacnet, [{ bytes: whoIs }, { bytes: iAm }]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code, object, low }) => [outcome, code, object, low])).toEqual([
      ["request", UNCONFIRMED + 8, 0, -1],
      ["response", UNCONFIRMED, 8, 101],
    ]);
    expect(told.identities).toEqual([
      "source station-address=101",
      "source vendor=Johnson Controls",
      "source device-type=bacnet:5",
    ]);
  });

  test("reads and writes name the object; only names of the Device object are told", () => {
    const told = dissect(bacnet, [
      { bytes: read },
      { bytes: answer, fromClient: false },
      { bytes: write },
      { bytes: done, fromClient: false },
      { bytes: write },
      { bytes: refused, fromClient: false },
    ]);
    expect(told.commands.map(({ outcome, code, object, low }) => [outcome, code, object, low])).toEqual([
      ["request", 12, 8, 101],
      ["response", 12, 8, 101],
      ["request", 15, 1, 3],
      ["response", 15, 1, 3],
      ["request", 15, 1, 3],
      ["error", 15, 1, 3],
    ]);
    expect(told.identities).toEqual(["source name=AHU-1"]);
  });

  test("a read of many properties, whole and in two segments", () => {
    const identities = ["source model=PXC36", "source firmware=3.1", "source vendor=Siemens"];
    expect(dissect(bacnet, [{ bytes: readMultiple }, { bytes: bvlc(multiple), fromClient: false }]).identities).toEqual(
      identities,
    );
    const plain = multiple.replaceAll(/\s|#.*$/gm, "").slice(6);
    const first = bvlc(`3c 09 00 04 0e ${plain.slice(0, 40)}`);
    const second = bvlc(`38 09 01 04 0e ${plain.slice(40)}`);
    const told = dissect(bacnet, [
      { bytes: readMultiple },
      { bytes: first, fromClient: false },
      { bytes: second, fromClient: false },
    ]);
    expect(told.identities).toEqual(identities);
    expect(told.commands.map(({ outcome }) => outcome)).toEqual(["request", "response"]);
  });

  test("what is asked of the device is in the code: silence is a stop, restart and restore are their own classes", () => {
    const told = dissect(bacnet, [{ bytes: shutUp }, { bytes: restart }, { bytes: restore }]);
    expect(told.commands.map(({ code }) => [code, bacnet.functions?.get(code)?.class])).toEqual([
      [0x1101, "stop"],
      [0x1400, "restart"],
      [0x1404, "download"],
    ]);
  });

  test("a device behind a router is not the sender", () => {
    const routed = bvlc("10 00 c4 02 00 00 65 22 05 c4 91 00 21 05", "01 08 00 0a 01 05");
    const told = dissect(bacnet, [{ bytes: routed }]);
    expect([told.commands[0]?.unit, told.identities]).toEqual([10, []]);
  });

  test("foreign devices, reject and abort", () => {
    const told = dissect(bacnet, [
      { bytes: "81 05 00 06 00 3c" },
      { bytes: "81 00 00 06 00 30", fromClient: false },
      { bytes: read },
      { bytes: bvlc("60 07 09"), fromClient: false },
      { bytes: read },
      { bytes: bvlc("71 07 04"), fromClient: false },
      { bytes: bvlc("71 63 04"), fromClient: false },
    ]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", BVLC + 5],
      ["error", BVLC],
      ["request", 12],
      ["error", 12],
      ["request", 12],
      ["error", 12],
    ]);
    expect(told.weirds).toEqual(["response-without-request"]);
  });

  test("a wrong length is odd, and the message is read all the same", () => {
    const told = dissect(bacnet, [{ bytes: restart.replace("000c", "0009") }]);
    expect([told.recognised, told.weirds, told.commands.length]).toEqual([recognised.port, ["bad-length"], 1]);
  });

  test("keeps the laws of dissectors", () => {
    keepsTheLaws(bacnet, { messages: [whoIs, iAm, read, answer, write, bvlc(multiple), shutUp, refused], least: 6 });
  });
});
