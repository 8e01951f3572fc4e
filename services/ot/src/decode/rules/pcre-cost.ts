/**
 * What an expression may cost on the worst payload. JavaScript tries every way to match: each repetition without end multiplies the
 * ways by the length, each choice (`a|b`, `a?`, `{2,5}`) by its number, and a repeated group does so each time.
 */
import { Refused } from "./rule.ts";

export interface Cost {
  /** Ways through the expression beside those of the length. */
  readonly choices: number;
  /** Repetitions without end. */
  readonly endless: number;
}

/** Steps of one expression on one payload: half a second at the very worst (45 million steps a second were measured). */
const MAX_STEPS = 2e7;
/** So many count as one step of a rule (checks.ts): an expression that is looked for at each place of a content is bounded too. */
const STEPS_OF_ONE = 5e4;
/** Bytes of a payload that an expression sees: as many as its cost allows. */
const SEEN = [4_096, 1_024, 256, 128] as const;
/** An end so high counts as none. */
const HIGH = 100;
const MAX_NESTING = 32;

/** How many bytes it may see, and how many steps of a rule one look takes. Refused when even few are too many. */
export function bytesFor({ choices, endless }: Cost): { readonly seen: number; readonly weight: number } {
  // Places of the beginning and of each repetition stand in their order: combinations, not powers.
  let orders = 1;
  for (let i = 2; i <= endless + 1; i++) orders *= i;
  for (const seen of SEEN) {
    const steps = (seen ** (endless + 1) / orders) * choices;
    if (steps <= MAX_STEPS) return { seen, weight: Math.ceil(steps / STEPS_OF_ONE) };
  }
  throw new Refused("pcre-cost");
}

/** Escapes and classes as one letter each. */
const bare = (body: string): string => body.replaceAll(/\\./gs, "x").replaceAll(/\[\^?\]?[^\]]*\]/g, "x");

/** Refused: a choice or a repetition in a group that is repeated without end. */
export const costOf = (body: string): Cost => new Reader(bare(body)).choice(0);

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Branches up to the end of the group. */
  choice(depth: number): Cost {
    if (depth > MAX_NESTING) throw new Refused("pcre-deep");
    let [choices, endless] = [0, 0];
    for (;;) {
      const branch = this.#branch(depth);
      choices += branch.choices;
      endless = Math.max(endless, branch.endless);
      if (this.#text[this.#at] !== "|") return { choices, endless };
      this.#at++;
    }
  }

  #branch(depth: number): Cost {
    let [choices, endless] = [1, 0];
    for (;;) {
      const sign = this.#text[this.#at];
      if (sign === undefined || sign === "|" || sign === ")") {
        // One that closes nothing is for the expression itself to refuse.
        if (sign === ")" && depth === 0) this.#at++;
        else return { choices, endless };
        continue;
      }
      const item = this.#repeated(this.#item(sign, depth));
      choices *= item.choices;
      endless += item.endless;
    }
  }

  #item(sign: string, depth: number): Cost {
    this.#at++;
    if (sign !== "(") return { choices: 1, endless: 0 };
    const kind = /^\?(?:[:=!]|<[=!])/.exec(this.#text.slice(this.#at, this.#at + 3));
    if (kind !== null) this.#at += kind[0].length;
    const inner = this.choice(depth + 1);
    if (this.#text[this.#at] === ")") this.#at++;
    return inner;
  }

  #repeated(item: Cost): Cost {
    const told = /^(?:[*+?]|\{(\d*)(,?)(\d*)\})\??/.exec(this.#text.slice(this.#at, this.#at + 24));
    if (told === null) return item;
    this.#at += told[0].length;
    const [sign, low = "", comma = "", high = ""] = told;
    if (sign.startsWith("?")) return { choices: item.choices + 1, endless: item.endless };
    const least = Number(low);
    const most = sign.startsWith("{") ? (comma === "" ? least : high === "" ? Infinity : Number(high)) : Infinity;
    // The same number of times each time is no choice, however often.
    if (most === least && item.choices === 1 && item.endless === 0) return item;
    if (most >= HIGH) {
      if (item.choices > 1 || item.endless > 0) throw new Refused("pcre-repeat");
      return { choices: 1, endless: 1 };
    }
    return { choices: (most - least + 1) * item.choices ** most, endless: item.endless * most };
  }
}
