/** SMTP, POP3, IMAP and SIP: protocols of lines. */
import { describe, expect, test } from "vitest";
import { dissect, type Sent, type Told } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import type { Dissector } from "./dissector.ts";
import { imap } from "./imap.ts";
import { pop3 } from "./pop3.ts";
import { sip } from "./sip.ts";
import { smtp } from "./smtp.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
/** "C: " lines go up, "S: " lines down. */
const talk = (port: number, ...lines: string[]): Sent[] =>
  lines.map((line) =>
    line.startsWith("C: ")
      ? { bytes: bytes(`${line.slice(3)}\r\n`), destinationPort: port }
      : { bytes: bytes(`${line.slice(3)}\r\n`), sourcePort: port, destinationPort: 49_152, fromClient: false },
  );
const names = (dissector: Dissector, told: Told): string[] =>
  told.commands.map(({ outcome, code }) => `${outcome} ${dissector.functions?.get(code)?.name}`);

describe("SMTP", () => {
  const session = talk(25, "S: 220 mx.plant.example ESMTP Example 4.1", "C: EHLO hmi7.plant.example", "S: 250-mx", "S: 250 STARTTLS", "C: MAIL FROM:<kenji@example>", "S: 250 ok", "C: DATA", "S: 354 go", "C: Subject: s3cret", "C: QUIT", "C: .", "S: 250 taken", "C: QUIT", "S: 221 bye"); // prettier-ignore

  test("a session; mails and addresses are not read", () => {
    const told = dissect(smtp, session);
    expect(told.recognised).toBe(2);
    expect(names(smtp, told)).toEqual(["request EHLO", "response EHLO", "request MAIL", "response MAIL", "request DATA", "response DATA", "request QUIT", "response QUIT"]); // prettier-ignore
    expect(told.identities).toEqual(["source server-software=mx.plant.example ESMTP Example 4.1", "source name=hmi7.plant.example"]); // prettier-ignore
    expect(JSON.stringify(told)).not.toMatch(/kenji|s3cret/);
  });

  test("login in clear and TLS", () => {
    const told = dissect(smtp, talk(25, "S: 220 x ESMTP", "C: AUTH LOGIN", "S: 334 VXNlcg==", "C: a2VuamkK", "S: 535 no", "C: STARTTLS", "S: 220 go")); // prettier-ignore
    expect(told.weaknesses).toEqual(["cleartext-login"]);
    expect(told.became).toEqual(["tls"]);
    expect(names(smtp, told)).toContain("error AUTH");
  });

  test("bears damage and cuts", () => {
    endure(smtp, session.slice(0, 3));
    splitEverywhere(smtp, session[0] as Sent);
  });
});

describe("POP3", () => {
  const session = talk(110, "S: +OK Example POP3 ready", "C: USER kenji", "S: +OK", "C: PASS s3cret", "S: -ERR no", "C: STLS", "S: +OK"); // prettier-ignore

  test("a login in clear, then TLS", () => {
    const told = dissect(pop3, session);
    expect(told.recognised).toBe(2);
    expect(names(pop3, told)).toEqual(["request USER", "response USER", "request PASS", "error PASS", "request STLS", "response STLS"]); // prettier-ignore
    expect(told.weaknesses).toEqual(["cleartext-login"]);
    expect(told.became).toEqual(["tls"]);
    expect(JSON.stringify(told)).not.toMatch(/kenji|s3cret/);
  });

  test("bears damage and cuts", () => {
    endure(pop3, session);
    splitEverywhere(pop3, session[0] as Sent);
  });
});

describe("IMAP", () => {
  const session = talk(143, "S: * OK IMAP4rev1 Example ready", "C: a1 LOGIN kenji s3cret", "S: a1 NO wrong", "C: a2 STARTTLS", "S: a2 OK go"); // prettier-ignore

  test("a login in clear, then TLS", () => {
    const told = dissect(imap, session);
    expect(told.recognised).toBe(2);
    expect(names(imap, told)).toEqual(["request LOGIN", "error LOGIN", "request STARTTLS", "response STARTTLS"]);
    expect(told.weaknesses).toEqual(["cleartext-login"]);
    expect(told.became).toEqual(["tls"]);
    expect(JSON.stringify(told)).not.toMatch(/kenji|s3cret/);
  });

  test("bears damage and cuts", () => {
    endure(imap, session);
    splitEverywhere(imap, session[0] as Sent);
  });
});

describe("SIP", () => {
  const message = (...lines: string[]): Uint8Array => bytes(lines.join("\r\n"));
  const register: Sent = {
    bytes: message("REGISTER sip:pbx.plant.example SIP/2.0", "CSeq: 7 REGISTER", "User-Agent: Example Phone 3.1", "Content-Length: 0", "", ""), // prettier-ignore
    transport: "udp",
  };
  const answer = (status: string): Sent => ({ ...register, bytes: message(`SIP/2.0 ${status}`, "CSeq: 7 REGISTER", "Server: Example PBX 9", "", "") }); // prettier-ignore

  test("methods and their outcome", () => {
    const told = dissect(sip, [register, answer("100 Trying"), answer("401 Unauthorized"), answer("200 OK")]);
    expect(told.recognised).toBe(2);
    expect(names(sip, told)).toEqual(["request REGISTER", "error REGISTER", "response REGISTER"]);
    expect(told.identities).toEqual(["source user-agent=Example Phone 3.1", "source server-software=Example PBX 9"]);
  });

  test("over TCP the body passes", () => {
    const invite: Sent = { bytes: message("INVITE sip:9@x SIP/2.0", "CSeq: 1 INVITE", "Content-Length: 5", "", "v=0\r\nBYE sip:9@x SIP/2.0", "CSeq: 2 BYE", "", "") }; // prettier-ignore
    expect(names(sip, dissect(sip, [invite]))).toEqual(["request INVITE", "request BYE"]);
    splitEverywhere(sip, invite);
    endure(sip, [invite, register]);
  });
});
