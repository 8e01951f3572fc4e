/**
 * NetBIOS names in first-level encoding, RFC 1001, section 14.1: each of 16 bytes as two letters from A to P; the 16th byte tells
 * what the name is for.
 */
import type { Reader } from "@yagura/packets/reader.ts";

export const netbiosSuffix = {
  workstation: 0x00,
  masterBrowserGroup: 0x01,
  messenger: 0x03,
  domainMasterBrowser: 0x1b,
  domainControllers: 0x1c,
  masterBrowser: 0x1d,
  browserElections: 0x1e,
  server: 0x20,
} as const;

/** Length of an encoded name without scope: length byte, 32 letters, zero. */
export const ENCODED = 34;

/** True when an encoded name stands at an offset from the next read. */
export function isEncodedName(r: Reader, offset: number): boolean {
  if (r.peek(offset) !== 32 || r.left < offset + 33) return false;
  for (let i = 1; i <= 32; i++) {
    const letter = r.peek(offset + i);
    if (letter < 0x41 || letter > 0x50) return false;
  }
  return true;
}

const half = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0x41) - 0x41) & 15;
const byteAt = (bytes: Uint8Array, at: number): number => (half(bytes, at) << 4) | half(bytes, at + 1);

/** The name before the suffix, without its filling; `at` is the place of the length byte. */
export function decodeName(bytes: Uint8Array, at: number): string {
  let text = "";
  for (let i = 0; i < 15; i++) {
    const byte = byteAt(bytes, at + 1 + 2 * i);
    if (byte === 0) break;
    text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·";
  }
  return text.trimEnd();
}
export const suffixOf = (bytes: Uint8Array, at: number): number => byteAt(bytes, at + 31);

/** What a name of a given use says of the one that bears it. */
export function nameSays(suffix: number, group: boolean): "name" | "domain" | "domain-controller" | "nothing" {
  if (suffix === netbiosSuffix.domainControllers || suffix === netbiosSuffix.domainMasterBrowser) return "domain-controller"; // prettier-ignore
  if (group) return suffix === netbiosSuffix.workstation || suffix === netbiosSuffix.browserElections ? "domain" : "nothing"; // prettier-ignore
  return suffix === netbiosSuffix.workstation || suffix === netbiosSuffix.server ? "name" : "nothing";
}
