/** A switch (Linux bridge with snmpd) and a NAC (freeradius) in namespaces of the test, with devices at the ports. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import type { Lab, Namespace } from "@yagura/testkit/lab/namespace.ts";
import { until } from "@yagura/testkit/until.ts";

export const keys = { user: "yagura", authenticationKey: "authentication 1", privacyKey: "privacy key 1" } as const;
export const community = "lab-community";
export const radiusSecret = "a secret of the lab";

/** snmpd keeps what it knows of interfaces for 15 s. */
const AGENT_MS = 16_000;

export interface SwitchLab {
  readonly namespace: Namespace;
  /** Port of snmpd on the loopback of the namespace. */
  readonly port: number;
  /** Whether the port is administratively up. */
  isUp(port: string): Promise<boolean>;
  /** MAC of the machine itself. */
  ownMac(): Promise<string>;
  /** Sets it as somebody at the switch would; snmpd tells it within 15 s. */
  setUp(port: string, up: boolean): Promise<void>;
  stop(): Promise<void>;
}

export function needPrograms(...programs: readonly string[]): void {
  const missing = programs.filter((program) => !["/usr/sbin", "/usr/bin"].some((folder) => existsSync(join(folder, program)))); // prettier-ignore
  if (missing.length > 0) throw new Error(`this test needs ${missing.join(", ")} (Debian packages of the same names)`);
}

/** A device at a port; the MACs after the first share it, as behind a small switch. */
async function plug(lab: Lab, namespace: Namespace, port: string, macs: readonly string[]): Promise<void> {
  const own = await lab.namespace();
  await namespace.run("ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", String(own.pid));
  await namespace.shell(`ip link set ${port} master br0; ip link set ${port} up`);
  await own.shell(`ip link set eth0 address ${macs[0]}; ip link set eth0 up`);
  for (const [i, mac] of macs.entries()) {
    const name = i === 0 ? "eth0" : `m${i}`;
    if (i > 0)
      await own.shell(
        `ip link add link eth0 name ${name} address ${mac} type macvlan mode bridge; ip link set ${name} up`,
      );
    // A device is learned when it speaks.
    await own.run("ip", "address", "add", `10.9.${i}.1/24`, "dev", name);
    await own.run("ping", "-c", "1", "-W", "1", "-I", name, `10.9.${i}.2`).catch(() => undefined);
  }
}

