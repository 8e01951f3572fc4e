/** docs/tutorials/ot-sensor.md, run as it stands there: a control plane, a sensor and a plant's switch as three machines. */
import type { ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Factory } from "@yagura/ot/demo/factory.ts";
import { generate } from "@yagura/testkit/lab/generate.ts";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { until } from "./client.ts";
import { blocksOf, interrupt, serving, terminal } from "./tutorial.ts";

const PAGE = "ot-sensor.md";
const SERVER = "10.89.0.1";
/** Seconds of the factory that the doctor and the preview see. */
const QUIET = 20;
const folder = mkdtempSync(join(tmpdir(), "yagura-flow-ot-tutorial-"));
const data = join(folder, "data");
const environment = { SERVER, YAGURA_DATA: data, INTERFACE: "tap", SECONDS_OF_DOCTOR: "8", LC_ALL: "C" };

let lab: Lab;
let server: Namespace;
let box: Namespace;
let plant: Namespace;
let plane: ChildProcess | null = null;
let sensor: ChildProcess | null = null;

beforeAll(async () => {
  chmodSync(folder, 0o755);
  lab = await openLab();
  [server, box, plant] = [await lab.namespace(), await lab.namespace(), await lab.namespace()];
  await lab.link(
    { in: server, name: "srv", addresses: [`${SERVER}/24`] },
    { in: box, name: "out", addresses: ["10.89.0.2/24"] },
  );
  await plant.shell("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 || true");
  await lab.link({ in: plant, name: "mirror", addresses: [] }, { in: box, name: "tap", addresses: [] });
  const [start = ""] = blocksOf(PAGE, "server");
  plane = terminal(server, start, environment);
  await serving(plane);
}, 180_000);

afterAll(async () => {
  await interrupt(sensor);
  await interrupt(plane);
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((done) => child.once("exit", (code) => done(code)));
function linesOf(child: ChildProcess): string[] {
  const said: string[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => said.push(line));
  return said;
}

test("OST-T05 the interface is made silent, the doctor finds the mirror in order, the preview shows what would be uploaded", async () => {
  const frames = new Factory({ start: Date.now() * 1000 }).first(QUIET).map(({ frame }) => frame);
  const [text = ""] = blocksOf(PAGE, "mirror");
  const third = terminal(box, text, environment);
  const said = linesOf(third);
  const ended = endOf(third);
  const over = new AbortController();
  void ended.then(() => over.abort());
  const rate = Math.round(frames.length / QUIET);
  await until(
    60,
    "a silent interface",
    async () => said,
    (lines) => lines.some((line) => line.includes("silent and up")),
  );
  while (!over.signal.aborted) await generate(plant, { device: "mirror", frames, packets: frames.length, rate });
  expect(await ended, said.join("\n")).toBe(0);
  expect(said).toContain("Nothing is wrong with the mirror as far as can be seen from here.");
  expect(said.find((line) => line.startsWith("endpoints ("))).toBeDefined();
}, 180_000);

test("OST-T01…T05 every command of the tutorial does what the page says", async () => {
  const steps = blocksOf(PAGE, "");
  expect(steps.length).toBeGreaterThan(10);
  const provider = terminal(server, `set -o pipefail\n${steps.join("\n")}`, environment);
  const said = linesOf(provider);
  const ended = endOf(provider);
  let status: number | null | undefined;
  void ended.then((code) => (status = code));
  const key = join(data, "tutorial-key");
  const hasKey = (): boolean => existsSync(key) && readFileSync(key, "utf8").endsWith("\n");
  await until(60, `the key:\n${said.join("\n")}`, async () => hasKey() || status !== undefined, Boolean);
  expect(status, said.join("\n")).toBeUndefined();
  const [run = ""] = blocksOf(PAGE, "sensor");
  sensor = terminal(box, run, environment, "ignore");

  expect(await ended, said.join("\n")).toBe(0);
  const text = said.join("\n");
  expect(text).toMatch(/^installed on \d{4}-\d{2}-\d{2}$/m);
  expect(text).toMatch(/^192\.168\.20\.11: Siemens 6ES7 513-1AL02-0AB0, firmware /m);
  expect(text).toMatch(/^download: /m);
  expect(text).toMatch(/^critical: Controller stopped: /m);
  expect(text).toContain("T0858");
  expect(said).toContain("acknowledged");
  expect(text).toMatch(/the server has nothing that this sensor did not send/);
  expect(readFileSync(join(data, "assessment.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
  expect(readFileSync(join(data, "assets.csv"), "utf8").trim().split("\n").length).toBeGreaterThan(20);
}, 240_000);
