/** Cryptography for dissectors, which themselves have no Node: SHA-256, and the opening of QUIC Initial packets (RFC 9001). */
import { createCipheriv, createDecipheriv, hash } from "node:crypto";
import { Reader, varint } from "../reader.ts";

/** Lower-case hexadecimal SHA-256 of a text in UTF-8. */
export const sha256 = (text: string): string => hash("sha256", text, "hex");

/** HMAC-SHA-256 (RFC 2104) for keys of at most a block: a key object each time would cost more than the hashing. */
function hmac(key: Uint8Array, message: Uint8Array): Buffer {
  const inner = Buffer.alloc(64 + message.length, 0x36);
  const outer = Buffer.alloc(96, 0x5c);
  for (const [i, byte] of key.entries()) {
    inner[i] = 0x36 ^ byte;
    outer[i] = 0x5c ^ byte;
  }
  inner.set(message, 64);
  outer.set(hash("sha256", inner, "buffer"), 64);
  return hash("sha256", outer, "buffer");
}

/** Salt and label prefix of each version: RFC 9001 section 5.2, RFC 9369 section 3.3. */
const versions: ReadonlyMap<number, { readonly salt: string; readonly label: string; readonly initial: number }> =
  new Map([
    [0x0000_0001, { salt: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", label: "quic", initial: 0 }],
    [0x6b33_43cf, { salt: "0dede3def700a6db819381be6e269dcbf9bd2ed9", label: "quicv2", initial: 1 }],
  ]);

const MAX_CONNECTION_ID = 20;

/**
 * Removes the protection of a client's QUIC Initial packet and gives its frames; null when it does not open. The keys follow from
 * the connection id that the client chose for its first packet: `connection`, else that of the packet itself.
 */
export function openQuicInitial(packet: Uint8Array, connection?: Uint8Array): Uint8Array | null {
  const header = readHeader(packet);
  if (header === null) return null;
  const { key, iv, hp } = clientKeys(header.salt, header.label, connection ?? header.connection);
  const sample = packet.subarray(header.number + 4, header.number + 20);
  const cipher = createCipheriv("aes-128-ecb", hp, null).setAutoPadding(false);
  const mask = cipher.update(sample);
  const plain = Uint8Array.from(packet.subarray(0, header.number + 4));
  plain[0] = (plain[0] as number) ^ ((mask[0] as number) & 0x0f);
  const size = (plain[0] & 3) + 1;
  const nonce = Uint8Array.from(iv);
  for (let i = 0; i < size; i++) {
    const byte = (plain[header.number + i] as number) ^ (mask[i + 1] as number);
    plain[header.number + i] = byte;
    const place = nonce.length - size + i;
    nonce[place] = (nonce[place] as number) ^ byte;
  }
  const body = packet.subarray(header.number + size, header.end - 16);
  try {
    const opener = createDecipheriv("aes-128-gcm", key, nonce)
      .setAAD(plain.subarray(0, header.number + size))
      .setAuthTag(packet.subarray(header.end - 16, header.end));
    const frames = Buffer.concat([opener.update(body), opener.final()]);
    // The same kind of array as everywhere: a reader that meets two kinds is slower with both.
    return new Uint8Array(frames.buffer, frames.byteOffset, frames.length);
  } catch {
    return null;
  }
}

/** Long header of an Initial packet (RFC 9000 section 17.2.2). */
function readHeader(packet: Uint8Array): {
  readonly salt: string;
  readonly label: string;
  readonly connection: Uint8Array;
  /** Where the packet number begins, and where the packet ends. */
  readonly number: number;
  readonly end: number;
} | null {
  const r = new Reader().open(packet, 0, packet.length);
  const first = r.u8();
  const version = versions.get(r.u32());
  if (version === undefined || (first & 0xc0) !== 0xc0 || ((first >> 4) & 3) !== version.initial) return null;
  const idLength = r.u8();
  if (idLength > MAX_CONNECTION_ID) return null;
  const connection = packet.subarray(r.at, r.at + idLength);
  r.skip(idLength);
  r.skip(r.u8());
  r.skip(varint(r));
  const length = varint(r);
  const end = r.at + length;
  return r.short || length < 20 || end > packet.length
    ? null
    : { salt: version.salt, label: version.label, connection, number: r.at, end };
}

/** Client's Initial secrets (RFC 9001 section 5.2). */
function clientKeys(salt: string, label: string, connection: Uint8Array): { key: Buffer; iv: Buffer; hp: Buffer } {
  const initial = hmac(Buffer.from(salt, "hex"), connection);
  const secret = expand(initial, "client in", 32);
  return {
    key: expand(secret, `${label} key`, 16),
    iv: expand(secret, `${label} iv`, 12),
    hp: expand(secret, `${label} hp`, 16),
  };
}

/** HKDF-Expand-Label with an empty context for at most 32 bytes (RFC 8446 section 7.1). */
function expand(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`, "latin1");
  const info = Buffer.concat([Buffer.of(0, length, name.length), name, Buffer.of(0, 1)]);
  return hmac(secret, info).subarray(0, length);
}
