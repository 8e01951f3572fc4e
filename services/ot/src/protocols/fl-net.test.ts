import { expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { STOPPED, TRANSPARENT, flNet } from "./fl-net.ts";

const be = (value: number, bytes: number): string => value.toString(16).padStart(bytes * 2, "0");
interface Frame {
  readonly from?: number;
  readonly to?: number;
  readonly status?: number;
  readonly size?: number;
  readonly address?: number;
  readonly result?: number;
  readonly areas?: string;
  readonly data?: string;
}
const frame = (code: number, f: Frame = {}): string => {
  const length = 64 + bytesOf(f.data ?? "").length;
  return `46 41 43 4e ${be(length, 4)} 0001 ${be(f.from ?? 11, 2)} 0001 ${be(f.to ?? 12, 2)} 00 07 07 00 00 00 00 00 01 00 00 00
    ${be(f.status ?? 0x8000, 2)} ${be(f.size ?? 0, 2)} ${be(f.address ?? 0, 4)} 0a ${be(f.result ?? 0, 1)} 00 00 ${be(code, 2)} 00 00
    ${f.areas ?? "0000 0000 0000 0000"} 00 00 80 00 01 01 ${be(length, 2)} 61 32 00 02 ${f.data ?? ""}`;
};
const cyclic = frame(65_000, { to: 255, areas: "0028 0004 0280 0040", data: "00 ".repeat(136) });
const string = (text: string): string => `13 ${be(text.length, 1)} ${Buffer.from(text).toString("hex")}`;
const parameters = `30 ${be(90, 1)} ${string("COMVER")} 02 01 01 ${string("ID")} ${string("SYSPARA")} ${string("REVDATE")} 30 0a 02 02 07 d0 02 01 04 02 01 01
  ${string("DVCATEGORY")} ${string("PLC")} ${string("VENDOR")} ${string("EXAMPLE")} ${string("DVMODEL")} ${string("FLN-100")}`;
const profile = frame(65_211, { from: 12, to: 11, data: parameters });

test("OST-T02 OT-36: cyclic frames are events of their node with its part of the common memory", () => {
  const told = dissect(flNet, [{ bytes: cyclic }, { bytes: cyclic }]);
  expect(told.recognised).toBe(recognised.sure);
  const event = { outcome: "event", code: 65_000, fromClient: true, object: 2, low: 640, high: 703, unit: 11 };
  expect(told.commands).toEqual([event, event]);
  expect(told.identities).toEqual(["source station-address=11"]);
  expect(told.weirds).toEqual([]);
});

test("a node that stops says so in its cyclic frames", () => {
  const told = dissect(flNet, [{ bytes: frame(65_001, { status: 0, areas: "0010 0002 0000 0000" }) }]);
  expect(told.commands).toMatchObject([{ code: 65_001 + STOPPED, object: 1, low: 16, high: 17 }]);
});

test("block access, stop and operation are requests of the node that is asked, with their responses", () => {
  const told = dissect(flNet, [
    { bytes: frame(65_006, { address: 0x100, size: 4, data: "00 ".repeat(8) }) },
    { bytes: frame(65_206, { from: 12, to: 11, address: 0x100, size: 4 }), fromClient: false },
    { bytes: frame(65_009) },
    { bytes: frame(65_209, { from: 12, to: 11, result: 2 }), fromClient: false },
    { bytes: frame(65_010) },
  ]);
  expect(told.commands.map(({ outcome, code, low, high, unit }) => [outcome, code, low, high, unit])).toEqual([
    ["request", 65_006, 0x100, 0x103, 12],
    ["response", 65_006, 0x100, 0x103, 12],
    ["request", 65_009, -1, -1, 12],
    ["error", 65_009, -1, -1, 12],
    ["request", 65_010, -1, -1, 12],
  ]);
  expect([65_009, 65_010, 65_008].map((code) => flNet.functions?.get(code)?.class)).toEqual([
    "stop",
    "mode",
    "configure",
  ]);
});

test("the device profile is vendor, model and role", () => {
  const told = dissect(flNet, [{ bytes: frame(65_011) }, { bytes: profile, fromClient: false }]);
  expect(told.identities.slice(2)).toEqual(["source role=plc", "source vendor=EXAMPLE", "source model=FLN-100"]);
});

test("participation and transparent messages; unknown codes and lengths are odd", () => {
  const told = dissect(flNet, [{ bytes: frame(65_002) }, { bytes: frame(1200) }, { bytes: frame(65_100) }]);
  expect(told.commands).toMatchObject([
    { outcome: "event", code: 65_002 },
    { code: TRANSPARENT, object: 1200 },
    { outcome: "event", code: 65_100 },
  ]);
  expect(told.weirds).toEqual(["unknown-function"]);
  expect(dissect(flNet, [{ bytes: `${cyclic} 00` }]).weirds).toEqual(["bad-length"]);
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(flNet, { messages: [cyclic, profile, frame(65_002)], least: 64 });
});
