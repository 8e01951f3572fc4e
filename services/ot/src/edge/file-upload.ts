/** Capture files as a service of the edge runtime: uploaded once, then the program ends. */
import { sha256 } from "@yagura/packets/node/primitives.ts";
import type { EdgeHost, StartService } from "@yagura/edge/service.ts";
import type { Tokens } from "../wire/tokens.ts";
import { readConfiguration } from "./configuration.ts";
import type { SensorEngine } from "./engine.ts";
import { intervalsOf } from "./file-capture.ts";
import { openLedger } from "./ledger-file.ts";
import { ledgerFolder, METADATA_KIND } from "./sensor.ts";
import { Uploads } from "./uploads.ts";

/** How often it is looked whether everything was acknowledged, ms. */
const LOOK_MS = 200;

export interface FileOptions extends SensorEngine {
  readonly files: readonly string[];
  readonly tokens: Tokens | null;
  /** All is uploaded and acknowledged; or what the matter is. */
  readonly ended: (error: Error | null) => void;
}

export const startFiles =
  (options: FileOptions): StartService =>
  (host) => {
    const ledger = openLedger(ledgerFolder(host.folder), sha256);
    const stop = new AbortController();
    const uploads = new Uploads(
      {
        next: () => ledger.next(),
        hand: (body) => {
          ledger.add(body);
          host.submit(METADATA_KIND, body, body.urgent);
        },
      },
      options.tokens,
      host.log,
    );
    const work = upload(options, host, uploads, stop.signal);
    return {
      id: "ot",
      configure(document) {
        const { rules, declared } = readConfiguration(document);
        options.setRules(rules);
        options.setDeclared(declared);
      },
      async stop() {
        stop.abort();
        await work;
        ledger.close();
      },
    };
  };

/** Never rejects. */
async function upload(options: FileOptions, host: EdgeHost, uploads: Uploads, signal: AbortSignal): Promise<void> {
  let fault: Error | null = null;
  try {
    for await (const interval of intervalsOf(options.engine, options.files)) {
      if (signal.aborted) return;
      await uploads.add(interval);
    }
    host.log.info("the capture files were read", { uploads: uploads.handed });
  } catch (error) {
    fault = error as Error;
  }
  while (!signal.aborted && host.waiting().batches > 0) await host.time.sleep(LOOK_MS, signal);
  options.ended(fault);
}
