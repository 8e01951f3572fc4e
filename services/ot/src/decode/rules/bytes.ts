/** Texts of rules as bytes. */
import { Refused } from "./rule.ts";

export function ipv4Bytes(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return Uint8Array.from(parts, Number);
}

/** RFC 4291, section 2.2; without an embedded IPv4 address. */
export function ipv6Bytes(text: string): Uint8Array | null {
  if (!/^[0-9a-f:]+$/i.test(text)) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const groups = (half: string | undefined): string[] => (half === undefined || half === "" ? [] : half.split(":"));
  const [head, tail] = [groups(halves[0]), groups(halves[1])];
  const gap = 8 - head.length - tail.length;
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null;
  const all = [...head, ...Array.from({ length: gap }, () => "0"), ...tail];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null;
  return Uint8Array.from(
    all.flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 255];
    }),
  );
}

/** `abc|0d 0a|\;` as bytes: hexadecimal between bars; `\` before `"`, `;`, `:`, `\`, `|`. */
export function contentBytes(text: string): Uint8Array {
  const bytes: number[] = [];
  let hex = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === "|") hex = !hex;
    else if (hex) {
      if (/\s/.test(char)) continue;
      const pair = text.slice(i, i + 2);
      if (!/^[0-9a-f]{2}$/i.test(pair)) throw new Refused("content-hex", { text: pair });
      bytes.push(Number.parseInt(pair, 16));
      i++;
    } else if (char === "\\") bytes.push(...utf8(text[++i] ?? ""));
    else bytes.push(...utf8(char));
  }
  if (hex) throw new Refused("content-bar");
  if (bytes.length === 0) throw new Refused("content-empty");
  return Uint8Array.from(bytes);
}

/** Rule files are UTF-8; nearly always ASCII. */
function utf8(char: string): number[] {
  const code = char.codePointAt(0);
  if (code === undefined) return [];
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
  return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
}

/** ASCII letters to lower case, all other bytes as they are. */
export const lower: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 65 && byte <= 90 ? byte + 32 : byte,
);
