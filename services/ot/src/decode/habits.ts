/** Habits of TCPs: the fingerprint of a connection's first segment, told once for each source and interval. */
import type { Packet } from "@yagura/packets/packet.ts";
import { tcpFingerprint } from "../protocols/codecs/tcp-fingerprint.ts";
import type { Telling } from "./telling.ts";

/** Sources remembered within an interval; two that share a place are told again, no more. */
const PLACES = 4_096;
const TCP_HEADER = 20;

export class Habits {
  readonly #told = new Int32Array(PLACES);

  /** Another interval: everybody may be told again. */
  reset(): void {
    this.#told.fill(0);
  }

  /** Looks at a SYN that begins a connection. Fragments and headers behind others are left out: rare, and told by the next one. */
  see(p: Packet, flow: number, side: number, telling: Telling): void {
    const { bytes, payload, payloadFrom } = p;
    if (payload !== bytes) return;
    const four = p.ipVersion === 4;
    const header = p.sourceAt - (four ? 12 : 8);
    const options = header + (four ? ((bytes[header] as number) & 15) << 2 : 40) + TCP_HEADER;
    if (options > payloadFrom) return;
    // Who, and which habit: most connections of a source begin alike.
    const address = four
      ? p.source
      : Math.imul(bytes[p.sourceAt + 15] as number, 65_599) ^ (bytes[p.sourceAt + 7] as number);
    // Each part by its own factor: addresses and MACs are often numbered alike, and must not cancel each other.
    const parts = Math.imul(address, 0x9e37_79b1) ^ Math.imul(p.sourceMacLow, 0xc2b2_ae35) ^ Math.imul(p.window, 0x85eb_ca6b); // prettier-ignore
    const mark = parts | 1;
    const place = (mark >>> 8) & (PLACES - 1);
    if (this.#told[place] === mark) return;
    this.#told[place] = mark;
    const fragments = !four || ((bytes[header + 6] as number) & 0x40) !== 0;
    const found = tcpFingerprint(four ? 4 : 6, p.ttl, fragments, p.window, bytes, options, payloadFrom);
    if (found === null) return;
    telling.begin(p, flow, side);
    telling.habit("tcp-fingerprint", found.signature);
    // A family that many share, or an embedded stack, says nothing of the system.
    if (found.os !== "" && !found.os.startsWith("embedded")) telling.habit("os", found.os);
  }
}
