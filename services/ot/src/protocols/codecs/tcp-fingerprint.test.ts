import { describe, expect, test } from "vitest";
import { bytesOf } from "../../../../../tests/support/dissect.ts";
import { tcpFingerprint } from "./tcp-fingerprint.ts";

const MSS = "020405b4"; // 1460
const SACK = "0402";
const TS = "080a 00000001 00000000";
const scale = (by: number): string => `0303 0${by}`;
const of = (ttl: number, window: number, options: string): ReturnType<typeof tcpFingerprint> => {
  const bytes = bytesOf(options);
  return tcpFingerprint(4, ttl, true, window, bytes, 0, bytes.length);
};

describe("TCP fingerprints", () => {
  test.each([
    { name: "Linux 4.19 or later", ttl: 62, window: 64_240, options: `${MSS}${SACK}${TS}01${scale(7)}`, signature: "4:64:m44,7:mss,sok,ts,nop,ws:df" }, // prettier-ignore
    { name: "Linux 3.11 to 4.18", ttl: 64, window: 29_200, options: `${MSS}${SACK}${TS}01${scale(7)}`, signature: "4:64:m20,7:mss,sok,ts,nop,ws:df" }, // prettier-ignore
    { name: "Windows 10 or later", ttl: 128, window: 64_240, options: `${MSS}01${scale(8)}0101${SACK}`, signature: "4:128:m44,8:mss,nop,ws,nop,nop,sok:df" }, // prettier-ignore
    { name: "Windows Vista to 8.1 or Server 2008 to 2012", ttl: 127, window: 8_192, options: `${MSS}01${scale(2)}0101${SACK}`, signature: "4:128:8192,2:mss,nop,ws,nop,nop,sok:df" }, // prettier-ignore
    { name: "macOS or iOS", ttl: 64, window: 65_535, options: `${MSS}01${scale(6)}0101${TS}${SACK}0000`, signature: "4:64:65535,6:mss,nop,ws,nop,nop,ts,sok,eol1:df" }, // prettier-ignore
    { name: "embedded stack (VxWorks, lwIP or alike)", ttl: 60, window: 8_192, options: MSS, signature: "4:64:8192,-:mss:df" }, // prettier-ignore
    { name: "", ttl: 64, window: 1_000, options: "01", signature: "4:64:1000,-:nop:df" },
  ])("$signature", ({ name, ttl, window, options, signature }) =>
    expect(of(ttl, window, options)).toEqual({ signature, os: name }),
  );

  test("malformed options give nothing", () => {
    expect(of(64, 1, "0200")).toBeNull();
    expect(of(64, 1, "020a05")).toBeNull();
  });
});
