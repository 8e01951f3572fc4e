/**
 * Administrative commands. A running control plane carries them out over a socket in its data folder that only its own user
 * may open; otherwise the control plane's program is started for the one command.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { YaguraError } from "@yagura/core/errors.ts";
import { raise } from "./errors.ts";
import { programPath } from "./programs.ts";

export type Answer = Readonly<Record<string, unknown>>;
interface Refusal {
  readonly error: { readonly code: string; readonly status: number; readonly en: string; readonly ja: string };
}

/** The same defaults as the control plane's own (docs/operations.md). */
export function dataFolder(given: string | undefined): string {
  if (given !== undefined) return resolve(given);
  if (process.env["YAGURA_DATA"]) return resolve(process.env["YAGURA_DATA"]);
  if (process.getuid?.() === 0) return "/var/lib/yagura";
  return join(process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share"), "yagura");
}

/** The answer, with `stopped: true` when no control plane runs. Throws the YaguraError that the command ended with. */
export async function administer(data: string | undefined, command: string, input: Answer): Promise<Answer> {
  const folder = dataFolder(data);
  const running = await askRunning(folder, command, input);
  return running ?? { ...(await askOwn(folder, command, input)), stopped: true };
}

/** Null when no control plane answers on this data folder. */
async function askRunning(folder: string, command: string, input: Answer): Promise<Answer | null> {
  const where = await readFile(join(folder, "run", "administration.json"), "utf8").catch(() => null);
  if (where === null) return null;
  const { socket } = JSON.parse(where) as { socket: string };
  return new Promise((done, failed) => {
    const call = request(
      { socketPath: socket, method: "POST", path: `/${command}`, headers: { "content-type": "application/json" } },
      (response) => {
        text(response)
          .then((body) => done(read(body)), failed)
          .catch(failed);
      },
    );
    call.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED") done(null);
      else failed(error);
    });
    call.end(JSON.stringify(input));
  });
}

/** Like `administer`, for what cannot be done while a control plane runs. */
export const administerStopped = (data: string | undefined, command: string, input: Answer): Promise<Answer> =>
  askOwn(dataFolder(data), command, input);

async function askOwn(folder: string, command: string, input: Answer): Promise<Answer> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, programPath("control-plane"), "administer", command, JSON.stringify(input), "--data", folder],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const output = await text(child.stdout);
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  if (last === "") throw raise("CONTROL_PLANE_FAILED", { status: child.exitCode ?? child.signalCode ?? "" });
  return read(last);
}

function read(body: string): Answer {
  const answer = JSON.parse(body) as Answer | Refusal;
  if (!("error" in answer) || typeof answer.error !== "object" || answer.error === null) return answer as Answer;
  const { code, status, en, ja } = (answer as Refusal).error;
  throw new YaguraError(code, { status, en, ja });
}
