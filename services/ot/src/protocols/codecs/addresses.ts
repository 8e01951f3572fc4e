/** Addresses as the field writes them: `192.0.2.1`, `2001:db8::1` (RFC 5952), `aa:bb:cc:dd:ee:ff`. */

export const ipv4Text = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

export function macText(mac: number): string {
  let text = "";
  for (let shift = 40; shift >= 0; shift -= 8) {
    const byte = Math.floor(mac / 2 ** shift) % 256;
    text += (byte < 16 ? "0" : "") + byte.toString(16) + (shift === 0 ? "" : ":");
  }
  return text;
}

/** Sixteen bytes at `at`; zeros are shortened as RFC 5952, section 4 asks. */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  let bestAt = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && bytes[at + 2 * (i + length)] === 0 && bytes[at + 2 * (i + length) + 1] === 0) length++;
    if (length > bestLength) [bestAt, bestLength] = [i, length];
    if (length > 0) i += length - 1;
  }
  let text = "";
  for (let i = 0; i < 8; i++) {
    if (i === bestAt) {
      text += "::";
      i += bestLength - 1;
      continue;
    }
    if (text !== "" && !text.endsWith(":")) text += ":";
    text += (((bytes[at + 2 * i] ?? 0) << 8) | (bytes[at + 2 * i + 1] ?? 0)).toString(16);
  }
  return text;
}

/** True for the text of an address, which is no name: digits and dots, or a colon in it. */
export function isAddress(text: string): boolean {
  if (text.includes(":")) return true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x30 || code > 0x39) && code !== 0x2e) return false;
  }
  return true;
}
