/** Runs a page of docs/tutorials as it stands: its shell blocks, in network namespaces of their own. */
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Namespace } from "@yagura/testkit/lab/namespace.ts";

const root = new URL("../../", import.meta.url).pathname;

/** The text of the page's blocks: ```sh, or ```sh WHERE. */
export function blocksOf(name: string, where: string): string[] {
  const page = readFileSync(new URL(`../../docs/tutorials/${name}`, import.meta.url), "utf8");
  return [...page.matchAll(/^```sh ?(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, place]) => place === where)
    .map(([, , text]) => text as string);
}

/** A terminal: bash with the reader's environment, in the folder of the checkout. */
export const terminal = (
  where: Namespace,
  text: string,
  environment: Readonly<Record<string, string>>,
  told: "pipe" | "ignore" = "pipe",
): ChildProcess =>
  where.spawn("bash", ["-euc", text], {
    cwd: root,
    env: {
      ...process.env,
      npm_config_offline: "true",
      PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
      ...environment,
    },
    stdio: ["pipe", told, "inherit"],
    detached: true,
  });

/** Resolves when the control plane of the terminal serves; rejects when it ends before. */
export const serving = (plane: ChildProcess): Promise<void> =>
  new Promise((done, failed) => {
    plane.once("exit", (code) => failed(new Error(`the control plane ended with status ${code}`)));
    createInterface({ input: plane.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      if (line === "ready http://localhost:8480/") done();
    });
  });

/** Ctrl-C to everything in the terminal; resolves when it has ended. */
export async function interrupt(child: ChildProcess | null): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  process.kill(-child.pid, "SIGINT");
  await ended;
}
