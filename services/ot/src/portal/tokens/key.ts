/**
 * The customer's key for tokens, in this tab only: kept in sessionStorage, never sent. Whoever reads without it sees tokens, and
 * so does the provider (OT-N1).
 */
import { useSyncExternalStore } from "react";
import { openTokens, readTokenKey, type Tokens } from "../../wire/tokens.ts";
import { webTokenCrypto } from "../../wire/tokens-web.ts";

const STORED = "yagura.ot.token-key";
const listeners = new Set<() => void>();
let current: Tokens | null = null;
let begun = false;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const tokensOf = (key: Uint8Array): Promise<Tokens> =>
  openTokens(
    key,
    webTokenCrypto(crypto.subtle, {
      encode: (text) => encoder.encode(text),
      decode: (bytes) => decoder.decode(bytes),
    }),
  );

function put(next: Tokens | null): void {
  current = next;
  for (const listener of listeners) listener();
}

/** The key that this tab has kept over a reload. */
function begin(): void {
  if (begun) return;
  begun = true;
  const key = readTokenKey(sessionStorage.getItem(STORED) ?? "");
  if (key !== null) void tokensOf(key).then(put);
}

/** Null where the text is no key; else what it opens, without keeping it. */
export async function readKey(text: string): Promise<Tokens | null> {
  const key = readTokenKey(text);
  return key === null ? null : tokensOf(key);
}
/** From now on names and addresses are shown in clear in this tab. */
export function keepKey(text: string, tokens: Tokens): void {
  sessionStorage.setItem(STORED, text.trim());
  put(tokens);
}
export function forgetKey(): void {
  sessionStorage.removeItem(STORED);
  put(null);
}

function subscribe(listener: () => void): () => void {
  begin();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
/** Null: nothing is opened. */
export const useTokens = (): Tokens | null => useSyncExternalStore(subscribe, () => current);
