/**
 * The words of OT metadata: closed lists, each value sent and stored as its index or number. Append only, never renumber: rows
 * of years ago hold these numbers.
 */

/** Protocols by number. `ot`: of the factory (else of the office); `title`: as the field writes it. */
export const protocols = {
  unknown: { id: 0, ot: false, title: "unknown" },
  // Factory
  modbus: { id: 1, ot: true, title: "Modbus/TCP" },
  enip: { id: 2, ot: true, title: "EtherNet/IP" },
  cip: { id: 3, ot: true, title: "CIP" },
  "profinet-dcp": { id: 4, ot: true, title: "PROFINET DCP" },
  "profinet-rt": { id: 5, ot: true, title: "PROFINET RT" },
  "profinet-cm": { id: 6, ot: true, title: "PROFINET IO CM" },
  s7comm: { id: 7, ot: true, title: "S7comm" },
  "s7comm-plus": { id: 8, ot: true, title: "S7comm-plus" },
  dnp3: { id: 9, ot: true, title: "DNP3" },
  iec104: { id: 10, ot: true, title: "IEC 60870-5-104" },
  mms: { id: 11, ot: true, title: "IEC 61850 MMS" },
  goose: { id: 12, ot: true, title: "IEC 61850 GOOSE" },
  sv: { id: 13, ot: true, title: "IEC 61850 SV" },
  bacnet: { id: 14, ot: true, title: "BACnet/IP" },
  opcua: { id: 15, ot: true, title: "OPC UA" },
  melsoft: { id: 16, ot: true, title: "MELSOFT" },
  slmp: { id: 17, ot: true, title: "SLMP (MC protocol)" },
  "cclink-ief-basic": { id: 18, ot: true, title: "CC-Link IE Field Basic" },
  "cclink-ie-field": { id: 19, ot: true, title: "CC-Link IE Field" },
  "cclink-ie-control": { id: 20, ot: true, title: "CC-Link IE Control" },
  "cclink-ie-tsn": { id: 21, ot: true, title: "CC-Link IE TSN" },
  fins: { id: 22, ot: true, title: "OMRON FINS" },
  "hart-ip": { id: 23, ot: true, title: "HART-IP" },
  ethercat: { id: 24, ot: true, title: "EtherCAT" },
  powerlink: { id: 25, ot: true, title: "Ethernet POWERLINK" },
  "ge-srtp": { id: 26, ot: true, title: "GE SRTP" },
  fox: { id: 27, ot: true, title: "Niagara Fox" },
  "fl-net": { id: 28, ot: true, title: "FL-net" },
  synchrophasor: { id: 29, ot: true, title: "IEEE C37.118" },
  cotp: { id: 30, ot: true, title: "COTP (ISO 8073)" },
  ptp: { id: 31, ot: true, title: "PTP (IEEE 1588)" },
  bsap: { id: 32, ot: true, title: "BSAP" },
  "roc-plus": { id: 33, ot: true, title: "ROC Plus" },
  c1222: { id: 34, ot: true, title: "ANSI C12.22" },
  genisys: { id: 35, ot: true, title: "GENISYS" },
  lontalk: { id: 36, ot: true, title: "LonTalk/IP" },
  // Office and infrastructure
  arp: { id: 100, ot: false, title: "ARP" },
  lldp: { id: 101, ot: false, title: "LLDP" },
  cdp: { id: 102, ot: false, title: "CDP" },
  stp: { id: 103, ot: false, title: "STP" },
  dhcp: { id: 104, ot: false, title: "DHCP" },
  dhcpv6: { id: 105, ot: false, title: "DHCPv6" },
  dns: { id: 106, ot: false, title: "DNS" },
  mdns: { id: 107, ot: false, title: "mDNS" },
  llmnr: { id: 108, ot: false, title: "LLMNR" },
  nbns: { id: 109, ot: false, title: "NetBIOS name service" },
  "nb-datagram": { id: 110, ot: false, title: "NetBIOS datagram" },
  ssdp: { id: 111, ot: false, title: "SSDP" },
  smb1: { id: 112, ot: false, title: "SMB 1" },
  smb2: { id: 113, ot: false, title: "SMB 2/3" },
  dcerpc: { id: 114, ot: false, title: "DCE/RPC" },
  kerberos: { id: 115, ot: false, title: "Kerberos" },
  tls: { id: 116, ot: false, title: "TLS" },
  http: { id: 117, ot: false, title: "HTTP" },
  ssh: { id: 118, ot: false, title: "SSH" },
  ftp: { id: 119, ot: false, title: "FTP" },
  telnet: { id: 120, ot: false, title: "Telnet" },
  snmp: { id: 121, ot: false, title: "SNMP" },
  ntp: { id: 122, ot: false, title: "NTP" },
  rdp: { id: 123, ot: false, title: "RDP" },
  vnc: { id: 124, ot: false, title: "VNC (RFB)" },
  quic: { id: 125, ot: false, title: "QUIC" },
  mqtt: { id: 126, ot: false, title: "MQTT" },
  sip: { id: 127, ot: false, title: "SIP" },
  icmp: { id: 128, ot: false, title: "ICMP" },
  icmpv6: { id: 129, ot: false, title: "ICMPv6" },
  ldap: { id: 130, ot: false, title: "LDAP" },
  smtp: { id: 131, ot: false, title: "SMTP" },
  pop3: { id: 132, ot: false, title: "POP3" },
  imap: { id: 133, ot: false, title: "IMAP" },
  tftp: { id: 134, ot: false, title: "TFTP" },
  igmp: { id: 135, ot: false, title: "IGMP" },
  syslog: { id: 136, ot: false, title: "syslog" },
  tds: { id: 137, ot: false, title: "TDS (SQL Server)" },
  radius: { id: 138, ot: false, title: "RADIUS" },
  /** Of what the transport itself shows: the habits of a TCP. */
  tcp: { id: 139, ot: false, title: "TCP" },
  dtls: { id: 140, ot: false, title: "DTLS" },
  stun: { id: 141, ot: false, title: "STUN" },
  gre: { id: 142, ot: false, title: "GRE" },
  ipsec: { id: 143, ot: false, title: "IPsec (ESP, AH)" },
  ike: { id: 144, ot: false, title: "IKE" },
  ospf: { id: 145, ot: false, title: "OSPF" },
  pim: { id: 146, ot: false, title: "PIM" },
  loopback: { id: 147, ot: false, title: "Loopback test (CTP)" },
  pppp: { id: 148, ot: false, title: "PPPP (P2P of cameras)" },
  postgresql: { id: 149, ot: false, title: "PostgreSQL" },
  // What customers declare for a site (OT-N10): what a slot is called is the site's own (wire/declared.ts)
  "declared-1": { id: 240, ot: true, title: "Own protocol 1" },
  "declared-2": { id: 241, ot: true, title: "Own protocol 2" },
  "declared-3": { id: 242, ot: true, title: "Own protocol 3" },
  "declared-4": { id: 243, ot: true, title: "Own protocol 4" },
  "declared-5": { id: 244, ot: true, title: "Own protocol 5" },
  "declared-6": { id: 245, ot: true, title: "Own protocol 6" },
  "declared-7": { id: 246, ot: true, title: "Own protocol 7" },
  "declared-8": { id: 247, ot: true, title: "Own protocol 8" },
  "declared-9": { id: 248, ot: true, title: "Own protocol 9" },
  "declared-10": { id: 249, ot: true, title: "Own protocol 10" },
  "declared-11": { id: 250, ot: true, title: "Own protocol 11" },
  "declared-12": { id: 251, ot: true, title: "Own protocol 12" },
  "declared-13": { id: 252, ot: true, title: "Own protocol 13" },
  "declared-14": { id: 253, ot: true, title: "Own protocol 14" },
  "declared-15": { id: 254, ot: true, title: "Own protocol 15" },
  "declared-16": { id: 255, ot: true, title: "Own protocol 16" },
} as const satisfies Readonly<Record<string, { readonly id: number; readonly ot: boolean; readonly title: string }>>;
export type ProtocolName = keyof typeof protocols;

