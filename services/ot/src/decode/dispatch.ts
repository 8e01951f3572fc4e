/** Which dissector reads a conversation, and the calling of it: recognition by bytes, memory of servers, streams, refusals. */
import { FLOW_WORDS, word } from "@yagura/packets/flows.ts";
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import { Half } from "@yagura/packets/reassembly.ts";
import { MAX_MESSAGE, NOT_MINE, recognised, type Dissector, type Primitives } from "../protocols/dissector.ts";
import { Caller } from "./caller.ts";
import { askDeclared } from "./declared.ts";
import { bit, REFUSAL_MASK, REFUSAL_SHIFT } from "./flow-state.ts";
import { MAX_KEPT_BYTES, MAX_REFUSALS, MAX_TRIES, MAX_TRIES_KNOWN } from "./limits.ts";
import type { Memory } from "./memory.ts";
import type { Registry } from "./registry.ts";
import { Servers } from "./servers.ts";
import type { Telling } from "./telling.ts";
import { Transitions } from "./transitions.ts";

export class Dispatch {
  readonly caller: Caller;
  readonly servers: Servers;
  readonly telling: Telling;
  readonly registry: Registry;
  keptBytes = 0;
  /** Streams whose kept bytes were dropped because all together were too many. */
  keptDropped = 0;
  readonly #words: Int32Array;
  readonly #flows: Memory["flows"];
  readonly #halves: (Half | null)[] = [];

  constructor(memory: Memory, dissectors: readonly Dissector[], primitives: Primitives) {
    this.#words = memory.flows.words;
    this.#flows = memory.flows;
    this.caller = new Caller(memory, dissectors, primitives);
    this.servers = new Servers(memory);
    this.telling = this.caller.telling;
    this.registry = this.caller.registry;
  }

