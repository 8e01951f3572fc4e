/** What the command line can do, beside what the services add. */
import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { administer } from "./administer.ts";
import { runProgram } from "./programs.ts";
import { start } from "./start.ts";
import { raise } from "./errors.ts";

export interface Command {
  /** e.g. `["token", "create"]`. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly usage: string;
  /** Returns the exit status. */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

export const commands: readonly Command[] = [
  {
    words: ["start"],
    summary:
      "Starts the control plane, its stores and, the first time, an agent on this machine. Ctrl-C stops everything.",
    usage:
      "start [--data DIR] [--port N] [--host H] [--public-url URL] [--tls-cert FILE --tls-key FILE] [--plain-http]",
    run: start,
  },
  {
    words: ["agent"],
    summary: "Runs an agent: enrols with the key of an install invitation, then measures and uploads until stopped.",
    usage: "agent --server URL [--key KEY] --state DIR   |   agent status --state DIR",
    run: (argv) => runProgram("agent", argv),
  },
  {
    words: ["token", "create"],
    summary: "Makes an API token and prints it once.",
    usage: "token create --role ROLE [--organisation ID] [--name TEXT] [--days N] [--data DIR]",
    run: async (argv) => {
      const { values } = parse(
        argv,
        {
          role: { type: "string" },
          organisation: { type: "string" },
          name: { type: "string" },
          days: { type: "string" },
        },
        "token create --role ROLE",
      );
      const { data, ...input } = values;
      const answer = await administer(data, "token.create", input);
      console.log(String(answer["token"]));
      return 0;
    },
  },
  {
    words: ["link"],
    summary:
      "Makes a new sign-in link, for a provider's administrator who lost theirs or for any user by mail address.",
    usage: "link [--mail ADDRESS] [--data DIR]",
    run: async (argv) => {
      const { values } = parse(argv, { mail: { type: "string" } }, "link [--mail ADDRESS]");
      const { data, ...input } = values;
      const answer = await administer(data, "link.create", input);
      console.log(`sign-in ${String(answer["url"])}`);
      return 0;
    },
  },
  {
    words: ["audit", "verify"],
    summary: "Recomputes the hash chain of the audit log and compares it with the checkpoints outside the database.",
    usage: "audit verify [--data DIR]",
    run: async (argv) => {
      const { values } = parse(argv, {}, "audit verify");
      const answer = await administer(values.data, "audit.verify", {});
      console.log(String(answer["text"]));
      return answer["ok"] === true ? 0 : 1;
    },
  },
  {
    words: ["backup"],
    summary: "Writes both stores into one file, also while running.",
    usage: "backup FILE [--data DIR]",
    run: async (argv) => {
      const { values, positionals } = parse(argv, {}, "backup FILE", true);
      const file = onlyOne(positionals, "backup FILE");
      const answer = await administer(values.data, "backup", { file: resolve(file) });
      console.log(String(answer["text"]));
      return 0;
    },
  },
  {
    words: ["restore"],
    summary: "Fills an empty data folder from a backup file. The control plane must be stopped.",
    usage: "restore FILE [--data DIR]",
    run: async (argv) => {
      const { values, positionals } = parse(argv, {}, "restore FILE", true);
      const file = onlyOne(positionals, "restore FILE");
      const answer = await administer(values.data, "restore", { file: resolve(file) });
      console.log(String(answer["text"]));
      return 0;
    },
  },
  {
    words: ["version"],
    summary: "Prints the version.",
    usage: "version",
    run: async () => {
      const { default: manifest } = (await import("../package.json", { with: { type: "json" } })) as {
        default: { version: string };
      };
      console.log(manifest.version);
      return 0;
    },
  },
];

type OptionTable = NonNullable<ParseArgsConfig["options"]>;

function parse<T extends OptionTable>(argv: readonly string[], options: T, usage: string, allowPositionals = false) {
  try {
    const parsed = parseArgs({
      args: [...argv],
      allowPositionals,
      options: { ...options, data: { type: "string" as const } },
    });
    return {
      values: parsed.values as Record<string, string | undefined> & { data?: string },
      positionals: parsed.positionals,
    };
  } catch (error) {
    throw raise("COMMAND_USAGE", { detail: error instanceof Error ? error.message : String(error), usage });
  }
}

function onlyOne(positionals: readonly string[], usage: string): string {
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0)
    throw raise("COMMAND_USAGE", { detail: `${positionals.length} file names`, usage });
  return first;
}
