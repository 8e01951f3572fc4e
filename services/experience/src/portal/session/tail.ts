/** Reads a session's newest raw samples, one request at a time, and keeps those that the end of a live series is made of. */
import { api } from "@yagura/portal/api.ts";
import { emptyRecent, extendRecent, type Recent } from "../chart/recent.ts";

/** Samples in one answer of `…/recent`. */
export const ANSWER = 1_000;
/** Samples that are kept for rebuilding the end of a series. */
const KEPT = 20_000;
/** Milliseconds between two readings, however many hints come. */
const PAUSE = 700;

export interface TailState {
  readonly recent: Recent;
  /** The last reading failed: what is there stays. */
  readonly failed: boolean;
}

export class Tail {
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  #state: TailState = { recent: emptyRecent, failed: false };
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  /** Seconds since the epoch from which on samples are needed, and what to do when some were left out. */
  #want: { readonly from: number; readonly reload: () => void } | null = null;

  /** `path` is that of the session in the API. */
  constructor(path: string) {
    this.#path = path;
  }
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): TailState => this.#state;

  /** Follows from an instant on, or stops at null. */
  follow(want: { readonly from: number; readonly reload: () => void } | null): void {
    this.#want = want;
    if (want === null) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else this.hint();
  }
  /** There may be new samples. */
  hint(): void {
    if (this.#want === null || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        void this.#read();
      },
      Math.max(0, this.#last + PAUSE - Date.now()),
    );
  }
  /** Milliseconds since the last reading. */
  age(): number {
    return Date.now() - this.#last;
  }

  async #read(): Promise<void> {
    const want = this.#want;
    if (want === null || this.#busy) return;
    this.#busy = true;
    this.#last = Date.now();
    const needed = Math.round(want.from * 1e6);
    // After a pause the known samples end before what is needed: joined, they would look like a gap.
    const kept = this.#state.recent;
    const known = (kept.t.at(-1) ?? 0) < needed ? emptyRecent : kept;
    try {
      const more = await api.get<Recent>(`${this.#path}/recent`, { after: known.t.at(-1) ?? needed });
      // A full answer may have left some out between what is known and its first: the server's series fills it.
      const full = more.t.length >= ANSWER;
      if (full) want.reload();
      this.#tell({ recent: extendRecent(full ? emptyRecent : known, more, KEPT), failed: false });
    } catch {
      this.#tell({ recent: kept, failed: true });
    } finally {
      this.#busy = false;
    }
  }
  #tell(state: TailState): void {
    if (state.recent === this.#state.recent && state.failed === this.#state.failed) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
