import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePcap } from "@yagura/packets/build/capture-files.ts";
import { Factory } from "../demo/factory.ts";
import { analyseFiles } from "./analyse.ts";
import { reportOf, type Report } from "./report.ts";

const folder = mkdtempSync(join(tmpdir(), "yagura-analyse-"));
const file = join(folder, "factory.pcap");
let report: Report;
beforeAll(async () => {
  const frames = new Factory({ start: 1_790_000_000_000_000, engineering: 15, attack: 25 }).first(40);
  writeFileSync(file, writePcap(frames));
  report = reportOf(await analyseFiles([file]), "en");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asset = (mac: string) => report.assets.find(({ macs }) => macs.includes(mac));

describe("OT-32 a capture file is analysed without a server", () => {
  test.each([
    ["28:e9:8e:10:00:11", { role: "plc", vendor: "Mitsubishi Electric", model: "R08CPU" }],
    ["00:00:0a:10:00:12", { role: "plc", vendor: "OMRON", model: "NX102-9020", firmware: "1.60" }],
    ["00:e0:e4:10:00:31", { role: "robot", vendor: "FANUC", model: "R-30iB Plus" }],
    ["00:80:f4:10:00:41", { role: "drive", vendor: "Schneider Electric", model: "ATV630D1", firmware: "V1.7" }],
    ["28:63:36:20:00:11", { role: "plc", vendor: "Siemens", firmware: "V2.9.4" }],
    ["28:63:36:20:00:21", { role: "hmi", vendor: "Siemens" }],
    ["00:1a:eb:10:00:02", { role: "switch", vendor: "Allied Telesis" }],
    ["00:15:5d:01:00:02", { role: "domain-controller" }],
    ["3c:d9:2b:01:00:40", { role: "printer", vendor: "HP" }],
    ["8c:ec:4b:01:00:20", { role: "engineering-station", vendor: "Dell" }],
  ] as const)(
    "OT-6 OT-7 OT-8 %s is found with its role, vendor, model and firmware",
    (mac, { role, ...attributes }) => {
      expect(asset(mac)).toMatchObject({ role, attributes });
    },
  );

  test("OT-35 devices on a VLAN trunk are found, and the router's MACs are routers, not the devices behind them", () => {
    expect(report.assets.length).toBeGreaterThanOrEqual(24);
    expect(asset("00:1a:eb:10:00:01")).toMatchObject({ role: "router", routes: true });
    expect(asset("28:e9:8e:10:00:11")?.vlans).toEqual([10]);
  });

  test("OT-22 OT-33 the download and the stops are told with their techniques", () => {
    const kinds = new Map(report.findings.map(({ kind, techniques, severity }) => [kind, { techniques, severity }]));
    expect(report.findings.filter(({ severity }) => severity === "critical").length).toBeGreaterThanOrEqual(3);
    expect([...kinds.values()].flatMap(({ techniques }) => techniques)).toEqual(
      expect.arrayContaining(["T0843", "T0858"]),
    );
    expect(report.findings.map(({ title }) => title).join("\n")).toMatch(/Controller stopped: .*192\.168\.20\.11/);
  });

  test("commands between devices are told with class and range, never with values", () => {
    const write = report.commands.find(
      ({ client, server, name }) => client === "192.168.10.21" && server === "192.168.10.11" && name === "Device Write",
    );
    expect(write).toMatchObject({ protocol: "slmp", class: "write", low: 2000, high: 2000, critical: false });
    expect(report.commands.filter(({ critical }) => critical).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["PLC stop", "Remote Stop", "Request download"]),
    );
    // The password that was typed over Telnet is nowhere.
    expect(JSON.stringify(report)).not.toContain("not-told");
  });

  test("a compressed file gives the same; a damaged one counts up to its damage and says so", async () => {
    const packed = join(folder, "factory.pcap.gz");
    const bytes = writePcap(new Factory({ start: 1_790_000_000_000_000 }).first(5));
    writeFileSync(packed, gzipSync(bytes));
    const whole = await analyseFiles([packed]);
    expect(whole.damaged).toEqual([]);
    const cut = join(folder, "cut.pcap");
    writeFileSync(cut, bytes.subarray(0, bytes.length - 17));
    const part = await analyseFiles([cut]);
    expect(part.stats.packets).toBe(whole.stats.packets - 1);
    expect(part.damaged).toMatchObject([{ file: cut, error: { code: expect.stringMatching(/^CAPTURE_/) } }]);
  });
});

describe("the command", () => {
  const root = new URL("../../../../", import.meta.url).pathname;
  const run = (...argv: string[]): string =>
    execFileSync(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", join(root, "programs/yagura/src/main.ts"), "ot", "analyse", ...argv],
      {
        encoding: "utf8",
        env: { ...process.env, LANG: "C", LC_ALL: "C" },
        stdio: ["ignore", "pipe", "pipe"],
        maxBuffer: 64 * 1024 * 1024,
      },
    );

  test("prints tables, or JSON", () => {
    expect(run(file)).toMatch(/^\d+ packets, 2026-/);
    const json = JSON.parse(run(file, "--json")) as Report;
    expect(json.packets).toBe(report.packets);
    expect(json.assets.length).toBe(report.assets.length);
  });

  test("a file that is not there, or none, is told with status 2", () => {
    expect(() => run(join(folder, "nothing.pcap"))).toThrow(/CAPTURE_/);
    expect(() => run()).toThrow(/COMMAND_USAGE/);
  });

  const corpus = join(
    process.env["YAGURA_CORPUS"] ?? join(root, "..", "shared", "corpus"),
    "ot/derived/plant1_reconstructed.pcap",
  );
  test.runIf(existsSync(corpus))(
    "a recorded plant: thirty hosts, one of them asks controllers of four makers",
    async () => {
      const plant = reportOf(await analyseFiles([corpus]), "en");
      expect(plant.packets).toBe(48_501);
      expect(plant.assets).toHaveLength(30);
      expect(plant.assets.filter(({ role }) => role === "plc")).toHaveLength(29);
      expect(plant.assets.find(({ role }) => role === "scada")?.addresses).toEqual(["141.81.0.10"]);
      const protocols = new Set(plant.commands.map(({ protocol }) => protocol));
      for (const protocol of ["modbus", "s7comm", "cip"] as const) expect(protocols).toContain(protocol);
    },
  );
});
