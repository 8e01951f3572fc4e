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
let begun: Promise<void> | null = null;

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
function begin(): Promise<void> {
  begun ??= (async () => {
    const key = readTokenKey(sessionStorage.getItem(STORED) ?? "");
    if (key !== null) put(await tokensOf(key));
  })();
  return begun;
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

/** Tells of each change; gives its end. */
export function subscribe(listener: () => void): () => void {
  void begin();
  listeners.add(listener);
  return () => listeners.delete(listener);
}
/** What this tab can open, once a key kept over a reload is read. */
export async function heldTokens(): Promise<Tokens | null> {
  await begin();
  return current;
}
/** The key's check value; empty: none is held. */
export const heldCheck = (): string => current?.check ?? "";
/** Null: nothing is opened. */
export const useTokens = (): Tokens | null => useSyncExternalStore(subscribe, () => current);
