/** One-time codes by time (TOTP, RFC 6238) and recovery codes. */
import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { hashSecret } from "./secrets.ts";

const PERIOD = 30;
const shape = { algorithm: "SHA1", digits: 6, period: PERIOD } as const;
const RECOVERY_CODES = 10;

/** 160 random bits, as RFC 4226 section 4 R6 recommends. */
export const newSeed = (): Buffer => randomBytes(20);

const make = (seed: Uint8Array, label: string, issuer: string): TOTP =>
  new TOTP({ ...shape, issuer, label, secret: new Secret({ buffer: new Uint8Array(seed).buffer }) });

/** What an authenticator app is told: the secret in base32 and the otpauth address for the QR code. */
export function describeSeed(seed: Uint8Array, label: string, issuer: string): { secret: string; uri: string } {
  const totp = make(seed, label, issuer);
  return { secret: totp.secret.base32, uri: totp.toString() };
}

/**
 * The time step of a right code, or null. Steps up to one before and one after now count (RFC 6238 section 5.2), but never one that
 * is not newer than `lastStep`: a code that was seen once is worth nothing.
 */
export function matchCode(seed: Uint8Array, code: string, now: number, lastStep: number): number | null {
  if (!/^[0-9]{6}$/.test(code)) return null;
  const delta = make(seed, "", "").validate({ token: code, timestamp: now, window: 1 });
  if (delta === null) return null;
  const step = Math.floor(now / 1000 / PERIOD) + delta;
  return step > lastStep ? step : null;
}

/** The code of a moment; for tests and for checking a set-up. */
export const codeAt = (seed: Uint8Array, now: number): string => make(seed, "", "").generate({ timestamp: now });

/** Fresh recovery codes, 80 random bits each, shown once as `xxxx-xxxx-xxxx-xxxx` (Crockford's base32 without look-alikes). */
export function newRecoveryCodes(): string[] {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  return Array.from({ length: RECOVERY_CODES }, () =>
    Array.from(randomBytes(16), (byte) => alphabet[byte & 31])
      .join("")
      .replace(/(.{4})(?=.)/g, "$1-"),
  );
}

/** The hash to look a recovery code up by; spaces, hyphens and case do not matter. Null when it cannot be one. */
export function recoveryHash(code: string): Buffer | null {
  const plain = code.toLowerCase().replace(/[\s-]/g, "");
  return /^[0-9a-hjkmnp-tv-z]{16}$/.test(plain) ? hashSecret(plain) : null;
}
