/**
 * Disagreements whose bytes were looked at and where the stored output is wrong or counts something else. The messages
 * in question are left out of that one comparison and listed on the page, so that what remains is ours to explain.
 */
import type { ProtocolName } from "@yagura/ot/wire/vocabulary.ts";

export interface LookedAt {
  /** End of the capture's name. */
  readonly capture: string;
  readonly protocol: ProtocolName;
  readonly what?: "messages" | "functions" | "identities";
  readonly against: "zeek" | "tshark" | "suricata";
  /** Keys that differ, as a sum; when more differ than were looked at, all count again. */
  readonly differs: number;
  /** What differs, and why it is not ours. */
  readonly why: string;
}

export const lookedAt: readonly LookedAt[] = [
  {
    capture: "modbus_test_data_part1.pcap",
    protocol: "modbus",
    against: "suricata",
    differs: 11,
    why: "11 requests without an answer: Suricata writes an event when the answer comes.",
  },
  {
    capture: "modbus_example.pcap",
    protocol: "modbus",
    against: "suricata",
    differs: 2,
    why: "A request and its exception: no event of Suricata; Zeek and tshark have both.",
  },
  {
    capture: "dnp3_test_data_part1.pcap",
    protocol: "dnp3",
    against: "suricata",
    differs: 13,
    why: "13 confirmations: Suricata writes none.",
  },
  {
    capture: "all_opcodes_tcp.pcap",
    protocol: "roc-plus",
    against: "zeek",
    differs: 4,
    why: "Two error answers (opcode 255) are told here as refusals of the opcodes that they name.",
  },
  { capture: "all_opcodes_udp.pcap", protocol: "roc-plus", against: "zeek", differs: 4, why: "As above." },
  {
    capture: "open62541_client-server_encrypted.pcap",
    protocol: "opcua",
    against: "tshark",
    differs: 11,
    why: "Encrypted services: told here as such, tshark shows no service.",
  },
  {
    capture: "python_opcua-client-server_encrypted.pcap",
    protocol: "opcua",
    against: "tshark",
    differs: 2,
    why: "An encrypted OpenSecureChannel: its message type says what it is, tshark shows no service.",
  },
  {
    capture: "dnp3_example.pcap",
    protocol: "dnp3",
    against: "zeek",
    differs: 25,
    why: "25 Select and Operate without an answer: Zeek writes a row when the answer comes.",
  },
  {
    capture: "opcua_with-gap.pcap",
    protocol: "opcua",
    against: "zeek",
    differs: 167,
    why: "Bytes are missing in the stream: Zeek's parser stops there, tshark and the sensor read on.",
  },
  {
    capture: "opcua_with-gap_with-handshake.pcap",
    protocol: "opcua",
    against: "zeek",
    differs: 167,
    why: "As above, with the handshake.",
  },
  {
    capture: "ActivateSession-diagInfo.pcap",
    protocol: "opcua",
    against: "tshark",
    differs: 40,
    why: "20 ServiceFaults: here they are told as refusals of the Publish that they answer.",
  },
  {
    capture: "s7ident.pcap",
    protocol: "s7comm",
    against: "zeek",
    differs: 4,
    why: "Four acknowledgements without a parameter (ROSCTR 2): here told as answers to the job, Zeek has no function for them.",
  },
  {
    capture: "s7ident.pcap",
    protocol: "s7comm",
    against: "tshark",
    differs: 4,
    why: "As above.",
  },
  {
    capture: "snap7.pcap",
    protocol: "s7comm",
    against: "zeek",
    differs: 3,
    why: "A Read SZL that goes on in a second part, and an acknowledgement without a parameter; tshark agrees on the first.",
  },
  {
    capture: "profinet_io_cm.pcap",
    protocol: "profinet-cm",
    against: "zeek",
    differs: 3,
    why: "Three Write requests in two fragments: Zeek writes a row for each fragment.",
  },
  {
    capture: "profinet_io_cm_write.pcapng",
    protocol: "profinet-cm",
    against: "zeek",
    differs: 3,
    why: "As above.",
  },
  {
    capture: "profinet_io_cm_mixed_1.pcap",
    protocol: "profinet-cm",
    against: "zeek",
    differs: 8,
    why: "A mirror copied every frame twice within 4 µs: the sensor counts it once.",
  },
  {
    capture: "bacnet_error_reject_abort.pcap",
    protocol: "bacnet",
    against: "zeek",
    differs: 5,
    why: "Errors made by hand whose service is not that of the request with their invoke id; rejects and aborts are told as refusals of the request.",
  },
  {
    capture: "bacnet_error_reject_abort.pcap",
    protocol: "bacnet",
    against: "tshark",
    differs: 3,
    why: "As above.",
  },
  {
    capture: "icsnpp-omron-fins/testing/traces/omron.pcap",
    protocol: "fins",
    against: "zeek",
    differs: 12,
    why: "Program area commands 0x0306 to 0x0308 carry the numbers 0x0303 to 0x0305 in Zeek's log; the bytes and tshark say 0x0306.",
  },
  {
    capture: "all_types_and_commands_sent.pcapng",
    protocol: "hart-ip",
    against: "tshark",
    differs: 76,
    why: "Several messages in one TCP segment: tshark shows the first; Zeek's log has them all. Commands of Direct PDUs are not in tshark's field.",
  },
  {
    capture: "hart-ip_all_messageIDs.pcapng",
    protocol: "hart-ip",
    against: "tshark",
    differs: 4,
    why: "As above.",
  },
  {
    capture: "hart-ip_publish_and_keepAlive.pcapng",
    protocol: "hart-ip",
    what: "messages",
    against: "tshark",
    differs: 2,
    why: "As above.",
  },
  {
    capture: "zeek-parser-DHCPv6-COM/testing/Traces/test.pcap",
    protocol: "dhcpv6",
    against: "zeek",
    differs: 4,
    why: "The README's table has a word appended to the host names that the packets do not carry.",
  },
  {
    capture: "zeek-parser-CIFS-NBNS-COM/testing/Traces/test.pcap",
    protocol: "nbns",
    against: "zeek",
    differs: 2,
    why: "The parser drops the fifteenth character of the name: the packets say MACBOOKAIR-4351.",
  },
  {
    capture: "mdns-no-assoc.pcap",
    protocol: "mdns",
    against: "zeek",
    differs: 3,
    why: "Three names of answers that nobody asked for: Zeek writes them as queries.",
  },
  {
    capture: "C37.118_2PMUsInSync_TCP.pcap",
    protocol: "nb-datagram",
    against: "tshark",
    differs: 2,
    why: "tshark's field is the workgroup of a Domain Announcement; the name here is that of the sender.",
  },
  {
    capture: "tls12-decryption.pcap",
    protocol: "http",
    against: "zeek",
    differs: 1,
    why: "HTTP inside TLS, decrypted by Zeek with the session's keys.",
  },
  {
    capture: "mixed-vlan-mpls.pcap",
    protocol: "http",
    against: "zeek",
    differs: 1,
    why: "Packets inside MPLS, which does not reach a factory's mirror port: not decoded.",
  },
  {
    capture: "missing_krbtgt_ldap_request.pcapng",
    protocol: "ldap",
    against: "zeek",
    differs: 1,
    why: "Operations inside SASL's signed buffers: not opened here.",
  },
  { capture: "missing_ldap_logs.pcapng", protocol: "ldap", against: "zeek", differs: 1, why: "As above." },
  { capture: "ldap/modify-request.pcapng", protocol: "ldap", against: "zeek", differs: 2, why: "As above." },
  {
    capture: "GOOSE_truncated.pcap",
    protocol: "goose",
    against: "tshark",
    differs: 1,
    why: "A frame cut in the middle of its PDU: tshark shows the field before the cut, here it is malformed traffic.",
  },
];
