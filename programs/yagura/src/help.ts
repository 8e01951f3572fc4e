/** The help text, made from the table of commands. */
import type { Command } from "./commands.ts";

export function help(commands: readonly Command[]): string {
  const lines = commands.map(({ usage, summary }) => `  npx yagura ${usage}\n      ${summary}`);
  return `Yagura (櫓): managed network and security services.\n\n${lines.join("\n")}\n\nThe data folder is --data, else $YAGURA_DATA, else /var/lib/yagura for root and ~/.local/share/yagura for others.\nSettings of the control plane: docs/operations.md.`;
}