  /** One message that is not part of a stream. False: nobody knows it. */
  datagram(p: Packet, flow: number, side: number): boolean {
    const at = flow * FLOW_WORDS;
    const state = this.#words[at + word.state] as number;
    if ((state & bit.givenUp) !== 0) return false;
    this.caller.flow = flow;
    this.telling.begin(p, flow, side);
    let index = (this.#words[at + word.dissector] as number) - 1;
    const { payload, payloadFrom: from, payloadTo: to } = p;
    if (index < 0) index = this.#settle(p, at, payload, from, to, -1);
    if (index < 0) return false;
    let place = from;
    // A datagram may hold several messages of a protocol that is a stream elsewhere.
    do {
      const took = this.caller.run(index, payload, place, to);
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
    this.caller.flow = flow;
    this.telling.begin(p, flow, side);
    let index = (w[at + word.dissector] as number) - 1;
    if (index < 0) index = this.#settle(p, at, bytes, from, to, -1);
    else if ((state & (bit.resyncA << side)) !== 0 && !this.#resync(at, side, index, bytes, from, to)) return true;
    if (index < 0) return false;
    if (this.registry.stream[index] !== true) {
      if (this.caller.run(index, bytes, from, to) === NOT_MINE)
        return this.#refused(p, at, side, index, bytes, from, to);
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
      took = this.caller.run(index, bytes, place, to);
      if (took <= 0) break;
      this.#accept(at);
      place += took;
    }
    if (place >= to) {
      if (kept !== null) kept.length = 0;
      if (place > to) this.half(this.caller.flow, side).skip = place - to;
      return true;
    }
    if (took === NOT_MINE) {
      if (kept !== null) kept.length = 0;
      return this.#refused(p, at, side, index, bytes, place, to);
    }
    if (to - place > MAX_MESSAGE) {
      this.telling.weird("too-long");
      this.broken(this.caller.flow, side);
      return true;
    }
    if (kept !== null) kept.consume(place);
    else {
      const half = this.half(this.caller.flow, side);
      const before = half.size;
      half.append(bytes, place, to);
      this.keptBytes += half.size - before;
      if (this.keptBytes > MAX_KEPT_BYTES) {
        this.keptDropped++;
        this.broken(this.caller.flow, side);
      }
    }
    return true;
  }

  /**
   * Exchanges the declared protocols while conversations go on, which in a plant they do for months: those that a declared one read
   * and those that nobody knew are asked anew.
   */
  declare(dissectors: readonly Dissector[]): void {
    const w = this.#words;
    const { builtIn } = this.registry;
    this.caller.declare(dissectors);
    this.servers.unlearn(builtIn);
    for (let flow = 0; flow < w.length / FLOW_WORDS; flow++) {
      const at = flow * FLOW_WORDS;
      const index = (w[at + word.dissector] as number) - 1;
      if (!this.#flows.used(flow) || (index >= 0 && index < builtIn)) continue;
      this.broken(flow, 0);
      this.broken(flow, 1);
      if (index >= 0) w[at + word.label] = 0;
      w[at + word.dissector] = 0;
      w[at + word.tries] = 0;
      w[at + word.state] = (w[at + word.state] as number) & ~(bit.givenUp | bit.settled | REFUSAL_MASK | bit.resyncA | bit.resyncB); // prettier-ignore
    }
  }

  /** A new conversation: makes the places where its states and streams are kept. */
  begin(flow: number): void {
    this.caller.begin(flow);
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
    Transitions.interrupt(this.#words, flow);
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
    Transitions.interrupt(this.#words, flow);
    for (let side = 0; side < 2; side++) {
      const half = this.#halves[2 * flow + side];
      if (half === null || half === undefined) continue;
      this.keptBytes -= half.size;
      this.#halves[2 * flow + side] = null;
    }
    this.caller.end(flow);
  }

  /** The one of several dissectors that this packet is for, −1 for none. */
  choose(p: Packet, flow: number, side: number, candidates: readonly number[]): number {
    this.caller.flow = flow;
    this.telling.begin(p, flow, side);
    for (const one of candidates)
      if (this.caller.asks(one, p.payload, p.payloadFrom, p.payloadTo) !== recognised.no) return one;
    return -1;
  }

  #accept(at: number): void {
    const state = this.#words[at + word.state] as number;
    if ((state & (bit.settled | REFUSAL_MASK)) === bit.settled) return;
    this.#words[at + word.state] = (state | bit.settled) & ~REFUSAL_MASK;
    if ((state & bit.settled) !== 0) return;
    this.servers.remember(this.caller.flow);
  }

  /** Chooses a dissector for a conversation that has none; −1 when nobody wants it. Those up to `after` were asked before. */
  #settle(p: Packet, at: number, bytes: Uint8Array, from: number, to: number, not: number): number {
    const w = this.#words;
    if (from >= to) return -1;
    const remembered = this.servers.remembered(this.caller.flow);
    let index = -1;
    const { registry } = this;
    if (
      remembered >= 0 &&
      remembered < registry.builtIn &&
      remembered !== not &&
      this.caller.asks(remembered, bytes, from, to) !== recognised.no
    )
      index = remembered;
    if (index < 0) {
      for (const one of registry.hinted(p)) {
        if (one === not || this.caller.asks(one, bytes, from, to) === recognised.no) continue;
        index = one;
        break;
      }
    }
    if (index < 0) {
      for (const one of registry.all(p)) {
        if (one === not || this.caller.asks(one, bytes, from, to) !== recognised.sure) continue;
        index = one;
        break;
      }
    }
    if (index < 0) index = askDeclared(this.caller, p, bytes, from, to, not, remembered);
    if (index >= 0) {
      w[at + word.dissector] = index + 1;
      w[at + word.label] = this.caller.protocol(index) + 1;
      return index;
    }
    const tries = (w[at + word.tries] as number) + 1;
    w[at + word.tries] = tries;
    if (tries >= (remembered >= 0 ? MAX_TRIES_KNOWN : MAX_TRIES))
      w[at + word.state] = (w[at + word.state] as number) | bit.givenUp;
    return -1;
  }

  #resync(at: number, side: number, index: number, bytes: Uint8Array, from: number, to: number): boolean {
    const w = this.#words;
    if (this.caller.asks(index, bytes, from, to) !== recognised.no) {
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
      if (other < 0 || this.caller.run(other, bytes, from, to) === NOT_MINE) {
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
    if (p.kind === kinds.tcp) this.broken(this.caller.flow, side);
    return true;
  }
}
