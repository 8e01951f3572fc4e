/**
 * Tokens: names and addresses under a key that only the customer holds. The sensor replaces them before the upload, the
 * customer's browser puts them back; the provider sees that two things are the same, and nothing more (OT-N1).
 *
 *   text      "yt1." base64url(IV of 12 bytes | AES-256-CTR of the UTF-8), IV = HMAC-SHA-256(text) cut: the same text gives
 *             the same token (synthetic IV as in RFC 5297). Longer texts than MAX_TOKEN_PLAIN bytes are cut before.
 *   IPv4      stays an address of the same kind (10/8, 192.168/16 …): its /24 is permuted within the kind, its last byte
 *             within the /24; .0 and .255, multicast, broadcast, loopback and 0/8 stay as they are
 *   IPv6      likewise by /64; link-local prefixes stay
 *   MAC       keeps the first three bytes (the vendor), the rest is permuted; group addresses stay
 *
 * Permutations are alternating Feistel networks of ROUNDS rounds over HMAC-SHA-256 (after NIST SP 800-38G, FF1), walked on
 * until they fall into the same kind. Small parts (the last byte of an IPv4 address) hide which host it is from somebody
 * without the key, not that there are at most 254.
 */
import { readIpv4, readIpv6, readMac, writeIpv4, writeIpv6, writeMac } from "./addresses.ts";

export const TOKEN_KEY_BYTES = 32;
export const MAX_TOKEN_PLAIN = 80;
const PREFIX = "yt1.";
const IV = 12;
const ROUNDS = 12;
/** Results that are remembered, each kind. */
const REMEMBERED = 20_000;

/** What needs a cipher; the sensor gives Node's, the browser WebCrypto's (`webTokenCrypto`). */
export interface TokenCrypto {
  /** HMAC-SHA-256 under a key. */
  hmac(key: Uint8Array): Promise<(data: Uint8Array) => Promise<Uint8Array> | Uint8Array>;
  /** AES-256 in counter mode under a key, from a first counter block of 16 bytes; undoes itself. */
  ctr(key: Uint8Array): Promise<(counter: Uint8Array, data: Uint8Array) => Promise<Uint8Array> | Uint8Array>;
  encode(text: string): Uint8Array;
  decode(bytes: Uint8Array): string;
}

export interface Tokens {
  /** Tells keys apart: 16 hexadecimal digits. */
  readonly check: string;
  text(plain: string): Promise<string>;
  address(plain: string): Promise<string>;
  mac(plain: number): Promise<number>;
  /** Null when it is no token of this key. */
  openText(token: string): Promise<string | null>;
  /** An address is always opened to some address: ask only where the upload had tokens of this key. */
  openAddress(token: string): Promise<string>;
  openMac(token: number): Promise<number>;
  /** Whatever a page shows: a token, an IP address or a MAC; other texts stay. */
  open(shown: string): Promise<string>;
}

export const isToken = (text: string): boolean => text.startsWith(PREFIX);

