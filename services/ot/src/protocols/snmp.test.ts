import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure } from "../../../../tests/support/endure.ts";
import { snmp } from "./snmp.ts";

const hex = (text: string): string => Buffer.from(text).toString("hex");
const tlv = (tag: string, ...parts: string[]): string => {
  const value = parts.join("").replaceAll(" ", "");
  const length = value.length / 2;
  return tag + (length < 128 ? "" : "81") + length.toString(16).padStart(2, "0") + value;
};
const variable = (oid: string, value = "0500"): string => tlv("30", tlv("06", oid), value);
const pdu = (tag: string, id: string, status: string, ...variables: string[]): string =>
  tlv(tag, tlv("02", id), tlv("02", status), "020100", tlv("30", ...variables));
const message = (version: string, community: string, body: string): string =>
  tlv("30", tlv("02", version), tlv("04", hex(community)), body);

const SYS_DESCR = "2b06010201010100";
const get: Sent = { bytes: message("01", "public", pdu("a0", "0102", "00", variable(SYS_DESCR))), destinationPort: 161 }; // prettier-ignore
const response = (status = "00"): Sent => ({
  sourcePort: 161,
  bytes: message(
    "01",
    "public",
    pdu(
      "a2",
      "0102",
      status,
      variable(SYS_DESCR, tlv("04", hex("Example PLC, FW 2.1"))),
      variable("2b06010201010200", tlv("06", "2b0601040181e018")),
      variable("2b06010201010500", tlv("04", hex("plc-9"))),
      variable("2b060102012f010101010b01", tlv("04", hex("SN-77"))),
      variable("2b06010201020201", tlv("02", "2a")), // an interface's value is not told
    ),
  ),
});

describe("SNMP", () => {
  test("a response answers its request and says who the device is", () => {
    const told = dissect(snmp, [get, response()]);
    expect(told.recognised).toBe(2);
    expect(told.commands).toMatchObject([
      { outcome: "request", code: 0, fromClient: true },
      { outcome: "response", code: 0, fromClient: false },
    ]);
    expect(told.identities).toEqual([
      "source description=Example PLC, FW 2.1",
      "source device-type=snmp:1.3.6.1.4.1.28696",
      "source name=plc-9",
      "source serial=SN-77",
    ]);
    expect(told.weaknesses).toEqual(["snmp-cleartext", "default-community"]);
    expect(JSON.stringify(told.identities)).not.toContain("public");
  });

  test("a switch says who is at its ports (LLDP-MIB)", () => {
    const entry = (column: string, value: string, port = "07"): string =>
      variable(`28c46201010201040101 ${column} 81 b8 23 ${port} 01`.replaceAll(" ", ""), tlv("04", value));
    const answer = (...variables: string[]): Sent => ({ sourcePort: 161, bytes: message("01", "public", pdu("a2", "0102", "00", ...variables)) }); // prettier-ignore
    const rows = answer(entry("05", "020000000077"), entry("07", "020000000078", "8401"), entry("05", hex("plc-1.line")), entry("09", "020000000079")); // prettier-ignore
    expect(dissect(snmp, [rows]).identities).toEqual([]);
    const named = variable("28c46201010201030300", tlv("04", hex("SW-7")));
    expect(dissect(snmp, [answer(named), rows]).identities).toEqual([
      "02:00:00:00:00:77 attached-to=SW-7|7",
      "02:00:00:00:00:78 attached-to=SW-7|513",
    ]);
    endure(snmp, [rows]);
  });

  test("a status that is not zero is an error; a set changes the device", () => {
    const set: Sent = { bytes: message("00", "s3cret", pdu("a3", "0102", "00", variable(SYS_DESCR))) };
    const told = dissect(snmp, [set, response("02")]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 3],
      ["error", 3],
    ]);
    expect(told.weaknesses).toEqual(["snmp-cleartext", "default-community"]);
  });

  test("version 3, plain and encrypted", () => {
    const head = tlv("30", tlv("02", "01"), tlv("02", "05dc"), tlv("04", "04"), tlv("02", "03"));
    const plain = tlv("30", "020103", head, tlv("04", "3000"), tlv("30", "0400", "0400", pdu("a5", "07", "00")));
    const secret = tlv("30", "020103", head, tlv("04", "3000"), tlv("04", "aabbcc"));
    const told = dissect(snmp, [{ bytes: plain }, { bytes: secret }]);
    expect(told.recognised).toBe(2);
    expect(told.commands.map(({ code }) => code)).toEqual([5, 9]);
    expect(told.weaknesses).toEqual([]);
  });

  test("bears damage", () => endure(snmp, [get, response()]));
});
