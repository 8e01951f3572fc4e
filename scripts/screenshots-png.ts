/** Makes PNG files smaller without changing a pixel: the image data is compressed again as hard as zlib can. */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = 8;

/** A PNG with its IDAT chunks joined into one (PNG specification, third edition, section 5.3). */
export function recompressed(png: Buffer): Buffer {
  const chunks: Buffer[] = [png.subarray(0, SIGNATURE)];
  const data: Buffer[] = [];
  for (let at = SIGNATURE; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString("latin1", at + 4, at + 8);
    const whole = png.subarray(at, at + 12 + length);
    at += whole.length;
    if (type === "IDAT") data.push(whole.subarray(8, 8 + length));
    else if (type === "IEND")
      chunks.push(chunkOf("IDAT", deflateSync(inflateSync(Buffer.concat(data)), { level: 9, memLevel: 9 })), whole);
    else chunks.push(whole);
  }
  const smaller = Buffer.concat(chunks);
  return smaller.length < png.length ? smaller : png;
}

function chunkOf(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, "latin1");
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
