/** Runs the sensor under the edge runtime: interfaces (or the demo) until stopped, or capture files once. */
import { join } from "node:path";
import { EXIT_REVOKED, runEdge } from "@yagura/edge/run.ts";
import type { StartService } from "@yagura/edge/service.ts";
import { stderrLog, systemTime } from "@yagura/edge/time.ts";
import type { Capture, OnFrame } from "@yagura/ot/edge/capture.ts";
import { makeEngine } from "@yagura/ot/edge/engine.ts";
import { Enforcement, startEnforcer } from "@yagura/ot/edge/enforce/link.ts";
import { Seen } from "@yagura/ot/edge/enforce/seen.ts";
import { closeEnforcement, closeKey, enterCapture, openEnforcement } from "@yagura/ot/edge/enter.ts";
import { raise } from "@yagura/ot/edge/errors.ts";
import { startFiles } from "@yagura/ot/edge/file-upload.ts";
import { startReplay } from "@yagura/ot/edge/replay.ts";
import { startSensor } from "@yagura/ot/edge/sensor.ts";
import { tokensOf } from "@yagura/ot/edge/token-crypto.ts";
import type { Tokens } from "@yagura/ot/wire/tokens.ts";
import { startDemo } from "./demo.ts";
import { enterOptions, stateOf, wholeNumber, type Values } from "./command-line.ts";

export const VERSION = "0.1.0";
/** Days of what cannot be sent. */
const SPOOL_MEGABYTES = 1_024;

export async function run(values: Values): Promise<number> {
  const folder = stateOf(values);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"]) process.on(signal, () => stop.abort());
  let fault: Error | null = null;
  const ended = (error: Error | null): void => {
    fault = error;
    stop.abort();
  };
  const { service, enforcement } = await choose(values, folder, ended);
  const { server, key } = values;
  try {
    const status = await runEdge({
      folder,
      program: "sensor",
      version: VERSION,
      services: [service],
      spoolBytes: wholeNumber(values, "spool-megabytes", 8, 1_048_576, SPOOL_MEGABYTES) * 1024 * 1024,
      ...(server === undefined ? {} : { server }),
      ...(key === undefined ? {} : { key: key.trim() }),
      insecureHttp: values["insecure-http"] === true,
      signal: stop.signal,
    });
    if (fault !== null) throw fault as Error;
    // A sensor that was cut off is not started again: nobody would lift anything later.
    if (status === EXIT_REVOKED) await enforcement?.releaseAll();
    return status;
  } finally {
    await enforcement?.stop();
  }
}

interface Chosen {
  readonly service: StartService;
  readonly enforcement: Enforcement | null;
}
async function choose(values: Values, folder: string, ended: (error: Error | null) => void): Promise<Chosen> {
  const { file: files = [], interface: interfaces = [], replay } = values;
  const key = values["token-key"] ?? null;
  const means = async (descriptor: number | null, tokens: Tokens | null) => {
    const seen = new Seen();
    const enforcer = descriptor === null ? null : await startEnforcer(descriptor, join(folder, "services"));
    closeEnforcement(descriptor);
    return { enforcement: new Enforcement({ enforcer, tokens, seen, ended }), seen };
  };
  if (interfaces.length > 0) {
    const entered = await enterCapture(enterOptions(values, folder), stderrLog);
    const { start: capture, sealed, tokenKey } = entered;
    const tokens = key === null ? null : await tokensOf(key, tokenKey);
    closeKey(tokenKey);
    const given = await means(entered.enforcement, tokens);
    return { ...given, service: startSensor({ ...makeEngine(), ...given, capture, sealed, tokens, ended }) };
  }
  const tokens: Tokens | null = key === null ? null : await tokensOf(key);
  if (replay === undefined && values.demo !== true) {
    if (files.length === 0) throw raise("NOTHING_TO_CAPTURE");
    return { service: startFiles({ ...makeEngine(), files, tokens, ended }), enforcement: null };
  }
  const capture = async (onFrame: OnFrame): Promise<Capture> =>
    replay === undefined ? startDemo(onFrame) : startReplay(replay, values.loop === true, systemTime, onFrame);
  const given = await means(values.enforcement === undefined ? null : openEnforcement(values.enforcement), tokens);
  return { ...given, service: startSensor({ ...makeEngine(), ...given, capture, sealed: false, tokens, ended }) };
}
