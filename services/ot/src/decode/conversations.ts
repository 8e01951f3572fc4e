/** Conversations of an interval: flows added up by client, server, transport, server's port and protocol. */
import { KeyTable } from "@yagura/packets/key-table.ts";
import { MAX_CONVERSATIONS } from "./limits.ts";

/** Places of a row's sums. */
export const sum = {
  first: 0,
  last: 1,
  packetsOut: 2,
  bytesOut: 3,
  packetsIn: 4,
  bytesIn: 5,
  connections: 6,
  refused: 7,
  unanswered: 8,
  retransmissions: 9,
  missing: 10,
  rtt: 11,
} as const;
export const SUMS = 12;

export class Conversations {
  /** Client, server, port and transport, protocol. */
  readonly table = new KeyTable(4, MAX_CONVERSATIONS);
  readonly sums = new Float64Array(SUMS * MAX_CONVERSATIONS);
  readonly #counted = new Uint8Array(MAX_CONVERSATIONS);
  readonly touched = new Int32Array(MAX_CONVERSATIONS);
  touchedCount = 0;
  dropped = 0;

  /** Place of a row's sums in `sums`, −1 when there is no room. */
  place(client: number, server: number, portTransport: number, protocol: number, first: number): number {
    const { table } = this;
    const { key } = table;
    key[0] = client;
    key[1] = server;
    key[2] = portTransport;
    key[3] = protocol;
    const row = table.put();
    if (row < 0) {
      this.dropped++;
      return -1;
    }
    const place = row * SUMS;
    if (table.fresh) this.#counted[row] = 0;
    if (this.#counted[row] === 0) {
      this.#counted[row] = 1;
      this.touched[this.touchedCount++] = row;
      this.sums.fill(0, place, place + SUMS);
      this.sums[place + sum.first] = first;
      this.sums[place + sum.last] = first;
      this.sums[place + sum.rtt] = -1;
    }
    return place;
  }

  /** Ends the interval; forgets all keys where the table is crowded (or `always`). */
  reset(always: boolean): void {
    for (let i = 0; i < this.touchedCount; i++) this.#counted[this.touched[i] as number] = 0;
    this.touchedCount = 0;
    if (always || this.table.count > (MAX_CONVERSATIONS * 3) / 4) this.table.clear();
  }
}
