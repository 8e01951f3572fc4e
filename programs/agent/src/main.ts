/**
 * The agent: `main.ts --server URL [--key KEY] --state DIR` measures and uploads until stopped; `main.ts status --state DIR`
 * shows how it is. Exit status: 0 stopped as asked, 1 failed, 2 refused (the options), 3 cut off by the server.
 */
import { YaguraError } from "@yagura/core/errors.ts";
import { raise } from "@yagura/edge/errors.ts";
import { runEdge } from "@yagura/edge/run.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import { describeStatus, readStatus } from "@yagura/edge/status.ts";
import { startExperience } from "@yagura/experience/edge/agent.ts";
import { readCommandLine, USAGE, usage } from "./command-line.ts";

const VERSION = "0.1.0";

async function main(): Promise<number> {
  const { values, positionals } = readCommandLine();
  const { state, server, key } = values;
  if (values.version === true) return say(VERSION, 0);
  if (values.help === true) return say(`usage: ${USAGE}`, 0);
  if (positionals.length > (positionals[0] === "status" ? 1 : 0)) throw usage(positionals.join(" "));
  if (state === undefined) throw raise("STATE_FOLDER_NEEDED", { program: "agent", usage: USAGE });
  if (positionals[0] === "status") {
    const status = readStatus(state);
    if (status === null) throw raise("NEVER_RAN", { program: "agent", folder: state });
    return say(describeStatus(status, Date.now()), 0);
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(signal, () => stop.abort());
  return runEdge({
    folder: state,
    program: "agent",
    version: VERSION,
    services: [startExperience],
    ...(server === undefined ? {} : { server }),
    ...(key === undefined ? {} : { key: key.trim() }),
    insecureHttp: values["insecure-http"] === true,
    signal: stop.signal,
  });
}

function say(text: string, status: number): number {
  console.log(text);
  return status;
}

try {
  process.exit(await main());
} catch (error) {
  const detail = error instanceof Error ? error.message : String(error);
  const known = error instanceof YaguraError ? error : raise("PROGRAM_FAILED", { program: "agent", detail });
  console.error(`${known.code}: ${known.say(machineLanguage(process.env))}`);
  process.exit(known.status >= 500 ? 1 : 2);
}
