/** Runs the engine over a capture in a process of its own: a file from outside must not be able to take the server down with it. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../programs/yagura/src/main.ts", import.meta.url));
/** Milliseconds that an analysis may take. */
const WITHIN = 10 * 60_000;
/** MB of JavaScript memory of the process. */
const MEMORY = 1_024;
/** Bytes of its answer. */
const MOST_OUT = 64 * 1024 * 1024;
/** Bytes of its complaint that are kept. */
const MOST_ERROR = 4_096;

const DAMAGED = 2;
function answerOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
/** Packets that an analysis has read. */
export function packetsOf(result: unknown): number {
  const { packets } = result as { packets?: unknown };
  return typeof packets === "number" ? packets : 0;
}

/** A file of declared protocols that the capture is read with; `tried`: the one in it is tried. */
export interface DeclaredFile {
  readonly file: string;
  readonly tried: boolean;
}

/**
 * What `yagura ot analyse --json` (or `test-parser --json`) prints of the file. Throws an Error with the program's own words, or when it takes too long or
 * answers too much.
 */
export function analyseFile(file: string, declared: DeclaredFile | null = null): Promise<unknown> {
  const command =
    declared === null
      ? ["analyse"]
      : declared.tried
        ? ["test-parser", "--parser", declared.file]
        : ["analyse", "--parsers", declared.file];
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${MEMORY}`, program, "ot", ...command, "--json", file],
      // Nothing of the server's surroundings: its secrets are in there.
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { PATH: process.env["PATH"] ?? "" },
        timeout: WITHIN,
        killSignal: "SIGKILL",
      },
    );
    const out: Buffer[] = [];
    let [size, complaint] = [0, ""];
    child.stdout.on("data", (part: Buffer) => {
      size += part.length;
      if (size > MOST_OUT) child.kill("SIGKILL");
      else out.push(part);
    });
    child.stderr.on("data", (part: Buffer) => {
      if (complaint.length < MOST_ERROR) complaint += part.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (size > MOST_OUT) return reject(new Error("the result is longer than 64 MB"));
      if (signal !== null) return reject(new Error(`the analysis was ended by ${signal} (memory or time ran out)`));
      const found = answerOf(Buffer.concat(out).toString("utf8"));
      // Status 2: the file is damaged; what could be read of it is told all the same.
      if (found !== null && (code === 0 || (code === DAMAGED && packetsOf(found) > 0))) resolve(found);
      else reject(new Error(complaint.trim().slice(0, MOST_ERROR) || `exit status ${code}`));
    });
  });
}
