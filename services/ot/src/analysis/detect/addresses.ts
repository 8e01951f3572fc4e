/** Addresses as the detections need them: group, public, inside a CIDR. A token is no address: private, and in no CIDR. */

/** Sixteen bytes; IPv4 as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2). Null when it is no address. */
export function addressBytes(text: string): readonly number[] | null {
  const four = ipv4(text);
  if (four !== null) return [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...four];
  if (!text.includes(":") || /[^0-9a-fA-F:.]/.test(text)) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head, tail] = [groups(halves[0] ?? ""), groups(halves[1] ?? "")];
  if (head === null || tail === null) return null;
  const gap = 16 - head.length - tail.length;
  if (halves.length === 2 ? gap < 0 : gap !== 0) return null;
  return [...head, ...Array.from({ length: gap }, () => 0), ...tail];
}

function ipv4(text: string): number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.map(Number);
}

function groups(text: string): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  for (const part of text.split(":")) {
    const four = ipv4(part);
    if (four !== null) bytes.push(...four);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part))
      bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255);
    else return null;
  }
  return bytes;
}

/** `192.168.0.0/16`, `2001:db8::/32`, or a single address. */
export function insideCidr(address: string, cidr: string): boolean {
  const [net = "", length] = cidr.split("/");
  const [a, b] = [addressBytes(address), addressBytes(net)];
  if (a === null || b === null) return false;
  const bits = length === undefined ? 128 : Number(length) + (net.includes(":") ? 0 : 96);
  if (!Number.isInteger(bits) || bits < 0 || bits > 128) return false;
  for (let i = 0; i < 16; i++) {
    const left = Math.min(8, Math.max(0, bits - i * 8));
    const mask = (0xff00 >> left) & 255;
    if (((a[i] as number) & mask) !== ((b[i] as number) & mask)) return false;
  }
  return true;
}

/** Not of the public Internet: IANA's special-purpose registries (RFC 6890), multicast and broadcast. */
const special = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];
const known = new Map<string, boolean>();
/** Addresses whose answer is kept; then all are forgotten. */
const KEPT = 4_096;

export function isPublic(address: string): boolean {
  const seen = known.get(address);
  if (seen !== undefined) return seen;
  const bytes = addressBytes(address);
  const v4 = bytes !== null && !address.includes(":");
  const answer =
    bytes !== null &&
    (v4
      ? !special.some((cidr) => insideCidr(address, cidr))
      : insideCidr(address, "2000::/3") && !insideCidr(address, "2001:db8::/32"));
  if (known.size >= KEPT) known.clear();
  known.set(address, answer);
  return answer;
}

/** Multicast or broadcast: no device. */
export function isGroup(mac: string | null, address: string | null): boolean {
  if (mac !== null && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return true;
  if (address === null) return false;
  return /^(22[4-9]|23\d)\./.test(address) || address === "255.255.255.255" || /^ff[0-9a-f]{2}:/i.test(address);
}
