/**
 * The control plane. `main.ts [options]` serves until asked to stop; `main.ts administer COMMAND JSON [options]` carries out one
 * administrative command and ends. Exit status: 0 stopped as asked, 1 failed, 2 refused (the options).
 */
import { YaguraError } from "@yagura/core/errors.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import { createLog } from "@yagura/server/platform.ts";
import { addressNote, rememberAddress } from "./addresses.ts";
import { administerOnce } from "./administer-once.ts";
import { serveAdministration } from "./administration.ts";
import { startControlPlane } from "./compose.ts";
import { firstStart } from "./first-start.ts";
import { readOptions } from "./options.ts";
import { unexpected } from "./start-error.ts";

const root = process.getuid?.() === 0;

async function serve(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv, process.env, root);
  const log = createLog({ level: options.logLevel, destination: process.stderr });
  const plane = await startControlPlane(options, log);
  await rememberAddress(options.dataFolder, plane.url);
  const administration = await serveAdministration(plane);
  const ending = new AbortController();
  const { signIn, agent, sensor } = await firstStart(plane, options, ending.signal);
  const note = addressNote(options, plane.url, machineLanguage(process.env));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    ending.abort();
    administration
      .close()
      .then(() => plane.stop())
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        log.error({ err: error }, "stopping failed");
        process.exit(1);
      });
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  process.on("disconnect", stop);
  if (process.send === undefined) {
    console.log(`ready ${plane.url}/`);
    if (signIn !== null) console.log(`sign-in ${signIn}`);
    if (note !== null) console.log(note);
  } else {
    process.send({ type: "ready", url: `${plane.url}/`, signIn, agent, sensor, note });
  }
}

try {
  const [first, ...rest] = process.argv.slice(2);
  if (first === "administer") process.exitCode = await administerOnce(rest, root);
  else await serve(process.argv.slice(2));
} catch (error) {
  const known = error instanceof YaguraError ? error : unexpected(error);
  console.error(`${known.code}: ${known.say(machineLanguage(process.env))}`);
  process.exit(known.status < 500 ? 2 : 1);
}
