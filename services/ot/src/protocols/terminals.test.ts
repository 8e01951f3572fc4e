/** SSH, Telnet, FTP and NTP. */
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import { verb } from "./codecs/verbs.ts";
import { ftp } from "./ftp.ts";
import { ntp } from "./ntp.ts";
import { ssh } from "./ssh.ts";
import { tls } from "./tls.ts";
import { telnet } from "./telnet.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const up = (text: string, destinationPort: number): Sent => ({ bytes: bytes(text), destinationPort });
const down = (text: string, sourcePort: number): Sent => ({ bytes: bytes(text), sourcePort, destinationPort: 49_152, fromClient: false }); // prettier-ignore

describe("SSH", () => {
  test.each([
    { banner: "SSH-2.0-OpenSSH_9.2p1 Debian-2", software: "OpenSSH_9.2p1 Debian-2", weak: [] },
    { banner: "SSH-1.99-Example-1.25", software: "Example-1.25", weak: [] },
    { banner: "SSH-1.5-1.2.27", software: "1.2.27", weak: ["ssh-1"] },
  ])("$banner", ({ banner, software, weak }) => {
    const told = dissect(ssh, [down(`${banner}\r\n`, 22), up("SSH-2.0-client_1\r\n\0\0\x01\x02", 22)]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([`source server-software=${software}`, "source user-agent=client_1"]);
    expect(told.weaknesses).toEqual(weak);
    expect(told.answers).not.toContain(0);
  });

  test("lines before the identification", () =>
    expect(dissect(ssh, [down("Welcome\r\nSSH-2.0-x\r\n", 22)]).identities).toEqual(["source server-software=x"]));

  test("bears damage and cuts", () => {
    endure(ssh, [up("SSH-2.0-client_1\r\n", 22)]);
    splitEverywhere(ssh, up("SSH-2.0-client_1\r\n", 22));
  });
});

describe("FTP", () => {
  const greeting = down("220-Example FTP server 2.1\r\n220 ready\r\n", 21);
  const names = (told: ReturnType<typeof dissect>): string[] =>
    told.commands.map(({ outcome, code }) => `${outcome} ${ftp.functions?.get(code)?.name}`);

  test("a login in clear, without its words", () => {
    const told = dissect(ftp, [greeting, up("USER kenji\r\n", 21), down("331 need password\r\n", 21), up("PASS s3cret\r\n", 21), down("530 no\r\n", 21)]); // prettier-ignore
    expect(told.recognised).toBe(2);
    expect(names(told)).toEqual(["request USER", "response USER", "request PASS", "error PASS"]);
    expect(told.weaknesses).toEqual(["ftp", "cleartext-login"]);
    expect(told.identities).toEqual(["source server-software=Example FTP server 2.1"]);
    expect(JSON.stringify(told)).not.toMatch(/kenji|s3cret/);
  });

  test.each(["anonymous", "ftp"])("%s is nobody", (user) =>
    expect(dissect(ftp, [greeting, up(`USER ${user}\r\n`, 21)]).weaknesses).toContain("anonymous-login"),
  );

  test("goes over to TLS", () => {
    const told = dissect(ftp, [greeting, up("AUTH TLS\r\n", 21), down("234 go\r\n", 21)]);
    expect(told.became).toEqual(["tls"]);
    expect(told.weaknesses).toEqual(["ftp"]);
    // Behind it an alert of TLS 1.2 is read as one; without TLS at hand all passes.
    const alert = up("\x15\x03\x03\0\x02\x02\x28", 21);
    const start = [greeting, up("AUTH TLS\r\n", 21), down("234 go\r\n", 21), alert];
    expect(dissect(ftp, start, [tls]).commands.at(-1)?.code).toBe(0x15_28);
    expect(dissect(ftp, start).answers.at(-1)).toBe(7);
  });

  test("the code of a function is its verb", () => expect(verb("USER")).toBe(0x55_53_45_52));

  test("bears damage and cuts", () => {
    endure(ftp, [greeting, up("RETR recipe.csv\r\n", 21)]);
    splitEverywhere(ftp, greeting);
  });
});

describe("Telnet", () => {
  const hello = down("\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01Password: ", 23);

  test("options and a password in clear", () => {
    const told = dissect(telnet, [hello, up("s3cret\r\n", 23)]);
    expect(told.recognised).toBe(2);
    expect(told.weaknesses).toEqual(["telnet", "cleartext-login"]);
    expect(told.commands.map(({ code, object }) => [code, object])).toEqual([
      [253, 0x18],
      [253, 0x20],
      [251, 1],
    ]);
    expect(JSON.stringify(told)).not.toContain("s3cret");
  });

  test("bears damage", () => endure(telnet, [hello]));
});

describe("NTP", () => {
  const packet = (first: string, stratum: string): string => `${first} ${stratum} 06 e9 ${"00".repeat(44)}`;
  const query: Sent = { bytes: packet("23", "00"), destinationPort: 123 };
  const answer: Sent = { bytes: packet("24", "01"), sourcePort: 123, fromClient: false };

  test("a server of stratum 1 is a time server", () => {
    const told = dissect(ntp, [query, answer, answer]);
    expect(told.identities).toEqual(["source capability=NTP stratum 1", "source role=time-server"]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 3],
      ["response", 3],
      ["response", 3],
    ]);
  });

  test("lists of those who asked are odd", () =>
    expect(dissect(ntp, [{ bytes: "17 00 03 2a 00000000" }]).weirds).toEqual(["monlist"]));

  test("bears damage", () => endure(ntp, [query, answer]));
});
