/** Copies that a mirror makes: the same IP packet again within a few ms. A small table of hashes, the older ones overwritten. */
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import { DUPLICATE_WINDOW } from "./limits.ts";

const PLACES = 8_192;

export class Duplicates {
  /** Hash and time (µs, its lower 32 bits) beside each other: one place in memory for a packet. */
  readonly #seen = new Int32Array(2 * PLACES);

  /** True for a copy of a packet that was just seen. */
  isCopy(p: Packet): boolean {
    // Without an identification in the IP header only TCP with payload tells a copy from a repetition: stations send the same
    // datagram again and again.
    const telling = p.ipVersion === 4 && p.identification !== 0 ? p.kind >= kinds.icmp && p.kind <= kinds.udp : p.kind === kinds.tcp && p.payloadLength > 0; // prettier-ignore
    if (!telling) return false;
    // Each field is mixed in by a multiplication of its own: checksums make up for addresses, and a plain XOR of both took the
    // same question of two stations for a copy.
    let hash = Math.imul(p.source, 0x9e37_79b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ ((p.identification << 16) | p.checksum), 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ p.destination, 0xc2b2_ae35);
    hash ^= (p.sourcePort << 16) | p.destinationPort;
    if (p.kind === kinds.tcp)
      hash = Math.imul(hash ^ (hash >>> 16) ^ p.sequence, 0x9e37_79b1) ^ p.acknowledgement ^ p.flags;
    hash = Math.imul(hash ^ (hash >>> 15) ^ p.payloadLength, 0x85eb_ca6b);
    hash ^= hash >>> 13;
    const seen = this.#seen;
    const place = 2 * (hash & (PLACES - 1));
    const time = p.time | 0;
    const copy = seen[place] === hash && Math.abs((time - (seen[place + 1] as number)) | 0) <= DUPLICATE_WINDOW;
    seen[place] = hash;
    seen[place + 1] = time;
    return copy;
  }
}
