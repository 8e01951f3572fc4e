/** The cipher of tokens by Node, and the customer's key file. */
import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import {
  openTokens,
  readTokenKey,
  TOKEN_KEY_BYTES,
  writeTokenKey,
  type TokenCrypto,
  type Tokens,
} from "../wire/tokens.ts";
import { raise } from "./errors.ts";

export const nodeTokenCrypto: TokenCrypto = {
  encode: (text) => Buffer.from(text, "utf8"),
  decode: (bytes) => Buffer.from(bytes).toString("utf8"),
  hmac: async (key) => (data) => createHmac("sha256", key).update(data).digest(),
  ctr: async (key) => (counter, data) => {
    const cipher = createCipheriv("aes-256-ctr", key, counter);
    return Buffer.concat([cipher.update(data), cipher.final()]);
  },
};

/** Tokens under the key of a file (or of a descriptor that is open at its beginning). Throws TOKEN_KEY_UNREADABLE. */
export async function tokensOf(file: string, descriptor: number | null = null): Promise<Tokens> {
  let text: string;
  try {
    text = readFileSync(descriptor ?? file, "utf8");
  } catch (error) {
    throw raise("TOKEN_KEY_UNREADABLE", { file, told: (error as Error).message }, { cause: error });
  }
  const key = readTokenKey(text);
  if (key === null) throw raise("TOKEN_KEY_UNREADABLE", { file, told: "it holds no whole key (ytk1.…)" });
  return openTokens(key, nodeTokenCrypto);
}

/** Makes a new key file that only its owner reads, and gives the key's check. Throws TOKEN_KEY_EXISTS, TOKEN_KEY_UNREADABLE. */
export async function makeTokenKey(file: string): Promise<string> {
  const key = randomBytes(TOKEN_KEY_BYTES);
  let handle: number;
  try {
    handle = openSync(file, "wx", 0o600);
  } catch (error) {
    if ((error as { code?: string }).code === "EEXIST") throw raise("TOKEN_KEY_EXISTS", { file });
    throw raise("TOKEN_KEY_UNREADABLE", { file, told: (error as Error).message }, { cause: error });
  }
  try {
    writeSync(handle, `${writeTokenKey(key)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return (await openTokens(key, nodeTokenCrypto)).check;
}
