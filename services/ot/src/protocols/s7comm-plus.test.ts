import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { s7commPlus } from "./s7comm-plus.ts";

const word = (n: number): string => n.toString(16).padStart(4, "0");
const plus = (version: string, body: string, last = true): string => {
  const text = body.replaceAll(/\s|#.*$/gm, "");
  return `72${version}${word(text.length / 2)}${text}${last ? `72${version}0000` : ""}`;
};
const fromServer = (bytes: string) => ({ bytes, fromClient: false });
const session = plus("01", "31 0000 04ca 0000 0001 00000120 36 0000011d 00 00000000");
const sessionAnswer = plus(
  "01",
  `32 0000 04ca 0000 0001 36 00 ${Buffer.from("1;6ES7 999-1AA00-0XB0 ;V4.2").toString("hex")} 00`,
);
const read = plus("02", "31 0000 054c 0000 0002 00000120 34 00000000");
const readAnswer = plus("02", "32 0000 054c 0000 0002 34 00");
const signed = plus("03", `20 ${"ab".repeat(32)} 31 0000 04f2 0000 0003 00000120 34 00000034 01 9077 00 08 01 00`);
const notification = plus("01", "33 0000 0120 00 00 00 00");
const codes = (...sent: (string | { bytes: string; fromClient: boolean })[]) =>
  dissect(
    s7commPlus,
    sent.map((one) => (typeof one === "string" ? { bytes: one } : one)),
  );

describe("S7comm-plus", () => {
  test("a session is opened, and the CPU says what it is", () => {
    const told = codes(session, fromServer(sessionAnswer));
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x04_ca_01],
      ["response", 0x04_ca_01],
    ]);
    expect(told.identities).toEqual([
      "source order-number=6ES7 999-1AA00-0XB0",
      "source vendor=Siemens",
      "source firmware=V4.2",
    ]);
  });

  test("reading, notifications, and asking the CPU to stop or run behind a digest", () => {
    const told = codes(read, fromServer(readAnswer), fromServer(notification), signed);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x054c],
      ["response", 0x054c],
      ["event", 0x33],
      ["request", 0x04_f2_01],
    ]);
    expect(s7commPlus.functions?.get(0x04_f2_01)?.class).toBe("mode");
    expect(told.weirds).toEqual([]);
  });

  test("what goes on in the next message is one message", () => {
    const first = plus("02", "31 0000 057c 0000 0004 00000120 34 00", false);
    expect(codes(first, plus("02", "9f9f9f9f"), read).commands.map(({ code }) => code)).toEqual([0x057c, 0x054c]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(s7commPlus, { messages: [session, sessionAnswer, read, signed, notification], least: 100 });
  });
});
