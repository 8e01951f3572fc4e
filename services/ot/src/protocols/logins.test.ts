/** Desktops, tickets and brokers: RDP, VNC, Kerberos, MQTT; and DHCP for IPv6. */
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import { dhcpv6 } from "./dhcpv6.ts";
import { kerberos } from "./kerberos.ts";
import { mqtt } from "./mqtt.ts";
import { rdp } from "./rdp.ts";
import { vnc } from "./vnc.ts";

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");
const flat = (...parts: string[]): string => parts.join("").replaceAll(/\s/g, "");
const size = (text: string): number => flat(text).length / 2;
const number = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, "0");
const up = (bytes: string, destinationPort: number): Sent => ({ bytes, destinationPort });
const down = (bytes: string, sourcePort: number): Sent => ({ bytes, sourcePort, destinationPort: 49_152, fromClient: false }); // prettier-ignore

describe("RDP", () => {
  const x224 = (type: string, rest: string): string =>
    flat("0300", number(11 + size(rest), 2), number(6 + size(rest), 1), type, "0000 1234 00", rest);
  const request = up(x224("e0", `${hex("Cookie: mstshash=kenji\r\n")} 01 00 0800 03000000`), 3389);
  const confirm = (protocol: string): Sent => down(x224("d0", `02 00 0800 ${protocol}`), 3389);

  test.each([
    { name: "network level authentication", protocol: "02000000", weak: [], became: ["tls"] },
    { name: "TLS alone", protocol: "01000000", weak: ["rdp-no-nla"], became: ["tls"] },
    { name: "its own encryption", protocol: "00000000", weak: ["rdp-no-nla"], became: [] },
  ])("$name", ({ protocol, weak, became }) => {
    const told = dissect(rdp, [request, confirm(protocol)]);
    expect(told.recognised).toBe(2);
    expect(told.weaknesses).toEqual(weak);
    expect(told.became).toEqual(became);
    expect(JSON.stringify(told)).not.toContain("kenji");
  });

  test("a refusal is an error", () => {
    const told = dissect(rdp, [request, down(x224("d0", "03 00 0800 05000000"), 3389)]);
    expect(told.commands.map(({ outcome }) => outcome)).toEqual(["request", "error"]);
    expect(told.weaknesses).toEqual([]);
  });

  test("without TLS the client's name is told", () => {
    const core = flat("01c0 d800 04000800 0004 0003 01ca 03aa 11040000 280a0000", Buffer.from("HMI-07".padEnd(16, "\0"), "utf16le").toString("hex"), "00".repeat(152)); // prettier-ignore
    const initial = flat("02f080 7f65 820100", "00".repeat(20), hex("Duca"), "80d8", core);
    const packet = flat("0300", number(4 + size(initial), 2), initial);
    const told = dissect(rdp, [request, confirm("00000000"), up(packet, 3389)]);
    expect(told.identities).toEqual(["source name=HMI-07", "source user-agent=RDP client build 2600"]);
  });

  test("bears damage and cuts", () => {
    endure(rdp, [request, confirm("01000000")]);
    splitEverywhere(rdp, request);
  });
});

describe("VNC", () => {
  const versionOf = (text: string): string => hex(`RFB ${text}\n`);

  test.each([
    { name: "3.8 without authentication", server: "003.008", types: "02 01 02", choice: "01", weak: ["vnc-no-authentication"] }, // prettier-ignore
    { name: "3.8 with a password", server: "003.008", types: "02 01 02", choice: "02", weak: [] },
    { name: "3.3 without authentication", server: "003.003", types: "00000001", choice: "00", weak: ["vnc-no-authentication"] }, // prettier-ignore
  ])("$name", ({ server, types, choice, weak }) => {
    const told = dissect(vnc, [down(versionOf(server), 5900), up(versionOf(server), 5900), down(types, 5900), up(choice, 5900), down("00000000", 5900)]); // prettier-ignore
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([`source capability=RFB 3.${Number(server.slice(4))}`]);
    expect(told.weaknesses).toEqual(weak);
  });

  test("bears damage and cuts", () => {
    endure(vnc, [down(versionOf("003.008"), 5900)]);
    splitEverywhere(vnc, down(versionOf("003.008"), 5900));
  });
});

