import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concat } from "../build/frames.ts";
import { udpConversation } from "../build/conversation.ts";
import { writePcap, writePcapng } from "../build/capture-files.ts";
import { readCapture, readCaptureFrom } from "./open-capture.ts";

const frames = udpConversation(
  {
    client: { mac: "02:00:00:00:00:01", address: "192.0.2.1" },
    server: { mac: "02:00:00:00:00:02", address: "192.0.2.2" },
    serverPort: 9,
  },
  Array.from({ length: 40 }, (_, i) => ({ from: "client" as const, bytes: new Uint8Array(i * 7) })),
);
const wanted = frames.map(({ time, frame }) => [time, frame.length, frame.length, 1, 0]);

let folder = "";
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "capture-"))));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(bytes: Uint8Array): Promise<{ packets: number[][]; error: string | null }> {
  const path = join(folder, "capture.pcap");
  writeFileSync(path, bytes);
  const packets: number[][] = [];
  try {
    await readCapture(path, (_, from, to, wire, time, linkType, face) => {
      packets.push([time, to - from, wire, linkType, face]);
    });
    return { packets, error: null };
  } catch (error) {
    return { packets, error: (error as { code: string }).code };
  }
}

describe("OST-T01 capture files", () => {
  test.each([
    { name: "pcap, little endian, µs", bytes: writePcap(frames) },
    { name: "pcap, big endian, µs", bytes: writePcap(frames, { bigEndian: true }) },
    { name: "pcap, little endian, ns", bytes: writePcap(frames, { nanoseconds: true }) },
    { name: "pcap, big endian, ns", bytes: writePcap(frames, { bigEndian: true, nanoseconds: true }) },
    { name: "pcapng, little endian", bytes: writePcapng([{ linkType: 1 }], frames) },
    { name: "pcapng, big endian", bytes: writePcapng([{ linkType: 1 }], frames, true) },
    { name: "pcapng, ns", bytes: writePcapng([{ linkType: 1, resolution: 9 }], frames) },
    { name: "pcapng, big endian, ns", bytes: writePcapng([{ linkType: 1, resolution: 9 }], frames, true) },
    { name: "pcapng with a time offset", bytes: writePcapng([{ linkType: 1, offset: 1_600_000_000 }], frames) },
    { name: "gzip", bytes: gzipSync(writePcap(frames)) },
    { name: "Zstandard", bytes: zstdCompressSync(writePcapng([{ linkType: 1 }], frames)) },
  ])("$name", async ({ bytes }) => {
    expect(await read(bytes)).toEqual({ packets: wanted, error: null });
  });

  test("times in powers of two are right to a microsecond", async () => {
    const { packets } = await read(writePcapng([{ linkType: 1, resolution: 0x80 + 32 }], frames));
    for (const [i, packet] of packets.entries())
      expect(Math.abs((packet[0] as number) - (frames[i]?.time as number))).toBeLessThanOrEqual(1);
  });

  test("several interfaces with link types of their own, and several sections", async () => {
    const one = writePcapng(
      [{ linkType: 1, name: "eth0" }, { linkType: 113 }],
      frames.slice(0, 4).map((packet, i) => ({ ...packet, interface: i % 2 })),
    );
    const { packets } = await read(concat(one, writePcapng([{ linkType: 101 }], frames.slice(0, 1), true)));
    expect(packets.map(([, , , linkType, face]) => [linkType, face])).toEqual([
      [1, 0],
      [113, 1],
      [1, 0],
      [113, 1],
      [101, 2],
    ]);
  });

  test("a capture that kept only the beginnings tells both lengths", async () => {
    const { packets } = await read(writePcap(frames.slice(30, 31), { snapLength: 64 }));
    expect(packets).toEqual([[frames[30]?.time, 64, frames[30]?.frame.length, 1, 0]]);
  });

  test("pieces cut anywhere give the same", async () => {
    const bytes = writePcapng([{ linkType: 1 }], frames);
    for (const size of [1, 3, 17, 100, 4_000]) {
      const times: number[] = [];
      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
      };
      await readCaptureFrom(pieces(), "x", (_, from, to, __, time) => void times.push(time, to - from));
      expect(times).toEqual(frames.flatMap(({ time, frame }) => [time, frame.length]));
    }
  });
});

describe("damaged captures", () => {
  const whole = writePcap(frames);
  const block = writePcapng([{ linkType: 1 }], frames);
  const broken = (bytes: Uint8Array, at: number): Uint8Array => {
    const copy = Uint8Array.from(bytes);
    copy.fill(0xff, at, at + 4);
    return copy;
  };
  const record = 24 + 10 * 16 + frames.slice(0, 10).reduce((sum, { frame }) => sum + frame.length, 0);

  test.each([
    { name: "nothing", bytes: new Uint8Array(0), code: "CAPTURE_FORMAT_UNKNOWN", packets: 0 },
    { name: "a text", bytes: Buffer.from("no capture at all, only words"), code: "CAPTURE_FORMAT_UNKNOWN", packets: 0 },
    { name: "cut in a packet", bytes: whole.subarray(0, -3), code: "CAPTURE_CUT", packets: 39 },
    { name: "a length that cannot be", bytes: broken(whole, record + 8), code: "CAPTURE_DAMAGED", packets: 10 },
    { name: "pcapng cut", bytes: block.subarray(0, -3), code: "CAPTURE_CUT", packets: 39 },
    { name: "gzip cut", bytes: gzipSync(whole).subarray(0, -9), code: "CAPTURE_COMPRESSION_DAMAGED", packets: null },
    {
      name: "Zstandard cut",
      bytes: zstdCompressSync(whole).subarray(0, -9),
      code: "CAPTURE_COMPRESSION_DAMAGED",
      packets: null,
    },
  ])("$name", async ({ bytes, code, packets }) => {
    const got = await read(bytes);
    expect(got.error).toBe(code);
    if (packets !== null) expect(got.packets).toEqual(wanted.slice(0, packets));
  });

  test("a file that is not there", async () => {
    await expect(readCapture(join(folder, "absent"), () => {})).rejects.toMatchObject({ code: "CAPTURE_UNREADABLE" });
    await expect(readCapture(folder, () => {})).rejects.toMatchObject({ code: "CAPTURE_UNREADABLE" });
  });
});
