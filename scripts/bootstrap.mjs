// Brings a fresh checkout to the point where TypeScript runs: packages, Node 24, the portal's build. Plain JavaScript, because it
// runs on whatever Node (20.19 or later) the machine has. Usage: node scripts/bootstrap.mjs start|test|check|bench|accuracy|screenshots|yagura [arguments]
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [command, ...rest] = process.argv.slice(2);
const bin = join(root, "node_modules", ".bin");
const wanted = 24;

/** A sentence in the language of the person at this machine: English, or Japanese where the locale says so. */
const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || "";
const say = (en, ja) => (locale.toLowerCase().startsWith("ja") ? ja : en);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    say(
      `Node ${process.versions.node} is too old to set Yagura up. It needs 20.19 or later. Install a newer Node and run the same command again.`,
      `Node ${process.versions.node} は古いため Yagura を準備できません。20.19 以降をインストールし、同じコマンドをもう一度実行してください。`,
    ),
  );
}

/** Packages are stale when the lock file is not the one they were installed from. */
function installPackages() {
  const stamp = join(root, "node_modules", ".yagura-lock");
  const lock = digest([join(root, "package-lock.json"), join(root, "package.json")]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error(say("installing packages (once) …", "パッケージをインストールしています（初回のみ）…"));
  // `npm ci` refuses a lock file made where the optional packages of other platforms could not be had.
  // Where the registry does not answer, what npm has kept must do, and what is missing is told after seconds: npm's own
  // patience is minutes for each package.
  const windows = process.platform === "win32";
  const reached = spawnSync("npm", ["ping", "--fetch-retries=0", "--fetch-timeout=10000"], {
    cwd: root,
    stdio: "ignore",
    shell: windows,
  });
  const patience = reached.status === 0 ? [] : ["--prefer-offline", "--fetch-retries=0"];
  const npm = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", ...patience], {
    cwd: root,
    // Progress is no output: `$(npx yagura …)` must hold the answer only.
    stdio: ["inherit", 2, 2],
    shell: windows,
  });
  if (npm.status !== 0)
    fail(
      say(
        "Installing the packages failed (npm's message stands above). Check the connection to the npm registry and free disk space, then run the same command again.",
        "パッケージのインストールに失敗しました（上に npm のメッセージがあります）。npm レジストリへの接続とディスクの空き容量を確認し、同じコマンドをもう一度実行してください。",
      ),
      1,
    );
  writeFileSync(stamp, lock);
}

/** The Node that runs Yagura: this one when it is new enough, else the one that came as a package. */
function nodeProgram() {
  if (major >= wanted) return process.execPath;
  const brought = join(bin, process.platform === "win32" ? "node.exe" : "node");
  const version = existsSync(brought)
    ? spawnSync(brought, ["--version"], { encoding: "utf8" }).stdout?.trim()
    : undefined;
  if (version?.startsWith(`v${wanted}.`)) return brought;
  return fail(
    say(
      `Yagura runs on Node ${wanted}; this is ${process.versions.node}, and no packaged Node ${wanted} exists for ${process.platform}-${process.arch}. Install Node ${wanted} and run the same command again.`,
      `Yagura は Node ${wanted} で動作します（現在は ${process.versions.node}）。${process.platform}-${process.arch} 用の Node ${wanted} パッケージがないため、Node ${wanted} をインストールし、同じコマンドをもう一度実行してください。`,
    ),
  );
}

/** The portal is built when its sources changed. */
function buildPortal(node) {
  const output = join(root, "programs", "portal", "dist");
  const sources = ["platform/portal", "programs/portal", "platform/core/src", "platform/wire/src"].map((place) =>
    join(root, place),
  );
  // The portal sees the shapes of every other room.
  for (const room of readdirSync(join(root, "platform")))
    sources.push(...files(join(root, "platform", room, "src")).filter((file) => basename(file) === "shapes.ts"));
  for (const service of readdirSync(join(root, "services")))
    sources.push(
      join(root, "services", service, "src", "portal"),
      join(root, "services", service, "src", "wire"),
      join(root, "services", service, "src", "analysis"),
    );
  const now = digest([join(root, "package-lock.json"), ...sources.flatMap(files)]);
  const stamp = join(output, ".sources");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return;
  console.error(say("building the portal (once) …", "ポータルを作成しています（初回のみ）…"));
  const vite = spawnSync(node, [join(root, "node_modules", "vite", "bin", "vite.js"), "build", "--logLevel", "error"], {
    cwd: join(root, "programs", "portal"),
    stdio: ["inherit", 2, 2],
    env: environment(),
  });
  if (vite.status !== 0)
    fail(
      say(
        "Building the portal failed; the message stands above. Put right what it names and run the same command again.",
        "ポータルを作成できませんでした。上のメッセージの内容に対処し、同じコマンドをもう一度実行してください。",
      ),
      1,
    );
  mkdirSync(output, { recursive: true });
  writeFileSync(stamp, now);
}

function files(place) {
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() &&
        !entry.parentPath.includes("node_modules") &&
        !entry.parentPath.includes(`${join("portal", "dist")}`),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest("hex");
}

function environment() {
  // Node keeps what it compiled (and stripped of types) here: quicker starts, and 10 MB less in each process.
  const cache = join(root, "node_modules", ".cache", "compiled");
  return { NODE_COMPILE_CACHE: cache, ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
}

function fail(message, status = 2) {
  console.error(message);
  process.exit(status);
}

/** Runs a program to its end. Ctrl-C reaches the whole group; a signal to this process alone is handed on. */
function run(node, argv) {
  return new Promise((done) => {
    const child = spawn(node, argv, { cwd: process.cwd(), stdio: "inherit", env: environment() });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("exit", (code, signal) => done(signal === null ? (code ?? 1) : 1));
    child.on("error", (error) =>
      fail(say(`Cannot start ${argv[0]}: ${error.message}`, `${argv[0]} を起動できません: ${error.message}`), 1),
    );
  });
}

const yagura = join(root, "programs", "yagura", "src", "main.ts");
const flags = ["--disable-warning=ExperimentalWarning"];

const commands = {
  start: async (node) => {
    buildPortal(node);
    return run(node, [...flags, "--max-semi-space-size=1", yagura, "start", ...rest]);
  },
  yagura: (node) => run(node, [...flags, yagura, ...rest]),
  test: async (node) => {
    buildPortal(node);
    process.chdir(root);
    return run(node, [...flags, join(root, "scripts", "test.ts"), ...rest]);
  },
  check: (node) => {
    process.chdir(root);
    return run(node, [...flags, join(root, "scripts", "check.ts"), ...rest]);
  },
  bench: (node) => run(node, [...flags, "--expose-gc", join(root, "bench", "src", "main.ts"), ...rest]),
  accuracy: (node) => {
    process.chdir(root);
    return run(node, [...flags, join(root, "scripts", "accuracy.ts"), ...rest]);
  },
  screenshots: async (node) => {
    buildPortal(node);
    process.chdir(root);
    return run(node, [...flags, join(root, "scripts", "screenshots.ts"), ...rest]);
  },
};

const chosen = commands[command ?? ""];
if (chosen === undefined)
  fail(
    say(
      `Unknown command '${command ?? ""}'. One of: ${Object.keys(commands).join(", ")}.`,
      `「${command ?? ""}」というコマンドはありません。使用できるコマンド: ${Object.keys(commands).join(", ")}`,
    ),
  );
installPackages();
process.exitCode = await chosen(nodeProgram());
