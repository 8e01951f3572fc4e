/** Makes PNG files smaller without changing a pixel: unfiltered where that packs better (flat pages do), and as hard as zlib can. */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = 8;
const RGB = 2;
const RGBA = 6;

interface Chunk {
  readonly type: string;
  readonly whole: Buffer;
  readonly data: Buffer;
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at < png.length;) {
    const length = png.readUInt32BE(at);
    const whole = png.subarray(at, at + 12 + length);
    chunks.push({ type: png.toString("latin1", at + 4, at + 8), whole, data: whole.subarray(8, 8 + length) });
    at += whole.length;
  }
  return chunks;
}

/** A PNG with its IDAT chunks joined into one (PNG specification, third edition, section 5.3). */
export function recompressed(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const header = (chunks[0] as Chunk).data;
  const rows = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data)));
  const packed = [rows, unfiltered(rows, header)].map((each) => deflateSync(each, { level: 9, memLevel: 9 }));
  const [best] = packed.toSorted((a, b) => a.length - b.length) as [Buffer];
  const kept = chunks.filter(({ type }) => type !== "IDAT" && type !== "IEND").map(({ whole }) => whole);
  const smaller = Buffer.concat([
    png.subarray(0, SIGNATURE),
    ...kept,
    chunkOf("IDAT", best),
    chunkOf("IEND", Buffer.alloc(0)),
  ]);
  return smaller.length < png.length ? smaller : png;
}

/** Scanlines with filter 0 (section 9.2); those of other than eight bits of red, green and blue, or interlaced, stay as they are. */
function unfiltered(rows: Buffer, header: Buffer): Buffer {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colour, interlace] = [header[8], header[9], header[12]];
  if (depth !== 8 || (colour !== RGB && colour !== RGBA) || interlace !== 0) return rows;
  const size = colour === RGB ? 3 : 4;
  const line = width * size + 1;
  const out = Buffer.alloc(rows.length);
  const octet = (y: number, x: number): number => (y < 0 || x < 0 ? 0 : (out[y * line + 1 + x] as number));
  for (let y = 0; y < height; y++) {
    const filter = rows[y * line] as number;
    for (let x = 0; x < line - 1; x++) {
      const [a, b, c] = [octet(y, x - size), octet(y - 1, x), octet(y - 1, x - size)];
      out[y * line + 1 + x] = (rows[y * line + 1 + x] as number) + predicted(filter, a, b, c);
    }
  }
  return out;
}

/** `a` stands to the left, `b` above, `c` above to the left. */
function predicted(filter: number, a: number, b: number, c: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return a;
  if (filter === 2) return b;
  if (filter === 3) return (a + b) >> 1;
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
}

function chunkOf(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, "latin1");
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
