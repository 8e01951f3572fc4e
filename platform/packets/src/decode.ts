/**
 * A frame → `Packet`: link layer, tags, IP with its options, extension headers and fragments, TCP, UDP, ICMP. Never throws; an
 * odd header is told in `weird` and ends the decoding there. Bounded: MAX_TAGS, MAX_EXTENSIONS, MAX_TUNNELS.
 */
import { IpDecoder } from "./ip.ts";
import { headerWeirds, kinds, type Packet } from "./packet.ts";

/** VLAN tags, MPLS labels and PPPoE headers in one frame. */
export const MAX_TAGS = 6;

/** Link types (tcpdump.org/linktypes). */
export const links = { null: 0, ethernet: 1, ppp: 9, pppHdlc: 50, raw: 101, loop: 108, cooked: 113, ipv4: 228, ipv6: 229, cooked2: 276 } as const; // prettier-ignore

export class Decoder extends IpDecoder {
  /** Decodes [from, to) of `bytes` into `packet`. */
  decode(bytes: Uint8Array, from: number, to: number, wireLength: number, time: number, linkType: number): Packet {
    const p = this.packet;
    p.bytes = bytes;
    p.from = from;
    p.to = to;
    p.wireLength = wireLength;
    p.time = time;
    p.kind = kinds.none;
    p.weird = 0;
    p.truncated = wireLength > to - from;
    p.vlan = 0;
    p.tags = 0;
    p.type = 0;
    p.ipVersion = 0;
    p.payload = bytes;
    p.payloadFrom = to;
    p.payloadTo = to;
    p.payloadLength = 0;
    this.depth = 0;
    if (linkType === links.ethernet) this.ethernet(from, to);
    else this.#otherLink(linkType, from, to);
    return p;
  }

  /** Ethernet II or 802.3, with tags. */
  protected override ethernet(from: number, to: number): void {
    const p = this.packet;
    const b = p.bytes;
    if (from + 14 > to) {
      this.#noMac();
      p.weird = headerWeirds.truncated;
      return;
    }
    p.destinationMacHigh = ((b[from] as number) << 8) | (b[from + 1] as number);
    p.destinationMacLow = ((b[from + 2] as number) << 24) | ((b[from + 3] as number) << 16) | ((b[from + 4] as number) << 8) | (b[from + 5] as number); // prettier-ignore
    p.sourceMacHigh = ((b[from + 6] as number) << 8) | (b[from + 7] as number);
    p.sourceMacLow = ((b[from + 8] as number) << 24) | ((b[from + 9] as number) << 16) | ((b[from + 10] as number) << 8) | (b[from + 11] as number); // prettier-ignore
    const type = ((b[from + 12] as number) << 8) | (b[from + 13] as number);
    if (type === 0x0800) this.ipv4(from + 14, to);
    else this.#typed(type, from + 14, to);
  }

