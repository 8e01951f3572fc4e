import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { iec104 } from "./iec104.ts";

const start = "68 04 07 00 00 00"; // STARTDT act
const started = "68 04 0b 00 00 00"; // STARTDT con
const interrogate = `
  68 0e 00 00 00 00   # I frame, numbers 0 and 0
  64 01 06 00 0a 00   # C_IC_NA_1, one, activation, common address 10
  00 00 00 14         # object 0, whole station`;
const confirmed = interrogate.replace("64 01 06", "64 01 07");
const refused = interrogate.replace("64 01 06", "64 01 47"); // negative
const spontaneous = `
  68 16 02 00 02 00
  0b 02 03 00 0a 00   # M_ME_NB_1, two, spontaneous, common address 10
  e9 03 00 2a 00 00   # object 1001: scaled value, quality
  d1 07 00 2b 00 00   # object 2001`;
const sequence = `
  68 10 04 00 02 00
  01 83 14 00 0a 00   # M_SP_NA_1, three in sequence, interrogated
  64 00 00 01 00 01   # objects 100–102`;
const command = `
  68 0e 02 00 04 00
  2d 01 06 00 0a 00   # C_SC_NA_1, activation
  88 13 00 81         # object 5000, select, on`;

describe("IEC 60870-5-104", () => {
  test("starting the transfer says who controls", () => {
    const told = dissect(iec104, [{ bytes: start, fromClient: false }, { bytes: started }]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, code, fromClient }) => [outcome, code, fromClient])).toEqual([
      ["request", 0x107, true],
      ["response", 0x107, false],
    ]);
  });

  test("activation, confirmation and refusal are one command", () => {
    const told = dissect(iec104, [{ bytes: interrogate }, { bytes: confirmed }, { bytes: refused }]);
    expect(told.commands.map(({ outcome, code, object, unit, low }) => [outcome, code, object, unit, low])).toEqual([
      ["request", 100, 6, 10, 0],
      ["response", 100, 6, 10, 0],
      ["error", 100, 6, 10, 0],
    ]);
  });

  test("what is sent spontaneously is an event with its addresses, never its values", () => {
    const told = dissect(iec104, [{ bytes: spontaneous }, { bytes: sequence }]);
    expect(told.commands).toEqual([
      { outcome: "event", code: 11, fromClient: true, object: 3, low: 1_001, high: 2_001, unit: 10 },
      { outcome: "response", code: 1, fromClient: true, object: 20, low: 100, high: 102, unit: 10 },
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("commands switch, a reset restarts", () => {
    const told = dissect(iec104, [{ bytes: command }]);
    expect(told.commands[0]).toMatchObject({ code: 45, low: 5_000 });
    expect([45, 50, 103, 105].map((type) => iec104.functions?.get(type)?.class)).toEqual([
      "control",
      "write",
      "time-set",
      "restart",
    ]);
  });

  test("sizes, causes and types that cannot be are odd; lost bytes are skipped", () => {
    expect(dissect(iec104, [{ bytes: "68 0e 02 00 00 00 64 02 06 00 0a 00 00 00 00 14" }]).weirds).toEqual([
      "bad-length",
    ]);
    expect(dissect(iec104, [{ bytes: "68 0e 02 00 00 00 64 01 3f 00 0a 00 00 00 00 14" }]).weirds).toEqual([
      "unknown-cause",
    ]);
    expect(dissect(iec104, [{ bytes: "68 0e 02 00 00 00 c8 01 06 00 0a 00 00 00 00 14" }]).weirds).toEqual([
      "unknown-function",
    ]);
    const told = dissect(iec104, [{ bytes: start }, { bytes: `0102 ${started}` }]);
    expect(told.answers).toEqual([6, 2, 6]);
    expect(dissect(iec104, [{ bytes: "16 03 01 00 05" }]).answers).toEqual([-1]);
  });

  test("OT-20 nobody sends data before STARTDT or after STOPDT (5.3); a conversation taken up in the middle is no fault", () => {
    const weirds = (...messages: readonly string[]) =>
      dissect(
        iec104,
        messages.map((bytes) => ({ bytes })),
      ).weirds;
    const [stop, stopped, test] = ["68 04 13 00 00 00", "68 04 23 00 00 00", "68 04 43 00 00 00"];
    expect(weirds(start, started, interrogate, confirmed)).toEqual([]);
    expect(weirds(interrogate, command, spontaneous)).toEqual(["data-while-stopped"]);
    expect(weirds(test, interrogate)).toEqual(["data-while-stopped"]);
    expect(weirds(spontaneous, test, command)).toEqual([]);
    // What was on its way before the confirmation is in order.
    expect(weirds(start, started, stop, spontaneous, stopped)).toEqual([]);
    expect(weirds(start, started, stop, stopped, test, command, spontaneous)).toEqual([
      "data-while-stopped",
      "data-while-stopped",
    ]);
    expect(weirds(stop, stopped, start, started, command)).toEqual([]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(iec104, { messages: [start, interrogate, spontaneous, sequence, command], least: 6 });
  });
});
