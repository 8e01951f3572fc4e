/** What keeps the control plane from starting, as a sentence for the person who started it. */
import type { YaguraError } from "@yagura/core/errors.ts";
import { raise } from "./errors.ts";
import type { Options } from "./options.ts";

/** What keeps a port from being listened on. Everything else is given back as it is. */
export function startError(error: unknown, { host, port }: Pick<Options, "host" | "port">): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return raise("PORT_IN_USE", { host, port }, { cause: error });
  if (code === "EACCES" || code === "EPERM") return raise("PORT_FORBIDDEN", { host, port }, { cause: error });
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return raise("HOST_UNKNOWN", { host }, { cause: error });
  return error;
}

/** An error that nobody foresaw: one sentence; its place in the code is shown to those who ask for it by the log level. */
export function unexpected(error: unknown): YaguraError {
  const words = new Set([...process.argv, process.env["YAGURA_LOG_LEVEL"]]);
  if (words.has("debug") || words.has("trace")) console.error(error);
  return raise("UNEXPECTED", { detail: error instanceof Error ? error.message : String(error) }, { cause: error });
}
