/**
 * HTTP message signatures (RFC 9421) as edge programs make them and the door reads them: the signature base and the two
 * header fields. Pure: the Ed25519 arithmetic itself stands with the callers.
 */
import { parseDictionary, serializeInnerList, type InnerList, type Item } from "structured-headers";

/** The label of our signature in `signature-input` and `signature`. */
export const SIGNATURE_LABEL = "yagura";
/** RFC 9421 section 2.3 `tag`: keeps a signature made for another purpose from being taken here. */
export const SIGNATURE_TAG = "yagura-edge";
/** Seconds that `created` may stand off the server's clock in either direction. */
export const SIGNATURE_WINDOW = 300;
/** What the program will still send and has applied: a signed dictionary, `oldest=12, configuration=3, clock=-250`. */
export const STATE_HEADER = "yagura-state";

export interface SignatureParameters {
  /** Seconds since the epoch. */
  readonly created: number;
  /** The device's id. */
  readonly keyid: string;
  /** Never used twice by a device for a request that must not be replayed. */
  readonly nonce: string;
}

/** What is covered: derived components (RFC 9421 section 2.2) and header fields, in signing order. */
export type Components = readonly (readonly [name: string, value: string])[];

/** The components of a request that we sign: only fields that are there. */
export function requestComponents(request: {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | undefined>>;
}): Components {
  const fields = ["content-digest", "content-encoding", STATE_HEADER]
    .map((name) => [name, request.headers[name]] as const)
    .filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  return [["@method", request.method], ["@path", request.path], ...fields];
}

/** The value of `signature-input` for our label, without the label (RFC 9421 section 2.3). */
export function signatureParams(components: Components, parameters: SignatureParameters): string {
  const names = components.map(([name]) => `"${name}"`).join(" ");
  return `(${names});created=${parameters.created};keyid="${parameters.keyid}";nonce="${parameters.nonce}";alg="ed25519";tag="${SIGNATURE_TAG}"`;
}

/** The text that is signed (RFC 9421 section 2.5). Values must not hold line breaks; header fields are trimmed. */
export function signatureBase(components: Components, params: string): string {
  const lines = components.map(([name, value]) => `"${name}": ${value.trim()}`);
  return [...lines, `"@signature-params": ${params}`].join("\n");
}

/** `content-digest` (RFC 9530) from the base64 of a SHA-256. */
export const contentDigest = (sha256Base64: string): string => `sha-256=:${sha256Base64}:`;

/** The two header fields of a signed request. */
export const signatureHeaders = (params: string, signatureBase64: string): Record<string, string> => ({
  "signature-input": `${SIGNATURE_LABEL}=${params}`,
  signature: `${SIGNATURE_LABEL}=:${signatureBase64}:`,
});

export interface ReadSignature extends SignatureParameters {
  readonly covered: readonly string[];
  /** Canonical text of the parameters, for the signature base. */
  readonly params: string;
  readonly signature: Uint8Array;
}

/** Reads both fields; a text says what is wrong with them. Bounded: fields above 2,000 characters are refused. */
export function readSignature(input: string | undefined, signature: string | undefined): ReadSignature | string {
  if (input === undefined || signature === undefined) return "signature or signature-input is missing";
  if (input.length > 2_000 || signature.length > 2_000) return "signature fields are too long";
  try {
    const list = parseDictionary(input).get(SIGNATURE_LABEL);
    const value = parseDictionary(signature).get(SIGNATURE_LABEL);
    if (list === undefined || !Array.isArray(list[0])) return `signature-input has no list ${SIGNATURE_LABEL}`;
    if (value === undefined || !(value[0] instanceof ArrayBuffer)) return `signature has no bytes ${SIGNATURE_LABEL}`;
    return readParameters(list as InnerList, new Uint8Array(value[0]));
  } catch (error) {
    return `signature fields are not structured fields: ${error instanceof Error ? error.message : "unreadable"}`;
  }
}

function readParameters(list: InnerList, signature: Uint8Array): ReadSignature | string {
  const [items, parameters] = list;
  const covered = items.map(([name]: Item) => name);
  if (!covered.every((name): name is string => typeof name === "string")) return "a covered component is not a string";
  if (items.some(([, own]: Item) => own.size > 0)) return "component parameters are not taken";
  if (new Set(covered).size !== covered.length) return "a component is covered twice";
  const [created, keyid, nonce] = [parameters.get("created"), parameters.get("keyid"), parameters.get("nonce")];
  if (typeof created !== "number" || !Number.isSafeInteger(created)) return "created is missing";
  if (typeof keyid !== "string" || typeof nonce !== "string" || nonce.length < 8) return "keyid or nonce is missing";
  if (parameters.get("alg") !== "ed25519" || parameters.get("tag") !== SIGNATURE_TAG) return "alg or tag is wrong";
  if (signature.length !== 64) return "an Ed25519 signature has 64 bytes";
  return { created, keyid, nonce, covered, params: serializeInnerList(list), signature };
}

/** Whether everything that matters is covered; a text names what is not. */
export function uncovered(covered: readonly string[], components: Components): string | null {
  const missing = components.filter(([name]) => !covered.includes(name)).map(([name]) => name);
  return missing.length === 0 ? null : `not covered by the signature: ${missing.join(", ")}`;
}

/** What a program tells about itself with each batch. */
export interface ProgramState {
  /** No sequence number below this will be sent any more in this epoch. */
  readonly oldest: number;
  /** Version of the configuration that it has applied; null before the first. */
  readonly configuration: number | null;
  /** Server minus program clock, µs, as it is known now: for a batch that was sealed before it was known. */
  readonly clock: number | null;
}
export const writeState = (state: ProgramState): string =>
  [
    `oldest=${state.oldest}`,
    ...(state.configuration === null ? [] : [`configuration=${state.configuration}`]),
    ...(state.clock === null ? [] : [`clock=${state.clock}`]),
  ].join(", ");

/** Null when the header is missing or unreadable. */
export function readState(text: string | undefined): ProgramState | null {
  const match = /^oldest=(\d{1,15})(?:, configuration=(\d{1,9}))?(?:, clock=(-?\d{1,16}))?$/.exec(text ?? "");
  if (match === null) return null;
  const [, oldest, configuration, clock] = match;
  return {
    oldest: Number(oldest),
    configuration: configuration === undefined ? null : Number(configuration),
    clock: clock === undefined ? null : Number(clock),
  };
}
