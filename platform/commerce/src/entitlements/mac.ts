/** MAC addresses of devices (IEEE 802: six bytes; the lowest bit of the first marks a group of stations). Pure. */

/** `00:1A:2B:3C:4D:5E`, however it was typed (separators, full-width, lower case); null when it names no single device. */
export function normaliseMac(text: string): string | null {
  const digits = text
    .normalize("NFKC")
    .replace(/[\s:.‐‑‒–—―−ー-]/g, "")
    .toUpperCase();
  if (!/^[0-9A-F]{12}$/.test(digits) || digits === "000000000000") return null;
  if ((Number.parseInt(digits.slice(0, 2), 16) & 1) === 1) return null;
  return (digits.match(/../g) ?? []).join(":");
}
