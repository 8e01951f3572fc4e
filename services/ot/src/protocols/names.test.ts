/** The protocols that give names: DNS and its relatives, NetBIOS. */
import { describe, expect, test } from "vitest";
import { dissect, type Sent } from "../../../../tests/support/dissect.ts";
import { endure, splitEverywhere } from "../../../../tests/support/endure.ts";
import { dns } from "./dns.ts";
import { llmnr } from "./llmnr.ts";
import { mdns } from "./mdns.ts";
import { nbDatagram } from "./nb-datagram.ts";
import { nbns } from "./nbns.ts";

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");
const label = (text: string): string => text.length.toString(16).padStart(2, "0") + hex(text);
const domain = (name: string): string => `${name.split(".").map(label).join("")}00`;
const u16 = (value: number): string => value.toString(16).padStart(4, "0");
/** id, flags, counts. */
const header = (flags: string, questions: number, answers: number): string =>
  `1234 ${flags} ${u16(questions)} ${u16(answers)} 0000 0000`;
const question = (name: string, type: number, klass = 1): string => `${domain(name)} ${u16(type)} ${u16(klass)}`;
const record = (name: string, type: number, data: string, klass = 1): string =>
  `${name} ${u16(type)} ${u16(klass)} 00000078 ${u16(data.replaceAll(" ", "").length / 2)} ${data}`;

describe("DNS", () => {
  const query: Sent = { bytes: header("0100", 1, 0) + question("plc1.plant.example", 1), transport: "udp", destinationPort: 53 }; // prettier-ignore
  const answer: Sent = {
    bytes: header("8180", 1, 1) + question("plc1.plant.example", 1) + record("c00c", 1, "c000020a"),
    transport: "udp",
    sourcePort: 53,
    destinationPort: 40_000,
    fromClient: false,
  };

  test("question and answer", () => {
    const told = dissect(dns, [query, answer]);
    expect(told.recognised).toBe(2);
    expect(told.lookups).toEqual([
      { name: "plc1.plant.example", type: 1, outcome: -1 },
      { name: "plc1.plant.example", type: 1, outcome: 0 },
    ]);
    expect(told.commands.map(({ outcome, fromClient }) => [outcome, fromClient])).toEqual([
      ["request", true],
      ["response", false],
    ]);
    expect(told.identities).toEqual(["source capability=dns-server"]);
  });

  test.each([
    { flags: "8183", outcome: "response", rcode: 3 }, // NXDOMAIN is an answer
    { flags: "8182", outcome: "error", rcode: 2 }, // SERVFAIL
    { flags: "8185", outcome: "error", rcode: 5 }, // REFUSED
  ])("rcode $rcode", ({ flags, outcome, rcode }) => {
    const told = dissect(dns, [{ ...answer, bytes: header(flags, 1, 0) + question("a.example", 28) }]);
    expect(told.commands[0]?.outcome).toBe(outcome);
    expect(told.lookups[0]?.outcome).toBe(rcode);
  });

  test("over TCP a length goes before", () => {
    const body = Buffer.from((header("0100", 1, 0) + question("x.example", 16)).replaceAll(" ", ""), "hex");
    const sample: Sent = { bytes: u16(body.length) + body.toString("hex"), destinationPort: 53 };
    expect(dissect(dns, [sample]).lookups).toEqual([{ name: "x.example", type: 16, outcome: -1 }]);
    splitEverywhere(dns, sample);
    endure(dns, [sample]);
  });

  test("a pointer that leads forward or to itself ends the name", () => {
    const loop = header("0100", 1, 0) + "0161 c00c 0001 0001".replaceAll(" ", "");
    expect(dissect(dns, [{ ...query, bytes: loop }]).lookups).toEqual([{ name: "a", type: 1, outcome: -1 }]);
  });

  test("its relatives are not claimed", () => {
    for (const destinationPort of [137, 5353, 5355]) expect(dissect(dns, [{ ...query, destinationPort }]).recognised).toBe(0); // prettier-ignore
  });

  test("bears damage", () => endure(dns, [query, answer]));
});

describe("mDNS", () => {
  const txt = (text: string): string => label(text);
  const announcement: Sent = {
    bytes:
      header("8400", 0, 4) +
      record(domain("press-3.local"), 1, "c000021e", 0x8001) +
      record(domain("press-3.local"), 28, "20010db8000000000000000000000031", 0x8001) +
      record(domain("_ipp._tcp.local"), 12, `${label("Label printer")}${domain("_ipp._tcp.local")}`) +
      record(domain("x._ipp._tcp.local"), 16, txt("txtvers=1") + txt("ty=Example LP-9") + txt("usb_MFG=Example"), 0x8001), // prettier-ignore
    sourcePort: 5353,
    destinationPort: 5353,
  };
  const query: Sent = { bytes: header("0000", 1, 0) + question("_opcua-tcp._tcp.local", 12), sourcePort: 5353, destinationPort: 5353 }; // prettier-ignore

  test("hosts, services and models", () => {
    const told = dissect(mdns, [announcement]);
    expect(told.identities).toEqual([
      "192.0.2.30 name=press-3",
      "2001:db8::31 name=press-3",
      "source capability=_ipp._tcp",
      "source model=Example LP-9",
      "source vendor=Example",
    ]);
    expect(told.commands).toMatchObject([{ outcome: "event", code: 1 }]);
  });

  test("questions are lookups", () => {
    const told = dissect(mdns, [query]);
    expect(told.recognised).toBe(2);
    expect(told.lookups).toEqual([{ name: "_opcua-tcp._tcp.local", type: 12, outcome: -1 }]);
  });

  test("a reverse record names an address", () => {
    const bytes = header("8400", 0, 1) + record(domain("7.2.0.192.in-addr.arpa"), 12, domain("hmi2.local"));
    expect(dissect(mdns, [{ ...announcement, bytes }]).identities).toEqual(["192.0.2.7 name=hmi2"]);
  });

  test("bears damage", () => endure(mdns, [query, announcement]));
});

