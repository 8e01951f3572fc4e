/** SMB 1 and 2 with the NTLM messages and the DCE/RPC that they carry. */
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import { dcerpc } from "./dcerpc.ts";
import { smb1 } from "./smb1.ts";
import { smb2 } from "./smb2.ts";

const flat = (...parts: string[]): string => parts.join("").replaceAll(/\s/g, "");
const size = (hex: string): number => hex.length / 2;
const le = (value: number, bytes: number): string => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer.toString("hex");
};
const utf16 = (text: string): string => Buffer.from(text, "utf16le").toString("hex");
const frame = (body: string): string => `00${size(body).toString(16).padStart(6, "0")}${body}`;
const answer = (bytes: string): Sent => ({ bytes, fromClient: false, sourcePort: 445, destinationPort: 49_152 });

const message2 = (command: number, response: boolean, body: string, status = 0, next = 0): string =>
  flat("fe534d42 4000 0000", le(status, 4), le(command, 2), "0100", le(response ? 1 : 0, 4), le(next, 4), "00".repeat(40), body); // prettier-ignore

/** NTLM challenge: names of the server, version 10.0.17763. */
const pair = (id: number, text: string): string => le(id, 2) + le(size(utf16(text)), 2) + utf16(text);
const pairs = pair(2, "PLANT") + pair(1, "FILESRV") + pair(4, "plant.example") + pair(3, "filesrv.plant.example") + "00000000"; // prettier-ignore
const challenge = flat(
  Buffer.from("NTLMSSP\0").toString("hex"),
  "02000000 0000 0000 38000000", // challenge, target name empty
  le(0x02_00_00_01, 4), // flags: version, Unicode
  "1122334455667788 0000000000000000",
  le(size(pairs), 2).repeat(2),
  le(56, 4), // target information
  "0a00 6345 0000000f", // 10.0.17763
  pairs,
);
const authenticate = (responseLength: number): string => {
  const station = utf16("HMI-07");
  return flat(
    Buffer.from("NTLMSSP\0").toString("hex"),
    "03000000",
    "0000 0000 48000000",
    le(responseLength, 2).repeat(2) + le(72 + size(station), 4), // response of the NT hash
    "0000 0000 48000000",
    "0000 0000 48000000", // user name: not read
    le(size(station), 2).repeat(2) + le(72, 4),
    "0000 0000 48000000",
    le(0x02_00_00_01, 4),
    "0601 b11d 0000000f", // 6.1.7601
    station,
    "aa".repeat(responseLength),
  );
};

describe("SMB 2", () => {
  const negotiate = frame(message2(0, true, flat("4100 0100 1103 0000", "00".repeat(56))));
  const setup = (token: string): string =>
    frame(message2(1, true, flat("0900 0000 4800", le(size(token), 2), token), 0xc0_00_00_16));

  test("dialect and the server's names", () => {
    const told = dissect(smb2, [answer(negotiate), answer(setup(challenge))]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([
      "source capability=SMB 3.1.1",
      "source domain=PLANT",
      "source name=FILESRV",
      "source domain=plant.example",
      "source name=filesrv.plant.example",
      "source os=Windows 10 1809 / Server 2019 (10.0.17763)",
    ]);
    expect(told.commands).toMatchObject([
      { outcome: "response", code: 0, fromClient: false },
      { outcome: "response", code: 1, fromClient: false },
    ]);
  });

  test.each([
    { length: 24, weaknesses: ["ntlm-v1"] },
    { length: 60, weaknesses: [] },
  ])("a response of $length bytes", ({ length, weaknesses }) => {
    const token = authenticate(length);
    const told = dissect(smb2, [{ bytes: frame(message2(1, false, flat("1900 0000 00000000 00000000 5800", le(size(token), 2), "00".repeat(8), token))) }]); // prettier-ignore
    expect(told.identities).toEqual(["source name=HMI-07", "source os=Windows 7 / Server 2008 R2 (6.1.7601)"]);
    expect(told.weaknesses).toEqual(weaknesses);
  });

  test("a chain tells each command, a refusal is an error, a pending answer is none yet", () => {
    const first = message2(5, true, "", 0xc0_00_00_22, 64);
    const told = dissect(smb2, [
      answer(frame(first + message2(6, true, ""))),
      answer(frame(message2(15, true, "00".repeat(8), 0x103))),
      { bytes: frame(flat("fd534d42", "00".repeat(60))) },
    ]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["error", 5],
      ["response", 6],
      ["event", 0x100],
    ]);
  });

  test("a share is named without its server", () => {
    const path = utf16("\\\\filesrv\\recipes");
    const body = flat("0900 0000 4800", le(size(path), 2), path);
    expect(dissect(smb2, [{ bytes: frame(message2(3, false, body)) }]).commands[0]?.label).toBe("recipes");
  });

  test("long data pass without being waited for", () => {
    const head = flat("00 012000", message2(9, false, "3100 7000 00f00100", 0));
    const rest = "00".repeat(0x01_20_00 + 4 - size(head));
    const told = dissect(smb2, [{ bytes: head + rest + frame(message2(13, false, "04000000")) }, { bytes: head + rest.slice(0, 200) }]); // prettier-ignore
    expect(told.commands.map(({ code }) => code)).toEqual([9, 13, 9]);
    expect(told.answers.at(-1)).toBe((head.length + rest.length) / 2);
  });

  test("bears damage and cuts", () => {
    endure(smb2, [answer(negotiate), answer(setup(challenge))], [smb1, dcerpc]);
    splitEverywhere(smb2, answer(setup(challenge)));
  });
});

