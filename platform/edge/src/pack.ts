/**
 * Bundles an edge program into one JavaScript file and packs it for Linux: the file, koffi's native module, the Node runtime, the
 * installer. For the build only: no edge program imports it.
 */
import { createHash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { constants, createGzip } from "node:zlib";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const modules = join(root, "node_modules");

export type Arch = "x64" | "arm64";
const arches: ReadonlySet<string> = new Set(["x64", "arm64"]);

/** `program` is the name of its folder below programs/: `agent`, `sensor`. */
const sourceOf = (program: string, ...path: string[]): string => join(root, "programs", program, ...path);

/** Writes `PROGRAM.mjs` into the folder and gives its path. */
export async function bundleProgram(program: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const bundle = await rolldown({
    input: sourceOf(program, "src", "main.ts"),
    platform: "node",
    // Native: found beside the file at run time, or done without.
    external: ["koffi"],
    logLevel: "warn",
  });
  const file = join(folder, `${program}.mjs`);
  try {
    await bundle.write({ file, format: "esm", codeSplitting: false, comments: false, minify: { mangle: false } });
  } finally {
    await bundle.close();
  }
  return file;
}

interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly file?: string;
  readonly bytes?: Buffer;
}

/**
 * Writes `yagura-PROGRAM-linux-ARCH.tar.gz` and its .sha256. Throws when the runtime or the native module of that architecture is
 * not in node_modules.
 */
export async function packProgram(program: string, folder: string, arch: Arch): Promise<string> {
  const bundle = await bundleProgram(program, folder);
  const name = `yagura-${program}-linux-${arch}`;
  const own = (file: string): string => sourceOf(program, "package", file);
  const entries: Entry[] = [
    { name: "install.sh", mode: 0o755, file: own("install.sh") },
    { name: `yagura-${program}.service`, mode: 0o644, file: own(`yagura-${program}.service`) },
    { name: `bin/yagura-${program}`, mode: 0o755, file: own(`yagura-${program}`) },
    { name: "LICENSE", mode: 0o644, file: join(root, "LICENSE") },
    { name: `lib/${program}.mjs`, mode: 0o644, file: bundle },
    { name: "lib/node", mode: 0o755, file: join(modules, `node-linux-${arch}`, "bin", "node") },
    {
      name: "lib/LICENSE.node",
      mode: 0o644,
      file: join(modules, `node-linux-${arch}`, "LICENSE"),
    },
    ...koffiEntries(arch),
  ];
  const sums = entries.map(
    (entry) => `${createHash("sha256").update(contentOf(entry)).digest("hex")}  ${entry.name}\n`,
  );
  entries.push({ name: "SHA256SUMS", mode: 0o644, bytes: Buffer.from(sums.join("")) });
  const file = join(folder, `${name}.tar.gz`);
  // Level 5: a third of the time of the best level, for two hundredths more bytes.
  const gzip = createGzip({ level: 5, strategy: constants.Z_DEFAULT_STRATEGY });
  await pipeline(tar(name, entries), gzip, createWriteStream(`${file}.new`));
  writeFileSync(`${file}.sha256`, `${await sha256(`${file}.new`)}  ${name}.tar.gz\n`);
  renameSync(`${file}.new`, file);
  return file;
}

/** What `require("koffi")` reads, and the native module of the GNU C library. */
function koffiEntries(arch: string): Entry[] {
  const koffi = join(modules, "koffi");
  const native = join(modules, "@koromix", `koffi-linux-${arch}`);
  const own = ["package.json", "index.cjs", "LICENSE.txt", ...listScripts(koffi)];
  const binary = `linux_${arch}/koffi.node`;
  return [
    ...own.map((name) => ({ name: `lib/node_modules/koffi/${name}`, mode: 0o644, file: join(koffi, name) })),
    ...["package.json", "index.js", binary].map((name) => ({
      name: `lib/node_modules/@koromix/koffi-linux-${arch}/${name}`,
      mode: 0o644,
      file: join(native, name),
    })),
  ];
}
const listScripts = (koffi: string): string[] =>
  ["src/koffi", "src/koffi/src"].flatMap((folder) =>
    readdirSync(join(koffi, folder))
      .filter((name) => name.endsWith(".cjs"))
      .map((name) => `${folder}/${name}`),
  );

const contentOf = (entry: Entry): Buffer => entry.bytes ?? readFileSync(entry.file as string);

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** A ustar archive (POSIX.1-1988) with one folder; the same input gives the same bytes. */
async function* tar(folder: string, entries: readonly Entry[]): AsyncGenerator<Buffer> {
  const folders = new Set<string>([`${folder}/`]);
  for (const { name } of entries) {
    const parts = name.split("/").slice(0, -1);
    for (let i = 1; i <= parts.length; i++) folders.add(`${folder}/${parts.slice(0, i).join("/")}/`);
  }
  for (const name of [...folders].sort()) yield header(name, 0o755, 0, "5");
  for (const entry of entries) {
    const size = entry.bytes?.length ?? statSync(entry.file as string).size;
    yield header(`${folder}/${entry.name}`, entry.mode, size, "0");
    if (entry.bytes !== undefined) yield entry.bytes;
    else yield* createReadStream(entry.file as string);
    yield Buffer.alloc((512 - (size % 512)) % 512);
  }
  yield Buffer.alloc(1024);
}

function header(name: string, mode: number, size: number, type: "0" | "5"): Buffer {
  if (name.length > 99) throw new Error(`the name ${name} is too long for the archive`);
  const block = Buffer.alloc(512);
  const octal = (value: number, at: number, length: number): void =>
    void block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  block.write(name, 0, "latin1");
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  block.write("root", 265, "latin1");
  block.write("root", 297, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** The command line of a program's bundle.ts: `FOLDER [x64|arm64]`. Prints the path of what was written. */
export async function packByCommandLine(program: string, argv: readonly string[]): Promise<void> {
  const [folder, arch] = argv;
  if (folder === undefined || (arch !== undefined && !arches.has(arch))) {
    console.error(`usage: node programs/${program}/bundle.ts FOLDER [x64|arm64]`);
    process.exitCode = 2;
  } else if (arch === undefined) console.log(await bundleProgram(program, folder));
  else console.log(await packProgram(program, folder, arch as Arch));
}
