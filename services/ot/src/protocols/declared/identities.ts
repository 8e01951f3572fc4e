/** Texts by which devices name themselves in a declared protocol: printable, told when they are new, and not for ever. */
import type { Reader } from "@yagura/packets/reader.ts";
import { MAX_IDENTITY_LENGTH, numeral, type DeclaredIdentity } from "../../wire/declared.ts";
import type { Attribute } from "../../wire/vocabulary.ts";
import type { Context } from "../dissector.ts";
import { hashOf } from "../codecs/text.ts";
import { Field, textOf, type Kept, type Odd } from "./fields.ts";

/** Times that a conversation tells an identity anew. */
const MAX_TELLINGS = 8;

interface Identity {
  readonly attribute: Attribute;
  readonly at: number;
  /** Bytes, where always the same; else −1 and the field says. */
  readonly fixed: number;
  readonly length: Field | null;
  readonly inRequests: boolean;
  readonly inAnswers: boolean;
  /** −1: of any function. */
  readonly code: number;
}

const identityOf = (one: DeclaredIdentity, order: "big" | "little"): Identity => ({
  attribute: one.attribute,
  at: one.at,
  fixed: typeof one.length === "number" ? one.length : -1,
  length: typeof one.length === "number" ? null : new Field(one.length, order),
  inRequests: one.in !== "answers",
  inAnswers: one.in !== "requests",
  code: one.function === undefined ? -1 : numeral(one.function),
});

export class Identities {
  readonly count: number;
  readonly #identities: readonly Identity[];
  readonly #odd: Odd | null;
  constructor(list: readonly DeclaredIdentity[], order: "big" | "little", odd: Odd | null) {
    this.#identities = list.map((one) => identityOf(one, order));
    this.count = list.length;
    this.#odd = odd;
  }

  /** Tells those of a message of `size` bytes; `answer`: its sender answers. */
  tell(r: Reader, c: Context, size: number, code: number, answer: boolean, kept: Kept): void {
    const identities = this.#identities;
    const { told, tellings } = kept;
    for (let i = 0; i < identities.length; i++) {
      const one = identities[i] as Identity;
      if (one.code >= 0 && one.code !== code) continue;
      if (answer ? !one.inAnswers : !one.inRequests) continue;
      const length = one.length === null ? one.fixed : Math.min(one.length.read(r, size), MAX_IDENTITY_LENGTH);
      if (length <= 0) continue;
      if (one.at + length > size) {
        c.weird("truncated");
        this.#odd?.("identity", one.at);
        continue;
      }
      // 0 stands for nothing told yet.
      const hash = hashOf(r.bytes, r.at + one.at, r.at + one.at + length) | 0 || 1;
      const place = 2 * i + (c.fromClient ? 0 : 1);
      if (told[place] === hash) continue;
      told[place] = hash;
      if ((tellings[place] as number) >= MAX_TELLINGS) {
        this.#odd?.("many", one.at);
        continue;
      }
      tellings[place] = (tellings[place] as number) + 1;
      const value = textOf(r, one.at, length);
      if (value === null) this.#odd?.("identity", one.at);
      else c.source(one.attribute, value);
    }
  }
}
