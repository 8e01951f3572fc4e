/** The cipher of tokens by WebCrypto: for the browser, which undoes tokens. WebCrypto is handed in (`globalThis.crypto.subtle`). */
import type { TokenCrypto } from "./tokens.ts";

/** The part of SubtleCrypto that is needed. */
export interface Subtle<Key> {
  importKey(
    format: "raw",
    key: Uint8Array<ArrayBuffer>,
    algorithm: { name: string; hash?: string },
    extractable: boolean,
    usages: ("sign" | "encrypt")[],
  ): Promise<Key>;
  sign(algorithm: "HMAC", key: Key, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  encrypt(
    algorithm: { name: "AES-CTR"; counter: Uint8Array<ArrayBuffer>; length: number },
    key: Key,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<ArrayBuffer>;
}
/** The browser's TextEncoder and TextDecoder. */
export interface Utf8 {
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

export function webTokenCrypto<Key>(subtle: Subtle<Key>, utf8: Utf8): TokenCrypto {
  return {
    ...utf8,
    async hmac(key) {
      const made = await subtle.importKey("raw", own(key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      return async (data) => new Uint8Array(await subtle.sign("HMAC", made, own(data)));
    },
    async ctr(key) {
      const made = await subtle.importKey("raw", own(key), { name: "AES-CTR" }, false, ["encrypt"]);
      return async (counter, data) =>
        new Uint8Array(
          // The lower 32 bits count blocks, as many as no text has.
          await subtle.encrypt({ name: "AES-CTR", counter: own(counter), length: 32 }, made, own(data)),
        );
    },
  };
}
