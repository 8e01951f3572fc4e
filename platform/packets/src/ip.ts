/** IP and what it carries: IPv4 with options, IPv6 with extension headers, fragments, TCP, UDP, ICMP, tunnels. */
import { Fragments } from "./fragments.ts";
import { headerWeirds, kinds, Packet } from "./packet.ts";

/** Extension headers of one IPv6 packet. */
export const MAX_EXTENSIONS = 8;
/** Packets within packets (GRE, ERSPAN, VXLAN, IP in IP). */
export const MAX_TUNNELS = 3;

const VXLAN_PORT = 4_789;

export abstract class IpDecoder {
  readonly packet = new Packet();
  readonly fragments = new Fragments();
  /** Tunnels around what is being decoded. */
  protected depth = 0;

  /** A frame within a tunnel. */
  protected abstract ethernet(from: number, to: number): void;

  /** IP without an EtherType: the first nibble tells the version. */
  protected bareIp(at: number, to: number): void {
    const version = at < to ? (this.packet.bytes[at] as number) >> 4 : 0;
    if (version === 4) this.ipv4(at, to);
    else if (version === 6) this.ipv6(at, to);
    else this.packet.weird = headerWeirds.badIp;
  }

  /** IPv4 (RFC 791 section 3.1). */
  protected ipv4(at: number, to: number): void {
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
  protected ipv6(at: number, to: number): void {
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
    if (this.depth >= MAX_TUNNELS || p.payload !== p.bytes || at + least > to) return false;
    this.depth++;
    return true;
  }
  #inEthernet(at: number, to: number): boolean {
    if (!this.#enter(at, to, 14)) return false;
    this.packet.ipVersion = 0;
    this.ethernet(at, to);
    return true;
  }
  #inIp(at: number, to: number): boolean {
    if (!this.#enter(at, to, 20)) return false;
    this.bareIp(at, to);
    return true;
  }
}
