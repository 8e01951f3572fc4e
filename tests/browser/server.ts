/** A control plane of its own for a browser test: a fresh data folder, a free port, the built portal. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
/** Milliseconds until a first start must be ready on a busy machine. */
const READY_WITHIN = 90_000;
const STOP_WITHIN = 20_000;

export interface ControlPlane {
  /** `http://localhost:PORT`, without a trailing slash: passkeys need the name, not the number. */
  readonly url: string;
  /** The single-use link of the first administrator. */
  readonly signInLink: string;
  readonly dataFolder: string;
  stop(): Promise<void>;
}

export async function startControlPlane(): Promise<ControlPlane> {
  if (!existsSync(join(root, "programs/portal/dist/index.html"))) {
    throw new Error("The portal is not built. Run `npm test`, or `npx vite build` in programs/portal.");
  }
  const data = await mkdtemp(join(tmpdir(), "yagura-web-"));
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [join(root, "programs/control-plane/src/main.ts"), "--data", data, "--port", String(port)],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, YAGURA_SMTP_URL: "" } },
  );
  try {
    const signInLink = await readyLine(child);
    return {
      url: `http://localhost:${port}`,
      signInLink,
      dataFolder: data,
      stop: async () => {
        child.removeAllListeners("exit");
        await stop(child);
        await rm(data, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await stop(child);
    await rm(data, { recursive: true, force: true });
    throw error;
  }
}

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "localhost", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });

/** Waits for the two lines that a start prints; rejects with what the program said when it ends before. */
function readyLine(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "";
    let ready = false;
    const timer = setTimeout(() => failed(new Error(`not ready within ${READY_WITHIN} ms:\n${said}`)), READY_WITHIN);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const link = /^sign-in (\S+)$/m.exec(said)?.[1];
      if (link === undefined || ready) return;
      ready = true;
      clearTimeout(timer);
      found(link);
      child.once("exit", (status, signal) =>
        console.error(`the control plane ended by itself (${status ?? signal}):\n${said}`),
      );
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (status) => {
      clearTimeout(timer);
      if (!ready) failed(new Error(`the control plane ended with status ${status}:\n${said}`));
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((done) => void child.once("exit", () => done()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN);
  await ended;
  clearTimeout(timer);
}
