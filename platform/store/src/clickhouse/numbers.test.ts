/** Results of numbers out of Native format. */
import { expect, test } from "vitest";
import { encodeNative } from "./native.ts";
import { decodeNumbers } from "./numbers.ts";

const wide = [0n, 1n, 4_294_967_295n, 4_294_967_296n, 9_007_199_254_740_991n];
const block = (shift: number) =>
  encodeNative(
    {
      small: { type: "UInt8", values: Uint8Array.of(0, 1, 127, 128, 255) },
      port: { type: "UInt16", values: Uint16Array.of(0, 1, 502, 44_818, 65_535) },
      id: { type: "UInt64", values: BigUint64Array.from(wide) },
      signed: { type: "Int64", values: BigInt64Array.from(wide, (value) => -value) },
      delay: { type: "Int32", values: Int32Array.of(-1, -2_147_483_648, 0, 1, shift) },
      share: { type: "Float64", values: Float64Array.of(0.5, -1.25, 1e300, Number.EPSILON, 0) },
      hour: { type: "UInt32", values: Uint32Array.of(0, 3_600, 4_294_965_600, 1, 2) },
    },
    new Map([["hour", "DateTime('UTC')"]]),
  );

test("every width and sign, over several blocks, wherever they stand in memory", () => {
  for (const offset of [0, 1, 3]) {
    const bytes = Buffer.concat([Buffer.alloc(offset), block(1), block(2)]).subarray(offset);
    const { rows, column } = decodeNumbers(bytes);
    expect(rows).toBe(10);
    const twice = (values: readonly number[]): number[] => [...values, ...values];
    expect([...column("small")]).toEqual(twice([0, 1, 127, 128, 255]));
    expect([...column("port")]).toEqual(twice([0, 1, 502, 44_818, 65_535]));
    expect([...column("id")]).toEqual(twice(wide.map(Number)));
    expect([...column("signed")]).toEqual(twice(wide.map((value) => 0 - Number(value))));
    expect([...column("delay")]).toEqual([-1, -2_147_483_648, 0, 1, 1, -1, -2_147_483_648, 0, 1, 2]);
    expect([...column("share")]).toEqual(twice([0.5, -1.25, 1e300, Number.EPSILON, 0]));
    expect([...column("hour")]).toEqual(twice([0, 3_600, 4_294_965_600, 1, 2]));
  }
});

test("nothing came, what is no number, and bytes that end early", () => {
  const none = decodeNumbers(new Uint8Array(0));
  expect([none.rows, none.column("any").length]).toEqual([0, 0]);
  const text = encodeNative({ name: { type: "String", values: ["a"] } }, new Map());
  expect(() => decodeNumbers(text)).toThrow("column name is no number but String");
  const bytes = block(1);
  for (let length = 1; length < bytes.length; length++)
    expect(() => decodeNumbers(bytes.subarray(0, length)), String(length)).toThrow(/./);
  expect(() => decodeNumbers(bytes).column("other")).toThrow("no column other");
});
