/** The agent's command line. */
import { parseArgs } from "node:util";
import type { YaguraError } from "@yagura/core/errors.ts";
import { raise } from "@yagura/edge/errors.ts";

export const USAGE = "agent --server URL [--key KEY] --state DIR [--insecure-http] | agent status --state DIR";

/** Throws PROGRAM_USAGE. */
export function readCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        server: { type: "string" },
        key: { type: "string" },
        state: { type: "string" },
        "insecure-http": { type: "boolean" },
        version: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

/** What was not understood, with how it is meant. */
export const usage = (detail: string): YaguraError =>
  raise("PROGRAM_USAGE", { program: "agent", detail, usage: USAGE });
