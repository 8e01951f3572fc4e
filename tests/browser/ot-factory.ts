/** The synthetic factory in a running Yagura: contracts, sensors that enrol by their keys and upload captures. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { APIRequestContext } from "playwright-core";
import { Factory, type FactoryOptions } from "@yagura/ot/demo/factory.ts";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import type { Me } from "@yagura/server/shapes.ts";
import type { Yagura } from "./yagura.ts";

const program = resolve(import.meta.dirname, "../../programs/sensor/src/main.ts");
const HOUR = 3_600_000;
/** Seconds of each capture. */
const YESTERDAY = 60;
const TODAY = 200;
/** The uploads and what is made of them must be there within so many seconds. */
const WITHIN = 120;

/** Seconds of the factory as a capture file. */
export const factoryFile = (start: number, seconds: number, more: Partial<FactoryOptions> = {}): Uint8Array =>
  writePcap(new Factory({ start: start * 1000, ...more }).first(seconds));

interface Door {
  readonly url: string;
  post<T>(path: string, data: object): Promise<T>;
  patch(path: string, data: object): Promise<unknown>;
  get<T>(path: string): Promise<T>;
}
async function doorOf(yagura: Yagura, request: APIRequestContext): Promise<Door> {
  const me = (await (await request.get(`${yagura.url}/api/v1/me`)).json()) as Me;
  const base = `${yagura.url}/api/v1/organisations/${yagura.home.slice("/o/".length)}`;
  const headers = { "x-yagura-csrf": me.csrf ?? "", origin: yagura.url };
  const call = async (method: "post" | "patch" | "get", path: string, data?: object): Promise<unknown> => {
    const answer = await request[method](`${base}${path}`, { headers, ...(data === undefined ? {} : { data }) });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  return {
    url: yagura.url,
    post: async <T>(path: string, data: object) => (await call("post", path, data)) as T,
    patch: (path, data) => call("patch", path, data),
    get: async <T>(path: string) => (await call("get", path)) as T,
  };
}

export interface Planted {
  readonly site: string;
  readonly sensor: string;
  /** A device of the site. */
  readonly asset: string;
}
interface SensorRow {
  readonly id: string;
  readonly siteId: string;
}

/** A contract and the slot of its sensor; the answer is the newest. */
async function contractSensor(door: Door): Promise<SensorRow> {
  const known = new Set((await door.get<SensorRow[]>("/ot/sensors")).map(({ id }) => id));
  await door.post("/contracts", { service: "ot", plan: "sensor", items: { basic: 1 } });
  const made = (await door.get<SensorRow[]>("/ot/sensors")).find(({ id }) => !known.has(id));
  if (made === undefined) throw new Error("the contract has no sensor");
  return made;
}

/** Quiet talk of yesterday; today with an engineering session and an attack. */
export async function plantFactory(yagura: Yagura, request: APIRequestContext): Promise<Planted> {
  const door = await doorOf(yagura, request);
  const { id: sensor, siteId: site } = await contractSensor(door);
  const now = Date.now();
  await upload(door, sensor, [
    factoryFile(now - 26 * HOUR, YESTERDAY),
    factoryFile(now - TODAY * 1000, TODAY - 5, { engineering: 60, attack: 110 }),
  ]);
  return { site, sensor, asset: await firstDevice(door, site) };
}

/** Another site, whose sensor replaces names and addresses by tokens; with the key that only the customer has. */
export async function plantTokens(yagura: Yagura, request: APIRequestContext): Promise<Planted & { key: string }> {
  const door = await doorOf(yagura, request);
  const { id: sensor } = await contractSensor(door);
  const { id: site } = await door.post<{ id: string }>("/ot/sites", { name: "Secret plant" });
  await door.patch(`/ot/sensors/${sensor}`, { siteId: site });
  const folder = await mkdtemp(join(tmpdir(), "yagura-key-"));
  try {
    const file = join(folder, "key");
    await run(["--make-key", file]);
    await upload(door, sensor, [factoryFile(Date.now() - 60_000, 50)], ["--token-key", file]);
    return { site, sensor, asset: await firstDevice(door, site), key: (await readFile(file, "utf8")).trim() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until the devices are there. */
async function firstDevice(door: Door, site: string): Promise<string> {
  const deadline = Date.now() + WITHIN * 1000;
  for (;;) {
    const { items, total } = await door.get<{ total: number; items: { id: string }[] }>(
      `/ot/assets?limit=1&site=${site}`,
    );
    if (total >= 15 && items[0] !== undefined) return items[0].id;
    if (Date.now() > deadline) throw new Error(`the devices were not there within ${WITHIN} s`);
    await new Promise((done) => setTimeout(done, 500));
  }
}

async function upload(
  door: Door,
  sensor: string,
  captures: readonly Uint8Array[],
  more: readonly string[] = [],
): Promise<void> {
  const { key } = await door.post<{ key: string }>(`/ot/sensors/${sensor}/key`, {});
  const folder = await mkdtemp(join(tmpdir(), "yagura-factory-"));
  try {
    const named: string[] = [];
    for (const [i, capture] of captures.entries()) {
      const file = join(folder, `${i}.pcap`);
      await writeFile(file, capture);
      named.push("--file", file);
    }
    await run([...named, "--server", door.url, "--key", key, "--state", join(folder, "state"), ...more]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const run = (argv: readonly string[]): Promise<void> =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [program, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (piece: Buffer) => (said += piece.toString()));
    child.once("error", failed);
    child.once("exit", (status) =>
      status === 0 ? done() : failed(new Error(`the sensor ended with status ${status}:\n${said}`)),
    );
  });
