/**
 * A declared protocol (wire/declared.ts) as a dissector. Nothing of a description is ever run: it becomes numbers that one fixed
 * reader of fields goes by, so whatever a customer writes costs a bounded time per message, reads inside its bytes only and tells
 * identifiers only.
 *
 *  0          match at offsets   length     function   …
 * | bytes & mask = value      | at + add | mask, shift | unit, object, addresses, identities |
 *
 * Code, object and unit are those of the description; low and high are addresses of requests. An answer that does not repeat what it
 * answers is told with what its question said, found by the transaction number, else by the function, else the last one. Limits:
 * MAX_ASKED questions are remembered for a conversation; identities are told once for a conversation, until they change, MAX_TELLINGS
 * times at most; so many different units, objects and functions that are not listed are told, and no more: a field that changes
 * with every message is no such thing.
 */
import type { Reader } from "@yagura/packets/reader.ts";
import { fixedBits, headOf } from "../../wire/declared-check.ts";
import {
  hexadecimal,
  MAX_DECLARED_MESSAGE,
  numeral,
  slotName,
  type DeclaredBits,
  type DeclaredDescription,
  type DeclaredSided,
} from "../../wire/declared.ts";
import { functionTable } from "../codecs/functions.ts";
import { NEED_MORE, NOT_MINE, recognised, type Context, type Dissector, type Recognised } from "../dissector.ts";
import { Admitted, Field, Kept, type Odd, type OddReason } from "./fields.ts";
import { Identities } from "./identities.ts";

/** Bits that must be right before a message is believed on a foreign port. */
const SURE_BITS = 32;
/** Different functions that the description does not list, objects and units that a sensor tells of a declared protocol. */
const MAX_UNLISTED = 64;
const MAX_OBJECTS = 256;
const MAX_UNITS = 256;
const MAX_NUMBER = 4_294_967_295;

/** A slot's dissector. The description was checked (wire/declared-check.ts). */
export function compile(slot: number, description: DeclaredDescription, odd: Odd | null = null): Dissector {
  const one = new Declared(description, odd);
  const { tcp, udp, ethertype } = description.on;
  return {
    protocol: slotName(slot),
    specification: description.specification,
    on: {
      ...(tcp === undefined ? {} : { tcp }),
      ...(udp === undefined ? {} : { udp }),
      ...(ethertype === undefined ? {} : { ethertype: ethertype.map(numeral) }),
    },
    stream: tcp !== undefined && description.length !== undefined,
    recognise: (r, c) => one.recognise(r, c),
    dissect: (r, c) => one.dissect(r, c),
    functions: one.functions,
    objects: new Map((description.objects ?? []).map(({ number, name }) => [numeral(number), name])),
  };
}

const direction = { request: 0, answer: 1, event: 2 } as const;
const inRequests = (field: DeclaredSided | undefined): boolean => field?.in === "requests";

class Declared {
  readonly functions;
  readonly #odd: Odd | null;
  /** Bytes that must be right: offset, mask, value. */
  readonly #offsets: readonly number[];
  readonly #masks: readonly number[];
  readonly #values: readonly number[];
  readonly #sure: boolean;
  /** Bytes of the shortest message. */
  readonly #head: number;
  readonly #fixed: number;
  readonly #length: Field | null;
  readonly #add: number;
  readonly #by: "port" | "none" | "field";
  readonly #ports: readonly number[];
  readonly #reply: Field | null;
  readonly #replyValue: number;
  readonly #error: Field | null;
  readonly #errorValue: number;
  readonly #errorEquals: boolean;
  readonly #code: Field;
  readonly #codeAsked: boolean;
  readonly #transaction: Field | null;
  readonly #unit: Field | null;
  readonly #unitAsked: boolean;
  readonly #object: Field | null;
  readonly #objectAsked: boolean;
  readonly #low: Field | null;
  readonly #high: Field | null;
  readonly #count: Field | null;
  readonly #identities: Identities;
  readonly #remembers: boolean;
  readonly #unlisted = new Admitted(MAX_UNLISTED);
  readonly #objects = new Admitted(MAX_OBJECTS);
  readonly #units = new Admitted(MAX_UNITS);

