/** Numbers of texts: each different one is kept once. */
import { MAX_TEXT_LENGTH } from "../wire/metadata.ts";
import { MAX_ENGINE_TEXTS } from "./limits.ts";

export class Texts {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];
  /** Texts that had no room. */
  dropped = 0;

  /** Number of a text, −1 for none: an empty one, or no room. */
  number(text: string): number {
    const cut = text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text;
    const known = this.#numbers.get(cut);
    if (known !== undefined) return known;
    const number = this.#add(cut);
    return number;
  }

  #add(text: string): number {
    const clean = cleaned(text);
    if (clean === "") return -1;
    if (this.#texts.length >= MAX_ENGINE_TEXTS) {
      this.dropped++;
      return -1;
    }
    let number = clean === text ? undefined : this.#numbers.get(clean);
    if (number === undefined) number = this.#texts.push(clean) - 1;
    this.#numbers.set(clean, number);
    // What has to be cleaned each time is not remembered under its raw form: a sender could fill the table with it.
    return number;
  }

  text(number: number): string {
    return this.#texts[number] ?? "";
  }
  get crowded(): boolean {
    return this.#texts.length > (MAX_ENGINE_TEXTS * 3) / 4;
  }
  clear(): void {
    this.#numbers.clear();
    this.#texts.length = 0;
  }
}

/** Control characters and halves of characters have no place in a name. */
function cleaned(text: string): string {
  const odd = (code: number): boolean => code < 32 || code === 127 || (code >= 0xd800 && code <= 0xdfff);
  for (let i = 0; i < text.length; i++)
    if (odd(text.charCodeAt(i)))
      return Array.from(text.toWellFormed(), (one) => (one.length === 1 && odd(one.charCodeAt(0)) ? "·" : one))
        .join("")
        .trim();
  return text.trim();
}
