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

/** Package files: edge program, architecture, and whether its checksum is asked for. */
const PACKAGE = /^yagura-(agent|sensor)-linux-(x64|arm64)\.tar\.gz(\.sha256)?$/;

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
  app.get("/download/:program/:name", { onRequest: limit }, async (request, reply) => {
    const { program, name } = request.params as { program: string; name: string };
    return sendPackage(program, name, packages, reply);
  });
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
  file(program: string, arch: string): Promise<string>;
}

/** Made once in the life of this process, by a child of its own: the door must not wait for a compressor. */
function createPackages(folder: string): Packages {
  const made = new Map<string, Promise<string>>();
  return {
    file(program, arch) {
      const key = `${program} ${arch}`;
      let file = made.get(key);
      if (file === undefined) {
        file = pack(folder, program, arch);
        made.set(key, file);
        // What failed is tried again when it is asked for again.
        file.catch(() => made.delete(key));
      }
      return file;
    },
  };
}

async function pack(folder: string, program: string, arch: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const packer = fileURLToPath(new URL(`../../../programs/${program}/bundle.ts`, import.meta.url));
  const child = spawn(process.execPath, [packer, folder, arch], {
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
  return join(folder, `yagura-${program}-linux-${arch}.tar.gz`);
}

async function sendPackage(
  program: string,
  name: string,
  packages: Packages,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const match = PACKAGE.exec(name);
  if (match === null || match[1] !== program) throw raise("PACKAGE_NOT_HERE", { name: name.slice(0, 60) });
  const file = await packages.file(program, match[2] as string);
  void reply.header("cache-control", "no-cache");
  if (match[3] !== undefined)
    return reply.type("text/plain; charset=utf-8").send(await readFile(`${file}.sha256`, "utf8"));
  return reply
    .type("application/gzip")
    .header("content-length", statSync(file).size)
    .header("content-disposition", `attachment; filename="${name}"`)
    .send(createReadStream(file));
}
