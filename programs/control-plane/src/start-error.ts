/** What keeps a port from being listened on, as a sentence for the person who started the program. */
import { raise } from "./errors.ts";
import type { Options } from "./options.ts";

export function startError(error: unknown, { host, port }: Pick<Options, "host" | "port">): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return raise("PORT_IN_USE", { host, port }, { cause: error });
  if (code === "EACCES" || code === "EPERM") return raise("PORT_FORBIDDEN", { host, port }, { cause: error });
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return raise("HOST_UNKNOWN", { host }, { cause: error });
  return error;
}
