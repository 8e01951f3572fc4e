/** Which addresses this sensor saw at which MAC since its start: the veto by address does not rest on the server's word alone. */
import { rowsOf } from "../../wire/metadata.ts";
import type { Interval } from "../../decode/engine.ts";

const MAX_MACS = 20_000;
const MAX_ADDRESSES = 16;

export class Seen {
  readonly #addresses = new Map<number, Set<string>>();

  /** An interval before anything in it is replaced by tokens. */
  add(interval: Interval): void {
    for (const { mac, address } of rowsOf(interval, "endpoints")) {
      if (mac === 0) continue;
      const known = this.#addresses.get(mac) ?? new Set<string>();
      const text = address < 0 ? "" : (interval.texts[address] ?? "");
      if (text !== "" && known.size < MAX_ADDRESSES) known.add(text);
      if (!this.#addresses.has(mac) && this.#addresses.size >= MAX_MACS) continue;
      this.#addresses.set(mac, known);
    }
  }

  /** Null: never seen. */
  addressesOf(mac: number): readonly string[] | null {
    const known = this.#addresses.get(mac);
    return known === undefined ? null : [...known];
  }
}
