import { expect, test } from "vitest";
import { bytesOf, dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { VERSION_1, ptp } from "./ptp.ts";

const clock = "02 00 00 ff fe 00 00 01";
const head = (type: string, length: string, domain = "00"): string =>
  `${type} 02 ${length} ${domain} 00 02 00 ${"00 ".repeat(12)} ${clock} 00 01 00 07 00 00`;
const sync = `${head("10", "00 2c", "03")} ${"00 ".repeat(10)}`;
const announce = `${head("0b", "00 40")} ${"00 ".repeat(10)} 00 25 00 80 06 21 00 00 80 ${clock} 00 00 20`;
const boundary = `${head("0b", "00 40")} ${"00 ".repeat(10)} 00 25 00 80 06 21 00 00 80 02 00 00 ff fe 00 00 09 00 01 20`;
const set = `${head("0d", "00 30")} ff ff ff ff ff ff ff ff ff ff 01 01 01 00`;
const old = `00 01 00 01 ${"00 ".repeat(28)} 02 ${"00 ".repeat(20)}`;

test("OST-T02 OT-36: messages are events of their domain; the grandmaster is known by its own announce", () => {
  const told = dissect(ptp, [{ bytes: sync }, { bytes: boundary }, { bytes: announce }, { bytes: announce }]);
  expect(told.recognised).toBe(recognised.port);
  expect(told.commands.map(({ outcome, code, unit }) => [outcome, code, unit])).toEqual([
    ["event", 0, 3],
    ["event", 0xb, 0],
    ["event", 0xb, 0],
    ["event", 0xb, 0],
  ]);
  expect(told.identities).toEqual(["source capability=PTP grandmaster"]);
});

test("management that sets is configuration; version 1 is told by its control", () => {
  expect(dissect(ptp, [{ bytes: set }]).commands).toMatchObject([{ code: 0xd01 }]);
  expect(ptp.functions?.get(0xd01)?.class).toBe("configure");
  expect(dissect(ptp, [{ bytes: old }]).commands).toMatchObject([{ code: VERSION_1 + 2 }]);
});

test("other versions, reserved types and short messages are odd", () => {
  expect(dissect(ptp, [{ bytes: sync.replace("10 02", "10 05") }]).weirds).toEqual(["bad-version"]);
  expect(dissect(ptp, [{ bytes: sync.replace("10 02", "15 02") }]).weirds).toEqual(["unknown-function"]);
  expect(dissect(ptp, [{ bytes: bytesOf(sync).slice(0, 30) }]).weirds).toEqual(["truncated"]);
});

test("keeps the laws of dissectors", () => {
  keepsTheLaws(ptp, { messages: [sync, announce, set, old], least: 1600 });
});
