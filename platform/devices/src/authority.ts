/** TLS of the control plane: our own certificate authority and a server certificate of it, or a given one. */
import { X509Certificate as NodeCertificate, createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { writeWhole } from "@yagura/edge/files.ts";
import { raise } from "./errors.ts";

export interface Authority {
  /** PEM chain of the server, its own certificate first. */
  readonly cert: string;
  /** PEM key of the server. */
  readonly key: string;
  /** PEM of what an enrolment key names: our authority, or the last certificate of a given chain. */
  readonly anchor: string;
  /** SHA-256 of the anchor (DER), base64url; null when the system's own authorities vouch for the certificate. */
  readonly fingerprint: string | null;
}

/** Loaded only when a certificate is made; most starts make none. It wants the reflection polyfill to be there first. */
async function loadX509(): Promise<typeof import("@peculiar/x509")> {
  await import("reflect-metadata");
  return import("@peculiar/x509");
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 86_400_000;
const AUTHORITY_DAYS = 3_650;
/** Browsers and others refuse longer ones (CA/Browser Forum ballot SC-031: 398 days). */
const SERVER_DAYS = 397;
/** A server certificate is renewed when less than this is left. */
const RENEW_DAYS = 120;

/**
 * Reads or makes our authority and a server certificate for the names (`localhost` and the loopback addresses are always
 * among them). The certificate is made anew when names are missing or its end is near; the authority and so every enrolment
 * key stays.
 */
export async function ensureAuthority(
  folder: string,
  names: readonly string[],
  now: number = Date.now(),
): Promise<Authority> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const wanted = [...new Set(["localhost", "127.0.0.1", "::1", ...names.flatMap(namesOf)])];
  const [caFile, caKeyFile] = [join(folder, "ca.pem"), join(folder, "ca-key.pem")];
  const [certFile, keyFile] = [join(folder, "server.pem"), join(folder, "server-key.pem")];
  if (!existsSync(caFile) || !existsSync(caKeyFile)) await makeAuthority(caFile, caKeyFile, now);
  const anchor = readFileSync(caFile, "utf8");
  if (!usable(certFile, keyFile, anchor, wanted, now)) {
    await makeServer({ anchor, caKey: readFileSync(caKeyFile, "utf8"), certFile, keyFile, names: wanted, now });
  }
  const cert = `${readFileSync(certFile, "utf8")}${anchor}`;
  return { cert, key: readFileSync(keyFile, "utf8"), anchor, fingerprint: fingerprintOf(anchor) };
}

/**
 * A given chain and key. When the system's authorities vouch for it, keys carry no fingerprint, because such a chain is
 * renewed with other intermediates; else its last certificate is the anchor. Throws CERTIFICATE_UNUSABLE.
 */
export function givenCertificate(cert: string, key: string): Authority {
  const chain = cert.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const [leaf, last] = [chain[0], chain.at(-1)];
    if (leaf === undefined || last === undefined) throw new Error("there is no certificate in it");
    if (!new NodeCertificate(leaf).checkPrivateKey(createPrivateKey(key)))
      throw new Error("the key is not the certificate's");
    const top = new NodeCertificate(last);
    const vouched = rootCertificates.some((pem) => {
      const root = new NodeCertificate(pem);
      return top.fingerprint256 === root.fingerprint256 || (top.checkIssued(root) && top.verify(root.publicKey));
    });
    return { cert, key, anchor: `${last}\n`, fingerprint: vouched ? null : fingerprintOf(last) };
  } catch (error) {
    throw raise("CERTIFICATE_UNUSABLE", { file: "--tls-cert", cause: (error as Error).message }, { cause: error });
  }
}

/** Listening on all addresses, programs come to any of them: the certificate then names them and this machine. */
function namesOf(name: string): string[] {
  if (name !== "0.0.0.0" && name !== "::") return [name.toLowerCase()];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  // A link-local address means nothing without its interface.
  const usable = addresses.map(({ address }) => address).filter((address) => !/^(fe80:|169\.254\.)/i.test(address));
  return [hostname().toLowerCase(), ...usable];
}

/** SHA-256 of a certificate's DER, base64url. */
export const fingerprintOf = (pem: string): string =>
  Buffer.from(new NodeCertificate(pem).fingerprint256.replaceAll(":", ""), "hex").toString("base64url");

function usable(certFile: string, keyFile: string, anchor: string, names: readonly string[], now: number): boolean {
  if (!existsSync(certFile) || !existsSync(keyFile)) return false;
  try {
    const certificate = new NodeCertificate(readFileSync(certFile));
    const issued = certificate.verify(new NodeCertificate(anchor).publicKey);
    const named = names.every((name) =>
      isIP(name) === 0 ? certificate.checkHost(name) !== undefined : certificate.checkIP(name) !== undefined,
    );
    return issued && named && Date.parse(certificate.validTo) - now > RENEW_DAYS * DAY;
  } catch {
    return false;
  }
}

async function makeAuthority(caFile: string, caKeyFile: string, now: number): Promise<void> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=Yagura authority ${randomBytes(4).toString("hex")}`,
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  // The key first: a certificate without its key would be kept for ever and could sign nothing.
  writeWhole(caKeyFile, await exportKey(keys.privateKey));
  writeWhole(caFile, `${certificate.toString("pem")}\n`, 0o644);
}

async function makeServer(input: {
  anchor: string;
  caKey: string;
  certFile: string;
  keyFile: string;
  names: readonly string[];
  now: number;
}): Promise<void> {
  const { names, now } = input;
  const x509 = await loadX509();
  const authority = new x509.X509Certificate(input.anchor);
  const der = createPrivateKey(input.caKey).export({ type: "pkcs8", format: "der" });
  const signingKey = await webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: "CN=Yagura control plane",
    issuer: authority.subject,
    notBefore: new Date(now - DAY),
    notAfter: new Date(Math.min(now + SERVER_DAYS * DAY, authority.notAfter.getTime())),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1"]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? ("dns" as const) : ("ip" as const), value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  writeWhole(input.keyFile, await exportKey(keys.privateKey));
  writeWhole(input.certFile, `${certificate.toString("pem")}\n`, 0o644);
}

/** Positive, 16 octets (RFC 5280 section 4.1.2.2). */
const serial = (): string => `40${randomBytes(15).toString("hex")}`;

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({
    type: "pkcs8",
    format: "pem",
  }) as string;
}
