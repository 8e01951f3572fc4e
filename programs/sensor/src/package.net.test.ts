/** The sensor's package for Linux: whole, installs below --root, runs, keeps its settings (systemd itself is not run here). */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;
let unpacked: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sensor-package-"));
  const bundle = join(import.meta.dirname, "..", "bundle.ts");
  const file = execFileSync(process.execPath, [bundle, folder, process.arch], { encoding: "utf8" }).trim();
  execFileSync("tar", ["xzf", file, "-C", folder]);
  unpacked = join(folder, `yagura-sensor-linux-${process.arch}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("OST-T05: installs with its interfaces, makes them silent before each start, keeps what it was told, and is removed", () => {
  const root = join(folder, "root");
  const install = (...argv: string[]) =>
    spawnSync(join(unpacked, "install.sh"), ["--root", root, ...argv], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
  const settings = join(root, "etc/yagura-sensor/environment");
  const units = join(root, "etc/systemd/system");
  expect(install("--help").stdout).not.toContain("set -eu");
  const server = ["--server", "https://yagura.example.jp", "--key", "yk1.a.b"];
  expect(install(...server).stderr).toContain("needs --interface");
  const key = join(folder, "token.key");
  expect(install(...server, "--interface", "eth1", "--token-key", key).stderr).toContain("cannot be read");
  writeFileSync(key, "ytk1.x");
  expect(install(...server, "--interface", "eth1", "--interface", "eth2", "--token-key", key).status).toBe(0);
  expect(readFileSync(settings, "utf8")).toBe(
    'YAGURA_SERVER=https://yagura.example.jp\nYAGURA_INTERFACES="eth1 eth2"\nYAGURA_KEY=yk1.a.b\n',
  );
  expect(statSync(settings).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(units, "yagura-sensor.service.d/token-key.conf"), "utf8")).toContain(`LoadCredential=token-key:${key}\n`); // prettier-ignore
  const unit = readFileSync(join(units, "yagura-sensor.service"), "utf8").split("\n");
  for (const line of [
    "ExecStartPre=+/opt/yagura-sensor/bin/yagura-sensor --prepare",
    "DynamicUser=yes",
    "CapabilityBoundingSet=CAP_NET_RAW",
    "AmbientCapabilities=CAP_NET_RAW",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
  ])
    expect(unit).toContain(line);

  const sensor = join(root, "opt/yagura-sensor/bin/yagura-sensor");
  expect(execFileSync(sensor, ["--version"], { encoding: "utf8" }).trim()).toMatch(/^\d+\.\d+\.\d+$/);
  // The interfaces of the settings are meant unless others are named; koffi came with the package.
  const preview = spawnSync(sensor, ["--preview"], {
    encoding: "utf8",
    env: { LC_ALL: "C", YAGURA_INTERFACES: "none0" },
  });
  expect(preview.stderr).toContain("INTERFACE_UNKNOWN: There is no network interface none0");

  expect(install("--interface", "eth3").status).toBe(0);
  expect(readFileSync(settings, "utf8")).toBe('YAGURA_SERVER=https://yagura.example.jp\nYAGURA_INTERFACES="eth3"\n');
  expect(install("--uninstall", "--purge").status).toBe(0);
  for (const path of ["opt/yagura-sensor", "etc/yagura-sensor", "etc/systemd/system/yagura-sensor.service.d"])
    expect(existsSync(join(root, path))).toBe(false);
});
