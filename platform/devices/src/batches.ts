/** Reads a batch at the door: inflate within bounds, parse, check its shape. After this, shapes are trusted. */
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { AnyBatch, Health, MAX_BATCH_BYTES } from "@yagura/wire/envelope.ts";
import type { Platform } from "@yagura/server/route.ts";
import type { Offer } from "./commit.ts";
import type { IngestKind } from "./devices.ts";
import { raise } from "./errors.ts";
import { inflate, toIngest, type Encoding, type Known, type TakenBatch } from "./journal.ts";
import { refuseWire } from "./wire-floor.ts";

/** Kind of the health report, which this room takes itself. */
export const HEALTH_KIND = "edge.health";

export interface ReadBatch {
  readonly batch: AnyBatch;
  /** Null for the health report. */
  readonly kind: IngestKind | null;
  readonly taken: TakenBatch;
  readonly health: Offer["health"];
}
export interface BatchReader {
  /** `inflated` is told how many bytes are about to be parsed. Throws ENCODING_UNKNOWN, BATCH_TOO_LARGE, BATCH_MALFORMED, BATCH_KIND_UNKNOWN, WIRE_TOO_OLD, WIRE_TOO_NEW. */
  read(bytes: Buffer, encoding: string | undefined, known: Known, inflated?: (bytes: number) => void): ReadBatch;
}

/** Reads batches of these kinds: inflates within bounds, parses, checks. */
export function createBatchReader(kinds: ReadonlyMap<string, IngestKind>, platform: Platform): BatchReader {
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const envelope = ajv.compile<AnyBatch>(AnyBatch);
  const bodies = new Map<string, ValidateFunction>([[HEALTH_KIND, ajv.compile(Health)]]);
  for (const [name, kind] of kinds) bodies.set(name, ajv.compile(kind.schema));

  return {
    read(bytes, encodingHeader, known, inflated) {
      const encoding = readEncoding(encodingHeader);
      const batch = parse(bytes, encoding, inflated);
      refuseWire(batch);
      if (!envelope(batch)) throw malformed(envelope);
      const body = bodies.get(batch.kind);
      if (body === undefined) throw raise("BATCH_KIND_UNKNOWN", { kind: batch.kind });
      if (!body(batch.body)) {
        platform.log.debug({ device: known.device, kind: batch.kind, errors: body.errors }, "malformed batch");
        throw malformed(body);
      }
      if (batch.kind === HEALTH_KIND) refuseHealth(batch.body);
      const taken: TakenBatch = {
        kind: batch.kind,
        batch: toIngest(batch, { ...known, clockOffset: batch.clock?.offset ?? known.clockOffset }),
        encoding,
        bytes,
      };
      const health = batch.kind === HEALTH_KIND ? { health: batch.body as Health, clock: batch.clock } : null;
      return { batch, kind: kinds.get(batch.kind) ?? null, taken, health };
    },
  };
}

/** Bytes of a health report; an honest one has some hundreds. The pages of devices show hundreds of reports at once. */
const MAX_HEALTH_BYTES = 32_768;

/** Throws BATCH_MALFORMED for a report that is too long to show, or that a database cannot keep. */
function refuseHealth(body: unknown): void {
  if (Buffer.byteLength(JSON.stringify(body)) > MAX_HEALTH_BYTES)
    throw raise("BATCH_MALFORMED", { cause: `a health report has at most ${MAX_HEALTH_BYTES} bytes` });
  if (!isText(body)) throw raise("BATCH_MALFORMED", { cause: "a text in it holds a zero byte or half a character" });
}

/** Whether all texts within are such as PostgreSQL keeps in jsonb. */
export function isText(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("\0") && value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isText(name) && isText(inner));
}

function readEncoding(header: string | undefined): Encoding {
  const encoding = header ?? "identity";
  if (encoding === "zstd" || encoding === "gzip" || encoding === "identity") return encoding;
  throw raise("ENCODING_UNKNOWN", { encoding: encoding.slice(0, 40) });
}

function parse(bytes: Buffer, encoding: Encoding, inflated?: (bytes: number) => void): unknown {
  let text: string;
  try {
    const body = inflate(bytes, encoding);
    inflated?.(body.length);
    text = body.toString("utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
      throw raise("BATCH_TOO_LARGE", { limit: MAX_BATCH_BYTES }, { cause: error });
    }
    throw raise("BATCH_MALFORMED", { cause: `it is not ${encoding}` }, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw raise("BATCH_MALFORMED", { cause: "it is not JSON" }, { cause: error });
  }
}

function malformed(validate: ValidateFunction): Error {
  const first = validate.errors?.[0];
  return raise("BATCH_MALFORMED", { cause: `${first?.instancePath ?? ""} ${first?.message ?? "wrong shape"}`.trim() });
}
