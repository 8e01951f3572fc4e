/**
 * Money: whole yen, computed on exact rationals and rounded once, toward zero, at the end (COM-01). No binary float and no
 * fraction that was rounded on the way ever takes part.
 */

/** Whole yen. Safe as a number: the largest sum here is far below 2^53. */
export type Yen = number;

/** An exact fraction; the denominator is positive. Not reduced: the numbers stay small. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

/** `n ÷ d` exactly. RangeError for a denominator that is not positive or for parts that are not whole numbers. */
export function rational(n: number | bigint, d: number | bigint = 1n): Rational {
  const denominator = BigInt(d);
  if (denominator <= 0n) throw new RangeError("the denominator of a fraction must be positive");
  return { n: BigInt(n), d: denominator };
}

export const plus = (a: Rational, b: Rational): Rational =>
  a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
export const minus = (a: Rational, b: Rational): Rational => plus(a, { n: -b.n, d: b.d });
export const times = (a: Rational, b: Rational): Rational => ({ n: a.n * b.n, d: a.d * b.d });
export const zero: Rational = { n: 0n, d: 1n };

/** Negative, 0 or positive as a is less than, equal to or greater than b. */
export const compare = (a: Rational, b: Rational): number => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

/** Whole yen, the rest cut off: toward zero (001 a.14(8), 004 a.29). RangeError beyond 2^53. */
export function toYen({ n, d }: Rational): Yen {
  const whole = Number(n / d);
  if (!Number.isSafeInteger(whole)) throw new RangeError("an amount of yen is beyond 2^53");
  // Number(-0n) is 0: no negative zero.
  return whole;
}

/** A rate as it is written, exactly: `0.145`, `14.5%`, `0`. RangeError for anything else. */
export function rate(text: string): Rational {
  const match = /^(\d{1,6})(?:\.(\d{1,9}))?(%?)$/.exec(text);
  if (match === null) throw new RangeError(`“${text}” is not a rate such as 0.145 or 14.5%`);
  const [, whole = "0", fraction = "", percent] = match;
  return rational(BigInt(whole + fraction), 10n ** BigInt(fraction.length + (percent === "%" ? 2 : 0)));
}

/** Digits in groups of three, as both languages write them: `1,234,567`. */
export function grouped(amount: Yen): string {
  let rest = String(Math.abs(amount));
  let text = "";
  while (rest.length > 3) {
    text = `,${rest.slice(-3)}${text}`;
    rest = rest.slice(0, -3);
  }
  return `${amount < 0 ? "-" : ""}${rest}${text}`;
}
