/** How well the sensor sees: counters of each capture interface. */
import { MAX_FACES } from "./limits.ts";

export const seen = {
  packets: 0,
  bytes: 1,
  dropped: 2,
  duplicates: 3,
  truncated: 4,
  tagged: 5,
  twoWay: 6,
  oneWay: 7,
  tcpBytes: 8,
  tcpMissing: 9,
  broadcasts: 10,
  unicasts: 11,
  malformed: 12,
  undissected: 13,
  payloads: 14,
} as const;
const COUNTERS = 16;

export class Captures {
  readonly counters = new Float64Array(COUNTERS * MAX_FACES);
  readonly names: string[] = [];

  /** Place of an interface's counters. */
  place(face: number): number {
    return (face < 0 ? 0 : face < MAX_FACES ? face : MAX_FACES - 1) * COUNTERS;
  }
  add(face: number, counter: number, count: number): void {
    const place = this.place(face) + counter;
    this.counters[place] = (this.counters[place] as number) + count;
  }
  name(face: number): string {
    return this.names[face] ?? `capture ${face}`;
  }
  /** Interfaces that counted something in this interval. */
  active(): number[] {
    const active: number[] = [];
    for (let face = 0; face < MAX_FACES; face++) {
      const place = face * COUNTERS;
      if (this.counters[place] !== 0 || this.counters[place + seen.dropped] !== 0) active.push(face);
    }
    return active;
  }
  reset(): void {
    this.counters.fill(0);
  }
}
