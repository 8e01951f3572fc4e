import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLab, type Lab, type Namespace } from "@yagura/testkit/lab/namespace.ts";

/** docs/tutorials/experience-by-api.md, run as it stands there: the control plane and the PC are two machines on one cable. */
const root = new URL("../../", import.meta.url).pathname;
const page = readFileSync(join(root, "docs/tutorials/experience-by-api.md"), "utf8");
const SERVER = "10.87.0.1";
const folder = mkdtempSync(join(tmpdir(), "yagura-flow-tutorial-"));
const data = join(folder, "data");
const environment = {
  ...process.env,
  SERVER,
  YAGURA_DATA: data,
  npm_config_offline: "true",
  PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`,
};

/** The text of the page's blocks: ```sh, or ```sh WHERE. */
const blocks = (where: string): string[] =>
  [...page.matchAll(/^```sh ?(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, place]) => place === where)
    .map(([, , text]) => text as string);

let lab: Lab;
let server: Namespace;
let pc: Namespace;
let plane: ChildProcess | null = null;
let agent: ChildProcess | null = null;

const shell = (where: Namespace, text: string, told: "pipe" | "ignore" = "pipe"): ChildProcess =>
  where.spawn("bash", ["-euc", text], {
    cwd: root,
    env: environment,
    stdio: ["pipe", told, "inherit"],
    detached: true,
  });

beforeAll(async () => {
  lab = await openLab();
  server = await lab.namespace();
  pc = await lab.namespace();
  await lab.link(
    { in: server, name: "srv", addresses: [`${SERVER}/24`] },
    { in: pc, name: "pc", addresses: ["10.87.0.2/24"] },
  );
  const [start = ""] = blocks("server");
  plane = shell(server, start);
  await new Promise<void>((done, failed) => {
    plane?.once("exit", (code) => failed(new Error(`the control plane ended with status ${code}`)));
    createInterface({ input: plane?.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      if (line === "ready http://localhost:8480/") done();
    });
  });
}, 180_000);

afterAll(async () => {
  for (const child of [agent, plane]) {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((done) => child.once("exit", done));
    process.kill(-child.pid, "SIGINT");
    await ended;
  }
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("EXP-T02…T10 every command of the tutorial does what the page says", async () => {
  const steps = blocks("");
  expect(steps.length).toBeGreaterThan(6);
  const provider = shell(server, `set -o pipefail\n${steps.join("\n")}`);
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
  agent = shell(pc, run, "ignore");
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
