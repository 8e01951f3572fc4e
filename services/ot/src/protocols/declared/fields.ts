/** What a declared protocol is read with: numbers and texts at places of a message, and what a conversation keeps. */
import type { Reader } from "@yagura/packets/reader.ts";
import { numeral, type DeclaredBits } from "../../wire/declared.ts";

/** Told when a description and the bytes do not agree; for trying a description, never in a sensor. `at`: byte of the message. */
export type Odd = (reason: OddReason, at: number) => void;
export const oddReasons = ["match", "short", "length", "cut", "function", "question", "identity", "many"] as const;
export type OddReason = (typeof oddReasons)[number];

/** A number in a message. */
export class Field {
  readonly at: number;
  readonly end: number;
  readonly #size: number;
  readonly #little: boolean;
  readonly #mask: number;
  readonly #shift: number;
  constructor({ at, size, order, mask, shift }: DeclaredBits, byDefault: "big" | "little") {
    this.at = at;
    this.end = at + size;
    this.#size = size;
    this.#little = (order ?? byDefault) === "little";
    this.#mask = mask === undefined ? -1 : numeral(mask) | 0;
    this.#shift = shift ?? 0;
  }
  /** −1 where it lies beyond the message of `size` bytes. */
  read(r: Reader, size: number): number {
    const { at } = this;
    if (this.end > size) return -1;
    let value: number;
    if (this.#size === 1) value = r.peek(at);
    else if (this.#little) value = this.#size === 2 ? r.peek16le(at) : (r.peek16le(at + 2) << 16) | r.peek16le(at);
    else value = this.#size === 2 ? r.peek16(at) : (r.peek16(at) << 16) | r.peek16(at + 2);
    return ((value & this.#mask) >>> this.#shift) >>> 0;
  }
}

/** Questions of a conversation that wait for their answer. */
const MAX_ASKED = 16;

/** What a conversation keeps: questions that were asked last, and what was told of who its parties are. */
export class Kept {
  /** Whose it is: a description that was exchanged begins anew. */
  readonly of: object;
  readonly keys = new Float64Array(MAX_ASKED).fill(-1);
  readonly codes = new Float64Array(MAX_ASKED);
  readonly objects = new Float64Array(MAX_ASKED);
  readonly units = new Int32Array(MAX_ASKED);
  next = 0;
  /** Hash of each identity that was told, of the client and of the server; 0 for none. */
  readonly told: Int32Array;
  /** How often each was told. */
  readonly tellings: Uint8Array;
  constructor(of: object, identities: number) {
    this.of = of;
    this.tellings = new Uint8Array(2 * identities);
    this.told = new Int32Array(2 * identities);
  }
  put(key: number, code: number, object: number, unit: number): void {
    let place = this.find(key);
    if (place < 0) {
      place = this.next;
      this.next = (place + 1) % MAX_ASKED;
    }
    this.keys[place] = key;
    this.codes[place] = code;
    this.objects[place] = object;
    this.units[place] = unit;
  }
  find(key: number): number {
    const { keys } = this;
    for (let i = 0; i < MAX_ASKED; i++) if (keys[i] === key) return i;
    return -1;
  }
}

/** Printable ASCII up to a NUL; null where there is anything else: then it is no name. */
export function textOf(r: Reader, at: number, length: number): string | null {
  const before = r.at;
  r.at += at;
  const text = r.ascii(length);
  r.at = before;
  return text === "" || text.includes("·") ? null : text;
}

/**
 * Numbers that are told, so many different ones at most: a field that was pointed at a counter or a process value is none of what
 * it is said to be, and would fill the tables of an upload.
 */
export class Admitted {
  readonly #known = new Set<number>();
  readonly #most: number;
  constructor(most: number) {
    this.#most = most;
  }
  has(value: number): boolean {
    if (this.#known.has(value)) return true;
    if (this.#known.size >= this.#most) return false;
    this.#known.add(value);
    return true;
  }
}
