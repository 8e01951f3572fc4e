/** Which wire versions are let in. */
import { OLDEST_WIRE_VERSION, WIRE_VERSION } from "@yagura/wire/version.ts";
import { raise } from "./errors.ts";

/** Throws WIRE_TOO_OLD or WIRE_TOO_NEW. A message without a version passes: its shape is checked next. */
export function refuseWire(message: unknown): void {
  const version = typeof message === "object" && message !== null ? (message as { wire?: unknown }).wire : undefined;
  if (typeof version !== "number" || !Number.isInteger(version)) return;
  const range = { version, oldest: OLDEST_WIRE_VERSION, newest: WIRE_VERSION };
  if (version < OLDEST_WIRE_VERSION) throw raise("WIRE_TOO_OLD", range);
  if (version > WIRE_VERSION) throw raise("WIRE_TOO_NEW", range);
}
