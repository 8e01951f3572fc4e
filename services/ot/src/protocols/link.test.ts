/** What switches say of themselves: CDP and spanning tree. */
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure } from "../../../../tests/support/endure.ts";
import { cdp } from "./cdp.ts";
import { stp } from "./stp.ts";

const hex = (text: string): string => Buffer.from(text).toString("hex");
const field = (type: string, value: string): string =>
  type + (value.replaceAll(" ", "").length / 2 + 4).toString(16).padStart(4, "0") + value;

describe("CDP", () => {
  const frame: Sent = {
    transport: "llc",
    bytes: [
      "02 b4 0000", // version 2, 180 s
      field("0001", hex("sw-hall2")),
      field("0002", "00000001 01 01 cc 0004 c0000263"),
      field("0003", hex("Gi0/7")),
      field("0004", "00000028"), // switch, IGMP
      field("0005", hex("Example OS 15.2")),
      field("0006", hex("EX-2960")),
      field("000a", "0014"),
    ].join(" "),
  };

  test("names the switch", () => {
    const told = dissect(cdp, [frame]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([
      "source name=sw-hall2",
      "192.0.2.99 name=sw-hall2",
      "source capability=switch",
      "source capability=igmp",
      "source role=switch",
      "source firmware=Example OS 15.2",
      "source model=EX-2960",
      "source vlan=20",
    ]);
  });

  test("bears damage", () => endure(cdp, [frame]));
});

describe("Spanning tree", () => {
  const bpdu = (version: string, type: string): Sent => ({
    transport: "llc",
    bytes: `0000 ${version} ${type} 3c 8000020000000099 00000004 8001020000000011 8007 0001 1400 0200 0f00`,
  });

  test("bridge and root are told once", () => {
    const told = dissect(stp, [bpdu("02", "02"), bpdu("02", "02")]);
    expect(told.identities).toEqual([
      "source capability=bridge",
      "02:00:00:00:00:11 role=switch",
      "02:00:00:00:00:99 capability=spanning-tree-root",
    ]);
    expect(told.commands.map(({ code }) => code)).toEqual([2, 2]);
  });

  test("a topology change", () =>
    expect(dissect(stp, [{ bytes: "0000 00 80", transport: "llc" }]).commands).toMatchObject([{ outcome: "event", code: 0x80 }])); // prettier-ignore

  test("bears damage", () => endure(stp, [bpdu("00", "00")]));
});
