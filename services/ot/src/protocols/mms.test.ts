import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { mms } from "./mms.ts";

const byte = (n: number): string => n.toString(16).padStart(2, "0");
const size = (n: number): string => (n < 128 ? byte(n) : `81${byte(n)}`);
const tlv = (tag: string, ...values: string[]): string => {
  const value = values.join("");
  return tag + size(value.length / 2) + value;
};
const text = (value: string): string => Buffer.from(value).toString("hex");
/** Give tokens, data transfer; presentation context 3. */
const data = (pdu: string): string => `01000100${tlv("61", tlv("30", "020103", tlv("a0", pdu)))}`;
const request = (id: number, service: string): string => data(tlv("a0", `0201${byte(id)}`, service));
const response = (id: number, service: string) => ({
  bytes: data(tlv("a1", `0201${byte(id)}`, service)),
  fromClient: false,
});
const variable = (domain: string, item: string): string =>
  tlv("30", tlv("a0", tlv("a1", tlv("1a", text(domain)), tlv("1a", text(item)))));

const identify = request(1, "8200");
const identified = response(1, tlv("a2", tlv("80", text("Acme")), tlv("81", text("Relay 9")), tlv("82", text("1.2"))));
const write = (item: string): string => request(2, tlv("a5", tlv("a0", variable("LD0", item)), tlv("a0", "830101")));
const readList = request(
  3,
  tlv("a4", tlv("a1", tlv("a1", tlv("a1", tlv("1a", text("LD0")), tlv("1a", text("LLN0$ds1")))))),
);
const open = request(4, tlv("bf48", tlv("a0", tlv("19", text("COMTRADE/1.cfg"))), "810100"));
const report = {
  bytes: data(tlv("a3", tlv("a0", tlv("a1", tlv("80", text("RPT"))), tlv("a0", "8501ff")))),
  fromClient: false,
};
/** Presentation contexts: 1 is ACSE, 3 is MMS, both in BER. */
const contexts = tlv(
  "a4",
  tlv("30", "020101", "060452010001", tlv("30", "06025101")),
  tlv("30", "020103", "060528ca220201", tlv("30", "06025101")),
);
const initiate = (() => {
  const pdu = tlv("a8", "8002fde8", "810105", "820105", "83010a");
  const acse = tlv("60", "a107060528ca220203", tlv("be", tlv("28", "020103", tlv("a0", pdu))));
  const user = tlv("61", tlv("30", "020101", tlv("a0", acse)));
  const presentation = tlv("31", "a003800101", tlv("a2", "810400000001", "820400000001", contexts, user));
  const session = `14020002${tlv("33", "0001")}${tlv("34", "0001")}c1${byte(presentation.length / 2)}${presentation}`;
  return `0d${byte(session.length / 2)}${session}`;
})();

const codes = (...sent: (string | { bytes: string; fromClient: boolean })[]) =>
  dissect(
    mms,
    sent.map((one) => (typeof one === "string" ? { bytes: one } : one)),
  ).commands.map(({ outcome, code, label }) => [outcome, code, ...(label === undefined ? [] : [label])]);

describe("MMS", () => {
  test("initiate is found under session, presentation and ACSE", () => {
    const told = dissect(mms, [{ bytes: initiate, fromClient: false }]);
    expect(told.commands.map(({ outcome, code, fromClient }) => [outcome, code, fromClient])).toEqual([
      ["request", 0x2_00_08, true],
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("identify says vendor, model and revision", () => {
    const told = dissect(mms, [{ bytes: identify }, identified]);
    expect(told.identities).toEqual(["source vendor=Acme", "source model=Relay 9", "source firmware=1.2"]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 2],
      ["response", 2],
    ]);
  });

  test("what a write does follows the functional constraint; names of variables are not told", () => {
    expect(codes(write("XCBR1$CO$Pos$Oper"), response(2, tlv("a5", "8100")))).toEqual([
      ["request", 0x0105],
      ["response", 0x0105],
    ]);
    expect(codes(write("PTOC1$SP$StrVal$setMag$f"))).toEqual([["request", 0x0205]]);
    expect(codes(write("LLN0$RP$urcb01$RptEna"), response(2, tlv("a5", "800103")))).toEqual([
      ["request", 0x0305],
      ["error", 0x0305],
    ]);
    expect(mms.functions?.get(0x0105)?.class).toBe("control");
  });

  test("lists and files are labels", () => {
    expect(codes(readList, response(3, tlv("a4", tlv("a1", "80010a"))))).toEqual([
      ["request", 4, "LD0/LLN0$ds1"],
      ["error", 4],
    ]);
    expect(codes(open)).toEqual([["request", 72, "COMTRADE/1.cfg"]]);
    expect(codes(report)).toEqual([["event", 0x1_00_00, "RPT"]]);
  });

  test("a confirmed error belongs to its request", () => {
    const error = { bytes: data(tlv("a2", "800104", tlv("a2", tlv("a0", "870103")))), fromClient: false };
    expect(codes(open, error)).toEqual([
      ["request", 72, "COMTRADE/1.cfg"],
      ["error", 72],
    ]);
  });

  test("programs that start and stop, domains that are loaded", () => {
    expect([26, 29, 40, 41].map((service) => mms.functions?.get(service)?.class)).toEqual([
      "download",
      "upload",
      "mode",
      "stop",
    ]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(mms, { messages: [initiate, identify, identified, readList, open, report], least: 300 });
  });
});
