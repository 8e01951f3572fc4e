import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import { postgresql } from "./postgresql.ts";
import { tls } from "./tls.ts";

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");
const size = (text: string): number => text.replaceAll(" ", "").length / 2;
const u32 = (value: number): string => value.toString(16).padStart(8, "0");
const message = (type: string, body: string): string => `${hex(type)}${u32(4 + size(body))}${body}`;
const up = (bytes: string): Sent => ({ bytes, destinationPort: 5_432 });
const down = (bytes: string): Sent => ({ bytes, sourcePort: 5_432, destinationPort: 49_152, fromClient: false });

const parameters = `00030000 ${hex("user\0kenji\0database\0recipes\0\0")}`;
const start = up(`${u32(4 + size(parameters))} ${parameters}`);
const authentication = (kind: number): string => message("R", u32(kind));
const version = message("S", hex("server_version\x0014.5 (Debian)\0"));
const ready = message("Z", hex("I"));
const password = up(message("p", hex("s3cret\0")));
const query = up(message("Q", hex("select pressure from line\0")));
const names = (told: ReturnType<typeof dissect>): string[] =>
  told.commands.map(({ outcome, code }) => `${outcome} ${postgresql.functions?.get(code)?.name}`);

describe("PostgreSQL", () => {
  test("a login in clear, the server's version, statements with outcome; none of their words", () => {
    const refused = down(message("E", hex("SERROR\0C42P01\0Mno table\0\0")) + ready);
    const told = dissect(postgresql, [start, down(authentication(3)), password, down(authentication(0) + version + ready), query, down(message("T", hex("\0\x01pressure\0")) + ready), query, refused]); // prettier-ignore
    expect(told.recognised).toBe(2);
    expect(told.weaknesses).toEqual(["cleartext-login"]);
    expect(told.identities).toEqual(["source server-software=PostgreSQL 14.5 (Debian)"]);
    expect(names(told)).toEqual([
      "request StartupMessage",
      "response StartupMessage",
      "request PasswordMessage",
      "response PasswordMessage",
      "response PasswordMessage",
      "request Query",
      "response Query",
      "request Query",
      "error Query",
    ]);
    expect(JSON.stringify(told)).not.toMatch(/kenji|recipes|s3cret|pressure|no table/);
  });

  test("a hashed password is not in clear", () => {
    expect(dissect(postgresql, [start, down(authentication(5)), password]).weaknesses).toEqual([]);
  });

  test("TLS when the server agrees, else in clear", () => {
    const asks = up("00000008 04d2162f");
    expect(dissect(postgresql, [asks, down(hex("S"))], [tls]).became).toEqual(["tls"]);
    const told = dissect(postgresql, [asks, down(hex("N")), start]);
    expect(told.became).toEqual([]);
    expect(names(told)).toEqual(["request SSLRequest", "error SSLRequest", "request StartupMessage"]);
  });

  test("taken up in the middle", () => {
    const told = dissect(postgresql, [query, down(message("C", hex("SELECT 1\0")) + ready)]);
    expect(told.recognised).toBe(1);
    expect(names(told)).toEqual(["request Query", "response Query"]);
  });

  test("bears damage and cuts", () => {
    endure(postgresql, [start, down(authentication(0) + version + ready), query]);
    splitEverywhere(postgresql, start);
    splitEverywhere(postgresql, down(authentication(0) + version + ready));
  });
});