describe("Kerberos", () => {
  const der = (tag: string, ...parts: string[]): string => {
    const value = flat(...parts);
    return tag + (size(value) < 128 ? number(size(value), 1) : `81${number(size(value), 1)}`) + value;
  };
  const realm = der("1b", hex("PLANT.EXAMPLE"));
  const name = der("30", der("a0", "020101"), der("a1", der("30", der("1b", hex("kenji")))));
  const request = der("6a", der("30", der("a1", "020105"), der("a2", "02010a"), der("a4", der("30", der("a0", "03050040000000"), der("a1", name), der("a2", realm))))); // prettier-ignore
  const reply = der("6b", der("30", der("a0", "020105"), der("a1", "02010b"), der("a3", realm), der("a4", name)));
  const error = (code: string): string =>
    der("7e", der("30", der("a0", "020105"), der("a1", "02011e"), der("a6", `0201${code}`), der("a9", realm)));
  const udp = (sent: Sent): Sent => ({ ...sent, transport: "udp" });

  test("messages and the realm, no user", () => {
    const told = dissect(kerberos, [udp(up(request, 88))]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual(["destination domain=PLANT.EXAMPLE"]);
    expect(dissect(kerberos, [udp(down(reply, 88))]).identities).toEqual([
      "source domain=PLANT.EXAMPLE",
      "source capability=kerberos-kdc",
    ]);
    expect(JSON.stringify(told)).not.toContain("kenji");
  });

  test.each([
    { code: "19", outcome: "response" }, // a secret must come along
    { code: "06", outcome: "error" }, // unknown client
  ])("error $code", ({ code, outcome }) => {
    const told = dissect(kerberos, [udp(up(request, 88)), udp(down(error(code), 88))]);
    expect(told.commands[1]).toMatchObject({ outcome, code: 10, fromClient: false });
  });

  test("over TCP a length goes before", () => {
    const sample = up(number(size(request), 4) + request, 88);
    expect(dissect(kerberos, [sample]).commands).toMatchObject([{ outcome: "request", code: 10 }]);
    splitEverywhere(kerberos, sample);
    endure(kerberos, [sample, udp(up(request, 88)), udp(down(error("06"), 88))]);
  });
});

describe("MQTT", () => {
  const text = (value: string): string => number(value.length, 2) + hex(value);
  const packet = (first: string, body: string): string => first + number(size(body), 1) + flat(body);
  const connect = (flags: string): Sent =>
    up(packet("10", `${text("MQTT")} 04 ${flags} 003c ${text("gw-7")} ${flags === "c2" ? text("u") + text("s3cret") : ""}`), 1883); // prettier-ignore

  test("clients, logins in clear, subscriptions; no payload", () => {
    const told = dissect(mqtt, [connect("c2"), down("20020000", 1883), up(packet("82", `0001 ${text("line1/#")} 00`), 1883), up(packet("30", `${text("line1/t")} 3432`), 1883), down("20020005", 1883)]); // prettier-ignore
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual(["source application=gw-7"]);
    expect(told.weaknesses).toEqual(["mqtt-no-tls", "cleartext-login"]);
    expect(told.commands.map(({ outcome, code, label }) => [outcome, code, label])).toEqual([
      ["request", 1, undefined],
      ["response", 1, undefined],
      ["request", 8, "line1/#"],
      ["event", 3, undefined],
      ["error", 1, undefined],
    ]);
    expect(JSON.stringify(told)).not.toContain("s3cret");
  });

  test("bears damage and cuts", () => {
    endure(mqtt, [connect("c2"), connect("02")]);
    splitEverywhere(mqtt, connect("02"));
  });
});

describe("DHCPv6", () => {
  const option = (code: number, value: string): string => number(code, 2) + number(size(value), 2) + flat(value);
  const duid = option(1, "0001 0001 2a2a2a2a 0200000000cc");
  const solicit = flat("01 112233", duid, option(6, "0017 0018 0027"), option(16, `00000137 0008 ${hex("MSFT 5.0")}`), option(39, `00 06 ${hex("cam-12")} 05 ${hex("plant")} 00`)); // prettier-ignore
  const direct: Sent = { bytes: solicit, sourcePort: 546, destinationPort: 547 };
  const relayed: Sent = { bytes: flat("0c 00", "00".repeat(32), option(9, solicit)), sourcePort: 547, destinationPort: 547 }; // prettier-ignore
  const reply: Sent = {
    bytes: flat("07 112233", duid, option(3, `00000001 00000000 00000000 0005 0018 20010db8000000000000000000000050 00000e10 00000e10`)), // prettier-ignore
    sourcePort: 547,
    destinationPort: 546,
  };

  test("a client says who it is", () =>
    expect(dissect(dhcpv6, [direct]).identities).toEqual([
      "source dhcp-fingerprint=v6:23,24,39",
      "source application=MSFT 5.0",
      "source os=Windows",
      "source name=cam-12.plant",
    ]));

  test("behind a relay its hardware address is named", () => {
    const told = dissect(dhcpv6, [relayed]);
    expect(told.identities).toContain("02:00:00:00:00:cc name=cam-12.plant");
    expect(told.commands.map(({ code }) => code)).toEqual([12, 1]);
  });

  test("a reply binds the address to its receiver", () =>
    expect(dissect(dhcpv6, [reply]).bindings).toEqual([{ kind: "dhcp", mac: 0x02_00_00_00_00_02, address: "2001:db8::50" }])); // prettier-ignore

  test("bears damage", () => endure(dhcpv6, [direct, relayed, reply]));
});
