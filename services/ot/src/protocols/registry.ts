/** Every dissector, one line each. The order within a section is the order in which an unknown conversation is shown to them. */
import { bsap } from "./bsap.ts";
import { c1222 } from "./c1222.ts";
import { cip } from "./cip.ts";
import { cotp } from "./cotp.ts";
import type { Dissector } from "./dissector.ts";
import { dnp3 } from "./dnp3.ts";
import { enip } from "./enip.ts";
import { genisys } from "./genisys.ts";
import { goose } from "./goose.ts";
import { iec104 } from "./iec104.ts";
import { lontalk } from "./lontalk.ts";
import { mms } from "./mms.ts";
import { modbus } from "./modbus.ts";
import { opcua } from "./opcua.ts";
import { rocPlus } from "./roc-plus.ts";
import { s7commPlus } from "./s7comm-plus.ts";
import { s7comm } from "./s7comm.ts";
import { sv } from "./sv.ts";
import { synchrophasor } from "./synchrophasor.ts";
import { cclinkIeControl } from "./cclink-ie-control.ts";
import { cclinkIeField } from "./cclink-ie-field.ts";
import { cclinkIeTsn } from "./cclink-ie-tsn.ts";
import { cclinkIefBasic } from "./cclink-ief-basic.ts";
import { fins } from "./fins.ts";
import { melsoft } from "./melsoft.ts";
import { profinetDcp } from "./profinet-dcp.ts";
import { profinetRt } from "./profinet-rt.ts";
import { bacnet } from "./bacnet.ts";
import { profinetCm } from "./profinet-cm.ts";
import { flNet } from "./fl-net.ts";
import { ethercat } from "./ethercat.ts";
import { ptp } from "./ptp.ts";
import { hartIp } from "./hart-ip.ts";
import { powerlink } from "./powerlink.ts";
import { fox } from "./fox.ts";
import { geSrtp } from "./ge-srtp.ts";
import { slmp } from "./slmp.ts";
import { arp } from "./arp.ts";
import { dhcp } from "./dhcp.ts";
import { dns } from "./dns.ts";
import { lldp } from "./lldp.ts";
import { llmnr } from "./llmnr.ts";
import { mdns } from "./mdns.ts";
import { nbDatagram } from "./nb-datagram.ts";
import { nbns } from "./nbns.ts";
import { snmp } from "./snmp.ts";
import { smb1 } from "./smb1.ts";
import { smb2 } from "./smb2.ts";
import { dcerpc } from "./dcerpc.ts";
import { ssdp } from "./ssdp.ts";
import { tls } from "./tls.ts";
import { http } from "./http.ts";
import { quic } from "./quic.ts";
import { cdp } from "./cdp.ts";
import { stp } from "./stp.ts";
import { ntp } from "./ntp.ts";
import { ssh } from "./ssh.ts";
import { ftp } from "./ftp.ts";
import { telnet } from "./telnet.ts";
import { dhcpv6 } from "./dhcpv6.ts";
import { rdp } from "./rdp.ts";
import { vnc } from "./vnc.ts";
import { kerberos } from "./kerberos.ts";
import { mqtt } from "./mqtt.ts";
import { igmp } from "./igmp.ts";
import { smtp } from "./smtp.ts";
import { pop3 } from "./pop3.ts";
import { imap } from "./imap.ts";
import { sip } from "./sip.ts";
import { ldap } from "./ldap.ts";
import { tftp } from "./tftp.ts";
import { syslog } from "./syslog.ts";
import { tds } from "./tds.ts";
import { radius } from "./radius.ts";
import { dtls } from "./dtls.ts";
import { stun } from "./stun.ts";
import { gre } from "./gre.ts";
import { ipsec } from "./ipsec.ts";
import { ike } from "./ike.ts";
import { ospf } from "./ospf.ts";
import { pim } from "./pim.ts";
import { loopback } from "./loopback.ts";
import { pppp } from "./pppp.ts";
import { postgresql } from "./postgresql.ts";

export const dissectors: readonly Dissector[] = [
  // Factory: power, process and PLCs of the West
  modbus,
  cotp,
  s7comm,
  s7commPlus,
  mms,
  enip,
  cip,
  iec104,
  dnp3,
  goose,
  sv,
  opcua,
  synchrophasor,
  genisys,
  rocPlus,
  bsap,
  c1222,
  lontalk,
  // Factory: PROFINET, building, Japanese makers, fieldbus on Ethernet
  profinetDcp,
  profinetRt,
  profinetCm,
  bacnet,
  cclinkIefBasic,
  melsoft,
  slmp,
  cclinkIeField,
  cclinkIeControl,
  cclinkIeTsn,
  fins,
  flNet,
  hartIp,
  geSrtp,
  fox,
  ethercat,
  powerlink,
  ptp,
  // Office: link, addresses, names
  arp,
  lldp,
  dhcp,
  dns,
  mdns,
  llmnr,
  nbns,
  nbDatagram,
  snmp,
  ssdp,
  cdp,
  stp,
  ntp,
  dhcpv6,
  igmp,
  // Office: sessions
  smb2,
  smb1,
  dcerpc,
  tls,
  http,
  quic,
  ssh,
  ftp,
  telnet,
  rdp,
  vnc,
  kerberos,
  mqtt,
  smtp,
  pop3,
  imap,
  sip,
  ldap,
  tftp,
  syslog,
  tds,
  radius,
  postgresql,
  dtls,
  stun,
  pppp,
  // Office: tunnels and routers
  ike,
  ipsec,
  gre,
  ospf,
  pim,
  loopback,
];
