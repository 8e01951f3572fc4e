/**
 * `pcre:"/…/flags"` as a JavaScript expression over bytes (one character per byte), or a refusal. What JavaScript reads in
 * another way is written anew; what it does not know, and what could take exponential time, is refused.
 */
import { bytesFor, costOf } from "./pcre-cost.ts";
import type { RefusalCode } from "../../wire/api-refusals.ts";
import { Refused, type PcreCheck } from "./rule.ts";

/** Characters of an expression. */
const MAX_EXPRESSION = 1_024;
const notKnown: readonly (readonly [test: RegExp, name: RefusalCode])[] = [
  [/\(\?>/, "pcre-atomic"],
  [/[*+?}]\+/, "pcre-possessive"],
  [/\(\?P?[<'][A-Za-z_]\w*[>']|\(\?P[=>]/, "pcre-named"],
  [/\(\?\(|\(\?R\)|\(\?[-+]?\d+\)|\(\?&/, "pcre-condition"],
  [/\(\?#/, "pcre-comment"],
  [/\(\?[a-z-]+[):]/i, "pcre-inline"],
  [/\[:\^?\w+:\]/, "pcre-posix"],
  [/\\[QEKRXGCpPNHhV]/, "pcre-escape"],
  [/\(\*[A-Z]/, "pcre-verb"],
];

/** `value` as in the rule, with its quotes taken away. */
export function parsePcre(value: string): PcreCheck {
  const negated = value.startsWith("!");
  const text = (negated ? value.slice(1) : value).trim().replace(/^"(.*)"$/s, "$1");
  const parts = /^\/(.*)\/([A-Za-z]*)$/s.exec(text);
  if (parts === null) throw new Refused("pcre-form");
  const [, body = "", flags = ""] = parts;
  if (body.length > MAX_EXPRESSION) throw new Refused("pcre-long", { limit: MAX_EXPRESSION });
  for (const flag of flags) if (!"ismARBOE".includes(flag)) throw new Refused("pcre-flag", { flag });
  for (const [test, name] of notKnown) if (test.test(body)) throw new Refused(name);
  const { seen, weight } = bytesFor(costOf(body));
  const options = `${flags.includes("i") && hasLetters(body) ? "i" : ""}${flags.includes("s") ? "s" : ""}${flags.includes("m") ? "m" : ""}`;
  const source = translate(body, flags);
  try {
    const expression = new RegExp(source, `${options}${flags.includes("A") ? "y" : "g"}`);
    return { type: "pcre", expression, negated, relative: flags.includes("R"), seen, weight };
  } catch {
    throw new Refused("pcre-unreadable");
  }
}

/** Letters beside those of escapes: only they have a case. JavaScript would also fold bytes from 0xc0 on, PCRE does not. */
function hasLetters(body: string): boolean {
  const plain = body.replaceAll(/\\x([0-9a-f]{2})/gi, (_, hex: string) =>
    /[a-z]/i.test(String.fromCodePoint(Number.parseInt(hex, 16))) ? "a" : "",
  );
  return /[a-z]/i.test(plain.replaceAll(/\\./gs, ""));
}

const SPACES = " \\t\\n\\v\\f\\r";

function translate(body: string, flags: string): string {
  let out = "";
  let inClass = false;
  for (let i = 0; i < body.length; i++) {
    const char = body[i] as string;
    if (char === "\\") {
      out += escape(body[++i] ?? "", inClass);
    } else if (inClass) {
      inClass = char !== "]";
      out += char;
    } else if (char === "[") {
      inClass = true;
      out += char;
      // A bracket that stands first is meant literally.
      if (body[i + 1] === "^") out += body[++i] as string;
      if (body[i + 1] === "]") out += `\\${body[++i]}`;
    } else if (char === "." && !flags.includes("s")) out += "[^\\n]";
    else if (char === "$" && !flags.includes("E") && !flags.includes("m")) out += "(?=\\n?$)";
    else out += char;
  }
  return out.replaceAll(/\[\\S \\t\\n\\v\\f\\r\]|\[ \\t\\n\\v\\f\\r\\S\]/g, "[^]");
}

function escape(char: string, inClass: boolean): string {
  if (char === "s") return inClass ? SPACES : `[${SPACES}]`;
  if (char === "S" && !inClass) return `[^${SPACES}]`;
  if (char === "A") return inClass ? "A" : "^";
  if (char === "z") return inClass ? "z" : "$";
  if (char === "Z") return inClass ? "Z" : "(?=\\n?$)";
  if (char === "a") return "\\x07";
  if (char === "e") return "\\x1b";
  // PCRE takes any other escaped sign as itself; JavaScript too, as long as it is no letter.
  if (/[A-Za-z]/.test(char) && !/[bBdDfnrStvwWxc]/.test(char)) return char;
  return `\\${char}`;
}
