/** Dissectors by what they listen to: an index over the list, made once. */
import { kinds, type Packet } from "@yagura/packets/packet.ts";
import type { Dissector } from "../protocols/dissector.ts";
import { MAX_DECLARED, slotOf } from "../wire/declared.ts";

const none: readonly number[] = [];

export class Registry {
  readonly stream: boolean[];
  /** Dissectors that are built in; declared ones stand behind them, one place for each slot. */
  readonly builtIn: number;
  readonly #names = new Map<string, number>();
  readonly #tcpPorts = new Map<number, readonly number[]>();
  readonly #udpPorts = new Map<number, readonly number[]>();
  readonly #ethertypes = new Map<number, readonly number[]>();
  readonly #llc = new Map<number, readonly number[]>();
  readonly #ip = new Map<number, readonly number[]>();
  readonly #tcp: readonly number[];
  readonly #udp: readonly number[];
  /** Declared: by transport and port or EtherType, and all of a transport. */
  #declared: ReadonlyMap<number, readonly number[]> = new Map();
  #declaredTcp: readonly number[] = none;
  #declaredUdp: readonly number[] = none;

  constructor(dissectors: readonly Dissector[]) {
    this.builtIn = dissectors.length;
    this.stream = [
      ...dissectors.map((one) => one.stream === true),
      ...Array.from({ length: MAX_DECLARED }, () => false),
    ];
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

  /** Place of a declared protocol. */
  placeOf(dissector: Dissector): number {
    return this.builtIn + slotOf(dissector.protocol) - 1;
  }

  /** Exchanges the declared ones. They are kept apart: who is built in is always asked first. */
  declare(dissectors: readonly Dissector[]): void {
    const places = new Map<number, number[]>();
    this.stream.fill(false, this.builtIn);
    for (const one of dissectors) {
      const index = this.placeOf(one);
      this.stream[index] = one.stream === true;
      for (const [kind, list = none] of [
        [kinds.tcp, one.on.tcp],
        [kinds.udp, one.on.udp],
        [kinds.ethernet, one.on.ethertype],
      ] as const)
        for (const place of list) {
          const key = place | (kind << 16);
          places.set(key, [...(places.get(key) ?? []), index]);
        }
    }
    const of = (wanted: "tcp" | "udp"): number[] =>
      dissectors.filter(({ on }) => on[wanted] !== undefined).map((one) => this.placeOf(one));
    this.#declared = places;
    this.#declaredTcp = of("tcp");
    this.#declaredUdp = of("udp");
  }

  /** Declared ones that expect their messages at a port. */
  declaredAt(kind: number, port: number): readonly number[] {
    return this.#declared.size === 0 ? none : (this.#declared.get(port | (kind << 16)) ?? none);
  }
  /** True when the port is one of a protocol that is built in. */
  isBuiltIn(kind: number, port: number): boolean {
    return (kind === kinds.tcp ? this.#tcpPorts : this.#udpPorts).has(port);
  }

  /** All declared ones of the transport. */
  allDeclared(p: Packet): readonly number[] {
    return p.kind === kinds.tcp ? this.#declaredTcp : p.kind === kinds.udp ? this.#declaredUdp : none;
  }

  /** Dissector of a protocol's name, −1 for none. */
  named(protocol: string): number {
    return this.#names.get(protocol) ?? -1;
  }

  /** True when a port is one of a protocol. */
  isPort(kind: number, port: number): boolean {
    return this.isBuiltIn(kind, port) || this.declaredAt(kind, port).length > 0;
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
    const builtIn = map.get(type) ?? none;
    const declared = this.#declared.size === 0 ? undefined : this.#declared.get(type | (kind << 16));
    // Each packet asks: no array is made for a type that only a declared protocol has.
    if (declared === undefined) return builtIn;
    return builtIn.length === 0 ? declared : [...builtIn, ...declared];
  }

  /** All of the transport. */
  all(p: Packet): readonly number[] {
    return p.kind === kinds.tcp ? this.#tcp : p.kind === kinds.udp ? this.#udp : none;
  }
}
