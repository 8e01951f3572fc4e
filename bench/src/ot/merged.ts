/** The capture that decoding is measured on: all Ethernet captures of the corpus merged by time, or a synthetic plant without it. */
import { closeSync, existsSync, globSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { tcpConversation, udpConversation, type Timed } from "@yagura/packets/build/conversation.ts";
import { arp, u16, type Host } from "@yagura/packets/build/frames.ts";
import { readCapture } from "@yagura/packets/node/open-capture.ts";

const START = 1_760_000_000_000_000;
/** µs. */
const MAX_SILENCE = 10_000;

export interface Merged {
  readonly path: string;
  readonly packets: number;
  /** On the wire. */
  readonly bytes: number;
  readonly what: string;
}

/** Folder of the corpus's captures, null where there is none. */
export function corpusFolder(): string | null {
  const root = process.env["YAGURA_CORPUS"] ?? new URL("../../../../shared/corpus", import.meta.url).pathname;
  const folder = join(root, "ot");
  return existsSync(folder) ? folder : null;
}

/** Packets behind each other in growing buffers, with their times. */
class Heap {
  #bytes = Buffer.alloc(64 << 20);
  #end = 0;
  readonly records: { time: number; at: number; kept: number; wire: number }[] = [];

  add(bytes: Uint8Array, from: number, to: number, wire: number, time: number): void {
    const kept = to - from;
    if (this.#end + kept > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * this.#bytes.length);
    this.#bytes.set(bytes.subarray(from, to), this.#end);
    this.records.push({ time, at: this.#end, kept, wire });
    this.#end += kept;
  }

  /** Writes all in the order of time, `times` times with the clock going on, each time for hosts of other addresses. */
  write(path: string, times: number): { packets: number; bytes: number } {
    this.records.sort((a, b) => a.time - b.time);
    const shift = (this.records.at(-1)?.time ?? 0) - (this.records[0]?.time ?? 0) + 1e6;
    const file = openSync(path, "w");
    const chunk = Buffer.alloc(4 << 20);
    chunk.writeUInt32LE(0xa1b2_c3d4, 0);
    chunk.writeUInt16LE(2, 4);
    chunk.writeUInt16LE(4, 6);
    chunk.writeUInt32LE(262_144, 16);
    chunk.writeUInt32LE(1, 20);
    let at = 24;
    let bytes = 0;
    for (let round = 0; round < times; round++) {
      for (const { time, at: from, kept, wire } of this.records) {
        if (at + 16 + kept > chunk.length) {
          writeSync(file, chunk, 0, at);
          at = 0;
        }
        const then = time + round * shift;
        chunk.writeUInt32LE(Math.floor(then / 1e6) >>> 0, at);
        chunk.writeUInt32LE(then % 1e6, at + 4);
        chunk.writeUInt32LE(kept, at + 8);
        chunk.writeUInt32LE(wire, at + 12);
        this.#bytes.copy(chunk, at + 16, from, from + kept);
        if (round > 0) elsewhere(chunk, at + 16, at + 16 + kept, round);
        at += 16 + kept;
        bytes += wire;
      }
    }
    writeSync(file, chunk, 0, at);
    closeSync(file);
    return { packets: this.records.length * times, bytes };
  }
}

/**
 * Gives a frame's hosts other addresses, so that a repetition is a plant of its own and not retransmissions of the first one:
 * one byte of both addresses of IPv4 and IPv6 is changed, and the checksums with it (RFC 1624). Groups stay.
 */
function elsewhere(b: Buffer, frame: number, end: number, round: number): void {
  let at = frame + 14;
  if (at + 44 > end) return;
  let type = b.readUInt16BE(at - 2);
  if (type === 0x8100) {
    type = b.readUInt16BE(at + 2);
    at += 4;
  }
  const four = type === 0x0800;
  if (!four && type !== 0x86dd) return;
  const size = four ? 4 : 16;
  const first = at + (four ? 12 : 8);
  const transport = four ? at + ((b[at] as number) & 15) * 4 : at + 40;
  const protocol = b[at + (four ? 9 : 6)];
  const whole = !four || (b.readUInt16BE(at + 6) & 0x3fff) === 0;
  const sumAt = whole && protocol === 6 ? transport + 16 : whole && protocol === 17 ? transport + 6 : -1;
  for (const address of [first, first + size]) {
    const lead = b[address] as number;
    if (four ? lead >= 224 || lead === 0 : lead >= 0xfe) continue;
    const place = address + (four ? 0 : 6);
    const before = b.readUInt16BE(place);
    b[place + 1] = (b[place + 1] as number) ^ round;
    const after = b.readUInt16BE(place);
    if (four) amend(b, at + 10, before, after);
    if (sumAt > 0 && sumAt + 2 <= end && (protocol === 6 || b.readUInt16BE(sumAt) !== 0))
      amend(b, sumAt, before, after);
  }
}

/** Amends an Internet checksum after a word was changed (RFC 1624, equation 3). */
function amend(b: Buffer, at: number, before: number, after: number): void {
  let sum = (~b.readUInt16BE(at) & 0xffff) + (~before & 0xffff) + after;
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  b.writeUInt16BE(~sum & 0xffff, at);
}

/**
 * Writes the merged capture into a folder, as often over as `least` packets need. The captures of one origin follow each other, the origins run side by side, as the
 * cells of a plant do (one origin's captures share addresses); silences are cut to MAX_SILENCE.
 */
export async function mergedCapture(folder: string, least: number): Promise<Merged> {
  const corpus = corpusFolder();
  const heap = new Heap();
  let files = 0;
  if (corpus === null) for (const { time, frame } of plant()) heap.add(frame, 0, frame.length, frame.length, time);
  else {
    const lanes = new Map<string, number>();
    for (const file of globSync("**/*.{pcap,pcapng,cap,trace}", { cwd: corpus }).toSorted()) {
      const before = heap.records.length;
      const lane = file.split("/", 1)[0] as string;
      let now = (lanes.get(lane) ?? START) + MAX_SILENCE;
      let last: number | null = null;
      try {
        await readCapture(join(corpus, file), (bytes, from, to, wire, time, linkType) => {
          if (linkType !== 1) return;
          now += last === null ? 0 : Math.max(0, Math.min(MAX_SILENCE, time - last));
          last = time;
          heap.add(bytes, from, to, wire, now);
        });
      } catch {
        // Damaged ones count as far as they go.
      }
      lanes.set(lane, now);
      if (heap.records.length > before) files++;
    }
  }
  const times = Math.ceil(least / heap.records.length);
  const path = join(folder, `merged-${times}.pcap`);
  const { packets, bytes } = heap.write(path, times);
  const source = corpus === null ? "a synthetic plant" : `${files} Ethernet captures of the corpus`;
  return { path, packets, bytes, what: times === 1 ? source : `${source}, ${times} times over` };
}

const host = (number: number): Host => ({
  mac: `02:00:00:00:${(number >> 8).toString(16).padStart(2, "0")}:${(number & 255).toString(16).padStart(2, "0")}`,
  address: `10.0.${number >> 8}.${number & 255}`,
});

/** Two hundred controllers polled by eight masters, name look-ups and ARP beside them. */
function* plant(): Generator<Timed> {
  for (let server = 0; server < 200; server++) {
    const ends = { client: host(server % 8), server: host(256 + server), serverPort: 502, time: START + server * 137 };
    const messages = Array.from({ length: 600 }, (_, i) => [
      { from: "client" as const, bytes: modbus(i, [3, 0, (i * 10) & 0xff, 0, 10]), after: 99_000 },
      { from: "server" as const, bytes: modbus(i, [3, 20, ...Array.from({ length: 20 }, (_, k) => (i * k) & 0xff)]) },
    ]).flat();
    yield* tcpConversation({ ...ends, step: 700 }, messages, { acknowledge: true });
    yield { time: START + server * 1_000, frame: arp(1, ends.client, ends.server) };
    yield { time: START + server * 1_000 + 200, frame: arp(2, ends.server, ends.client) };
    const name = [4, ...Buffer.from(`plc${server % 10}`), 5, ...Buffer.from("plant"), 0, 0, 1, 0, 1];
    const question = Uint8Array.from([0, server, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...name]);
    yield* udpConversation({ client: ends.server, server: host(9), serverPort: 53, time: START + server * 500_000 }, [
      { from: "client", bytes: question },
    ]);
  }
}

const modbus = (transaction: number, pdu: readonly number[]): Uint8Array =>
  Uint8Array.from([...u16(transaction & 0xffff), 0, 0, ...u16(pdu.length + 1), 1, ...pdu]);
