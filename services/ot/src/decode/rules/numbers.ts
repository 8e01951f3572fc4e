/** `byte_test`, `byte_jump`, `isdataat`, `dsize`: numbers in payloads. */
import {
  Refused,
  type ByteJump,
  type ByteTest,
  type Comparison,
  type DataAt,
  type NumberAt,
  type SizeTest,
} from "./rule.ts";

const words = (value: string): string[] => value.split(",").map((word) => word.trim());

function integer(text: string | undefined, what: string): number {
  const value =
    text !== undefined && /^[-+]?(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text.replace(/^\+/, "")) : Number.NaN;
  const negative = text?.startsWith("-0x") === true ? -Number(text.slice(1)) : value;
  if (!Number.isSafeInteger(negative)) throw new Refused("number-of", { option: what, text: text ?? "" });
  return negative;
}

/** The words behind the fixed ones; those that only a jump has are handed to `other`. */
function numberAt(
  bytes: number,
  offset: number,
  options: readonly string[],
  other: (word: string) => boolean,
): NumberAt {
  let [relative, little, base, text, mask] = [false, false, 0 as NumberAt["base"], false, null as number | null];
  for (const option of options) {
    const [word = "", argument] = option.split(/\s+/);
    if (word === "relative") relative = true;
    else if (word === "little") little = true;
    else if (word === "big") little = false;
    else if (word === "string") text = true;
    else if (word === "hex") base = 16;
    else if (word === "dec") base = 10;
    else if (word === "oct") base = 8;
    else if (word === "bitmask") mask = integer(argument, "bitmask");
    else if (!other(option)) throw new Refused("option", { option });
  }
  if (base !== 0 && !text) throw new Refused("base");
  if (text && base === 0) base = 10;
  const most = text ? 23 : 8;
  if (bytes < 1 || bytes > most) throw new Refused("bytes", { bytes, limit: most });
  return { bytes, offset, relative, little, base, mask };
}

export function parseByteTest(value: string): ByteTest {
  const [bytes, comparison = "", against, offset, ...options] = words(value);
  const negated = comparison.startsWith("!");
  const operator = comparison.replace(/^!\s*/, "");
  const known = ["<", ">", "=", "<=", ">=", "&", "^"];
  if (!known.includes(operator) && !(negated && operator === ""))
    throw new Refused("value", { option: "byte_test", text: comparison });
  return {
    type: "byte-test",
    number: numberAt(integer(bytes, "byte_test size"), integer(offset, "byte_test offset"), options, () => false),
    operator: (operator === "" ? "=" : operator) as Comparison,
    negated,
    value: integer(against, "byte_test value"),
  };
}

export function parseByteJump(value: string): ByteJump {
  const [bytes, offset, ...options] = words(value);
  let [multiplier, from, align, post] = [1, "here" as ByteJump["from"], false, 0];
  const number = numberAt(integer(bytes, "byte_jump size"), integer(offset, "byte_jump offset"), options, (option) => {
    const [word = "", argument] = option.split(/\s+/);
    if (word === "multiplier") multiplier = integer(argument, "multiplier");
    else if (word === "post_offset") post = integer(argument, "post_offset");
    else if (word === "from_beginning") from = "beginning";
    else if (word === "from_end") from = "end";
    else if (word === "align") align = true;
    else return false;
    return true;
  });
  return { type: "byte-jump", number, multiplier, from, align, post };
}

export function parseDataAt(value: string): DataAt {
  const [first = "", ...options] = words(value);
  const negated = first.startsWith("!");
  for (const option of options)
    if (!["relative", "rawbytes"].includes(option)) throw new Refused("value", { option: "isdataat", text: option });
  const offset = integer(negated ? first.slice(1) : first, "isdataat");
  return { type: "data-at", offset, relative: options.includes("relative"), negated };
}

export function parseSize(value: string): SizeTest {
  const negated = value.startsWith("!");
  const text = value.replace("!", "").trim();
  const between = /^(\d+)\s*<>\s*(\d+)$/.exec(text);
  if (between !== null) return { from: Number(between[1]) + 1, to: Number(between[2]) - 1, negated };
  const [, operator = "", digits = ""] = /^([<>]=?)?\s*(\d+)$/.exec(text) ?? [];
  if (digits === "") throw new Refused("value", { option: "dsize", text: value });
  const size = Number(digits);
  if (operator === "<") return { from: 0, to: size - 1, negated };
  if (operator === ">") return { from: size + 1, to: Number.MAX_SAFE_INTEGER, negated };
  if (operator === "<=") return { from: 0, to: size, negated };
  if (operator === ">=") return { from: size, to: Number.MAX_SAFE_INTEGER, negated };
  return { from: size, to: size, negated };
}
