/** A stand-in for the control plane's door inside a namespace: what an edge program there uploads, as a list. */
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newId } from "@yagura/core/ids.ts";
import type { Namespace } from "./namespace.ts";

export interface Received {
  readonly sequence: number;
  readonly kind: string;
  /** Of the request's body, compressed. */
  readonly bytes: number;
  readonly body: unknown;
}
export interface Receiver {
  readonly port: number;
  /** In the order of arrival. */
  readonly batches: readonly Received[];
  stop(): void;
}

/** Starts it; `port` 0 takes a free one. */
export async function startReceiver(namespace: Namespace, port = 0): Promise<Receiver> {
  const child = namespace.node(join(import.meta.dirname, "receiver.ts"), [String(port)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const batches: Received[] = [];
  let rest = "";
  const ready = new Promise<number>((resolve, reject) => {
    child.on("exit", () => reject(new Error("the receiver ended")));
    child.stdout?.on("data", (piece: Buffer) => {
      const lines = (rest + piece.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines)
        if (line.startsWith("{")) batches.push(JSON.parse(line) as Received);
        else resolve(Number(line));
    });
  });
  return { port: await ready, batches, stop: () => child.stdin?.end() };
}

/** A state folder as `runEdge` leaves it: enrolled with a server on loopback, and with a configuration. */
export function enrolledState(folder: string, port: number, services: Readonly<Record<string, unknown>>): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const privateKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  const server = `http://127.0.0.1:${port}`;
  const identity = { privateKey, device: newId(), organisation: newId(), server, authority: null, key: null };
  writeFileSync(join(folder, "identity.json"), JSON.stringify(identity), { mode: 0o600 });
  writeFileSync(join(folder, "configuration.json"), JSON.stringify({ version: 1, services }));
  return folder;
}
