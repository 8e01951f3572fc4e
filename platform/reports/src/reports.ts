/**
 * Documents as PDF. Printing is work of tens of milliseconds, of seconds for thousands of lines, so it is done by a few threads
 * beside the caller's; they start with the first document and end when there was nothing to print for a while.
 */
import { Worker } from "node:worker_threads";
import type { Language } from "@yagura/core/errors.ts";
import { raise } from "./errors.ts";
import type { Answer, Order } from "./orders.ts";
import type { DocumentContent, DocumentKind } from "./shapes.ts";

/** Documents printed at the same time. */
const THREADS = 2;
/** Documents that wait; more are refused with DOCUMENT_PRINTER_BUSY. */
export const MAX_WAITING = 500;
/** Megabytes of heap of one thread; a document that needs more fails, and the thread is replaced. */
const HEAP_MB = 512;
/** Milliseconds for one document. */
const DEADLINE = 120_000;
/** Milliseconds without work after which a thread ends. */
const IDLE = 60_000;

interface Job {
  readonly order: Order;
  readonly done: (bytes: Uint8Array) => void;
  readonly failed: (error: Error) => void;
}
interface Thread {
  readonly worker: Worker;
  job: Job | null;
  timer: NodeJS.Timeout | undefined;
}

const waiting: Job[] = [];
const threads = new Set<Thread>();

/**
 * Prints a document of a kind. The same content and language give the same bytes, as long as Node and the font stay the same.
 * DOCUMENT_CHARACTER_MISSING names a character that the font lacks; DOCUMENT_SUMS_DIFFER; DOCUMENT_PRINTER_BUSY when too many
 * documents wait; DOCUMENT_PRINTER_FAILED.
 */
export async function renderDocument<K extends DocumentKind>(
  kind: K,
  content: DocumentContent[K],
  language: Language,
): Promise<Uint8Array> {
  if (waiting.length >= MAX_WAITING) throw raise("DOCUMENT_PRINTER_BUSY", { waiting: waiting.length });
  return new Promise((done, failed) => {
    waiting.push({ order: { kind, content, language }, done, failed });
    dispatch();
  });
}

/** Ends the threads that have nothing to do; what is being printed is finished first. */
export async function closePrinters(): Promise<void> {
  await Promise.all([...threads].filter(({ job }) => job === null).map(end));
}

function dispatch(): void {
  while (waiting.length > 0) {
    const free = [...threads].find(({ job }) => job === null) ?? (threads.size < THREADS ? start() : undefined);
    if (free === undefined) return;
    give(free, waiting.shift() as Job);
  }
}

function start(): Thread {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    name: "printer",
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const thread: Thread = { worker, job: null, timer: undefined };
  worker.on("message", (answer: Answer) => answered(thread, answer));
  worker.on("error", (error) => lost(thread, error.message));
  worker.on("exit", () => lost(thread, "the thread ended"));
  threads.add(thread);
  return thread;
}

function give(thread: Thread, job: Job): void {
  clearTimeout(thread.timer);
  thread.job = job;
  thread.timer = setTimeout(() => lost(thread, `no document after ${DEADLINE / 1000} s`), DEADLINE);
  // A thread with work keeps the process alive, an idle one does not.
  thread.worker.ref();
  thread.worker.postMessage(job.order);
}

function answered(thread: Thread, answer: Answer): void {
  const { job } = thread;
  clearTimeout(thread.timer);
  thread.job = null;
  thread.worker.unref();
  thread.timer = setTimeout(() => void end(thread), IDLE).unref();
  if ("bytes" in answer) job?.done(answer.bytes);
  else if ("code" in answer) job?.failed(raise(answer.code as Parameters<typeof raise>[0], answer.parameters));
  else job?.failed(raise("DOCUMENT_PRINTER_FAILED", { reason: answer.failed }));
  dispatch();
}

/** The thread is gone or stuck: its document fails, the others go on with a new one. */
function lost(thread: Thread, reason: string): void {
  if (!threads.has(thread)) return;
  const { job } = thread;
  void end(thread);
  job?.failed(raise("DOCUMENT_PRINTER_FAILED", { reason }));
  dispatch();
}

async function end(thread: Thread): Promise<void> {
  threads.delete(thread);
  clearTimeout(thread.timer);
  await thread.worker.terminate();
}
