/** Whether the payload of one packet fulfils the checks of a rule. Nothing is allocated but for `pcre`. */
import { lower } from "./bytes.ts";
import type { ByteJump, ByteTest, Check, ContentCheck, DataAt, NumberAt } from "./rule.ts";

/** Steps for one rule on one payload; then it counts as not matching (Suricata's inspection-recursion-limit). */
const MAX_STEPS = 3_000;
/** Bytes of a payload that expressions see at most (pcre.ts). */
const MAX_TEXT = 4_096;

export class Payload {
  #bytes: Uint8Array = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #text: string | null = null;
  #steps = 0;

  open(bytes: Uint8Array, from: number, to: number): this {
    this.#bytes = bytes;
    this.#from = from;
    this.#to = to;
    this.#text = null;
    return this;
  }
  get length(): number {
    return this.#to - this.#from;
  }

  fulfils(checks: readonly Check[]): boolean {
    this.#steps = 0;
    return this.#rest(checks, 0, 0);
  }

  /** Checks from `index` on; `end`: behind the match before, counted from the payload's start. */
  #rest(checks: readonly Check[], index: number, end: number): boolean {
    const check = checks[index];
    if (check === undefined) return true;
    if (++this.#steps > MAX_STEPS) return false;
    switch (check.type) {
      case "content":
        return this.#content(checks, index, check, end);
      case "pcre":
        return this.#pcre(checks, index, end);
      case "byte-test":
        return this.#test(check, end) && this.#rest(checks, index + 1, end);
      case "byte-jump": {
        const to = this.#jump(check, end);
        return to >= 0 && this.#rest(checks, index + 1, to);
      }
      case "data-at":
        return this.#dataAt(check, end) && this.#rest(checks, index + 1, end);
      case "field":
        return check.holds(this.#bytes, this.#from, this.#to) && this.#rest(checks, index + 1, end);
    }
  }

  #content(checks: readonly Check[], index: number, check: ContentCheck, end: number): boolean {
    const base = (check.relative ? end : 0) + check.offset;
    const first = Math.max(0, base);
    const last = check.depth === null ? this.length : Math.min(this.length, base + check.depth);
    // What follows may need a later place of the same bytes: each is tried until the rest holds.
    for (let at = first; at + check.bytes.length <= last; at++) {
      if (++this.#steps > MAX_STEPS * 8) return false;
      if (!this.#equal(check, at) || (check.atEnd && at + check.bytes.length !== this.length)) continue;
      if (check.negated) return false;
      if (this.#rest(checks, index + 1, at + check.bytes.length)) return true;
      if (!needsPlace(checks[index + 1])) return false;
    }
    return check.negated && this.#rest(checks, index + 1, end);
  }

  #equal({ bytes, nocase }: ContentCheck, at: number): boolean {
    const start = this.#from + at;
    for (let i = 0; i < bytes.length; i++) {
      const byte = this.#bytes[start + i] as number;
      if ((nocase ? lower[byte] : byte) !== bytes[i]) return false;
    }
    return true;
  }

  #pcre(checks: readonly Check[], index: number, end: number): boolean {
    const check = checks[index];
    if (check?.type !== "pcre") return false;
    this.#steps += check.weight;
    if (this.#steps > MAX_STEPS) return false;
    this.#text ??= latin1(this.#bytes, this.#from, Math.min(this.#to, this.#from + MAX_TEXT));
    const start = check.relative ? Math.min(end, this.#text.length) : 0;
    check.expression.lastIndex = 0;
    const found = check.expression.exec(this.#text.slice(start, start + check.seen));
    if (check.negated) return found === null && this.#rest(checks, index + 1, end);
    return found !== null && this.#rest(checks, index + 1, start + found.index + found[0].length);
  }

  /** The number, or −1 when it lies outside or is no number. */
  #number({ bytes, offset, relative, little, base, mask }: NumberAt, end: number): number {
    const at = (relative ? end : 0) + offset;
    if (at < 0 || at + bytes > this.length) return -1;
    let value = 0;
    if (base === 0) {
      for (let i = 0; i < bytes; i++) {
        value = value * 256 + (this.#bytes[this.#from + at + (little ? bytes - 1 - i : i)] as number);
      }
    } else value = this.#digits(at, bytes, base);
    if (value < 0 || mask === null || mask === 0) return value;
    // The mask's lowest bit becomes the number's (Suricata user guide, byte_test).
    return Number((BigInt(value) & BigInt(mask)) / BigInt(mask & -mask || 1));
  }
  #digits(at: number, bytes: number, base: number): number {
    const text = latin1(this.#bytes, this.#from + at, this.#from + at + bytes).trim();
    const value = Number.parseInt(text, base);
    return Number.isNaN(value) ? -1 : value;
  }

  #test({ number, operator, negated, value }: ByteTest, end: number): boolean {
    const found = this.#number(number, end);
    return found >= 0 && compare(found, operator, value) !== negated;
  }

  /** Where the jump ends, or −1 outside the payload; just behind its last byte is outside, as Suricata has it. */
  #jump({ number, multiplier, from, align, post }: ByteJump, end: number): number {
    const found = this.#number(number, end);
    if (found < 0) return -1;
    let distance = found * multiplier;
    if (align) distance = Math.ceil(distance / 4) * 4;
    const here = (number.relative ? end : 0) + number.offset + number.bytes;
    const start = from === "beginning" ? 0 : from === "end" ? this.length : here;
    const to = start + distance + post;
    return to < 0 || to >= this.length ? -1 : to;
  }

  #dataAt({ offset, relative, negated }: DataAt, end: number): boolean {
    const holds = relative ? end + offset <= this.length : offset < this.length;
    return holds !== negated;
  }
}

/** Whether a check counts from the match before it. */
function needsPlace(check: Check | undefined): boolean {
  if (check === undefined || check.type === "field") return false;
  return check.type === "byte-test" || check.type === "byte-jump" ? check.number.relative : check.relative;
}

function compare(found: number, operator: ByteTest["operator"], value: number): boolean {
  switch (operator) {
    case "<":
      return found < value;
    case ">":
      return found > value;
    case "=":
      return found === value;
    case "<=":
      return found <= value;
    case ">=":
      return found >= value;
    case "&":
      return (BigInt(found) & BigInt(value)) !== 0n;
    case "^":
      return (BigInt(found) ^ BigInt(value)) !== 0n;
  }
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}
