/**
 * The agent: `main.ts --server URL [--key KEY] --state DIR` measures and uploads until stopped; `main.ts status --state DIR`
 * shows how it is. Exit status: 0 stopped as asked, 1 failed, 2 refused (the options), 3 cut off by the server.
 */
import { parseArgs } from "node:util";
import { YaguraError } from "@yagura/core/errors.ts";
import { runEdge } from "@yagura/edge/run.ts";
import { describeStatus, readStatus } from "@yagura/edge/status.ts";
import { startExperience } from "@yagura/experience/edge/agent.ts";

const VERSION = "0.1.0";
const USAGE = "usage: agent --server URL [--key KEY] --state DIR [--insecure-http]\n       agent status --state DIR";

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
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
  const { state, server, key } = values;
  if (values.version === true) return say(VERSION, 0);
  if (values.help === true || state === undefined) return say(USAGE, values.help === true ? 0 : 2);
  if (positionals[0] === "status") {
    const status = readStatus(state);
    return status === null ? say("The agent has not run here yet.", 1) : say(describeStatus(status, Date.now()), 0);
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
  if (!(error instanceof YaguraError) && !(error instanceof TypeError)) throw error;
  const japanese = (process.env["LC_ALL"] ?? process.env["LANG"] ?? "").startsWith("ja");
  const sentence = error instanceof YaguraError ? error.say(japanese ? "ja" : "en") : `${error.message}\n${USAGE}`;
  console.error(error instanceof YaguraError ? `${error.code}: ${sentence}` : sentence);
  process.exit(error instanceof YaguraError && error.status >= 500 ? 1 : 2);
}
