/**
 * How far a source is believed, by what it says. A device that states its own identity by an industrial protocol is believed
 * most; a guess from the habits of its TCP stack least.
 */
import type { AssetAttribute, Evidence } from "../model.ts";

type Source = Evidence["source"];
const ranks: Readonly<Partial<Record<Source, number>>> = {
  hand: 1,
  register: 0.9,
  // Identity objects that the device keeps of itself, in the order of how exact they are.
  cip: 0.95,
  enip: 0.95,
  s7comm: 0.94,
  "s7comm-plus": 0.93,
  bacnet: 0.92,
  "profinet-dcp": 0.9,
  "profinet-cm": 0.91,
  opcua: 0.88,
  melsoft: 0.88,
  slmp: 0.88,
  "cclink-ief-basic": 0.87,
  "cclink-ie-field": 0.87,
  "cclink-ie-control": 0.87,
  "cclink-ie-tsn": 0.87,
  fins: 0.87,
  "ge-srtp": 0.86,
  modbus: 0.86,
  mms: 0.86,
  "hart-ip": 0.85,
  ethercat: 0.85,
  powerlink: 0.85,
  "fl-net": 0.85,
  fox: 0.84,
  iec104: 0.8,
  dnp3: 0.84,
  synchrophasor: 0.8,
  // What network equipment tells of itself.
  lldp: 0.82,
  cdp: 0.81,
  snmp: 0.78,
  // Office protocols.
  smb1: 0.74,
  smb2: 0.74,
  dcerpc: 0.72,
  rdp: 0.72,
  "nb-datagram": 0.68,
  nbns: 0.66,
  dhcp: 0.62,
  dhcpv6: 0.6,
  mdns: 0.6,
  llmnr: 0.55,
  ssdp: 0.58,
  kerberos: 0.6,
  dns: 0.5,
  // Banners.
  ssh: 0.52,
  http: 0.5,
  ftp: 0.5,
  telnet: 0.45,
  smtp: 0.45,
  sip: 0.5,
  vnc: 0.45,
  mqtt: 0.4,
  tls: 0.4,
  ntp: 0.35,
  tcp: 0.35,
  behaviour: 0.4,
  oui: 0.35,
};
/** What is inferred from a fingerprint and not stated. */
const guesses: Readonly<Partial<Record<AssetAttribute, number>>> = {
  "tcp-fingerprint": 0.3,
  "dhcp-fingerprint": 0.4,
  ja4: 0.3,
  "user-agent": 0.5,
};

export function confidenceOf(source: Source, attribute: AssetAttribute): number {
  if (source !== "hand" && source !== "register" && guesses[attribute] !== undefined) return guesses[attribute];
  return ranks[source] ?? 0.4;
}
