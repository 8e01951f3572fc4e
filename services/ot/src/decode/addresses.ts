/** Addresses as text and back, without regular expressions. */

/** Canonical text of an IPv6 address of four 32-bit words (RFC 5952). */
export function ipv6Text(words: readonly [number, number, number, number]): string {
  const parts = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && parts[i + length] === 0) length++;
    if (length > bestLength) [best, bestLength] = [i, length];
    i += length;
  }
  const text = (from: number, to: number): string =>
    parts
      .slice(from, to)
      .map((part) => part.toString(16))
      .join(":");
  return best === -1 ? text(0, 8) : `${text(0, best)}::${text(best + bestLength, 8)}`;
}

/** `aa:bb:cc:dd:ee:ff` → number, −1 when it is none. */
export function macOf(text: string): number {
  if (text.length !== 17) return -1;
  let mac = 0;
  for (let i = 0; i < 17; i++) {
    if (i % 3 === 2) {
      if (text.charCodeAt(i) !== 58 && text.charCodeAt(i) !== 45) return -1;
      continue;
    }
    const digit = hexDigit(text.charCodeAt(i));
    if (digit < 0) return -1;
    mac = mac * 16 + digit;
  }
  return mac;
}

/** Words of an IP address: one of IPv4, four of IPv6 (signed); null when it is none. */
export function wordsOf(text: string): readonly number[] | null {
  if (text.includes(":")) return words6(text);
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  let word = 0;
  for (const part of parts) {
    const number = Number(part);
    if (part === "" || !Number.isInteger(number) || number < 0 || number > 255) return null;
    word = (word << 8) | number;
  }
  return [word];
}

function words6(text: string): readonly number[] | null {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return null;
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - front.length - back.length;
  if (missing < 0 || (tail === undefined && missing !== 0)) return null;
  const parts = [...front, ...Array.from({ length: missing }, () => "0"), ...back];
  const words: number[] = [];
  for (let i = 0; i < 8; i += 2) {
    const high = Number.parseInt(parts[i] as string, 16);
    const low = Number.parseInt(parts[i + 1] as string, 16);
    if (!(high >= 0 && high <= 0xffff && low >= 0 && low <= 0xffff)) return null;
    words.push((high << 16) | low);
  }
  return words;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  return code >= 65 && code <= 70 ? code - 55 : -1;
}
