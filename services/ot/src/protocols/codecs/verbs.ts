/** Verbs of line protocols (FTP, SMTP, POP3): the code of a function is the verb itself, its letters as a number. */
import type { Reader } from "@yagura/packets/reader.ts";
import type { CommandClass } from "../../wire/vocabulary.ts";
import type { FunctionTable } from "../dissector.ts";

/** "USER" → 0x55534552; shorter verbs have fewer bytes; longer ones (STARTTLS) only their first four letters. */
export const verb = (name: string): number => {
  let code = 0;
  for (let i = 0; i < Math.min(4, name.length); i++) code = code * 256 + name.charCodeAt(i);
  return code;
};

export const verbTable = (rows: Readonly<Record<string, CommandClass>>): FunctionTable =>
  new Map(Object.entries(rows).map(([name, does]) => [verb(name), { name, class: does }]));

/** The verb at the next read in capitals: letters up to a blank or line end; 0 when there is none of one to twelve letters. */
export function verbAt(r: Reader): number {
  let code = 0;
  for (let i = 0; i < 13; i++) {
    const byte = r.peek(i);
    if (byte === 0x20 || byte === 0x0d || byte === 0x0a) return code;
    const letter = byte & 0xdf;
    if (letter < 0x41 || letter > 0x5a) return 0;
    if (i < 4) code = code * 256 + letter;
  }
  return 0;
}

/** A reply of three digits and a blank or hyphen: its number, else −1. */
export function replyAt(r: Reader): number {
  const [a, b, d] = [r.peek() - 0x30, r.peek(1) - 0x30, r.peek(2) - 0x30];
  if (a < 1 || a > 6 || b < 0 || b > 9 || d < 0 || d > 9) return -1;
  const next = r.peek(3);
  return next === 0x20 || next === 0x2d || next === 0x0d || next === 0x0a ? 100 * a + 10 * b + d : -1;
}
