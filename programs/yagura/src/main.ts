/**
 * The command line: one table of commands. It starts the other programs as processes by path and imports none of them.
 * Exit status: 0 done, 1 failed, 2 the command was not right; programs run in the foreground end with their own.
 */
import { YaguraError, type Language } from "@yagura/core/errors.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import { commands, type Command } from "./commands.ts";
import { complain } from "./complain.ts";
import { help } from "./help.ts";
import { raise } from "./errors.ts";
import { serviceCommands } from "./service-commands.ts";

const match = (table: readonly Command[], argv: readonly string[]): Command | undefined =>
  table.find(({ words }) => words.every((word, index) => argv[index] === word));

/** What begins with the words that were given; otherwise there is no such command. */
function notFound(table: readonly Command[], argv: readonly string[]): YaguraError {
  const known = table.filter(({ words }) => words[0] === argv[0]).map(({ words }) => words.join(" "));
  const command = argv.slice(0, 2).join(" ");
  if (known.length === 0) return raise("COMMAND_UNKNOWN", { command });
  return raise("COMMAND_INCOMPLETE", { command, known: known.join(", ") });
}

async function main(argv: readonly string[], language: Language): Promise<number> {
  if (argv.length === 0 || argv[0] === "help" || argv[0] === "--help" || argv[0] === "-h") {
    console.log(help([...commands, ...(await serviceCommands())], language));
    return argv.length === 0 ? 2 : 0;
  }
  const found = match(commands, argv) ?? match(await serviceCommands(argv[0]), argv);
  if (found === undefined) throw notFound([...commands, ...(await serviceCommands())], argv);
  const rest = argv.slice(found.words.length);
  if (rest.includes("--help")) {
    console.log(help([found], language));
    return 0;
  }
  return found.run(rest);
}

const language = machineLanguage(process.env);
try {
  process.exitCode = await main(process.argv.slice(2), language);
} catch (error) {
  const detail = error instanceof Error ? error.message : String(error);
  const known = error instanceof YaguraError ? error : raise("COMMAND_FAILED", { detail }, { cause: error });
  console.error(complain(known, language));
  process.exitCode = known.status < 500 ? 2 : 1;
}