  constructor(one: DeclaredDescription, odd: Odd | null) {
    this.#odd = odd;
    const { order } = one;
    const field = (bits: DeclaredBits | undefined): Field | null =>
      bits === undefined ? null : new Field(bits, order);
    this.functions = functionTable(one.functions.map(({ code, name, class: kind }) => [numeral(code), name, kind]));
    const bytes = (one.match ?? []).flatMap(({ at, bytes: wanted, mask }) => {
      const masks = mask === undefined ? [] : hexadecimal(mask);
      return hexadecimal(wanted).map((value, k) => ({ at: at + k, mask: masks[k] ?? 0xff, value }));
    });
    this.#offsets = bytes.map(({ at }) => at);
    this.#masks = bytes.map(({ mask }) => mask);
    this.#values = bytes.map(({ value }) => value);
    this.#head = headOf(one);
    this.#sure = fixedBits(one) >= SURE_BITS && one.length !== undefined;
    this.#fixed = one.length !== undefined && "fixed" in one.length ? one.length.fixed : 0;
    this.#length = one.length !== undefined && "at" in one.length ? new Field(one.length, order) : null;
    this.#add = one.length !== undefined && "add" in one.length ? one.length.add : 0;
    this.#by = one.reply.by;
    this.#ports = [...(one.on.tcp ?? []), ...(one.on.udp ?? [])];
    this.#reply = one.reply.by === "field" ? new Field(one.reply, order) : null;
    this.#replyValue = one.reply.by === "field" ? numeral(one.reply.value) : 0;
    this.#error = field(one.error);
    this.#errorEquals = one.error?.equals !== undefined;
    this.#errorValue = numeral(one.error?.equals ?? one.error?.not ?? 0);
    this.#code = new Field(one.function, order);
    this.#codeAsked = inRequests(one.function);
    this.#transaction = field(one.transaction);
    this.#unit = field(one.unit);
    this.#unitAsked = inRequests(one.unit);
    this.#object = field(one.object);
    this.#objectAsked = inRequests(one.object);
    this.#low = field(one.low);
    this.#high = field(one.high);
    this.#count = field(one.count);
    this.#identities = new Identities(one.identities ?? [], order, odd);
    this.#remembers = this.#codeAsked || this.#unitAsked || this.#objectAsked;
  }

