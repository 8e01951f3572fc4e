/**
 * Network namespaces made by the test itself: as root directly, as an ordinary user inside a user namespace. A namespace lives
 * as long as its holder process, and the holder ends with the test, so that nothing is left behind.
 */
import { execFile, spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { userInfo } from "node:os";

export interface Output {
  readonly code: number;
  readonly out: string;
  readonly told: string;
}

export interface Namespace {
  /** Process whose namespaces these are. */
  readonly pid: number;
  /** Command and arguments that run a program inside. */
  enter(command: string, parameters: readonly string[]): [string, string[]];
  /** Runs a command to its end; rejects when it fails. */
  run(command: string, ...parameters: string[]): Promise<Output>;
  /** Like `run`, for several shell lines. */
  shell(lines: string): Promise<Output>;
  /** Starts a program inside. */
  spawn(command: string, parameters: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Starts a Node program (TypeScript file) inside. */
  node(file: string, parameters: readonly string[], options?: SpawnOptions): ChildProcess;
}

export interface Lab {
  /** A new network namespace with loopback up. */
  namespace(): Promise<Namespace>;
  /** A veth pair between two namespaces: names and addresses with prefix length, e.g. `10.1.0.1/24`. */
  link(
    a: { in: Namespace; name: string; addresses: string[] },
    b: { in: Namespace; name: string; addresses: string[] },
  ): Promise<void>;
  /** Ends every process of the lab. */
  close(): Promise<void>;
}

const root = userInfo().uid === 0;

/** Why labs cannot be made here, or null. Tests that need one say this when they fail. */
export async function labProblem(): Promise<string | null> {
  try {
    const lab = await openLab();
    await lab.namespace().finally(() => lab.close());
    return null;
  } catch (error) {
    return `network namespaces cannot be made here (${error instanceof Error ? error.message : String(error)})`;
  }
}

export async function openLab(): Promise<Lab> {
  const children: ChildProcess[] = [];
  const hold = async (command: string, parameters: string[]): Promise<number> => {
    const child = spawn(command, [...parameters, "sh", "-c", "echo ready; exec cat"], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    children.push(child);
    const ready = await Promise.race([
      once(child.stdout as NodeJS.ReadableStream, "data").then(() => true),
      once(child, "exit").then(() => false),
    ]);
    if (!ready) throw new Error(`${command} ${parameters.join(" ")}: ${String(child.stderr?.read() ?? "refused")}`);
    return child.pid as number;
  };
  // Every namespace is made inside one user namespace, so that links may cross between them.
  const user = root ? null : await hold("unshare", ["-Ur"]);
  const inUser = (command: string, parameters: string[]): [string, string[]] =>
    user === null
      ? [command, parameters]
      : ["nsenter", ["-t", String(user), "-U", "--preserve-credentials", command, ...parameters]];

  const namespace = async (): Promise<Namespace> => {
    const [command, parameters] = inUser("unshare", ["-n"]);
    const pid = await hold(command, parameters);
    const made = enterable(pid, children);
    await made.run("ip", "link", "set", "lo", "up");
    return made;
  };
  return {
    namespace,
    link: async (a, b) => {
      await a.in.run("ip", "link", "add", a.name, "type", "veth", "peer", "name", b.name, "netns", String(b.in.pid));
      for (const end of [a, b]) {
        for (const address of end.addresses)
          await end.in.run(
            "ip",
            "address",
            "add",
            address,
            "dev",
            end.name,
            ...(address.includes(":") ? ["nodad"] : []),
          );
        await end.in.run("ip", "link", "set", end.name, "up");
      }
    },
    close: async () => {
      await Promise.all(
        children.toReversed().map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const gone = once(child, "exit");
          child.kill("SIGKILL");
          await gone;
        }),
      );
    },
  };
}

function enterable(pid: number, children: ChildProcess[]): Namespace {
  const enter = (command: string, parameters: readonly string[]): [string, string[]] => [
    "nsenter",
    ["-t", String(pid), ...(root ? [] : ["-U", "--preserve-credentials"]), "-n", command, ...parameters],
  ];
  const run = (command: string, ...parameters: string[]): Promise<Output> =>
    new Promise((resolve, reject) => {
      const [file, all] = enter(command, parameters);
      execFile(file, all, { maxBuffer: 64 << 20 }, (error, out, told) => {
        if (error === null) resolve({ code: 0, out, told });
        else reject(new Error(`${command} ${parameters.join(" ")}: ${told.trim() || error.message}`));
      });
    });
  const start = (command: string, parameters: readonly string[], options: SpawnOptions = {}): ChildProcess => {
    const [file, all] = enter(command, parameters);
    const child = spawn(file, all, options);
    children.push(child);
    return child;
  };
  return {
    pid,
    enter,
    run,
    shell: (lines) => run("sh", "-ec", lines),
    spawn: start,
    node: (file, parameters, options) => start(process.execPath, [file, ...parameters], options),
  };
}
