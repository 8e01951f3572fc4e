/** Who this program is: its own Ed25519 key pair and what the server named it. The private key never leaves this file. */
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readJsonStrict, writeWhole } from "./files.ts";

interface IdentityFile {
  readonly privateKey: string;
  readonly device: string | null;
  readonly organisation: string | null;
  readonly server: string | null;
  /** PEM of the certificate authority that the enrolment key named; null: the system's authorities. */
  readonly authority: string | null;
  /** Tells the enrolment key that was used from others, without keeping it. */
  readonly key: string | null;
}
export interface Identity {
  /** Raw public key, base64url. */
  readonly publicKey: string;
  readonly device: string | null;
  readonly organisation: string | null;
  readonly server: string | null;
  readonly authority: string | null;
  readonly key: string | null;
  /** Ed25519 signature, base64. */
  sign(text: string): string;
  /** Writes what the server said, in place of the identity that was in force, and gives the new one. */
  enrolled(as: Omit<IdentityFile, "privateKey">): Identity;
  /** The same device, its server at another address. */
  at(server: string): Identity;
}

const ENROLLING = "enrolling";
const fileOf = (folder: string): string => join(folder, "identity.json");

/** The identity of an enrolled program, or null. A damaged file throws: a new key pair would be another device. */
export function readIdentity(folder: string): Identity | null {
  const kept = readJsonStrict<IdentityFile>(fileOf(folder));
  return kept === null ? null : identityOf(folder, kept);
}

/**
 * The key pair to enrol with; made and written before it is used, in a folder beside the identity that is in force, because
 * a lost answer is asked for again with the same pair. An enrolled program that enrols anew takes a new pair.
 */
export function identityToEnrol(folder: string): Identity {
  const beside = join(folder, ENROLLING);
  const kept = readIdentity(beside);
  if (kept !== null) return kept;
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const made = { privateKey: pem, device: null, organisation: null, server: null, authority: null, key: null };
  writeWhole(fileOf(beside), JSON.stringify(made));
  return identityOf(beside, made);
}

function identityOf(folder: string, file: IdentityFile): Identity {
  const home = basename(folder) === ENROLLING ? dirname(folder) : folder;
  const key = createPrivateKey(file.privateKey);
  return {
    publicKey: rawPublicKey(key),
    device: file.device,
    organisation: file.organisation,
    server: file.server,
    authority: file.authority,
    key: file.key,
    sign: (text) => sign(null, Buffer.from(text), key).toString("base64"),
    enrolled(as) {
      const next: IdentityFile = { ...as, privateKey: file.privateKey };
      writeWhole(fileOf(home), JSON.stringify(next));
      if (home !== folder) rmSync(folder, { recursive: true, force: true });
      return identityOf(home, next);
    },
    at(server) {
      const next: IdentityFile = { ...file, server };
      writeWhole(fileOf(folder), JSON.stringify(next));
      return identityOf(folder, next);
    },
  };
}

function rawPublicKey(key: KeyObject): string {
  const { x } = key.export({ format: "jwk" });
  return x as string;
}
