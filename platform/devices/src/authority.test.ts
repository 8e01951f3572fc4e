/** Our own authority: what it signs verifies, what stays stays, what must be renewed is. */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureAuthority, fingerprintOf, givenCertificate } from "./authority.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "yagura-authority-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const YEAR = 365 * 86_400_000;
const leaf = (pem: string): X509Certificate => new X509Certificate(pem);

test("a server certificate of our own authority for all names", async () => {
  const made = await ensureAuthority(folder, ["yagura.example.jp", "192.0.2.7", "0.0.0.0"]);
  const certificate = leaf(made.cert);
  expect(certificate.verify(leaf(made.anchor).publicKey)).toBe(true);
  expect(leaf(made.anchor).ca).toBe(true);
  expect(made.fingerprint).toBe(fingerprintOf(made.anchor));
  expect(["yagura.example.jp", "localhost"].map((name) => certificate.checkHost(name))).not.toContain(undefined);
  expect(["192.0.2.7", "127.0.0.1", "::1"].map((name) => certificate.checkIP(name))).not.toContain(undefined);
  expect(certificate.subjectAltName).not.toContain("0.0.0.0");
  expect(certificate.checkHost(hostname())).not.toBe(undefined);
  expect(statSync(join(folder, "ca-key.pem")).mode & 0o777).toBe(0o600);
});

test.each([
  { name: "the same names: nothing changes", names: ["yagura.example.jp"], years: 0, same: true },
  { name: "a new name: a new certificate", names: ["other.example.jp"], years: 0, same: false },
  { name: "near its end: a new certificate", names: ["yagura.example.jp"], years: 0.9, same: false },
])("$name; the authority stays", async ({ names, years, same }) => {
  const place = mkdtempSync(join(folder, "again-"));
  const first = await ensureAuthority(place, ["yagura.example.jp"]);
  const again = await ensureAuthority(place, names, Date.now() + years * YEAR);
  expect(again.fingerprint).toBe(first.fingerprint);
  expect(again.cert === first.cert).toBe(same);
});

test("a given certificate is its own anchor unless the system vouches for it", async () => {
  const own = await ensureAuthority(folder, ["yagura.example.jp"]);
  expect(givenCertificate(own.cert, own.key).fingerprint).toBe(own.fingerprint);
  const alone = `${own.cert.split("-----END CERTIFICATE-----")[0]}-----END CERTIFICATE-----\n`;
  expect(givenCertificate(alone, own.key).fingerprint).toBe(fingerprintOf(alone));
});

test.each([
  { name: "no certificate", cert: "nothing" },
  { name: "somebody else's key", cert: "anchor" },
])("refused with a sentence: $name", async ({ cert }) => {
  const own = await ensureAuthority(folder, ["yagura.example.jp"]);
  expect(() => givenCertificate(cert === "anchor" ? own.anchor : cert, own.key)).toThrow(/--tls-cert cannot be used/);
});
