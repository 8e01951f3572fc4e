/** First start: the provider's own organisation with its administrator, and an agent for this machine. Each is made once. */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { machineLanguage } from "@yagura/core/language.ts";
import type { FirstStart } from "@yagura/service/service.ts";
import type { Tx } from "@yagura/store/store.ts";
import { ensureFirstAdmin } from "@yagura/server/setup.ts";
import { services, type ControlPlane } from "./compose.ts";
import type { Options } from "./options.ts";

/** The sign-in link when there is nobody yet who could sign in, and the arguments for the agent of this machine. */
export async function firstStart(
  plane: ControlPlane,
  options: Options,
): Promise<{ signIn: string | null; agent: readonly string[] | null }> {
  const { organisation, link } = await ensureFirstAdmin(plane.platform, { language: machineLanguage(process.env) });
  const agent =
    options.localAgent === "off"
      ? null
      : await localAgent(plane, organisation, options.localAgent === "on" ? "machine" : "loopback");
  return { signIn: link, agent };
}

async function localAgent(
  plane: ControlPlane,
  organisation: string,
  reach: FirstStart["reach"],
): Promise<readonly string[] | null> {
  const { platform, devices, port } = plane;
  const state = join(platform.dataFolder, "agent");
  const note = join(platform.dataFolder, "agent-key");
  const server = ["--server", `http://127.0.0.1:${port}`, "--state", state];
  if (existsSync(join(state, "identity.json"))) {
    await rm(note, { force: true });
    return server;
  }
  if (!existsSync(note)) {
    for (const { demo } of services) {
      const made = await platform.store.organisation(organisation, async (tx) =>
        demo === undefined || (await hasKeys(tx)) ? null : demo(tx, organisation, devices, platform, { port, reach }),
      );
      if (made !== null) await writeFile(note, made.key, { mode: 0o600 });
    }
  }
  if (!existsSync(note)) return null;
  return [...server, "--key", await readFile(note, "utf8")];
}

/** Whether the organisation ever invited a device: then nothing is made for it any more. */
async function hasKeys(tx: Tx): Promise<boolean> {
  const { rows } = await sql`select 1 from devices.enrolment_key limit 1`.execute(tx);
  return rows.length > 0;
}
