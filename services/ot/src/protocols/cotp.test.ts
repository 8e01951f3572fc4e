import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { cotp } from "./cotp.ts";
import { recognised } from "./dissector.ts";
import { s7comm } from "./s7comm.ts";

const fromServer = { fromClient: false, sourcePort: 102, destinationPort: 49_152 };
const connect = `
  0300 0016       # TPKT
  11 e0           # 17 more bytes, Connection Request
  0000 0001 00    # destination, source, class 0
  c0 01 0a        # TPDU size 1,024
  c1 02 0100      # calling TSAP
  c2 02 0102      # called TSAP: PG, rack 0, slot 2`;
const confirm = connect.replace("11 e0", "11 d0");
const stop = `
  0300 0021       # TPKT
  02 f0 80        # DT, last
  32 01 0000 0007 0010 0000                 # S7 job 7, 16 bytes of parameters
  29 0000000000 09 505f50524f4752414d       # PLC stop of "P_PROGRAM"`;

describe("COTP", () => {
  test("a connection tells both TSAPs and who asks", () => {
    const told = dissect(cotp, [{ bytes: connect, fromClient: false }, { bytes: confirm }]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands).toEqual([
      { outcome: "request", code: 0xe0, fromClient: true, label: "0100 > 0102" },
      { outcome: "response", code: 0xe0, fromClient: false, label: "0100 > 0102" },
    ]);
  });

  test("a named TSAP stays a name", () => {
    const told = dissect(cotp, [
      // calling 0600, called "SIMATIC-ROOT-ES"
      { bytes: "0300 0020 1b e0 0000 0001 00 c1 02 0600 c2 0f 53494d415449432d524f4f542d4553 00".slice(0, -3) },
    ]);
    expect(told.commands[0]?.label).toBe("0600 > SIMATIC-ROOT-ES");
  });

  test("user data goes to the protocol inside, also in pieces", () => {
    const whole = dissect(cotp, [{ bytes: stop }], [s7comm]);
    expect(whole.became).toEqual(["s7comm"]);
    expect(whole.commands.map(({ code }) => code)).toEqual([0x29]);
    const pieces = dissect(
      cotp,
      [
        { bytes: "0300 000d 02 f0 00 32 01 0000 0007" }, // not the last
        { bytes: "0300 001b 02 f0 80 0010 0000 29 0000000000 09 505f50524f4752414d" },
      ],
      [s7comm],
    );
    expect(pieces.commands.map(({ code }) => code)).toEqual([0x29]);
  });

  test("remote desktop, which begins alike, is not claimed anywhere", () => {
    const rdp = "0300 0013 0e e0 0000 0000 00 01 00 0800 03000000"; // negotiation request in place of parameters
    expect(dissect(cotp, [{ bytes: rdp }]).recognised).toBe(recognised.port);
    expect(dissect(cotp, [{ bytes: "0300 0008 02 f0 80 68" }]).recognised).toBe(recognised.port);
  });

  test("lengths that disagree are odd", () => {
    expect(dissect(cotp, [{ bytes: "0300 0008 40 f0 80 32" }]).weirds).toEqual(["bad-length"]);
    expect(dissect(cotp, [{ bytes: "0300 0004" }]).answers).toEqual([-1]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(cotp, {
      messages: [connect, { bytes: confirm, ...fromServer }, stop],
      least: 8,
      others: [s7comm],
    });
  });
});
