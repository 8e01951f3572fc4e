/** A small client of the public API for the flow tests. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Agent, fetch, type Response } from "undici";

const run = promisify(execFile);
export const bootstrap = new URL("../../scripts/bootstrap.mjs", import.meta.url).pathname;

/** Runs `npx yagura …`; rejects with its output when the status is not 0. */
export async function yagura(...argv: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [bootstrap, "yagura", ...argv], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.trim();
}

export interface Api {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  raw(method: string, path: string, body?: unknown): Promise<Response>;
}

/** Throws with the problem's text when the answer is not a success. `socketPath`: a relay into another namespace. */
export function api(url: string, token: string, socketPath?: string): Api {
  const dispatcher = new Agent(socketPath === undefined ? {} : { connect: { socketPath } });
  const raw = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      dispatcher,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const json = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await raw(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as T;
  };
  return { raw, get: (path) => json("GET", path), post: (path, body) => json("POST", path, body ?? {}) };
}

/** Asks until the answer satisfies, at most `seconds`; the last answer stands in the error. */
export async function until<T>(
  seconds: number,
  what: string,
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(`${what} did not happen within ${seconds} s: ${JSON.stringify(answer).slice(0, 2000)}`);
    }
    await new Promise((done) => setTimeout(done, 250));
  }
}
