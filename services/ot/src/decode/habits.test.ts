import { describe, expect, test } from "vitest";
import { concat, hex, ipFrame, pseudoChecksum, u16, u32, type Host } from "@yagura/packets/build/frames.ts";
import { TEST_TIME } from "@yagura/packets/build/conversation.ts";
import { openQuicInitial, sha256 } from "@yagura/packets/node/primitives.ts";
import { dissectors } from "../protocols/registry.ts";
import { rowsOf, type MetadataBody } from "../wire/metadata.ts";
import { attributes, protocols } from "../wire/vocabulary.ts";
import { createEngine } from "./engine.ts";

const linux: Host = { mac: "02:00:00:00:00:01", address: "192.0.2.1" };
const windows: Host = { mac: "02:00:00:00:00:02", address: "192.0.2.2" };
const server: Host = { mac: "02:00:00:00:00:03", address: "192.0.2.3" };
const far: Host = { mac: "02:00:00:00:00:04", address: "2001:db8::4" };
const farServer: Host = { mac: "02:00:00:00:00:03", address: "2001:db8::3" };

/** A SYN with its options, as a stack sends it. */
function syn(from: Host, to: Host, port: number, window: number, options: string, ttl: number): Uint8Array {
  const bytes = hex(options);
  const segment = concat(
    u16(port),
    u16(502),
    u32(7),
    u32(0),
    Uint8Array.of(((20 + bytes.length) / 4) << 4, 2),
    u16(window),
    u32(0),
    bytes,
  );
  segment.set(u16(pseudoChecksum(from.address, to.address, 6, segment)), 16);
  return ipFrame(from, to, 6, segment, { ttl });
}
// MSS 1460, SACK permitted, time stamps, NOP, scale 7
const linuxOptions = "020405b4 0402 080a 00000001 00000000 01 030307";
// MSS 1460, NOP, scale 8, NOP, NOP, SACK permitted
const windowsOptions = "020405b4 01 030308 0101 0402";

function told(frames: readonly Uint8Array[], attribute = "tcp-fingerprint"): { address: string; signature: string }[] {
  const engine = createEngine({ dissectors, primitives: { sha256, openQuicInitial } });
  for (const [i, frame] of frames.entries())
    engine.packet(frame, 0, frame.length, frame.length, TEST_TIME + i * 1_000, 1, 0);
  const body = engine.take(TEST_TIME + 1e6) as unknown as MetadataBody;
  const endpoints = [...rowsOf(body, "endpoints")];
  return [...rowsOf(body, "identities")]
    .filter((row) => attributes[row.attribute] === attribute && row.protocol === protocols.tcp.id)
    .map((row) => ({
      address: body.texts[endpoints[row.endpoint]?.address ?? -1] ?? "",
      signature: body.texts[row.value] ?? "",
    }))
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

describe("OT-7 the habits of a TCP", () => {
  test("a connection's first segment tells the family of its sender, also over IPv6 and some hops away", () => {
    const frames = [
      syn(linux, server, 50_000, 64_240, linuxOptions, 64),
      syn(windows, server, 50_001, 64_240, windowsOptions, 127),
      syn(far, farServer, 50_002, 64_800, linuxOptions, 60),
    ];
    expect(told(frames)).toEqual([
      { address: "192.0.2.1", signature: "4:64:m44,7:mss,sok,ts,nop,ws:" },
      { address: "192.0.2.2", signature: "4:128:m44,8:mss,nop,ws,nop,nop,sok:" },
      { address: "2001:db8::4", signature: "6:64:64800,7:mss,sok,ts,nop,ws:" },
    ]);
    expect(told(frames, "os").map(({ signature }) => signature)).toEqual([
      "Linux 4.19 or later",
      "Windows 10 or later",
      "Linux",
    ]);
  });

  test("many connections tell it once in an interval; a SYN without options tells that too", () => {
    const frames = Array.from({ length: 50 }, (_, i) => syn(linux, server, 50_000 + i, 64_240, linuxOptions, 64));
    expect(told(frames)).toHaveLength(1);
    expect(told([syn(linux, server, 50_000, 1_024, "", 64)])[0]?.signature).toBe("4:64:1024,-::");
  });

  test("options that run over their end tell nothing", () => {
    expect(told([syn(linux, server, 50_000, 64_240, "0240 05b4", 64)])).toEqual([]);
  });
});
