/** One administrative command without a running control plane: opens the stores, does it, closes them, prints JSON. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { YaguraError } from "@yagura/core/errors.ts";
import { createLog } from "@yagura/server/platform.ts";
import { listRoutes } from "@yagura/server/host.ts";
import { restore } from "@yagura/store/backup/restore.ts";
import { lastAddress } from "./addresses.ts";
import { administer, refusal } from "./administration.ts";
import { offers, openPlatform, services, storesOptions } from "./compose.ts";
import { raise } from "./errors.ts";
import { readOptions } from "./options.ts";

/** A command must not make a new, empty Yagura where a folder was mistyped. A closed folder is refused later, by the store. */
function holdsNothing(folder: string): boolean {
  try {
    statSync(join(folder, "postgres"));
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
  }
}

/** `argv`: COMMAND JSON [options]. Prints one line of JSON, the answer or `{"error": …}`; returns the exit status. */
export async function administerOnce(argv: readonly string[], root: boolean): Promise<number> {
  const [command = "", input = "{}", ...rest] = argv;
  try {
    const options = readOptions(rest, process.env, root);
    const log = createLog({ level: options.logLevel, destination: process.stderr });
    const fields = JSON.parse(input) as Record<string, string | undefined>;
    if (command === "restore") {
      const file = fields["file"] ?? "";
      const { createdAt, records } = await restore(storesOptions(options, log), file);
      console.log(JSON.stringify({ text: `restored ${records} records of ${createdAt} into ${options.dataFolder}` }));
      return 0;
    }
    if (options.databaseUrl === null && holdsNothing(options.dataFolder))
      throw raise("DATA_FOLDER_EMPTY", { folder: options.dataFolder });
    const url = await lastAddress(options);
    const { stores, platform } = await openPlatform(options, log, () => url).catch((error: unknown) => {
      if (!(error instanceof YaguraError) || error.code !== "DATA_FOLDER_IN_USE") throw error;
      // Somebody holds the folder and did not answer the command.
      throw raise("CONTROL_PLANE_BUSY", { folder: options.dataFolder }, { cause: error });
    });
    try {
      const { scopes } = listRoutes({ platform, scopes: services.map((service) => service.scopes) });
      console.log(JSON.stringify(await administer({ platform, stores, scopes, offers }, command, fields)));
      return 0;
    } finally {
      await platform.close();
      await stores.stop();
    }
  } catch (error) {
    console.log(JSON.stringify(refusal(error)));
    return 1;
  }
}
