/** Payloads before the signatures: what a packet is, said in the words of the rules, and what follows when one matches. */
import { FLOW_WORDS, word } from "@yagura/packets/flows.ts";
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import { protocols, type ProtocolName } from "../wire/vocabulary.ts";
import type { Finder } from "./finder.ts";
import { bit } from "./flow-state.ts";
import type { Memory } from "./memory.ts";
import type { Signatures } from "./signatures.ts";
import { View } from "./view.ts";

/** Names of protocols by number. */
const nameOf: ReadonlyMap<number, ProtocolName> = new Map(
  (Object.keys(protocols) as ProtocolName[]).map((name) => [protocols[name].id, name]),
);

export class Matching {
  readonly #memory: Memory;
  readonly #finder: Finder;
  readonly #signatures: Signatures;
  readonly #view = new View();
  #packet: Packet | null = null;
  #flow = 0;

  constructor(memory: Memory, finder: Finder, signatures: Signatures) {
    this.#memory = memory;
    this.#finder = finder;
    this.#signatures = signatures;
  }

  /** [from, to) of `bytes` is the packet's payload, or what a connection has put together of it. */
  match(p: Packet, flow: number, side: number, bytes: Uint8Array, from: number, to: number): void {
    const w = this.#memory.flows.words;
    const at = flow * FLOW_WORDS;
    const state = w[at + word.state] as number;
    const view = this.#view;
    view.show(p, side !== this.#memory.flows.side, bytes, from, to);
    view.protocol = nameOf.get((w[at + word.label] as number) - 1) ?? "unknown";
    view.fromClient = (state & bit.clientB) === side;
    view.established = p.kind === kinds.tcp ? (state & bit.clientSure) === 0 || (state & bit.synAck) !== 0 : (state & (bit.seenA | bit.seenB)) === (bit.seenA | bit.seenB); // prettier-ignore
    view.conversation = w[at + word.serial] as number;
    this.#packet = p;
    this.#flow = flow;
    this.#signatures.match(view, this.#matched);
  }

  readonly #matched = (rule: number, revision: number): void => {
    const w = this.#memory.flows.words;
    const at = this.#flow * FLOW_WORDS;
    const source = w[at + word.endpointA + this.#finder.side] as number;
    const destination = w[at + word.endpointB - this.#finder.side] as number;
    const { time } = this.#packet as Packet;
    this.#memory.signature(source, destination, this.#memory.port(this.#flow), rule, revision & 0xffff, time);
  };
}
