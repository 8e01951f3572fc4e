/** Random secrets that are shown once and kept as hashes, and the key that seals what must be read again. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { raise } from "./errors.ts";

/** 256 random bits as base64url: too many to guess, so a plain hash of it may be stored. */
export const newSecret = (prefix = ""): string => prefix + randomBytes(32).toString("base64url");

/** SHA-256 of a secret with at least 128 random bits. Not for passwords. */
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret, "utf8").digest();

/** Compares texts in a time that does not depend on where they differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hashSecret(a), hashSecret(b));
}

/** Keys derived from the one seal key of this installation. */
export interface Keys {
  /** AES-256-GCM; `about` binds the sealed text to its row, so that it cannot be moved to another. */
  seal(plain: Uint8Array, about: string): Buffer;
  /** Throws SEAL_KEY when the key or `about` is not the one it was sealed with. */
  open(sealed: Uint8Array, about: string): Buffer;
  /** The double-submit value of a session: HMAC of its id, so it need not be stored. */
  csrf(sessionId: string): string;
}

const derive = (key: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync("sha256", key, "yagura", purpose, 32));

/** Keys from 32 or more secret bytes. */
export function makeKeys(master: Buffer, where: string): Keys {
  if (master.length < 32) throw raise("SEAL_KEY", { where });
  const sealing = derive(master, "seal");
  const forgery = derive(master, "csrf");
  return {
    seal(plain, about) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", sealing, nonce).setAAD(Buffer.from(about));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed);
      try {
        const decipher = createDecipheriv("aes-256-gcm", sealing, bytes.subarray(0, 12), { authTagLength: 16 })
          .setAAD(Buffer.from(about))
          .setAuthTag(bytes.subarray(-16));
        return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
      } catch (cause) {
        throw raise("SEAL_KEY", { where }, { cause });
      }
    },
    csrf: (sessionId) => createHmac("sha256", forgery).update(sessionId).digest("base64url"),
  };
}

/**
 * The key of a data folder: `YAGURA_SEAL_KEY` (64 hexadecimal digits or 44 of base64) when given, else the file `seal.key` (mode 0600),
 * made at first use. Two processes that start at once agree on one file.
 */
export async function loadKeys(dataFolder: string, given = process.env["YAGURA_SEAL_KEY"]): Promise<Keys> {
  if (given !== undefined && given !== "") {
    return makeKeys(Buffer.from(given, /^[0-9a-fA-F]+$/.test(given) ? "hex" : "base64"), "YAGURA_SEAL_KEY");
  }
  const path = join(dataFolder, "seal.key");
  const present = await readFile(path, "utf8").catch(() => null);
  if (present !== null) return makeKeys(Buffer.from(present.trim(), "hex"), path);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flush: true });
  await chmod(draft, 0o600);
  // link() fails when the file exists, unlike rename(): the first process wins and the other reads its key.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(draft, { force: true });
  return makeKeys(Buffer.from((await readFile(path, "utf8")).trim(), "hex"), path);
}
