/** A passkey authenticator in software (WebAuthn level 3): makes ES256 credentials and signs challenges, as a browser would send them. */
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id?: string };
}
interface RequestOptions {
  readonly challenge: string;
  readonly rpId?: string;
}

export interface Authenticator {
  readonly id: string;
  /** The answer to registration options. */
  create(options: CreationOptions, origin: string): Record<string, unknown>;
  /** The answer to sign-in options. `verified: false`: the person was present but not verified. */
  get(options: RequestOptions, origin: string, how?: { verified?: boolean }): Record<string, unknown>;
  /** Goes back to this count, as a copy of the authenticator would. */
  rewind(counter: number): void;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

export function softwareAuthenticator(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const rawId = randomBytes(32);
  const id = rawId.toString("base64url");
  let counter = 0;
  const data = (rpId: string, flags: number, rest: Buffer): Buffer => {
    const head = Buffer.alloc(37);
    createHash("sha256").update(rpId).digest().copy(head);
    head.writeUInt8(flags, 32);
    head.writeUInt32BE(++counter, 33);
    return Buffer.concat([head, rest]);
  };
  return {
    id,
    rewind: (to) => void (counter = to),
    create(options, origin) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(rawId.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, rawId, coseKey(publicKey)]);
      const authData = data(options.rp.id ?? "localhost", PRESENT | VERIFIED | ATTESTED, attested);
      const attestation = cborMap([
        [cborText("fmt"), cborText("none")],
        [cborText("attStmt"), cborMap([])],
        [cborText("authData"), cborBytes(authData)],
      ]);
      return answer(id, {
        clientDataJSON: clientData("webauthn.create", options.challenge, origin).toString("base64url"),
        attestationObject: attestation.toString("base64url"),
        transports: ["internal"],
      });
    },
    get(options, origin, how = {}) {
      const authData = data(
        options.rpId ?? "localhost",
        PRESENT | (how.verified === false ? 0 : VERIFIED),
        Buffer.alloc(0),
      );
      const client = clientData("webauthn.get", options.challenge, origin);
      const signed = Buffer.concat([authData, createHash("sha256").update(client).digest()]);
      return answer(id, {
        clientDataJSON: client.toString("base64url"),
        authenticatorData: authData.toString("base64url"),
        signature: sign("sha256", signed, privateKey).toString("base64url"),
      });
    },
  };
}

const answer = (id: string, response: Record<string, unknown>): Record<string, unknown> => ({
  id,
  rawId: id,
  type: "public-key",
  clientExtensionResults: {},
  authenticatorAttachment: "platform",
  response,
});

const clientData = (type: string, challenge: string, origin: string): Buffer =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

/** COSE_Key of an ES256 public key (RFC 9053 section 7.1.1). */
function coseKey(key: KeyObject): Buffer {
  const jwk = key.export({ format: "jwk" });
  const coordinate = (text: string | undefined): Buffer => cborBytes(Buffer.from(text ?? "", "base64url"));
  return cborMap([
    [cborInteger(1), cborInteger(2)],
    [cborInteger(3), cborInteger(-7)],
    [cborInteger(-1), cborInteger(1)],
    [cborInteger(-2), coordinate(jwk.x)],
    [cborInteger(-3), coordinate(jwk.y)],
  ]);
}

/** Head of a CBOR item (RFC 8949 section 3): major type and a length below 65,536. */
function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}
const cborInteger = (value: number): Buffer => (value < 0 ? cborHead(1, -1 - value) : cborHead(0, value));
const cborBytes = (bytes: Buffer): Buffer => Buffer.concat([cborHead(2, bytes.length), bytes]);
const cborText = (text: string): Buffer => Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
const cborMap = (members: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([cborHead(5, members.length), ...members.flat()]);
