/**
 * Messages between us and the engine's child process, over one stream socket.
 *
 * | u32 length of the rest | u32 length of head | head: JSON | body: bytes |      (little endian)
 */
import type { Readable, Writable } from "node:stream";

export interface Frame<Head> {
  readonly head: Head;
  readonly body: Uint8Array;
}

/** Bytes a frame may have; a longer one means that the stream is broken. */
export const FRAME_LIMIT = 1_000_000_000;

const nothing = new Uint8Array(0);

/** Sends one frame; resolves when the socket took it. */
export function sendFrame(to: Writable, head: object, body: Uint8Array = nothing): void {
  const text = Buffer.from(JSON.stringify(head));
  const front = Buffer.allocUnsafe(8);
  front.writeUInt32LE(4 + text.length + body.length, 0);
  front.writeUInt32LE(text.length, 4);
  to.cork();
  to.write(front);
  to.write(text);
  if (body.length > 0) to.write(body);
  to.uncork();
}

/** Calls `onFrame` for each whole frame. A malformed one destroys the stream. */
export function readFrames<Head>(from: Readable, onFrame: (frame: Frame<Head>) => void): void {
  let parts: Buffer[] = [];
  let have = 0;
  let need = 4;
  from.on("data", (chunk: Buffer) => {
    parts.push(chunk);
    have += chunk.length;
    while (have >= need) {
      const all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, have);
      const length = all.readUInt32LE(0);
      if (length < 4 || length > FRAME_LIMIT) return void from.destroy(new Error("malformed frame"));
      need = 4 + length;
      if (have < need) {
        parts = [all];
        return;
      }
      const head = all.readUInt32LE(4);
      onFrame({ head: JSON.parse(all.toString("utf8", 8, 8 + head)) as Head, body: all.subarray(8 + head, need) });
      const rest = all.subarray(need);
      parts = rest.length === 0 ? [] : [rest];
      have = rest.length;
      need = 4;
    }
  });
}
