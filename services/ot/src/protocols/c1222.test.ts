import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { c1222 } from "./c1222.ts";
import { recognised } from "./dissector.ts";

const byte = (n: number): string => n.toString(16).padStart(2, "0");
const tlv = (tag: string, ...values: string[]): string => {
  const value = values.join("");
  return tag + (value.length / 2 < 128 ? "" : "81") + byte(value.length / 2) + value;
};
const service = (value: string): string => byte(value.length / 2) + value;
/** Meter .123.9, collector .123.4, invocation 5. */
const ask = (services: string, control = "80"): string =>
  tlv(
    "60",
    tlv("a2", "80027b09"),
    tlv("a6", "80027b04"),
    tlv("a8", "020105"),
    tlv("be", tlv("28", tlv("81", control, services))),
  );
const say = (services: string, control = "80") => ({
  bytes: tlv("60", tlv("a2", "80027b04"), tlv("a4", "020105"), tlv("a6", "80027b09"), tlv("a8", "020101"), tlv("be", tlv("28", tlv("81", control, services)))), // prettier-ignore
  fromClient: false,
});
const read = ask(service("300001")); // full read of table 1
const write = ask(service("40000500012a00"));
const text = (value: string, size: number): string => Buffer.from(value.padEnd(size)).toString("hex");
const table = say(service(`000020${text("ACME", 4)}${text("MTR-7", 8)}02010307${text("SN00123", 16)}00`));

describe("C12.22", () => {
  test("reading the manufacturer's table says who the meter is", () => {
    const told = dissect(c1222, [{ bytes: read }, table]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code, object, low }) => [outcome, code, object, low])).toEqual([
      ["request", 0x30, 1, 1],
      ["response", 0x30, 1, -1],
    ]);
    expect(told.identities).toEqual([
      "destination station-address=.123.9",
      "source station-address=.123.4",
      "source vendor=ACME",
      "source model=MTR-7",
      "source hardware=2.1",
      "source firmware=3.7",
      "source serial=SN00123",
    ]);
  });

  test("several services of a message, each with its answer", () => {
    const told = dissect(c1222, [
      { bytes: ask(service("20") + service("400005")) },
      say(service("00") + service("05")),
    ]);
    expect(told.commands.map(({ outcome, code, low }) => [outcome, code, low])).toEqual([
      ["request", 0x20, -1],
      ["request", 0x40, 5],
      ["response", 0x20, -1],
      ["error", 0x40, -1],
    ]);
  });

  test("a readable password is weak, and is not told", () => {
    const told = dissect(c1222, [{ bytes: ask(service(`51${text("secret", 20)}`)) }]);
    expect(told.weaknesses).toEqual(["cleartext-login"]);
    expect(JSON.stringify(told)).not.toContain("secret");
  });

  test("encrypted services are told as such", () => {
    const told = dissect(c1222, [{ bytes: ask("9f9f9f9f9f9f", "88") }, say("9f9f9f9f9f9f", "88")]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x100],
      ["response", 0x100],
    ]);
  });

  test("lengths and answers without question are odd", () => {
    expect(dissect(c1222, [{ bytes: ask("7f30") }]).weirds).toEqual(["bad-length"]);
    expect(dissect(c1222, [table]).weirds).toEqual(["response-without-request"]);
    expect(dissect(c1222, [{ bytes: ask(service("7a")) }]).weirds).toEqual(["unknown-function"]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(c1222, { messages: [read, write, table, { bytes: read, transport: "udp" }], least: 12 });
  });
});
