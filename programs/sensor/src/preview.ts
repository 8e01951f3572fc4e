/** `--preview`: prints what would be uploaded, and uploads nothing. */
import { stderrLog } from "@yagura/edge/time.ts";
import { sha256 } from "@yagura/packets/node/primitives.ts";
import type { Interval } from "@yagura/ot/decode/engine.ts";
import { makeEngine } from "@yagura/ot/edge/engine.ts";
import { closeKey, enterCapture } from "@yagura/ot/edge/enter.ts";
import { raise } from "@yagura/ot/edge/errors.ts";
import { intervalsOf } from "@yagura/ot/edge/file-capture.ts";
import { liveIntervals } from "@yagura/ot/edge/live.ts";
import { previewLines } from "@yagura/ot/edge/preview.ts";
import { tokensOf } from "@yagura/ot/edge/token-crypto.ts";
import { contentsOf } from "@yagura/ot/edge/uploads.ts";
import { FIRST_PREVIOUS, ledgerOf } from "@yagura/ot/wire/ledger.ts";
import { METADATA_VERSION, type MetadataBody } from "@yagura/ot/wire/metadata.ts";
import type { Tokens } from "@yagura/ot/wire/tokens.ts";
import { enterOptions, wholeNumber, type Values } from "./command-line.ts";

export async function preview(values: Values): Promise<number> {
  const { intervals, tokens } = await open(values);
  let ledger: MetadataBody["ledger"] = { number: 1, previous: FIRST_PREVIOUS };
  for await (const interval of intervals)
    for (const content of await contentsOf(interval, tokens)) {
      const check = tokens === null ? null : { check: tokens.check };
      const body: MetadataBody = { version: METADATA_VERSION, ...content, ledger, tokens: check };
      if (values.json === true) console.log(JSON.stringify(body));
      else for (const line of previewLines(body)) console.log(line);
      ledger = { number: ledger.number + 1, previous: ledgerOf(body, sha256).hash };
    }
  return 0;
}

async function open(values: Values): Promise<{ intervals: AsyncIterable<Interval>; tokens: Tokens | null }> {
  const { file: files = [], interface: interfaces = [] } = values;
  const key = values["token-key"] ?? null;
  const { engine } = makeEngine();
  if (interfaces.length === 0) {
    if (files.length === 0) throw raise("NOTHING_TO_CAPTURE");
    return { intervals: intervalsOf(engine, files), tokens: key === null ? null : await tokensOf(key) };
  }
  const { start, tokenKey } = await enterCapture(enterOptions(values, null), stderrLog);
  const tokens = key === null ? null : await tokensOf(key, tokenKey);
  closeKey(tokenKey);
  return { intervals: liveIntervals(engine, start, wholeNumber(values, "seconds", 1, 86_400, 10)), tokens };
}
