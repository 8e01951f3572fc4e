/**
 * Identifiers. Every entity has a UUID version 7 (RFC 9562 section 5.7): sortable by creation time, unguessable enough to
 * be public, never a secret.
 */
export type Uuid = string;
export type OrganisationId = Uuid;
export type DeviceId = Uuid;
export type UserId = Uuid;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether the text is a UUID in lower case. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** RFC 9562 UUID version 7 from a time (milliseconds since the epoch) and 10 random bytes. */
export function uuidV7(milliseconds: number, random: Uint8Array): Uuid {
  const bytes = new Uint8Array(16);
  let rest = Math.floor(milliseconds);
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

declare const crypto: { getRandomValues<T extends Uint8Array>(array: T): T };

/** A new UUID version 7 for now. */
export const newId = (): Uuid => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

/** So many new UUIDs version 7 for now: random bytes are drawn once for all of them. */
export function newIds(count: number): Uuid[] {
  const now = Date.now();
  const ids: Uuid[] = [];
  // A draw of random bytes is limited to 65,536.
  for (let made = 0; made < count; made += 6_000) {
    const here = Math.min(6_000, count - made);
    const random = crypto.getRandomValues(new Uint8Array(10 * here));
    for (let at = 0; at < here; at++) ids.push(uuidV7(now, random.subarray(10 * at, 10 * at + 10)));
  }
  return ids;
}