  recognise(r: Reader, c: Context): Recognised {
    const { left } = r;
    if (left < this.#head || this.#mismatch(r, left) >= 0) return recognised.no;
    const size = this.#sizeOf(r, left);
    if (size < 0) return recognised.no;
    if (size > left) return c.transport === "tcp" ? recognised.port : recognised.no;
    if (!this.#sure) return recognised.port;
    return size === left || this.#again(r, size, left) ? recognised.sure : recognised.port;
  }

  /** The message behind this one begins as well like one of ours. */
  #again(r: Reader, size: number, left: number): boolean {
    r.at += size;
    const fits = left - size >= this.#head && this.#mismatch(r, left - size) < 0;
    r.at -= size;
    return fits;
  }

  /** Place of the first byte that is not as described, −1 for none; bytes that are not there yet are not looked at. */
  #mismatch(r: Reader, left: number): number {
    const offsets = this.#offsets;
    for (let i = 0; i < offsets.length; i++) {
      const at = offsets[i] as number;
      if (at < left && (r.peek(at) & (this.#masks[i] as number)) !== this.#values[i]) return at;
    }
    return -1;
  }

  /** Bytes of the message, −1 where its length cannot be. */
  #sizeOf(r: Reader, left: number): number {
    if (this.#length === null) return this.#fixed > 0 ? this.#fixed : left;
    const size = this.#length.read(r, left) + this.#add;
    return size < this.#head || size > MAX_DECLARED_MESSAGE ? -1 : size;
  }

  dissect(r: Reader, c: Context): number {
    const { left } = r;
    const stream = c.transport === "tcp" && (this.#length !== null || this.#fixed > 0);
    const wrong = this.#mismatch(r, left);
    if (wrong >= 0) return this.#notMine("match", wrong);
    if (left < this.#head) return stream ? NEED_MORE : this.#notMine("short", left);
    const size = this.#sizeOf(r, left);
    if (size < 0) {
      c.weird("bad-length");
      return this.#notMine("length", this.#length?.at ?? 0);
    }
    if (size > left) {
      if (stream) return NEED_MORE;
      c.weird("truncated");
      return this.#notMine("cut", left);
    }
    this.#tell(r, c, size);
    return size;
  }

  #notMine(reason: OddReason, at: number): number {
    if (this.#odd !== null) this.#odd(reason, at);
    return NOT_MINE;
  }

  #directionOf(r: Reader, c: Context, size: number): number {
    if (this.#by === "none") return direction.event;
    if (this.#reply !== null)
      return this.#reply.read(r, size) === this.#replyValue ? direction.answer : direction.request;
    const asks = this.#ports.includes(c.destinationPort);
    if (asks !== this.#ports.includes(c.sourcePort)) return asks ? direction.request : direction.answer;
    return c.fromClient ? direction.request : direction.answer;
  }

  #tell(r: Reader, c: Context, size: number): void {
    const way = this.#directionOf(r, c, size);
    if (way === direction.answer) this.#answer(r, c, size);
    else this.#request(r, c, size, way);
  }

  #request(r: Reader, c: Context, size: number, way: number): void {
    if (way === direction.request) c.client(true);
    const code = this.#code.read(r, size);
    if (code < 0) return this.#oddly(c, "truncated", "function", this.#code.at);
    if (!this.#listed(c, code)) return;
    const unit = this.#unitOf(r, size);
    const object = this.#objectOf(r, size);
    const low = this.#low === null ? -1 : this.#low.read(r, size);
    if (this.#remembers) this.#keep(c).put(this.#keyOf(r, size, code), code, object, unit);
    c.commandFast(way === direction.event ? "event" : "request", code, object, low, this.#highOf(r, size, low), unit);
    if (this.#identities.count > 0) this.#identities.tell(r, c, size, code, false, this.#keep(c));
  }

  /** Functions that are not listed are told by their number, some of them. */
  #listed(c: Context, code: number): boolean {
    if (this.functions.has(code)) return true;
    this.#oddly(c, "unknown-function", "function", this.#code.at);
    return this.#unlisted.has(code);
  }
  #unitOf(r: Reader, size: number): number {
    if (this.#unit === null) return -1;
    const unit = this.#unit.read(r, size);
    if (unit < 0 || this.#units.has(unit)) return unit;
    this.#odd?.("many", this.#unit.at);
    return -1;
  }
  #objectOf(r: Reader, size: number): number {
    if (this.#object === null) return 0;
    const object = this.#object.read(r, size);
    if (object <= 0) return 0;
    if (this.#objects.has(object)) return object;
    this.#odd?.("many", this.#object.at);
    return 0;
  }

  #highOf(r: Reader, size: number, low: number): number {
    if (low < 0) return -1;
    const high = this.#high === null ? -1 : this.#high.read(r, size);
    if (high >= low) return high;
    const count = this.#count === null ? -1 : this.#count.read(r, size);
    return count > 0 ? Math.min(low + count - 1, MAX_NUMBER) : low;
  }

  #answer(r: Reader, c: Context, size: number): void {
    c.client(false);
    let code = this.#codeAsked ? -1 : this.#code.read(r, size);
    let unit = this.#unitAsked ? -1 : this.#unitOf(r, size);
    let object = this.#objectAsked ? 0 : this.#objectOf(r, size);
    if (this.#remembers) {
      const kept = this.#keep(c);
      const place = kept.find(this.#keyOf(r, size, code));
      if (place < 0) this.#oddly(c, "response-without-request", "question", 0);
      else {
        if (this.#codeAsked) code = kept.codes[place] as number;
        if (this.#unitAsked) unit = kept.units[place] as number;
        if (this.#objectAsked) object = kept.objects[place] as number;
      }
    }
    if (code < 0 || !this.#listed(c, code)) return;
    c.commandFast(this.#isError(r, size) ? "error" : "response", code, object, -1, -1, unit);
    if (this.#identities.count > 0) this.#identities.tell(r, c, size, code, true, this.#keep(c));
  }

  #isError(r: Reader, size: number): boolean {
    if (this.#error === null) return false;
    const value = this.#error.read(r, size);
    return value >= 0 && (value === this.#errorValue) === this.#errorEquals;
  }

  /** By what an answer finds its question. */
  #keyOf(r: Reader, size: number, code: number): number {
    if (this.#transaction !== null) return this.#transaction.read(r, size);
    return this.#codeAsked ? 0 : code;
  }

  #keep(c: Context): Kept {
    const { state } = c;
    if (state instanceof Kept && state.of === this) return state;
    const made = new Kept(this, this.#identities.count);
    c.state = made;
    return made;
  }

  #oddly(
    c: Context,
    weird: "truncated" | "unknown-function" | "response-without-request",
    why: OddReason,
    at: number,
  ): void {
    c.weird(weird);
    if (this.#odd !== null) this.#odd(why, at);
  }
}
