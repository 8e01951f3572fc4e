/** What the sensor costs the machine it runs on, as it is shipped: bundled, with the package's options (OT-38). */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsOf, type MetadataBody } from "@yagura/ot/wire/metadata.ts";
import { tagged, udp } from "@yagura/packets/build/frames.ts";
import { generate } from "@yagura/testkit/lab/generate.ts";
import { openLab, type Lab } from "@yagura/testkit/lab/namespace.ts";
import { enrolledState, startReceiver } from "@yagura/testkit/lab/receive.ts";
import { until } from "@yagura/testkit/until.ts";

const MEGABYTE = 1024 * 1024;
const LIMIT = 256 * MEGABYTE;
const DEVICES = 200;
const RATE = 10_000;

let lab: Lab;
let folder: string;
let sensor: string;
beforeAll(async () => {
  lab = await openLab();
  folder = mkdtempSync(join(tmpdir(), "footprint-"));
  // The sensor becomes another user, who must reach the program and its state.
  chmodSync(folder, 0o755);
  const bundle = join(import.meta.dirname, "..", "bundle.ts");
  sensor = execFileSync(process.execPath, [bundle, folder], { encoding: "utf8" }).trim();
  symlinkSync(join(import.meta.dirname, "..", "..", "..", "node_modules"), join(folder, "node_modules"));
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

/** The options with which the package starts its runtime. */
const options = (): string[] =>
  readFileSync(join(import.meta.dirname, "..", "package", "yagura-sensor"), "utf8").match(/--max-\S+/g) ?? [];

/** Resident bytes at most, and user and system time in hundredths of a second. */
function weigh(pid: number): { resident: number; cpu: number } {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return { resident: Number(peak) * 1024, cpu: Number(fields[11]) + Number(fields[12]) };
}

/** A plant's cycle: a controller asks its devices by Modbus, and they answer; some behind a trunk. */
function cycle(): Uint8Array[] {
  const controller = { mac: "00:0c:29:00:00:01", address: "10.0.0.1" };
  return Array.from({ length: DEVICES }, (_, i) => {
    const device = { mac: `00:1b:1b:00:${(i >> 8).toString(16).padStart(2, "0")}:${(i & 255).toString(16).padStart(2, "0")}`, address: `10.0.${1 + (i >> 7)}.${1 + (i & 127)}` }; // prettier-ignore
    const message = (...rest: number[]): Uint8Array => Uint8Array.of(0, i & 255, 0, 0, 0, rest.length, ...rest);
    const ports = { from: 30_000 + i, to: 502 };
    const asks = udp(controller, device, ports, message(1, 3, 0, 0, 0, 4));
    const back = { from: 502, to: ports.from };
    const answers = udp(device, controller, back, message(1, 3, 8, 0, 1, 0, 2, 0, 3, 0, 4)); // prettier-ignore
    const beacon = udp(device, controller, { from: 5_000, to: 5_000 }, new Uint8Array(40));
    return i % 4 === 0 ? [tagged(asks, 7), tagged(answers, 7), tagged(beacon, 7)] : [asks, answers, beacon];
  }).flat();
}

test(`OT-38: ${DEVICES} devices at ${RATE} packets a second, decoded and uploaded, in less than 256 MB`, async () => {
  const [mirror, tap] = [await lab.namespace(), await lab.namespace()];
  await mirror.shell("echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
  await mirror.run("ip", "link", "add", "mirror", "type", "veth", "peer", "name", "tap", "netns", String(tap.pid));
  await mirror.run("ip", "link", "set", "mirror", "arp", "off", "multicast", "off", "up");
  await tap.run(process.execPath, sensor, "--prepare", "--interface", "tap");
  const receiver = await startReceiver(tap);
  const state = enrolledState(join(folder, "state"), receiver.port, {
    ot: { interfaces: [], upload: 1_000, rules: [] },
  });
  const child = tap.spawn(process.execPath, [...options(), sensor, "--interface", "tap", "--state", state], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  const pid = child.pid as number;
  const seen = (): number =>
    receiver.batches
      .filter(({ kind }) => kind === "ot.metadata")
      .flatMap(({ body }) => [...rowsOf(body as MetadataBody, "captures")])
      .reduce((sum, { packets }) => sum + packets, 0);
  await until(() => receiver.batches.length > 0, 50);
  const share = async (work: () => Promise<unknown>): Promise<number> => {
    const [before, started] = [weigh(pid), performance.now()];
    await work();
    return (weigh(pid).cpu - before.cpu) / ((performance.now() - started) / 10);
  };
  const idle = await share(() => new Promise((resolve) => setTimeout(resolve, 3_000)));
  const frames = cycle();
  const packets = 60_000;
  const busy = await share(() => generate(mirror, { device: "mirror", frames, packets, rate: RATE }));
  await until(() => seen() >= packets, 50);
  const { resident } = weigh(pid);
  const told = receiver.batches.filter(({ kind }) => kind === "ot.metadata").reduce((sum, { bytes }) => sum + bytes, 0);
  process.stdout.write(
    `sensor as shipped: ${(resident / MEGABYTE).toFixed(1)} MB at most (the ring of 64 MB within), idle ${(100 * idle).toFixed(2)} % of a core, at ${RATE} packets/s ${(100 * busy).toFixed(2)} %, ${(told / seen()).toFixed(2)} bytes uploaded a packet at an upload a second\n`,
  );
  expect(seen()).toBe(packets);
  expect(resident).toBeLessThan(LIMIT);
  child.kill("SIGTERM");
  await ended;
  receiver.stop();
});
