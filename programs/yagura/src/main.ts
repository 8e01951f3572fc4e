/** The command line: one table of commands. It starts the other programs as processes by path and imports none of them. */
import { YaguraError } from "@yagura/core/errors.ts";
import { commands, type Command } from "./commands.ts";
import { help } from "./help.ts";
import { raise } from "./errors.ts";

/** The services' own commands; loaded only when asked for, so that `start` stays small. */
async function serviceCommands(): Promise<Command[]> {
  const services = [(await import("@yagura/experience/index.ts")).experience];
  return services.flatMap(({ id, cli }) => cli.map((one) => ({ ...one, words: [id, ...one.name.split(" ")] })));
}

const match = (table: readonly Command[], argv: readonly string[]): Command | undefined =>
  table.find(({ words }) => words.every((word, index) => argv[index] === word));

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 0 || argv[0] === "help" || argv[0] === "--help" || argv[0] === "-h") {
    console.log(help([...commands, ...(await serviceCommands())]));
    return argv.length === 0 ? 2 : 0;
  }
  const found = match(commands, argv) ?? match(await serviceCommands(), argv);
  if (found === undefined) throw raise("COMMAND_UNKNOWN", { command: argv.slice(0, 2).join(" ") });
  const rest = argv.slice(found.words.length);
  if (rest.includes("--help")) {
    console.log(help([found]));
    return 0;
  }
  return found.run(rest);
}

const japanese = (process.env["LC_ALL"] ?? process.env["LC_MESSAGES"] ?? process.env["LANG"] ?? "").startsWith("ja");
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof YaguraError)) throw error;
  console.error(`${error.code}: ${error.say(japanese ? "ja" : "en")}`);
  process.exitCode = error.status < 500 ? 2 : 1;
}
