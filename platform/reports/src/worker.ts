/** A thread that prints one document at a time, so that long ones hold up nobody else. Started by reports.ts. */
import { parentPort } from "node:worker_threads";
import { YaguraError } from "@yagura/core/errors.ts";
import { printDocument } from "./documents.ts";
import type { Answer, Order } from "./orders.ts";

const port = parentPort;
if (port === null) throw new Error("worker.ts is started as a worker thread");

async function answer({ kind, content, language }: Order): Promise<Answer> {
  try {
    return { bytes: await printDocument(kind, content as never, language) };
  } catch (error) {
    if (error instanceof YaguraError) return { code: error.code, parameters: error.parameters };
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

port.on("message", (order: Order) => void answer(order).then((said) => port.postMessage(said)));
