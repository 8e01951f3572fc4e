import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { goose } from "./goose.ts";
import { sv } from "./sv.ts";

const byte = (n: number): string => n.toString(16).padStart(2, "0");
const tlv = (tag: string, value: string): string => tag + byte(value.length / 2) + value;
const text = (value: string): string => Buffer.from(value).toString("hex");
const header = (appid: string, apdu: string): string => `${appid}00${byte(apdu.length / 2 + 8)}00000000${apdu}`;

const publication = (state: number, sequence: number, revision = 1, test = "00"): string =>
  header(
    "1001",
    tlv(
      "61",
      tlv("80", text("IED1LD0/LLN0$GO$gcb1")) +
        tlv("81", "07d0") + // time allowed to live, 2,000 ms
        tlv("82", text("IED1LD0/LLN0$trip")) +
        tlv("83", text("trip1")) +
        tlv("84", "5f00000000000000") +
        tlv("85", byte(state)) +
        tlv("86", byte(sequence)) +
        tlv("87", test) +
        tlv("88", byte(revision)) +
        tlv("89", "00") +
        tlv("8a", "01") +
        tlv("ab", tlv("83", "01")), // one Boolean
    ),
  );
const samples = header(
  "4000",
  tlv(
    "60",
    tlv("80", "01") +
      tlv(
        "a2",
        tlv(
          "30",
          tlv("80", text("MU01")) +
            tlv("82", "0005") +
            tlv("83", "00000001") +
            tlv("85", "02") +
            tlv("87", "00000000".repeat(4)),
        ),
      ),
  ),
);

describe("GOOSE", () => {
  test("a publication tells control block, data set and revision, and no data", () => {
    const told = dissect(goose, [{ bytes: publication(1, 0) }, { bytes: publication(1, 1) }]);
    expect(told.commands).toEqual([
      { outcome: "event", code: 1, fromClient: true, object: 1, unit: 0x1001, label: "IED1LD0/LLN0$GO$gcb1 LLN0$trip" },
      { outcome: "event", code: 1, fromClient: true, object: 1, unit: 0x1001, label: "IED1LD0/LLN0$GO$gcb1 LLN0$trip" },
    ]);
    expect(told.identities).toEqual(["source name=IED1LD0", "source application=trip1"]);
    expect(told.weirds).toEqual([]);
  });

  test("another revision is another object", () => {
    const told = dissect(goose, [{ bytes: publication(1, 0) }, { bytes: publication(1, 0, 2) }]);
    expect(told.commands.map(({ object }) => object)).toEqual([1, 2]);
  });

  test("numbers that go back and test publications are odd", () => {
    const told = dissect(goose, [
      { bytes: publication(5, 9) },
      { bytes: publication(5, 3) },
      { bytes: publication(2, 0) },
      { bytes: publication(2, 1, 1, "ff") },
    ]);
    expect(told.weirds).toEqual(["sequence-went-back", "state-went-back", "test"]);
  });

  test("a revision that is none stays a number", () => {
    expect(
      dissect(goose, [{ bytes: header("1001", tlv("61", tlv("80", text("A/B")) + tlv("88", "ffffffffffff"))) }])
        .commands[0]?.object,
    ).toBe(0xffff_ffff);
  });

  test("padding of the frame is no part of it", () => {
    expect(dissect(goose, [{ bytes: `${publication(1, 0)}0000000000` }]).weirds).toEqual([]);
  });

  test("whatever comes, nothing breaks", () => keepsTheLaws(goose, { messages: [publication(1, 2)], least: 200 }));
});

describe("sampled values", () => {
  test("a stream tells its id and revision, and no sample", () => {
    const told = dissect(sv, [{ bytes: samples }, { bytes: samples }]);
    expect(told.commands[1]).toEqual({
      outcome: "event",
      code: 0,
      fromClient: true,
      object: 1,
      unit: 0x4000,
      label: "MU01",
    });
    expect(told.commands).toHaveLength(2);
    expect(told.identities).toEqual(["source application=MU01"]);
    expect(told.weirds).toEqual([]);
  });

  test("whatever comes, nothing breaks", () => keepsTheLaws(sv, { messages: [samples], least: 200 }));
});
