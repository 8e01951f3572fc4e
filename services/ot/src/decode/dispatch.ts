/** Which dissector reads a conversation, and the calling of it: recognition by bytes, memory of servers, streams, refusals. */
import { FLOW_WORDS, MAX_FLOWS, word } from "@yagura/packets/flows.ts";
import { KeyTable } from "@yagura/packets/key-table.ts";
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import { Reader, rehearse } from "@yagura/packets/reader.ts";
import { Half } from "@yagura/packets/reassembly.ts";
import { MAX_MESSAGE, NOT_MINE, recognised, type Dissector, type Primitives } from "../protocols/dissector.ts";
import type { ProtocolName } from "../wire/vocabulary.ts";
import { bit, REFUSAL_MASK, REFUSAL_SHIFT } from "./flow-state.ts";
import { MAX_DEPTH, MAX_KEPT_BYTES, MAX_REFUSALS, MAX_REMEMBERED, MAX_TRIES, MAX_TRIES_KNOWN } from "./limits.ts";
import type { Memory } from "./memory.ts";
import { Registry } from "./registry.ts";
import { runningOf, Telling, type Running } from "./telling.ts";

/** States of dissectors that one conversation keeps apart. */
const STATES = 4;

export class Dispatch {
  readonly telling: Telling;
  readonly registry: Registry;
  /** Exceptions of a dissector by its name: there should be none. */
  readonly faults = new Map<string, number>();
  keptBytes = 0;
  /** Streams whose kept bytes were dropped because all together were too many. */
  keptDropped = 0;
  readonly #running: readonly Running[];
  readonly #dissect: readonly Dissector["dissect"][];
  readonly #recognise: readonly Dissector["recognise"][];
  readonly #readers = Array.from({ length: MAX_DEPTH + 1 }, () => new Reader());
  #depth = 0;
  readonly #memory: Memory;
  readonly #words: Int32Array;
  /** Server's endpoint, port and transport → dissector + 1. */
  readonly #servers = new KeyTable(2, MAX_REMEMBERED);
  readonly #served = new Int16Array(MAX_REMEMBERED);
  /** Client, server, port and transport that were seen before. */
  readonly #services = new KeyTable(3, MAX_REMEMBERED);
  /** Four states for each flow: whose it is (dissector + 1), and what. */
  readonly #owners = new Int16Array(STATES * MAX_FLOWS);
  readonly #states: unknown[] = [];
  readonly #halves: (Half | null)[] = [];
  #flow = 0;

