/**
 * The table of conversations: addresses, ports, protocol and VLAN; below IP, MAC pair and type. Records lie behind each other in
 * one buffer, as 32-bit words and doubles. Side A is the one with the smaller address (then port).
 */
import { KeyTable, seed } from "./key-table.ts";
import { kinds, type Packet } from "./packet.ts";

/** Conversations at a time; for a new one beyond, one of those that are idle longest is ended. */
export const MAX_FLOWS = 65_536;
/** IPv6 and MAC addresses that are numbered; beyond, all are forgotten with the conversations. */
export const MAX_ADDRESSES = 65_536;
/** Records looked at to find one to end. */
const EVICTION_LOOKS = 32;

/** Words of a record: three cache lines. */
export const FLOW_WORDS = 48;
export const FLOW_DOUBLES = FLOW_WORDS / 2;
/**
 * Places of 32-bit words in a record. Pairs stand for side A and B. What nearly every packet reads or writes stands in the first 32
 * words, with the doubles among them: with many conversations the time of a packet is that of fetching its record.
 */
export const word = {
  keyA: 0,
  keyB: 1,
  ports: 2,
  meta: 3,
  next: 4,
  state: 5,
  dissector: 6,
  touched: 7,
  packetsA: 8,
  packetsB: 9,
  sequenceA: 10,
  sequenceB: 11,
  endpointA: 12,
  endpointB: 13,
  command: 14,
  rhythm: 15,
  /** What was asked last, by protocols with even and odd numbers. */
  askedEven: 16,
  askedOdd: 17,
  // 18 to 31: doubles.
  serial: 32,
  label: 33,
  type: 34,
  face: 35,
  tries: 36,
  retransmissions: 37,
  connections: 38,
  refused: 39,
  unanswered: 40,
  rtt: 41,
  initialA: 42,
  initialB: 43,
  // 44 and 45: a double.
} as const;
/** Places of doubles in a record. */
export const double = {
  last: 9,
  bytesA: 10,
  bytesB: 11,
  missing: 12,
  tcpBytes: 13,
  asked: 14,
  first: 15,
  began: 22,
} as const;

export class FlowTable {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  count = 0;
  /** Side of the packet that `locate` was given last: 0 is A. */
  side = 0;
  /** The conversation is new. */
  fresh = false;
  /** Numbers of IPv6 addresses (4 words) and MAC addresses (2 words). */
  readonly addresses6 = new KeyTable(4, MAX_ADDRESSES);
  readonly macs = new KeyTable(2, MAX_ADDRESSES);
  readonly #buckets: Int32Array;
  readonly #mask: number;
  readonly #free: Int32Array;
  #freed = 0;
  /** Records that were ever in use. */
  #used = 0;
  #hand = 0;
  readonly #seed = seed();
  readonly #capacity: number;
  readonly #onEnd: (flow: number) => void;

  /** `onEnd` is told a conversation before its record is used for another one. */
  constructor(onEnd: (flow: number) => void, capacity: number = MAX_FLOWS) {
    this.#capacity = capacity;
    this.#onEnd = onEnd;
    const buffer = new ArrayBuffer(capacity * FLOW_WORDS * 4);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    let size = 1_024;
    while (size < 2 * capacity) size *= 2;
    this.#buckets = new Int32Array(size);
    this.#mask = size - 1;
    this.#free = new Int32Array(capacity);
  }

  /** True when addresses can no longer be numbered: time to `clear`. */
  get full(): boolean {
    return this.addresses6.count >= MAX_ADDRESSES || this.macs.count >= MAX_ADDRESSES;
  }

