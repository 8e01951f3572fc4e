/** Packets in, metadata out. */
import type { Dissector, Primitives } from "../protocols/dissector.ts";
import type { MetadataBody } from "../wire/metadata.ts";
import type { Signatures } from "./signatures.ts";

export interface EngineOptions {
  readonly dissectors: readonly Dissector[];
  readonly primitives: Primitives;
  readonly signatures?: Signatures;
}

/** What an interval gives: the body of an upload but for what the sensor adds. */
export type Interval = Omit<MetadataBody, "version" | "ledger" | "tokens">;

/** Counters since the start, for health and tests. */
export interface EngineStats {
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
  /** What limits dropped or evicted, by the name of the limit. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Engine {
  /** One packet: [from, to) of `bytes`, valid only during the call; `time` in µs since the epoch. Never throws. */
  packet(
    bytes: Uint8Array,
    from: number,
    to: number,
    wireLength: number,
    time: number,
    linkType: number,
    interfaceIndex: number,
  ): void;
  /** Names a capture interface in the table `captures`. */
  nameInterface(interfaceIndex: number, name: string): void;
  /** Adds packets that the kernel dropped on an interface. */
  addDropped(interfaceIndex: number, packets: number): void;
  /** True when something waits that should be uploaded at once. */
  readonly urgent: boolean;
  /** Ends the interval at `now` (µs) and gives its tables, null when there was nothing. Conversations go on. */
  take(now: number): Interval | null;
  stats(): EngineStats;
}
