/**
 * The sensor: reads a mirror port or capture files and uploads metadata until stopped; shows, checks and prepares what belongs
 * to that (docs/sensor.md). Exit status: 0 stopped as asked, 1 failed, 2 refused (the options), 3 cut off by the server.
 */
import { YaguraError } from "@yagura/core/errors.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import { raise } from "@yagura/edge/errors.ts";
import { describeStatus, readStatus } from "@yagura/edge/status.ts";
import { readCommandLine, stateOf, USAGE, usage } from "./command-line.ts";
import { doctor } from "./doctor.ts";
import { ledger } from "./ledger.ts";
import { makeKey, prepare } from "./prepare.ts";
import { preview } from "./preview.ts";
import { run, VERSION } from "./run.ts";

async function main(): Promise<number> {
  const { values, positionals } = readCommandLine();
  const [word, ...more] = positionals;
  if (values.version === true) return say(VERSION, 0);
  if (values.help === true) return say(`usage: ${USAGE}`, 0);
  if (values.ledger === true || word === "ledger") return ledger(values, values.ledger === true ? positionals : more);
  if (word === "status" && more.length === 0) {
    const state = stateOf(values);
    const status = readStatus(state);
    if (status === null) throw raise("NEVER_RAN", { program: "sensor", folder: state });
    return say(describeStatus(status, Date.now()), 0);
  }
  if (word !== undefined) throw usage(positionals.join(" "));
  // Started by the sensor itself, which has no use for what speaks with switches.
  if (values.enforcer !== undefined)
    return (await import("@yagura/ot/edge/enforce/run-enforcer.ts")).runEnforcer(values.enforcer);
  if (values["make-key"] !== undefined) return makeKey(values["make-key"]);
  if (values.prepare === true) return prepare(values);
  if (values.preview === true) return preview(values);
  if (values.doctor === true) return doctor(values);
  return run(values);
}

function say(text: string, status: number): number {
  console.log(text);
  return status;
}

try {
  process.exit(await main());
} catch (error) {
  const detail = error instanceof Error ? error.message : String(error);
  const known = error instanceof YaguraError ? error : raise("PROGRAM_FAILED", { program: "sensor", detail });
  console.error(`${known.code}: ${known.say(machineLanguage(process.env))}`);
  process.exit(known.status >= 500 ? 1 : 2);
}