/** `tables`: which table the switch tells, as switches differ. The ports are `p1`, `p2` …, in the order of the devices. */
export async function startSwitch(
  lab: Lab,
  folder: string,
  devices: readonly (readonly string[])[],
  { tables = "q", port = 1_161 }: { readonly tables?: "d" | "q"; readonly port?: number } = {},
): Promise<SwitchLab> {
  needPrograms("snmpd");
  const namespace = await lab.namespace();
  await namespace.shell("ip link add br0 type bridge; ip link set br0 up");
  // snmpd looks for interfaces every 15 s only: they are there before it.
  for (const [i, macs] of devices.entries()) await plug(lab, namespace, `p${i + 1}`, macs);
  mkdirSync(folder, { recursive: true });
  const script = join(import.meta.dirname, "bridge-mib.ts");
  const start = join(folder, "bridge-mib");
  writeFileSync(start, `#!/bin/sh\nexec '${process.execPath}' '${script}' br0 ${tables}\n`);
  chmodSync(start, 0o755);
  const configuration = join(folder, "snmpd.conf");
  writeFileSync(
    configuration,
    [
      `agentAddress udp:127.0.0.1:${port}`,
      `createUser ${keys.user} SHA-256 "${keys.authenticationKey}" AES "${keys.privacyKey}"`,
      `rwuser ${keys.user} priv`,
      `createUser reader SHA-256 "${keys.authenticationKey}" AES "${keys.privacyKey}"`,
      "rouser reader priv",
      `rwcommunity ${community} 127.0.0.1`,
      `pass_persist .1.3.6.1.2.1.17 ${start}`,
      "",
    ].join("\n"),
    { mode: 0o600 },
  );
  const persistent = join(folder, "persistent");
  mkdirSync(persistent, { recursive: true });
  const agent = namespace.spawn("snmpd", ["-f", "-Lo", "-C", "-c", configuration, "-p", join(folder, "pid")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, SNMP_PERSISTENT_DIR: persistent, SNMPCONFPATH: folder, MIBS: "" },
  });
  let told = "";
  for (const stream of [agent.stdout, agent.stderr]) stream?.on("data", (piece: Buffer) => (told += piece.toString()));
  await until(() => {
    if (agent.exitCode !== null) throw new Error(`snmpd ended: ${told}`);
    return told.includes("NET-SNMP version");
  });
  return {
    namespace,
    port,
    async isUp(name) {
      const { out } = await namespace.run("ip", "-j", "link", "show", name);
      return (JSON.parse(out) as { flags: string[] }[])[0]?.flags.includes("UP") ?? false;
    },
    async ownMac() {
      const { out } = await namespace.run("ip", "-j", "link", "show", "br0");
      return (JSON.parse(out) as { address: string }[])[0]?.address ?? "";
    },
    async setUp(name, up) {
      // By the agent's own eyes: it looks at interfaces every 15 s.
      await namespace.run("ip", "link", "set", name, up ? "up" : "down");
      await new Promise((resolve) => setTimeout(resolve, AGENT_MS));
    },
    async stop() {
      if (agent.exitCode !== null) return;
      const gone = once(agent, "exit");
      agent.kill("SIGKILL");
      await gone;
    },
  };
}

export interface NacLab {
  readonly port: number;
  /** Requests that were let in, a line each: `Packet-Type Calling-Station-Id Filter-Id Tunnel-Private-Group-Id`. */
  requests(): string[];
  stop(): Promise<void>;
}

/** freeradius as a dynamic authorization server in the namespace: it has sessions of these MACs only. */
export async function startNac(
  namespace: Namespace,
  folder: string,
  sessions: readonly string[],
  options: { readonly port?: number; readonly proof?: boolean } = {},
): Promise<NacLab> {
  needPrograms("freeradius");
  const { port = 3_799, proof = true } = options;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const log = join(folder, "requests.log");
  const proven = proof ? "update reply { &Message-Authenticator := 0x00 }" : "ok";
  writeFileSync(
    join(folder, "radiusd.conf"),
    `prefix = /usr
libdir = /usr/lib/freeradius
logdir = ${folder}
run_dir = ${folder}
log { destination = stdout }
security { allow_core_dumps = no }
modules {
  linelog { filename = ${log}
    format = "%{Packet-Type} %{Calling-Station-Id} %{Filter-Id} %{Tunnel-Private-Group-Id:0}"
    permissions = 0600 }
  always ok { rcode = ok }
  always reject { rcode = reject }
}
client lab { ipaddr = 127.0.0.1
  secret = "${radiusSecret}"
  require_message_authenticator = yes }
server coa {
  listen { type = coa
    ipaddr = 127.0.0.1
    port = ${port} }
  recv-coa {
    if (${sessions.map((mac) => `(&Calling-Station-Id == "${mac}")`).join(" || ") || "(0)"}) {
      linelog
      ok
    } else {
      update reply { &Error-Cause := 503 }
      # A refusal does not pass send-coa.
      ${proven}
      reject
    }
  }
  send-coa {
    ${proven}
  }
}
`,
    { mode: 0o600 },
  );
  const child = namespace.spawn("freeradius", ["-f", "-X", "-d", folder], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece: Buffer) => (told += piece.toString()));
  await until(() => {
    if (child.exitCode !== null) throw new Error(`freeradius ended: ${told.slice(-2_000)}`);
    return told.includes("Ready to process requests");
  });
  return {
    port,
    requests: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