/** What a conversation runs over. */
export const transports = ["ethernet", "llc", "ip", "icmp", "tcp", "udp"] as const;
export type Transport = (typeof transports)[number];

/**
 * What a command does to the device, whatever the protocol calls it. From `download` on a command is critical: it is told
 * at once however well known the pair is.
 */
export const commandClasses = [
  "other",
  /** Opens, keeps or closes a session. */
  "session",
  /** Asks who the device is and what it has. */
  "identify",
  "read",
  /** Sets process values: outputs, registers, set points. */
  "write",
  /** Sends process values of its own accord, in a cycle or at change. */
  "report",
  "diagnose",
  "file",
  "login",
  /** Operates switching equipment: select, operate, cancel. */
  "control",
  /** Changes parameters or names of the device. */
  "configure",
  "time-set",
  /** Program to the device. */
  "download",
  /** Program from the device. */
  "upload",
  /** Run, stop, program mode. */
  "mode",
  "stop",
  "restart",
  "firmware",
  /** Overrides inputs or outputs. */
  "force",
] as const;
export type CommandClass = (typeof commandClasses)[number];
export const criticalFrom: number = commandClasses.indexOf("download");
/** Commands of this class change what a device does: they alarm each time. */
export const isCritical = (kind: CommandClass): boolean => commandClasses.indexOf(kind) >= criticalFrom;