  #noMac(): void {
    const p = this.packet;
    p.sourceMacHigh = 0;
    p.sourceMacLow = 0;
    p.destinationMacHigh = 0;
    p.destinationMacLow = 0;
  }

  /** What stands behind an EtherType; takes off tags until something else comes. */
  #typed(firstType: number, from: number, to: number): void {
    const p = this.packet;
    const b = p.bytes;
    let type = firstType;
    let at = from;
    for (let tags = 0; tags < MAX_TAGS; tags++) {
      // 802.1Q, 802.1ad and its older numbers: tag control information, EtherType.
      const isTag = type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200;
      // HSR (IEC 62439-3: path and size, sequence, EtherType), R-TAG (802.1CB: reserved, sequence, EtherType).
      const size = isTag ? 4 : type === 0x892f || type === 0xf1c1 ? 6 : 0;
      if (size === 0) break;
      if (at + size > to) {
        p.weird = headerWeirds.truncated;
        return;
      }
      if (isTag) {
        const id = (((b[at] as number) << 8) | (b[at + 1] as number)) & 0xfff;
        if (id !== 0) p.vlan = id;
        p.tags++;
      }
      type = ((b[at + size - 2] as number) << 8) | (b[at + size - 1] as number);
      at += size;
    }
    if (type === 0x0800) this.ipv4(at, to);
    else if (type === 0x86dd) this.ipv6(at, to);
    else if (type <= 1_500) this.#llc(at, Math.min(to, at + type));
    else if (type === 0x8847 || type === 0x8848) this.#mpls(at, to);
    else if (type === 0x8864 && at + 8 <= to) this.#ppp(at + 6, to);
    else this.#payload(kinds.ethernet, type, at, to);
  }

  #payload(kind: typeof kinds.ethernet | typeof kinds.llc, type: number, at: number, to: number): void {
    const p = this.packet;
    p.kind = kind;
    p.type = type;
    p.sourcePort = 0;
    p.destinationPort = 0;
    p.payloadFrom = at;
    p.payloadTo = Math.max(at, to);
    p.payloadLength = p.payloadTo - at;
  }

  /** 802.2 (ISO 8802-2): DSAP, SSAP, control of one or two bytes; with 0xaa a SNAP header. */
  #llc(at: number, to: number): void {
    const p = this.packet;
    const b = p.bytes;
    if (at + 3 > to) {
      p.weird = headerWeirds.truncated;
      return;
    }
    const dsap = b[at] as number;
    if (dsap === 0xaa && b[at + 1] === 0xaa && at + 8 <= to) {
      const oui = ((b[at + 3] as number) << 16) | ((b[at + 4] as number) << 8) | (b[at + 5] as number);
      const protocol = ((b[at + 6] as number) << 8) | (b[at + 7] as number);
      if (oui === 0 && protocol === 0x0800) this.ipv4(at + 8, to);
      else if (oui === 0 && protocol === 0x86dd) this.ipv6(at + 8, to);
      else this.#payload(kinds.llc, oui === 0 ? 0xaa_0000 + protocol : oui * 65_536 + protocol, at + 8, to);
      return;
    }
    const control = ((b[at + 2] as number) & 3) === 3 ? 1 : 2;
    this.#payload(kinds.llc, dsap, Math.min(to, at + 2 + control), to);
  }

  /** MPLS (RFC 3032): labels down to the bottom of the stack; the first nibble behind tells the version of IP. */
  #mpls(from: number, to: number): void {
    const b = this.packet.bytes;
    let at = from;
    for (let labels = 0; labels < MAX_TAGS && at + 4 < to; labels++) {
      const bottom = ((b[at + 2] as number) & 1) === 1;
      at += 4;
      if (bottom) return this.bareIp(at, to);
    }
    this.#payload(kinds.ethernet, 0x8847, from, to);
  }

  /** PPP (RFC 1661): address and control may be left out, the protocol has one byte when that is odd. */
  #ppp(from: number, to: number): void {
    const b = this.packet.bytes;
    let at = from;
    if (b[at] === 0xff && b[at + 1] === 3) at += 2;
    if (at + 2 > to) return;
    let protocol = b[at] as number;
    at++;
    if ((protocol & 1) === 0) {
      protocol = (protocol << 8) | (b[at] as number);
      at++;
    }
    if (protocol === 0x21) this.ipv4(at, to);
    else if (protocol === 0x57) this.ipv6(at, to);
  }

  #otherLink(linkType: number, from: number, to: number): void {
    this.#noMac();
    const b = this.packet.bytes;
    if (linkType === links.cooked && from + 16 <= to) {
      // Kind of packet, ARPHRD, length of address, address, EtherType (LINKTYPE_LINUX_SLL).
      this.#cookedMac(((b[from + 4] as number) << 8) | (b[from + 5] as number), from + 6);
      this.#typed(((b[from + 14] as number) << 8) | (b[from + 15] as number), from + 16, to);
    } else if (linkType === links.cooked2 && from + 20 <= to) {
      this.#cookedMac(b[from + 11] as number, from + 12);
      this.#typed(((b[from] as number) << 8) | (b[from + 1] as number), from + 20, to);
    } else if (linkType === links.ppp || linkType === links.pppHdlc) this.#ppp(from, to);
    else if (
      linkType === links.raw ||
      linkType === 12 ||
      linkType === 14 ||
      linkType === links.ipv4 ||
      linkType === links.ipv6
    )
      this.bareIp(from, to); // prettier-ignore
    else if ((linkType === links.null || linkType === links.loop) && from + 4 <= to) this.bareIp(from + 4, to);
  }

  #cookedMac(length: number, at: number): void {
    if (length !== 6) return;
    const p = this.packet;
    const b = p.bytes;
    p.sourceMacHigh = ((b[at] as number) << 8) | (b[at + 1] as number);
    p.sourceMacLow = ((b[at + 2] as number) << 24) | ((b[at + 3] as number) << 16) | ((b[at + 4] as number) << 8) | (b[at + 5] as number); // prettier-ignore
  }
}
