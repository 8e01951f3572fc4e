/**
 * RADIUS dynamic authorization (RFC 5176) as a client: Disconnect- and CoA-Request out, ACK or NAK in.
 *
 *   0        1        2                 4                20
 *   | code   | id     | length          | authenticator  | attributes: type, length, value …
 *
 * Request Authenticator (RFC 5176, section 2.3, after RFC 2866): MD5 of the packet with zeros there, and the secret.
 * Message-Authenticator (RFC 3579, section 3.2): HMAC-MD5 of the packet with zeros in its value, and in the authenticator zeros for a
 * request, the request's authenticator for an answer. It stands first (as against Blast-RADIUS, CVE-2024-3596), and answers must
 * have one: the Response Authenticator alone can be forged by somebody on the line.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readIpv4 } from "../../wire/addresses.ts";
import type { Nac, NacAct } from "./file.ts";

export const codes = {
  disconnectRequest: 40,
  coaRequest: 43,
} as const;
const types = {
  nasAddress: 4,
  filter: 11,
  vendorSpecific: 26,
  callingStation: 31,
  nasIdentifier: 32,
  eventTimestamp: 55,
  tunnelType: 64,
  tunnelMedium: 65,
  messageAuthenticator: 80,
  tunnelGroup: 81,
  errorCause: 101,
} as const;
/** Tunnel-Type VLAN and Tunnel-Medium-Type IEEE-802 (RFC 3580, section 3.31). */
const VLAN = 13;
const IEEE_802 = 6;
const HEAD = 20;
const MAX_BYTES = 4_096;
/** Error-Cause 503: the NAC has no session of that device (RFC 5176, section 3.5). */
export const SESSION_UNKNOWN = 503;
/** Seconds that an Event-Timestamp may be away (RFC 5176, section 6.3). */
export const WINDOW_SECONDS = 300;

export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array;
}
const text = (type: number, value: string): Attribute => ({ type, value: Buffer.from(value, "utf8") });
function number(type: number, value: number): Attribute {
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(value);
  return { type, value: octets };
}

/** The attributes of an act on the session of a MAC. `now`: milliseconds. */
export function attributesOf(nac: Pick<Nac, "nas" | "mac">, act: NacAct, mac: number, now: number): Attribute[] {
  const { nas } = nac;
  const address = nas === null ? null : readIpv4(nas);
  return [
    ...(nas === null
      ? []
      : [address === null ? text(types.nasIdentifier, nas) : number(types.nasAddress, Number(address))]),
    text(types.callingStation, writeStation(mac, nac.mac)),
    number(types.eventTimestamp, Math.floor(now / 1000)),
    ...(act.kind === "disconnect" ? [] : changes(act)),
  ];
}
function changes({ filter, vlan, vendor }: Extract<NacAct, { kind: "attributes" }>): Attribute[] {
  const tunnel =
    vlan === null
      ? []
      : [number(types.tunnelType, VLAN), number(types.tunnelMedium, IEEE_802), text(types.tunnelGroup, vlan)];
  return [
    ...(filter === null ? [] : [text(types.filter, filter)]),
    ...tunnel,
    ...vendor.map(([id, type, value]) => {
      const own = Buffer.from(value, "utf8");
      const head = Buffer.alloc(6);
      head.writeUInt32BE(id);
      head[4] = type;
      head[5] = own.length + 2;
      return { type: types.vendorSpecific, value: Buffer.concat([head, own]) };
    }),
  ];
}

/** A MAC in the form that the NAC uses. */
export function writeStation(mac: number, form: Nac["mac"]): string {
  const digits = mac.toString(16).padStart(12, "0");
  if (form === "aabbccddeeff") return digits;
  if (form === "aabb.ccdd.eeff") return digits.replace(/(.{4})(?!$)/g, "$1.");
  const parted = digits.replace(/(..)(?!$)/g, `$1${form[2]}`);
  return form.startsWith("A") ? parted.toUpperCase() : parted;
}

export interface Request {
  readonly bytes: Buffer;
  readonly id: number;
  readonly authenticator: Buffer;
}

