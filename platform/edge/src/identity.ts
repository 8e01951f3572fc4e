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
  /** Writes what the server said and gives the identity that has it. */
  enrolled(as: Omit<IdentityFile, "privateKey">): Identity;
}

const fileOf = (folder: string): string => join(folder, "identity.json");

/** Reads the identity, or makes one and writes it before it is used. A damaged file throws: a new key pair would be another device. */
export function openIdentity(folder: string): Identity {
  const kept = readJsonStrict<IdentityFile>(fileOf(folder));
  return kept === null ? makeIdentity(folder) : identityOf(folder, kept);
}

/** A new key pair in place of the old one. */
function makeIdentity(folder: string): Identity {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const made: IdentityFile = {
    privateKey: pem,
    device: null,
    organisation: null,
    server: null,
    authority: null,
    key: null,
  };
  writeWhole(fileOf(folder), JSON.stringify(made));
  return identityOf(folder, made);
}

/**
 * The key pair to enrol with: a device keeps its own for ever, so an enrolled program that enrols anew takes another. The old
 * identity stays on the disk until the server has taken the new one; the pair waits beside it, because a lost answer is asked
 * for again with the same pair.
 */
export function identityToEnrol(folder: string): Identity {
  const kept = openIdentity(folder);
  return kept.device === null ? kept : openIdentity(join(folder, "enrolling"));
}

/** The identity without making one. */
export const readIdentity = (folder: string): Identity | null => {
  const kept = readJsonStrict<IdentityFile>(fileOf(folder));
  return kept === null ? null : identityOf(folder, kept);
};

function identityOf(folder: string, file: IdentityFile): Identity {
  // An identity that was made beside the old one takes its place when it is enrolled.
  const home = basename(folder) === "enrolling" ? dirname(folder) : folder;
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
  };
}

function rawPublicKey(key: KeyObject): string {
  const { x } = key.export({ format: "jwk" });
  return x as string;
}
