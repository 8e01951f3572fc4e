/**
 * Takes batches of an edge program inside a namespace, on loopback, and prints each as a JSON line: `{ sequence, kind, body }`.
 * Runs as a program of its own (see `startReceiver`): `node receiver.ts`; prints its port first, ends with its standard input.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { zstdDecompressSync } from "node:zlib";
import type { AnyBatch, BatchAnswer } from "@yagura/wire/envelope.ts";

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  const { sequence, kind, body } = JSON.parse(zstdDecompressSync(bytes).toString()) as AnyBatch;
  process.stdout.write(`${JSON.stringify({ sequence, kind, bytes: bytes.length, body })}\n`);
  const now = Date.now() * 1000;
  const answer: BatchAnswer = { sequence, duplicate: false, receivedAt: now, answeredAt: now };
  response.end(JSON.stringify(answer));
}

const server = createServer((request, response) => {
  if (request.method === "POST") void take(request, response);
  // The configuration stream: open and silent.
  else response.writeHead(200).flushHeaders();
});
server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () =>
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`),
);
process.stdin.resume().on("end", () => process.exit(0));
