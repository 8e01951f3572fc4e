/** The sensor's command line. */
import { parseArgs } from "node:util";
import type { YaguraError } from "@yagura/core/errors.ts";
import { raise } from "@yagura/edge/errors.ts";
import type { EnterOptions } from "@yagura/ot/edge/enter.ts";

export const USAGE =
  "sensor --interface NAME… --server URL [--key KEY] --state DIR [--enforcement FILE] | sensor --file FILE…|--replay FILE [--loop] --server URL --state DIR | sensor --preview|--doctor --interface NAME…|--file FILE… [--seconds N] [--json] | sensor --demo --server URL [--key KEY] --state DIR | sensor --prepare --interface NAME… | sensor --ledger [SERVER-FILE] --state DIR | sensor --make-key FILE | sensor status --state DIR";

const options = {
  server: { type: "string" },
  key: { type: "string" },
  state: { type: "string" },
  "insecure-http": { type: "boolean" },
  interface: { type: "string", multiple: true },
  file: { type: "string", multiple: true },
  demo: { type: "boolean" },
  replay: { type: "string" },
  loop: { type: "boolean" },
  user: { type: "string" },
  "token-key": { type: "string" },
  enforcement: { type: "string" },
  enforcer: { type: "string" },
  "allow-loud": { type: "boolean" },
  "ignore-outgoing": { type: "boolean" },
  "no-promiscuous": { type: "boolean" },
  method: { type: "string" },
  "ring-megabytes": { type: "string" },
  "spool-megabytes": { type: "string" },
  prepare: { type: "boolean" },
  preview: { type: "boolean" },
  doctor: { type: "boolean" },
  ledger: { type: "boolean" },
  last: { type: "string" },
  "make-key": { type: "string" },
  seconds: { type: "string" },
  json: { type: "boolean" },
  version: { type: "boolean" },
  help: { type: "boolean" },
} as const;

/** Throws PROGRAM_USAGE. */
export function readCommandLine() {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}
export type Values = ReturnType<typeof readCommandLine>["values"];

/** What was not understood, with how it is meant. */
export const usage = (detail: string): YaguraError =>
  raise("PROGRAM_USAGE", { program: "sensor", detail, usage: USAGE });

/** A whole number within bounds, or the value that holds when nothing was given. */
export function wholeNumber(
  values: Values,
  name: "seconds" | "last" | "ring-megabytes" | "spool-megabytes",
  low: number,
  high: number,
  otherwise: number,
): number {
  // prettier-ignore
  const given = values[name];
  if (given === undefined) return otherwise;
  const number = Number(given);
  if (!Number.isInteger(number) || number < low || number > high)
    throw usage(`--${name} is a whole number from ${low} to ${high}`);
  return number;
}

/** The state folder. Throws STATE_FOLDER_NEEDED. */
export function stateOf(values: Values): string {
  if (values.state === undefined) throw raise("STATE_FOLDER_NEEDED", { program: "sensor", usage: USAGE });
  return values.state;
}

/** How interfaces are opened. */
export function enterOptions(values: Values, state: string | null): EnterOptions {
  const { method = "ring", interface: interfaces = [] } = values;
  if (method !== "ring" && method !== "pipe") throw usage("--method is ring or pipe");
  return {
    interfaces,
    method,
    state,
    user: values.user ?? "nobody",
    tokenKey: values["token-key"] ?? null,
    // Whoever only looks blocks nothing.
    enforcement: state === null ? null : (values.enforcement ?? null),
    allowLoud: values["allow-loud"] === true,
    ring: {
      promiscuous: values["no-promiscuous"] !== true,
      ignoreOutgoing: values["ignore-outgoing"] === true,
      bytes: wholeNumber(values, "ring-megabytes", 4, 1_024, 64) * 1024 * 1024,
    },
  };
}
