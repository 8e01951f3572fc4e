/** Copies that a mirror makes: the same IP packet again within a few ms. A small table of hashes, the older ones overwritten. */
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import { DUPLICATE_WINDOW } from "./limits.ts";

const PLACES = 8_192;

export class Duplicates {
  readonly #hashes = new Int32Array(PLACES);
  readonly #times = new Float64Array(PLACES);

  /** True for a copy of a packet that was just seen. */
  isCopy(p: Packet): boolean {
    // Without an identification in the IP header only TCP with payload tells a copy from a repetition: stations send the same
    // datagram again and again.
    const telling = p.ipVersion === 4 && p.identification !== 0 ? p.kind >= kinds.icmp && p.kind <= kinds.udp : p.kind === kinds.tcp && p.payloadLength > 0; // prettier-ignore
    if (!telling) return false;
    const ports = (p.sourcePort << 16) | p.destinationPort;
    let hash = Math.imul((p.identification << 16) ^ p.checksum ^ p.source ^ p.sequence, 0x9e37_79b1);
    hash ^= hash >>> 15;
    hash = Math.imul(hash ^ p.destination ^ p.acknowledgement ^ (p.payloadLength << 8) ^ p.flags, 0x85eb_ca6b) ^ ports;
    hash ^= hash >>> 13;
    const place = hash & (PLACES - 1);
    const copy = this.#hashes[place] === hash && Math.abs(p.time - (this.#times[place] as number)) <= DUPLICATE_WINDOW;
    this.#hashes[place] = hash;
    this.#times[place] = p.time;
    return copy;
  }
}
