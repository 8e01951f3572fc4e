import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { lontalk } from "./lontalk.ts";

const packet = (type: string, body: string): string => {
  const text = body.replaceAll(/\s|#.*$/gm, "");
  return `${(20 + text.length / 2).toString(16).padStart(4, "0")}01${type}00000000000000070000000100000000${text}`;
};
// Link, then unicast (address format 2) in a domain of one byte: from 1/5 to 1/9.
const address = "01 85 01 89 07";
const variable = packet(
  "01",
  `00 09 ${address} 12  # transport, unacknowledged, transaction 2
  80 2a 01f4                                        # network variable 42
  1234`,
);
const poll = packet("01", `00 19 ${address} 03 80 2b 1234`); // session, request 3
const given = packet("01", `00 19 ${address} 23 80 2b 0001 1234`);
const write = packet("01", `00 19 ${address} 04 6e 00 f000 01 00 aa 1234`); // write memory
const refused = packet("01", `00 19 ${address} 24 0e 1234`);
const registration = packet("03", "00000000");

const udp = (bytes: string) => ({ bytes, transport: "udp" as const });

describe("LonTalk over IP", () => {
  test("a network variable is an event with its selector, never its value", () => {
    const told = dissect(lontalk, [udp(variable)]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands).toEqual([
      { outcome: "event", code: 0x80, fromClient: true, object: 0, low: 42, high: 42, unit: 0x0109 },
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("questions and answers, also refused ones, of a transaction", () => {
    const told = dissect(lontalk, [udp(poll), udp(given), udp(write), udp(refused)]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 0x81],
      ["response", 0x81],
      ["request", 0x6e],
      ["error", 0x6e],
    ]);
    expect(lontalk.functions?.get(0x6e)?.class).toBe("download");
  });

  test("messages of the channel are told apart; oddities", () => {
    expect(dissect(lontalk, [udp(registration)]).commands.map(({ code }) => code)).toEqual([0x103]);
    expect(dissect(lontalk, [udp(given)]).weirds).toEqual(["response-without-request"]);
    expect(dissect(lontalk, [udp(packet("01", `00 c9 ${address} 12 80 2a 01f4 1234`))]).weirds).toEqual([
      "bad-version",
    ]);
    expect(dissect(lontalk, [udp(packet("01", `00 09 ${address} 12 7e 1234`))]).weirds).toEqual(["unknown-function"]);
    expect(dissect(lontalk, [udp(packet("01", "00 09 01 85"))]).weirds).toEqual(["truncated"]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(lontalk, { messages: [variable, poll, write, registration].map(udp), least: 20 });
  });
});
