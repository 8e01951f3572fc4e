/** Passwords: which are accepted, and how they are kept (scrypt, RFC 7914). */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { countCharacters } from "@yagura/core/text.ts";
import { raise } from "./errors.ts";

export const PASSWORD_MINIMUM = 12;
export const PASSWORD_MAXIMUM = 200;
/**
 * One of the settings that OWASP's Password Storage Cheat Sheet holds for equal to N=2^17, r=8, p=1: here 32 MiB a hash instead of
 * 128 MiB, so that a burst of sign-ins cannot exhaust a small machine.
 */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
/** Hashes computed at once; the others wait. Keeps the memory of a burst of sign-ins within 64 MiB. */
const AT_ONCE = 2;

/** Lanes in which hashes wait for one another. */
const lanes: Promise<unknown>[] = Array.from({ length: AT_ONCE }, () => Promise.resolve());
let turn = 0;

function inLane<T>(work: () => Promise<T>): Promise<T> {
  const lane = turn++ % AT_ONCE;
  const done = (lanes[lane] ?? Promise.resolve()).then(work);
  lanes[lane] = done.catch(() => undefined);
  return done;
}

const derive = (password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> =>
  inLane(
    () =>
      new Promise((resolve, reject) => {
        const options: ScryptOptions = { ...cost, maxmem: 2 * 128 * cost.N * cost.r };
        scrypt(password.normalize("NFKC"), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
      }),
  );

/** The text to store: algorithm, cost, salt and key. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString("base64")}$${key.toString("base64")}`;
}

/** Whether the password made the stored hash. Without a hash it takes as long and says no, so that time tells nothing about accounts. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = (stored ?? "").split("$");
  const [, n, r, p, salt, key] = parts;
  if (parts.length !== 6 || salt === undefined || key === undefined) {
    await derive(password, randomBytes(16), COST);
    return false;
  }
  const wanted = Buffer.from(key, "base64");
  const found = await derive(password, Buffer.from(salt, "base64"), { N: Number(n), r: Number(r), p: Number(p) });
  return found.length === wanted.length && timingSafeEqual(found, wanted);
}

/** Beginnings and whole passwords of twelve and more characters that lists of leaked passwords have near the top, without digits at the ends. */
const common = new Set(
  `password passwords passwordpassword passw0rdpassw0rd mypassword adminadmin administrator administratorpassword
  welcometo welcomewelcome letmeinletmein iloveyouiloveyou qwertyqwerty qwertyuiop qwertyuiopasdf qwertyuiopasdfgh
  asdfghjklqwerty asdfghjkl zxcvbnmasdfgh 1qaz2wsx3edc 1q2w3e4r5t6y 1qaz2wsx3edc4rfv q1w2e3r4t5y6 zaq12wsxcde3 qazwsxedcrfv
  changeme changemenow changeit pleasechangeme default defaultpassword superman footballfootball baseballbaseball sunshinesunshine
  princessprincess monkeymonkey dragondragon trustno correcthorsebatterystaple abcdefghijkl abcdefghijklm yagurayagura yagurapassword
  yagura company companypassword secretsecret secretpassword supersecret topsecret internet networknetwork network security
  watchtower passwort motdepasse contrasena senhasenha pasuwaado watashiwa sakurasakura aishiteru doraemon dragonball`.split(
    /\s+/,
  ),
);

/** Throws what is wrong with a new password: PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG or PASSWORD_COMMON. */
export function checkNewPassword(password: string, mail: string): void {
  const length = countCharacters(password.normalize("NFKC"));
  if (length < PASSWORD_MINIMUM) throw raise("PASSWORD_TOO_SHORT", { minimum: PASSWORD_MINIMUM });
  if (length > PASSWORD_MAXIMUM) throw raise("PASSWORD_TOO_LONG", { maximum: PASSWORD_MAXIMUM });
  if (isGuessable(password, mail)) throw raise("PASSWORD_COMMON");
}

function isGuessable(password: string, mail: string): boolean {
  const plain = password.normalize("NFKC").toLowerCase();
  const local = mail.split("@")[0] ?? "";
  const core = plain.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const unleeted = plain
    .replaceAll("0", "o")
    .replaceAll("@", "a")
    .replaceAll("$", "s")
    .replaceAll("3", "e")
    .replaceAll("1", "l");
  const letters = unleeted.replace(/[^\p{L}]+$/gu, "");
  if (plain.includes(mail) || (local.length >= 4 && plain.replaceAll(local, "").length < 6)) return true;
  if (common.has(plain) || common.has(core) || common.has(letters)) return true;
  return new Set(plain).size <= 3 || isRun(plain) || repeats(plain);
}

/** Each character is the one after or before the last: 123456789012, abcdefghijkl, 987654321098. */
function isRun(text: string): boolean {
  let ups = 0;
  let downs = 0;
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (step === 1 || step === -9) ups++;
    else if (step === -1 || step === 9) downs++;
  }
  return Math.max(ups, downs) >= text.length - 2;
}

/** The same piece of at most six characters again and again. */
const repeats = (text: string): boolean => /^(.{1,6})\1+.{0,5}$/su.test(text) && text.length >= 12;
