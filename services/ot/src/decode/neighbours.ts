/** Neighbour discovery of IPv6 (RFC 4861 section 4): which MAC bears which address. */
import { Reader } from "@yagura/packets/reader.ts";
import type { Packet } from "@yagura/packets/packet.ts";
import { ipv6Text } from "./addresses.ts";
import type { Telling } from "./telling.ts";

const SOLICITATION = 135;
const ADVERTISEMENT = 136;
/** Options of one message. */
const MAX_OPTIONS = 8;
const r = new Reader();

/** Tells the binding of a neighbour solicitation (source and its link-layer address) or advertisement (target and its). */
export function neighbours(p: Packet, telling: Telling): void {
  const type = p.sourcePort;
  if ((type !== SOLICITATION && type !== ADVERTISEMENT) || p.ttl !== 255) return;
  r.open(p.payload, p.payloadFrom, p.payloadTo);
  r.skip(8);
  const target = [r.u32(), r.u32(), r.u32(), r.u32()] as const;
  if (r.short) return;
  for (let options = 0; options < MAX_OPTIONS && r.left >= 8; options++) {
    const option = r.u8();
    const size = r.u8() * 8;
    if (size === 0 || size - 2 > r.left) return;
    // 1: the sender's own address, 2: the target's.
    if (size === 8 && option === (type === SOLICITATION ? 1 : 2)) {
      const high = r.u16();
      const low = r.u32() | 0;
      const owner = type === ADVERTISEMENT ? target : wordsAt(p, p.sourceAt);
      // A solicitation from :: asks whether an address is free; it binds nothing.
      if (owner.some((part) => part !== 0)) telling.bind("nd", high, low, ipv6Text(owner));
      return;
    }
    r.skip(size - 2);
  }
}

function wordsAt({ bytes }: Packet, at: number): [number, number, number, number] {
  const read = new Reader().open(bytes, at, at + 16);
  return [read.u32(), read.u32(), read.u32(), read.u32()];
}
