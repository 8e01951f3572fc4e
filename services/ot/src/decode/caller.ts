/** The calling of dissectors: readers, states that conversations keep for them, dissectors within dissectors, exceptions. */
import { MAX_FLOWS } from "@yagura/packets/flows.ts";
import { Reader, rehearse } from "@yagura/packets/reader.ts";
import { NOT_MINE, recognised, type Dissector, type Primitives } from "../protocols/dissector.ts";
import { slotNames } from "../wire/declared.ts";
import type { ProtocolName } from "../wire/vocabulary.ts";
import { MAX_DEPTH } from "./limits.ts";
import type { Memory } from "./memory.ts";
import { Registry } from "./registry.ts";
import { runningOf, Telling, type Running } from "./telling.ts";

/** A slot that nothing is declared for. */
const vacant = (protocol: ProtocolName): Dissector => ({
  protocol,
  specification: "",
  on: {},
  recognise: () => recognised.no,
  dissect: () => NOT_MINE,
});

/** States of dissectors that one conversation keeps apart. */
const STATES = 4;

export class Caller {
  readonly telling: Telling;
  readonly registry: Registry;
  /** Exceptions of a dissector by its name: there should be none. */
  readonly faults = new Map<string, number>();
  /** Conversation that is being read. */
  flow = 0;
  readonly #running: Running[];
  readonly #dissect: Dissector["dissect"][];
  readonly #recognise: Dissector["recognise"][];
  readonly #readers = Array.from({ length: MAX_DEPTH + 1 }, () => new Reader());
  #depth = 0;
  /** Four states for each flow: whose it is (dissector + 1), and what. */
  readonly #owners = new Int16Array(STATES * MAX_FLOWS);
  readonly #states: unknown[] = [];

  constructor(memory: Memory, dissectors: readonly Dissector[], primitives: Primitives) {
    rehearse();
    this.registry = new Registry(dissectors);
    const all = [...dissectors, ...slotNames.map(vacant)];
    this.#running = all.map(runningOf);
    this.#dissect = all.map((one) => one.dissect);
    this.#recognise = all.map((one) => one.recognise);
    this.telling = new Telling(memory, primitives, (protocol, r, from, to) => this.#inside(protocol, r, from, to));
  }

  /** Exchanges the dissectors of the slots. */
  declare(dissectors: readonly Dissector[]): void {
    this.registry.declare(dissectors);
    for (const one of [...slotNames.map(vacant), ...dissectors]) {
      const index = this.registry.placeOf(one);
      this.#running[index] = runningOf(one, index);
      this.#dissect[index] = one.dissect;
      this.#recognise[index] = one.recognise;
    }
  }

  /** Number of a dissector's protocol. */
  protocol(index: number): number {
    return (this.#running[index] as Running).protocol;
  }

  /** A new conversation: makes the places of its states. */
  begin(flow: number): void {
    while (this.#states.length < STATES * (flow + 1)) this.#states.push(null);
  }

  /** A conversation ended: its states are forgotten. */
  end(flow: number): void {
    for (let i = STATES * flow; i < STATES * flow + STATES; i++) {
      if (this.#owners[i] === 0) continue;
      this.#owners[i] = 0;
      this.#states[i] = null;
    }
  }

  /** What a dissector says to the first bytes. */
  asks(index: number, bytes: Uint8Array, from: number, to: number): number {
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

  /** Shows a dissector one message and gives its answer. */
  run(index: number, bytes: Uint8Array, from: number, to: number): number {
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
    const first = STATES * this.flow;
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
    const took = this.run(index, r.bytes, Math.max(from, 0), Math.min(to, r.end));
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
