import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { endure } from "../../../../tests/support/endure.ts";
import { lldp } from "./lldp.ts";

const hex = (text: string): string => Buffer.from(text).toString("hex");
const tlv = (type: number, value: string): string =>
  ((type << 9) | (value.replaceAll(" ", "").length / 2)).toString(16).padStart(4, "0") + value;
const frame = [
  tlv(1, "04 020000000001"), // chassis id: MAC
  tlv(2, `05 ${hex("ge-0/0/7")}`), // port id: interface name
  tlv(3, "0078"), // 120 s
  tlv(5, hex("sw-line3")),
  tlv(6, hex("Example Switch, V4.2")),
  tlv(7, "0014 0014"), // bridge and router
  tlv(8, "05 01 c0000263 02 00000001 00"), // management address 192.0.2.99
  tlv(127, "0080c2 01 0064"), // port VLAN 100
  tlv(127, `0012bb 08 ${hex("SN-123")}`), // inventory: serial number
  tlv(127, `0012bb 0a ${hex("ES-24")}`), // inventory: model
  "0000",
].join(" ");

describe("LLDP", () => {
  test("names the switch, its management address and inventory", () => {
    const told = dissect(lldp, [{ bytes: frame }]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([
      "source name=sw-line3",
      "source description=Example Switch, V4.2",
      "source capability=bridge",
      "source capability=router",
      "192.0.2.99 name=sw-line3",
      "source vlan=100",
      "source serial=SN-123",
      "source model=ES-24",
    ]);
    expect(told.commands).toMatchObject([{ outcome: "event", code: 0 }]);
  });

  test.each([
    { name: "the chassis, in older devices", chassis: "plc-press1", port: "port-001" },
    { name: "the port's name, in newer ones", chassis: "S7-1500 6ES7 511-1AK02-0AB0", port: "port-002.plc-press1" },
  ])("the station of a PROFINET device is $name", ({ chassis, port }) => {
    const bytes = tlv(1, `07${hex(chassis)}`) + tlv(2, `07${hex(port)}`) + tlv(3, "0014") + "0000";
    expect(dissect(lldp, [{ bytes }]).identities).toEqual(["source name=plc-press1"]);
  });

  test("a time to live of zero is a shutdown", () => {
    const bytes = tlv(1, "04 020000000001") + tlv(2, "03 020000000001") + tlv(3, "0000") + "0000";
    expect(dissect(lldp, [{ bytes }]).commands[0]?.code).toBe(1);
  });

  test("a TLV longer than the frame is odd", () => {
    expect(dissect(lldp, [{ bytes: `${frame.slice(0, -4)} 0bff 41` }]).weirds).toEqual(["bad-length"]);
  });

  test("bears damage", () => endure(lldp, [{ bytes: frame }]));
});