describe("SMB 1", () => {
  const message1 = (command: string, response: boolean, words: string, data: string): string =>
    frame(flat("ff534d42", command, "00000000", response ? "98" : "18", "0780", "00".repeat(20), (size(flat(words)) / 2).toString(16).padStart(2, "0"), words, le(size(flat(data)), 2), data)); // prettier-ignore
  const offer = message1("72", false, "", Buffer.from("\x02NT LM 0.12\0\x02SMB 2.???\0", "latin1").toString("hex"));
  const chosen = message1("72", true, "0000 " + "00".repeat(32), "00".repeat(8));
  const setup = message1("73", true, "ff00 0000 0000", `00 ${utf16("Windows 5.1\0")} ${utf16("Windows 2000 LAN Manager\0")} ${utf16("PLANT\0")}`); // prettier-ignore

  test("an offer alone is no weakness, a server that takes it is", () => {
    expect(dissect(smb1, [{ bytes: offer }]).weaknesses).toEqual([]);
    expect(dissect(smb1, [{ bytes: offer }, answer(chosen)]).weaknesses).toEqual(["smb1"]);
  });

  test("a chained command is told too", () => {
    const body = message1("73", false, "75 00 3b00 0000 0000 0000 00000000 0000 00000000 00000000 0000", "");
    const bytes = `${body.slice(0, 6)}43${body.slice(8)}${"00".repeat(67 - (size(body) - 4))}`;
    expect(dissect(smb1, [{ bytes }]).commands.map(({ code }) => code)).toEqual([0x73, 0x75]);
  });

  test("native names", () => {
    expect(dissect(smb1, [answer(setup)]).identities).toEqual([
      "source os=Windows 5.1",
      "source server-software=Windows 2000 LAN Manager",
      "source domain=PLANT",
    ]);
  });

  test("an answer in version 2 goes over to it", () => {
    const told = dissect(smb1, [{ bytes: offer }, answer(frame(message2(0, true, flat("4100 0100 0202 0000", "00".repeat(56)))))], [smb2]); // prettier-ignore
    expect(told.became).toEqual(["smb2"]);
    expect(told.identities).toEqual(["source capability=SMB 2.0.2"]);
    expect(told.weaknesses).toEqual([]);
  });

  test("bears damage and cuts", () => {
    endure(smb1, [{ bytes: offer }, answer(setup)], [smb2, dcerpc]);
    splitEverywhere(smb1, answer(setup));
  });
});

describe("DCE/RPC", () => {
  const packet = (type: number, call: number, body: string): string =>
    flat("05 00", type.toString(16).padStart(2, "0"), "03 10000000", le(16 + size(flat(body)), 2), "0000", le(call, 4), body); // prettier-ignore
  // svcctl 2.0 with NDR.
  const bind = packet(11, 1, "d016 d016 00000000 01000000 0000 01 00 81bb7a364498f135ad3298f038001003 02000000 045d888aeb1cc9119fe808002b104860 02000000"); // prettier-ignore
  const request = packet(0, 2, "00000000 0000 0c00 00000000");
  const response = packet(2, 2, "00000000 0000 0000");
  const fault = packet(3, 9, "00000000 0000 0000 05000000");

  test("an operation is told with its interface", () => {
    const told = dissect(dcerpc, [{ bytes: bind }, { bytes: request }, answer(response), answer(fault)]);
    expect(told.recognised).toBe(2);
    expect(told.commands).toMatchObject([
      { outcome: "request", code: 0xff_ff_00_0b, object: 2, label: "svcctl" },
      { outcome: "request", code: 0x2_00_0c, object: 2 },
      { outcome: "response", code: 0x2_00_0c, object: 2, fromClient: false },
    ]);
    expect(dcerpc.functions?.get(0x2_00_0c)?.name).toBe("CreateServiceW");
    expect(told.weirds).toEqual(["response-without-request"]);
  });

  test("inside a pipe of SMB 2", () => {
    const write = frame(message2(9, false, flat("3100 7000", le(size(bind), 4), "00".repeat(40), bind)));
    expect(dissect(smb2, [{ bytes: write }], [dcerpc]).commands.map(({ label }) => label)).toContain("svcctl");
  });

  test("bears damage and cuts", () => {
    endure(dcerpc, [{ bytes: bind }, { bytes: request }]);
    splitEverywhere(dcerpc, { bytes: bind });
  });
});
