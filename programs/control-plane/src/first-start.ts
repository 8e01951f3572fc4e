/**
 * First start: the provider's own organisation with its administrator, an agent for this machine, and with `--demo` a sensor of a
 * synthetic factory. Each is made once.
 */
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import type { OrganisationId } from "@yagura/core/ids.ts";
import { machineLanguage } from "@yagura/core/language.ts";
import type { FirstStart } from "@yagura/service/service.ts";
import { ensureDemo, planDemoWork } from "@yagura/ot/demo.ts";
import type { Tx } from "@yagura/store/store.ts";
import { ensureFirstAdmin } from "@yagura/server/setup.ts";
import { services, type ControlPlane } from "./compose.ts";
import type { Options } from "./options.ts";

/** The sign-in link when there is nobody yet who could sign in, and the arguments for the edge programs of this machine. */
export async function firstStart(
  plane: ControlPlane,
  options: Options,
  signal: AbortSignal,
): Promise<{ signIn: string | null; agent: readonly string[] | null; sensor: readonly string[] | null }> {
  const { organisation, link } = await ensureFirstAdmin(plane.platform, { language: machineLanguage(process.env) });
  const agent =
    options.localAgent === "off"
      ? null
      : await localAgent(plane, organisation, options.localAgent === "on" ? "machine" : "loopback");
  const sensor = options.demo ? await demoSensor(plane, organisation, signal) : null;
  return { signIn: link, agent, sensor };
}

/** Arguments for the sensor of the demo; the planned work follows when it has seen the devices. */
async function demoSensor(
  { platform, devices, port }: ControlPlane,
  organisation: OrganisationId,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const state = join(platform.dataFolder, "demo-sensor");
  const place = { platform, devices, organisation };
  const demo = await ensureDemo(place, !existsSync(join(state, "identity.json")));
  if (demo === null) return null;
  planDemoWork(place, demo.site, signal).catch((error: unknown) => {
    if (!signal.aborted) platform.log.error({ err: error }, "the planned work of the demo could not be made");
  });
  const argv = ["--demo", "--server", `http://127.0.0.1:${port}`, "--state", state];
  return demo.key === null ? argv : [...argv, "--key", demo.key];
}

async function localAgent(
  plane: ControlPlane,
  organisation: OrganisationId,
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
