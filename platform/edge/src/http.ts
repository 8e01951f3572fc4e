/** HTTPS to the server and nowhere else: pinned authority, proxy of the environment, signed requests, bounded answers. */
import { X509Certificate, createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { getCACertificates, rootCertificates } from "node:tls";
import {
  contentDigest,
  requestComponents,
  signatureBase,
  signatureHeaders,
  signatureParams,
} from "@yagura/wire/signature.ts";
import { nodeDispatcher, type Dispatcher } from "./connection.ts";
import { raise } from "./errors.ts";
import type { Identity } from "./identity.ts";

/** Answers are small; a larger one is not from our server. */
const MAX_ANSWER = 1024 * 1024;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The server's origin. Throws SERVER_ADDRESS_INVALID or PLAIN_HTTP_REFUSED. */
export function serverOrigin(text: string, insecureHttp: boolean): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw raise("SERVER_ADDRESS_INVALID", { server: text });
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw raise("SERVER_ADDRESS_INVALID", { server: text });
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname) && !insecureHttp) {
    throw raise("PLAIN_HTTP_REFUSED", { host: url.hostname });
  }
  return url.origin;
}

/** Connections to the server. `authority`: PEM to be trusted alone; null for the system's authorities. */
export function createDispatcher(authority: string | null, trustNobody = false): Dispatcher {
  return nodeDispatcher(() => {
    if (trustNobody) return { rejectUnauthorized: false };
    // A given certificate may stand in the key without its issuer: then it is the anchor itself.
    return authority === null ? { ca: systemAuthorities() } : { ca: authority, allowPartialTrustChain: true };
  });
}

/** Node's list and the system's store, in which an operator's own authority may stand. */
const systemAuthorities = (): string[] => [...rootCertificates, ...getCACertificates("system")];

/**
 * Fetches the authority that the key names by its SHA-256. The connection that fetches it proves nothing and carries nothing;
 * the fingerprint proves the certificate, and the certificate every later connection. Throws AUTHORITY_MISMATCH.
 */
export async function fetchAuthority(origin: string, fingerprint: string): Promise<string> {
  const dispatcher = createDispatcher(null, true);
  try {
    const answer = await call(dispatcher, origin, { method: "GET", path: "/download/ca.pem", headers: {} });
    for (const pem of answer.text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []) {
      if (matches(pem, fingerprint)) return pem;
    }
    throw raise("AUTHORITY_MISMATCH");
  } finally {
    await dispatcher.close();
  }
}

function matches(pem: string, fingerprint: string): boolean {
  try {
    const digest = createHash("sha256").update(new X509Certificate(pem).raw).digest();
    const wanted = Buffer.from(fingerprint, "base64url");
    return wanted.length === digest.length && timingSafeEqual(digest, wanted);
  } catch {
    return false;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}
export interface Ask {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
}

/** One request and its whole answer. Rejects with the network's error, or when the answer is larger than it may be. */
export async function call(dispatcher: Dispatcher, origin: string, ask: Ask): Promise<Answer> {
  const { statusCode, headers, body } = await dispatcher.request({
    origin,
    path: ask.path,
    method: ask.method,
    headers: ask.headers,
    ...(ask.body === undefined ? {} : { body: ask.body }),
    ...(ask.signal === undefined ? {} : { signal: ask.signal }),
  });
  return { status: statusCode, headers, text: await readAll(body) };
}

/** A body as text. Throws when it is longer than any answer of ours may be. */
export async function readAll(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new Error(`an answer of more than ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The headers of a signed request. `now`: milliseconds by the server's clock, as well as it is known. */
export function signedHeaders(
  identity: Identity,
  ask: { method: string; path: string; headers: Readonly<Record<string, string>>; body?: Buffer },
  now: number,
): Record<string, string> {
  const digest =
    ask.body === undefined
      ? {}
      : { "content-digest": contentDigest(createHash("sha256").update(ask.body).digest("base64")) };
  const headers = { ...ask.headers, ...digest };
  const components = requestComponents({ method: ask.method, path: ask.path, headers });
  const params = signatureParams(components, {
    created: Math.floor(now / 1000),
    keyid: identity.device ?? "",
    nonce: randomBytes(16).toString("base64url"),
  });
  return { ...headers, ...signatureHeaders(params, identity.sign(signatureBase(components, params))) };
}

/** A network error as a person reads it: the code of the innermost cause. */
export function causeOf(error: unknown): string {
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  if (cause !== undefined && cause !== null) return causeOf(cause);
  return code ?? message ?? String(error);
}