describe("LLMNR", () => {
  const query: Sent = { bytes: header("0000", 1, 0) + question("filesrv", 1), destinationPort: 5355 };
  const answer: Sent = {
    bytes: header("8000", 1, 1) + question("filesrv", 1) + record("c00c", 1, "c0000232"),
    sourcePort: 5355,
    destinationPort: 50_000,
  };

  test("name and weakness", () => {
    const told = dissect(llmnr, [query, answer]);
    expect(told.identities).toEqual(["192.0.2.50 name=filesrv"]);
    expect(told.weaknesses).toEqual(["llmnr", "llmnr"]);
    expect(told.lookups.map(({ outcome }) => outcome)).toEqual([-1, 0]);
  });

  test("bears damage", () => endure(llmnr, [query, answer]));
});

/** First-level encoding of a name padded to 15 characters, and its suffix. */
const encoded = (name: string, suffix: number): string => {
  const bytes = Buffer.concat([Buffer.from(name.padEnd(15), "latin1"), Buffer.from([suffix])]);
  return `20${hex([...bytes].map((byte) => String.fromCharCode(65 + (byte >> 4), 65 + (byte & 15))).join(""))}00`;
};

describe("NetBIOS name service", () => {
  const registration: Sent = {
    bytes: `0001 2910 0001 0000 0000 0001 ${encoded("HMI-07", 0x20)} 0020 0001 c00c 0020 0001 000493e0 0006 0000 c0000207`,
    destinationPort: 137,
  };
  const status: Sent = {
    bytes: `0002 8400 0000 0001 0000 0000 ${encoded("*", 0)} 0021 0001 00000000 0037 03
      ${hex("HMI-07".padEnd(15))} 00 0400   # unique, active
      ${hex("PLANT".padEnd(15))} 00 8400    # group
      ${hex("HMI-07".padEnd(15))} 20 0400`,
    sourcePort: 137,
  };

  test("a registration binds name and address", () => {
    const told = dissect(nbns, [registration]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual(["192.0.2.7 name=HMI-07"]);
    expect(told.commands).toMatchObject([{ outcome: "request", code: 5 }]);
  });

  test("a node status lists names and the domain", () => {
    expect(dissect(nbns, [status]).identities).toEqual([
      "source name=HMI-07",
      "source domain=PLANT",
      "source name=HMI-07",
    ]);
  });

  test("a query is a lookup", () => {
    const bytes = `0003 0110 0001 0000 0000 0000 ${encoded("FILESRV", 0x20)} 0020 0001`;
    expect(dissect(nbns, [{ bytes }]).lookups).toEqual([{ name: "FILESRV", type: 32, outcome: -1 }]);
  });

  test("bears damage", () => endure(nbns, [registration, status]));
});

describe("NetBIOS datagrams", () => {
  const browse = (code: string, type: string): Sent => ({
    destinationPort: 138,
    bytes: `11 02 0001 c0000207 008a 00c0 0000
      ${encoded("HMI-07", 0)} ${encoded("PLANT", 0x1d)}
      ff534d42 25 00000000 00 0000 ${"00".repeat(12)} 0000 0000 0000 0000   # SMB header, Transaction
      11 0000 2100 0000 0000 00 00 0000 e8030000 0000 0000 0000 2100 5600 03 00 0100 0100 0200  # 17 words, data at 86
      3200 ${hex("\\MAILSLOT\\BROWSE\0")}
      ${code} 00 60ea0000 ${Buffer.from("HMI-07".padEnd(16, "\0")).toString("hex")} 06 01 ${type} 0f01 55aa ${hex("Line 7 panel\0")}`,
  });

  test("a host announcement names the system", () => {
    const told = dissect(nbDatagram, [browse("01", "03100000")]);
    expect(told.recognised).toBe(2);
    expect(told.identities).toEqual([
      "source name=HMI-07",
      "source name=HMI-07",
      "source description=Line 7 panel",
      "source os=Windows 7 / Server 2008 R2 (6.1)",
      "source role=pc",
    ]);
    expect(told.commands).toMatchObject([{ outcome: "event", code: 1 }]);
  });

  test("a controller says so", () => {
    expect(dissect(nbDatagram, [browse("0f", "0b900000")]).identities).toContain("source role=domain-controller");
  });

  test("bears damage", () => endure(nbDatagram, [browse("01", "03100000")]));
});
