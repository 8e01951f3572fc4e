/**
 * Capture through `tcpdump -w -`, where rings cannot be had. Without -U: tcpdump then writes whole buffers. SIGUSR1 makes it tell
 * what it captured and what the kernel dropped; SIGUSR2 (tcpdump 4.99) makes it hand over what it holds. The latter interrupts
 * tcpdump wherever it is and would tear the stream if that were in the midst of a packet: it is asked only when nothing was
 * captured since the question before. With more traffic the buffer (4 KiB) fills by itself.
 */
import { spawn } from "node:child_process";
import { CaptureStream, type OnPacket } from "@yagura/packets/capture-file.ts";
import { raise } from "./errors.ts";

/** KiB of the kernel's buffer. */
const BUFFER = 16_384;
const ASK_MS = 500;
const START_MS = 10_000;
const STOP_MS = 3_000;
/** Bytes of tcpdump's words that are kept. */
const WORDS = 4_096;

export interface Pipe {
  readonly name: string;
  /** Packets that the kernel dropped, by tcpdump's last word on it. */
  dropped(): number;
  /** Resolves after `stop`; rejects with CAPTURE_ENDED. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Starts tcpdump, which goes on as `user` when this process is root, and waits until it listens. Throws CAPTURE_PIPE_FAILED. */
export async function startPipe(
  name: string,
  options: { readonly promiscuous: boolean; readonly ignoreOutgoing: boolean },
  user: string,
  onPacket: OnPacket,
): Promise<Pipe> {
  const parameters = ["-i", name, "-nn", "-s", "0", "-B", String(BUFFER), "-w", "-"];
  if (!options.promiscuous) parameters.unshift("-p");
  if (options.ignoreOutgoing) parameters.unshift("-Q", "in");
  // It becomes the user that the sensor becomes: only then may the sensor still ask and stop it.
  if (process.getuid?.() === 0) parameters.unshift("-Z", user);
  const version = await tcpdumpVersion();
  const child = spawn("tcpdump", parameters, { stdio: ["ignore", "pipe", "pipe"] });
  const flushes = /version (4\.99|[5-9]|4\.[1-9]\d\d)/.test(version);
  const stream = new CaptureStream(name, onPacket);
  let [words, dropped, stopped, listening] = ["", 0, false, false];
  let [captured, capturedBefore] = [0, -1];
  let started: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    started = resolve;
  });
  child.stderr.on("data", (piece: Buffer) => {
    words = (words + piece.toString()).slice(-WORDS);
    const last = (pattern: RegExp, before: number): number =>
      Number([...words.matchAll(pattern)].at(-1)?.[1] ?? before);
    dropped = last(/(\d+) packets? dropped by kernel/g, dropped);
    captured = last(/(\d+) packets? captured/g, captured);
    if (words.includes("listening on")) started();
  });
  let fault: Error | null = null;
  child.stdout.on("data", (piece: Buffer) => {
    try {
      stream.push(piece);
    } catch (error) {
      fault = error as Error;
      child.kill("SIGKILL");
    }
  });
  const said = (): string => fault?.message ?? (words.trim().split("\n").at(-1) || "it ended without a word");
  const asking = setInterval(() => {
    if (!listening) return;
    if (flushes && captured === capturedBefore && captured > stream.parser.packets) child.kill("SIGUSR2");
    capturedBefore = captured;
    child.kill("SIGUSR1");
  }, ASK_MS);
  const ended = new Promise<void>((resolve, reject) => {
    child.on("error", (error) => reject(raise("CAPTURE_PIPE_FAILED", { name, told: error.message })));
    child.on("close", () => {
      clearInterval(asking);
      if (stopped) resolve();
      else reject(raise(listening ? "CAPTURE_ENDED" : "CAPTURE_PIPE_FAILED", { name, told: said() }));
    });
  });
  ended.catch(() => undefined);
  const late = setTimeout(() => child.kill("SIGKILL"), START_MS);
  try {
    await Promise.race([ready, ended]);
    listening = true;
  } finally {
    clearTimeout(late);
  }
  return {
    name,
    dropped: () => dropped,
    ended,
    stop() {
      stopped = true;
      child.kill("SIGINT");
      setTimeout(() => child.exitCode ?? child.kill("SIGKILL"), STOP_MS).unref();
    },
  };
}

/** What tcpdump says of itself; empty when it is not there. */
function tcpdumpVersion(): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn("tcpdump", ["--version"], { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (text += piece.toString()));
    child.on("error", () => resolve(""));
    child.on("close", () => resolve(text));
  });
}
