/** The conversation of a packet: found or begun, with its endpoints and who probably asks. */
import { FLOW_WORDS, word } from "@yagura/packets/flows.ts";
import { kinds, tcpFlag, type Packet } from "@yagura/packets/packet.ts";
import type { Dispatch } from "./dispatch.ts";
import { bit } from "./flow-state.ts";
import { builtIn, type Memory } from "./memory.ts";

export class Finder {
  readonly #memory: Memory;
  readonly #dispatch: Dispatch;
  #serial = 0;
  /** Side of the packet that was looked for last: 0 is A. */
  side = 0;

  constructor(memory: Memory, dispatch: Dispatch) {
    this.#memory = memory;
    this.#dispatch = dispatch;
  }

  /** Conversation of a packet that has one. */
  find(p: Packet, face: number): number {
    return p.kind >= kinds.tcp ? this.#flowOf(p, 0, face) : this.#flowBelow(p, face);
  }

  /** Below TCP and UDP: several protocols may share an EtherType; each has a conversation of its own. */
  #flowBelow(p: Packet, face: number): number {
    if (p.kind === kinds.icmp) {
      // Question and answer are one conversation: echo, timestamp, address mask; echo of ICMPv6.
      const type = p.sourcePort;
      const asked =
        p.ipVersion === 4 ? (type === 0 ? 8 : type === 14 ? 13 : type === 18 ? 17 : type) : type === 129 ? 128 : type;
      const flow = this.#flowOf(p, asked, face);
      if (asked !== type) this.#client(flow, 1 - this.side);
      return flow;
    }
    const type = p.kind === kinds.ip ? p.protocol : p.type;
    const flow = this.#flowOf(p, type, face);
    const candidates = this.#dispatch.registry.below(p.kind, type);
    if (candidates.length < 2) return flow;
    const index = this.#dispatch.choose(p, flow, this.side, candidates);
    return index < 0 ? flow : this.#flowOf(p, (type & 0xffff) | ((index + 1) << 16), face);
  }

  #flowOf(p: Packet, type: number, face: number): number {
    const { flows } = this.#memory;
    const flow = flows.locate(p, type);
    this.side = flows.side;
    if (flows.fresh) this.#begin(p, flow, type, face);
    return flow;
  }

  #client(flow: number, side: number): void {
    const w = this.#memory.flows.words;
    const at = flow * FLOW_WORDS + word.state;
    w[at] = ((w[at] as number) & ~bit.clientB) | (side === 0 ? 0 : bit.clientB);
  }

  /** A new conversation: its endpoints, and who probably asks. */
  #begin(p: Packet, flow: number, type: number, face: number): void {
    const { flows, endpoints } = this.#memory;
    const w = flows.words;
    const at = flow * FLOW_WORDS;
    const side = this.side;
    const version = p.ipVersion;
    const sourceAddress = version === 4 ? p.source : (w[at + word.keyA + side] as number);
    const destinationAddress = version === 4 ? p.destination : (w[at + word.keyB - side] as number);
    const source = endpoints.put(p.sourceMacHigh, p.sourceMacLow, p.vlan, version, sourceAddress);
    if (endpoints.fresh) this.#memory.urgent = true;
    const destination = endpoints.put(p.destinationMacHigh, p.destinationMacLow, p.vlan, version, destinationAddress);
    if (endpoints.fresh) this.#memory.urgent = true;
    w[at + word.endpointA + side] = source;
    w[at + word.endpointB - side] = destination;
    w[at + word.type] = type | 0;
    w[at + word.face] = face;
    this.#dispatch.begin(flow);
    this.#serial = (this.#serial + 1) & 0x7fff_ffff || 1;
    w[at + word.serial] = this.#serial;
    if (p.kind === kinds.icmp) w[at + word.label] = (version === 4 ? builtIn.icmp : builtIn.icmpv6) + 1;
    else if (p.kind === kinds.ip && p.protocol === 2) w[at + word.label] = builtIn.igmp + 1;
    const answers = p.kind >= kinds.tcp && this.#fromServer(p, source, destination);
    this.#client(flow, answers ? 1 - side : side);
    if (this.#dispatch.servers.isNew(flow)) this.#memory.urgent = true;
  }

  /** Guess before anything is known: servers sit on known ports, else on lower ones. */
  #fromServer(p: Packet, source: number, destination: number): boolean {
    const { kind, sourcePort, destinationPort } = p;
    // To a group of receivers: who sends is the one that is active.
    if ((p.destinationMacHigh & 0x100) !== 0) return false;
    if (kind === kinds.tcp && (p.flags & tcpFlag.syn) !== 0) return (p.flags & tcpFlag.ack) !== 0;
    if (sourcePort === destinationPort) return false;
    if (this.#dispatch.servers.serves(destination, destinationPort, kind)) return false;
    if (this.#dispatch.servers.serves(source, sourcePort, kind)) return true;
    const { registry } = this.#dispatch;
    const from = registry.isPort(kind, sourcePort);
    if (from !== registry.isPort(kind, destinationPort)) return from;
    if (kind === kinds.tcp) return sourcePort < destinationPort;
    return sourcePort < 1_024 && destinationPort >= 1_024;
  }
}
