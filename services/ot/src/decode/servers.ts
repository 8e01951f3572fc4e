/** What is remembered of servers: which protocol they speak where, and who asked them for what. */
import { FLOW_WORDS, word } from "@yagura/packets/flows.ts";
import { KeyTable } from "@yagura/packets/key-table.ts";
import { kinds } from "@yagura/packets/packet.ts";
import { bit } from "./flow-state.ts";
import { MAX_REMEMBERED } from "./limits.ts";
import type { Memory } from "./memory.ts";

export class Servers {
  readonly #memory: Memory;
  readonly #words: Int32Array;
  /** Server's endpoint, port and transport → dissector + 1. */
  readonly #servers = new KeyTable(2, MAX_REMEMBERED);
  readonly #served = new Int16Array(MAX_REMEMBERED);
  /** Client, server, port and transport that were seen before. */
  readonly #services = new KeyTable(3, MAX_REMEMBERED);

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#words = memory.flows.words;
  }

  forget(): void {
    this.#servers.clear();
    this.#services.clear();
  }

  /** True when this place is known as a server of some protocol. */
  serves(endpoint: number, port: number, kind: number): boolean {
    const { key } = this.#servers;
    key[0] = endpoint;
    key[1] = port | (kind << 16);
    return this.#servers.find() >= 0;
  }

  /** True when nobody asked this server for this service before. */
  isNew(flow: number): boolean {
    const w = this.#words;
    const at = flow * FLOW_WORDS;
    const clientB = (w[at + word.state] as number) & bit.clientB;
    const { key } = this.#services;
    key[0] = w[at + word.endpointA + clientB] as number;
    key[1] = w[at + word.endpointB - clientB] as number;
    key[2] = this.#memory.port(flow) | (((w[at + word.meta] as number) & 7) << 16);
    if (this.#services.put() < 0) this.#services.clear();
    return this.#services.fresh;
  }

  /** The flow's dissector has read a message: its server speaks this. */
  remember(flow: number): void {
    const w = this.#words;
    const at = flow * FLOW_WORDS;
    const kind = (w[at + word.meta] as number) & 7;
    if (kind !== kinds.tcp && kind !== kinds.udp) return;
    const clientB = (w[at + word.state] as number) & bit.clientB;
    const { key } = this.#servers;
    key[0] = w[at + word.endpointB - clientB] as number;
    key[1] = this.#memory.port(flow) | (kind << 16);
    const row = this.#servers.put();
    if (row < 0) this.#servers.clear();
    else this.#served[row] = w[at + word.dissector] as number;
  }

  /** What dissectors from a place on were remembered for is known no more: they were exchanged. */
  unlearn(from: number): void {
    for (let row = 0; row < this.#servers.count; row++) if ((this.#served[row] as number) > from) this.#served[row] = 0;
  }

  /** The dissector of what this flow's server (or else its client) spoke before, −1 for none. */
  remembered(flow: number): number {
    const w = this.#words;
    const at = flow * FLOW_WORDS;
    const kind = (w[at + word.meta] as number) & 7;
    if (kind < kinds.tcp) return -1;
    const clientB = (w[at + word.state] as number) & bit.clientB;
    const { key } = this.#servers;
    key[0] = w[at + word.endpointB - clientB] as number;
    key[1] = this.#memory.port(flow) | (kind << 16);
    let row = this.#servers.find();
    if (row < 0) {
      const ports = w[at + word.ports] as number;
      key[0] = w[at + word.endpointA + clientB] as number;
      key[1] = (clientB === 0 ? ports >>> 16 : ports & 0xffff) | (kind << 16);
      row = this.#servers.find();
    }
    return row < 0 ? -1 : (this.#served[row] as number) - 1;
  }
}
