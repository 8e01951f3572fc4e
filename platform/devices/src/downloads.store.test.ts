/** TLS by our own authority pinned in the key, through a proxy, and what installers download. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@yagura/core/ids.ts";
import { enrolProgram } from "@yagura/edge/enrol.ts";
import { readEnrolmentKey, writeEnrolmentKey } from "@yagura/wire/envelope.ts";
import { testStores, type TestStores } from "@yagura/testkit/database.ts";
import { labMigrations, startEdgeLab, type EdgeLab } from "@yagura/testkit/edge-lab.ts";
import { ensureAuthority, type Authority } from "./authority.ts";
import { installDownloads } from "./downloads.ts";

let stores: TestStores;
let lab: EdgeLab;
let folder: string;
let authority: Authority;
let downloads: FastifyInstance;
/** The same routes over TLS: the door's answers and the downloads behind one certificate. */
let tls: Server;
let url: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "yagura-downloads-"));
  stores = await testStores({ migrations: labMigrations });
  lab = await startEdgeLab({ stores, dataFolder: folder });
  authority = await ensureAuthority(join(folder, "authority"), []);
  downloads = Fastify();
  await installDownloads(downloads, { platform: lab.platform, authority });
  await downloads.ready();
  tls = createTlsServer({ cert: authority.cert, key: authority.key }, (request, response) => {
    const app = request.url?.startsWith("/edge/") === true ? lab.app : downloads;
    app.routing(request, response);
  });
  await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
  url = `https://localhost:${(tls.address() as AddressInfo).port}`;
});
afterAll(async () => {
  tls.closeAllConnections();
  tls.close();
  await downloads.close();
  await lab.close();
  await stores.stop();
  rmSync(folder, { recursive: true, force: true });
});
const proxyNames = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];
const environment = Object.fromEntries(proxyNames.map((name) => [name, process.env[name]]));
afterEach(() => {
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

async function keyWith(fingerprint: string | null): Promise<string> {
  const { secret } = readEnrolmentKey(await lab.key(newId())) ?? { secret: "" };
  return writeEnrolmentKey({ secret, fingerprint });
}
const enrol = (key: string, server = url) =>
  enrolProgram({ folder: join(folder, newId()), server, key, mark: "", program: "agent", version: "0" });

describe("TLS", () => {
  test("a program trusts our authority by the fingerprint in its key, and keeps it", async () => {
    const identity = await enrol(await keyWith(authority.fingerprint));
    expect(identity.authority).toContain("BEGIN CERTIFICATE");
    expect(identity.device).not.toBe(null);
  });

  test.each([
    {
      name: "another authority's fingerprint",
      fingerprint: () => createHash("sha256").update("x").digest("base64url"),
      code: "AUTHORITY_MISMATCH",
    },
    {
      name: "no fingerprint, and the system does not know our authority",
      fingerprint: () => null,
      code: "SERVER_UNREACHABLE",
    },
  ])("refused: $name", async ({ fingerprint, code }) => {
    await expect(enrol(await keyWith(fingerprint()))).rejects.toMatchObject({ code });
  });

  test("a certificate of our authority for another address is refused", async () => {
    const elsewhere = createTlsServer({ cert: authority.cert, key: authority.key }, (request, response) => {
      downloads.routing(request, response);
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.2", resolve));
    const server = `https://127.0.0.2:${(elsewhere.address() as AddressInfo).port}`;
    await expect(enrol(await keyWith(authority.fingerprint), server)).rejects.toMatchObject({
      parameters: { cause: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
    elsewhere.closeAllConnections();
    elsewhere.close();
  });

  test("plain http to another machine is refused before anything is sent", async () => {
    await expect(enrol(await keyWith(null), "http://192.0.2.1:8480")).rejects.toMatchObject({
      code: "PLAIN_HTTP_REFUSED",
    });
  });

  test("HTTPS_PROXY and NO_PROXY are honoured, and TLS goes through the proxy to the server itself", async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on("connect", (request, socket) => {
      tunnels.push(request.url ?? "");
      const [host = "", port] = (request.url ?? "").split(":");
      const upstream = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    process.env["https_proxy"] = process.env["HTTPS_PROXY"] =
      `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    process.env["no_proxy"] = process.env["NO_PROXY"] = "";
    await enrol(await keyWith(authority.fingerprint));
    expect(new Set(tunnels)).toEqual(new Set([url.slice("https://".length)]));
    const before = tunnels.length;
    process.env["no_proxy"] = process.env["NO_PROXY"] = "localhost";
    await enrol(await keyWith(authority.fingerprint));
    expect(tunnels).toHaveLength(before);
    proxy.closeAllConnections();
    proxy.close();
  });
});

describe("the manual", () => {
  test.each([
    { asked: "?language=ja", header: "en", language: "ja", says: "インストール" },
    { asked: "", header: "ja,en;q=0.5", language: "ja", says: "アンインストール" },
    { asked: "", header: "en-GB", language: "en", says: "Uninstall" },
    { asked: "", header: "fr", language: "en", says: "Troubleshooting" },
  ])("EXP-T08: $asked with accept-language $header is $language", async ({ asked, header, language, says }) => {
    const answer = await downloads.inject({ url: `/manual/agent${asked}`, headers: { "accept-language": header } });
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.body).toContain(`<html lang="${language}">`);
    expect(answer.body).toContain(says);
    expect(answer.body).not.toMatch(/<script|style=|onclick/);
  });
  test("its style sheet and the authority are served; an unknown package is not", async () => {
    expect((await downloads.inject("/manual/style.css")).headers["content-type"]).toContain("text/css");
    expect((await downloads.inject("/download/ca.pem")).body).toBe(authority.anchor);
    expect((await downloads.inject("/download/agent/..%2f..%2fetc%2fpasswd")).statusCode).not.toBe(200);
    for (const path of [
      "agent/yagura-agent-linux-riscv",
      "agent/yagura-sensor-linux-x64",
      "yagura/yagura-yagura-linux-x64",
    ])
      expect((await downloads.inject(`/download/${path}.tar.gz`)).statusCode).toBe(404);
  });
});

describe("the package for Linux (systemd itself is not run here)", () => {
  test(
    "EXP-T08: is served, whole, installs below --root, runs, updates keeping its settings, and uninstalls",
    { timeout: 180_000 },
    async () => {
      const name = `yagura-agent-linux-${process.arch}`;
      const tar = await downloads.inject(`/download/agent/${name}.tar.gz`);
      expect(tar.statusCode).toBe(200);
      const sum = await downloads.inject(`/download/agent/${name}.tar.gz.sha256`);
      expect(sum.body).toBe(`${createHash("sha256").update(tar.rawPayload).digest("hex")}  ${name}.tar.gz\n`);
      writeFileSync(join(folder, "package.tar.gz"), tar.rawPayload);
      execFileSync("tar", ["xzf", join(folder, "package.tar.gz"), "-C", folder]);
      const unpacked = join(folder, name);
      const root = join(folder, "root");
      let language = "C";
      const install = (...argv: string[]) =>
        spawnSync(join(unpacked, "install.sh"), ["--root", root, ...argv], {
          encoding: "utf8",
          env: { ...process.env, LC_ALL: language },
        });
      const settings = join(root, "etc/yagura-agent/environment");

      expect(install().stderr).toContain("needs --server and --key");
      expect(install("--server").stderr).toContain("--server needs a value");
      expect(install("--help").stdout).not.toContain("set -eu");
      language = "ja_JP.UTF-8";
      expect(install().stderr).toContain("招待メール");
      language = "C";
      expect(install("--server", "https://x", "--key", "half").stderr).toContain("not complete");
      expect(install("--server", "https://yagura.example.jp", "--key", "yk1.a.b").status).toBe(0);
      expect(readFileSync(settings, "utf8")).toBe("YAGURA_SERVER=https://yagura.example.jp\nYAGURA_KEY=yk1.a.b\n");
      expect(statSync(settings).mode & 0o777).toBe(0o600);
      const agent = join(root, "opt/yagura-agent/bin/yagura-agent");
      expect(execFileSync(agent, ["--version"], { encoding: "utf8" }).trim()).toMatch(/^\d+\.\d+\.\d+$/);
      const koffi = spawnSync(join(root, "opt/yagura-agent/lib/node"), ["-e", "require('koffi').load(null)"], {
        cwd: join(root, "opt/yagura-agent/lib"),
      });
      expect(koffi.status, koffi.stderr.toString()).toBe(0);
      const unit = readFileSync(join(root, "etc/systemd/system/yagura-agent.service"), "utf8");
      for (const line of [
        "DynamicUser=yes",
        "CapabilityBoundingSet=CAP_NET_RAW",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "RestartPreventExitStatus=3",
      ]) {
        expect(unit.split("\n")).toContain(line);
      }

      writeFileSync(settings, `${readFileSync(settings, "utf8")}HTTPS_PROXY=http://proxy:8080\n`);
      expect(install("--key", "yk1.c.d").status).toBe(0);
      expect(readFileSync(settings, "utf8")).toBe(
        "HTTPS_PROXY=http://proxy:8080\nYAGURA_SERVER=https://yagura.example.jp\nYAGURA_KEY=yk1.c.d\n",
      );

      writeFileSync(join(unpacked, "lib/agent.mjs"), "damaged");
      expect(install().stderr).toContain("damaged");
      expect(install("--uninstall").status).toBe(0);
      expect(existsSync(join(root, "opt/yagura-agent"))).toBe(false);
      expect(existsSync(settings)).toBe(true);
      expect(install("--uninstall", "--purge").status).toBe(0);
      expect(readdirSync(join(root, "etc"))).not.toContain("yagura-agent");
    },
  );
});

test("a public key of the wrong length is refused at the door", async () => {
  const { publicKey } = generateKeyPairSync("ed25519");
  const answer = await lab.app.inject({
    method: "POST",
    url: "/edge/v1/enrol",
    headers: { "content-type": "application/json" },
    payload: JSON.stringify({
      wire: 1,
      key: "x".repeat(43),
      publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64url"),
      program: "agent",
      version: "0",
      hostname: "h",
      platform: "p",
    }),
  });
  expect(answer.json()).toMatchObject({ code: "ENROLMENT_MALFORMED" });
});
