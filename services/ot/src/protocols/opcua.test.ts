import { describe, expect, test } from "vitest";
import { dissect } from "../../../../tests/support/dissect.ts";
import { keepsTheLaws } from "../../../../tests/support/dissector-laws.ts";
import { recognised } from "./dissector.ts";
import { opcua } from "./opcua.ts";

const le = (n: number, bytes = 4): string =>
  Buffer.from(Array.from({ length: bytes }, (_, i) => (n >> (8 * i)) & 255)).toString("hex");
const text = (value: string): string => le(value.length) + Buffer.from(value).toString("hex");
const none = "ffffffff";
const packet = (type: string, body: string, chunk = "F"): string =>
  Buffer.from(type + chunk).toString("hex") + le(8 + body.length / 2) + body;
const nodeId = (id: number): string => `0100${le(id, 2)}`;
const policy = (name: string): string => text(`http://opcfoundation.org/UA/SecurityPolicy#${name}`);
const openChannel = (name: string, body: string): string =>
  packet("OPN", le(0) + policy(name) + none + none + le(1) + le(1) + body);
const requestHeader = `0000${"00".repeat(8)}${le(1)}${le(0)}${none}${le(10_000)}000000`;
const responseHeader = (result: string): string => `${"00".repeat(8)}${le(1)}${result}00${none}000000`;
const message = (request: number, body: string, chunk = "F"): string =>
  packet("MSG", le(7) + le(1) + le(request + 50) + le(request) + body, chunk);
const description =
  text("urn:press3:Acme:Server") + text("http://acme.example/ua") + `02${text("Press 3")}` + le(0) + none + none + none;

const hello = packet("HEL", le(0) + le(65_535) + le(65_535) + le(0) + le(0) + text("opc.tcp://press3:4840"));
const acknowledge = packet("ACK", le(0) + le(65_535) + le(65_535) + le(0) + le(0));
const open = openChannel("None", nodeId(446) + requestHeader + le(0) + le(0) + le(1) + none + le(3_600_000));
const read = message(5, nodeId(631) + requestHeader + "00".repeat(8) + le(0) + le(0));
const readAnswer = message(5, nodeId(634) + responseHeader("00000000") + le(0) + none);
const fault = message(5, nodeId(397) + responseHeader("00000b80"));
const endpoints = message(
  6,
  nodeId(431) + responseHeader("00000000") + le(1) + text("opc.tcp://press3:4840") + description,
);
const activate = (token: string): string => message(8, nodeId(467) + requestHeader + none + none + none + none + token);
const fromServer = (bytes: string) => ({ bytes, fromClient: false, sourcePort: 4_840, destinationPort: 49_152 });

describe("OPC UA", () => {
  test("a connection is greeted by its URL", () => {
    const told = dissect(opcua, [{ bytes: hello, fromClient: false }, fromServer(acknowledge)]);
    expect(told.recognised).toBe(recognised.sure);
    expect(told.commands.map(({ outcome, label, fromClient }) => [outcome, label, fromClient])).toEqual([
      ["request", "opc.tcp://press3:4840", true],
      ["response", undefined, false],
    ]);
  });

  test("services are told by their request; faults are errors of it", () => {
    const told = dissect(opcua, [
      { bytes: open },
      { bytes: read },
      fromServer(readAnswer),
      { bytes: read },
      fromServer(fault),
    ]);
    expect(told.commands.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["request", 446],
      ["request", 631],
      ["response", 631],
      ["request", 631],
      ["error", 631],
    ]);
    expect(told.weirds).toEqual([]);
  });

  test("endpoints say who the server is", () => {
    const told = dissect(opcua, [fromServer(endpoints)]);
    expect(told.identities).toEqual([
      "source application=Press 3",
      "source server-software=http://acme.example/ua",
      "source name=press3",
    ]);
  });

  test("a session without security, without a name, or with a readable password is weak", () => {
    const anonymous = activate(`${nodeId(321)}01${le(8)}${text("anon")}`);
    expect(dissect(opcua, [{ bytes: open }, { bytes: anonymous }]).weaknesses).toEqual([
      "opcua-no-security",
      "anonymous-login",
    ]);
    const body = text("user") + text("operator") + text("secret") + none;
    const named = activate(`${nodeId(324)}01${le(body.length / 2)}${body}`);
    const told = dissect(opcua, [{ bytes: open }, { bytes: named }]);
    expect(told.weaknesses).toEqual(["opcua-no-security", "cleartext-login"]);
    expect(JSON.stringify(told)).not.toMatch(/operator|secret/);
  });

  test("an encrypted channel is no weakness and tells no service", () => {
    const secret = openChannel("Basic256Sha256", "aa".repeat(64));
    const told = dissect(opcua, [{ bytes: secret }, { bytes: message(2, "9f".repeat(40)) }]);
    expect(told.weaknesses).toEqual([]);
    expect(told.commands.map(({ code }) => code)).toEqual([446, 0x1_00_ff]);
  });

  test("only the first chunk of a message names its service", () => {
    const told = dissect(opcua, [
      { bytes: open },
      { bytes: message(9, nodeId(673) + requestHeader, "C") },
      { bytes: message(9, "01".repeat(30)) },
    ]);
    expect(told.commands.map(({ code }) => code)).toEqual([446, 673]);
  });

  test("whatever comes, nothing breaks", () => {
    keepsTheLaws(opcua, { messages: [hello, open, read, endpoints], least: 8 });
  });
});
