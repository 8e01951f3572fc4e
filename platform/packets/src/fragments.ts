/** Puts fragments of IPv4 (RFC 791 section 3.2) and IPv6 (RFC 8200 section 4.5) together again, in bounded memory. */

/** Packets that are being put together; the oldest is given up for a new one. */
export const MAX_FRAGMENTED = 256;
/** Bytes kept for all of them; beyond, the oldest is given up. */
export const MAX_FRAGMENT_BYTES = 4 << 20;
/** Age at which an unfinished packet is given up, µs (RFC 8200 says 60 s, most systems use 30 s). */
export const MAX_FRAGMENT_AGE = 30_000_000;
const MAX_PACKET = 65_535;

interface Unfinished {
  readonly addresses: Uint8Array;
  readonly identification: number;
  readonly protocol: number;
  readonly vlan: number;
  readonly began: number;
  data: Uint8Array;
  /** One bit for each eight bytes that arrived. */
  readonly have: Uint8Array;
  units: number;
  /** Bytes of the whole, −1 until the last fragment arrived. */
  total: number;
  wireLength: number;
}

export class Fragments {
  #unfinished: Unfinished[] = [];
  #bytes = 0;
  /** Packets given up: too old, or no room. */
  givenUp = 0;
  /** Set by `add`: a fragment lay over another one with other bytes (RFC 5722 forbids it). */
  overlap = false;
  /** The packet that `add` finished: [0, length) of `whole`, and the bytes on the wire of all fragments. */
  whole: Uint8Array = new Uint8Array(0);
  wireLength = 0;

  /**
   * Takes payload [from, to) that belongs at `offset`. `addressAt` is where source and destination lie behind each other
   * (`addressLength` bytes for both). Gives the length of the finished packet's payload, −1 while something lacks.
   */
  add(
    bytes: Uint8Array,
    addressAt: number,
    addressLength: number,
    identification: number,
    protocol: number,
    vlan: number,
    from: number,
    to: number,
    offset: number,
    more: boolean,
    time: number,
    wireLength: number,
  ): number {
    this.overlap = false;
    const size = to - from;
    // All but the last carry a multiple of eight; together at most what IP can say.
    if (size <= 0 || (more && (size & 7) !== 0) || offset + size > MAX_PACKET) return -1;
    this.#expire(time);
    let one = this.#find(bytes, addressAt, addressLength, identification, protocol, vlan);
    if (one === null) {
      if (this.#unfinished.length >= MAX_FRAGMENTED) this.#drop(0);
      one = {
        addresses: bytes.slice(addressAt, addressAt + addressLength),
        identification,
        protocol,
        vlan,
        began: time,
        data: new Uint8Array(0),
        have: new Uint8Array(1_024),
        units: 0,
        total: -1,
        wireLength: 0,
      };
      this.#unfinished.push(one);
    }
    one.wireLength += wireLength;
    this.#place(one, bytes, from, to, offset);
    if (!more) one.total = offset + size;
    while (this.#bytes > MAX_FRAGMENT_BYTES && this.#unfinished.length > 1) this.#drop(0);
    if (one.total < 0 || one.units < (one.total + 7) >> 3) return -1;
    const index = this.#unfinished.indexOf(one);
    if (index === -1) return -1;
    this.#unfinished.splice(index, 1);
    this.#bytes -= one.data.length;
    this.whole = one.data;
    this.wireLength = one.wireLength;
    return one.total;
  }

  #find(
    bytes: Uint8Array,
    at: number,
    length: number,
    identification: number,
    protocol: number,
    vlan: number,
  ): Unfinished | null {
    for (const one of this.#unfinished) {
      if (one.identification !== identification || one.protocol !== protocol || one.vlan !== vlan) continue;
      if (one.addresses.length !== length) continue;
      let same = true;
      for (let i = 0; same && i < length; i++) same = one.addresses[i] === bytes[at + i];
      if (same) return one;
    }
    return null;
  }

  /** Copies what is new; the first that came wins where two lie over each other. */
  #place(one: Unfinished, bytes: Uint8Array, from: number, to: number, offset: number): void {
    const end = offset + (to - from);
    if (end > one.data.length) {
      const larger = new Uint8Array(Math.min(MAX_PACKET + 1, Math.max(2 * one.data.length, end, 2_048)));
      larger.set(one.data);
      this.#bytes += larger.length - one.data.length;
      one.data = larger;
    }
    for (let unit = offset >> 3; unit << 3 < end; unit++) {
      const bit = 1 << (unit & 7);
      const taken = ((one.have[unit >> 3] as number) & bit) !== 0;
      const unitEnd = Math.min(end, (unit + 1) << 3);
      for (let place = unit << 3; place < unitEnd; place++) {
        const byte = bytes[from + place - offset] as number;
        if (!taken) one.data[place] = byte;
        else if (one.data[place] !== byte) this.overlap = true;
      }
      if (taken) continue;
      one.have[unit >> 3] = (one.have[unit >> 3] as number) | bit;
      one.units++;
    }
  }

  #expire(time: number): void {
    // They stand in the order of their beginning; a clock that is set back makes them old as well.
    for (;;) {
      const oldest = this.#unfinished[0];
      if (oldest === undefined || Math.abs(time - oldest.began) <= MAX_FRAGMENT_AGE) return;
      this.#drop(0);
    }
  }

  #drop(index: number): void {
    const [gone] = this.#unfinished.splice(index, 1);
    if (gone === undefined) return;
    this.#bytes -= gone.data.length;
    this.givenUp++;
  }
}
