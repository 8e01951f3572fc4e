import { describe, expect, test } from "vitest";
import { dropPieces, MAX_PIECED, piecesOf } from "./pieces.ts";

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i + 1);

describe("a handshake in pieces", () => {
  test("any order, overlaps and repetitions; what came first stays", () => {
    const owner = {};
    const pieces = piecesOf(owner);
    expect(pieces.put(60, bytes, 60, 100)).toBe(true);
    expect(pieces.end).toBe(0);
    pieces.put(10, bytes, 10, 61);
    pieces.put(0, bytes, 0, 10);
    pieces.put(0, new Uint8Array(20), 0, 20);
    expect(pieces.end).toBe(100);
    expect(pieces.bytes.subarray(0, 100)).toEqual(bytes);
    expect(piecesOf(owner)).toBe(pieces);
    dropPieces(owner);
    expect(piecesOf(owner).end).toBe(0);
    dropPieces(owner);
  });
  test("its length is limited", () => {
    const owner = {};
    expect(piecesOf(owner).put(MAX_PIECED - 10, bytes, 0, 11)).toBe(false);
    expect(piecesOf(owner).put(MAX_PIECED - 10, bytes, 0, 10)).toBe(true);
    dropPieces(owner);
  });
  test("many at once push out the oldest, and a place that is given anew is empty", () => {
    const owners = Array.from({ length: 100 }, () => ({}));
    const places = new Set(
      owners.map((owner) => {
        const pieces = piecesOf(owner);
        expect(pieces.end).toBe(0);
        pieces.put(0, bytes, 0, 5);
        return pieces;
      }),
    );
    expect(places.size).toBe(32);
    expect(piecesOf(owners[99] as object).end).toBe(5);
    expect(piecesOf(owners[0] as object).end).toBe(0);
    for (const owner of owners) dropPieces(owner);
  });
});
