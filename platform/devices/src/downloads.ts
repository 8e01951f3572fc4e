/** What the control plane serves to those who install an edge program: our authority, the package for Linux, the manual. */
import { spawn } from "node:child_process";
import { createReadStream, mkdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Platform } from "@yagura/server/route.ts";
import { networkOf } from "@yagura/server/networks.ts";
import { languageOf } from "@yagura/server/problems.ts";
import type { Authority } from "./authority.ts";
import { raise } from "./errors.ts";
import { createBuckets } from "./limits.ts";
import { MANUAL_STYLE, manualPage } from "./manual.ts";

const ARCHITECTURES = ["x64", "arm64"] as const;
type Arch = (typeof ARCHITECTURES)[number];

/** Packing takes seconds; a child that takes minutes hangs. */
const PACK_WITHIN = 180_000;
/** Package downloads a minute of one address: it has 45 MB, and an office behind one address installs many. */
const DOWNLOADS_PER_MINUTE = 60;

export interface DownloadOptions {
  readonly platform: Platform;
  readonly authority: Authority;
}

export async function installDownloads(app: FastifyInstance, options: DownloadOptions): Promise<void> {
  const { platform, authority } = options;
  const bucket = createBuckets(DOWNLOADS_PER_MINUTE / 60, DOWNLOADS_PER_MINUTE, () => platform.clock.monotonic());
  const packages = createPackages(join(platform.dataFolder, "downloads"));
  const limit = async (request: FastifyRequest): Promise<void> => {
    const seconds = bucket.take(networkOf(request.ip));
    if (seconds > 0) throw raise("DEVICE_RATE_LIMITED", { seconds });
  };

  app.get("/download/ca.pem", { onRequest: limit }, async (_request, reply) =>
    reply.type("application/x-pem-file").header("cache-control", "no-cache").send(authority.anchor),
  );
  app.get("/download/agent/:name", { onRequest: limit }, async (request, reply) =>
    sendPackage((request.params as { name: string }).name, packages, reply),
  );
  app.get("/manual/style.css", async (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "public, max-age=3600").send(MANUAL_STYLE),
  );
  app.get("/manual/agent", { onRequest: limit }, async (request, reply) => {
    const asked = (request.query as { language?: string }).language;
    const language = asked === "ja" || asked === "en" ? asked : languageOf(request.headers["accept-language"]);
    const pinned = authority.fingerprint !== null && platform.publicUrl().startsWith("https:");
    const page = manualPage(language, { server: platform.publicUrl(), pinned });
    return reply
      .type("text/html; charset=utf-8")
      .header("content-language", language)
      .header("vary", "accept-language")
      .header("cache-control", "no-cache")
      .send(page);
  });
}

interface Packages {
  /** Path of the package; made when it is first asked for. Throws PACKAGE_NOT_HERE. */
  file(arch: Arch): Promise<string>;
}

/** Made once in the life of this process, by a child of its own: the door must not wait for a compressor. */
function createPackages(folder: string): Packages {
  const made = new Map<Arch, Promise<string>>();
  return {
    file(arch) {
      let file = made.get(arch);
      if (file === undefined) {
        file = pack(folder, arch);
        made.set(arch, file);
        // What failed is tried again when it is asked for again.
        file.catch(() => made.delete(arch));
      }
      return file;
    },
  };
}

async function pack(folder: string, arch: Arch): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const program = fileURLToPath(new URL("../../../programs/agent/bundle.ts", import.meta.url));
  const child = spawn(process.execPath, [program, folder, arch], {
    stdio: ["ignore", "ignore", "pipe"],
    timeout: PACK_WITHIN,
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status !== 0) throw raise("PACKAGE_NOT_HERE", { name: `linux-${arch}` }, { cause: new Error(said) });
  return join(folder, `yagura-agent-linux-${arch}.tar.gz`);
}

async function sendPackage(name: string, packages: Packages, reply: FastifyReply): Promise<FastifyReply> {
  const match = /^yagura-agent-linux-(x64|arm64)\.tar\.gz(\.sha256)?$/.exec(name);
  if (match === null) throw raise("PACKAGE_NOT_HERE", { name: name.slice(0, 60) });
  const file = await packages.file(match[1] as Arch);
  void reply.header("cache-control", "no-cache");
  if (match[2] !== undefined)
    return reply.type("text/plain; charset=utf-8").send(await readFile(`${file}.sha256`, "utf8"));
  return reply
    .type("application/gzip")
    .header("content-length", statSync(file).size)
    .header("content-disposition", `attachment; filename="${name}"`)
    .send(createReadStream(file));
}
