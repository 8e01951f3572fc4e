/**
 * The hand-made conversation of every protocol reads in tshark without "Malformed" where tshark knows the protocol, and is
 * recognised by the engine at home and, where its bytes are sure, on any other port (OT-37).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { dissectors } from "@yagura/ot/protocols/registry.ts";
import { protocols, type ProtocolName } from "@yagura/ot/wire/vocabulary.ts";
import { describe, expect, test } from "vitest";
import { engineOf, fedOf } from "../support/engine.ts";
import { framesOf, samples, type Sample } from "../support/ot-samples.ts";

/** What tshark calls it; absent: tshark has no dissector of it. */
const inTshark: Partial<Record<ProtocolName, string>> = {
  modbus: "modbus",
  cotp: "cotp",
  s7comm: "s7comm",
  mms: "mms",
  enip: "enip",
  cip: "cip",
  iec104: "iec60870_104",
  dnp3: "dnp3",
  goose: "goose",
  sv: "sv",
  opcua: "opcua",
  synchrophasor: "synphasor",
  c1222: "c1222",
  lontalk: "lon",
  "profinet-dcp": "pn_dcp",
  "profinet-rt": "pn_rt",
  "profinet-cm": "dcerpc",
  bacnet: "bacapp",
  fins: "omron",
  "hart-ip": "hart_ip",
  ethercat: "ecat",
  powerlink: "epl",
  ptp: "ptp",
  arp: "arp",
  lldp: "lldp",
  dhcp: "dhcp",
  dns: "dns",
  mdns: "mdns",
  llmnr: "llmnr",
  nbns: "nbns",
  "nb-datagram": "nbdgm",
  snmp: "snmp",
  ssdp: "ssdp",
  cdp: "cdp",
  stp: "stp",
  ntp: "ntp",
  dhcpv6: "dhcpv6",
  igmp: "igmp",
  smb1: "smb",
  smb2: "smb2",
  dcerpc: "dcerpc",
  tls: "tls",
  http: "http",
  quic: "quic",
  ssh: "ssh",
  ftp: "ftp",
  telnet: "telnet",
  rdp: "rdp",
  vnc: "vnc",
  kerberos: "kerberos",
  mqtt: "mqtt",
  smtp: "smtp",
  pop3: "pop",
  imap: "imap",
  sip: "sip",
  ldap: "ldap",
  tftp: "tftp",
  syslog: "syslog",
  tds: "tds",
  radius: "radius",
  dtls: "dtls",
  stun: "stun",
  gre: "gre",
  ipsec: "esp",
  ike: "isakmp",
  ospf: "ospf",
  pim: "pim",
  loopback: "loop",
  postgresql: "pgsql",
};

/** Every protocol that the engine finds in the conversation on this port. */
function found(sample: Sample, port: number): Set<number> {
  const engine = engineOf();
  const frames = framesOf(sample, port);
  for (const { time, frame } of frames) engine.packet(frame, 0, frame.length, frame.length, time, 1, 0);
  const fed = fedOf(engine, engine.take((frames.at(-1)?.time ?? 0) + 5_000_000));
  expect(Object.keys(engine.stats().dropped).filter((name) => name.startsWith("fault:"))).toEqual([]);
  return new Set([
    ...fed.rows("conversations").map(({ protocol }) => protocol),
    ...fed.rows("commands").map(({ protocol }) => protocol),
  ]);
}

/** A port where no protocol is at home. */
const FOREIGN = 40_123;
/** Their bytes alone are not proof enough: believed on their own ports only. */
const PORT_ONLY: ReadonlySet<ProtocolName> = new Set(["ptp", "llmnr", "ntp", "radius"]);

describe("OT-37 hand-made conversations of every protocol", () => {
  test("every dissector has one", () => {
    const have = new Set(samples.map(({ protocol }) => protocol));
    expect(dissectors.map(({ protocol }) => protocol).filter((protocol) => !have.has(protocol))).toEqual([]);
  });

  test.each(samples.map((sample) => [sample.protocol, sample] as const))(
    "%s is recognised at home",
    (protocol, sample) => {
      expect(found(sample, sample.port)).toContain(protocols[protocol].id);
    },
  );

  test.each(
    samples
      .filter(({ over, protocol }) => (over === "tcp" || over === "udp") && !PORT_ONLY.has(protocol))
      .map((sample) => [sample.protocol, sample] as const),
  )("%s is recognised on a foreign port", (protocol, sample) => {
    expect(found(sample, FOREIGN)).toContain(protocols[protocol].id);
  });
});

const installed = spawnSync("tshark", ["--version"], { encoding: "utf8" }).status === 0;
if (!installed && process.env["CI"] !== undefined)
  throw new Error("tshark is not installed: install the package tshark");

/** Names of protocols of each frame, and whether it is malformed, for all conversations in one run. */
function readByTshark(): Map<ProtocolName, { names: string; malformed: boolean }[]> {
  const frames = samples.flatMap((sample, i) =>
    framesOf(sample, sample.port, i).map((one) => ({ ...one, protocol: sample.protocol })),
  );
  const folder = mkdtempSync(join(tmpdir(), "yagura-tshark-"));
  const file = join(folder, "samples.pcap");
  writeFileSync(file, writePcap(frames));
  const fields = ["frame.number", "frame.protocols", "_ws.malformed"].flatMap((name) => ["-e", name]);
  const tshark = spawnSync("tshark", ["-n", "-r", file, "-T", "fields", ...fields], { encoding: "utf8" });
  rmSync(folder, { recursive: true, force: true });
  const read = new Map<ProtocolName, { names: string; malformed: boolean }[]>();
  for (const line of tshark.stdout.trim().split("\n")) {
    const [number = "0", names = "", malformed = ""] = line.split("\t");
    const { protocol } = frames[Number(number) - 1] as (typeof frames)[number];
    read.set(protocol, [...(read.get(protocol) ?? []), { names, malformed: malformed !== "" }]);
  }
  return read;
}

describe.skipIf(!installed)("in tshark (needs the package tshark)", () => {
  const read = installed ? readByTshark() : new Map<ProtocolName, { names: string; malformed: boolean }[]>();

  test.each(Object.entries(inTshark))("%s is what tshark says, and nothing of it is malformed", (protocol, name) => {
    const frames = read.get(protocol as ProtocolName) ?? [];
    expect(frames.filter(({ malformed }) => malformed)).toEqual([]);
    expect(frames.map(({ names }) => names).join("\n")).toMatch(new RegExp(`:${name}(:|$)`, "m"));
  });
});
