import { expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { profinetDcp } from "./profinet-dcp.ts";
import { profinetRt } from "./profinet-rt.ts";

const others = [profinetDcp, profinetRt];
const name = (text: string): string => Buffer.from(text, "ascii").toString("hex");
const identify = `fe fe 05 00 00 00 00 01 00 80 00 04  # identify, all devices
  ff ff 00 00                            # all selector`;
const identity = `fe ff 05 01 00 00 00 01 00 00 00 3e   # answer, 62 bytes of blocks
  02 02 00 08 00 00 ${name("press1")}           # name of station
  02 01 00 09 00 00 ${name("S7-1500")} 00       # type of station, padded
  02 03 00 06 00 00 00 2a 01 0e                 # Siemens, device 0x010e
  02 04 00 04 00 00 02 00                       # IO controller
  01 02 00 0e 00 01 c0 00 02 0a ff ff ff 00 c0 00 02 01  # 192.0.2.10/24, gateway 192.0.2.1`;
const setName = `fe fd 04 00 00 00 00 02 00 00 00 0c
  02 02 00 08 00 01 ${name("press2")}           # name of station, permanent`;
const setDone = `fe fd 04 01 00 00 00 02 00 00 00 08 05 04 00 03 02 02 00 00`;
const setRefused = `fe fd 04 01 00 00 00 02 00 00 00 08 05 04 00 03 05 06 05 00`;
const reset = "fe fd 04 00 00 00 00 03 00 00 00 06 05 06 00 02 00 04";
const blink = "fe fd 04 00 00 00 00 03 00 00 00 08 05 03 00 04 00 00 01 00";
const cyclic = `80 01 ${"00 ".repeat(40)} 12 34 35 00   # RT_CLASS_1, provider runs, data valid`;
const stopped = `80 01 ${"00 ".repeat(40)} 12 34 24 00`;
const alarm = `fc 01 00 01 00 02 11 11 00 01 ff ff 00 1a   # RTA data
  00 01 00 16 01 00 00 01 00 00 00 00 00 03 80 01 ${"00 ".repeat(10)}  # diagnosis in slot 3, subslot 0x8001`;

test("OST-T02: identify is answered with name, type, vendor, role and address", () => {
  const told = dissect(profinetDcp, [{ bytes: identify }, { bytes: identity, fromClient: false }], others);
  expect(told.recognised).toBe(recognised.port);
  expect(told.commands.map(({ outcome, code, fromClient }) => [outcome, code, fromClient])).toEqual([
    ["request", 0x05_0000, true],
    ["response", 0x05_0000, false],
  ]);
  expect(told.identities).toEqual([
    "source name=press1",
    "source model=S7-1500",
    "source device-type=profinet:002a:010e",
    "source vendor=Siemens",
    "source role=plc",
    "source capability=IO controller",
    "source gateway=192.0.2.1",
  ]);
  expect(told.bindings).toEqual([{ kind: "traffic", mac: 0x02_00_00_00_00_01, address: "192.0.2.10" }]);
  expect(told.weirds).toEqual([]);
});

test("a name that is set is configuration with the name, a reset to factory is a restart, blinking is neither", () => {
  const told = dissect(
    profinetDcp,
    [setName, setDone, reset, setRefused, blink].map((bytes) => ({ bytes })),
    others,
  );
  expect(told.commands.map(({ outcome, code, label }) => [outcome, code, label])).toEqual([
    ["request", 0x04_0202, "press2"],
    ["response", 0x04_0202, undefined],
    ["request", 0x04_0506, undefined],
    ["error", 0x04_0506, undefined],
    ["request", 0x04_0503, undefined],
  ]);
  const classes = [0x04_0202, 0x04_0506, 0x04_0503].map((code) => profinetDcp.functions?.get(code)?.class);
  expect(classes).toEqual(["configure", "restart", "diagnose"]);
});

test("blocks that run past the message are odd", () => {
  const long = bytesOf(setName);
  long[15] = 200;
  expect(dissect(profinetDcp, [{ bytes: long }]).weirds).toEqual(["bad-length"]);
  expect(dissect(profinetDcp, [{ bytes: bytesOf(identity).slice(0, 40) }]).weirds).toEqual(["truncated"]);
});

test("OST-T02: cyclic data are events of their frame id, and a stopped provider is told apart", () => {
  const told = dissect(profinetRt, [{ bytes: cyclic }, { bytes: stopped }], others);
  expect(told.commands.map(({ outcome, code, object }) => [outcome, code, object])).toEqual([
    ["event", 0x8000, 0x8001],
    ["event", 0x8001, 0x8001],
  ]);
});

test("alarms name their kind and slot; frames of the sister protocol are handed over", () => {
  const told = dissect(profinetRt, [{ bytes: alarm }, { bytes: setName }], others);
  expect(told.commands).toMatchObject([
    { outcome: "event", code: 0xfc01, object: 1, low: 3, high: 3, unit: 0x8001 },
    { outcome: "request", code: 0x04_0202 },
  ]);
  expect(dissect(profinetDcp, [{ bytes: cyclic }], others).commands).toMatchObject([{ object: 0x8001 }]);
  expect(dissect(profinetRt, [{ bytes: "fd 00 00 00 00 00 00" }]).weirds).toEqual(["unknown-function"]);
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(profinetDcp, { messages: [identify, identity, setName, setDone, reset], least: 1600 });
  keepsTheLaws(profinetRt, { messages: [cyclic, alarm], least: 1600 });
});
