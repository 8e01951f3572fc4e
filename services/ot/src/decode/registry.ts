/** Dissectors by what they listen to: an index over the list, made once. */
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import type { Dissector } from "../protocols/dissector.ts";

const none: readonly number[] = [];

export class Registry {
  readonly stream: readonly boolean[];
  readonly #names = new Map<string, number>();
  readonly #tcpPorts = new Map<number, readonly number[]>();
  readonly #udpPorts = new Map<number, readonly number[]>();
  readonly #ethertypes = new Map<number, readonly number[]>();
  readonly #llc = new Map<number, readonly number[]>();
  readonly #ip = new Map<number, readonly number[]>();
  readonly #tcp: readonly number[];
  readonly #udp: readonly number[];

  constructor(dissectors: readonly Dissector[]) {
    this.stream = dissectors.map((one) => one.stream === true);
    for (const [index, { protocol, on }] of dissectors.entries()) {
      if (!this.#names.has(protocol)) this.#names.set(protocol, index);
      const put = (map: Map<number, readonly number[]>, places: readonly number[] = []): void => {
        for (const place of places) map.set(place, [...(map.get(place) ?? []), index]);
      };
      put(this.#tcpPorts, on.tcp);
      put(this.#udpPorts, on.udp);
      put(this.#ethertypes, on.ethertype);
      put(this.#llc, on.llc);
      put(this.#ip, on.ip);
    }
    const where = (wanted: (on: Dissector["on"]) => boolean): number[] =>
      dissectors.flatMap(({ on }, index) => (wanted(on) ? [index] : []));
    this.#tcp = where((on) => on.tcp !== undefined);
    this.#udp = where((on) => on.udp !== undefined);
  }

  /** Dissector of a protocol's name, −1 for none. */
  named(protocol: string): number {
    return this.#names.get(protocol) ?? -1;
  }

  /** True when a port is one of a protocol. */
  isPort(kind: number, port: number): boolean {
    return (kind === kinds.tcp ? this.#tcpPorts : this.#udpPorts).has(port);
  }

  /** Those that expect their messages there. */
  hinted(p: Packet): readonly number[] {
    if (p.kind === kinds.tcp || p.kind === kinds.udp) {
      const ports = p.kind === kinds.tcp ? this.#tcpPorts : this.#udpPorts;
      const to = ports.get(p.destinationPort);
      const from = ports.get(p.sourcePort);
      if (to === undefined) return from ?? none;
      return from === undefined || from === to ? to : [...to, ...from];
    }
    return this.below(p.kind, p.kind === kinds.ip ? p.protocol : p.type);
  }

  /** Those of an EtherType, an LLC address or an IP protocol. */
  below(kind: number, type: number): readonly number[] {
    const map = kind === kinds.ethernet ? this.#ethertypes : kind === kinds.llc ? this.#llc : this.#ip;
    return map.get(type) ?? none;
  }

  /** All of the transport. */
  all(p: Packet): readonly number[] {
    return p.kind === kinds.tcp ? this.#tcp : p.kind === kinds.udp ? this.#udp : none;
  }
}
