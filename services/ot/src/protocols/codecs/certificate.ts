/** Of an X.509 certificate (RFC 5280, 4.1): common names of subject and issuer, and the day of its end. */
import type { Reader } from "@yagura/packets/reader.ts";
import { asn1, expectTlv, openTlv, skipTlv, tlvLength } from "./tlv.ts";

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch; NaN when it cannot be read. */
  readonly notAfter: number;
}

const MAX_NAMES = 32;
const UTC_TIME = 0x17;
const BMP_STRING = 0x1e;
const COMMON_NAME = 0x55_04_03;
const ORGANISATION = 0x55_04_0a;

/** The common name, else the organisation, of a Name at the reader's place; the reader moves over it. */
function nameOf(r: Reader): string {
  const length = expectTlv(r, asn1.sequence);
  if (length < 0) return "";
  const end = r.at + length;
  let organisation = "";
  let common = "";
  for (let i = 0; i < MAX_NAMES && r.at < end; i++) {
    const size = expectTlv(r, asn1.set);
    if (size < 0) break;
    const next = r.at + size;
    if (expectTlv(r, asn1.sequence) >= 0 && expectTlv(r, asn1.oid) === 3) {
      const oid = r.u24();
      const tag = openTlv(r);
      const bytes = Math.min(tlvLength(), next - r.at);
      if (tag >= 0 && (oid === COMMON_NAME || oid === ORGANISATION)) {
        const text = tag === BMP_STRING ? r.ascii(bytes) : r.utf8(bytes);
        if (oid === COMMON_NAME) common = text;
        else organisation = text;
      }
    }
    r.at = next;
  }
  r.at = end;
  return common === "" ? organisation : common;
}

/** UTCTime or GeneralizedTime (4.1.2.5). */
function timeOf(r: Reader): number {
  const tag = openTlv(r);
  const text = r.ascii(Math.min(tlvLength(), r.left));
  const digits = tag === UTC_TIME ? (Number(text.slice(0, 2)) < 50 ? `20${text}` : `19${text}`) : text;
  const part = (from: number, to: number): number => Number(digits.slice(from, to));
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12));
}

/** Reads the certificate at the reader's place; null when it is none. */
export function readCertificate(r: Reader): Certificate | null {
  if (expectTlv(r, asn1.sequence) < 0 || expectTlv(r, asn1.sequence) < 0) return null;
  if (r.peek() === 0xa0) skipTlv(r);
  // Serial number, signature algorithm.
  if (!skipTlv(r) || !skipTlv(r)) return null;
  const issuer = nameOf(r);
  if (expectTlv(r, asn1.sequence) < 0 || !skipTlv(r)) return null;
  const notAfter = timeOf(r);
  return { issuer, subject: nameOf(r), notAfter };
}