/** A signed request. */
export function writeRequest(code: number, id: number, attributes: readonly Attribute[], secret: string): Request {
  const proof: Attribute = { type: types.messageAuthenticator, value: Buffer.alloc(16) };
  const body = Buffer.concat(
    [proof, ...attributes].map(({ type, value }) => Buffer.concat([Uint8Array.of(type, value.length + 2), value])),
  );
  const bytes = Buffer.alloc(HEAD + body.length);
  bytes[0] = code;
  bytes[1] = id;
  bytes.writeUInt16BE(bytes.length, 2);
  body.copy(bytes, HEAD);
  createHmac("md5", secret)
    .update(bytes)
    .digest()
    .copy(bytes, HEAD + 2);
  const authenticator = createHash("md5").update(bytes).update(secret, "utf8").digest();
  authenticator.copy(bytes, 4);
  return { bytes, id, authenticator };
}

export type Answer =
  | { readonly kind: "ack" }
  /** `cause` is Error-Cause, 0 when the NAC gives none. */
  | { readonly kind: "nak"; readonly cause: number }
  /** Not what was asked, or not proven: whoever waits goes on waiting. */
  | { readonly kind: "ignored"; readonly why: string };

/** Reads an answer to the request. Never throws. `now`: milliseconds. */
export function readAnswer(
  bytes: Buffer,
  request: Request,
  { secret, plainAnswers }: Pick<Nac, "secret" | "plainAnswers">,
  now: number,
): Answer {
  const ignored = (why: string): Answer => ({ kind: "ignored", why });
  if (bytes.length < HEAD || bytes.length > MAX_BYTES) return ignored("its size");
  const [code = 0, id] = bytes;
  const length = bytes.readUInt16BE(2);
  if (length < HEAD || length > bytes.length) return ignored("its length");
  // RFC 2865, section 3: what follows is padding.
  const packet = Buffer.from(bytes.subarray(0, length));
  const asked = request.bytes[0] ?? 0;
  if (id !== request.id || (code !== asked + 1 && code !== asked + 2)) return ignored("its code or identifier");
  const attributes = readAttributes(packet);
  if (attributes === null) return ignored("its attributes");
  const response = packet.subarray(4, HEAD);
  const unsigned = Buffer.from(packet);
  request.authenticator.copy(unsigned, 4);
  const wanted = createHash("md5").update(unsigned).update(secret, "utf8").digest();
  if (!timingSafeEqual(response, wanted)) return ignored("its Response Authenticator");
  const proofs = attributes.filter(({ type }) => type === types.messageAuthenticator);
  const [proof] = proofs;
  if (proof === undefined && !plainAnswers) return ignored("it has no Message-Authenticator");
  if (proof !== undefined && (proofs.length > 1 || !isProven(unsigned, proof, secret)))
    return ignored("its Message-Authenticator");
  const stamp = attributes.find(({ type, value }) => type === types.eventTimestamp && value.length === 4);
  if (stamp !== undefined && Math.abs(Buffer.from(stamp.value).readUInt32BE() - now / 1000) > WINDOW_SECONDS)
    return ignored("its Event-Timestamp");
  if (code === asked + 1) return { kind: "ack" };
  const cause = attributes.find(({ type, value }) => type === types.errorCause && value.length === 4);
  return { kind: "nak", cause: cause === undefined ? 0 : Buffer.from(cause.value).readUInt32BE() };
}

interface Placed extends Attribute {
  /** Where its value begins. */
  readonly at: number;
}
function readAttributes(packet: Buffer): Placed[] | null {
  const found: Placed[] = [];
  for (let at = HEAD; at < packet.length;) {
    const length = packet[at + 1] ?? 0;
    if (length < 2 || at + length > packet.length) return null;
    found.push({ type: packet[at] as number, value: packet.subarray(at + 2, at + length), at: at + 2 });
    at += length;
  }
  return found;
}

/**
 * `packet` has the request's authenticator in its place. FreeRADIUS to 3.2.1 at least puts zeros there for answers to CoA and
 * Disconnect: that proves the attributes as well, and the request is bound by the Response Authenticator, which is checked before.
 */
function isProven(packet: Buffer, { value, at }: Placed, secret: string): boolean {
  if (value.length !== 16) return false;
  const blank = Buffer.from(packet);
  blank.fill(0, at, at + 16);
  const sign = (): Buffer => createHmac("md5", secret).update(blank).digest();
  if (timingSafeEqual(value, sign())) return true;
  blank.fill(0, 4, HEAD);
  return timingSafeEqual(value, sign());
}