/** Makes and opens tokens of a key of TOKEN_KEY_BYTES. */
export async function openTokens(key: Uint8Array, crypto: TokenCrypto): Promise<Tokens> {
  const derive = await crypto.hmac(key);
  const part = (label: string): Promise<Uint8Array> | Uint8Array =>
    derive(crypto.encode(`yagura-ot-tokens-1 ${label}`));
  const iv = await crypto.hmac(await part("iv"));
  const cipher = await crypto.ctr(await part("cipher"));
  const round = await crypto.hmac(await part("permutation"));
  const permute = permutation(async (text) => await round(crypto.encode(text)));
  const check = hex(await part("check")).slice(0, 16);

  const ivOf = async (plain: Uint8Array): Promise<Uint8Array> => (await iv(plain)).slice(0, IV);
  const run = async (start: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> => {
    const counter = new Uint8Array(16);
    counter.set(start);
    return cipher(counter, bytes);
  };
  async function text(plain: string): Promise<string> {
    if (plain === "") return plain;
    const bytes = crypto.encode(cut(plain, crypto));
    const start = await ivOf(bytes);
    return PREFIX + base64url(start, await run(start, bytes));
  }
  async function openText(token: string): Promise<string | null> {
    if (token === "") return token;
    const bytes = isToken(token) ? fromBase64url(token.slice(PREFIX.length)) : null;
    if (bytes === null || bytes.length <= IV) return null;
    const plain = await run(bytes.slice(0, IV), bytes.slice(IV));
    return hex(await ivOf(plain)) === hex(bytes.slice(0, IV)) ? crypto.decode(plain) : null;
  }
  const address = (forwards: boolean) => async (plain: string) => {
    const ipv4 = readIpv4(plain);
    if (ipv4 !== null) return writeIpv4(await permuteIpv4(permute, ipv4, forwards));
    const ipv6 = readIpv6(plain);
    if (ipv6 !== null) return writeIpv6(await permuteIpv6(permute, ipv6, forwards));
    return forwards ? text(plain) : ((await openText(plain)) ?? plain);
  };
  const mac = (forwards: boolean) => (plain: number) => permuteMac(permute, plain, forwards);
  const [openAddress, openMac] = [remember(address(false)), remember(mac(false))];
  const openRemembered = remember(openText);
  return {
    check,
    text: remember(text),
    address: remember(address(true)),
    mac: remember(mac(true)),
    openText: openRemembered,
    openAddress,
    openMac,
    async open(shown) {
      const number = readMac(shown);
      if (number !== null) return writeMac(await openMac(number));
      return isToken(shown) ? ((await openRemembered(shown)) ?? shown) : openAddress(shown);
    },
  };
}

/** Remembers the newest answers. */
function remember<K, V>(work: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value as K);
    const made = work(key);
    known.set(key, made);
    return made;
  };
}

