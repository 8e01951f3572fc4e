/** Addresses of host names, kept for a while: a probe of a host must not become a probe of its name server. */
import { lookup } from "node:dns/promises";
import type { Method } from "../wire/samples.ts";
import { readAddress, type Address } from "./address.ts";
import { lateWindow, type Finished, type Slot } from "./measured.ts";

/** An address is used this long, then renewed in the background, µs. */
const FRESH = 60_000_000;
/** When the name cannot be resolved any more, the last address serves this long, µs. */
const STALE = 600_000_000;
/** A name without an address is asked again after this time, µs. */
const RETRY = 5_000_000;
/** getaddrinfo blocks threads that the program needs elsewhere: at most this many at once. */
const AT_ONCE = 2;

export type Resolve = (host: string, family: 0 | 4 | 6) => Promise<Address>;

/** The system's own resolution: hosts file, resolver, whatever the machine is set to. */
export const systemResolve: Resolve = async (host, family) => {
  const found = await lookup(host, { family });
  return { family: found.family as 4 | 6, text: found.address };
};

interface Entry {
  address: Address | null;
  at: number;
  pending: Promise<void> | null;
}

export class Names {
  readonly #resolve: Resolve;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(now: () => number, resolve: Resolve = systemResolve) {
    this.#now = now;
    this.#resolve = resolve;
  }

  /** Calls back at once when the address is known, else when it is found; null: the name has none. */
  use(host: string, family: 4 | 6 | undefined, then: (address: Address | null) => void): void {
    const literal = readAddress(host);
    if (literal !== null) {
      then(family === undefined || literal.family === family ? literal : null);
      return;
    }
    const key = `${host} ${family ?? 0}`;
    let entry = this.#entries.get(key);
    if (entry === undefined)
      this.#entries.set(key, (entry = { address: null, at: Number.NEGATIVE_INFINITY, pending: null }));
    const found = entry;
    const age = this.#now() - found.at;
    if (age > (found.address === null ? RETRY : FRESH)) found.pending ??= this.#renew(found, host, family ?? 0);
    if (found.address !== null && age < STALE) then(found.address);
    else if (found.pending === null) then(null);
    else void found.pending.then(() => then(found.address));
  }

  /** Calls back with the address for a slot, unless it is over by then; a name without one is told as such. */
  forSlot(
    slot: Slot,
    question: { readonly host: string; readonly family?: 4 | 6 | undefined; readonly timeout: number },
    method: Method,
    finished: Finished,
    then: (address: Address) => void,
  ): void {
    const unresolved = { outcome: "unresolved", method, rtt: 0, bound: 0 } as const;
    // What is told when resolution takes longer than the slot may.
    slot.measured = unresolved;
    slot.finalAt = this.#now() + question.timeout + lateWindow(question.timeout);
    this.use(question.host, question.family, (address) => {
      const now = this.#now();
      if (slot.abandoned || slot.finalAt <= now) return;
      slot.measured = null;
      if (address !== null) return then(address);
      finished(slot, unresolved);
      slot.finalAt = now;
    });
  }

  /** Resolves now, whatever is known; null: no address, or no longer wanted when its turn came. */
  async fresh(host: string, wanted: () => boolean): Promise<Address | null> {
    await this.#turn();
    try {
      return wanted() ? await this.#resolve(host, 0) : null;
    } catch {
      return null;
    } finally {
      this.#next();
    }
  }

  async #renew(entry: Entry, host: string, family: 0 | 4 | 6): Promise<void> {
    await this.#turn();
    try {
      entry.address = await this.#resolve(host, family);
      entry.at = this.#now();
    } catch {
      if (entry.address === null || this.#now() - entry.at > STALE) {
        entry.address = null;
        entry.at = this.#now();
      }
    } finally {
      this.#next();
      entry.pending = null;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= AT_ONCE) await new Promise<void>((go) => this.#queue.push(go));
    this.#running++;
  }
  #next(): void {
    this.#running--;
    this.#queue.shift()?.();
  }
}
