/** What a ClickHouse says when it does not do what it was asked, and what that means for us. */
import { raise } from "../errors.ts";

/** The engine answered with an error. `code` is ClickHouse's number. */
export class EngineRefused extends Error {
  readonly code: number | undefined;
  constructor(message: string, code?: number) {
    super(message);
    this.name = "EngineRefused";
    this.code = code;
  }
}

/** The engine is not there, or went away with the request: it may be asked again when that is harmless. */
export class EngineGone extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EngineGone";
  }
}

const TIMEOUT_EXCEEDED = 159;
const MEMORY_LIMIT_EXCEEDED = 241;
const NOT_ENOUGH_SPACE = 243;

/** The error of our table for an error of an engine. `seconds` is the time that the query was given. */
export function explain(error: unknown, seconds = 0): Error {
  if (error instanceof EngineGone) return raise("TELEMETRY_UNAVAILABLE", { reason: error.message }, { cause: error });
  if (!(error instanceof EngineRefused)) return error as Error;
  const { code, message } = error;
  if (code === TIMEOUT_EXCEEDED) return raise("TELEMETRY_TIMEOUT", { seconds }, { cause: error });
  if (code === MEMORY_LIMIT_EXCEEDED) return raise("TELEMETRY_MEMORY", {}, { cause: error });
  if (code === NOT_ENOUGH_SPACE || /No space left on device|ENOSPC|errno: 28/.test(message)) {
    return raise("DISK_FULL", { place: "ClickHouse" }, { cause: error });
  }
  return raise("TELEMETRY_QUERY", { reason: message.slice(0, 500) }, { cause: error });
}
