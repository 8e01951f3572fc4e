/**
 * A frame → `Packet`: link layer, tags, IP with its options, extension headers and fragments, TCP, UDP, ICMP. Never throws; an
 * odd header is told in `weird` and ends the decoding there. Bounded: MAX_TAGS, MAX_EXTENSIONS, MAX_TUNNELS.
 */
import { Fragments } from "./fragments.ts";
import { headerWeirds, kinds, Packet } from "./packet.ts";

/** VLAN tags, MPLS labels and PPPoE headers in one frame. */
export const MAX_TAGS = 6;
/** Extension headers of one IPv6 packet. */
export const MAX_EXTENSIONS = 8;
/** Packets within packets (GRE, ERSPAN, VXLAN, IP in IP). */
export const MAX_TUNNELS = 3;

/** Link types (tcpdump.org/linktypes). */
export const links = { null: 0, ethernet: 1, ppp: 9, pppHdlc: 50, raw: 101, loop: 108, cooked: 113, ipv4: 228, ipv6: 229, cooked2: 276 } as const; // prettier-ignore

const VXLAN_PORT = 4_789;

export class Decoder {
  readonly packet = new Packet();
  readonly fragments = new Fragments();
  #depth = 0;

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
    this.#depth = 0;
    if (linkType === links.ethernet) this.#ethernet(from, to);
    else this.#otherLink(linkType, from, to);
    return p;
  }

  /** Ethernet II or 802.3, with tags. */
  #ethernet(from: number, to: number): void {
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
    if (type === 0x0800) this.#ipv4(from + 14, to);
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
    if (type === 0x0800) this.#ipv4(at, to);
    else if (type === 0x86dd) this.#ipv6(at, to);
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
      if (oui === 0 && protocol === 0x0800) this.#ipv4(at + 8, to);
      else if (oui === 0 && protocol === 0x86dd) this.#ipv6(at + 8, to);
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
      if (bottom) return this.#bareIp(at, to);
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
    if (protocol === 0x21) this.#ipv4(at, to);
    else if (protocol === 0x57) this.#ipv6(at, to);
  }

  #bareIp(at: number, to: number): void {
    const version = at < to ? (this.packet.bytes[at] as number) >> 4 : 0;
    if (version === 4) this.#ipv4(at, to);
    else if (version === 6) this.#ipv6(at, to);
    else this.packet.weird = headerWeirds.badIp;
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
      this.#bareIp(from, to); // prettier-ignore
    else if ((linkType === links.null || linkType === links.loop) && from + 4 <= to) this.#bareIp(from + 4, to);
  }

  #cookedMac(length: number, at: number): void {
    if (length !== 6) return;
    const p = this.packet;
    const b = p.bytes;
    p.sourceMacHigh = ((b[at] as number) << 8) | (b[at + 1] as number);
    p.sourceMacLow = ((b[at + 2] as number) << 24) | ((b[at + 3] as number) << 16) | ((b[at + 4] as number) << 8) | (b[at + 5] as number); // prettier-ignore
  }

  /** IPv4 (RFC 791 section 3.1). */
  #ipv4(at: number, to: number): void {
    const p = this.packet;
    const b = p.bytes;
    if (at + 20 > to) {
      p.weird = headerWeirds.truncated;
      return;
    }
    const first = b[at] as number;
    const header = (first & 15) << 2;
    const said = ((b[at + 2] as number) << 8) | (b[at + 3] as number);
    // A length of 0 is what a network card with segmentation offload leaves.
    const total = said === 0 ? to - at : said;
    if (first >> 4 !== 4 || header < 20 || total < header || at + header > to) {
      p.weird = headerWeirds.badIp;
      return;
    }
    p.ipVersion = 4;
    p.sourceAt = at + 12;
    p.destinationAt = at + 16;
    p.source = ((b[at + 12] as number) << 24) | ((b[at + 13] as number) << 16) | ((b[at + 14] as number) << 8) | (b[at + 15] as number); // prettier-ignore
    p.destination = ((b[at + 16] as number) << 24) | ((b[at + 17] as number) << 16) | ((b[at + 18] as number) << 8) | (b[at + 19] as number); // prettier-ignore
    p.protocol = b[at + 9] as number;
    p.ttl = b[at + 8] as number;
    p.identification = ((b[at + 4] as number) << 8) | (b[at + 5] as number);
    const end = at + total;
    if (end > to && !p.truncated) p.weird = headerWeirds.badLength;
    const fragment = ((b[at + 6] as number) << 8) | (b[at + 7] as number);
    if ((fragment & 0x3fff) === 0) this.#transport(at + header, end, to);
    else this.#fragment(at + 12, 8, p.identification, at + header, Math.min(end, to), (fragment & 0x1fff) << 3, (fragment & 0x2000) !== 0); // prettier-ignore
  }

  /** IPv6 (RFC 8200 sections 3 and 4). */
  #ipv6(at: number, to: number): void {
    const p = this.packet;
    const b = p.bytes;
    if (at + 40 > to) {
      p.weird = headerWeirds.truncated;
      return;
    }
    if ((b[at] as number) >> 4 !== 6) {
      p.weird = headerWeirds.badIp;
      return;
    }
    p.ipVersion = 6;
    p.sourceAt = at + 8;
    p.destinationAt = at + 24;
    p.source = 0;
    p.destination = 0;
    p.ttl = b[at + 7] as number;
    p.identification = 0;
    const length = ((b[at + 4] as number) << 8) | (b[at + 5] as number);
    const end = length === 0 ? to : at + 40 + length;
    if (end > to && !p.truncated) p.weird = headerWeirds.badLength;
    p.protocol = b[at + 6] as number;
    this.#extensions(at + 8, at + 40, end, to);
  }

  /** Extension headers: each names the next and its length in units of eight bytes, the authentication header of four. */
  #extensions(addressAt: number, from: number, end: number, to: number): void {
    const p = this.packet;
    const b = p.bytes;
    let at = from;
    for (let count = 0; ; count++) {
      const next = p.protocol;
      if (next === 44) {
        if (at + 8 > to) break;
        const word = ((b[at + 2] as number) << 8) | (b[at + 3] as number);
        const id = ((b[at + 4] as number) << 24) | ((b[at + 5] as number) << 16) | ((b[at + 6] as number) << 8) | (b[at + 7] as number); // prettier-ignore
        p.protocol = b[at] as number;
        at += 8;
        if ((word & 0xfff9) === 0) continue;
        return this.#fragment(addressAt, 32, id, at, Math.min(end, to), word & 0xfff8, (word & 1) === 1);
      }
      if (next !== 0 && next !== 43 && next !== 60 && next !== 51 && next !== 135 && next !== 139 && next !== 140)
        return this.#transport(at, end, to);
      if (at + 8 > to || count >= MAX_EXTENSIONS) break;
      p.protocol = b[at] as number;
      const length = b[at + 1] as number;
      at += next === 51 ? (length + 2) << 2 : (length + 1) << 3;
      if (at > to) break;
    }
    p.weird = headerWeirds.badIp;
  }

  #fragment(
    addressAt: number,
    addressLength: number,
    id: number,
    from: number,
    to: number,
    offset: number,
    more: boolean,
  ): void {
    const p = this.packet;
    p.kind = kinds.fragment;
    const { fragments } = this;
    const { bytes, protocol, vlan, time, wireLength } = p;
    const length = fragments.add(bytes, addressAt, addressLength, id, protocol, vlan, from, to, offset, more, time, wireLength); // prettier-ignore
    if (fragments.overlap) p.weird = headerWeirds.overlap;
    if (length < 0) return;
    p.kind = kinds.none;
    p.wireLength = fragments.wireLength;
    p.payload = fragments.whole;
    this.#transport(0, length, length);
  }

  /** TCP, UDP, ICMP or what else; `end` is where the IP packet ends, `to` where the capture does. */
  #transport(at: number, end: number, to: number): void {
    const p = this.packet;
    const b = p.payload;
    const { protocol } = p;
    if (protocol === 6) return this.#tcp(at, end, to);
    if (protocol === 17) {
      if (at + 8 > to || at + 8 > end) {
        p.weird = headerWeirds.truncated;
        return;
      }
      const length = ((b[at + 4] as number) << 8) | (b[at + 5] as number);
      if ((length < 8 && length !== 0) || at + length > end) p.weird = headerWeirds.badLength;
      const stop = length < 8 || at + length > end ? end : at + length;
      p.sourcePort = ((b[at] as number) << 8) | (b[at + 1] as number);
      p.destinationPort = ((b[at + 2] as number) << 8) | (b[at + 3] as number);
      p.checksum = ((b[at + 6] as number) << 8) | (b[at + 7] as number);
      if (p.destinationPort === VXLAN_PORT && this.#inEthernet(at + 16, to)) return;
      return this.#body(kinds.udp, at + 8, stop, to);
    }
    if (protocol === 1 || protocol === 58) {
      p.sourcePort = at < to ? (b[at] as number) : 0;
      p.destinationPort = at + 1 < to ? (b[at + 1] as number) : 0;
      return this.#body(kinds.icmp, at, end, to);
    }
    if ((protocol === 47 && this.#gre(at, to)) || ((protocol === 4 || protocol === 41) && this.#inIp(at, to))) return;
    p.sourcePort = 0;
    p.destinationPort = 0;
    this.#body(kinds.ip, at, end, to);
  }

  #body(kind: typeof kinds.ip | typeof kinds.icmp | typeof kinds.udp, at: number, end: number, to: number): void {
    const p = this.packet;
    p.kind = kind;
    p.payloadFrom = Math.min(at, to);
    p.payloadTo = Math.max(p.payloadFrom, Math.min(end, to));
    p.payloadLength = Math.max(0, end - at);
  }

  /** TCP (RFC 9293 section 3.1). */
  #tcp(at: number, end: number, to: number): void {
    const p = this.packet;
    const b = p.payload;
    if (at + 20 > to) {
      p.weird = headerWeirds.truncated;
      return;
    }
    const header = ((b[at + 12] as number) >> 4) << 2;
    if (header < 20 || at + header > end) {
      p.weird = headerWeirds.badTcp;
      return;
    }
    p.kind = kinds.tcp;
    p.sourcePort = ((b[at] as number) << 8) | (b[at + 1] as number);
    p.destinationPort = ((b[at + 2] as number) << 8) | (b[at + 3] as number);
    p.sequence = ((b[at + 4] as number) << 24) | ((b[at + 5] as number) << 16) | ((b[at + 6] as number) << 8) | (b[at + 7] as number); // prettier-ignore
    p.acknowledgement = ((b[at + 8] as number) << 24) | ((b[at + 9] as number) << 16) | ((b[at + 10] as number) << 8) | (b[at + 11] as number); // prettier-ignore
    p.flags = b[at + 13] as number;
    p.window = ((b[at + 14] as number) << 8) | (b[at + 15] as number);
    p.checksum = ((b[at + 16] as number) << 8) | (b[at + 17] as number);
    p.payloadFrom = Math.min(at + header, to);
    p.payloadTo = Math.min(end, to);
    p.payloadLength = end - at - header;
  }

  /** GRE (RFC 2784, RFC 2890) with IP, or ERSPAN types I to III with Ethernet. False: it stays what it is. */
  #gre(at: number, to: number): boolean {
    const b = this.packet.payload;
    if (at + 4 > to || b !== this.packet.bytes) return false;
    const flags = b[at] as number;
    const type = ((b[at + 2] as number) << 8) | (b[at + 3] as number);
    const header = 4 + ((flags & 0x80) === 0 ? 0 : 4) + ((flags & 0x20) === 0 ? 0 : 4) + ((flags & 0x10) === 0 ? 0 : 4);
    const inner = at + header;
    if (type === 0x0800 || type === 0x86dd) return this.#inIp(inner, to);
    // Type I has no header of its own, type II (with a sequence number) eight bytes, type III twelve and perhaps eight more.
    if (type === 0x88be) return this.#inEthernet(inner + ((flags & 0x10) === 0 ? 0 : 8), to);
    if (type === 0x22eb && inner + 12 <= to)
      return this.#inEthernet(inner + 12 + (((b[inner + 11] as number) & 1) === 0 ? 0 : 8), to);
    return type === 0x6558 && this.#inEthernet(inner, to);
  }

  #enter(at: number, to: number, least: number): boolean {
    const p = this.packet;
    if (this.#depth >= MAX_TUNNELS || p.payload !== p.bytes || at + least > to) return false;
    this.#depth++;
    return true;
  }
  #inEthernet(at: number, to: number): boolean {
    if (!this.#enter(at, to, 14)) return false;
    this.packet.ipVersion = 0;
    this.#ethernet(at, to);
    return true;
  }
  #inIp(at: number, to: number): boolean {
    if (!this.#enter(at, to, 20)) return false;
    this.#bareIp(at, to);
    return true;
  }
}
