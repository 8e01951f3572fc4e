import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";
import { blocksOf, interrupt, serving, terminal } from "./tutorial.ts";

/** docs/tutorials/experience-by-api.md, run as it stands there: the control plane and the PC are two machines on one cable. */
const PAGE = "experience-by-api.md";
const SERVER = "10.87.0.1";
const folder = mkdtempSync(join(tmpdir(), "yagura-flow-tutorial-"));
const data = join(folder, "data");
const environment = { SERVER, YAGURA_DATA: data };
const blocks = (where: string): string[] => blocksOf(PAGE, where);

let lab: Lab;
let server: Namespace;
let pc: Namespace;
let plane: ChildProcess | null = null;
let agent: ChildProcess | null = null;

beforeAll(async () => {
  lab = await openLab();
  server = await lab.namespace();
  pc = await lab.namespace();
  await lab.link(
    { in: server, name: "srv", addresses: [`${SERVER}/24`] },
    { in: pc, name: "pc", addresses: ["10.87.0.2/24"] },
  );
  const [start = ""] = blocks("server");
  plane = terminal(server, start, environment);
  await serving(plane);
}, 180_000);

afterAll(async () => {
  await interrupt(agent);
  await interrupt(plane);
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("EXP-T02…T10 every command of the tutorial does what the page says", async () => {
  const steps = blocks("");
  expect(steps.length).toBeGreaterThan(6);
  const provider = terminal(server, `set -o pipefail\n${steps.join("\n")}`, environment);
  const said: string[] = [];
  createInterface({ input: provider.stdout as NodeJS.ReadableStream }).on("line", (line) => said.push(line));
  const ended = new Promise<number | null>((done) => provider.once("exit", (code) => done(code)));
  // The second terminal waits for samples; the third begins when the key is there, as a reader would.
  const key = join(data, "tutorial-key");
  const invited = new Promise<void>((done, failed) => {
    void ended.then((code) => failed(new Error(`the second terminal ended with status ${code}:\n${said.join("\n")}`)));
    const look = setInterval(() => {
      if (!existsSync(key) || !readFileSync(key, "utf8").endsWith("\n")) return;
      clearInterval(look);
      done();
    }, 100);
    void ended.then(() => clearInterval(look));
  });
  await invited;
  const [run = ""] = blocks("agent");
  agent = terminal(pc, run, environment, "ignore");
  const agentEnded = new Promise<number | null>((done) => agent?.once("exit", (code) => done(code)));

  expect(await ended, said.join("\n")).toBe(0);
  expect(said).toContain("online");
  expect(said.find((line) => line.includes('"samples"'))).toMatch(/"score"/);
  expect(said).toContain("revoked");
  const csv = readFileSync(join(data, "samples.csv"), "utf8").trim().split("\n");
  expect(csv.length).toBeGreaterThan(15);
  expect(readFileSync(join(data, "samples.jsonl"), "utf8")).toMatch(/"rtt_us"/);
  expect(readFileSync(join(data, "samples.parquet")).subarray(0, 4).toString()).toBe("PAR1");
  expect(await agentEnded).toBe(3);
}, 180_000);
