import type { CliCommand } from "@yagura/service/service.ts";
import type { Command } from "./commands.ts";

/** The services' own commands, each loaded only when asked for, so that `start` stays small. */
const serviceTables: Readonly<Record<string, () => Promise<readonly CliCommand[]>>> = {
  experience: async () => (await import("@yagura/experience/cli.ts")).cli,
  ot: async () => (await import("@yagura/ot/cli.ts")).cli,
};

/** Of one service, or of all. */
export async function serviceCommands(only?: string): Promise<Command[]> {
  const tables = Object.entries(serviceTables).filter(([id]) => only === undefined || id === only);
  const all = await Promise.all(tables.map(async ([id, load]) => (await load()).map((one) => ({ id, one }))));
  return all.flat().map(({ id, one }) => ({
    ...one,
    words: [id, ...one.name.split(" ")],
    usage: `${id} ${one.name} ${one.usage}`.trimEnd(),
  }));
}