  /**
   * The packet's conversation, made when it is new; −1 when it has none. `type` tells apart what runs below IP between the same
   * two MACs.
   */
  locate(p: Packet, type: number): number {
    const { kind } = p;
    let a = p.source;
    let b = p.destination;
    let portA = p.sourcePort;
    let portB = p.destinationPort;
    let version = 0;
    if (p.ipVersion === 6) {
      a = this.#number6(p.bytes, p.sourceAt);
      b = this.#number6(p.bytes, p.destinationAt);
      version = 8;
    } else if (p.ipVersion === 0) {
      a = this.#numberMac(p.sourceMacHigh, p.sourceMacLow);
      b = this.#numberMac(p.destinationMacHigh, p.destinationMacLow);
    }
    if (kind !== kinds.tcp && kind !== kinds.udp) {
      portA = type;
      portB = 0;
    }
    const swap = a > b || (a === b && portA > portB && kind >= kinds.tcp);
    this.side = swap ? 1 : 0;
    const keyA = swap ? b : a;
    const keyB = swap ? a : b;
    const ports = kind < kinds.tcp ? portA : swap ? (portB << 16) | portA : (portA << 16) | portB;
    const meta = kind | version | (p.vlan << 4) | (kind === kinds.ip ? p.protocol << 16 : 0);
    const bucket = this.#bucketOfKey(keyA, keyB, ports, meta);
    const w = this.words;
    let flow = (this.#buckets[bucket] as number) - 1;
    while (flow >= 0) {
      const at = flow * FLOW_WORDS;
      if (w[at] === keyA && w[at + 1] === keyB && w[at + 2] === ports && w[at + 3] === meta) {
        this.fresh = false;
        return flow;
      }
      flow = (w[at + 4] as number) - 1;
    }
    return this.#add(bucket, keyA, keyB, ports, meta, p.time);
  }

  /** Seeded between the addresses: nobody outside can make conversations that all share a bucket. */
  #bucketOfKey(keyA: number, keyB: number, ports: number, meta: number): number {
    let hash = Math.imul(keyA ^ this.#seed, 0x85eb_ca6b);
    hash ^= hash >>> 16;
    hash = Math.imul(hash ^ keyB, 0x9e37_79b1);
    hash ^= hash >>> 15;
    hash = Math.imul(hash ^ ports, 0x27d4_eb2f) ^ meta;
    hash ^= hash >>> 13;
    return hash & this.#mask;
  }

  #add(bucket: number, keyA: number, keyB: number, ports: number, meta: number, time: number): number {
    this.fresh = true;
    if (this.#freed === 0 && this.#used >= this.#capacity) this.#evict(time);
    const flow = this.#freed > 0 ? (this.#free[--this.#freed] as number) : this.#used++;
    const at = flow * FLOW_WORDS;
    const w = this.words;
    w.fill(0, at, at + FLOW_WORDS);
    w[at] = keyA;
    w[at + 1] = keyB;
    w[at + 2] = ports;
    w[at + 3] = meta;
    // Eviction may have changed the bucket, so it is read only now.
    w[at + 4] = this.#buckets[bucket] as number;
    this.#buckets[bucket] = flow + 1;
    this.count++;
    return flow;
  }

  #number6(bytes: Uint8Array, at: number): number {
    const { addresses6 } = this;
    const { key } = addresses6;
    for (let i = 0, place = at; i < 4; i++, place += 4)
      key[i] = ((bytes[place] as number) << 24) | ((bytes[place + 1] as number) << 16) | ((bytes[place + 2] as number) << 8) | (bytes[place + 3] as number); // prettier-ignore
    return addresses6.put();
  }

  #numberMac(high: number, low: number): number {
    const { macs } = this;
    macs.key[0] = high;
    macs.key[1] = low;
    return macs.put();
  }

  /** True while the record is in use. */
  used(flow: number): boolean {
    return this.words[flow * FLOW_WORDS + word.serial] !== 0;
  }

  /** Ends the one that is idle longest among a few. */
  #evict(time: number): void {
    let chosen = -1;
    let idle = -1;
    for (let looks = 0; looks < EVICTION_LOOKS; looks++) {
      this.#hand = (this.#hand + 1) % this.#capacity;
      const one = Math.abs(time - (this.doubles[this.#hand * FLOW_DOUBLES + double.last] as number));
      if (one <= idle) continue;
      idle = one;
      chosen = this.#hand;
    }
    this.remove(chosen);
  }

  /** Ends a conversation. */
  remove(flow: number): void {
    this.#onEnd(flow);
    const w = this.words;
    const at = flow * FLOW_WORDS;
    const bucket = this.#bucketOf(at);
    const after = w[at + 4] as number;
    let place = this.#buckets[bucket] as number;
    if (place === flow + 1) this.#buckets[bucket] = after;
    else {
      while (w[(place - 1) * FLOW_WORDS + 4] !== flow + 1) place = w[(place - 1) * FLOW_WORDS + 4] as number;
      w[(place - 1) * FLOW_WORDS + 4] = after;
    }
    w[at + word.serial] = 0;
    this.#free[this.#freed++] = flow;
    this.count--;
  }

  #bucketOf(at: number): number {
    const w = this.words;
    return this.#bucketOfKey(w[at] as number, w[at + 1] as number, w[at + 2] as number, w[at + 3] as number);
  }

  /** Ends all that were silent for longer than `idleOf` says of their record, µs (or whose clock went far back). */
  expire(time: number, idleOf: (at: number) => number): void {
    for (let flow = 0; flow < this.#used; flow++) {
      if (!this.used(flow)) continue;
      const silent = Math.abs(time - (this.doubles[flow * FLOW_DOUBLES + double.last] as number));
      if (silent > idleOf(flow * FLOW_WORDS)) this.remove(flow);
    }
  }

  /** Ends all and forgets all addresses. */
  clear(): void {
    for (let flow = 0; flow < this.#used; flow++) if (this.used(flow)) this.remove(flow);
    this.addresses6.clear();
    this.macs.clear();
    this.#freed = 0;
    this.#used = 0;
  }
}