/** Cut at a character's end, so that a token fits into a text of metadata. */
function cut(plain: string, crypto: TokenCrypto): string {
  if (crypto.encode(plain).length <= MAX_TOKEN_PLAIN) return plain;
  let kept = "";
  let left = MAX_TOKEN_PLAIN;
  for (const character of plain) {
    left -= crypto.encode(character).length;
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

/** `label` keeps uses apart; `tweak` makes another permutation of the same use; the value has `bits` bits. */
type Permute = (label: string, tweak: bigint, bits: number, value: bigint, forwards: boolean) => Promise<bigint>;

function permutation(prf: (text: string) => Promise<Uint8Array>): Permute {
  return async (label, tweak, bits, value, forwards) => {
    const right = BigInt(bits - (bits >> 1));
    let [a, b] = [value >> right, value & ((1n << right) - 1n)];
    const widths = [BigInt(bits) - right, right] as const;
    const f = async (i: number, half: bigint): Promise<bigint> => {
      const out = await prf(`${label} ${tweak.toString(16)} ${bits} ${i} ${half.toString(16)}`);
      return BigInt(`0x${hex(out.slice(0, 8))}`);
    };
    for (let n = 0; n < ROUNDS; n++) {
      const i = forwards ? n : ROUNDS - 1 - n;
      const mask = (1n << (widths[i % 2] as bigint)) - 1n;
      if (forwards) [a, b] = [b, (a + (await f(i, b))) & mask];
      else [a, b] = [(b - (await f(i, a))) & mask, a];
    }
    return (a << right) | b;
  };
}

/** Permutes on until the value is of a kind again; the same kinds in both directions. */
async function walk(
  permute: (value: bigint) => Promise<bigint>,
  value: bigint,
  kept: (value: bigint) => boolean,
): Promise<bigint> {
  if (!kept(value)) return value;
  let next = value;
  do next = await permute(next);
  while (!kept(next));
  return next;
}

/** Kinds of IPv4 /24s: first value, bits that stay. */
const ipv4Kinds: readonly (readonly [first: bigint, bits: number])[] = [
  [0x0a_00_00n, 8],
  [0xac_10_00n, 12],
  [0xc0_a8_00n, 16],
  [0x64_40_00n, 10],
  [0xa9_fe_00n, 16],
];
/** 0/8, 127/8, and all from 224 on stay. */
const staysIpv4 = (prefix: bigint): boolean => prefix >> 16n === 0n || prefix >> 16n === 127n || prefix >> 16n >= 224n;
const kindOf = (prefix: bigint): (typeof ipv4Kinds)[number] | undefined =>
  ipv4Kinds.find(([first, bits]) => prefix >> BigInt(24 - bits) === first >> BigInt(24 - bits));

async function permuteIpv4(permute: Permute, address: bigint, forwards: boolean): Promise<bigint> {
  const prefix = address >> 8n;
  if (staysIpv4(prefix)) return address;
  const kind = kindOf(prefix);
  const bits = 24 - (kind?.[1] ?? 0);
  const [head, tail] = [(prefix >> BigInt(bits)) << BigInt(bits), prefix & ((1n << BigInt(bits)) - 1n)];
  const moved = await walk(
    (value) => permute("ipv4-net", head, bits, value, forwards),
    tail,
    (value) => kind !== undefined || (!staysIpv4(value) && kindOf(value) === undefined),
  );
  const next = head | moved;
  // The host's permutation depends on the true network, whichever way we go.
  const host = await walk(
    (value) => permute("ipv4-host", forwards ? prefix : next, 8, value, forwards),
    address & 255n,
    (value) => value !== 0n && value !== 255n,
  );
  return (next << 8n) | host;
}

const LOW64 = (1n << 64n) - 1n;
async function permuteIpv6(permute: Permute, address: bigint, forwards: boolean): Promise<bigint> {
  // Solicited-node groups (RFC 4291, section 2.7.1) hold the end of an address.
  if (address >> 24n === 0xff02_0000_0000_0000_0000_0001_ffn)
    return ((address >> 24n) << 24n) | (await permute("ipv6-solicited", 0n, 24, address & 0xff_ffffn, forwards));
  if (address >> 120n === 0xffn || address <= 1n) return address;
  const prefix = address >> 64n;
  const kept = prefix >> 54n === 0x3fan ? 64 : prefix >> 57n === 0x7en ? 8 : prefix >> 61n === 1n ? 3 : 16;
  const bits = 64 - kept;
  const mask = (1n << BigInt(bits)) - 1n;
  const moved = bits === 0 ? 0n : await permute("ipv6-net", prefix & ~mask, bits, prefix & mask, forwards);
  const next = (prefix & ~mask) | moved;
  const host = await permute("ipv6-host", forwards ? prefix : next, 64, address & LOW64, forwards);
  return (next << 64n) | host;
}

async function permuteMac(permute: Permute, mac: number, forwards: boolean): Promise<number> {
  const value = BigInt(mac);
  const vendor = value >> 24n;
  // 33:33:ff holds the end of an IPv6 address (RFC 2464, section 7).
  if (mac === 0 || (((vendor >> 16n) & 1n) === 1n && vendor !== 0x33_33ffn)) return mac;
  const label = vendor === 0x33_33ffn ? "ipv6-solicited" : "mac";
  const tweak = vendor === 0x33_33ffn ? 0n : vendor;
  return Number((vendor << 24n) | (await permute(label, tweak, 24, value & 0xff_ffffn, forwards)));
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Base64url without padding (RFC 4648, section 5). */
export function base64url(...parts: readonly Uint8Array[]): string {
  let text = "";
  let [held, bits] = [0, 0];
  for (const byte of parts.flatMap((part) => [...part])) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += LETTERS[(held >> bits) & 63];
    }
    held &= 0xff;
  }
  return bits === 0 ? text : text + (LETTERS[(held << (6 - bits)) & 63] as string);
}
/** Null when it is not base64url. */
export function fromBase64url(text: string): Uint8Array | null {
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Uint8Array.from(bytes);
}

const KEY_PREFIX = "ytk1.";
/** A key as it stands in its file. */
export const writeTokenKey = (key: Uint8Array): string => KEY_PREFIX + base64url(key);
/** Null when it is no whole key. */
export function readTokenKey(text: string): Uint8Array | null {
  const word = text.trim();
  const key = word.startsWith(KEY_PREFIX) ? fromBase64url(word.slice(KEY_PREFIX.length)) : null;
  return key?.length === TOKEN_KEY_BYTES ? key : null;
}