/** `request`, `response`, `error` (the device refused), `event` (nobody asked). */
export const outcomes = ["request", "response", "error", "event"] as const;
export type Outcome = (typeof outcomes)[number];

/** What a packet says of a device. Each value is an identifier or a name, never a process value. */
export const attributes = [
  "name",
  "vendor",
  "model",
  "order-number",
  "firmware",
  "hardware",
  "serial",
  "os",
  "description",
  "location",
  "domain",
  "application",
  /** A role that the device states of itself: `plc`, `hmi`, `drive` … (analysis/roles.ts). */
  "role",
  /** A numeric device type or product code as `protocol:number`. */
  "device-type",
  /** Switch port that a neighbour tells by LLDP or CDP, `switch|port`. */
  "attached-to",
  "vlan",
  "user-agent",
  "ja4",
  "tcp-fingerprint",
  "dhcp-fingerprint",
  "server-software",
  "capability",
  "station-address",
  "gateway",
  "dns-server",
] as const;
export type Attribute = (typeof attributes)[number];

/** How an address was bound to a MAC. */
export const bindings = ["arp-request", "arp-reply", "arp-gratuitous", "arp-probe", "nd", "dhcp", "traffic"] as const;
export type BindingKind = (typeof bindings)[number];

/** Weak or dangerous ways of working that a conversation shows. */
export const weaknesses = [
  "cleartext-login",
  "anonymous-login",
  "default-community",
  "smb1",
  "ntlm-v1",
  "tls-old",
  "ssh-1",
  "telnet",
  "snmp-cleartext",
  "ftp",
  "vnc-no-authentication",
  "rdp-no-nla",
  "http-basic",
  "opcua-no-security",
  "mqtt-no-tls",
  "llmnr",
  "weak-cipher",
  "default-login",
  "certificate-expired",
] as const;
export type Weakness = (typeof weaknesses)[number];

/** Odd traffic of every protocol; a dissector's own oddities are named in its `weirds` and sent as protocol and number from 64 on. */
export const commonWeirds = [
  "truncated",
  "bad-length",
  "bad-checksum",
  "unknown-function",
  "bad-version",
  "bad-value",
  "out-of-sync",
  "too-deep",
  "too-long",
  "response-without-request",
  "ip-fragment-overlap",
  "tcp-overlap",
  "tcp-gap",
  "bad-ip-header",
  "bad-tcp-header",
] as const;
export type CommonWeird = (typeof commonWeirds)[number];
export const FIRST_OWN_WEIRD = 64;
