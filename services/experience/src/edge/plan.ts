/**
 * When each session measures. A session's grid is fixed: slot n is at phase + n × interval, so that it never drifts. Phases of
 * equal intervals are spread over the interval: each session takes, of eight places named by a hash of its id, the one
 * farthest from the places already taken, so that neither ten nor ten thousand sessions are ever bunched.
 */
const CANDIDATES = 8;

/** FNV-1a with a final avalanche, 0 (inclusive) to 1 (exclusive): stable over restarts and machines. */
export function stableHash(text: string, salt: number): number {
  let hash = (0x811c9dc5 ^ Math.imul(salt, 0x9e3779b1)) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b) >>> 0;
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35) >>> 0;
  hash ^= hash >>> 16;
  return (hash >>> 0) / 4_294_967_296;
}

/** Places taken on the circle of one interval, sorted; a place is a share of the interval, 0 to 1. */
export class Circle {
  readonly #taken: number[] = [];

  /** Takes the best place for the session. */
  take(session: string): number {
    let best = 0;
    let distance = -1;
    for (let salt = 0; salt < CANDIDATES; salt++) {
      const place = stableHash(session, salt);
      const free = this.#distance(place);
      if (free > distance) {
        distance = free;
        best = place;
      }
    }
    this.#taken.splice(this.#rank(best), 0, best);
    return best;
  }

  free(place: number): void {
    const at = this.#rank(place);
    if (this.#taken[at] === place) this.#taken.splice(at, 1);
  }

  /** First rank whose place is not below. */
  #rank(place: number): number {
    let low = 0;
    let high = this.#taken.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#taken[middle] as number) < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #distance(place: number): number {
    const { length } = this.#taken;
    if (length === 0) return 1;
    const at = this.#rank(place);
    const above = this.#taken[at % length] as number;
    const below = this.#taken[(at + length - 1) % length] as number;
    const round = (difference: number): number => Math.min(Math.abs(difference), 1 - Math.abs(difference));
    return Math.min(round(above - place), round(place - below));
  }
}

/** Binary heap of things by when they are due. */
export class DueHeap<T extends { due: number }> {
  #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }
  peek(): T | undefined {
    return this.#items[0];
  }
  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((items[parent] as T).due <= item.due) break;
      items[at] = items[parent] as T;
      at = parent;
    }
    items[at] = item;
  }
  /** The first one's `due` was raised: moves it to its new place. */
  sink(): void {
    const items = this.#items;
    const item = items[0];
    if (item === undefined) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && (items[child + 1] as T).due < (items[child] as T).due) child++;
      if ((items[child] as T).due >= item.due) break;
      items[at] = items[child] as T;
      at = child;
    }
    items[at] = item;
  }
  /** Keeps only what the test admits. */
  keep(test: (item: T) => boolean): void {
    const kept = this.#items.filter(test);
    this.#items = [];
    for (const item of kept) this.push(item);
  }
}
