/** Runs the sensor under the edge runtime: interfaces (or the demo) until stopped, or capture files once. */
import { runEdge } from "@yagura/edge/run.ts";
import type { StartService } from "@yagura/edge/service.ts";
import { stderrLog, systemTime } from "@yagura/edge/time.ts";
import type { Capture, OnFrame } from "@yagura/ot/edge/capture.ts";
import { makeEngine } from "@yagura/ot/edge/engine.ts";
import { closeKey, enterCapture } from "@yagura/ot/edge/enter.ts";
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
  const service = await choose(values, folder, ended);
  const { server, key } = values;
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
  return status;
}

async function choose(values: Values, folder: string, ended: (error: Error | null) => void): Promise<StartService> {
  const { file: files = [], interface: interfaces = [] } = values;
  const key = values["token-key"] ?? null;
  if (interfaces.length > 0) {
    const { start, sealed, tokenKey } = await enterCapture(enterOptions(values, folder), stderrLog);
    const tokens = key === null ? null : await tokensOf(key, tokenKey);
    closeKey(tokenKey);
    return startSensor({ ...makeEngine(), capture: start, sealed, tokens, ended });
  }
  const tokens: Tokens | null = key === null ? null : await tokensOf(key);
  const { replay } = values;
  if (replay !== undefined) {
    const capture = (onFrame: OnFrame): Promise<Capture> =>
      startReplay(replay, values.loop === true, systemTime, onFrame);
    return startSensor({ ...makeEngine(), capture, sealed: false, tokens, ended });
  }
  if (values.demo === true) {
    const capture = async (onFrame: OnFrame): Promise<Capture> => startDemo(onFrame);
    return startSensor({ ...makeEngine(), capture, sealed: false, tokens, ended });
  }
  if (files.length === 0) throw raise("NOTHING_TO_CAPTURE");
  return startFiles({ ...makeEngine(), files, tokens, ended });
}