  constructor(memory: Memory, dissectors: readonly Dissector[], primitives: Primitives) {
    rehearse();
    this.#memory = memory;
    this.#words = memory.flows.words;
    this.registry = new Registry(dissectors);
    this.#running = dissectors.map(runningOf);
    this.#dissect = dissectors.map((one) => one.dissect);
    this.#recognise = dissectors.map((one) => one.recognise);
    this.telling = new Telling(memory, primitives, (protocol, r, from, to) => this.#inside(protocol, r, from, to));
  }

  /** One message that is not part of a stream. False: nobody knows it. */
  datagram(p: Packet, flow: number, side: number): boolean {
    const at = flow * FLOW_WORDS;
    const state = this.#words[at + word.state] as number;
    if ((state & bit.givenUp) !== 0) return false;
    this.#flow = flow;
    this.telling.begin(p, flow, side);
    let index = (this.#words[at + word.dissector] as number) - 1;
    const { payload, payloadFrom: from, payloadTo: to } = p;
    if (index < 0) index = this.#settle(p, at, payload, from, to, -1);
    if (index < 0) return false;
    let place = from;
    // A datagram may hold several messages of a protocol that is a stream elsewhere.
    do {
      const took = this.#run(index, payload, place, to);
      if (took === NOT_MINE) return place > from || this.#refused(p, at, side, index, payload, from, to);
      this.#accept(at);
      if (took <= 0) break;
      place += took;
    } while (place < to && this.registry.stream[index] === true);
    return true;
  }

  /** Bytes of a stream in order. False: nobody knows them. */
  stream(p: Packet, flow: number, side: number, bytes: Uint8Array, start: number, to: number): boolean {
    const w = this.#words;
    const at = flow * FLOW_WORDS;
    let from = start;
    const state = w[at + word.state] as number;
    if ((state & bit.givenUp) !== 0) return false;
    this.#flow = flow;
    this.telling.begin(p, flow, side);
    let index = (w[at + word.dissector] as number) - 1;
    if (index < 0) index = this.#settle(p, at, bytes, from, to, -1);
    else if ((state & (bit.resyncA << side)) !== 0 && !this.#resync(at, side, index, bytes, from, to)) return true;
    if (index < 0) return false;
    if (this.registry.stream[index] !== true) {
      if (this.#run(index, bytes, from, to) === NOT_MINE) return this.#refused(p, at, side, index, bytes, from, to);
      this.#accept(at);
      return true;
    }
    const half = (state & (bit.halfA << side)) === 0 ? null : (this.#halves[2 * flow + side] as Half);
    if (half !== null && half.skip > 0) {
      const passed = Math.min(half.skip, to - from);
      half.skip -= passed;
      from += passed;
      if (from === to) return true;
    }
    if (half === null || half.length === 0) return this.#messages(p, at, side, index, bytes, from, to, null);
    const before = half.size;
    half.append(bytes, from, to);
    this.keptBytes += half.size - before;
    return this.#messages(p, at, side, index, half.kept, 0, half.length, half);
  }

  /** Reads messages one after the other; what is not whole is kept. `kept` is the half whose bytes these already are. */
  #messages(
    p: Packet,
    at: number,
    side: number,
    index: number,
    bytes: Uint8Array,
    from: number,
    to: number,
    kept: Half | null,
  ): boolean {
    let place = from;
    let took = 1;
    while (place < to) {
      took = this.#run(index, bytes, place, to);
      if (took <= 0) break;
      this.#accept(at);
      place += took;
    }
    if (place >= to) {
      if (kept !== null) kept.length = 0;
      if (place > to) this.half(this.#flow, side).skip = place - to;
      return true;
    }
    if (took === NOT_MINE) {
      if (kept !== null) kept.length = 0;
      return this.#refused(p, at, side, index, bytes, place, to);
    }
    if (to - place > MAX_MESSAGE) {
      this.telling.weird("too-long");
      this.broken(this.#flow, side);
      return true;
    }
    if (kept !== null) kept.consume(place);
    else {
      const half = this.half(this.#flow, side);
      const before = half.size;
      half.append(bytes, place, to);
      this.keptBytes += half.size - before;
      if (this.keptBytes > MAX_KEPT_BYTES) {
        this.keptDropped++;
        this.broken(this.#flow, side);
      }
    }
    return true;
  }

  /** A new conversation: makes the places where its states and streams are kept. */
  begin(flow: number): void {
    while (this.#states.length < STATES * (flow + 1)) this.#states.push(null);
    while (this.#halves.length < 2 * (flow + 1)) this.#halves.push(null);
  }

  /** What is kept of a side, made when there is nothing yet. */
  half(flow: number, side: number): Half {
    const at = flow * FLOW_WORDS;
    const state = this.#words[at + word.state] as number;
    this.#words[at + word.state] = state | (bit.halfA << side);
    return (this.#halves[2 * flow + side] ??= new Half());
  }

  /** Forgets what is kept of a side; the next message has to be found again. */
  broken(flow: number, side: number): void {
    const at = flow * FLOW_WORDS;
    const half = this.#halves[2 * flow + side];
    if (half !== null && half !== undefined) {
      const before = half.size;
      half.forget();
      this.keptBytes += half.size - before;
    }
    if ((this.#words[at + word.dissector] as number) > 0)
      this.#words[at + word.state] = (this.#words[at + word.state] as number) | (bit.resyncA << side);
  }

  /** A conversation ended, or begins anew on the same ports. */
  end(flow: number): void {
    for (let side = 0; side < 2; side++) {
      const half = this.#halves[2 * flow + side];
      if (half === null || half === undefined) continue;
      this.keptBytes -= half.size;
      this.#halves[2 * flow + side] = null;
    }
    for (let i = STATES * flow; i < STATES * flow + STATES; i++) {
      if (this.#owners[i] === 0) continue;
      this.#owners[i] = 0;
      this.#states[i] = null;
    }
  }

  forgetServers(): void {
    this.#servers.clear();
    this.#services.clear();
    this.telling.forget();
  }

  /** True when this place is known as a server of some protocol. */
  serves(endpoint: number, port: number, kind: number): boolean {
    const { key } = this.#servers;
    key[0] = endpoint;
    key[1] = port | (kind << 16);
    return this.#servers.find() >= 0;
  }

  /** True when nobody asked this server for this service before. */
  newService(memory: Memory, flow: number): boolean {
    const w = this.#words;
    const at = flow * FLOW_WORDS;
    const clientB = (w[at + word.state] as number) & bit.clientB;
    const { key } = this.#services;
    key[0] = w[at + word.endpointA + clientB] as number;
    key[1] = w[at + word.endpointB - clientB] as number;
    key[2] = memory.port(flow) | (((w[at + word.meta] as number) & 7) << 16);
    if (this.#services.put() < 0) this.#services.clear();
    return this.#services.fresh;
  }

  /** The one of several dissectors that this packet is for, −1 for none. */
  choose(p: Packet, flow: number, side: number, candidates: readonly number[]): number {
    this.#flow = flow;
    this.telling.begin(p, flow, side);
    for (const one of candidates)
      if (this.#asks(one, p.payload, p.payloadFrom, p.payloadTo) !== recognised.no) return one;
    return -1;
  }

  #accept(at: number): void {
    const state = this.#words[at + word.state] as number;
    if ((state & (bit.settled | REFUSAL_MASK)) === bit.settled) return;
    this.#words[at + word.state] = (state | bit.settled) & ~REFUSAL_MASK;
    if ((state & bit.settled) !== 0) return;
    const { key } = this.#servers;
    const kind = (this.#words[at + word.meta] as number) & 7;
    if (kind !== kinds.tcp && kind !== kinds.udp) return;
    const clientB = (this.#words[at + word.state] as number) & bit.clientB;
    key[0] = this.#words[at + word.endpointB - clientB] as number;
    key[1] = this.#memory.port(this.#flow) | (kind << 16);
    const row = this.#servers.put();
    if (row < 0) this.#servers.clear();
    else this.#served[row] = this.#words[at + word.dissector] as number;
  }

  /** Chooses a dissector for a conversation that has none; −1 when nobody wants it. Those up to `after` were asked before. */
  #settle(p: Packet, at: number, bytes: Uint8Array, from: number, to: number, not: number): number {
    const w = this.#words;
    if (from >= to) return -1;
    const remembered = this.#remembered(p, at);
    let index = -1;
    if (remembered >= 0 && remembered !== not && this.#asks(remembered, bytes, from, to) !== recognised.no)
      index = remembered;
    if (index < 0) {
      for (const one of this.registry.hinted(p)) {
        if (one === not || this.#asks(one, bytes, from, to) === recognised.no) continue;
        index = one;
        break;
      }
    }
    if (index < 0) {
      for (const one of this.registry.all(p)) {
        if (one === not || this.#asks(one, bytes, from, to) !== recognised.sure) continue;
        index = one;
        break;
      }
    }
    if (index >= 0) {
      w[at + word.dissector] = index + 1;
      w[at + word.label] = (this.#running[index] as Running).protocol + 1;
      return index;
    }
    const tries = (w[at + word.tries] as number) + 1;
    w[at + word.tries] = tries;
    if (tries >= (remembered >= 0 ? MAX_TRIES_KNOWN : MAX_TRIES))
      w[at + word.state] = (w[at + word.state] as number) | bit.givenUp;
    return -1;
  }

  /** The protocol that this server spoke before, −1 for none. */
  #remembered(p: Packet, at: number): number {
    if (p.kind < kinds.tcp) return -1;
    const w = this.#words;
    const clientB = (w[at + word.state] as number) & bit.clientB;
    const { key } = this.#servers;
    key[0] = w[at + word.endpointB - clientB] as number;
    key[1] = this.#memory.port(this.#flow) | (p.kind << 16);
    let row = this.#servers.find();
    if (row < 0) {
      const ports = w[at + word.ports] as number;
      key[0] = w[at + word.endpointA + clientB] as number;
      key[1] = (clientB === 0 ? ports >>> 16 : ports & 0xffff) | (p.kind << 16);
      row = this.#servers.find();
    }
    return row < 0 ? -1 : (this.#served[row] as number) - 1;
  }

  #asks(index: number, bytes: Uint8Array, from: number, to: number): number {
    const { telling } = this;
    telling.running = this.#running[index] as Running;
    const r = (this.#readers[0] as Reader).open(bytes, from, to);
    try {
      return (this.#recognise[index] as Dissector["recognise"])(r, telling);
    } catch {
      this.#fault(index);
      return recognised.no;
    }
  }

  #resync(at: number, side: number, index: number, bytes: Uint8Array, from: number, to: number): boolean {
    const w = this.#words;
    if (this.#asks(index, bytes, from, to) !== recognised.no) {
      w[at + word.state] = (w[at + word.state] as number) & ~(bit.resyncA << side);
      return true;
    }
    return false;
  }

  /** The dissector does not want the bytes: others are asked when it is the first message, else it is asked again later. */
  #refused(p: Packet, at: number, side: number, index: number, bytes: Uint8Array, from: number, to: number): boolean {
    const w = this.#words;
    const state = w[at + word.state] as number;
    if ((state & bit.settled) === 0) {
      w[at + word.dissector] = 0;
      w[at + word.label] = 0;
      const other = this.#settle(p, at, bytes, from, to, index);
      if (other < 0 || this.#run(other, bytes, from, to) === NOT_MINE) {
        w[at + word.dissector] = 0;
        w[at + word.label] = 0;
        return false;
      }
      // The rest of its stream is found at the next message.
      this.#accept(at);
      return true;
    }
    const refusals = ((state & REFUSAL_MASK) >>> REFUSAL_SHIFT) + 1;
    if (refusals >= MAX_REFUSALS) w[at + word.state] = state | bit.givenUp;
    else w[at + word.state] = (state & ~REFUSAL_MASK) | (refusals << REFUSAL_SHIFT);
    if (p.kind === kinds.tcp) this.broken(this.#flow, side);
    return true;
  }

  #run(index: number, bytes: Uint8Array, from: number, to: number): number {
    const { telling } = this;
    telling.running = this.#running[index] as Running;
    const slot = this.#slot(index);
    const before = this.#states[slot];
    telling.state = before;
    const r = (this.#readers[this.#depth] as Reader).open(bytes, from, to);
    let took: number;
    try {
      took = (this.#dissect[index] as Dissector["dissect"])(r, telling);
    } catch {
      this.#fault(index);
      took = NOT_MINE;
    }
    // Most messages leave it as it was; a store would cost the collector's barrier.
    if (telling.state !== before) this.#states[slot] = telling.state;
    return took;
  }

  /** Where the flow keeps a dissector's state. */
  #slot(index: number): number {
    const owners = this.#owners;
    const first = STATES * this.#flow;
    const last = first + STATES - 1;
    for (let slot = first; slot <= last; slot++) {
      const owner = owners[slot] as number;
      if (owner === index + 1) return slot;
      if (owner !== 0 && slot < last) continue;
      owners[slot] = index + 1;
      this.#states[slot] = null;
      return slot;
    }
    return last;
  }

  #inside(protocol: ProtocolName, r: Reader, from: number, to: number): number {
    const index = this.registry.named(protocol);
    if (index < 0 || this.#depth >= MAX_DEPTH) return NOT_MINE;
    const { telling } = this;
    const { running, state } = telling;
    this.#depth++;
    const took = this.#run(index, r.bytes, Math.max(from, 0), Math.min(to, r.end));
    this.#depth--;
    telling.running = running;
    telling.state = state;
    return took;
  }

  #fault(index: number): void {
    const { protocol } = (this.#running[index] as Running).dissector;
    this.faults.set(protocol, (this.faults.get(protocol) ?? 0) + 1);
  }
}
