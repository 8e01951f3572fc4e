/** Starts the packet generator inside a namespace. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Namespace } from "./namespace.ts";

export interface GeneratorSettings {
  readonly device: string;
  /** File with a JSON list of frames in base64. */
  readonly frames: string;
  /** Packets in all; the frames are sent round and round. */
  readonly packets: number;
  /** Packets a second; 0: as fast as it can. */
  readonly rate: number;
}
export interface Generated {
  readonly sent: number;
  /** Calls that the kernel refused (its queue was full). */
  readonly refused: number;
  readonly seconds: number;
}

/** Sends and resolves when all is sent. */
export async function generate(
  namespace: Namespace,
  settings: Omit<GeneratorSettings, "frames"> & { readonly frames: readonly Uint8Array[] },
): Promise<Generated> {
  const folder = mkdtempSync(join(tmpdir(), "generator-"));
  try {
    const frames = join(folder, "frames.json");
    writeFileSync(frames, JSON.stringify(settings.frames.map((frame) => Buffer.from(frame).toString("base64"))));
    const child = namespace.node(join(import.meta.dirname, "generator.ts"), [JSON.stringify({ ...settings, frames })], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, told] = ["", ""];
    child.stdout?.on("data", (piece: Buffer) => (out += piece.toString()));
    child.stderr?.on("data", (piece: Buffer) => (told += piece.toString()));
    await once(child, "close");
    if (out === "") throw new Error(`the generator sent nothing: ${told}`);
    return JSON.parse(out) as Generated;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
