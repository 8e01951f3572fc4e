/** Opens stores as a process of its own, for tests that kill it or run it as somebody else: `node stores-program.ts FOLDER`. */
import { YaguraError } from "@yagura/core/errors.ts";
import { openStores } from "@yagura/store/open.ts";

try {
  const stores = await openStores({ dataFolder: process.argv[2] ?? "", migrations: [], clickhouseMemory: 1e9 });
  const answers = (await stores.store.ready()) && (await stores.telemetry.ready());
  process.stdout.write(`${JSON.stringify({ ...stores.pids(), answers, uid: process.getuid?.() })}\n`);
  // Until our caller closes the pipe.
  process.stdin.resume().once("end", () => {
    stores.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
} catch (error) {
  const { code, message } = error as YaguraError;
  process.stdout.write(`${JSON.stringify({ code, message })}\n`);
  process.exit(1);
}
