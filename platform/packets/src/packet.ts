/** What the decoder finds in a frame. One object for all packets. */

/** How far a frame was understood; the first six are the transports of metadata, in their order. */
export const kinds = { ethernet: 0, llc: 1, ip: 2, icmp: 3, tcp: 4, udp: 5, none: 6, fragment: 7 } as const;
export type Kind = (typeof kinds)[keyof typeof kinds];

/** Oddities of headers; 0 is none. */
export const headerWeirds = { none: 0, truncated: 1, badIp: 2, badTcp: 3, overlap: 4, badLength: 5 } as const;

export const tcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

export class Packet {
  /** The frame as captured: [from, to) of `bytes`. */
  bytes: Uint8Array = new Uint8Array(0);
  from = 0;
  to = 0;
  /** Bytes on the wire; for a packet put together from fragments, of all of them. */
  wireLength = 0;
  /** µs since the epoch. */
  time = 0;
  kind: Kind = kinds.none;
  weird = 0;
  /** The capture kept only the beginning. */
  truncated = false;

  /** MAC addresses as 16 and 32 bits (signed); all 0 where the link has none. */
  sourceMacHigh = 0;
  sourceMacLow = 0;
  destinationMacHigh = 0;
  destinationMacLow = 0;
  /** Innermost VLAN that is not 0, and how many tags there were. */
  vlan = 0;
  tags = 0;
  /** EtherType; of an 802.2 frame the DSAP, 0xaa0000 + the SNAP protocol with OUI 0, else OUI * 65536 + protocol. */
  type = 0;

  /** 4, 6 or 0; where the addresses lie in `bytes`; those of IPv4 as signed 32 bits. */
  ipVersion = 0;
  sourceAt = 0;
  destinationAt = 0;
  source = 0;
  destination = 0;
  /** IP protocol number behind all extension headers; time to live; identification of IPv4. */
  protocol = 0;
  ttl = 0;
  identification = 0;

  /** Ports of TCP and UDP; type and code of ICMP. */
  sourcePort = 0;
  destinationPort = 0;
  flags = 0;
  /** Sequence numbers as signed 32 bits. */
  sequence = 0;
  acknowledgement = 0;
  window = 0;
  checksum = 0;

  /** Payload of the innermost layer: [payloadFrom, payloadTo) of `payload`, which is not `bytes` after fragments. */
  payload: Uint8Array = this.bytes;
  payloadFrom = 0;
  payloadTo = 0;
  /** As the headers say it: more than payloadTo − payloadFrom where the capture kept only the beginning. */
  payloadLength = 0;
}
