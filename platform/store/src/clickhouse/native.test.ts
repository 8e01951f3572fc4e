/** Columns as a block of Native format, byte by byte. */
import { expect, test } from "vitest";
import { encodeNative, rowsOf } from "./native.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("numbers, a time, text and a UUID", () => {
  const block = encodeNative(
    {
      v: { type: "UInt32", values: Uint32Array.of(1, 258) },
      t: { type: "Int64", values: BigInt64Array.of(-1n, 2n) },
      s: { type: "String", values: ["a", "櫓"] },
      u: { type: "UUID", values: Buffer.from("00112233445566778899aabbccddeeff".repeat(2), "hex") },
    },
    new Map([
      ["v", "UInt32"],
      ["t", "DateTime64(6, 'UTC')"],
      ["s", "LowCardinality(String)"],
      ["u", "UUID"],
    ]),
  );
  const text = (value: string): string =>
    Buffer.from(value).length.toString(16).padStart(2, "0") + Buffer.from(value).toString("hex");
  const uuid = "7766554433221100ffeeddccbbaa9988";
  expect(hex(block)).toBe(
    [
      "0402",
      text("v") + text("UInt32") + "0100000002010000",
      text("t") + text("DateTime64(6, 'UTC')") + "ffffffffffffffff0200000000000000",
      text("s") + text("String") + "016103e6ab93",
      text("u") + text("UUID") + uuid + uuid,
    ].join(""),
  );
});

test.each([
  { length: 127, prefix: "7f" },
  { length: 128, prefix: "8001" },
  { length: 16_384, prefix: "808001" },
])("text of $length bytes has the length $prefix", ({ length, prefix }) => {
  const block = encodeNative({ s: { type: "String", values: ["x".repeat(length)] } }, new Map());
  expect(hex(block).slice("0101".length + 4 + 14)).toBe(prefix + "78".repeat(length));
});

test("a view into a larger buffer is encoded by itself", () => {
  const all = Uint32Array.of(9, 1, 2, 9);
  const block = encodeNative({ v: { type: "UInt32", values: all.subarray(1, 3) } }, new Map());
  expect(hex(block).endsWith("0100000002000000")).toBe(true);
});

test("rows are counted, and must be the same in every column", () => {
  expect(rowsOf({})).toBe(0);
  expect(rowsOf({ u: { type: "UUID", values: new Uint8Array(48) } })).toBe(3);
  expect(() =>
    rowsOf({ a: { type: "UInt8", values: new Uint8Array(2) }, b: { type: "UInt8", values: new Uint8Array(3) } }),
  ).toThrow("column b has 3 rows where others have 2");
});
