/**
 * Reads and thins out TrueType files (OpenType 1.9: table directory, `cmap` formats 4 and 12).
 *
 * Printing needs outlines, widths and the character map only. Without the layout tables (GSUB, GPOS …) the same text always
 * gives the same glyphs, one per character, so that text can be copied out of a document as it was put in; and the font need
 * not be read again for each document, which took a third of the time.
 */

/** Tables that printing horizontal text needs. */
const needed = new Set([
  "OS/2",
  "cmap",
  "cvt ",
  "fpgm",
  "glyf",
  "head",
  "hhea",
  "hmtx",
  "loca",
  "maxp",
  "name",
  "post",
  "prep",
]);

interface TableEntry {
  readonly tag: string;
  readonly checksum: number;
  readonly offset: number;
  readonly length: number;
}

//  0        4          6             8              10            12
// | version | numTables | searchRange | entrySelector | rangeShift | records of 16 bytes: tag, checksum, offset, length …
const HEADER = 12;
const RECORD = 16;

function directory(file: Buffer): TableEntry[] {
  return Array.from({ length: file.readUInt16BE(4) }, (_, index) => {
    const at = HEADER + RECORD * index;
    return {
      tag: file.toString("latin1", at, at + 4),
      checksum: file.readUInt32BE(at + 4),
      offset: file.readUInt32BE(at + 8),
      length: file.readUInt32BE(at + 12),
    };
  });
}

/** The same font with the tables that printing needs. */
export function thinned(file: Buffer): Buffer {
  const kept = directory(file).filter(({ tag }) => needed.has(tag));
  const aligned = (length: number): number => (length + 3) & ~3;
  const out = Buffer.alloc(kept.reduce((sum, { length }) => sum + aligned(length), HEADER + RECORD * kept.length));
  file.copy(out, 0, 0, 4);
  out.writeUInt16BE(kept.length, 4);
  let to = HEADER + RECORD * kept.length;
  for (const [index, { tag, checksum, offset, length }] of kept.entries()) {
    const at = HEADER + RECORD * index;
    out.write(tag, at, "latin1");
    out.writeUInt32BE(checksum, at + 4);
    out.writeUInt32BE(to, at + 8);
    out.writeUInt32BE(length, at + 12);
    file.copy(out, to, offset, offset + length);
    to += aligned(length);
  }
  return out;
}

/** Which Unicode code points have a glyph: one bit each. */
export function coverage(file: Buffer): (codePoint: number) => boolean {
  const bits = new Uint8Array(0x110000 / 8);
  const cmap = directory(file).find(({ tag }) => tag === "cmap");
  if (cmap === undefined) throw new Error("the font has no character map");
  for (let index = 0; index < file.readUInt16BE(cmap.offset + 2); index++) {
    const table = cmap.offset + file.readUInt32BE(cmap.offset + 4 + 8 * index + 4);
    const format = file.readUInt16BE(table);
    const ranges = format === 12 ? groups(file, table) : format === 4 ? segments(file, table) : [];
    for (const [first, last] of ranges) {
      for (let code = first; code <= last; code++) bits[code >> 3] = (bits[code >> 3] ?? 0) | (1 << (code & 7));
    }
  }
  return (code) => ((bits[code >> 3] ?? 0) & (1 << (code & 7))) !== 0;
}

//  0        2          4        8          12           16: groups of 12 bytes
// | format | reserved | length | language | numGroups | startCharCode, endCharCode, startGlyphID …
function groups(file: Buffer, table: number): [number, number][] {
  return Array.from({ length: file.readUInt32BE(table + 12) }, (_, index) => {
    const at = table + 16 + 12 * index;
    return [file.readUInt32BE(at), file.readUInt32BE(at + 4)];
  });
}

//  0        2        4          6           8 … 14              14
// | format | length | language | segCountX2 | search fields (6) | endCode[n] | reservedPad | startCode[n] …
function segments(file: Buffer, table: number): [number, number][] {
  const count = file.readUInt16BE(table + 6) / 2;
  const ranges = Array.from({ length: count }, (_, index): [number, number] => [
    file.readUInt16BE(table + 16 + 2 * count + 2 * index),
    file.readUInt16BE(table + 14 + 2 * index),
  ]);
  // The last segment (0xFFFF) ends the list and maps to no glyph.
  return ranges.filter(([first]) => first !== 0xffff);
}
