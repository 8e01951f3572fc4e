import { expect, test } from "vitest";
import { decodeText } from "./decode-text.ts";

test("UTF-8, with or without its mark, UTF-16 and Shift_JIS are read", () => {
  expect(decodeText(new TextEncoder().encode("名前,MAC"))).toBe("名前,MAC");
  expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("a");
  expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x61, 0x00, 0x2c, 0x00))).toBe("a,");
  // 名前 in Shift_JIS.
  expect(decodeText(Uint8Array.of(0x96, 0xbc, 0x91, 0x4f))).toBe("名前");
});

test("what is no text is refused", () => {
  expect(decodeText(Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0x00, 0x00, 0xff, 0xff))).toBeNull();
});
